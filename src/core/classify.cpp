#include "classify.hpp"

#include <algorithm>
#include <cmath>

namespace health {

namespace {

constexpr double kNoise = 2;
constexpr std::int64_t kLongestWait = 365;  // days for which an outcome is awaited

// More than chance explains.
bool beyond_chance(const SignalFacts& seen) {
  return std::fabs(seen.recent_value - seen.prior_value) >=
         kNoise * std::sqrt(std::max({seen.recent_value, seen.prior_value, 0.0}));
}

bool is_awaited(const Situation& situation, const Driver& driver) {
  const Signal& signal = situation.model.signal(driver.signal);
  const std::optional<Day>& since = situation.terms.since;
  if (signal.expected_within_days == 0 || !since) return false;
  const std::int64_t waited = situation.as_of - *since;
  if (waited < signal.expected_within_days || waited > kLongestWait) return false;
  return !driver.reading->facts.seen || driver.reading->facts.days_inactive >= waited;
}

bool is_inactive(const Situation& situation, const Driver& driver) {
  const Signal& signal = situation.model.signal(driver.signal);
  const SignalFacts& seen = driver.reading->facts;
  if (!seen.seen || !seen.silent || situation.stale) return false;
  if (situation.at_most_age(seen.days_inactive) < signal.inactive_days) return false;
  // Of usage, where the account has been there since: else its silence is that of the account.
  if (signal.usage && situation.days_inactive >= seen.days_inactive) return false;
  if (seen.days_inactive >= 2 * situation.model.days_of_window(signal)) return false;
  const std::optional<double>& median = situation.peers.of(driver.signal).days_inactive;
  return !median || *median < seen.days_inactive;
}

// Whatever the points did: behaviour.
Kind up_or_down(const Situation& situation, const Driver& driver) {
  const SignalFacts& seen = driver.reading->facts;
  const std::optional<double> pct = seen.pct();
  if (!pct || !situation.compares() || !beyond_chance(seen) || std::fabs(*pct) < kLeastPct) return Kind::none;
  if (*pct > 0) return std::max(seen.prior_value, seen.recent_value) >= kLeastPrior ? Kind::up : Kind::none;
  if (seen.prior_value < kLeastPrior) return Kind::none;
  const std::optional<double>& median = situation.peers.of(driver.signal).pct;
  return !median || *pct <= *median - kLeastPct ? Kind::down : Kind::none;
}

Kind classify_usage(const Situation& situation, const Driver& driver) {
  const Signal& signal = situation.model.signal(driver.signal);
  const SignalFacts& seen = driver.reading->facts;
  if (is_inactive(situation, driver)) return Kind::inactive;
  const Kind moved = up_or_down(situation, driver);
  if (moved != Kind::none) return moved;
  if (seen.seen && situation.is_fresh(seen) && signal.more_is_better()) return Kind::fresh;
  return is_fading(situation, driver) ? Kind::fading : Kind::none;
}

// Its own, and not that of a feed, of a holiday, or of most accounts.
bool is_member_silent(const Situation& situation, const Driver& driver) {
  const KeptMember* const member = situation.member_of(driver.signal);
  if (member == nullptr || situation.stale) return false;
  if (situation.at_most_age(member->days_inactive) < kLeastMemberSilence) return false;
  const std::optional<double>& median = situation.peers.of(driver.signal).days_inactive;
  return (!median || *median < member->days_inactive) && driver.change.value_or(0) > -situation.model.risk_points;
}

Kind classify_gauge(const Situation& situation, const Driver& driver) {
  const Signal& signal = situation.model.signal(driver.signal);
  const SignalFacts& seen = driver.reading->facts;
  if (is_member_silent(situation, driver)) return Kind::member_silent;
  if (!seen.recent_known || !seen.prior_known || !situation.was_there()) return Kind::none;
  // A mean also moves where an old reading leaves the window: that is no news.
  if (signal.measure == Measure::mean && seen.days_inactive >= situation.model.trend_days) return Kind::none;
  const double now = printed_value(signal, seen.recent_value), before = printed_value(signal, seen.prior_value);
  return now < before ? Kind::fell : now > before ? Kind::rose : Kind::none;
}

// Of a gauge that did not move, and of what has a scale.
Kind classify_value(const Situation& situation, const Driver& driver) {
  constexpr double kMiddle = 50;
  const Signal& signal = situation.model.signal(driver.signal);
  const SignalFacts& seen = driver.reading->facts;
  if (!seen.recent_known)
    return seen.prior_known || (is_reading(signal.measure) && seen.seen) ? Kind::expired : Kind::none;
  if (signal.unit == Unit::share) return driver.reading->contribution < kMiddle * signal.w() ? Kind::low : Kind::high;
  const double c = driver.reading->contribution;
  return c < 0 ? Kind::low : c > 0 ? Kind::high : Kind::none;
}

bool is_steady(const SignalFacts& seen) {
  const double moved = std::fabs(seen.recent_value - seen.prior_value);
  return moved == 0 || (100 * moved < kLeastPct * std::fabs(seen.prior_value) && !beyond_chance(seen));
}

}  // namespace

bool is_fading(const Situation& situation, const Driver& driver) {
  const Signal& signal = situation.model.signal(driver.signal);
  if (signal.gauge() || !driver.change || (signal.weight > 0 && !signal.more_is_better())) return false;
  const SignalFacts& seen = driver.reading->facts;
  return *driver.change <= -kMovedPoints && seen.recent_value >= seen.prior_value;
}

const Driver* told_of_coverage(const Situation& situation, std::span<const Driver> drivers) {
  const Model& model = situation.model;
  const double before =
      earned(normalized(situation.previous.raw, situation.previous_baseline, model), situation.previous, model);
  const Driver* largest = nullptr;
  double most = -1;
  for (const Driver& driver : drivers) {
    const Signal& signal = model.signal(driver.signal);
    const SignalFacts& seen = driver.reading->facts;
    if (signal.unit != Unit::share || seen.recent_known == seen.prior_known) continue;
    const double value = seen.recent_known ? driver.reading->contribution : driver.reading->previous;
    const double moved = std::fabs(value - signal.w() * before);
    if (moved > most) largest = &driver;
    most = std::max(most, moved);
  }
  return largest;
}

double cost_of(const Situation& situation, const Driver& driver) {
  const Model& model = situation.model;
  const Signal& signal = model.signal(driver.signal);
  const double c = driver.reading->contribution, weight = signal.w();
  if (signal.unit == Unit::share) {
    const bool below = driver.reading->facts.recent_known && c < model.bands.back().cut * weight;
    return below ? (100 * weight - c) / present_weight(situation.now, model) : 0;
  }
  if (c >= 0) return 0;
  if (signal.unit == Unit::score) return -c;
  const double raw = situation.now.raw;
  return usage_share(situation.now, model) *
         (normalized(raw - c, situation.baseline, model) - normalized(raw, situation.baseline, model));
}

Kind classify(const Situation& situation, const Driver& driver) {
  const Signal& signal = situation.model.signal(driver.signal);
  const SignalFacts& seen = driver.reading->facts;
  const bool gauge = signal.gauge();
  if (situation.judges_feeds && situation.peers.of(driver.signal).stopped) return Kind::no_data;
  const bool penalty = !gauge && (signal.weight < 0 || !signal.scale.given());
  if (penalty && driver.reading->contribution < 0 && seen.count > 0) return Kind::risk;
  if (is_awaited(situation, driver)) return Kind::awaited;
  Kind kind = gauge ? classify_gauge(situation, driver) : classify_usage(situation, driver);
  if (kind == Kind::none && signal.by_value()) kind = classify_value(situation, driver);
  if (kind != Kind::none) return kind;
  if (driver.vs_peers && *driver.vs_peers <= kBelowPeers) return Kind::below_peers;
  return gauge || (is_steady(seen) && situation.compares()) ? Kind::steady : Kind::moved;
}

}  // namespace health
