// Theil-Sen slope: the median of the slopes between all pairs of readings of different days. One outlier moves it
// little.
#pragma once

#include <optional>
#include <span>

#include "day.hpp"
#include "memory.hpp"

namespace health {

struct DatedScore {
  Day day;
  double score;
};
inline constexpr std::size_t kMaxReadings = 4096;  // pairs grow with the square: 8.4 million, 67 MB
// Throws 54000 where a reading more would pass kMaxReadings.
void check_readings(std::size_t readings);

// Points a week; nothing with fewer than two days. Throws 54000 beyond kMaxReadings, 22003 where it is infinite.
std::optional<double> slope_of(std::span<const DatedScore> readings, Memory* memory);

}  // namespace health
