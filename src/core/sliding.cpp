#include "sliding.hpp"

#include <algorithm>

namespace health {

Int128 weight_total(double weight) {
  Micros micros = 0;
  if (!micros_of_double(weight, &micros))
    fail(kOutOfRange, "Weights go up to 9.2e12 in size; pass NULL for a row without a weight.", "invalid weight: %g",
         weight);
  return static_cast<Int128>(micros) * kMicro;
}

SlidingSum::Cell* SlidingSum::cell(Day day) {
  if (day < kFirstDay || day > kLastDay)
    fail(kDateOutOfRange,
         "Sums hold the days 1970-01-01 to 2199-12-31. Filter other rows out, or pass NULL for the time to skip them.",
         "date out of range: %s", DateText(day).text);
  if (days_.empty()) first_ = day;
  if (day < first_) {
    // A row before the first day: make room in front, doubling as a vector does at its end.
    const auto wanted = static_cast<std::size_t>(first_ - day);
    const auto most = static_cast<std::size_t>(first_ - kFirstDay);
    const std::size_t more = std::min(std::max(wanted, days_.size()), most);
    days_.insert(days_.begin(), more, Cell{0, 0, 0});
    first_ -= static_cast<Day>(more);
  }
  const auto index = static_cast<std::size_t>(day - first_);
  if (index >= days_.size()) days_.resize(index + 1, Cell{0, 0, 0});
  return &days_[index];
}

void SlidingSum::add(Day day, Int128 total) {
  if (rows_ == 0) days_.clear();  // an empty frame begins anew at the day of its next row
  Cell* at = cell(day);
  if (__builtin_add_overflow(at->total, total, &at->total))
    fail(kOutOfRange, "Use smaller weights.", "sum of weights out of range");
  at->rounded = static_cast<double>(at->total);
  ++at->rows;
  latest_ = rows_ == 0 ? day : std::max(latest_, day);
  ++rows_;
}

void SlidingSum::remove(Day day, Int128 total) {
  Cell* at = cell(day);
  at->total -= total;
  at->rounded = static_cast<double>(at->total);
  --at->rows;
  --rows_;
  while (rows_ > 0 && days_[static_cast<std::size_t>(latest_ - first_)].rows == 0) --latest_;
}

double SlidingSum::value_at(std::int64_t as_of, std::int32_t window_days, const DecayTable& decay) const {
  const Span window = window_before(as_of, window_days);
  const Span held{std::max<std::int64_t>(window.from, first_),
                  std::min<std::int64_t>(window.to, first_ + static_cast<std::int64_t>(days_.size()))};
  return decayed_totals(decay, as_of, held, [&](std::int64_t day, std::size_t) {
    return days_[static_cast<std::size_t>(day - first_)].rounded;
  })[0];
}

double SlidingSum::value(std::int32_t window_days, const DecayTable& decay) const {
  return value_at(std::int64_t{latest_} + 1, window_days, decay);
}

}  // namespace health
