// Rows of a daily table: how many events a signal had on a day, and what their values add up to.
#pragma once

#include <optional>

#include "accumulator.hpp"

namespace health {

struct DailyRow {
  std::string_view name;
  Day day;
  std::int64_t count;                       // events; 0 says nothing
  std::optional<Micros> value;              // sum of the day's values; none: no event had one
  std::optional<std::int64_t> value_count;  // events that had a value; none: all of them, if there is a value
};

// What such a row adds to an activity, if anything. Throws 22003 where a count does not fit, 22023 where the numbers
// contradict each other; both name the signal. The day is checked where the entry is added.
std::optional<Entry> daily_entry(const DailyRow& row);

}  // namespace health
