#include "drift.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <set>
#include <tuple>

#include "interrupt.hpp"

namespace health {

namespace {

constexpr std::int64_t kWeek = 7, kWeeks = 4, kFourWeeks = kWeek * kWeeks;
constexpr std::int64_t kMostLately = 13 * kWeek;
constexpr double kLeastExpected = 10, kLeastCells = 5, kLeastShareOfAccounts = 0.8;
constexpr double kStragglers = 0.1;
// Of what was split: the least part, and what may be missing, beside as many standard deviations.
constexpr double kMostStraggling = 0.1, kMissing = 0.25, kMissingDeviations = 3;
constexpr double kAllEven = 0.95, kFewEven = 0.75;
constexpr double kLeastTwice = 1.6, kMostTwice = 2.4;
constexpr std::int64_t kLeastNumbers = 20, kLeastEvents = 50;
constexpr std::size_t kLeastToStop = 3;
constexpr std::size_t kLeastDays = 8;  // that have events: what is of once a month has too few to tell

constexpr double kJumpDeviations = 3;
constexpr std::ptrdiff_t kMostOfName = 16;  // signals that a name is tried with
constexpr std::size_t kMostUnknown = 100'000;
constexpr std::uint32_t kBeatsOfName = 100;  // a pulse asks once in so many hundred names

// What is left of a number where it is low, and the logarithm of the odds from which on it surely is.
constexpr double kLow = 0.25, kSure = 7.5;
// Of what is half or less: to be expected at least, and how many standard deviations below it (one in twenty by
// chance).
constexpr double kLeastToVote = 5, kDeviations = 1.645;

std::uint32_t bounded(std::int64_t events) {
  return static_cast<std::uint32_t>(std::min<std::int64_t>(events, std::numeric_limits<std::uint32_t>::max()));
}

// Where there are events on each day, a day is as far from the first one as their ages are.
FleetDay& day_at(std::int32_t age, Vector<FleetDay>* days) {
  if (!days->empty() && age >= days->front().age) {
    const auto guess = static_cast<std::size_t>(age - days->front().age);
    if (guess < days->size() && (*days)[guess].age == age) return (*days)[guess];
  }
  auto at = std::partition_point(days->begin(), days->end(), [&](const FleetDay& day) { return day.age < age; });
  if (at == days->end() || at->age != age) at = days->insert(at, FleetDay{0, age, 0, 0});
  return *at;
}

// Names with a prefix that ends in a colon are one: user:17 and user:18.
std::string_view family_of(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? std::string_view() : name.substr(0, colon + 1);
}

// Of the accounts that have a name now: how many had a signal before, and how alike the events of each are: what both
// have of what either has (Ruzicka's similarity), those of the signal scaled to `wanted` in sum.
struct Likeness {
  std::size_t accounts = 0, had = 0;
  double alike = 0;
};
Likeness likeness(std::span<const FleetAccount> old, std::span<const FleetAccount> next, double wanted) {
  const auto events = [](const FleetAccount& each) { return double{1} * each.recent + each.prior; };
  Likeness found;
  double sum_old = 0, sum_next = 0, both = 0;
  for (const FleetAccount& each : old) sum_old += events(each);
  auto other = old.begin();
  for (const FleetAccount& each : next) {
    if (each.recent == 0) continue;
    ++found.accounts;
    sum_next += each.recent;
    while (other != old.end() && other->account < each.account) ++other;
    if (other == old.end() || other->account != each.account) continue;
    ++found.had;
    both += std::min<double>(each.recent, wanted / sum_old * events(*other));
  }
  found.alike = both / (wanted + sum_next - both);
  return found;
}

// Of the accounts with recent events the share that had some before, too: little for what is rare.
double returning(std::span<const FleetAccount> accounts) {
  double recent = 1, both = 1;
  for (const FleetAccount& each : accounts)
    if (each.recent > 0) recent += 1, both += each.prior > 0 ? 1 : 0;
  return both / recent;
}

// Numbers by age, 0 on days without.
class Series {
 public:
  Series(std::int64_t days, Memory* memory) : of_(static_cast<std::size_t>(days), 0, memory) {}
  template <class Number>
  void read(const FleetSignal& fleet, std::int64_t first_age, Number number) {
    std::fill(of_.begin(), of_.end(), 0);
    for (const FleetDay& day : fleet.days) of_[static_cast<std::size_t>(day.age)] = number(day);
    days_ = std::min(first_age + 1, static_cast<std::int64_t>(of_.size()));
  }
  std::int64_t days() const { return days_; }  // since the first one ever
  std::int64_t kept() const { return static_cast<std::int64_t>(of_.size()); }
  std::int64_t sum() const { return std::accumulate(of_.begin(), of_.end(), std::int64_t{0}); }
  std::int64_t operator[](std::int64_t age) const { return of_[static_cast<std::size_t>(age)]; }

