#include "core/day.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>

namespace health {
namespace {

constexpr std::int64_t kDayMicroseconds = 86'400'000'000;

bool parses(const char* text, Day* day) { return parse_date(text, static_cast<unsigned>(std::strlen(text)), day); }

TEST(Day, MidnightBelongsToTheNewDay) {
  EXPECT_EQ(day_of_microseconds(0), 0);
  EXPECT_EQ(day_of_microseconds(kDayMicroseconds - 1), 0);
  EXPECT_EQ(day_of_microseconds(kDayMicroseconds), 1);
}

TEST(Day, RoundsTowardsThePastBefore1970) {
  EXPECT_EQ(day_of_microseconds(-1), -1);
  EXPECT_EQ(day_of_microseconds(-kDayMicroseconds), -1);
  EXPECT_EQ(day_of_microseconds(-kDayMicroseconds - 1), -2);
}

TEST(Day, DatesOfTheFirstAndTheLastDay) {
  const CivilDate first = civil_date(kFirstDay), last = civil_date(kLastDay);
  EXPECT_EQ(first.year, 1970);
  EXPECT_EQ(first.month, 1);
  EXPECT_EQ(first.day, 1);
  EXPECT_EQ(last.year, 2199);
  EXPECT_EQ(last.month, 12);
  EXPECT_EQ(last.day, 31);
}

TEST(Day, EveryDayIsReadBackFromItsDate) {
  for (Day day = kFirstDay; day <= kLastDay; ++day) {
    const CivilDate date = civil_date(day);
    char text[40];
    std::snprintf(text, sizeof text, "%04d-%02d-%02d", date.year, date.month, date.day);
    Day back = -1;
    ASSERT_TRUE(parses(text, &back)) << text;
    ASSERT_EQ(back, day) << text;
  }
}

TEST(Day, DatesOfAnyDayForMessages) {
  const auto text = [](Day day) { return std::string(DateText(day).text); };
  EXPECT_EQ(text(0), "1970-01-01");
  EXPECT_EQ(text(kLastDay + 1), "2200-01-01");
  EXPECT_EQ(text(-25'567), "1900-01-01");
  EXPECT_EQ(text(2'932'896), "9999-12-31");
  EXPECT_EQ(text(-719'162), "0001-01-01");
  EXPECT_EQ(text(-719'163), "0001-12-31 BC");
  EXPECT_EQ(text(-2'440'588), "4714-11-24 BC");
  EXPECT_EQ(text(106'751'991), "294247-01-10");
  EXPECT_EQ(text(INT32_MAX), "5881580-07-11");
  EXPECT_EQ(text(INT32_MIN), "5877642-06-23 BC");
  for (Day day = -1'000'000; day < 4'000'000; day += 9973) {
    Day back = 0;
    const std::string date = text(day);
    if (day > -719'163 && day < 2'932'897) {
      ASSERT_TRUE(parses(date.c_str(), &back) && back == day) << date;
    }
  }
}

TEST(Day, ReadsDatesStrictly) {
  Day day = -1;
  EXPECT_TRUE(parses("2024-02-29", &day));
  EXPECT_EQ(day, 19782);
  for (const char* text : {"2023-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "2024-4-30", "2024/04/30",
                           "2024-04-30 ", "+024-04-30", "2024-04-3x", ""})
    EXPECT_FALSE(parses(text, &day)) << text;
}

}  // namespace
}  // namespace health
