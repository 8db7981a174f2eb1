#include "peers.hpp"

#include <algorithm>

#include "interrupt.hpp"

namespace health {

Measured Observation::pct() const {
  if (!recent.known || !prior.known || prior.value <= 0) return {false, 0};
  return {true, 100 * (recent.value - prior.value) / prior.value};
}

Observation observe(const Ledger& ledger, const Model& model, std::int32_t signal, std::int64_t as_of, Size size) {
  check_interrupt();
  Observation result{};
  const Signal& option = model.signals[static_cast<std::size_t>(signal)];
  const std::int64_t before = as_of - model.trend_days;
  if (option.gauge()) {
    result.recent = measure_in(ledger, model, signal, window_before(as_of, model.trend_days), size);
    result.prior = measure_in(ledger, model, signal, window_before(before, model.trend_days), size);
  } else {
    // Both spans in one walk, the newest day first.
    Int128 recent = 0, prior = 0;
    const std::span<const Cell> cells = ledger.cells(signal);
    for (auto cell = cells.rbegin(); cell != cells.rend() && cell->day >= before - model.trend_days; ++cell)
      if (cell->day < as_of) (cell->day >= before ? recent : prior) += measured(option, *cell);
    result.recent = {true, double_of(recent) / 1e6};
    result.prior = {true, double_of(prior) / 1e6};
  }
  const DayRange days = ledger.days_of(signal, as_of);
  result.seen = days.any;
  if (!days.any) return result;
  result.first = days.first;
  result.last = days.last;
  result.days_inactive = static_cast<std::int32_t>(as_of - 1 - days.last);
  return result;
}

void Peers::add(std::uint32_t account, std::int32_t signal, double contribution, const Observation& observation) {
  Collected& collected = collected_[static_cast<std::size_t>(signal)];
  const double recent = observation.recent.known ? observation.recent.value : 0;
  if (contribution != 0 || recent != 0) collected.entries.push_back({account, contribution, recent});
  if (observation.seen) collected.days_inactive.push_back(observation.days_inactive);
  const Measured pct = observation.pct();
  if (pct.known) collected.pct.push_back(pct.value);
}

namespace {

// Median of `count` numbers of which those not listed are 0.
double median_with_zeros(Vector<double>* listed, std::size_t count) {
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
  Vector<double> contributions(collected_.get_allocator()), recents(collected_.get_allocator());
  for (std::size_t i = 0; i < collected_.size(); ++i) {
    check_interrupt();
    Collected& collected = collected_[i];
    PeerSignal signal{};
    signal.days_inactive = median_if_enough(&collected.days_inactive, model_.min_population);
    signal.pct = median_if_enough(&collected.pct, model_.min_population);
    double contribution = 0;
    if (known_) {
      contributions.clear();
      recents.clear();
      for (const Entry& entry : collected.entries) {
        if (is_peer[entry.account] == 0) continue;
        contributions.push_back(entry.contribution);
        recents.push_back(entry.recent);
      }
      if (model_.signals[i].unit == Unit::raw) contribution = median_with_zeros(&contributions, peers);
      signal.recent = median_with_zeros(&recents, peers);
    }
    profile_.push_back(contribution);
    raw_ = finite(raw_ + contribution, "raw score of the peers");
    signals_.push_back(signal);
  }
  collected_.clear();
  collected_.shrink_to_fit();
}

}  // namespace health