 private:
  Vector<std::int64_t> of_;
  std::int64_t days_ = 0;
};

struct EventsAndCells {
  EventsAndCells(std::int64_t days, Memory* memory) : events(days, memory), cells(days, memory) {}
  void read(const FleetSignal& fleet, std::int64_t first_age) {
    events.read(fleet, first_age, [](const FleetDay& day) { return day.events; });
    cells.read(fleet, first_age, [](const FleetDay& day) { return day.cells; });
  }
  Series events, cells;
};

}  // namespace

// Which days count, by age: all but those that are off.
class Calendar {
 public:
  Calendar(std::int64_t days, Memory* memory) : off_(static_cast<std::size_t>(days), false, memory) {}
  bool off(std::int64_t age) const { return off_[static_cast<std::size_t>(age)]; }
  void set_off(std::int64_t age) { off_[static_cast<std::size_t>(age)] = true; }
  std::int64_t days() const { return static_cast<std::int64_t>(off_.size()); }
  // To be expected at an age, of what was before `since` days ago.
  double usual(const Series& series, std::int64_t age, std::int64_t since) const {
    std::int64_t sum = 0, weeks = 0;
    for (std::int64_t before = age + ((since - age) / kWeek + 1) * kWeek; weeks < kWeeks && before < series.days();
         before += kWeek)
      if (!off(before)) sum += series[before], ++weeks;
    return weeks == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(weeks);
  }
  // On the days from `from` days ago to `to` days ago, both included: to be expected of what was before, and found.
  double expected(const Series& series, std::int64_t from, std::int64_t to = 0) const {
    double sum = 0;
    for (std::int64_t age = to; age <= from; ++age)
      if (!off(age)) sum += usual(series, age, from);
    return sum;
  }
  std::int64_t found(const Series& series, std::int64_t from, std::int64_t to = 0) const {
    std::int64_t sum = 0;
    for (std::int64_t age = to; age <= std::min(from, days() - 1); ++age)
      if (!off(age)) sum += series[age];
    return sum;
  }

