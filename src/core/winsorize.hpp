// Values clamped to two percentiles of their population.
#pragma once

#include <algorithm>
#include <span>

#include "quantile.hpp"

namespace health {

struct Percentiles {
  double lower, upper;
  bool operator==(const Percentiles&) const = default;
};
// Throws 22023 unless 0 <= lower <= upper <= 1.
void check_percentiles(const Percentiles& percentiles);

struct WinsorLimits {
  double lower, upper;
  double clamp(double x) const { return std::clamp(x, lower, upper) + 0.0; }
};
// The two percentiles of the values, at least one; reorders them.
WinsorLimits winsor_limits(std::span<double> values, const Percentiles& percentiles, const Memory* memory);

}  // namespace health
