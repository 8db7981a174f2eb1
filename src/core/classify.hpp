// What kind of a fact a signal is: it fell silent, it is down, ... Which facts are told: telling.hpp.
#pragma once

#include "band.hpp"
#include "kinds.hpp"
#include "population.hpp"
#include "share.hpp"

namespace health {

inline constexpr double kLeastPct = 20;    // percent from which a signal, or usage, is up or down
inline constexpr double kLeastPrior = 5;   // of fewer no percentage is told
inline constexpr double kMovedPoints = 1;  // a change of less is none
inline constexpr double kBelowPeers = -5;  // points from which a signal is below its peers

// What a fact does to the score, where that decides its words.
enum class Role : std::uint8_t {
  plain,
  costs,    // told because it costs
  gains,    // told because the score rose by it
  strength  // told because it helps
};

struct Driver {
  std::int32_t signal;  // index in the model
  Kind kind;
  double points;
  std::optional<double> change, vs_peers;
  const SignalReading* reading;  // of the account
  // How it is told, once that is decided.
  Kind told_as;
  Role role;
  std::string_view sentence;  // set for the drivers that are shown
};

// One account at one date: what its facts depend on besides its drivers.
struct Situation {
  const Model& model;
  const Population& peers;
  std::int64_t as_of;
  AccountTerms terms;
  std::optional<std::int64_t> age{};         // days since it began; where nobody says, since its first day
  std::optional<std::int64_t> known_days{};  // the same, or since its first day where that came before
  bool judges_feeds = true;                  // the population is of this date
  bool stale = false;                        // nobody's usage is recent
  bool never_active = false;                 // no usage ever
  bool silent = false;                       // by its rhythm
  std::int32_t days_inactive = 0;            // where it ever was active
  std::span<const KeptMember> members{};     // of the account, in order of the signals
  bool has_score_before = false;
  double score = 0, previous_score = 0;
  Band band = 0;
  Evaluation now{}, previous{};
  Baseline baseline{}, previous_baseline{};
  Unowned unowned{};

  // The silent member of a signal; null where there is none.
  const KeptMember* member_of(std::int32_t signal) const {
    const auto at = std::partition_point(members.begin(), members.end(),
                                         [&](const KeptMember& each) { return each.signal < signal; });
    return at != members.end() && at->signal == signal ? &*at : nullptr;
  }
  // Nobody is there: which of the two says so.
  bool absent() const { return silent || never_active; }
  Kind absence() const { return silent ? Kind::silent : Kind::never_active; }
  // A silence, not longer than the account has been there.
  std::int64_t at_most_age(std::int64_t days) const { return age ? std::min(days, *age) : days; }
  // Days in which things are counted, not more than there can have been any.
  std::int64_t at_most_known(std::int64_t days) const { return known_days ? std::min(days, *known_days) : days; }
  // Whether it was there in all of the days that `prior` is about, so that recent and prior compare.
  bool compares() const { return !age || *age >= 2 * std::int64_t{model.trend_days}; }
  bool was_there() const { return !age || *age > model.trend_days; }  // trend_days ago
  // It was seen for the first time in the last trend_days.
  bool is_fresh(const SignalFacts& seen) const { return seen.first >= as_of - model.trend_days; }
  bool young() const { return age && *age < model.min_tenure_days; }
  bool best() const { return band == best_band(model.bands); }
};

// Kind of a driver whose numbers are set: the first that fits, see docs/drivers.md.
Kind classify(const Situation& situation, const Driver& driver);
// Points that a signal costs, before the caps: what the score would be more without it, or the missing points of a
// measure of a scorecard that is below the best band's cut.
double cost_of(const Situation& situation, const Driver& driver);
// A count, days or sum that costs points and not less than before, though recently there was not less of it.
bool is_fading(const Situation& situation, const Driver& driver);
// The measure that came or went and weighs most: of that Kind::coverage tells. Null where there is none.
const Driver* told_of_coverage(const Situation& situation, std::span<const Driver> drivers);

}  // namespace health