 private:
  Vector<bool> off_;
};

// How a new name went on with what ended.
struct NameChange {
  std::int64_t age;    // of the first day of the new name
  double wanted, has;  // events since
  bool is_whole;       // as often as before, in days of accounts; else it may be a part
};

namespace {

bool are_stragglers(std::int64_t events, double of) {
  return static_cast<double>(events) <= std::max(1.0, kStragglers * of);
}

// Whether since then there were enough events to be expected, and none but stragglers.
bool has_ended(const Calendar& calendar, const EventsAndCells& old, std::int64_t from) {
  const double wanted = calendar.expected(old.events, from);
  return wanted >= kLeastExpected && are_stragglers(calendar.found(old.events, from), wanted) &&
         calendar.expected(old.cells, from) >= kLeastCells;
}

// Whether `old` was silent for some time that ended `at` days ago.
bool after_a_gap(const Calendar& calendar, const Series& old, std::int64_t at) {
  for (std::int64_t from = at + 1; from < old.days(); ++from) {
    const double wanted = calendar.expected(old, from, at + 1);
    const bool silent = are_stragglers(calendar.found(old, from, at + 1), wanted);
    if (wanted >= kLeastExpected || !silent) return silent;
  }
  return false;
}

// What a name that began at an age has to be like to go on with what ended then. The day of the change may have both.
struct Ending {
  bool possible = false;
  double events = 0, cells = 0;  // to be expected since
  double before = 0;             // events in the four weeks before
};
struct Ended {
  Ended(std::size_t number, double again, const EventsAndCells& days, std::int64_t lately, Memory* memory)
      : signal(number), returning(again), events(days.events), by_age(static_cast<std::size_t>(lately), memory) {}
  std::size_t signal;
  double returning;
  Series events;
  Vector<Ending> by_age;
};
bool read_endings(const Calendar& calendar, const EventsAndCells& old, Vector<Ending>* by_age) {
  bool any = false, ended_after = false;
  for (std::int64_t at = 0; at < static_cast<std::int64_t>(by_age->size()); ++at) {
    Ending& ending = (*by_age)[static_cast<std::size_t>(at)];
    const bool ended = has_ended(calendar, old, at);
    if ((ended || ended_after) && !after_a_gap(calendar, old.events, at))
      ending = {true, calendar.expected(old.events, at), calendar.expected(old.cells, at),
                static_cast<double>(calendar.found(old.events, at + kFourWeeks, at + 1))};
    any = any || ending.possible;
    ended_after = ended;
  }
  return any;
}

// The day on which `next`, with so many events in all, took over from `old`, by age: the last one with the fewest
// events of `next` before it and of `old` after it; on the day itself, which may have both, those of `old` count half.
std::int64_t day_of_change(const Ended& old, const Series& next, std::int64_t all) {
  std::int64_t misplaced = 2 * (all - next[0]), at = 0;
  std::int64_t least = misplaced + old.events[0];
  for (std::int64_t age = 1; age < static_cast<std::int64_t>(old.by_age.size()); ++age) {
    misplaced += 2 * (old.events[age - 1] - next[age]);
    if (misplaced + old.events[age] < least) least = misplaced + old.events[age], at = age;
  }
  return at;
}

// Whether so many of the wanted events are missing that the signal must have further names.
bool is_missing(double events, double wanted) {
  return events > std::max(kMissing * wanted, kMissingDeviations * std::sqrt(wanted));
}

// How `next` went on with what ended, if it may have.
std::optional<NameChange> change_to(const Calendar& calendar, const Ended& old, const EventsAndCells& next,
                                    std::int64_t all) {
  const std::int64_t at = day_of_change(old, next.events, all);
  const Ending& ending = old.by_age[static_cast<std::size_t>(at)];
  if (!ending.possible) return std::nullopt;
  const auto has = static_cast<double>(calendar.found(next.events, at));
  const auto cells = static_cast<double>(calendar.found(next.cells, at));
  if (has < std::max(kLeastExpected / 2, kMostStraggling * ending.events) || cells > 2 * ending.cells)
    return std::nullopt;
  // A part of the old events must not have been there before, either.
  if (!are_stragglers(calendar.found(next.events, at + kFourWeeks, at + 1),
                      std::min(1.0, has / ending.events) * ending.before))
    return std::nullopt;
  return NameChange{at, ending.events, has, cells >= ending.cells / 2};
}

// What is to be expected of a number, and what was found, in sum from the day before as_of back; and when it was low.
struct Fall {
  std::int64_t from, to;  // ages, both included
  double odds;            // their logarithm
};
struct Sums {
  Sums(std::int64_t days, Memory* memory)
      : expected(static_cast<std::size_t>(days + 1), 0, memory), found(static_cast<std::size_t>(days + 1), 0, memory) {}
  Vector<double> expected, found;
};

// Appends the days on which a number is low: a quarter of what is to be expected, or so. A cumulative sum (Page 1954;
// of Poisson numbers, Lucas 1985) of the logarithm of the odds of that against what is to be expected finds when it
// began and when it ended.
Sums read_falls(const Series& series, std::int64_t days, Vector<Fall>* falls, Memory* memory) {
  Sums sums(days, memory);
  Calendar low(series.kept(), memory);
  double odds = 0, most = 0;
  std::int64_t start = 0;
  for (std::int64_t age = days; age-- > 0;) {
    const double wanted = low.usual(series, age, age), found = static_cast<double>(series[age]);
    sums.expected[static_cast<std::size_t>(age)] = wanted;
    sums.found[static_cast<std::size_t>(age)] = found;
    if (odds <= 0 || odds < most - kSure) odds = most = 0, start = age;
    odds += (1 - kLow) * wanted + std::log(kLow) * found;
    if (odds < most) continue;
    most = odds;
    if (most < kSure) continue;
    for (std::int64_t marked = age; marked <= start; ++marked) low.set_off(marked);
    if (!falls->empty() && falls->back().from == start) falls->back() = {start, age, most};
    else falls->push_back({start, age, most});
  }
  for (auto age = static_cast<std::size_t>(days); age-- > 0;) {
    sums.expected[age] += sums.expected[age + 1];
    sums.found[age] += sums.found[age + 1];
  }
  return sums;
}

// Which of the numbers fell at that time to half or less, and which did not.
struct Votes {
  std::size_t low = 0, high = 0, all = 0;
  bool most_are_low() const { return low >= 2 && 2 * low > all; }
  bool most_are_high() const { return high >= 1 && 2 * high >= all; }
};
Votes votes_on(std::int64_t from, std::int64_t to, const Vector<Sums>& numbers) {
  Votes votes;
  for (const Sums& each : numbers) {
    const auto sum = [&](const Vector<double>& of) {
      return of[static_cast<std::size_t>(to)] - of[static_cast<std::size_t>(from + 1)];
    };
    const double expected = sum(each.expected), found = sum(each.found);
    if (expected < kLeastToVote) continue;
    ++votes.all;
    if (found > expected / 2) ++votes.high;
    else if (expected - found >= kDeviations * std::sqrt(expected)) ++votes.low;
  }
  return votes;
}

// What is left where days at the ends on which most are not low are taken off: the one that fell may be the only one
// that did not come back.
Fall trimmed(Fall fall, const Vector<Sums>& numbers) {
  for (std::int64_t to = fall.to; to < fall.from; ++to)
    if (votes_on(to, fall.to, numbers).most_are_high()) fall.to = to + 1;
  for (std::int64_t from = fall.from; from > fall.to; --from)
    if (votes_on(fall.from, from, numbers).most_are_high()) fall.from = from - 1;
  return fall;
}

}  // namespace

// A signal, an unknown name that it may go on under, and how well the two fit: 0 to 1.
struct Drift::Rename {
  std::size_t signal;
  Names::const_iterator name;
  NameChange change;
  double alike;
  static bool is_better(const Rename& a, const Rename& b) {
    const double off_a = std::fabs(a.change.has - a.change.wanted), off_b = std::fabs(b.change.has - b.change.wanted);
    return std::tie(b.alike, off_a, a.signal, a.name->first) < std::tie(a.alike, off_b, b.signal, b.name->first);
  }
};

std::string_view drift_name(DriftKind kind) {
  switch (kind) {
    case DriftKind::quiet: return "quiet";
    case DriftKind::renamed: return "renamed";
    case DriftKind::stopped: return "stopped";
    case DriftKind::duplicated: return "duplicated";
    case DriftKind::jumped: return "jumped";
    case DriftKind::fresh: return "new";
    case DriftKind::unscored: return "unscored";
    case DriftKind::never_seen: return "never_seen";
  }
  return "";
}

Drift::Drift(const Model& model, std::int64_t as_of, Memory* memory)
    : model_(model),
      as_of_(as_of),
      lately_(std::clamp<std::int64_t>(model.trend_days, kFourWeeks, kMostLately)),
      kept_(std::max(2 * lately_, std::min<std::int64_t>(model.window_days, 2 * kMostLately)) + kFourWeeks),
      signals_(memory),
      feeds_(memory),
      unknown_(memory),
      cells_(memory) {
  if (as_of < kFirstDay || as_of > kLastDay + 1)
    fail(kDateOutOfRange, "The date lies between 1970-01-01 and 2200-01-01.", "as_of is out of range: %s",
         DateText(static_cast<Day>(as_of)).text);
  signals_.reserve(model.signals.size());
  feeds_.reserve(model.signals.size());
  for (std::size_t i = 0; i < model.signals.size(); ++i) signals_.emplace_back(memory), feeds_.emplace_back(memory);
}

FleetSignal& Drift::unknown(std::string_view name) {
  const std::string_view family = family_of(name);
  ByteString key(family.empty() ? name : family, memory_of(cells_));
  if (!family.empty()) key += '*';
  const auto found = unknown_.find(key);
  if (found != unknown_.end()) return found->second;
  if (unknown_.size() == kMostUnknown)
    fail(kTooLarge, "Put ids behind a prefix that ends in a colon: page:17 counts as page:*.",
         "health_drift takes at most %zu names that the model does not know", kMostUnknown);
  return unknown_.emplace(std::move(key), FleetSignal(memory_of(cells_))).first->second;
}

std::int64_t Drift::take(const Scratch<Cell>& cells, FleetSignal* signal, Feed* feed) {
  const auto past =
      std::partition_point(cells.begin(), cells.end(), [&](const Cell& cell) { return cell.day < as_of_; });
  if (past == cells.begin()) return 0;
  const Day first = cells.front().day, last = std::prev(past)->day;
  signal->first = std::min(signal->first.value_or(first), first);
  signal->last = std::max(signal->last.value_or(last), last);
  const std::int64_t trend = model_.trend_days;
  std::int64_t recent = 0, prior = 0;
  for (auto cell = past; cell != cells.begin();) {
    const std::int64_t age = this->age((--cell)->day);
    if (age >= std::max(kept_, 2 * trend)) break;
    if (age < trend) recent += cell->count;
    else if (age < 2 * trend) prior += cell->count;
    if (age >= kept_) continue;
    FleetDay& day = day_at(static_cast<std::int32_t>(age), &signal->days);
    day.events += cell->count;
    ++day.cells;
    if (cell->count % 2 == 0) ++day.even;
  }
  signal->recent += recent;
  signal->prior += prior;
  if (age(last) < std::max(kept_, 2 * trend)) {
    Vector<FleetAccount>& accounts = signal->accounts;
    if (accounts.empty() || accounts.back().account != accounts_) accounts.push_back({accounts_, 0, 0});
    accounts.back().recent = bounded(accounts.back().recent + recent);
    accounts.back().prior = bounded(accounts.back().prior + prior);
  }
  if (feed != nullptr)
    feed->add({as_of_, model_.window_days, model_.weekend},
              {cells.data(), static_cast<std::size_t>(past - cells.begin())});
  return recent + prior;
}

void Drift::add(Bytes activity) {
  Model::Walk names(model_);
  ActivityReader reader(activity, memory_of(cells_));
  std::int64_t events = 0;
  const auto take_known = [&](std::int32_t signal) {
    const auto i = static_cast<std::size_t>(signal);
    const std::int64_t taken = take(cells_, &signals_[i], &feeds_[i]);
    if (!is_reading(model_.signals[i].measure)) events += taken;
  };
  Pulse pulse(memory_of(cells_));
  while (reader.next_signal()) {
    pulse.beat(kBeatsOfName + reader.cells());
    cells_.clear();
    reader.read_cells(&cells_, kAllDays);
    bool known = false;
    model_.find_prefixes(reader.name(), [&](std::int32_t signal) {
      known = true;
      take_known(signal);
    });
    const std::int32_t signal = names.find(reader.name());
    if (signal != Model::kUnknown) take_known(signal);
    else if (!known && !cells_.empty() && cells_.front().day < as_of_) take(cells_, &unknown(reader.name()), nullptr);
  }
  ++accounts_;
  if (events > 0) ++active_;
}

// All signals that ended, with all names that may go on with one of them or be a part of it.
Vector<Drift::Rename> Drift::pairs(const Calendar& calendar, Memory* memory) const {
  Vector<Ended> ended(memory);
  EventsAndCells days(kept_, memory);
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    check_interrupt(memory);
    if (is_reading(model_.signals[i].measure) || signals_[i].days.size() < kLeastDays) continue;
    days.read(signals_[i], age(*signals_[i].first));
    ended.emplace_back(i, returning(signals_[i].accounts), days, std::min<std::int64_t>(model_.trend_days, lately_),
                       memory);
    if (!read_endings(calendar, days, &ended.back().by_age)) ended.pop_back();
  }
  Pulse pulse(memory);
  Vector<Rename> found(memory);
  for (auto name = unknown_.begin(); name != unknown_.end() && !ended.empty(); ++name) {
    const FleetSignal& next = name->second;
    if (static_cast<double>(next.recent) < kLeastExpected / 2) continue;
    days.read(next, age(*next.first));
    const std::int64_t all = days.events.sum();
    const std::size_t before = found.size();
    for (const Ended& old : ended) {
      pulse.beat(static_cast<std::uint32_t>(old.by_age.size()));
      const std::optional<NameChange> change = change_to(calendar, old, days, all);
      if (!change) continue;
      pulse.beat(static_cast<std::uint32_t>(next.accounts.size()));
      const Likeness both = likeness(signals_[old.signal].accounts, next.accounts, change->wanted);
      if (static_cast<double>(both.had) >= kLeastShareOfAccounts * old.returning * static_cast<double>(both.accounts))
        found.push_back({old.signal, name, *change, both.alike});
    }
    if (found.size() - before <= kMostOfName) continue;
    const auto first = found.begin() + static_cast<std::ptrdiff_t>(before);
    std::partial_sort(first, first + kMostOfName, found.end(), Rename::is_better);
    found.erase(first + kMostOfName, found.end());
  }
  return found;
}

