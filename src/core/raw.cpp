#include "raw.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "interrupt.hpp"

namespace health {

void fail_score() { fail(kOutOfRange, "Check the weights, the values and the size.", "score out of range"); }

Span window_of(const Signal& signal, std::int64_t as_of) {
  if (signal.window_days == kNeverExpires) return {kFirstDay, as_of};
  return window_before(as_of, signal.window_days);
}

ScaledWindow scaled_window(const Signal& signal, const Model& model, std::int64_t as_of, std::int64_t tenure) {
  if (!signal.scaled_by_tenure() || signal.window_days <= tenure) return {window_of(signal, as_of), 1};
  const DecayTerms& decay = model.decay(signal).terms();
  return {window_before(as_of, tenure), decay.total(signal.window_days) / decay.total(tenure)};
}

namespace {

constexpr std::size_t kMaxMembers = std::size_t{1} << 26;  // (name, prefix) matches of one account; 1 GB

// Number of cells before a day, by a binary search without branches that could be mispredicted.
std::size_t count_before(std::span<const Cell> cells, std::int64_t day) {
  const Cell* first = cells.data();
  for (std::size_t left = cells.size(); left > 0;) {
    const std::size_t half = (left + 1) / 2;
    first += first[half - 1].day < day ? half : 0;
    left -= half;
  }
  return static_cast<std::size_t>(first - cells.data());
}

}  // namespace

// Most spans are open at one end.
std::span<const Cell> cells_in(std::span<const Cell> cells, Span span) {
  if (cells.empty()) return cells;
  if (cells.back().day >= span.to) cells = cells.first(count_before(cells, span.to));
  if (!cells.empty() && cells.front().day < span.from) cells = cells.subspan(count_before(cells, span.from));
  return cells;
}

namespace {

CellSums sums_of(std::span<const Cell> cells) {
  CellSums sums;
  for (const Cell& cell : cells) sums.add(cell);
  return sums;
}

void widen(std::optional<DayRange>* range, std::span<const Cell> cells) {
  if (!cells.empty()) *range = joined(*range, {cells.front().day, cells.back().day});
}

// sum of w x(d) decay over the window, oldest day first, scaled by the tenure; weight and x exact, in one product.
// `also` sees each product.
template <class Also>
double decayed_sum(const Signal& signal, std::span<const Cell> cells, const Model& model, std::int64_t as_of,
                   const ScaledWindow& window, Also also) {
  const DecayTable& decay = model.decay(signal);
  double sum = 0;
  for_each_weighted(signal, cells_in(cells, window.days), [&](const Cell& cell, Int128 product) {
    also(cell, product);
    sum += double_of(product) * decay.at(as_of - 1 - cell.day);
  });
  return sum / kTotalScale * window.factor;
}

double size_divisor(const Model& model, AccountSize size) { return size ? std::pow(*size, model.size_exponent) : 1; }

// What x(d) adds up to over the window, undecayed; of an account younger than that, what it had since, times what the
// window has more days than that.
double whole_window(const Signal& signal, std::span<const Cell> cells, std::int64_t as_of, std::int64_t tenure) {
  const bool young = signal.window_days != kNeverExpires && tenure < signal.window_days;
  Int128 total = 0;
  for (const Cell& cell : cells_in(cells, young ? window_before(as_of, tenure) : window_of(signal, as_of)))
    total += measured(signal, cell);
  if (!young) return double_of(total) / 1e6;
  return double_of(total * signal.window_days) / (1e6 * static_cast<double>(tenure));
}

}  // namespace

std::optional<double> value_of(const Ledger& ledger, const Model& model, std::int32_t index, std::int64_t as_of,
                               const AccountTerms& terms) {
  const Signal& signal = model.signal(index);
  return signal.gauge() ? in_force(ledger, model, index, as_of, terms.size)
                        : whole_window(signal, ledger.cells(index), as_of, tenure_of(terms, model, as_of));
}

namespace {

// c_s of a signal; `decayed` is its decayed_sum(), unused where it goes by a value.
double contribution(const Ledger& ledger, const Model& model, std::int32_t index, std::int64_t as_of,
                    const AccountTerms& terms, double divisor, double decayed) {
  const Signal& signal = model.signals[static_cast<std::size_t>(index)];
  if (signal.weight == 0 || signal.set_score) return 0;
  double c = decayed;
  if (signal.by_value()) {
    const std::optional<double> value = value_of(ledger, model, index, as_of, terms);
    c = value ? signal.w() * signal.effect(*value) : 0;
  } else if (signal.divided_by_size()) {
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
  present_.clear();
  members_.clear();
  held_ = {kLastDay + 1, kFirstDay};
  constexpr std::size_t kFirstCells = 1024;
  cells_.reserve(std::min(activity.size() / 2, kFirstCells));  // a cell takes two bytes or more
  Model::Walk names(model);
  ActivityReader reader(activity, memory());
  constexpr std::size_t kFirstSignals = 64;
  const std::size_t signals = std::min(reader.signals(), kFirstSignals);
  groups_.reserve(signals);
  present_.reserve(std::min(signals, model.signals.size()) + model.always_present().size());
  while (reader.next_signal()) {
    Group group{reader.name(), cells_.size(), 0, true};
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
      present_.push_back({signal, group.begin, group.end});
    }
    groups_.push_back(group);
  }
  if (!members_.empty()) {
    Pulse pulse(memory());
    std::sort(members_.begin(), members_.end(), pulse.during([](const Member& a, const Member& b) {
      return a.signal != b.signal ? a.signal < b.signal : a.group < b.group;
    }));
  }
  sort_present(model);
}

// Leaves one entry of present_ for each signal: found by its name or an alias, by its members, or always_present().
void Ledger::sort_present(const Model& model) {
  for (std::size_t i = 0; i < members_.size(); ++i)
    if (i == 0 || members_[i].signal != members_[i - 1].signal) present_.push_back({members_[i].signal, 0, 0});
  for (const std::int32_t signal : model.always_present()) present_.push_back({signal, 0, 0});
  const auto by_signal = [](const Present& a, const Present& b) { return a.signal < b.signal; };
  if (!std::is_sorted(present_.begin(), present_.end(), by_signal)) {
    Pulse pulse(memory());
    std::sort(present_.begin(), present_.end(), pulse.during(by_signal));
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < present_.size();) {
    std::size_t past = i + 1;
    while (past < present_.size() && present_[past].signal == present_[i].signal) ++past;
    if (past - i > 1) merge_aliases(model, &present_[i], present_.data() + past);
    present_[kept++] = present_[i];
    i = past;
  }
  present_.resize(kept);
  signals_.resize(kept);
  for (std::size_t i = 0; i < kept; ++i) signals_[i] = present_[i].signal;
}

// Merges the cells of several names, by day, into new cells at the end of cells_, which *first then stands for.
void Ledger::merge_aliases(const Model& model, Present* first, const Present* past) {
  const std::size_t begin = cells_.size();
  for (const Present* each = first; each != past; ++each)
    for (std::size_t i = each->begin; i < each->end; ++i) cells_.push_back(cells_[i]);
  Pulse pulse(memory());
  std::sort(cells_.begin() + static_cast<std::ptrdiff_t>(begin), cells_.end(),
            pulse.during([](const Cell& a, const Cell& b) { return a.day < b.day; }));
  const std::string_view name = model.signals[static_cast<std::size_t>(first->signal)].name;
  std::size_t kept = begin;
  for (std::size_t i = begin; i < cells_.size(); ++kept) {
    const Day day = cells_[i].day;
    std::uint64_t count = 0;
    std::uint32_t values = 0;
    Int128 sum = 0;  // of all names, so that their order does not show in an error
    for (; i < cells_.size() && cells_[i].day == day; ++i) {
      count += cells_[i].count;
      values += cells_[i].value_count;
      sum += cells_[i].value;
    }
    if (count > kMaxCount) fail_count(name);
    cells_[kept] = cell_of_sum(name, day, static_cast<std::uint32_t>(count), values, sum);
  }
  cells_.resize(kept);
  *first = {first->signal, begin, kept};
}

std::span<const Ledger::Member> Ledger::members(std::int32_t signal) const {
  const auto by_signal = [](const Member& a, const Member& b) { return a.signal < b.signal; };
  const auto [first, last] = std::equal_range(members_.begin(), members_.end(), Member{signal, 0}, by_signal);
  return {first, last};
}

std::span<const Cell> Ledger::cells(std::int32_t signal) const {
  const auto at = std::lower_bound(present_.begin(), present_.end(), signal,
                                   [](const Present& each, std::int32_t wanted) { return each.signal < wanted; });
  return at != present_.end() && at->signal == signal ? cells_of(*at) : std::span<const Cell>();
}

std::optional<Day> Ledger::last_usage(const Model& model, std::int64_t before) const {
  std::optional<Day> last;
  const auto add = [&](std::int32_t signal, std::span<const Cell> all) {
    if (!model.signal(signal).usage) return;
    const std::span<const Cell> cells = cells_in(all, {kFirstDay, before});
    if (!cells.empty()) last = std::max(last, std::optional(cells.back().day));
  };
  for (const Present& each : present_) add(each.signal, cells_of(each));
  for (const Member& member : members_) add(member.signal, cells_of(groups_[member.group]));
  return last;
}

void Ledger::usage_days(const Model& model, std::int64_t before, Vector<Day>* days) const {
  days->clear();
  for (const std::int32_t signal : signals_) {
    if (!model.signal(signal).usage) continue;
    each_cells(signal, [&](std::span<const Cell> cells) {
      for (const Cell& cell : cells_in(cells, {kFirstDay, before})) days->push_back(cell.day);
    });
  }
  Pulse pulse(memory());
  std::sort(days->begin(), days->end(), pulse.during([](Day a, Day b) { return a < b; }));
  days->erase(std::unique(days->begin(), days->end()), days->end());
}

std::optional<DayRange> Ledger::days_of(std::int32_t signal, std::int64_t before) const {
  std::optional<DayRange> range;
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

std::int64_t tenure_of(const AccountTerms& terms, const Model& model, std::int64_t as_of) {
  return terms.since ? std::max<std::int64_t>(as_of - *terms.since, model.min_tenure_days) : kForever;
}

bool settled(const AccountTerms& terms, const Model& model, std::int64_t as_of) {
  return !terms.since || as_of - *terms.since >= model.min_tenure_days;
}

AccountSize size_of(std::optional<double> given) {
  if (given && !std::isfinite(*given))
    fail(kInvalidParameter, "Pass the number of seats, or NULL where it is not known.", "size must be a finite number");
  return given && *given > 0 ? given : std::nullopt;
}

namespace {

// Daily totals of a span take time by its days: with more days than that for each cell, the cells are sorted instead.
constexpr std::int64_t kDaysPerCell = 16;

// Signals whose days are added up together: those of one decay, and where the tenure scales them, of one window.
struct PlainClass {
  std::size_t decay;
  std::int64_t window;  // 0: not scaled
  double factor;
  auto key() const { return std::tuple(decay, window == 0, -window); }  // in the order in which classes are added
};

PlainClass class_of(const Signal& signal, const Model& model, std::int64_t as_of, std::int64_t tenure) {
  if (!signal.scaled_by_tenure() || signal.window_days <= tenure) return {signal.decay, 0, 1};
  return {signal.decay, signal.window_days, scaled_window(signal, model, as_of, tenure).factor};
}

// The raw score of the plain signals at one date.
class PlainSum {
 public:
  PlainSum(Ledger* ledger, const Model& model, std::int64_t as_of, const AccountTerms& terms, double* contributions)
      : ledger_(ledger),
        model_(model),
        as_of_(as_of),
        sized_(terms.size.has_value()),
        tenure_(tenure_of(terms, model, as_of)),
        contributions_(contributions) {}

  double raw() {
    const std::span<const std::int32_t> signals = ledger_->signals();
    if (contributions_ != nullptr) std::fill_n(contributions_, signals.size(), 0.0);
    if (model_.decays().size() == 1 && tenure_ >= model_.longest_scaled()) {
      const auto all = [&](auto add) {
        for (std::size_t i = 0; i < signals.size(); ++i) add(i);
      };
      return sum({0, 0, 1}, std::max(ledger_->cell_count(), kFewCells), all);
    }
    Vector<Member> members(ledger_->memory());
    for (std::size_t i = 0; i < signals.size(); ++i) {
      const Signal& signal = model_.signal(signals[i]);
      if (counts(signal)) members.push_back({class_of(signal, model_, as_of_, tenure_), i});
    }
    std::sort(members.begin(), members.end(), [](const Member& a, const Member& b) {
      return std::pair(a.of.key(), a.place) < std::pair(b.of.key(), b.place);
    });
    double raw = 0;
    for (auto first = members.begin(), past = first; first != members.end(); first = past) {
      std::size_t cells = 0;
      for (; past != members.end() && past->of.key() == first->of.key(); ++past)
        cells += ledger_->cells_at(past->place).size();
      const auto all = [&](auto add) { std::for_each(first, past, [&](const Member& each) { add(each.place); }); };
      raw += sum(first->of, cells, all);
    }
    return raw;
  }

 private:
  static constexpr std::size_t kFewCells = 32;  // for so many, one class may as well be dense
  struct Member {
    PlainClass of;
    std::size_t place;  // in ledger_->signals()
  };
  bool counts(const Signal& signal) const { return signal.weight != 0 && signal.plain(sized_); }

  // Calls add(day, weight * x) for each cell of a class in its window.
  template <class Members, class Add>
  void for_each_product(Members members, Add add) {
    members([&](std::size_t i) {
      const Signal& signal = model_.signal(ledger_->signals()[i]);
      if (!counts(signal)) return;
      const ScaledWindow window = scaled_window(signal, model_, as_of_, tenure_);
      const auto each = [&](const Cell& cell, Int128 product) { add(cell.day, product); };
      if (contributions_ != nullptr)
        contributions_[i] = decayed_sum(signal, ledger_->cells_at(i), model_, as_of_, window, each);
      else for_each_weighted(signal, cells_in(ledger_->cells_at(i), window.days), each);
    });
  }

  // Exact integer totals of a class, which has so many cells, per day; then one multiplication a day.
  template <class Members>
  double sum(const PlainClass& of, std::size_t cells, Members members) {
    const DecayTable& decay = model_.decays()[of.decay];
    const std::int64_t reach = of.window == 0 ? model_.longest_window() : tenure_;
    const std::int64_t from = std::max<std::int64_t>(as_of_ - reach, ledger_->held().from);
    const std::int64_t to = std::max(from, std::min(as_of_, ledger_->held().to));
    if (to - from > kDaysPerCell * static_cast<std::int64_t>(cells)) return sparse_sum(decay, members) * of.factor;
    Vector<Int128>& totals = ledger_->totals();
    totals.assign(static_cast<std::size_t>(to - from), 0);
    for_each_product(members, [&](Day day, Int128 product) {
      add_to_total(product, &totals[static_cast<std::size_t>(day - from)]);
    });
    return dense_sum(decay, {from, to}) * of.factor;
  }
  // Of the ledger's totals, of these days. A function of its own, so that its sum stays in a register.
  [[gnu::noinline]] double dense_sum(const DecayTable& decay, Span days) const {
    const Int128* const totals = ledger_->totals().data();
    return decayed_totals(decay, as_of_, days,
                          [=](std::int64_t day, std::size_t) { return double_of(totals[day - days.from]); })[0];
  }

  // The same where days with activity are few and far between. Days without any add nothing, not even to the last bit.
  template <class Members>
  double sparse_sum(const DecayTable& decay, Members members) {
    struct DayTotal {
      Day day;
      Int128 total;
    };
    Vector<DayTotal> totals(ledger_->memory());
    for_each_product(members, [&](Day day, Int128 product) { totals.push_back({day, product}); });
    Pulse pulse(ledger_->memory());
    std::sort(totals.begin(), totals.end(),
              pulse.during([](const DayTotal& a, const DayTotal& b) { return a.day < b.day; }));
    double sum = 0;
    for (std::size_t i = 0; i < totals.size();) {
      const Day day = totals[i].day;
      Int128 total = 0;
      for (; i < totals.size() && totals[i].day == day; ++i) add_to_total(totals[i].total, &total);
      sum += double_of(total) * decay.at(as_of_ - 1 - day);
    }
    return sum / kTotalScale;
  }

  Ledger* ledger_;
  const Model& model_;
  std::int64_t as_of_;
  bool sized_;
  std::int64_t tenure_;
  double* contributions_;  // null, or one for each of ledger_->signals()
};

// The plain signals at two dates, the earlier one `before`, in one walk over the cells: where nothing but the date
// tells the two apart. False, and nothing done, where one by one is better: several classes, a young account, few days.
bool walk_both(Ledger* ledger, const Model& model, std::int64_t as_of, std::int64_t before, const AccountTerms& terms,
               double* now, double* previous, double (&sums)[2]) {
  const bool sized = terms.size.has_value();
  const std::int64_t tenure = tenure_of(terms, model, before);
  if (model.decays().size() != 1 || tenure < model.longest_scaled() || !started(terms, before)) return false;
  const std::int64_t from = std::max<std::int64_t>(before - model.longest_window(), ledger->held().from);
  const std::int64_t days = std::min(as_of, ledger->held().to) - from;
  if (days <= 0 || days > kDaysPerCell * static_cast<std::int64_t>(ledger->cell_count())) return false;
  const DecayTable& decay = model.decays()[0];
  const double* const by_age = decay.first(as_of - from);
  if (by_age == nullptr) return false;
  Vector<Int128>& totals = ledger->totals();
  totals.assign(static_cast<std::size_t>(2 * days), 0);
  const std::span<const std::int32_t> signals = ledger->signals();
  for (std::size_t i = 0; i < signals.size(); ++i) {
    now[i] = previous[i] = 0;
    const Signal& signal = model.signal(signals[i]);
    if (signal.weight == 0 || !signal.plain(sized)) continue;
    const Span late = window_of(signal, as_of), early = window_of(signal, before);
    double sum = 0, earlier = 0;
    for_each_weighted(signal, cells_in(ledger->cells_at(i), {early.from, as_of}),
                      [&](const Cell& cell, Int128 product) {
                        const double value = double_of(product);
                        if (cell.day >= late.from) {
                          add_to_total(product, &totals[static_cast<std::size_t>(cell.day - from)]);
                          sum += value * by_age[as_of - 1 - cell.day];
                        }
                        if (cell.day < before) {
                          add_to_total(product, &totals[static_cast<std::size_t>(days + cell.day - from)]);
                          earlier += value * by_age[before - 1 - cell.day];
                        }
                      });
    now[i] = sum / kTotalScale;
    previous[i] = earlier / kTotalScale;
  }
  const auto dense = [&](std::int64_t date, std::int64_t first) {
    const Span span{std::max(date - model.longest_window(), from), std::max(from, std::min(date, from + days))};
    const Int128* const of_days = totals.data() + first;
    return decayed_totals(decay, date, span,
                          [=](std::int64_t day, std::size_t) { return double_of(of_days[day - from]); })[0];
  };
  sums[0] = dense(as_of, 0);
  sums[1] = dense(before, days);
  return true;
}

}  // namespace

Adjustments bound_adjustments(const Model& model, std::span<const std::int32_t> signals, double* contributions) {
  for (const Model::DimensionCap& cap : model.dimension_caps()) {
    double given = 0, taken = 0;
    const auto each = [&](auto visit) {
      for (std::size_t i = 0; i < signals.size(); ++i) {
        const Signal& signal = model.signal(signals[i]);
        if (signal.unit == Unit::score && signal.dimension_index == cap.dimension) visit(&contributions[i]);
      }
    };
    each([&](const double* c) { (*c > 0 ? given : taken) += std::fabs(*c); });
    each([&](double* c) {
      const double sum = *c > 0 ? given : taken;
      if (sum > cap.points) *c *= cap.points / sum;
    });
  }
  Adjustments sums;
  for (std::size_t i = 0; i < signals.size(); ++i)
    if (model.signal(signals[i]).unit == Unit::score)
      (contributions[i] > 0 ? sums.praise : sums.penalty) += std::fabs(contributions[i]);
  return sums;
}

Evaluation evaluate_rest(double plain, Ledger* ledger, const Model& model, std::int64_t as_of,
                         const AccountTerms& terms, double* contributions) {
  Evaluation result;
  const bool sized = terms.size.has_value();
  const double divisor = size_divisor(model, terms.size);
  result.raw = plain / divisor;
  if (contributions == nullptr && model.only_plain(sized)) {
    if (!std::isfinite(result.raw)) fail_score();
    return result;
  }
  const std::int64_t tenure = tenure_of(terms, model, as_of);
  const std::span<const std::int32_t> signals = ledger->signals();
  const bool detailed = contributions != nullptr;
  if (!detailed) {
    ledger->contributions().resize(signals.size());
    contributions = ledger->contributions().data();
  }
  for (std::size_t i = 0; i < signals.size(); ++i) {
    check_interrupt(ledger->memory());
    const Signal& signal = model.signal(signals[i]);
    const bool is_plain = signal.plain(sized);
    if (is_plain && !detailed) continue;
    if (signal.unit == Unit::share) {
      contributions[i] = 0;
      if (const std::optional<double> value = value_of(*ledger, model, signals[i], as_of, terms)) {
        contributions[i] = signal.w() * 100 * signal.part(*value);
        result.measures += contributions[i];
        result.weights += signal.w();
      }
      continue;
    }
    double decayed = is_plain ? contributions[i] : 0;
    if (!is_plain && !signal.by_value())
      decayed = decayed_sum(signal, ledger->cells_at(i), model, as_of, scaled_window(signal, model, as_of, tenure),
                            [](auto...) {});
    const double c = contribution(*ledger, model, signals[i], as_of, terms, divisor, decayed);
    contributions[i] = c;
    if (signal.unit != Unit::raw) continue;
    (c > 0 ? result.positive : result.negative) += std::fabs(c);
    if (!is_plain) result.raw += c;
  }
  Vector<double>& bounded = ledger->contributions();
  if (detailed) bounded.assign(contributions, contributions + signals.size());
  const Adjustments adjustments = bound_adjustments(model, signals, bounded.data());
  result.praise = adjustments.praise;
  result.penalty = adjustments.penalty;
  if (const std::int32_t setter = model.override_signal(); setter != Model::kUnknown)
    if (const std::optional<double> value = in_force(*ledger, model, setter, as_of, terms.size))
      result.override_score = std::clamp(*value, 0.0, 100.0) + 0.0;
  for (const double sum : {result.raw, result.positive, result.negative, result.praise, result.penalty})
    if (!std::isfinite(sum)) fail_score();
  return result;
}

Evaluation evaluate(Ledger* ledger, const Model& model, std::int64_t as_of, const AccountTerms& terms,
                    double* contributions) {
  const double plain = PlainSum(ledger, model, as_of, terms, contributions).raw();
  return evaluate_rest(plain, ledger, model, as_of, terms, contributions);
}

EvaluationAtBoth evaluate_both(Ledger* ledger, const Model& model, std::int64_t as_of, std::int64_t before,
                               const AccountTerms& terms, double* now, double* previous) {
  double sums[2];
  if (walk_both(ledger, model, as_of, before, terms, now, previous, sums))
    return {evaluate_rest(sums[0], ledger, model, as_of, terms, now),
            evaluate_rest(sums[1], ledger, model, before, terms, previous)};
  EvaluationAtBoth both;
  if (started(terms, as_of)) both.now = evaluate(ledger, model, as_of, terms, now);
  if (started(terms, before)) both.before = evaluate(ledger, model, before, terms, previous);
  return both;
}

std::optional<double> value_of_members(const Signal& signal, std::int32_t members, AccountSize size) {
  if (!signal.of_size) return static_cast<double>(members);
  if (!size) return std::nullopt;
  return std::min(1.0, members / *size);
}

std::optional<double> in_force(const Ledger& ledger, const Model& model, std::int32_t index, std::int64_t as_of,
                               AccountSize size) {
  const Signal& signal = model.signals[static_cast<std::size_t>(index)];
  const Span window = window_of(signal, as_of);
  if (signal.measure == Measure::distinct)
    return value_of_members(signal, ledger.distinct(index, signal.min_days, window), size);
  const std::span<const Cell> all = ledger.cells(index), cells = cells_in(all, window);
  switch (signal.measure) {
    case Measure::mean: return mean_of(sums_of(cells));
    case Measure::recency: return recency_of(cells.empty() ? std::nullopt : std::optional(cells.back().day), window);
    case Measure::ratio:
      return ratio_of(sums_of(cells), sums_of(cells_in(ledger.cells(signal.of_signal), window)), signal.of_values);
    case Measure::trend: return trend_of(sums_of(cells).count, sums_of(cells_in(all, span_before(window))).count);
    default: break;
  }
  const auto latest = std::find_if(cells.rbegin(), cells.rend(), [](const Cell& cell) { return cell.value_count > 0; });
  return latest == cells.rend() ? std::nullopt : mean_of(sums_of({&*latest, 1}));
}

}  // namespace health
