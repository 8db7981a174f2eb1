// From raw scores to 0..100: the percentile of the population that earns 100, and the curve up to it.
//
// Baseline b = percentile_cont(p) of the eligible raw scores: linear interpolation at rank (n-1)p, the definition of
// PERCENTILE.INC. With x = r/b, f(r) = 0 for r <= 0 and else
//   linear       100 min(x, 1)
//   exponential  100 (1 - (1-p)^min(x,1)) / p     the exponential distribution whose p-quantile is b, winsorized there
//   open         100 (1 - (1-p)^x)                the same curve, not capped
#pragma once

#include "model.hpp"

namespace health {

struct Baseline {
  bool known;  // false: nobody is eligible and none is frozen
  double value;
  bool degenerate() const { return !known || value <= 0; }
};

// What a baseline needs of a model.
struct BaselineTerms {
  double percentile = 0;
  Population population = Population::active;
  double frozen = kNone;
};
inline BaselineTerms baseline_terms(const Model& model) { return {model.percentile, model.population, model.baseline}; }

inline bool eligible(double raw, const BaselineTerms& terms) { return terms.population == Population::all || raw > 0; }
inline bool eligible(double raw, const Model& model) { return eligible(raw, baseline_terms(model)); }
// Throws 22003 on NaN or infinity; -0 becomes 0.
double finite(double value, const char* what);
// Throws 22003 like finite(), and 22023 on a negative number.
double not_negative(double value, const char* what);

// The p-quantile of the values, 0 <= p <= 1; at least one value, none NaN. Reorders them.
double quantile(std::span<double> values, double p);
// The frozen baseline, or that of the eligible raw scores, which are reordered.
Baseline baseline_of(std::span<double> eligible_raws, const BaselineTerms& terms);
inline Baseline baseline_of(std::span<double> eligible_raws, const Model& model) {
  return baseline_of(eligible_raws, baseline_terms(model));
}

// f(raw). Nobody eligible: 0. A baseline <= 0: 100 for raw > 0, else 0.
double normalized(double raw, Baseline baseline, const Model& model);

// Praise is capped first, so that a penalty always bites.
struct Adjusted {
  double top;    // min(100, e + praise)
  double score;  // max(0, top - penalty)
};
Adjusted adjusted(double e, double praise, double penalty);
// The same from one number: positive praises, negative penalizes.
inline Adjusted adjusted(double e, double adjustment) {
  return adjusted(e, adjustment > 0 ? adjustment : 0, adjustment < 0 ? -adjustment : 0);
}

}  // namespace health
