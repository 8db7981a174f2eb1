#include "drift.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "interrupt.hpp"

namespace health {

namespace {

constexpr std::int64_t kWeek = 7, kWeeks = 4;
constexpr double kLeastExpected = 10, kLeastShareOfAccounts = 0.8;
constexpr double kAllEven = 0.95, kFewEven = 0.75;
constexpr double kLeastTwice = 1.6, kMostTwice = 2.4;
constexpr std::int64_t kLeastNumbers = 20, kLeastEvents = 50;
constexpr std::size_t kLeastAccounts = 5;
constexpr std::size_t kMostUnknown = 100'000;

// How many numbers of two ascending lists are in both, and in either.
struct Overlap {
  std::size_t both, either;
};
Overlap overlap_of(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  std::size_t both = 0;
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    if (*x == *y) ++both, ++x, ++y;
    else if (*x < *y) ++x;
    else ++y;
  }
  return {both, a.size() + b.size() - both};
}

void add_account(std::uint32_t account, Vector<std::uint32_t>* accounts) {
  if (accounts->empty() || accounts->back() != account) accounts->push_back(account);
}

// Names with a prefix that ends in a colon are one: user:17 and user:18.
std::string_view family_of(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? std::string_view() : name.substr(0, colon + 1);
}

void write_fleet_day(std::string_view key, std::optional<Day> day, JsonWriter* out) {
  if (day) out->day(key, *day);
}

}  // namespace

