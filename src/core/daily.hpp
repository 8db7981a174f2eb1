// Rows of a daily table: how many events a signal had on a day, and what their values add up to.
#pragma once

#include <optional>

#include "accumulator.hpp"

namespace health {

struct DailyRow {
  std::string_view name;
  Day day;
  std::int64_t count;                       // events; a row with 0 is skipped
  std::optional<Micros> value;              // sum of the day's values, in millionths; empty: no event had one
  std::optional<std::int64_t> value_count;  // events that had a value; empty: all of them, if there is a value
};

// What a row adds to an activity; empty for 0 events. Throws 22003 where a count does not fit, 22023 where the numbers
// contradict each other; both name the signal. The day is checked by accumulator_add().
std::optional<Entry> daily_entry(const DailyRow& row);

}  // namespace health
