// Facts of one account and one signal of the model: what kinds, peers and sentences are derived from.
#pragma once

#include "raw.hpp"
#include "rhythm.hpp"

namespace health {

// Percent from `before`, which is above 0: exactly -100 where nothing is left, as 100 (0 - x) / x is not for every x.
double change_pct(double now, double before);

// Numbers of one signal, undecayed. `seen`: the account had it before as_of.
struct SignalFacts {
  bool recent_known, prior_known, seen;  // together, to keep the struct small
  // Its silence is out of the ordinary (rhythm.hpp): no gauge, more of it is better.
  bool silent;
  std::int32_t days_inactive;  // where seen: full days without it
  std::uint32_t left;          // events in as many days before the window (set by whoever asks for events_left())
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
// `cells`: ledger.cells(signal).
SignalFacts facts_of(const Ledger& ledger, const Model& model, std::int32_t signal, std::span<const Cell> cells,
                     std::int64_t as_of, AccountSize size);
// The facts of an account that never had the signal.
SignalFacts facts_of_unseen(const Signal& signal, AccountSize size);
// Events (of measure days, days) in as many days before the window; no gauge.
std::uint32_t events_left(std::span<const Cell> cells, const Signal& signal, std::int64_t as_of);

// The member of a prefix with most active days in the trend_days that end with the signal's last day (ties: the shorter
// silence, then the name), if it has a fifth of all members' and fell silent since: for 3 working days, and by its
// rhythm. The name refers to the activity that the ledger was loaded from.
inline constexpr std::int64_t kLeastMemberSilence = 3;
struct SilentMember {
  std::string_view name;  // without the prefix
  std::int32_t days_inactive;
};
std::optional<SilentMember> silent_member(const Ledger& ledger, const Model& model, std::int32_t signal,
                                          std::int64_t as_of);

// What counts and sums are divided by to compare accounts of different sizes: size^size_exponent, 1 without a size.
// Bounded, unlike in scores: nobody's size is beyond 1e150, and a number times or by it stays one.
double compared_size(const Model& model, AccountSize size);
// The same for one signal: 1 where its contribution is not per size.
double compared_size(const Model& model, const Signal& signal, AccountSize size);

// Whether sentences print a number of this signal in percent.
bool printed_as_percent(const Signal& signal);
// A number that a signal measures as sentences print it: rounded to a decimal (a ratio to two), or to whole percent.
double printed_value(const Signal& signal, double value);

}  // namespace health
