#include "peers.hpp"

#include <algorithm>
#include <cmath>

#include "interrupt.hpp"

namespace health {

Peers::Peers(const Model& model, Memory* memory)
    : model_(model), places_(memory), readings_(memory), profiled_(memory) {}

Feed* Peers::add(std::uint32_t account, std::int32_t signal, const SignalReading& reading) {
  if (!reading.facts.seen && reading.contribution == 0 && reading.previous == 0) return nullptr;
  if (places_.empty()) places_.assign(model_.signals.size(), kNowhere);
  std::int32_t& place = places_[static_cast<std::size_t>(signal)];
  if (place == kNowhere) {
    place = static_cast<std::int32_t>(readings_.size());
    readings_.emplace_back(signal, memory_of(places_));
  }
  SignalReadings& readings = readings_[static_cast<std::size_t>(place)];
  readings.kept.push_back({account, reading});
  return &readings.feed;
}

const SignalReading* Peers::find(std::uint32_t account, std::int32_t signal) {
  const std::int32_t place = place_of(signal);
  if (place == kNowhere) return nullptr;
  SignalReadings& readings = readings_[static_cast<std::size_t>(place)];
  const Vector<Kept>& kept = readings.kept;
  std::size_t& next = readings.next;
  if (next > 0 && kept[next - 1].account >= account) next = 0;
  if (next < kept.size() && kept[next].account < account) {
    const auto first = kept.begin() + static_cast<std::ptrdiff_t>(next);
    next = static_cast<std::size_t>(
        std::lower_bound(first, kept.end(), account, [](const Kept& a, std::uint32_t b) { return a.account < b; }) -
        kept.begin());
  }
  return next < kept.size() && kept[next].account == account ? &kept[next++].reading : nullptr;
}

namespace {

// Median of `count` numbers of which those not listed are 0.
double median_with_zeros(Vector<double>* listed, std::size_t count) {
  if (2 * listed->size() < count) return 0;  // zeros stand in the middle
  listed->resize(count, 0.0);
  return quantile(*listed, 0.5, memory_of(*listed)) + 0.0;
}

std::optional<double> median_if_enough(Vector<double>* values, std::int32_t least) {
  if (values->empty() || values->size() < static_cast<std::size_t>(least)) return std::nullopt;
  return quantile(*values, 0.5, memory_of(*values)) + 0.0;
}

}  // namespace

void Peers::close(const Fleet& fleet) {
  known_ = fleet.peers > 0;
  for (const std::int32_t place : places_) {  // in order of the signals
    if (place == kNowhere) continue;
    SignalReadings& readings = readings_[static_cast<std::size_t>(place)];
    close_signal(&readings, fleet);
    any_stopped_ = any_stopped_ || readings.peer.stopped;
    if (readings.profile != 0) profiled_.push_back(readings.signal);
    raw_ = finite(raw_ + readings.profile, "raw score of the peers");
  }
}

void Peers::close_signal(SignalReadings* readings, const Fleet& fleet) {
  Memory* const memory = memory_of(readings_);
  check_interrupt(memory);
  const Signal& signal = model_.signal(readings->signal);
  const bool sized = signal.divided_by_size();
  Vector<double> contributions(memory), recents(memory), days_inactive(memory), pcts(memory);
  Pulse pulse(memory);
  for (const auto& [account, reading] : readings->kept) {
    pulse.beat();
    const SignalFacts& facts = reading.facts;
    if (facts.seen) days_inactive.push_back(facts.days_inactive);
    if (const std::optional<double> pct = facts.pct()) pcts.push_back(*pct);
    if (fleet.is_peer[account] == 0) continue;
    contributions.push_back(reading.contribution);
    recents.push_back(sized ? facts.recent_value / fleet.divisors[account] : facts.recent_value);
  }
  readings->peer.days_inactive = median_if_enough(&days_inactive, model_.min_population);
  readings->peer.pct = median_if_enough(&pcts, model_.min_population);
  readings->peer.stopped = stopped(*readings, fleet);
  if (!known_) return;
  if (signal.unit == Unit::raw) readings->profile = median_with_zeros(&contributions, fleet.peers);
  readings->peer.recent = median_with_zeros(&recents, fleet.peers);
}

// A fifth of the accounts had it in the trend_days that end with its last day, nobody since, and others go on.
std::optional<Day> Peers::stopped(const SignalReadings& readings, const Fleet& fleet) const {
  constexpr std::size_t kLeastShare = 5;
  const Signal& signal = model_.signal(readings.signal);
  if (!signal.usage || fleet.stale || fleet.accounts < static_cast<std::size_t>(model_.min_population))
    return std::nullopt;
  const std::optional<Day> last =
      readings.feed.stopped({fleet.as_of, model_.days_of_window(signal), model_.weekend}, memory_of(readings_));
  if (!last) return std::nullopt;
  const std::int64_t since = fleet.as_of - 1 - *last + model_.trend_days;  // days without it for those who had it then
  const auto had =
      static_cast<std::size_t>(std::count_if(readings.kept.begin(), readings.kept.end(), [&](const Kept& each) {
        return each.reading.facts.seen && each.reading.facts.days_inactive < since;
      }));
  return had * kLeastShare >= fleet.accounts ? std::optional(*last + 1) : std::nullopt;
}

}  // namespace health
