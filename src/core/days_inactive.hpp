// First and last day of an activity; days of inactivity are counted from the last one.
#pragma once

#include <optional>

#include "activity.hpp"

namespace health {

struct DayRange {
  Day first, last;
  bool operator==(const DayRange&) const = default;
};
// First and last day with activity before `before`, of the signals that match `pattern` (patterns.hpp) or, without one,
// of all. Nothing where there is no such day.
std::optional<DayRange> day_range(Bytes activity, std::int64_t before, std::optional<std::string_view> pattern,
                                  Memory* memory);
// Full days without activity before as_of, which lies behind all of `range`.
constexpr std::int32_t days_since(const DayRange& range, std::int64_t as_of) {
  return static_cast<std::int32_t>(as_of - 1 - range.last);
}
// The range that holds both, `a` if there is one.
std::optional<DayRange> joined(const std::optional<DayRange>& a, const DayRange& b);

}  // namespace health
