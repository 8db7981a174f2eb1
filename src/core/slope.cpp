#include "slope.hpp"

#include <algorithm>
#include <cmath>

#include "decimal.hpp"
#include "failure.hpp"
#include "interrupt.hpp"
#include "quantile.hpp"

namespace health {

void check_readings(std::size_t readings) {
  if (readings >= kMaxReadings)
    fail(kTooLarge, "Take fewer readings, for example one a week.", "slope of more than %zu readings", kMaxReadings);
}

namespace {

// The slope in points a day; infinite where no double holds it.
double slope_between(const DatedScore& a, const DatedScore& b) {
  const double days = b.day - a.day, rise = b.score - a.score;
  return std::isfinite(rise) ? rise / days : 2 * ((b.score / 2 - a.score / 2) / days);
}

}  // namespace

std::optional<double> slope_of(std::span<const DatedScore> readings, Memory* memory) {
  if (readings.size() < 2) return std::nullopt;
  check_readings(readings.size() - 1);
  // Sorted, so that a pair's slope is taken the same way round in any order of the rows.
  Vector<DatedScore> sorted(readings.begin(), readings.end(), memory);
  std::sort(sorted.begin(), sorted.end(), [](const DatedScore& a, const DatedScore& b) {
    return a.day != b.day ? a.day < b.day : a.score < b.score;
  });
  Vector<double> slopes(memory);
  slopes.reserve(sorted.size() * (sorted.size() - 1) / 2);
  for (std::size_t i = 0; i < sorted.size(); ++i, check_interrupt(memory))
    for (std::size_t j = i + 1; j < sorted.size(); ++j)
      if (sorted[j].day != sorted[i].day) slopes.push_back(slope_between(sorted[i], sorted[j]));
  if (slopes.empty()) return std::nullopt;
  return finite(7 * quantile(slopes, 0.5, memory), "slope");
}

}  // namespace health
