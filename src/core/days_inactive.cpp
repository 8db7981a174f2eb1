#include "days_inactive.hpp"

#include <algorithm>

#include "patterns.hpp"

namespace health {

std::optional<DayRange> joined(const std::optional<DayRange>& a, const DayRange& b) {
  return a ? DayRange{std::min(a->first, b.first), std::max(a->last, b.last)} : b;
}

std::optional<DayRange> day_range(Bytes activity, std::int64_t before, std::optional<std::string_view> pattern,
                                  Memory* memory) {
  ActivityReader reader(activity, memory);
  std::optional<DayRange> range;
  while (reader.next_signal()) {
    if (pattern && !name_matches(reader.name(), *pattern)) continue;
    for (Cell cell; reader.next_cell(&cell) && cell.day < before;) range = joined(range, {cell.day, cell.day});
  }
  return range;
}

}  // namespace health
