#include "raw.hpp"

#include <algorithm>
#include <cmath>

#include "interrupt.hpp"

namespace health {

void fail_score() { fail(kOutOfRange, "Check the weights, the values and the size.", "score out of range"); }

Span window_of(const Signal& signal, std::int64_t as_of) {
  if (signal.window_days == kNeverExpires) return {kFirstDay, as_of};
  return window_before(as_of, signal.window_days);
}

namespace {

constexpr std::size_t kMaxMembers = std::size_t{1} << 26;  // signals times prefixes that they have; 1 GB

// How many cells come before a day: a binary search whose steps need no guess of the processor.
std::size_t count_before(std::span<const Cell> cells, std::int64_t day) {
  const Cell* first = cells.data();
  for (std::size_t left = cells.size(); left > 0;) {
    const std::size_t half = (left + 1) / 2;
    first += first[half - 1].day < day ? half : 0;
    left -= half;
  }
  return static_cast<std::size_t>(first - cells.data());
}

// The cells of a span. Most spans are open at one end.
std::span<const Cell> cells_in(std::span<const Cell> cells, Span span) {
  if (cells.empty()) return cells;
  if (cells.back().day >= span.to) cells = cells.first(count_before(cells, span.to));
  if (!cells.empty() && cells.front().day < span.from) cells = cells.subspan(count_before(cells, span.from));
  return cells;
}

void widen(DayRange* range, std::span<const Cell> cells) {
  if (cells.empty()) return;
  range->first = range->any ? std::min(range->first, cells.front().day) : cells.front().day;
  range->last = range->any ? std::max(range->last, cells.back().day) : cells.back().day;
  range->any = true;
}

// sum of w x(d) decay over the window, oldest day first; weight and x exact, in one product. `also` sees each of them.
template <class Also>
double decayed_sum(const Signal& signal, std::span<const Cell> cells, const Model& model, std::int64_t as_of,
                   Also also) {
  double sum = 0;
  for_each_weighted(signal, cells_in(cells, window_of(signal, as_of)), [&](const Cell& cell, Int128 product) {
    also(cell, product);
    sum += double_of(product) * model.decay(as_of - 1 - cell.day);
  });
  return sum / kTotalScale;
}

double size_divisor(const Model& model, AccountSize size) {
  return size.given ? std::pow(size.value, model.size_exponent) : 1;
}

// c_s of a gauge, or of the decayed sum of any other signal.
double contribution(const Ledger& ledger, const Model& model, std::int32_t index, std::int64_t as_of, AccountSize size,
                    double divisor, double decayed) {
  const Signal& signal = model.signals[static_cast<std::size_t>(index)];
  if (signal.weight == 0) return 0;
  double c = decayed;
  if (signal.gauge()) {
    const Measured value = in_force(ledger, model, index, as_of, size);
    c = value.known ? static_cast<double>(signal.weight) / 1e6 * (value.value - signal.neutral) : 0;
  } else if (signal.unit == Unit::raw && signal.measure != Measure::days) {
    c /= divisor;
  }
  if (!std::isfinite(c)) fail_score();
  return std::clamp(c, -signal.max_points, signal.max_points) + 0.0;
}

}  // namespace

// ---------------------------------------------------------------- ledger

void Ledger::load(Bytes activity, const Model& model, const Span& needed) {
  cells_.clear();
  groups_.clear();
  members_.clear();
  held_ = {kLastDay + 1, kFirstDay};
  known_.assign(model.signals.size(), Group{0, 0, false});
  constexpr std::size_t kFirstCells = 1024;
  cells_.reserve(std::min(activity.size() / 2, kFirstCells));  // a cell takes two bytes or more
  Model::Walk names(model);
  for (ActivityReader reader(activity); reader.next_signal();) {
    Group group{cells_.size(), 0, true};
    reader.read_cells(&cells_, needed);
    group.end = cells_.size();
    if (group.begin == group.end) continue;
    held_ = {std::min<std::int64_t>(held_.from, cells_[group.begin].day),
             std::max<std::int64_t>(held_.to, cells_.back().day + 1)};
    model.find_prefixes(reader.name(), [&](std::int32_t signal) {
      if (members_.size() == kMaxMembers)
        fail(kTooLarge,
             "Give the model fewer prefixes that begin alike, or keep such signals in an activity of their own.",
             "too many signals match prefixes of the health_model");
      members_.push_back({signal, groups_.size()});
      group.unknown = false;
    });
    const std::int32_t signal = names.find(reader.name());
    if (signal != Model::kUnknown) {
      group.unknown = false;
      merge_into(signal, model.signals[static_cast<std::size_t>(signal)].name, group);
    }
    groups_.push_back(group);
  }
  Pulse pulse;
  std::sort(members_.begin(), members_.end(), pulse.during([](const Member& a, const Member& b) {
    return a.signal != b.signal ? a.signal < b.signal : a.group < b.group;
  }));
}

std::span<const Ledger::Member> Ledger::members(std::int32_t signal) const {
  const auto by_signal = [](const Member& a, const Member& b) { return a.signal < b.signal; };
  const auto [first, last] = std::equal_range(members_.begin(), members_.end(), Member{signal, 0}, by_signal);
  return {first, last};
}

// Most signals stand for themselves; an alias that comes second is merged into a list of its own.
void Ledger::merge_into(std::int32_t signal, std::string_view name, const Group& group) {
  Group& mine = known_[static_cast<std::size_t>(signal)];
  if (mine.begin == mine.end) {
    mine = group;
    return;
  }
  merged_.clear();
  std::span<const Cell> a = cells_of(mine), b = cells_of(group);
  while (!a.empty() || !b.empty()) {
    const bool both = !a.empty() && !b.empty() && a.front().day == b.front().day;
    const bool from_a = !a.empty() && (b.empty() || a.front().day <= b.front().day);
    Cell cell = from_a ? a.front() : b.front();
    if (both) add_cell(name, &cell, b.front());
    if (from_a) a = a.subspan(1);
    if (!from_a || both) b = b.subspan(1);
    merged_.push_back(cell);
  }
  mine.begin = cells_.size();
  cells_.insert(cells_.end(), merged_.begin(), merged_.end());
  mine.end = cells_.size();
}

std::span<const Cell> Ledger::cells(std::int32_t signal) const {
  return cells_of(known_[static_cast<std::size_t>(signal)]);
}

DayRange Ledger::days(std::int64_t before) const {
  DayRange range{};
  for (const Group& group : groups_) widen(&range, cells_in(cells_of(group), {kFirstDay, before}));
  return range;
}

DayRange Ledger::days_of(std::int32_t signal, std::int64_t before) const {
  DayRange range{};
  widen(&range, cells_in(cells(signal), {kFirstDay, before}));
  for (const Member& member : members(signal))
    widen(&range, cells_in(cells_of(groups_[member.group]), {kFirstDay, before}));
  return range;
}

bool Ledger::unscored(Span span) const {
  return std::any_of(groups_.begin(), groups_.end(),
                     [&](const Group& group) { return group.unknown && !cells_in(cells_of(group), span).empty(); });
}

std::int32_t Ledger::distinct(std::int32_t signal, std::int32_t min_days, Span span) const {
  const std::span<const Member> all = members(signal);
  return static_cast<std::int32_t>(std::count_if(all.begin(), all.end(), [&](const Member& member) {
    return cells_in(cells_of(groups_[member.group]), span).size() >= static_cast<std::size_t>(min_days);
  }));
}

// ---------------------------------------------------------------- evaluation

AccountSize size_of(bool null, double value) {
  if (null) return {};
  if (!std::isfinite(value))
    fail(kInvalidParameter, "Pass the number of seats, or NULL where it is not known.", "size must be a finite number");
  return {value > 0, value > 0 ? value : 0};
}

namespace {

// Exact integer total of the plain signals per day, then one multiplication a day.
double plain_raw(Ledger* ledger, const Model& model, std::int64_t as_of, AccountSize size, double* contributions) {
  Vector<Int128>& totals = ledger->totals();
  const std::int64_t from = std::max<std::int64_t>(as_of - model.longest_window(), ledger->held().from);
  const std::int64_t to = std::max(from, std::min(as_of, ledger->held().to));
  totals.assign(static_cast<std::size_t>(to - from), 0);
  for (std::size_t i = 0; i < model.signals.size(); ++i) {
    const Signal& signal = model.signals[i];
    if (signal.weight == 0 || !signal.plain(size.given)) continue;
    const std::span<const Cell> cells = ledger->cells(static_cast<std::int32_t>(i));
    const auto add = [&](const Cell& cell, Int128 product) {
      add_to_total(product, &totals[static_cast<std::size_t>(cell.day - from)]);
    };
    if (contributions != nullptr) contributions[i] = decayed_sum(signal, cells, model, as_of, add);
    else for_each_weighted(signal, cells_in(cells, window_of(signal, as_of)), add);
  }
  return decayed_totals(model, as_of, {from, to}, [&](std::int64_t day, std::size_t) {
    return double_of(totals[static_cast<std::size_t>(day - from)]);
  })[0];
}

}  // namespace

Evaluation evaluate_rest(double plain, const Ledger& ledger, const Model& model, std::int64_t as_of, AccountSize size,
                         double* contributions) {
  Evaluation result{};
  const double divisor = size_divisor(model, size);
  result.raw = plain / divisor;
  const bool only_plain = contributions == nullptr && model.only_plain(size.given);
  for (std::size_t i = 0; i < model.signals.size() && !only_plain; ++i) {
    check_interrupt();
    const Signal& signal = model.signals[i];
    const auto number = static_cast<std::int32_t>(i);
    const bool is_plain = signal.plain(size.given);
    if (is_plain && contributions == nullptr) continue;
    const double decayed = is_plain         ? contributions[i]
                           : signal.gauge() ? 0
                                            : decayed_sum(signal, ledger.cells(number), model, as_of, [](auto...) {});
    const double c = contribution(ledger, model, number, as_of, size, divisor, decayed);
    if (contributions != nullptr) contributions[i] = c;
    if (signal.unit == Unit::score) {
      (c > 0 ? result.praise : result.penalty) += std::fabs(c);
    } else {
      (c > 0 ? result.positive : result.negative) += std::fabs(c);
      if (!is_plain) result.raw += c;
    }
  }
  for (const double sum : {result.raw, result.positive, result.negative, result.praise, result.penalty})
    if (!std::isfinite(sum)) fail_score();
  return result;
}

Evaluation evaluate(Ledger* ledger, const Model& model, std::int64_t as_of, AccountSize size, double* contributions) {
  return evaluate_rest(plain_raw(ledger, model, as_of, size, contributions), *ledger, model, as_of, size,
                       contributions);
}

Measured value_of_members(const Signal& signal, std::int32_t members, AccountSize size) {
  if (!signal.of_size) return {true, static_cast<double>(members)};
  return {size.given, size.given ? std::min(1.0, members / size.value) : 0};
}

Measured in_force(const Ledger& ledger, const Model& model, std::int32_t index, std::int64_t as_of, AccountSize size) {
  const Signal& signal = model.signals[static_cast<std::size_t>(index)];
  const Span window = window_of(signal, as_of);
  if (signal.measure == Measure::distinct)
    return value_of_members(signal, ledger.distinct(index, signal.min_days, window), size);
  const std::span<const Cell> cells = cells_in(ledger.cells(index), window);
  for (auto cell = cells.rbegin(); cell != cells.rend(); ++cell)
    if (cell->value_count > 0) return {true, static_cast<double>(cell->value) / 1e6 / cell->value_count};
  return {false, 0};
}

}  // namespace health
