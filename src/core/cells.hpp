// A cell: what one signal of one account did on one day. What a cell may hold, and how cells are added up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "day.hpp"
#include "decimal.hpp"
#include "failure.hpp"

namespace health {

inline constexpr std::size_t kMaxSignalBytes = 255;        // of a signal's name
inline constexpr std::uint32_t kMaxCount = 2'147'483'647;  // events of a signal and day

struct Cell {
  Day day;
  std::uint32_t count;        // events, >= 1
  std::uint32_t value_count;  // events that had a value, <= count
  Micros value;               // sum of their values, in millionths
};

// Throws unless 1..255 bytes.
void check_signal_name(std::string_view name);
// Throws 22008 unless kFirstDay..kLastDay; the message names the signal.
void check_event_day(std::string_view name, Day day);
// The cell of a sum in millionths kept in 128 bits. Throws 22003 naming the signal when it does not fit.
Cell cell_of_sum(std::string_view name, Day day, std::uint32_t count, std::uint32_t value_count, Int128 sum);
[[noreturn]] void fail_count(std::string_view name);  // 22003: more than kMaxCount events
// Adds `more` to `cell` (same day). Throws 22003 naming the signal when a count or a sum does not fit.
void add_cell(std::string_view name, Cell* cell, const Cell& more);

// A cell together with its signal.
struct LooseCell {
  std::string_view name;
  Cell cell;
};

}  // namespace health
