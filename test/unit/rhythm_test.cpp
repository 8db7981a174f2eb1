// Rhythm and silence, with and without weekends.
#include "core/rhythm.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace health {
namespace {

constexpr std::uint8_t kSaturdayAndSunday = 0b1100000;
constexpr Day kMonday = 4;  // 1970-01-05

Rhythm rhythm(std::uint8_t weekend, std::int64_t window, const std::vector<Day>& days) {
  return rhythm_of(weekend, window, days.size(), [&](std::size_t i) { return days[i]; });
}

TEST(Rhythm, WorkingDaysAreCountedAsOneByOne) {
  for (const std::uint8_t weekend : {std::uint8_t{0}, kSaturdayAndSunday, std::uint8_t{0b0010000}}) {
    for (Day from = -20; from < 20; ++from) {
      std::int64_t working = 0;
      for (Day to = from; to < from + 30; ++to) {
        EXPECT_EQ(working_days(weekend, {from, to}), working) << from << " " << to;
        const int weekday = ((to - kMonday) % 7 + 7) % 7;
        working += (weekend >> weekday & 1) == 0 ? 1 : 0;
      }
      EXPECT_EQ(working_days(weekend, {from, from - 3}), 0);
    }
  }
}

TEST(Rhythm, OfOneDay) {
  const Rhythm once = rhythm(0, 90, {100});
  EXPECT_EQ(once.every, 1);
  EXPECT_EQ(once.gap, 0);
  EXPECT_EQ(once.active_days, 1);
}

TEST(Rhythm, CountsWorkingDaysOnly) {
  std::vector<Day> weekdays;
  for (Day day = kMonday; day < kMonday + 28; ++day)
    if ((day - kMonday) % 7 < 5) weekdays.push_back(day);
  EXPECT_EQ(rhythm(kSaturdayAndSunday, 90, weekdays).every, 1);
  EXPECT_EQ(rhythm(kSaturdayAndSunday, 90, weekdays).gap, 0);
  EXPECT_EQ(rhythm(0, 90, weekdays).every, 26.0 / 20);
  EXPECT_EQ(rhythm(0, 90, weekdays).gap, 2);
}

TEST(Rhythm, GoesNoFurtherBackThanTheWindow) {
  EXPECT_EQ(rhythm(0, 90, {10, 20, 100}).every, 45);  // two days of [11, 101)
  EXPECT_EQ(rhythm(0, 90, {10, 20, 100}).gap, 79);
  EXPECT_EQ(rhythm(0, 30, {10, 20, 100}).every, 30);
  EXPECT_EQ(rhythm(0, 30, {10, 20, 100}).gap, 29);  // the window begins in it
}

bool silent(std::uint8_t weekend, std::int64_t least, const std::vector<Day>& days, std::int64_t as_of) {
  return is_silent({as_of, 90, least, weekend}, days.size(), [&](std::size_t i) { return days[i]; });
}

TEST(Rhythm, ASilenceIsThreeTimesTheRhythmAndLongerThanAnyBefore) {
  const std::vector<Day> weekly{7, 14, 21, 28, 35, 42};  // 6 of 36 days: every 6 days
  EXPECT_FALSE(silent(0, 7, weekly, 42 + 18));
  EXPECT_TRUE(silent(0, 7, weekly, 42 + 1 + 18));
  EXPECT_TRUE(silent(0, 18, weekly, 42 + 1 + 18));
  EXPECT_FALSE(silent(0, 19, weekly, 42 + 1 + 18));
  const std::vector<Day> holidays{0, 1, 2, 3, 4, 15, 16, 17, 18, 19};
  EXPECT_FALSE(silent(0, 3, holidays, 19 + 1 + 10));
  EXPECT_TRUE(silent(0, 3, holidays, 19 + 1 + 11));
}

TEST(Rhythm, NoSilenceCountsWeekends) {
  const std::vector<Day> weekdays{kMonday, kMonday + 1, kMonday + 2, kMonday + 3, kMonday + 4};
  EXPECT_FALSE(silent(kSaturdayAndSunday, 3, weekdays, kMonday + 9));  // Monday and Tuesday without it
  EXPECT_TRUE(silent(kSaturdayAndSunday, 3, weekdays, kMonday + 10));
  EXPECT_TRUE(silent(0, 3, weekdays, kMonday + 8));
}

}  // namespace
}  // namespace health
