// Composite scores: the weighted mean of measures, with those that are missing left out.
#pragma once

#include <cstddef>
#include <cstdint>

#include "decimal.hpp"
#include "failure.hpp"

namespace health {

// Exact sums, so that neither order nor partition of the rows shows in the result. Scores are rounded to 1e-12 and
// weights to 1e-6 before they are added.
struct Composite {
  Int128 weighted;     // sum of score * weight, in 1e-18
  Int128 scored, all;  // weights of the rows with a score, and of all rows, in 1e-6

  // Throws 22003 on NaN, infinity or a score beyond 1e9 in size, 22023 on a weight below 0 or above 1e9.
  void add(bool has_score, double score, double weight);
  void add(const Composite& other);
  bool has_mean() const { return scored > 0; }
  // Rounded to 1e-12 while exact, so that the mean of equal scores is that score.
  double mean() const {
    const Int128 half = weighted < 0 ? -scored / 2 : scored / 2;
    return static_cast<double>((weighted + half) / scored) / 1e12;
  }
  bool has_coverage() const { return all > 0; }
  double coverage() const { return static_cast<double>(scored) / static_cast<double>(all); }
};

// The sums as they travel, also to other servers: in their order, each with its lowest byte first, on every machine.
inline constexpr std::size_t kCompositeBytes = 48;
void write_composite(const Composite& composite, std::uint8_t* out);
Composite read_composite(const std::uint8_t* bytes);

}  // namespace health
