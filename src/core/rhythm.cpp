#include "rhythm.hpp"

#include <bit>

namespace health {

std::int64_t days_without_weekends(std::uint8_t weekend, const Span& span) {
  const std::int64_t days = span.to - span.from;
  if (days <= 0) return 0;
  constexpr std::int64_t kDaysOfWeek = 7, kFirstWeekday = 3;  // 1970-01-01 was a Thursday
  const std::int64_t off = std::popcount(weekend);
  std::int64_t working = days / kDaysOfWeek * (kDaysOfWeek - off);
  for (std::int64_t day = span.to - days % kDaysOfWeek; day < span.to; ++day) {
    const std::int64_t weekday = ((day + kFirstWeekday) % kDaysOfWeek + kDaysOfWeek) % kDaysOfWeek;
    working += (weekend >> weekday & 1) == 0 ? 1 : 0;
  }
  return working;
}

}  // namespace health