// Each signal with one name, the best pairs first: two that belong together are more alike than either is with others,
// in their accounts and in how much each does. Then the names that are left, as parts of signals of which much is
// missing.
Vector<Drift::Rename> Drift::renames(const Calendar& calendar, Memory* memory) const {
  Vector<Rename> all = pairs(calendar, memory), found(memory);
  Pulse pulse(memory);
  std::sort(all.begin(), all.end(), pulse.during(Rename::is_better));
  Vector<double> has(signals_.size(), 0, memory);  // of the names that it has got
  std::pmr::set<std::string_view> taken(memory);
  for (const bool parts : {false, true})
    for (const Rename& each : all) {
      pulse.beat();
      const NameChange& change = each.change;
      double& sum = has[each.signal];
      const double missing = change.wanted - sum;
      const bool fits = parts ? is_missing(missing, change.wanted) && std::fabs(missing - change.has) < missing
                              : sum == 0 && change.is_whole;
      if (!fits || !taken.emplace(each.name->first).second) continue;
      sum += change.has;
      found.push_back(each);
    }
  std::erase_if(found,
                [&](const Rename& each) { return !each.change.is_whole && has[each.signal] < each.change.wanted / 2; });
  std::stable_sort(found.begin(), found.end(), [](const Rename& a, const Rename& b) { return a.signal < b.signal; });
  return found;
}

