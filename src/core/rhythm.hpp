// Rhythm: how often somebody is there, and from when on a silence is out of the ordinary.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "day.hpp"

namespace health {

// Days of a span that are no weekend day; `weekend` has ISO day d (1: Monday) as bit d - 1.
std::int64_t working_days(std::uint8_t weekend, const Span& span);

// Over the days that end with the last active one: at most a window of them, and none before the first one ever.
struct Rhythm {
  double every = 1;              // working days for one active day, at least 1
  std::int64_t gap = 0;          // the longest silence, in working days
  std::int64_t active_days = 0;  // of any weekday
};
// `day(i)` gives the i-th of `count` active days before a date, ascending; there is one at least.
template <class DayAt>
Rhythm rhythm_of(std::uint8_t weekend, std::int64_t window, std::size_t count, DayAt day) {
  const std::int64_t last = day(count - 1);
  const std::int64_t from = std::max<std::int64_t>(day(0), last - window + 1);
  Rhythm rhythm;
  std::int64_t next = last;
  for (std::size_t i = count; i-- > 0 && day(i) >= from; next = day(i)) {
    ++rhythm.active_days;
    if (next - day(i) > rhythm.gap + 1) rhythm.gap = std::max(rhythm.gap, working_days(weekend, {day(i) + 1, next}));
  }
  if (next - from > rhythm.gap) rhythm.gap = std::max(rhythm.gap, working_days(weekend, {from, next}));
  const auto days = static_cast<double>(working_days(weekend, {from, last + 1}));
  rhythm.every = std::max(1.0, days / static_cast<double>(rhythm.active_days));
  return rhythm;
}
// Whether no activity since `last` is a silence for this rhythm: of at least `least` working days, three times as long
// as usual and longer than any before.
inline bool is_silence(const Rhythm& rhythm, std::uint8_t weekend, std::int64_t last, std::int64_t as_of,
                       std::int64_t least) {
  const std::int64_t silent = working_days(weekend, {last + 1, as_of});
  return silent >= least && static_cast<double>(silent) >= 3 * rhythm.every && silent > rhythm.gap;
}

}  // namespace health
