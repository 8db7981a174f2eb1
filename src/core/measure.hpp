// What one signal amounts to over a span of days, undecayed.
#pragma once

#include <optional>

#include "activity.hpp"

namespace health {

enum class Measure : std::uint8_t {
  count,     // events
  days,      // days with activity
  sum,       // of the values
  last,      // mean of the values of the latest day that has one
  mean,      // of all values
  distinct,  // signals with a prefix that were active
  recency,   // 1 where it was there on the last day, 0 where not in the span, and in between
  ratio,     // of the events, or of the sums of values, to those of another signal
  trend      // of the events against those in as many days before: -1 to 1
};
// Whether it is a value in force, and not something that adds up.
constexpr bool is_gauge(Measure measure) { return measure >= Measure::last; }
// A gauge that somebody has to read: without a reading it has no value.
constexpr bool is_reading(Measure measure) { return measure == Measure::last || measure == Measure::mean; }
// Whether a signal without any activity in the span may have a value, which is 0.
constexpr bool zero_without_activity(Measure measure) { return !is_reading(measure) && measure != Measure::trend; }
// Whether the account must do something for it: a reading is there without.
constexpr bool shows_presence(Measure measure) {
  return !is_gauge(measure) || measure == Measure::distinct || measure == Measure::recency;
}
std::optional<Measure> measure_of_name(std::string_view name);

// Sums over cells of one signal.
struct CellSums {
  std::int64_t count = 0;   // events
  std::int64_t values = 0;  // events that had a value
  Int128 sum = 0;           // of the values, in millionths
  void add(const Cell& cell) {
    count += cell.count;
    values += cell.value_count;
    sum += cell.value;
  }
};
// Empty without a value.
std::optional<double> mean_of(const CellSums& sums);
// `last`: the last day with activity before the end of the span, if there is one.
double recency_of(std::optional<std::int64_t> last, const Span& span);
// Of sums of values where `values`, else of events. Empty where that of `whole` is 0.
std::optional<double> ratio_of(const CellSums& part, const CellSums& whole, bool values);
// Empty where there were fewer than 5 events before.
std::optional<double> trend_of(std::int64_t recent, std::int64_t prior);
// As many days before the span.
constexpr Span span_before(const Span& span) { return {2 * span.from - span.to, span.from}; }

// `pattern`: a signal name, or for distinct a prefix that ends in *; any other combination is 22023, and so is ratio.
// Empty where there is no value.
std::optional<double> measure_signal(Bytes activity, std::string_view pattern, Span span, Measure measure,
                                     Memory* memory);

}  // namespace health
