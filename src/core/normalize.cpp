#include "normalize.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "interrupt.hpp"

namespace health {

double finite(double value, const char* what) {
  if (!std::isfinite(value))
    fail(kOutOfRange, "Filter such rows out, or pass NULL for them.", "%s must be a finite number", what);
  return value + 0.0;
}

double not_negative(double value, const char* what) {
  if (finite(value, what) < 0)
    fail(kInvalidParameter, "Pass how many points, as a positive number.", "%s below 0", what);
  return value + 0.0;
}

double quantile(std::span<double> values, double p) {
  const double rank = static_cast<double>(values.size() - 1) * p;
  const auto below = static_cast<std::size_t>(std::floor(rank));
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(below);
  Pulse pulse;
  std::nth_element(values.begin(), middle, values.end(), pulse.during(std::less<>()));
  const double low = *middle;
  if (static_cast<double>(below) == rank) return low;
  const double high = *std::min_element(middle + 1, values.end());
  const double part = rank - static_cast<double>(below), gap = high - low;
  if (std::isfinite(gap)) return low + part * gap;
  return 2 * (low / 2 + part * (high / 2 - low / 2));  // the same where the gap is no number
}

Baseline baseline_of(std::span<double> eligible_raws, const BaselineTerms& terms) {
  if (terms.frozen != kNone) return {true, terms.frozen};
  if (eligible_raws.empty()) return {false, 0};
  return {true, quantile(eligible_raws, terms.percentile) + 0.0};
}

double normalized(double raw, Baseline baseline, const Model& model) {
  if (raw <= 0 || !baseline.known) return 0;
  if (baseline.value <= 0) return 100;
  const double x = raw / baseline.value;
  const double p = model.percentile;
  if (model.curve != Curve::open && x >= 1) return 100;
  switch (model.curve) {
    case Curve::linear: return raw < 1e300 ? 100 * raw / baseline.value : 100 * x;  // 58 of 100 is 58 to the last bit
    case Curve::exponential: return std::min(100.0, -100 * std::expm1(x * std::log1p(-p)) / p);
    case Curve::open: break;
  }
  return -100 * std::expm1(x * std::log1p(-p));
}

Adjusted adjusted(double e, double praise, double penalty) {
  const double top = std::min(100.0, e + praise);
  return {top, std::max(0.0, top - penalty)};
}

}  // namespace health
