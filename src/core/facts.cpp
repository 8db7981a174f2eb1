#include "facts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "interrupt.hpp"

namespace health {

double change_pct(double now, double before) { return now == 0 ? -100 : 100 * (now - before) / before; }

std::optional<double> SignalFacts::pct() const {
  if (!recent_known || !prior_known || prior_value <= 0) return std::nullopt;
  const double pct = change_pct(recent_value, prior_value);
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
  const Span window = window_of(option, as_of);
  std::optional<double> recent;
  std::optional<DayRange> days;
  if (option.measure == Measure::distinct) {
    const std::int32_t members = ledger.distinct(signal, option.min_days, window);
    recent = value_of_members(option, members, size);
    result->count = members;
  } else {
    recent = in_force(ledger, model, signal, as_of, size);
    const bool reading = is_reading(option.measure);  // what has no value is none
    for (const Cell& cell : ledger.cells(signal)) {
      const std::uint32_t count = reading ? cell.value_count : cell.count;
      if (count == 0 || cell.day >= as_of) continue;
      days = joined(days, {cell.day, cell.day});
      result->count += window.contains(cell.day) ? count : 0;
    }
  }
  const std::optional<double> prior = in_force(ledger, model, signal, as_of - model.trend_days, size);
  result->recent_known = recent.has_value();
  result->recent_value = result->value = recent.value_or(0);
  result->prior_known = prior.has_value();
  result->prior_value = prior.value_or(0);
  set_days(option.measure == Measure::distinct ? ledger.days_of(signal, as_of) : days, as_of, result);
}

// What was done on some days, and not only what counts: no cap.
struct Done {
  std::int64_t events = 0;  // days for measure days
  Int128 amount = 0;        // what the measure makes of them, in millionths
  Done operator+(const Done& other) const { return {events + other.events, amount + other.amount}; }
  double number() const { return double_of(amount) / 1e6; }
};

Done done_in(const Signal& signal, std::span<const Cell> cells) {
  Done done;
  if (signal.measure == Measure::days) {
    done.events = static_cast<std::int64_t>(cells.size());
  } else {
    for (const Cell& cell : cells) done.events += cell.count;
  }
  if (signal.measure != Measure::sum) {
    done.amount = Int128{done.events} * kMicro;
  } else {
    for (const Cell& cell : cells) done.amount += cell.value;
  }
  return done;
}

void usage_facts(std::span<const Cell> all, const Model& model, const Signal& signal, std::int64_t as_of,
                 SignalFacts* result) {
  result->recent_known = result->prior_known = true;
  const std::span<const Cell> cells = cells_in(all, {kFirstDay, as_of});
  if (cells.empty()) return;
  const Day first = cells.front().day, last = cells.back().day;
  set_days(DayRange{first, last}, as_of, result);
  const bool again = first != last;  // what was there on one day only is not inactive
  result->silent = again && signal.more_is_better() && result->days_inactive >= signal.inactive_days &&
                   is_silent({as_of, model.days_of_window(signal), signal.inactive_days, model.weekend}, cells.size(),
                             [&](std::size_t i) { return cells[i].day; });
  const std::int64_t recent_from = as_of - model.trend_days, prior_from = recent_from - model.trend_days;
  const std::int64_t window_from = as_of - signal.reach();
  std::span<const Cell> older = cells;
  const auto done_from = [&](std::int64_t from) {  // in what the calls before have left
    const std::span<const Cell> days = cells_in(older, {from, as_of});
    older = older.first(older.size() - days.size());
    return done_in(signal, days);
  };
  const Done recent = done_from(recent_from), prior = done_from(prior_from);
  const Done window = window_from <= prior_from ? done_from(window_from) + prior + recent
                                                : done_in(signal, cells_in(cells, {window_from, as_of}));
  result->recent_value = recent.number();
  result->prior_value = prior.number();
  result->value = window.number();
  result->count = window.events;
}

}  // namespace

SignalFacts facts_of(const Ledger& ledger, const Model& model, std::int32_t signal, std::span<const Cell> cells,
                     std::int64_t as_of, AccountSize size) {
  check_interrupt(ledger.memory());
  SignalFacts result{};
  const Signal& option = model.signal(signal);
  if (option.gauge()) gauge_facts(ledger, model, signal, as_of, size, &result);
  else usage_facts(cells, model, option, as_of, &result);
  return result;
}

SignalFacts facts_of_unseen(const Signal& signal, AccountSize size) {
  SignalFacts result{};
  result.recent_known = result.prior_known =
      zero_without_activity(signal.measure) && signal.measure != Measure::ratio && (!signal.of_size || size);
  return result;
}

std::uint32_t events_left(std::span<const Cell> cells, const Signal& signal, std::int64_t as_of) {
  if (signal.window_days == kNeverExpires) return 0;
  std::uint64_t left = 0;
  for (const Cell& cell : cells_in(cells, span_before(window_of(signal, as_of))))
    left += signal.measure == Measure::days ? 1 : cell.count;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(left, std::numeric_limits<std::uint32_t>::max()));
}

std::optional<SilentMember> silent_member(const Ledger& ledger, const Model& model, std::int32_t signal,
                                          std::int64_t as_of) {
  constexpr std::int64_t kLeastShare = 5;
  const std::optional<DayRange> range = ledger.days_of(signal, as_of);
  if (!range) return std::nullopt;
  const Span lately{std::int64_t{range->last} + 1 - model.trend_days, std::int64_t{range->last} + 1};
  std::size_t all = 0, most = 0;
  std::span<const Cell> foremost;
  std::string_view name;
  const std::size_t prefix = model.signal(signal).name.size() - 1;
  ledger.each_member(signal, [&](std::string_view member, std::span<const Cell> cells) {
    if (member.size() == prefix) return;  // nobody's name
    cells = cells_in(cells, {kFirstDay, as_of});
    const std::size_t active = cells_in(cells, lately).size();
    all += active;
    if (active == 0 || active < most || (active == most && cells.back().day <= foremost.back().day)) return;
    most = active;
    foremost = cells;
    name = member;
  });
  if (foremost.empty() || most * kLeastShare < all) return std::nullopt;
  const auto day = [&](std::size_t i) { return foremost[i].day; };
  if (!is_silent({as_of, model.window_days, kLeastMemberSilence, model.weekend}, foremost.size(), day))
    return std::nullopt;
  name.remove_prefix(prefix);
  return SilentMember{name, static_cast<std::int32_t>(as_of - 1 - foremost.back().day)};
}

double compared_size(const Model& model, AccountSize size) {
  constexpr double kMost = 1e150;
  return size ? std::clamp(std::pow(*size, model.size_exponent), 1 / kMost, kMost) : 1;
}

double compared_size(const Model& model, const Signal& signal, AccountSize size) {
  return signal.divided_by_size() ? compared_size(model, size) : 1;
}

bool printed_as_percent(const Signal& signal) {
  return signal.of_size || signal.measure == Measure::recency || signal.measure == Measure::trend || signal.out_of == 1;
}

double printed_value(const Signal& signal, double value) {
  if (value == 0) return 0;
  if (printed_as_percent(signal)) return std::round(100 * value) + 0.0;
  const double scale = signal.measure == Measure::ratio ? 100 : 10;
  const double rounded = std::round(scale * value) / scale + 0.0;
  return std::isfinite(rounded) ? rounded : value;
}

}  // namespace health
