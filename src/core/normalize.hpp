// From raw scores to 0..100, by the curve up to the baseline b. With x = r/b, f(r) = 0 for r <= 0 and else
//   linear       100 min(x, 1)
//   exponential  100 (1 - (1-p)^min(x,1)) / p     the exponential distribution whose p-quantile is b, winsorized there
//   open         100 (1 - (1-p)^x)                the same curve, not capped
#pragma once

#include "baseline.hpp"

namespace health {

// f(raw). Without a baseline: 0. A baseline <= 0: 100 for raw > 0, else 0.
double normalized(double raw, Baseline baseline, const Model& model);

}  // namespace health
