#include "cells.hpp"

#include <algorithm>

namespace health {

void check_signal_name(std::string_view name) {
  if (name.empty()) fail(kInvalidParameter, "Leave the row out, or pass NULL to skip it.", "signal name is empty");
  if (name.size() > kMaxSignalBytes)
    fail(kInvalidParameter, "A signal name has at most 255 bytes.", "signal name is too long: \"%.*s...\" (%zu bytes)",
         shown(name), name.data(), name.size());
}

void check_event_day(std::string_view name, Day day) {
  if (day < kFirstDay || day > kLastDay)
    fail(kDateOutOfRange,
         "Activities hold the days 1970-01-01 to 2199-12-31. Filter other rows out, or pass NULL for the time to skip "
         "them.",
         "signal \"%.*s\": date out of range: %s", shown(name), name.data(), DateText(day).text);
}

void fail_count(std::string_view name) {
  fail(kOutOfRange, "A signal holds at most 2147483647 events a day.", "signal \"%.*s\": count out of range",
       shown(name), name.data());
}

Cell cell_of_sum(std::string_view name, Day day, std::uint32_t count, std::uint32_t value_count, Int128 sum) {
  const auto value = static_cast<Micros>(sum);
  if (value != sum)
    fail(kOutOfRange, "The values of a signal and day add up to at most 9.2e12 in size.",
         "signal \"%.*s\": sum of values out of range", shown(name), name.data());
  return {day, count, value_count, value};
}

void add_cell(std::string_view name, Cell* cell, const Cell& more) {
  if (more.count > kMaxCount - std::min(cell->count, kMaxCount)) fail_count(name);
  *cell = cell_of_sum(name, cell->day, cell->count + more.count, cell->value_count + more.value_count,
                      Int128{cell->value} + more.value);
}

}  // namespace health
