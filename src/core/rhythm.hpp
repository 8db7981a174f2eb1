// Rhythm: how often somebody is there, and from when on a silence is out of the ordinary.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "day.hpp"

namespace health {

// Days of a span that are no weekend day; `weekend` has ISO day d (1: Monday) as bit d - 1.
std::int64_t days_without_weekends(std::uint8_t weekend, const Span& span);
inline std::int64_t working_days(std::uint8_t weekend, const Span& span) {
  return weekend == 0 ? std::max<std::int64_t>(0, span.to - span.from) : days_without_weekends(weekend, span);
}

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
struct SilenceTerms {
  std::int64_t as_of, window;
  std::int64_t least;  // working days
  std::uint8_t weekend;
};
// Whether no activity since the last of these days is a silence out of the ordinary: of at least so many working days,
// three times as long as usual and longer than any before. One day has no rhythm: it is of every day.
template <class DayAt>
bool is_silent(const SilenceTerms& terms, std::size_t count, DayAt day) {
  constexpr std::int64_t kTimes = 3;
  const std::int64_t last = day(count - 1), silent = working_days(terms.weekend, {last + 1, terms.as_of});
  if (silent < terms.least) return false;
  // Nearly always this says no: there are no more active days in the window than there are.
  const std::int64_t from = std::max<std::int64_t>(day(0), last - terms.window + 1);
  const std::int64_t days = working_days(terms.weekend, {from, last + 1});
  if (silent * static_cast<std::int64_t>(count) < kTimes * days) return false;
  const Rhythm rhythm = rhythm_of(terms.weekend, terms.window, count, day);
  return static_cast<double>(silent) >= kTimes * rhythm.every && silent > rhythm.gap;
}

}  // namespace health
