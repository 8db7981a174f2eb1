#include "core/slope.hpp"

#include <algorithm>

#include "support.hpp"

namespace health {
namespace {

TEST(Slope, IsTheMedianOfAllPairs) {
  Random random(5);
  for (int round = 0; round < 300; ++round) {
    std::vector<DatedScore> readings;
    for (auto left = random.between(0, 25); left > 0; --left)
      readings.push_back({static_cast<Day>(random.between(0, 40)), random.one_in(3) ? 50 : random.real(0, 100)});
    std::vector<double> slopes;
    for (const DatedScore& a : readings)
      for (const DatedScore& b : readings)
        if (a.day < b.day) slopes.push_back((b.score - a.score) / (b.day - a.day));
    std::sort(slopes.begin(), slopes.end());
    const std::optional<double> slope = slope_of(readings, heap());
    ASSERT_EQ(slope.has_value(), !slopes.empty());
    if (slopes.empty()) continue;
    const std::size_t n = slopes.size();
    ASSERT_NEAR(*slope, 7 * (slopes[(n - 1) / 2] + slopes[n / 2]) / 2, 1e-9);
    random.shuffle(&readings);
    ASSERT_EQ(slope_of(readings, heap()), slope) << "any order, same bits";
  }
}

TEST(Slope, HasALimit) {
  std::vector<DatedScore> readings;
  for (Day day = 0; day < static_cast<Day>(kMaxReadings); ++day) readings.push_back({day, 100.0 - day / 100.0});
  if (!kSanitized) {  // 8 million pairs take seconds under sanitizers
    EXPECT_NEAR(*slope_of(readings, heap()), -0.07, 1e-12);
  }
  readings.push_back({9000, 0});
  expect_failure("54000", "slope of more than 4096 readings", [&] { slope_of(readings, heap()); });
}

TEST(Slope, IsFinite) {
  const std::vector<DatedScore> readings = {{1, 1e308}, {2, -1e308}};
  expect_failure("22003", "slope must be a finite number", [&] { slope_of(readings, heap()); });
  // Over 35 days the fall is one that a double holds.
  const std::vector<DatedScore> slower = {{1, 1e308}, {36, -1e308}};
  EXPECT_DOUBLE_EQ(*slope_of(slower, heap()), -4e307);
}

}  // namespace
}  // namespace health