// Times when most signals fell. Those that were renamed do not count: all of them may be on one day.
void Drift::mark_quiet(const Vector<Rename>& renames, Calendar* calendar, Memory* memory) const {
  Vector<Fall> falls(memory);
  Vector<Sums> numbers(memory);
  Series cells(kept_, memory);
  auto renamed = renames.begin();
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    check_interrupt(memory);
    while (renamed != renames.end() && renamed->signal < i) ++renamed;
    if (renamed != renames.end() && renamed->signal == i) continue;
    if (is_reading(model_.signals[i].measure) || signals_[i].days.empty()) continue;
    cells.read(signals_[i], age(*signals_[i].first), [](const FleetDay& day) { return day.cells; });
    numbers.push_back(read_falls(cells, kept_ - kFourWeeks, &falls, memory));
  }
  // Those of which the odds are best have the sharpest ends.
  std::sort(falls.begin(), falls.end(), [](const Fall& a, const Fall& b) {
    return std::tie(b.odds, a.from, a.to) < std::tie(a.odds, b.from, b.to);
  });
  Pulse pulse(memory);
  for (const Fall& each : falls) {
    bool known = false;
    for (std::int64_t age = each.to; age <= each.from; ++age) known = known || calendar->off(age);
    if (known) continue;
    pulse.beat(static_cast<std::uint32_t>(numbers.size()));
    if (!votes_on(each.from, each.to, numbers).most_are_low()) continue;
    const Fall fall = trimmed(each, numbers);
    for (std::int64_t age = fall.to; age <= fall.from; ++age) calendar->set_off(age);
  }
}

