#include "score.hpp"

#include <algorithm>

#include "quantile.hpp"

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

AccountScores::AccountScores(const Model& model, std::int64_t as_of, Memory* memory)
    : model_(model), as_of_(as_of), accounts_(memory), ledger_(memory) {
  model.require_signals();
}

void AccountScores::evaluate_account(std::size_t account, Bytes activity) {
  Account& each = accounts_[account];
  if (!each.terms.size && !sizes_filled_) fill_missing_sizes();
  ledger_.load(activity, model_, model_.scored_days(as_of_));
  each.now = evaluate(&ledger_, model_, as_of_, each.terms, nullptr);
}

void AccountScores::fill_missing_sizes() {
  sizes_filled_ = true;
  Vector<double> sizes(accounts_.get_allocator());
  for (const Account& account : accounts_)
    if (account.known && account.terms.size) sizes.push_back(*account.terms.size);
  if (sizes.empty()) return;
  const double median = quantile(sizes, 0.5, memory_of(sizes));
  for (Account& account : accounts_) {
    if (account.terms.size) continue;
    account.terms.size = median;
    account.size_missing = true;
  }
}

void AccountScores::close() {
  Vector<double> raws(accounts_.get_allocator());
  for (const Account& each : accounts_) {
    const bool counts = each.known && !each.size_missing && settled(each.terms, model_, as_of_);
    if (counts && eligible(each.now.raw, model_)) raws.push_back(each.now.raw);
  }
  baseline_ = baseline_of(raws, baseline_terms(model_), memory_of(raws));
}

}  // namespace health
