// The facts of one account and one signal of the model, which kinds, peers and sentences go by.
#pragma once

#include "raw.hpp"

namespace health {

// Undecayed.
struct SignalFacts {
  bool recent_known, prior_known, seen;  // together, since a report keeps many of these
  std::int32_t days_inactive;  // where seen: full days without it
  std::int32_t active_days;    // not of gauges, where seen: days with it, in a window that ends with the last one
  Day first;                   // where seen
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
// The same of an account that never had the signal.
SignalFacts facts_of_unseen(const Signal& signal, AccountSize size);

}  // namespace health