std::optional<Day> Drift::duplicated(const FleetSignal& fleet) const {
  FleetDay now, before;
  const auto add = [](const FleetDay& day, FleetDay* sum) {
    sum->events += day.events, sum->cells += day.cells, sum->even += day.even;
  };
  const auto mean = [](const FleetDay& sum) { return static_cast<double>(sum.events) / sum.cells; };
  auto at = fleet.days.begin();
  for (; at != fleet.days.end() && at->even >= kAllEven * at->cells; ++at) add(*at, &now);
  for (auto each = at; each != fleet.days.end(); ++each) add(*each, &before);
  if (now.cells < kLeastNumbers || before.cells < kLeastNumbers || before.even >= kFewEven * before.cells)
    return std::nullopt;
  const double times = mean(now) / mean(before);
  return times >= kLeastTwice && times <= kMostTwice ? std::optional(day(std::prev(at)->age)) : std::nullopt;
}

// The last day of what is silent for all accounts: as a report flags it, where there are events to be expected since,
// or for the whole window.
std::optional<Day> Drift::stopped(std::size_t signal, const Calendar& calendar, Memory* memory) const {
  const FleetSignal& fleet = signals_[signal];
  if (*fleet.last < as_of_ - model_.window_days) return model_.signals[signal].weight != 0 ? fleet.last : std::nullopt;
  const std::optional<Day> last = feeds_[signal].stopped({as_of_, model_.window_days, model_.weekend}, memory);
  if (!last || age(*last) >= kept_ - kFourWeeks) return last;
  if (fleet.accounts.size() < kLeastToStop) return std::nullopt;
  Series cells(kept_, memory);
  cells.read(fleet, age(*fleet.first), [](const FleetDay& day) { return day.cells; });
  return calendar.expected(cells, age(*last) - 1) >= kLeastExpected ? last : std::nullopt;
}

