#include "classify.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace health {

namespace {

// Thresholds of the kinds and ranks, in points, percent or events.
constexpr double kFading = -1;
constexpr double kLeastPrior = 5, kLeastPct = 20, kNoise = 2, kLeastShare = 0.1;

bool below_peers(const Driver& driver) { return driver.vs_peers && *driver.vs_peers <= kBelowPeers; }

// Silent for three times the account's usual interval between active days, and for longer than the peers' median.
bool is_inactive(const Situation& situation, const Driver& driver) {
  const Signal& signal = situation.model.signal(driver.signal);
  const SignalFacts& seen = driver.reading->facts;
  if (signal.weight <= 0 || !seen.seen) return false;
  const double window = situation.model.days_of_window(signal);
  if (seen.days_inactive < signal.inactive_days || seen.days_inactive >= 2 * window) return false;
  const std::optional<double>& median = situation.peers.of(driver.signal).days_inactive;
  if (median && *median >= seen.days_inactive) return false;
  return seen.days_inactive >= 3 * window / seen.active_days;
}

// Up or down by more than chance explains; down only if by kLeastPct percentage points more than the peers' median.
Kind up_or_down(const Situation& situation, const Driver& driver) {
  const SignalFacts& seen = driver.reading->facts;
  const std::optional<double> pct = seen.pct();
  const double recent = seen.recent_value, prior = seen.prior_value;
  if (!pct || prior < kLeastPrior || std::fabs(recent - prior) < kNoise * std::sqrt(prior) ||
      std::fabs(*pct) < kLeastPct)
    return Kind::none;
  // More events that cost points are not called up: an earlier burst is leaving the window (Kind::fading).
  if (*pct > 0) return driver.change && *driver.change <= kFading ? Kind::none : Kind::up;
  if (driver.change && *driver.change > 0) return Kind::none;
  const std::optional<double>& median = situation.peers.of(driver.signal).pct;
  return !median || *pct <= *median - kLeastPct ? Kind::down : Kind::none;
}

// Of a gauge, and of what has a scale.
Kind classify_value(const Situation& situation, const Driver& driver) {
  const Signal& signal = situation.model.signal(driver.signal);
  const SignalFacts& seen = driver.reading->facts;
  const std::optional<double> value = seen.recent();
  if (!value) return seen.prior_known ? Kind::expired : Kind::none;
  if (signal.set_score) return Kind::overridden;
  if (signal.unit == Unit::share) return Kind::none;  // there is no neutral value
  const double above = signal.scale.given() ? driver.reading->contribution : *value - signal.neutral;
  return above == 0 ? Kind::none : above < 0 ? Kind::low : Kind::high;
}

Kind classify_usage(const Situation& situation, const Driver& driver) {
  if (driver.reading->contribution < 0) return Kind::risk;
  if (is_inactive(situation, driver)) return Kind::inactive;
  const Kind moved = up_or_down(situation, driver);
  if (moved != Kind::none) return moved;
  const SignalFacts& seen = driver.reading->facts;
  const double recent = seen.recent_value, prior = seen.prior_value;
  if (driver.change && *driver.change <= kFading && recent >= prior) return Kind::fading;
  if (recent > 0 && prior == 0 && seen.first >= situation.as_of - situation.model.trend_days) return Kind::fresh;
  return Kind::none;
}

}  // namespace

Kind classify(const Situation& situation, const Driver& driver) {
  const bool by_value = situation.model.signal(driver.signal).by_value();
  const Kind kind = by_value ? classify_value(situation, driver) : classify_usage(situation, driver);
  if (kind != Kind::none) return kind;
  return below_peers(driver) ? Kind::below_peers : Kind::steady;
}

void order_drivers(const Situation& situation, Vector<Driver>* drivers) {
  const auto worst = [](const Driver& driver) {
    return std::min(driver.points, driver.change.value_or(driver.points));
  };
  const auto key = [&](const Driver& driver) {
    switch (driver.rank) {
      case 1: return worst(driver);
      case 2: return driver.reading->contribution - driver.reading->previous;
      case 3: return *driver.vs_peers;
      default: return -driver.points;
    }
  };
  for (Driver& driver : *drivers) {
    const bool falling = driver.kind == Kind::inactive || driver.kind == Kind::down || driver.kind == Kind::fading;
    const double positive = situation.previous_positive.value_or(0);
    const bool mattered = positive > 0 && driver.reading->previous >= kLeastShare * positive;
    driver.rank = 4;
    if (worst(driver) <= kRiskPoints) driver.rank = 1;
    else if (falling && mattered) driver.rank = 2;
    else if (situation.band != best_band(situation.model.bands) && below_peers(driver)) driver.rank = 3;
    driver.key = key(driver);
  }
  // Model signals are in order of their names.
  std::sort(drivers->begin(), drivers->end(), [](const Driver& a, const Driver& b) {
    return std::tie(a.rank, a.key, a.signal) < std::tie(b.rank, b.key, b.signal);
  });
}

}  // namespace health
