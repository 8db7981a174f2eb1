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

// A population of accounts scored together: one partition of health_score.
//
// Use: add_account for every row; evaluate_account for every row that has an activity, each once, those without a size
// after all sizes are there; then close(). After that score() answers for any row, without the activities.
// Memory: 104 bytes an account.
class AccountScores {
 public:
  struct Account {
    bool known, size_missing;  // known: it has an activity
    AccountTerms terms;
    Evaluation now;
  };
  static_assert(sizeof(Account) == 104);  // as documented

  // Throws 22023 when the model has no signals.
  AccountScores(const Model& model, std::int64_t as_of, Memory* memory);
  AccountScores(const AccountScores&) = delete;

  void reserve(std::size_t accounts) { accounts_.reserve(accounts); }
  // `known`: false for a row without an activity. It is no part of the population, as little as an account that has not
  // begun or is younger than min_tenure_days.
  void add_account(bool known, const AccountTerms& terms) { accounts_.push_back({known, false, terms, {}}); }
  void evaluate_account(std::size_t account, Bytes activity);
  void close();

  // Whether it has an activity, and a score.
  bool known(std::size_t account) const { return accounts_[account].known; }
  bool scored(std::size_t account) const {
    const Account& each = accounts_[account];
    return each.known && started(each.terms, as_of_) && has_score(each.now, model_);
  }
  double score(std::size_t account) const { return score_of(accounts_[account].now, baseline_, model_); }

  // It came with a size.
  bool sized(std::size_t account) const {
    const Account& each = accounts_[account];
    return each.terms.size && !each.size_missing;
  }

 private:
  void fill_missing_sizes();

  const Model& model_;
  std::int64_t as_of_;
  bool sizes_filled_ = false;
  Vector<Account> accounts_;
  Ledger ledger_;
  Baseline baseline_;
};

}  // namespace health