bool Drift::jumped(const FleetSignal& fleet, const Calendar& calendar) const {
  if (fleet.days.size() < kLeastDays) return false;
  const std::int64_t trend = model_.trend_days;
  std::int64_t now = fleet.recent, before = fleet.prior, days_now = trend, days_before = trend;
  for (std::int64_t age = 0; age < std::min(2 * trend, kept_); ++age)
    if (calendar.off(age)) --(age < trend ? days_now : days_before);
  for (const FleetDay& day : fleet.days)
    if (day.age < 2 * trend && calendar.off(day.age)) (day.age < trend ? now : before) -= day.events;
  if (std::min(days_now, days_before) < std::min(trend, kWeek) || before < kLeastEvents) return false;
  // Not by a few accounts alone, which may have most of the events: far more accounts went one way than the other.
  double up = 0, down = 0;
  for (const FleetAccount& each : fleet.accounts) {
    const std::int64_t change = each.recent * days_before - each.prior * days_now;
    if (change > 0) ++up;
    if (change < 0) ++down;
  }
  const double margin = kJumpDeviations * std::sqrt(up + down);  // the sign test
  const double recent = static_cast<double>(now) * static_cast<double>(days_before);
  const double prior = static_cast<double>(before) * static_cast<double>(days_now);
  return (recent >= 2 * prior && up - down >= margin) || (2 * recent <= prior && down - up >= margin);
}

DriftFinding Drift::finding(DriftKind kind, std::string_view name, const FleetSignal& fleet) {
  const auto accounts = std::count_if(fleet.accounts.begin(), fleet.accounts.end(),
                                      [](const FleetAccount& each) { return each.recent > 0 || each.prior > 0; });
  return {kind, name, {}, {}, fleet.recent, fleet.prior, static_cast<std::size_t>(accounts)};
}

DriftFinding Drift::quiet_finding(std::int64_t since) const {
  DriftFinding all{DriftKind::quiet, "*", {}, day(since), 0, 0, active_};
  for (std::size_t i = 0; i < signals_.size(); ++i)
    if (!is_reading(model_.signals[i].measure)) all.recent += signals_[i].recent, all.prior += signals_[i].prior;
  return all;
}

