#include "quantile.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "interrupt.hpp"

namespace health {

double quantile(std::span<double> values, double p, const Memory* memory) {
  const double rank = static_cast<double>(values.size() - 1) * p;
  const auto below = static_cast<std::size_t>(std::floor(rank));
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(below);
  Pulse pulse(memory);
  std::nth_element(values.begin(), middle, values.end(), pulse.during(std::less<>()));
  const double low = *middle;
  if (static_cast<double>(below) == rank) return low;
  const double high = *std::min_element(middle + 1, values.end());
  const double part = rank - static_cast<double>(below), gap = high - low;
  if (std::isfinite(gap)) return low + part * gap;
  return 2 * (low / 2 + part * (high / 2 - low / 2));  // the same, where high - low overflows
}

}  // namespace health
