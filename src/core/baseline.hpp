// The raw score that earns 100: a percentile of a population's raw scores, or a number frozen in the model.
#pragma once

#include <optional>
#include <span>

#include "model.hpp"

namespace health {

// Empty where no account is eligible and the model freezes none.
using Baseline = std::optional<double>;
inline bool degenerate(Baseline baseline) { return !baseline || *baseline <= 0; }

// The options of a model that its baseline depends on.
struct BaselineTerms {
  double percentile;
  Counted population;
  double frozen;  // kNone: not in the model
};
inline BaselineTerms baseline_terms(const Model& model) { return {model.percentile, model.population, model.baseline}; }

// Whether an account of that raw score is one of the population.
inline bool eligible(double raw, const BaselineTerms& terms) { return terms.population == Counted::all || raw > 0; }
inline bool eligible(double raw, const Model& model) { return eligible(raw, baseline_terms(model)); }

// The frozen baseline, or percentile_cont (quantile.hpp) of the eligible raw scores, which are reordered.
Baseline baseline_of(std::span<double> eligible_raws, const BaselineTerms& terms, const Memory* memory);

}  // namespace health
