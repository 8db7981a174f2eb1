#include "peers.hpp"

#include <algorithm>
#include <cmath>

#include "interrupt.hpp"

namespace health {

Peers::Peers(const Model& model, Memory* memory)
    : model_(model), places_(memory), readings_(memory), profiled_(memory) {}

bool Peers::add(std::uint32_t account, std::int32_t signal, const SignalReading& reading) {
  if (!reading.facts.seen && reading.contribution == 0 && reading.previous == 0) return false;
  if (places_.empty()) places_.assign(model_.signals.size(), kNowhere);
  std::int32_t& place = places_[static_cast<std::size_t>(signal)];
  if (place == kNowhere) {
    place = static_cast<std::int32_t>(readings_.size());
    readings_.emplace_back(signal, memory_of(places_));
  }
  readings_[static_cast<std::size_t>(place)].kept.push_back({account, reading});
  return true;
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

void Peers::close(std::span<const std::uint8_t> is_peer, std::size_t peers) {
  known_ = peers > 0;
  for (const std::int32_t place : places_) {  // in order of the signals
    if (place == kNowhere) continue;
    SignalReadings& readings = readings_[static_cast<std::size_t>(place)];
    close_signal(&readings, is_peer, peers);
    if (readings.profile != 0) profiled_.push_back(readings.signal);
    raw_ = finite(raw_ + readings.profile, "raw score of the peers");
  }
}

void Peers::close_signal(SignalReadings* readings, std::span<const std::uint8_t> is_peer, std::size_t peers) {
  Memory* const memory = memory_of(readings_);
  check_interrupt(memory);
  Vector<double> contributions(memory), recents(memory), days_inactive(memory), pcts(memory);
  Pulse pulse(memory);
  for (const auto& [account, reading] : readings->kept) {
    pulse.beat();
    const SignalFacts& facts = reading.facts;
    if (facts.seen) days_inactive.push_back(facts.days_inactive);
    if (const std::optional<double> pct = facts.pct()) pcts.push_back(*pct);
    if (is_peer[account] == 0) continue;
    contributions.push_back(reading.contribution);
    recents.push_back(facts.recent_value);
  }
  readings->peer.days_inactive = median_if_enough(&days_inactive, model_.min_population);
  readings->peer.pct = median_if_enough(&pcts, model_.min_population);
  if (!known_) return;
  if (model_.signals[static_cast<std::size_t>(readings->signal)].unit == Unit::raw)
    readings->profile = median_with_zeros(&contributions, peers);
  readings->peer.recent = median_with_zeros(&recents, peers);
}

}  // namespace health