std::string_view drift_name(DriftKind kind) {
  switch (kind) {
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

std::int64_t FleetSignal::events(std::int64_t from_age, std::int64_t to_age) const {
  std::int64_t sum = 0;
  const auto size = static_cast<std::int64_t>(days.size());
  for (std::int64_t age = from_age; age < std::min(to_age, size); ++age)
    sum += days[static_cast<std::size_t>(age)].events;
  return sum;
}

Drift::Drift(const Model& model, std::int64_t as_of, Memory* memory)
    : model_(model),
      as_of_(as_of),
      days_(std::max<std::int64_t>(2 * model.trend_days, model.trend_days + kWeek * kWeeks)),
      signals_(memory),
      unknown_(memory),
      cells_(memory) {
  if (as_of < kFirstDay || as_of > kLastDay + 1)
    fail(kDateOutOfRange, "The date lies between 1970-01-01 and 2200-01-01.", "as_of is out of range: %s",
         DateText(static_cast<Day>(as_of)).text);
  signals_.reserve(model.signals.size());
  for (std::size_t i = 0; i < model.signals.size(); ++i) signals_.emplace_back(memory);
}

FleetSignal& Drift::unknown(std::string_view name) {
  const std::string_view family = family_of(name);
  ByteString key(family.empty() ? name : family, memory_of(cells_));
  if (!family.empty()) key += '*';
  const auto found = unknown_.find(key);
  if (found != unknown_.end()) return found->second.signal;
  if (unknown_.size() == kMostUnknown)
    fail(kTooLarge, "Put ids behind a prefix that ends in a colon: page:17 counts as page:*.",
         "health_drift takes at most %zu names that the model does not know", kMostUnknown);
  return unknown_.emplace(std::move(key), Unknown{FleetSignal(memory_of(cells_)), !family.empty()})
      .first->second.signal;
}

void Drift::take(const Scratch<Cell>& cells, FleetSignal* signal) {
  const auto past =
      std::partition_point(cells.begin(), cells.end(), [&](const Cell& cell) { return cell.day < as_of_; });
  if (past == cells.begin()) return;
  const Day first = cells.front().day, last = std::prev(past)->day;
  signal->first = std::min(signal->first.value_or(first), first);
  signal->last = std::max(signal->last.value_or(last), last);
  for (auto cell = past; cell != cells.begin();) {
    const std::int64_t age = this->age((--cell)->day);
    if (age >= days_) break;
    if (signal->days.empty()) signal->days.resize(static_cast<std::size_t>(days_));
    FleetDay& day = signal->days[static_cast<std::size_t>(age)];
    day.events += cell->count;
    ++day.cells;
    if (cell->count % 2 == 0) ++day.even;
    if (age < model_.trend_days) add_account(accounts_, &signal->recent);
    else if (age < 2 * std::int64_t{model_.trend_days}) add_account(accounts_, &signal->prior);
  }
  signal->feed.add({as_of_, model_.window_days, model_.weekend},
                   {cells.data(), static_cast<std::size_t>(past - cells.begin())});
}

void Drift::add(Bytes activity) {
  Model::Walk names(model_);
  ActivityReader reader(activity, memory_of(cells_));
  while (reader.next_signal()) {
    cells_.clear();
    reader.read_cells(&cells_, kAllDays);
    bool known = false;
    model_.find_prefixes(reader.name(), [&](std::int32_t signal) {
      known = true;
      take(cells_, &signals_[static_cast<std::size_t>(signal)]);
    });
    const std::int32_t signal = names.find(reader.name());
    if (signal != Model::kUnknown) take(cells_, &signals_[static_cast<std::size_t>(signal)]);
    else if (!known) take(cells_, &unknown(reader.name()));
  }
  ++accounts_;
}

// Events of the days from <= day < to, by the same weekdays of the four weeks before `from`.
double Drift::expected(const FleetSignal& signal, std::int64_t from, std::int64_t to) const {
  double sum = 0;
  for (std::int64_t day = from; day < to; ++day) {
    const std::int64_t weeks_since = (day - from) / kWeek + 1;  // to the last such weekday before `from`
    std::int64_t events = 0, weeks = 0;
    for (std::int64_t week = weeks_since; week < weeks_since + kWeeks; ++week) {
      const std::int64_t before = day - kWeek * week;
      if (before < signal.first || age(before) >= days_) break;
      events += signal.days[static_cast<std::size_t>(age(before))].events;
      ++weeks;
    }
    if (weeks > 0) sum += static_cast<double>(events) / static_cast<double>(weeks);
  }
  return sum;
}

// The unknown name that a signal goes on under, if there is one: the nearest in its number of events.
const Drift::Names::value_type* Drift::new_name(const Signal& signal, const FleetSignal& fleet) const {
  if (signal.gauge() || !fleet.last || fleet.days.empty()) return nullptr;
  const std::int64_t silent = std::int64_t{*fleet.last} + 1;
  if (silent >= as_of_ || age(silent) >= model_.trend_days || expected(fleet, silent, as_of_) < kLeastExpected)
    return nullptr;
  const Names::value_type* nearest = nullptr;
  double least = 0;
  for (const Names::value_type& each : unknown_) {
    const auto& [other, family] = each.second;
    if (family || !other.first || *other.first < *fleet.last) continue;
    if (expected(fleet, silent, *other.first) >= kLeastExpected) continue;  // there was a gap that is no weekend
    const double wanted = expected(fleet, *other.first, as_of_), has = static_cast<double>(recent(other));
    if (has < wanted / 2 || has > 2 * wanted) continue;
    const std::size_t before = overlap_of(other.recent, fleet.prior).both;
    const std::size_t had = std::max(before, overlap_of(other.recent, fleet.recent).both);
    if (static_cast<double>(had) < kLeastShareOfAccounts * static_cast<double>(other.recent.size())) continue;
    const double distance = std::fabs(has - wanted);
    if (nearest == nullptr || distance < least) nearest = &each, least = distance;
  }
  return nearest;
}

std::optional<Day> Drift::duplicated(const FleetSignal& fleet) const {
  FleetDay now, before;
  std::size_t age = 0;
  std::optional<Day> since;
  for (; age < fleet.days.size(); ++age) {
    const FleetDay& day = fleet.days[age];
    if (day.cells == 0) continue;
    if (day.even < kAllEven * day.cells) break;
    now += day;
    since = static_cast<Day>(as_of_ - 1 - static_cast<std::int64_t>(age));
  }
  for (; age < fleet.days.size(); ++age) before += fleet.days[age];
  if (now.cells < kLeastNumbers || before.cells < kLeastNumbers || before.even >= kFewEven * before.cells)
    return std::nullopt;
  const double times = now.mean() / before.mean();
  return times >= kLeastTwice && times <= kMostTwice ? since : std::nullopt;
}

// The last day of what is silent for all accounts: as a report flags it, where there are events to be expected since,
// or for the whole window.
std::optional<Day> Drift::stopped(const Signal& signal, const FleetSignal& fleet, Memory* memory) const {
  if (signal.gauge() || !fleet.last) return std::nullopt;
  if (*fleet.last < as_of_ - model_.window_days) return signal.weight != 0 ? fleet.last : std::nullopt;
  const std::optional<Day> last = fleet.feed.stopped({as_of_, model_.window_days, model_.weekend}, memory);
  if (!last || fleet.days.empty() || age(*last) >= days_) return last;
  return expected(fleet, std::int64_t{*last} + 1, as_of_) >= kLeastExpected ? last : std::nullopt;
}

bool Drift::jumped(const FleetSignal& fleet) const {
  const std::int64_t now = recent(fleet), before = prior(fleet);
  return before >= kLeastEvents && fleet.prior.size() >= kLeastAccounts && (now >= 2 * before || 2 * now <= before);
}

DriftFinding Drift::finding(DriftKind kind, std::string_view name, const FleetSignal& fleet) const {
  return {kind, name, {}, {}, recent(fleet), prior(fleet), overlap_of(fleet.recent, fleet.prior).either};
}

Vector<DriftFinding> Drift::findings(Memory* memory) const {
  Vector<DriftFinding> found(memory);
  Vector<std::string_view> new_names(memory);
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    check_interrupt(memory);
    const Signal& signal = model_.signals[i];
    const FleetSignal& fleet = signals_[i];
    if (!fleet.last) {
      if (signal.weight != 0) found.push_back(finding(DriftKind::never_seen, signal.name, fleet));
    } else if (const auto* other = new_name(signal, fleet)) {
      DriftFinding renamed = finding(DriftKind::renamed, signal.name, fleet);
      renamed.alias = other->first;
      renamed.since = other->second.signal.first;
      renamed.recent = recent(other->second.signal);
      found.push_back(renamed);
      new_names.push_back(other->first);
    } else if (const auto last = stopped(signal, fleet, memory)) {
      found.push_back(finding(DriftKind::stopped, signal.name, fleet));
      found.back().since = last;
    } else if (const auto since = signal.gauge() ? std::nullopt : duplicated(fleet)) {
      found.push_back(finding(DriftKind::duplicated, signal.name, fleet));
      found.back().since = since;
    } else if (!signal.gauge() && jumped(fleet)) {
      found.push_back(finding(DriftKind::jumped, signal.name, fleet));
    }
  }
  Pulse pulse(memory);
  for (const auto& [name, unknown] : unknown_) {
    pulse.beat();
    const FleetSignal& fleet = unknown.signal;
    if (recent(fleet) == 0 || std::find(new_names.begin(), new_names.end(), name) != new_names.end()) continue;
    const bool fresh = age(*fleet.first) < model_.trend_days;
    found.push_back(finding(fresh ? DriftKind::fresh : DriftKind::unscored, name, fleet));
    if (fresh) found.back().since = fleet.first;
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const DriftFinding& a, const DriftFinding& b) { return a.kind < b.kind; });
  return found;
}

