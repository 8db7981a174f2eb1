#include "winsorize.hpp"

#include "failure.hpp"

namespace health {

void check_percentiles(const Percentiles& percentiles) {
  const auto [lower, upper] = percentiles;
  if (!(lower >= 0 && lower <= upper && upper <= 1))
    fail(kInvalidParameter, "Use two numbers from 0 to 1, the lower one first, for example 0.05 and 0.95.",
         "invalid percentiles: %g, %g", lower, upper);
}

WinsorLimits winsor_limits(std::span<double> values, const Percentiles& percentiles, const Memory* memory) {
  return {quantile(values, percentiles.lower, memory), quantile(values, percentiles.upper, memory)};
}

}  // namespace health
