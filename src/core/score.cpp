#include "score.hpp"

#include <algorithm>

namespace health {

Adjusted adjusted(double e, double praise, double penalty) {
  const double top = std::min(100.0, e + praise);
  return {top, std::max(0.0, top - penalty)};
}

double earned(double usage, const Evaluation& evaluation, const Model& model) {
  if (!model.scorecard()) return usage;
  const double weights = present_weight(evaluation, model);
  return weights > 0 ? (model.usage_weight * usage + evaluation.measures) / weights : 0;
}

double usage_share(const Evaluation& evaluation, const Model& model) {
  if (!model.scorecard()) return 1;
  const double weights = present_weight(evaluation, model);
  return weights > 0 ? model.usage_weight / weights : 0;
}

double score_of(const Evaluation& evaluation, Baseline baseline, const Model& model) {
  if (evaluation.override_score) return *evaluation.override_score;
  const double usage = normalized(evaluation.raw, baseline, model);
  return adjusted(earned(usage, evaluation, model), evaluation.praise, evaluation.penalty).score;
}

}  // namespace health
