#include "facts.hpp"

#include <algorithm>
#include <cmath>

#include "interrupt.hpp"

namespace health {

std::optional<double> SignalFacts::pct() const {
  if (!recent_known || !prior_known || prior_value <= 0) return std::nullopt;
  const double pct = 100 * (recent_value - prior_value) / prior_value;
  return std::isfinite(pct) ? std::optional(pct) : std::nullopt;
}

namespace {

void set_days(const std::optional<DayRange>& days, std::int64_t as_of, SignalFacts* result) {
  result->seen = days.has_value();
  if (!days) return;
  result->first = days->first;
  result->days_inactive = days_since(*days, as_of);
}

void gauge_facts(const Ledger& ledger, const Model& model, std::int32_t signal, std::int64_t as_of, AccountSize size,
                 SignalFacts* result) {
  const Signal& option = model.signals[static_cast<std::size_t>(signal)];
  std::optional<double> recent;
  if (option.measure == Measure::distinct) {
    const std::int32_t members = ledger.distinct(signal, option.min_days, window_of(option, as_of));
    recent = value_of_members(option, members, size);
    result->count = members;
  } else {
    recent = in_force(ledger, model, signal, as_of, size);
    const Span window = window_of(option, as_of);
    for (const Cell& cell : ledger.cells(signal)) result->count += window.contains(cell.day) ? cell.count : 0;
  }
  const std::optional<double> prior = in_force(ledger, model, signal, as_of - model.trend_days, size);
  result->recent_known = recent.has_value();
  result->recent_value = result->value = recent.value_or(0);
  result->prior_known = prior.has_value();
  result->prior_value = prior.value_or(0);
  set_days(ledger.days_of(signal, as_of), as_of, result);
}

// Walks over the cells once, the newest day first.
void usage_facts(std::span<const Cell> cells, const Model& model, const Signal& signal, std::int64_t as_of,
                 SignalFacts* result) {
  result->recent_known = result->prior_known = true;
  auto cell = cells.rbegin();
  while (cell != cells.rend() && cell->day >= as_of) ++cell;
  if (cell == cells.rend()) return;
  set_days(DayRange{cells.front().day, cell->day}, as_of, result);
  const std::int64_t recent_from = as_of - model.trend_days, prior_from = recent_from - model.trend_days;
  const std::int64_t window_from = as_of - signal.reach();
  const std::int64_t active_from = std::int64_t{cell->day} + 1 - model.days_of_window(signal);
  Int128 recent = 0, prior = 0, value = 0;
  for (; cell != cells.rend() && cell->day >= std::min({prior_from, active_from, window_from}); ++cell) {
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

SignalFacts facts_of(const Ledger& ledger, const Model& model, std::int32_t signal, std::int64_t as_of,
                     AccountSize size) {
  check_interrupt(ledger.memory());
  SignalFacts result{};
  const Signal& option = model.signals[static_cast<std::size_t>(signal)];
  if (option.gauge()) gauge_facts(ledger, model, signal, as_of, size, &result);
  else usage_facts(ledger.cells(signal), model, option, as_of, &result);
  return result;
}

SignalFacts facts_of_unseen(const Signal& signal, AccountSize size) {
  SignalFacts result{};
  result.recent_known = result.prior_known =
      zero_without_activity(signal.measure) && signal.measure != Measure::ratio && (!signal.of_size || size);
  return result;
}

}  // namespace health
