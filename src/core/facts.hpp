// Facts of one account and one signal of the model: what kinds, peers and sentences are derived from.
#pragma once

#include "raw.hpp"

namespace health {

// Numbers of one signal, undecayed. `seen`: the account had it before as_of.
struct SignalFacts {
  bool recent_known, prior_known, seen;  // together, to keep the struct small
  std::int32_t days_inactive;            // where seen: full days without it
  std::int32_t active_days;  // not of gauges, where seen: days with it, in a window that ends with the last such day
  Day first;                 // where seen
  // Over the last trend_days and the trend_days before; of a gauge, in force now and trend_days ago. 0 if not known.
  double recent_value, prior_value;
  double value;        // over the window; of a gauge, in force
  std::int64_t count;  // events in the window; days for measure days, members for distinct
  std::optional<double> recent() const { return recent_known ? std::optional(recent_value) : std::nullopt; }
  std::optional<double> prior() const { return prior_known ? std::optional(prior_value) : std::nullopt; }
  // Percent from prior to recent, where prior > 0 and a double holds it.
  std::optional<double> pct() const;
};
SignalFacts facts_of(const Ledger& ledger, const Model& model, std::int32_t signal, std::int64_t as_of,
                     AccountSize size);
// The facts of an account that never had the signal.
SignalFacts facts_of_unseen(const Signal& signal, AccountSize size);

}  // namespace health
