// What one signal amounts to over a span of days, undecayed.
#pragma once

#include <optional>

#include "activity.hpp"

namespace health {

enum class Measure : std::uint8_t {
  count,    // events
  days,     // days with activity
  sum,      // of the values
  last,     // mean of the values of the latest day that has one
  distinct  // signals with a prefix that were active
};
// Whether it is a value in force, and not something that adds up.
constexpr bool is_gauge(Measure measure) { return measure >= Measure::last; }
std::optional<Measure> measure_of_name(std::string_view name);
// `pattern`: a signal name, or for distinct a prefix that ends in *; any other combination is 22023. Empty for `last`
// where no day has a value.
std::optional<double> measure_signal(Bytes activity, std::string_view pattern, Span span, Measure measure,
                                     Memory* memory);

}  // namespace health
