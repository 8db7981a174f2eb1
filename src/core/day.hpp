// Days: whole UTC days of 86,400 s, counted from 1970-01-01.
#pragma once

#include <cstdint>

namespace health {

using Day = std::int32_t;                          // days since 1970-01-01; any finite date fits
inline constexpr Day kFirstDay = 0;                // 1970-01-01
inline constexpr Day kLastDay = 84005;             // 2199-12-31
inline constexpr std::int32_t kMaxWindow = 36500;  // longest window, in days

// Day of a moment given in microseconds since 1970-01-01 00:00 UTC; rounds towards the past.
constexpr std::int64_t day_of_microseconds(std::int64_t microseconds) {
  constexpr std::int64_t kDay = 86'400'000'000;
  std::int64_t day = microseconds / kDay;
  return microseconds % kDay < 0 ? day - 1 : day;
}

// Half-open span of days [from, to).
struct Span {
  std::int64_t from, to;
  bool contains(Day day) const { return day >= from && day < to; }
};
inline constexpr Span kAllDays{kFirstDay, std::int64_t{kLastDay} + 1};
// The `days` full days before as_of.
constexpr Span window_before(std::int64_t as_of, std::int64_t days) { return {as_of - days, as_of}; }

struct CivilDate {
  int year, month, day;
};
CivilDate civil_date(Day day);                                 // proleptic Gregorian; years -32767 to 32767
bool parse_date(const char* text, unsigned length, Day* day);  // "YYYY-MM-DD", strictly; false if it is not a date

// The date of any day, for messages: "9999-12-31", "294276-12-31", "4714-11-24 BC".
struct DateText {
  explicit DateText(Day day);
  char text[32];
};

}  // namespace health