Vector<DriftFinding> Drift::findings(Memory* memory) const {
  Vector<DriftFinding> found(memory);
  Calendar calendar(kept_, memory);
  Vector<Rename> renamed = renames(calendar, memory);
  mark_quiet(renamed, &calendar, memory);
  std::int64_t quiet = 0;
  while (calendar.off(quiet)) ++quiet;
  if (quiet > 0) found.push_back(quiet_finding(quiet - 1));
  renamed = renames(calendar, memory);
  Vector<std::string_view> new_names(memory);
  auto rename = renamed.begin();
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    check_interrupt(memory);
    const Signal& signal = model_.signals[i];
    const FleetSignal& fleet = signals_[i];
    const bool has_names = rename != renamed.end() && rename->signal == i;
    for (; rename != renamed.end() && rename->signal == i; ++rename) {
      found.push_back(finding(DriftKind::renamed, signal.name, fleet));
      found.back().alias = rename->name->first;
      found.back().since = day(rename->change.age);
      found.back().recent = rename->name->second.recent;
      new_names.push_back(rename->name->first);
    }
    if (has_names) continue;
    if (!fleet.last) {
      if (signal.weight != 0) found.push_back(finding(DriftKind::never_seen, signal.name, fleet));
    } else if (is_reading(signal.measure)) {
      continue;
    } else if (const auto last = stopped(i, calendar, memory)) {
      found.push_back(finding(DriftKind::stopped, signal.name, fleet));
      found.back().since = *last + 1;
    } else if (const auto since = duplicated(fleet)) {
      found.push_back(finding(DriftKind::duplicated, signal.name, fleet));
      found.back().since = since;
    } else if (jumped(fleet, calendar)) {
      found.push_back(finding(DriftKind::jumped, signal.name, fleet));
    }
  }
  std::sort(new_names.begin(), new_names.end());
  Pulse pulse(memory);
  for (const auto& [name, fleet] : unknown_) {
    pulse.beat();
    if (fleet.recent == 0 || std::binary_search(new_names.begin(), new_names.end(), std::string_view(name))) continue;
    const bool fresh = age(*fleet.first) < model_.trend_days;
    found.push_back(finding(fresh ? DriftKind::fresh : DriftKind::unscored, name, fleet));
    if (fresh) found.back().since = fleet.first;
  }
  std::stable_sort(found.begin(), found.end(),
                   pulse.during([](const DriftFinding& a, const DriftFinding& b) { return a.kind < b.kind; }));
  return found;
}

void Drift::write(JsonWriter* out) const {
  Pulse pulse(out->memory());
  out->begin(JsonType::object);
  out->day("as_of", static_cast<Day>(as_of_));
  out->number("accounts", static_cast<double>(accounts_));
  out->key("findings");
  out->begin(JsonType::array);
  for (const DriftFinding& each : findings(out->memory())) {
    pulse.beat(kBeatsOfName);
    out->begin(JsonType::object);
    out->string("kind", drift_name(each.kind));
    out->string("signal", each.signal);
    if (!each.alias.empty()) out->string("alias", each.alias);
    out->day("since", each.since);
    out->number("recent", static_cast<double>(each.recent));
    out->number("prior", static_cast<double>(each.prior));
    out->number("accounts", static_cast<double>(each.accounts));
    out->end();
  }
  out->end();
  const auto write_signal = [&](std::string_view name, bool known, const FleetSignal& fleet) {
    pulse.beat(kBeatsOfName + bounded(static_cast<std::int64_t>(fleet.accounts.size())));
    const auto accounts = [&](std::uint32_t FleetAccount::*events) {
      return static_cast<double>(std::count_if(fleet.accounts.begin(), fleet.accounts.end(),
                                               [&](const FleetAccount& each) { return each.*events > 0; }));
    };
    out->begin(JsonType::object);
    out->string("signal", name);
    out->key("known");
    out->boolean(known);
    out->number("recent", static_cast<double>(fleet.recent));
    out->number("prior", static_cast<double>(fleet.prior));
    out->number("accounts_recent", accounts(&FleetAccount::recent));
    out->number("accounts_prior", accounts(&FleetAccount::prior));
    out->day("first", fleet.first);
    out->day("last", fleet.last);
    out->end();
  };
  out->key("signals");
  out->begin(JsonType::array);
  for (std::size_t i = 0; i < signals_.size(); ++i) write_signal(model_.signals[i].name, true, signals_[i]);
  for (const auto& [name, fleet] : unknown_) write_signal(name, false, fleet);
  out->end();
  out->end();
}

}  // namespace health
