// What a day's activity still counts for once it is some full days old (0: the last one).
//
// None 1; half-life of h days 2^(-age/h); linear over L days max(0, 1 - age/L).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "memory.hpp"

namespace health {

inline constexpr double kNone = std::numeric_limits<double>::infinity();  // an option that is left out

struct DecayTerms {  // at most one of them
  double half_life_days = kNone, linear_days = kNone;
  double at(std::int64_t age) const;
  bool operator==(const DecayTerms&) const = default;
};

// The same as a table that grows with the ages that are asked for, so that a long window costs nothing by itself.
// Memory: 8 bytes an age, with the slack of a growing array; 36,500 of them at most, as long as a window is.
class DecayTable {
 public:
  explicit DecayTable(Memory* memory) : values_(memory) {}
  void set(const DecayTerms& terms) {
    if (terms == terms_) return;
    terms_ = terms;
    values_.clear();
  }
  // Values of the ages 0 .. ages-1, valid until more are asked for; null where the table would have to grow far for
  // them.
  const double* first(std::int64_t ages) const {
    if (ages <= static_cast<std::int64_t>(values_.size())) return values_.data();
    const std::int64_t near = std::max(kNear, 2 * static_cast<std::int64_t>(values_.size()));
    return ages <= std::min(near, kMostAges) ? grown(ages) : nullptr;
  }
  // Of one age.
  double at(std::int64_t age) const {
    const double* const values = first(age + 1);
    return values != nullptr ? values[age] : terms_.at(age);
  }

 private:
  static constexpr std::int64_t kNear = 4096, kMostAges = 36'500;
  const double* grown(std::int64_t ages) const;
  DecayTerms terms_;
  mutable Vector<double> values_;  // what it says does not change by being filled
};

}  // namespace health
