#include "decay.hpp"

#include <cmath>

namespace health {

double DecayTerms::at(std::int64_t age) const {
  const auto days = static_cast<double>(age);
  return half_life_days != kNone ? std::exp2(-days / half_life_days)
         : linear_days != kNone  ? std::max(0.0, 1 - days / linear_days)
                                 : 1;
}

double DecayTerms::total(std::int64_t days) const {
  const auto n = static_cast<double>(days);
  if (half_life_days != kNone) {
    const double rate = -std::log(2.0) / half_life_days;  // the logarithm of a day's decay
    return std::expm1(n * rate) / std::expm1(rate);
  }
  if (linear_days == kNone) return n;
  const double counted = std::min(n, std::ceil(linear_days));  // older days count for nothing
  return counted - counted * (counted - 1) / (2 * linear_days);
}

const double* DecayTable::grown(std::int64_t ages) const {
  constexpr std::size_t kFirstAges = 64;
  const std::size_t wanted = std::min(std::max({static_cast<std::size_t>(ages), 2 * values_.size(), kFirstAges}),
                                      static_cast<std::size_t>(most_));
  values_.reserve(wanted);
  while (values_.size() < wanted) values_.push_back(terms_.at(static_cast<std::int64_t>(values_.size())));
  return values_.data();
}

}  // namespace health
