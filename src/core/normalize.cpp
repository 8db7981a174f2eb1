#include "normalize.hpp"

#include <algorithm>
#include <cmath>

namespace health {

double normalized(double raw, Baseline baseline, const Model& model) {
  if (raw <= 0 || !baseline) return 0;
  if (*baseline <= 0) return 100;
  const double x = raw / *baseline;
  const double p = model.percentile;
  if (model.curve != Curve::open && x >= 1) return 100;
  switch (model.curve) {
    case Curve::linear: return raw < 1e300 ? 100 * raw / *baseline : 100 * x;  // 58 of 100 is exactly 58
    case Curve::exponential: return std::min(100.0, -100 * std::expm1(x * std::log1p(-p)) / p);
    case Curve::open: break;
  }
  return -100 * std::expm1(x * std::log1p(-p));
}

}  // namespace health
