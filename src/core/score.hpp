// Scores of 0 to 100: what a raw score earns within its population, and what praise and penalties do to it.
#pragma once

#include "normalize.hpp"
#include "raw.hpp"

namespace health {

// e in 0..100 with praise and penalty >= 0. Praise is capped at 100 before the penalty is taken off, so that it cannot
// make up for a penalty.
struct Adjusted {
  double top;    // min(100, e + praise)
  double score;  // max(0, top - penalty)
};
Adjusted adjusted(double e, double praise, double penalty);
// adjusted() from one number: praise where it is positive, a penalty where it is negative.
inline Adjusted adjusted(double e, double adjustment) {
  return adjusted(e, adjustment > 0 ? adjustment : 0, adjustment < 0 ? -adjustment : 0);
}
// e, from f(raw) as `usage`: that itself; or the mean of a scorecard's measures that have a value, usage with its
// usage_weight among them. 0 where none has one.
double earned(double usage, const Evaluation& evaluation, const Model& model);
// What the normalized raw score counts in e: 1, or its share of the weights of a scorecard.
double usage_share(const Evaluation& evaluation, const Model& model);
// The sum of the weights of the measures that have a value.
inline double present_weight(const Evaluation& evaluation, const Model& model) {
  return model.usage_weight + evaluation.weights;
}
// Not where a scorecard has no measure.
inline bool has_score(const Evaluation& evaluation, const Model& model) {
  return !model.scorecard() || present_weight(evaluation, model) > 0;
}
// e, adjusted; or what overrides it.
double score_of(const Evaluation& evaluation, Baseline baseline, const Model& model);

// The scores of accounts of one date among themselves, whose evaluations evaluation(i) gives. Only who settled(i) makes
// the baseline.
template <class EvaluationOf, class Settled>
void score_among(const Model& model, EvaluationOf evaluation, Settled settled, std::span<double> scores,
                 Memory* memory) {
  const BaselineTerms terms = baseline_terms(model);
  Vector<double> raws(memory);
  raws.reserve(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (const double raw = evaluation(i).raw; settled(i) && eligible(raw, terms)) raws.push_back(raw);
  const Baseline baseline = baseline_of(raws, terms, memory);
  for (std::size_t i = 0; i < scores.size(); ++i) scores[i] = score_of(evaluation(i), baseline, model);
}

}  // namespace health
