#include "feed.hpp"

#include "rhythm.hpp"

namespace health {

namespace {

constexpr std::int64_t kLeastSilence = 3;  // working days

std::int64_t silence(const FeedTerms& terms, std::int64_t last) {
  return working_days(terms.weekend, {last + 1, terms.as_of});
}

}  // namespace

void Feed::add(const FeedTerms& terms, std::span<const Cell> cells) {
  for (auto cell = cells.rbegin(); cell != cells.rend() && !goes_on_; ++cell) {
    const std::int64_t age = terms.as_of - 1 - cell->day;
    if (age < 0) continue;
    if (age >= terms.window) break;
    goes_on_ = silence(terms, cell->day) < kLeastSilence;
    if (days_.empty()) days_.resize(static_cast<std::size_t>(terms.window));
    days_[static_cast<std::size_t>(age)] = true;
  }
}

void Feed::merge(const Feed& other) {
  goes_on_ = goes_on_ || other.goes_on_;
  if (days_.size() < other.days_.size()) days_.resize(other.days_.size());
  for (std::size_t age = 0; age < other.days_.size(); ++age)
    if (other.days_[age]) days_[age] = true;
}

std::optional<Day> Feed::stopped(const FeedTerms& terms, Memory* memory) const {
  if (goes_on_) return std::nullopt;
  Vector<Day> days(memory);
  for (std::size_t age = days_.size(); age-- > 0;)
    if (days_[age]) days.push_back(static_cast<Day>(terms.as_of - 1 - static_cast<std::int64_t>(age)));
  if (days.empty()) return std::nullopt;
  const Rhythm rhythm = rhythm_of(terms.weekend, terms.window, days.size(), [&](std::size_t i) { return days[i]; });
  return silence(terms, days.back()) > rhythm.gap ? std::optional(days.back()) : std::nullopt;
}

}  // namespace health
