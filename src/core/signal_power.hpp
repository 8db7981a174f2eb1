// What each signal of a model says of churn by itself: what an analyst reads before touching a weight.
#pragma once

#include "auc.hpp"
#include "json.hpp"
#include "raw.hpp"

namespace health {

// The accounts in the order of one signal: of its measure over its window, undecayed and not per size; of a gauge, its
// value in force.
struct SignalOutcomes {
  explicit SignalOutcomes(Memory* memory) : values(memory) {}
  Vector<Outcome> values;  // of the accounts that had it: with events in the window, or with a value
  ChurnCount zero{};       // of those that did not, where that is a value of 0; without a reading there is none
};

class SignalPower {
 public:
  SignalPower(const Model& model, Memory* memory);
  // One account at a date, and whether it churned thereafter.
  void add(Bytes activity, std::int64_t as_of, bool churned);

  // [{"signal": "login", "label": "Logins", "weight": 1, "accounts": 280, "coverage": 0.933333, "auc": 0.71,
  //   "auc_low": 0.64, "auc_high": 0.78, "churn_rate_with": 0.1, "churn_rate_without": 0.4, "direction": "positive"},
  //  ...]: the most telling first, by the distance of the AUC from 0.5, then by name. coverage: share of the accounts
  //  that
  // had it. auc: chance that an account that was kept had more of it than one that churned. direction: positive where
  // its interval lies above 0.5, negative below, else unclear. What nobody knows is left out.
  void write(JsonWriter* out) const;

 private:
  struct Row;
  Row row_of(std::size_t signal, Memory* memory) const;

  const Model& model_;
  Ledger ledger_;
  ChurnCount total_{};
  Vector<SignalOutcomes> signals_;  // as in the model
};

}  // namespace health