void Drift::write(JsonWriter* out) const {
  out->begin(JsonType::object);
  write_fleet_day("as_of", static_cast<Day>(as_of_), out);
  out->number("accounts", static_cast<double>(accounts_));
  out->key("findings");
  out->begin(JsonType::array);
  for (const DriftFinding& each : findings(out->memory())) {
    out->begin(JsonType::object);
    out->string("kind", drift_name(each.kind));
    out->string("signal", each.signal);
    if (!each.alias.empty()) out->string("alias", each.alias);
    write_fleet_day("since", each.since, out);
    out->number("recent", static_cast<double>(each.recent));
    out->number("prior", static_cast<double>(each.prior));
    out->number("accounts", static_cast<double>(each.accounts));
    out->end();
  }
  out->end();
  const auto write_signal = [&](std::string_view name, bool known, const FleetSignal& fleet) {
    out->begin(JsonType::object);
    out->string("signal", name);
    out->key("known");
    out->boolean(known);
    out->number("recent", static_cast<double>(recent(fleet)));
    out->number("prior", static_cast<double>(prior(fleet)));
    out->number("accounts_recent", static_cast<double>(fleet.recent.size()));
    out->number("accounts_prior", static_cast<double>(fleet.prior.size()));
    write_fleet_day("first", fleet.first, out);
    write_fleet_day("last", fleet.last, out);
    out->end();
  };
  out->key("signals");
  out->begin(JsonType::array);
  for (std::size_t i = 0; i < signals_.size(); ++i) write_signal(model_.signals[i].name, true, signals_[i]);
  for (const auto& [name, unknown] : unknown_) write_signal(name, false, unknown.signal);
  out->end();
  out->end();
}

}  // namespace health
