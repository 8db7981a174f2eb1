#include "peers.hpp"

#include <algorithm>
#include <cmath>

#include "interrupt.hpp"

namespace health {

Measured Observation::pct() const {
  if (!recent_known || !prior_known || prior_value <= 0) return {false, 0};
  const double pct = 100 * (recent_value - prior_value) / prior_value;
  return {std::isfinite(pct), pct};
}

namespace {

void set_days(const DayRange& days, std::int64_t as_of, Observation* result) {
  result->seen = days.any;
  if (!days.any) return;
  result->first = days.first;
  result->days_inactive = static_cast<std::int32_t>(as_of - 1 - days.last);
}

void observe_gauge(const Ledger& ledger, const Model& model, std::int32_t signal, std::int64_t as_of, AccountSize size,
                   Observation* result) {
  const Signal& option = model.signals[static_cast<std::size_t>(signal)];
  Measured recent{};
  if (option.measure == Measure::distinct) {
    const std::int32_t members = ledger.distinct(signal, option.min_days, window_of(option, as_of));
    recent = value_of_members(option, members, size);
    result->count = members;
  } else {
    recent = in_force(ledger, model, signal, as_of, size);
    const Span window = window_of(option, as_of);
    for (const Cell& cell : ledger.cells(signal)) result->count += window.contains(cell.day) ? cell.count : 0;
  }
  const Measured prior = in_force(ledger, model, signal, as_of - model.trend_days, size);
  result->recent_known = recent.known;
  result->recent_value = result->value = recent.value;
  result->prior_known = prior.known;
  result->prior_value = prior.value;
  set_days(ledger.days_of(signal, as_of), as_of, result);
}

// One walk, the newest day first.
void observe_usage(std::span<const Cell> cells, const Model& model, const Signal& signal, std::int64_t as_of,
                   Observation* result) {
  result->recent_known = result->prior_known = true;
  auto cell = cells.rbegin();
  while (cell != cells.rend() && cell->day >= as_of) ++cell;
  if (cell == cells.rend()) return;
  set_days({true, cells.front().day, cell->day}, as_of, result);
  const std::int64_t recent_from = as_of - model.trend_days, prior_from = recent_from - model.trend_days;
  const std::int64_t window_from = as_of - signal.window_days;
  const std::int64_t active_from = std::int64_t{cell->day} + 1 - signal.window_days;
  Int128 recent = 0, prior = 0, value = 0;
  for (; cell != cells.rend() && cell->day >= std::min(prior_from, active_from); ++cell) {
    const Micros x = measured(signal, *cell);
    if (cell->day >= recent_from) recent += x;
    else if (cell->day >= prior_from) prior += x;
    if (cell->day >= active_from) ++result->active_days;
    if (cell->day < window_from) continue;
    value += x;
    result->count += signal.measure == Measure::days ? 1 : cell->count;
  }
  result->recent_value = double_of(recent) / 1e6;
  result->prior_value = double_of(prior) / 1e6;
  result->value = double_of(value) / 1e6;
}

}  // namespace

Observation observe(const Ledger& ledger, const Model& model, std::int32_t signal, std::int64_t as_of,
                    AccountSize size) {
  check_interrupt();
  Observation result{};
  const Signal& option = model.signals[static_cast<std::size_t>(signal)];
  if (option.gauge()) observe_gauge(ledger, model, signal, as_of, size, &result);
  else observe_usage(ledger.cells(signal), model, option, as_of, &result);
  return result;
}

Observation unseen(const Signal& signal, AccountSize size) {
  Observation result{};
  result.recent_known = result.prior_known = signal.measure != Measure::last && (!signal.of_size || size.given);
  return result;
}

Peers::Peers(const Model& model, Memory* memory)
    : model_(model), places_(memory), readings_(memory), profiled_(memory) {}

bool Peers::add(std::uint32_t account, std::int32_t signal, const SignalReading& reading) {
  if (!reading.observation.seen && reading.contribution == 0) return false;
  if (places_.empty()) places_.assign(model_.signals.size(), kNowhere);
  std::int32_t& place = places_[static_cast<std::size_t>(signal)];
  if (place == kNowhere) {
    place = static_cast<std::int32_t>(readings_.size());
    readings_.emplace_back(signal, places_.get_allocator().resource());
  }
  readings_[static_cast<std::size_t>(place)].kept.push_back({account, reading});
  return true;
}

const SignalReading* Peers::find(std::uint32_t account, std::int32_t signal) {
  auto* const readings = const_cast<SignalReadings*>(readings_of(signal));
  if (readings == nullptr) return nullptr;
  const Vector<Kept>& kept = readings->kept;
  std::size_t& next = readings->next;
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
  return quantile(*listed, 0.5) + 0.0;
}

Measured median_if_enough(Vector<double>* values, std::int32_t least) {
  if (values->empty() || values->size() < static_cast<std::size_t>(least)) return {false, 0};
  return {true, quantile(*values, 0.5) + 0.0};
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
  check_interrupt();
  Memory* const memory = readings_.get_allocator().resource();
  Vector<double> contributions(memory), recents(memory), days_inactive(memory), pcts(memory);
  Pulse pulse;
  for (const auto& [account, reading] : readings->kept) {
    pulse.beat();
    const Observation& seen = reading.observation;
    if (seen.seen) days_inactive.push_back(seen.days_inactive);
    const Measured pct = seen.pct();
    if (pct.known) pcts.push_back(pct.value);
    if (is_peer[account] == 0) continue;
    contributions.push_back(reading.contribution);
    recents.push_back(seen.recent_value);
  }
  readings->peer.days_inactive = median_if_enough(&days_inactive, model_.min_population);
  readings->peer.pct = median_if_enough(&pcts, model_.min_population);
  if (!known_) return;
  if (model_.signals[static_cast<std::size_t>(readings->signal)].unit == Unit::raw)
    readings->profile = median_with_zeros(&contributions, peers);
  readings->peer.recent = median_with_zeros(&recents, peers);
}

}  // namespace health
