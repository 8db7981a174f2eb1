// Decay: the factor from 0 to 1 by which a day's activity counts at an age in full days (0: the day before as_of).
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
  // The sum of at(0) .. at(days - 1), in closed form.
  double total(std::int64_t days) const;
  bool operator==(const DecayTerms&) const = default;
};

// DecayTerms::at() as a table that grows with the ages asked for, so that a long window alone costs nothing.
// Memory: 8 bytes an age, with the slack of a growing array; at most 36,500 ages, the longest window, or this table's
// part of them.
class DecayTable {
 public:
  explicit DecayTable(Memory* memory) : values_(memory) {}
  const DecayTerms& terms() const { return terms_; }
  // `tables`: how many share the memory of one.
  void set(const DecayTerms& terms, std::size_t tables = 1) {
    most_ = kMostAges / static_cast<std::int64_t>(tables);
    if (terms == terms_) return;
    terms_ = terms;
    values_.clear();
  }
  // Factors of the ages 0 .. ages-1, valid until more are asked for; null where `ages` is beyond the most, or beyond
  // both 4,096 and twice the table: use at().
  const double* first(std::int64_t ages) const {
    if (ages <= static_cast<std::int64_t>(values_.size())) return values_.data();
    const std::int64_t near = std::max(kNear, 2 * static_cast<std::int64_t>(values_.size()));
    return ages <= std::min(near, most_) ? grown(ages) : nullptr;
  }
  // The factor of one age.
  double at(std::int64_t age) const {
    const double* const values = first(age + 1);
    return values != nullptr ? values[age] : terms_.at(age);
  }

 private:
  static constexpr std::int64_t kNear = 4096, kMostAges = 36'500;
  const double* grown(std::int64_t ages) const;
  DecayTerms terms_;
  std::int64_t most_ = kMostAges;
  mutable Vector<double> values_;  // a cache: filling it changes no result
};

}  // namespace health
