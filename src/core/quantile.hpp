// Percentiles by linear interpolation at rank (n-1)p: percentile_cont, the definition of PERCENTILE.INC.
#pragma once

#include <span>

#include "memory.hpp"

namespace health {

// The p-quantile of the values, 0 <= p <= 1; at least one value, none NaN. Reorders them.
double quantile(std::span<double> values, double p, const Memory* memory);

}  // namespace health
