#include "measure.hpp"

#include <algorithm>

#include "active_count.hpp"

namespace health {

std::optional<Measure> measure_of_name(std::string_view name) {
  static constexpr std::string_view kNames[] = {"count",    "days",    "sum",   "last", "mean",
                                                "distinct", "recency", "ratio", "trend"};
  static_assert(std::size(kNames) == static_cast<std::size_t>(Measure::trend) + 1);
  for (std::size_t i = 0; i < std::size(kNames); ++i)
    if (name == kNames[i]) return static_cast<Measure>(i);
  return std::nullopt;
}

std::optional<double> mean_of(const CellSums& sums) {
  if (sums.values == 0) return std::nullopt;
  return double_of(sums.sum) / (1e6 * static_cast<double>(sums.values));
}

double recency_of(std::optional<std::int64_t> last, const Span& span) {
  if (!last) return 0;
  const auto days = static_cast<double>(span.to - span.from);
  return std::max(0.0, (days - static_cast<double>(span.to - 1 - *last)) / days);
}

std::optional<double> ratio_of(const CellSums& part, const CellSums& whole, bool values) {
  const double below = values ? double_of(whole.sum) : static_cast<double>(whole.count);
  if (below == 0) return std::nullopt;
  return (values ? double_of(part.sum) : static_cast<double>(part.count)) / below + 0.0;
}

std::optional<double> trend_of(std::int64_t recent, std::int64_t prior) {
  constexpr std::int64_t kLeastPrior = 5;
  if (prior < kLeastPrior) return std::nullopt;
  return std::min(1.0, static_cast<double>(recent - prior) / static_cast<double>(prior));
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
  if (measure == Measure::ratio)
    fail(kInvalidParameter, "Divide two measures: health_measure(...) / nullif(health_measure(...), 0).",
         "measure ratio needs two signals");
  ActivityReader reader(activity, memory);
  CellSums sums, before;
  std::int64_t days = 0;
  Cell last_valued{};
  std::optional<std::int64_t> last;
  while (reader.next_signal()) {
    if (reader.name() != pattern) continue;
    for (Cell cell; reader.next_cell(&cell);) {
      if (span_before(span).contains(cell.day)) before.add(cell);
      if (!span.contains(cell.day)) continue;
      sums.add(cell);
      ++days;
      last = cell.day;
      if (cell.value_count > 0) last_valued = cell;
    }
  }
  switch (measure) {
    case Measure::count: return static_cast<double>(sums.count);
    case Measure::days: return static_cast<double>(days);
    case Measure::sum: return double_of(sums.sum) / 1e6;
    case Measure::mean: return mean_of(sums);
    case Measure::recency: return recency_of(last, span);
    case Measure::trend: return trend_of(sums.count, before.count);
    case Measure::last:
    case Measure::distinct:
    case Measure::ratio: break;
  }
  CellSums latest;
  latest.add(last_valued);
  return mean_of(latest);
}

}  // namespace health
