#include "day.hpp"

#include <chrono>
#include <cstdio>

namespace health {

CivilDate civil_date(Day day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day()))};
}

DateText::DateText(Day day) {
  // The calendar repeats every 400 years: shift the day into the first ones, since chrono's years end at 32767.
  constexpr Day kCycle = 146'097;
  const Day cycles = day / kCycle;
  const CivilDate date = civil_date(day - cycles * kCycle);
  const int year = date.year + 400 * cycles;
  std::snprintf(text, sizeof text, "%04d-%02d-%02d%s", year > 0 ? year : 1 - year, date.month, date.day,
                year > 0 ? "" : " BC");
}

bool parse_date(const char* text, unsigned length, Day* day) {
  if (length != 10 || text[4] != '-' || text[7] != '-') return false;
  int digits[8];
  for (int i = 0, k = 0; i < 10; ++i) {
    if (i == 4 || i == 7) continue;
    if (text[i] < '0' || text[i] > '9') return false;
    digits[k++] = text[i] - '0';
  }
  const std::chrono::year_month_day date{
      std::chrono::year{digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3]},
      std::chrono::month{static_cast<unsigned>(digits[4] * 10 + digits[5])},
      std::chrono::day{static_cast<unsigned>(digits[6] * 10 + digits[7])}};
  if (!date.ok()) return false;
  *day = static_cast<Day>(std::chrono::sys_days{date}.time_since_epoch().count());
  return true;
}

}  // namespace health
