#include "measure.hpp"

#include "active_count.hpp"

namespace health {

std::optional<Measure> measure_of_name(std::string_view name) {
  static constexpr std::string_view kNames[] = {"count", "days", "sum", "last", "distinct"};
  static_assert(std::size(kNames) == static_cast<std::size_t>(Measure::distinct) + 1);
  for (std::size_t i = 0; i < std::size(kNames); ++i)
    if (name == kNames[i]) return static_cast<Measure>(i);
  return std::nullopt;
}

std::optional<double> measure_signal(Bytes activity, std::string_view pattern, Span span, Measure measure,
                                     Memory* memory) {
  const bool prefix = !pattern.empty() && pattern.back() == '*';
  if (measure == Measure::distinct) {
    if (!prefix)
      fail(kInvalidParameter, "Pass a prefix such as 'user:*'.", "measure distinct needs a signal that ends in *");
    const NamePatterns members({&pattern, 1}, memory);
    return active_count(activity, span, 1, &members, memory);
  }
  if (prefix)
    fail(kInvalidParameter, "Name one signal, or pass measure 'distinct'.", "a prefix goes with measure distinct only");
  ActivityReader reader(activity, memory);
  std::int64_t count = 0, days = 0;
  Int128 sum = 0;
  Cell last{};
  while (reader.next_signal()) {
    if (reader.name() != pattern) continue;
    for (Cell cell; reader.next_cell(&cell);) {
      if (!span.contains(cell.day)) continue;
      count += cell.count;
      ++days;
      sum += cell.value;
      if (cell.value_count > 0) last = cell;
    }
  }
  switch (measure) {
    case Measure::count: return static_cast<double>(count);
    case Measure::days: return static_cast<double>(days);
    case Measure::sum: return static_cast<double>(sum) / 1e6;
    case Measure::last:
    case Measure::distinct: break;
  }
  if (last.value_count == 0) return std::nullopt;
  return static_cast<double>(last.value) / 1e6 / last.value_count;
}

}  // namespace health
