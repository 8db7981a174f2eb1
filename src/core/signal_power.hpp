// What each signal of a model says of churn by itself: what an analyst reads before touching a weight.
#pragma once

#include "auc.hpp"
#include "folds.hpp"
#include "json.hpp"
#include "raw.hpp"

namespace health {

// What one signal was in the rows, by its measure over its window, undecayed and not per size; of a gauge, its value in
// force. Most models know signals that most accounts lack: where a signal is 0 without activity, such rows are not
// held.
struct SignalValues {
  struct Value {
    double value;
    std::uint32_t row;
  };
  explicit SignalValues(Memory* memory) : had(memory), unknown(memory) {}
  Vector<Value> had;              // of the rows with events in the window, or with a value
  Vector<std::uint32_t> unknown;  // rows without a value, of a signal that most others without activity have as 0
};

class SignalPower {
 public:
  SignalPower(const Model& model, Memory* memory);
  // One account at a date, and whether it churned thereafter. Memory: 72 bytes a row, and 16 bytes for each signal that
  // it had.
  void add(Bytes activity, Day as_of, bool churned);

  // [{"signal": "login", "label": "Logins", "weight": 1, "observations": 280, "coverage": 0.933333, "auc": 0.71,
  //   "auc_low": 0.64, "auc_high": 0.78, "churn_rate_with": 0.1, "churn_rate_without": 0.4, "direction": "positive"},
  //  ...]: the most telling first, by the distance of the AUC from 0.5, then by name. coverage: share of the accounts
  // that had it. auc: chance that an account that was kept had more of it than one that churned, of all rows; its
  // interval knows which of them are of one account (folds.hpp). direction: positive where it lies above 0.5, negative
  // below, else unclear. What nobody knows is left out.
  void write(JsonWriter* out) const;

 private:
  struct Told;
  Told told_of(std::size_t signal, const Folds& folds, Memory* memory) const;

  const Model& model_;
  Ledger ledger_;
  Vector<FoldRow> rows_;
  Vector<SignalValues> signals_;  // as in the model
};

}  // namespace health
