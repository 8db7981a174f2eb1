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
// The score of an evaluation: e = f(raw) of normalize.hpp against a baseline, adjusted.
double score_of(const Evaluation& evaluation, Baseline baseline, const Model& model);

// A population of accounts scored together: one partition of health_score.
//
// Use: add_account for every row; once all sizes are there evaluate_account for every row that has an activity, in
// their order and each once; then close(). After that score() answers for any row, without the activities.
// Memory: 64 bytes an account.
class AccountScores {
 public:
  struct Account {
    bool known, size_missing;
    AccountSize size;
    Evaluation now;
  };
  static_assert(sizeof(Account) == 64);  // as documented

  // Throws 22023 when the model has no signals.
  AccountScores(const Model& model, std::int64_t as_of, Memory* memory);
  AccountScores(const AccountScores&) = delete;

  void reserve(std::size_t accounts) { accounts_.reserve(accounts); }
  // `known`: false for a row without an activity, which is no part of the population.
  void add_account(bool known, AccountSize size) { accounts_.push_back({known, false, size, {}}); }
  void evaluate_account(std::size_t account, Bytes activity);
  void close() {
    standing_ = standing_over([&](std::size_t i) { return accounts_[i].now.raw; });
  }

  bool known(std::size_t account) const { return accounts_[account].known; }
  double score(std::size_t account) const { return score_of(accounts_[account].now, standing_.baseline, model_); }

  // For AccountReports (report.hpp), which evaluates the accounts itself.
  const Model& model() const { return model_; }
  std::int64_t as_of() const { return as_of_; }
  std::size_t accounts() const { return accounts_.size(); }
  const Account& account(std::size_t account) const { return accounts_[account]; }
  // The account's size; without one, the median of the sizes that others have. Call it once all accounts are added.
  AccountSize counting_size(std::size_t account);
  void set_evaluation(std::size_t account, const Evaluation& now) { accounts_[account].now = now; }
  // Whether an account is one of the population with that raw score.
  bool in_baseline(std::size_t account, double raw) const {
    return accounts_[account].known && !accounts_[account].size_missing && eligible(raw, model_);
  }
  struct Standing {
    Baseline baseline;
    std::int32_t population = 0;  // eligible accounts
    double median = 0;            // of their raw scores
  };
  const Standing& standing() const { return standing_; }  // of the raw scores at as_of
  // The standing of the raw scores that raw_of(account) gives, such as those of an earlier date.
  template <class RawOf>
  Standing standing_over(RawOf raw_of) const {
    Vector<double> raws(accounts_.get_allocator());
    for (std::size_t i = 0; i < accounts_.size(); ++i)
      if (in_baseline(i, raw_of(i))) raws.push_back(raw_of(i));
    return standing_of(&raws);
  }

 private:
  Standing standing_of(Vector<double>* raws) const;
  void fill_missing_sizes();

  const Model& model_;
  std::int64_t as_of_;
  bool sizes_filled_ = false;
  Vector<Account> accounts_;
  Ledger ledger_;
  Standing standing_;
};

}  // namespace health
