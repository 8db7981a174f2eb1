// Composite scores: the weighted mean of measures, with those that are missing left out.
#pragma once

#include "exact_sum.hpp"
#include "failure.hpp"

namespace health {

// Weights are 0 or 1e-30..1e30, scores up to 1e9 in size. Both count as the doubles they are, to the last bit (of
// scores below 2^-107 in size, to 2^-160), and all sums are exact: neither order nor partition of the rows shows in the
// result, which is the double nearest to the exact mean. So the mean of equal scores is that score, and no mean lies
// outside of its scores.
class Composite {
 public:
  // Throws 22003 on NaN, infinity or a score beyond 1e9 in size, 22023 on another weight.
  void add(bool has_score, double score, double weight);
  // Throws 22003 where the sum of the weights reaches 2^163, more than 2^63 rows add up to.
  void add(const Composite& other);
  bool operator==(const Composite&) const = default;

  bool has_mean() const { return scored_ != Weights{}; }
  double mean() const;
  bool has_coverage() const { return all_ != Weights{}; }
  double coverage() const;

  // The sums as bytes, the same on every machine.
  static constexpr std::size_t kBytes = 1 + (8 + 5 + 5) * sizeof(Limb);
  void write(std::uint8_t* bytes) const;
  // Throws 22P03 on bytes that write() cannot have written.
  static Composite read(std::span<const std::uint8_t> bytes);

 private:
  // 1e30 < 2^100, 1e9 < 2^30, and 1e-30 has its last bit at 2^-152. A sum of the weights of 2^63 rows is below 2^163,
  // one of their products below 2^193 in size; 320 and 512 bits hold more than twice that.
  static constexpr int kWeightPlace = -152, kScorePlace = -160, kMostWeight = 163;
  using Weights = ExactSum<5, kWeightPlace>;
  using Weighted = ExactSum<8, kWeightPlace + kScorePlace>;
  bool possible() const;

  Weighted weighted_{};       // sum of score * weight
  Weights scored_{}, all_{};  // weights of the rows with a score, and of all rows
};

}  // namespace health
