#include "baseline.hpp"

#include "quantile.hpp"

namespace health {

Baseline baseline_of(std::span<double> eligible_raws, const BaselineTerms& terms, const Memory* memory) {
  if (terms.frozen != kNone) return terms.frozen;
  if (eligible_raws.empty()) return std::nullopt;
  return quantile(eligible_raws, terms.percentile, memory) + 0.0;
}

}  // namespace health
