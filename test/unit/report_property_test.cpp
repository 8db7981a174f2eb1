// Invariants of reports, on random populations: points, changes and distances add up, drivers come in order.
#include "core/report.hpp"

#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <tuple>

#include "brute_force.hpp"
#include "support.hpp"

namespace health {
namespace {

constexpr double kExact = 1e-9;

// ---------------------------------------------------------------- random populations

using Words = std::vector<std::string>;

// Mostly plain numbers; in a wild model anything from a millionth to a billion.
std::string fleet_weight(Random* random, bool wild) {
  if (random->one_in(12)) return "0";
  const Micros weight = wild ? static_cast<Micros>(std::pow(10, random->real(0, 15))) : random->between(1, 20) * kMicro;
  return micros_text(random->one_in(3) ? -weight : weight);
}

std::string fleet_signal(Random* random, const std::string& name, const std::string& weight) {
  const bool star = name.back() == '*';
  const std::string measure = star ? "distinct" : random->pick(Words{"count", "count", "days", "sum", "last"});
  std::ostringstream text;
  text << '"' << name << R"(": {"weight": )" << weight << R"(, "measure": ")" << measure << '"';
  if (random->one_in(3)) text << R"(, "unit": ")" << random->pick(Words{"raw", "score"}) << '"';
  if ((star || measure == "last") && random->one_in(2))
    text << R"(, "neutral": )" << micros_text(random->between(-2 * kMicro, 2 * kMicro));
  if (random->one_in(4)) text << R"(, "max_points": )" << random->pick(Words{"0", "0.5", "3", "40"});
  if (measure == "count" && random->one_in(3)) text << R"(, "daily_cap": )" << random->between(1, 3);
  if (measure == "last" && random->one_in(3)) text << R"(, "window_days": null)";
  else if (random->one_in(3)) text << (star ? R"(, "days": )" : R"(, "window_days": )") << random->between(1, 90);
  if (star && random->one_in(2)) text << R"(, "min_days": )" << random->between(1, 3);
  if (star && random->one_in(2)) text << R"(, "of": "size")";
  if (random->one_in(2)) text << R"(, "dimension": ")" << random->pick(Words{"adoption", "outcomes"}) << '"';
  text << '}';
  return text.str();
}

// JSON of a model without max_drivers and the opening brace. The signal `mirror` always has the events of `login`;
// where it has the opposite weight, the two cancel to the last bit.
std::string fleet_model(Random* random) {
  const bool wild = random->one_in(3);
  std::ostringstream text;
  text << R"("window_days": )" << random->between(1, 60) << R"(, "trend_days": )" << random->between(1, 40);
  if (random->one_in(3)) text << R"(, "half_life_days": )" << random->between(1, 40);
  else if (random->one_in(3)) text << R"(, "linear_days": )" << random->between(1, 60);
  if (random->one_in(2)) text << R"(, "percentile": )" << random->pick(Words{"0.5", "0.75", "0.99"});
  if (random->one_in(2)) text << R"(, "curve": ")" << random->pick(Words{"linear", "open"}) << '"';
  if (random->one_in(3)) text << R"(, "population": "all")";
  if (random->one_in(3))
    text << R"(, "baseline": )" << micros_text(static_cast<Micros>(std::pow(10, random->real(0, wild ? 18 : 9))));
  if (random->one_in(2)) text << R"(, "min_population": )" << random->between(0, 5);
  if (random->one_in(2)) text << R"(, "size_exponent": )" << random->pick(Words{"0", "0.5", "2"});
  if (random->one_in(3)) text << R"(, "green_from": )" << random->between(50, 100);
  else if (random->one_in(3)) text << ", " << random_bands(random);
  if (random->one_in(2)) text << R"(, "language": "fr")";
  const std::string weight = fleet_weight(random, wild);
  text << R"(, "signals": {"login": )" << weight;
  if (random->one_in(2)) text << R"(, "mirror": )" << (weight[0] == '-' ? weight.substr(1) : '-' + weight);
  for (const char* name : {"absent", "export", "nps", "old_nps", "seconds", "ticket", "user:1", "user:*"})
    if (random->one_in(2)) text << ", " << fleet_signal(random, name, fleet_weight(random, wild));
  text << "}}";
  return text.str();
}

// Steady, silent for a while, new, a few events, or nothing at all; some events are later than as_of.
Reference fleet_activity(Random* random) {
  Reference reference;
  const auto first = static_cast<Day>(kAsOf - (random->one_in(4) ? random->between(1, 30) : random->between(30, 150)));
  const auto last = static_cast<Day>(kAsOf + (random->one_in(3) ? -random->between(1, 60) : 5));
  for (const char* name : {"login", "export", "nps", "seconds", "ticket", "user:1", "user:2", "unknown"}) {
    if (first >= last || random->one_in(2)) continue;
    const bool steady = random->one_in(4);
    for (auto left = steady ? last - first : random->between(1, 6); left > 0; --left) {
      const auto day = static_cast<Day>(steady ? last - left : random->between(first, last - 1));
      reference[name][day] = steady ? Cell{day, 2, 2, 3 * kMicro} : random_cell(random, day);
    }
  }
  if (reference.contains("login")) reference["mirror"] = reference["login"];
  return reference;
}

struct FleetAccount {
  bool known;
  Buffer activity;
  AccountSize size;
};

std::vector<FleetAccount> fleet_accounts(Random* random) {
  std::vector<FleetAccount> accounts;
  const bool sized = random->one_in(2), all_sized = random->one_in(2);
  for (auto left = random->one_in(4) ? random->between(20, 40) : random->between(1, 12); left > 0; --left) {
    FleetAccount account{!random->one_in(20), encode(fleet_activity(random)), {}};
    if (!accounts.empty() && random->one_in(6)) account.activity = random->pick(accounts).activity;
    if (sized && (all_sized || random->one_in(2)))
      account.size = random->one_in(4) ? random->real(0.01, 1) : static_cast<double>(random->between(1, 500));
    accounts.push_back(account);
  }
  return accounts;
}

// ---------------------------------------------------------------- what the contributions say

struct Moment {
  Evaluation evaluation;
  std::vector<double> contributions;
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const double low = values[(values.size() - 1) / 2], high = values[values.size() / 2];
  return low + (high - low) / 2;
}

// The reference: a population at both dates, and its profile, from the contributions of its accounts.
struct Truth {
  Truth(const Model& with, std::vector<FleetAccount> accounts) : model(with) {
    std::vector<double> sizes;
    for (const FleetAccount& account : accounts)
      if (account.known && account.size.has_value()) sizes.push_back(*account.size);
    Ledger ledger(heap());
    for (FleetAccount& account : accounts) {
      const bool missing = !account.size.has_value() && !sizes.empty();
      if (missing) account.size = median(sizes);
      divisors.push_back(account.size ? std::pow(*account.size, model.size_exponent) : 1);
      ledger.load(account.activity, model);
      now.push_back(at(kAsOf, account.size, &ledger));
      before.push_back(at(kAsOf - model.trend_days, account.size, &ledger));
      counted.push_back(account.known && !missing);
    }
    std::vector<double> raws = eligible_raws(now), raws_before = eligible_raws(before);
    has_profile = !raws.empty();
    if (has_profile) find_profile(median(raws));
    baseline = baseline_of(raws, baseline_terms(model), heap());
    baseline_before = baseline_of(raws_before, baseline_terms(model), heap());
  }

  double f(double raw) const { return normalized(raw, baseline, model); }
  double f_before(double raw) const { return normalized(raw, baseline_before, model); }
  bool is_raw(std::size_t signal) const { return model.signals[signal].unit == Unit::raw; }
  // Whether any raw signal contributes another amount there than here.
  bool differ(const std::vector<double>& here, const std::vector<double>& there) const {
    for (std::size_t i = 0; i < here.size(); ++i)
      if (is_raw(i) && here[i] != there[i]) return true;
    return false;
  }

  const Model& model;
  std::vector<Moment> now, before;
  std::vector<double> divisors;  // size^size_exponent
  std::vector<bool> counted;     // accounts that make the baseline where they are eligible
  Baseline baseline{}, baseline_before{};
  bool has_profile;
  std::vector<double> profile;
  double profile_raw = 0;

 private:
  Moment at(Day as_of, AccountSize size, Ledger* ledger) const {
    Moment moment;
    moment.evaluation = evaluate_all(ledger, model, as_of, size, &moment.contributions);
    return moment;
  }
  std::vector<double> eligible_raws(const std::vector<Moment>& moments) const {
    std::vector<double> raws;
    for (std::size_t i = 0; i < moments.size(); ++i)
      if (counted[i] && eligible(moments[i].evaluation.raw, model)) raws.push_back(moments[i].evaluation.raw);
    return raws;
  }
  void find_profile(double middle) {
    for (std::size_t signal = 0; signal < model.signals.size(); ++signal) {
      std::vector<double> contributions;
      for (std::size_t i = 0; i < now.size(); ++i)
        if (const double raw = now[i].evaluation.raw; counted[i] && eligible(raw, model) && raw >= middle)
          contributions.push_back(now[i].contributions[signal]);
      profile.push_back(is_raw(signal) ? median(contributions) : 0);
      profile_raw += profile.back();
    }
  }
};

// ---------------------------------------------------------------- what the report says

struct Row : DriverRow {  // as it is written
  std::size_t index = 0;  // in the model, where there is a signal
};

struct Reported {
  Reported(Accounts* population, const Model& model, std::size_t index) {
    report = population->report(index, arena.memory());
    for (const DriverRow& driver : report.drivers) {
      Row& row = rows.emplace_back(Row{as_written(driver)});
      while (row.index < model.signals.size() && model.signals[row.index].name != row.signal) ++row.index;
    }
    for (const double points : report.dimensions) by_dimension += points;
  }

  Arena arena;
  ReportRow report;
  std::vector<Row> rows;
  double by_dimension = 0;
};

// ---------------------------------------------------------------- what is told, by the page

// When an account was there.
struct Presence {
  std::optional<Day> first;  // with activity of any name
  std::set<Day> usage;       // days with usage
};

Presence presence_of(const Reference& activity, const Model& model) {
  Presence presence;
  for (const auto& [name, days] : activity) {
    const bool usage = std::any_of(model.signals.begin(), model.signals.end(), [&, &name = name](const Signal& signal) {
      return signal.usage && matches(name, std::string_view(signal.name));
    });
    for (const auto& [day, cell] : days) {
      if (day >= kAsOf) continue;
      presence.first = std::min(presence.first.value_or(day), day);
      if (usage) presence.usage.insert(day);
    }
  }
  return presence;
}

// No working day is longer than a day: these models have no weekend.
bool silent_by_rhythm(const std::set<Day>& days, const Model& model) {
  const Day last = *days.rbegin();
  const std::int64_t window = std::min<std::int64_t>(model.window_days, last - *days.begin() + 1);
  std::int64_t active = 0, gap = 0, run = 0;
  for (auto day = static_cast<Day>(last - window + 1); day <= last; ++day) {
    active += days.count(day) != 0 ? 1 : 0;
    run = days.count(day) != 0 ? 0 : run + 1;
    gap = std::max(gap, run);
  }
  const double rhythm = static_cast<double>(window) / static_cast<double>(active);
  const std::int64_t silence = kAsOf - 1 - last;
  return silence >= model.silent_days && static_cast<double>(silence) >= 3 * rhythm && silence > gap;
}

struct Fleet {
  Fleet(const Model& model, const std::vector<FleetAccount>& accounts) {
    std::vector<double> inactive;
    for (const FleetAccount& account : accounts) {
      each.push_back(account.known ? presence_of(decode(account.activity), model) : Presence{});
      if (!each.back().usage.empty()) inactive.push_back(kAsOf - 1 - *each.back().usage.rbegin());
    }
    stale = inactive.empty() || *std::min_element(inactive.begin(), inactive.end()) >= 2;
    if (!inactive.empty() && inactive.size() >= static_cast<std::size_t>(model.min_population))
      days_inactive = median(inactive);
  }
  bool silent(const Model& model, std::size_t account) const {
    const std::set<Day>& days = each[account].usage;
    return !days.empty() && !stale && silent_by_rhythm(days, model) &&
           !(days_inactive && *days_inactive >= kAsOf - 1 - *days.rbegin());
  }

  std::vector<Presence> each;
  bool stale;
  std::optional<double> days_inactive;  // median
};

// Something to tell, of a row or else of the account.
struct Telltale {
  std::size_t row;
  std::string_view kind;  // where it is of the account
  int rank = 0;
  double key = 0, change = 0;
};
constexpr std::size_t kAccount = 1000;

// What a report has to tell of its rows. `sure` turns false where digits that are not printed decide.
class Page {
 public:
  Page(const Truth& truth, const Fleet& fleet, std::size_t account, const Reported& reported)
      : truth_(truth),
        model_(truth.model),
        now_(truth.now[account]),
        before_(truth.before[account]),
        divisor_(truth.divisors[account]),
        report_(reported.report),
        rows_(reported.rows) {
    const Presence& presence = fleet.each[account];
    silent_ = fleet.silent(model_, account);
    never_ = model_.has_usage() && presence.usage.empty();
    if (presence.first) age_ = kAsOf - *presence.first;
    young_ = age_ && *age_ < model_.min_tenure_days;
    best_ = report_.score >= model_.bands.back().cut;
    weigh_usage();
    rank_risks();
    if (!report_.previous_score) tell_first();
    else if (std::fabs(change()) >= model_.trend_points &&
             std::floor(report_.score) != std::floor(*report_.previous_score))
      tell_movers(change() < 0 ? -1 : 1);
    else tell_state();
  }

  bool sure = true, still = false;
  std::vector<Telltale> told, risks;  // the reason, and main_risk's order
  bool opportunity() const {
    const bool up =
        report_.band != kWorstBand && report_.previous_score && change() >= model_.trend_points && change() > 0;
    if ((!best_ && !up) || silent_ || never_ || usage_kind_ != "up" || usage_points_ <= 0) return false;
    return std::none_of(rows_.begin(), rows_.end(),
                        [&](const Row& row) { return row.kind == "risk" && cost(row) >= model_.risk_points; });
  }
  // Places of the rows of signals: as the reason tells them, then by risk, then by points.
  std::vector<std::size_t> order() {
    std::vector<std::tuple<std::size_t, int, double, std::size_t, std::size_t>> places;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i].signal.empty()) continue;
      std::size_t place = told.size();
      for (std::size_t k = told.size(); k-- > 0;)
        if (told[k].row == i) place = k;
      const auto [rank, key] = rank_of(rows_[i]);
      places.emplace_back(place, rank, rank == kNone ? -rows_[i].points : key, rows_[i].index, i);
    }
    std::sort(places.begin(), places.end());
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto& [place, rank, key, index, row] = places[i];
      rows.push_back(row);
      if (i == 0 || std::get<0>(places[i - 1]) != place || std::get<1>(places[i - 1]) != rank) continue;
      near(std::get<2>(places[i - 1]), key, std::get<4>(places[i - 1]), row);
    }
    return rows;
  }

 private:
  static constexpr int kNone = 10;
  // It was there in all of the days that recent and prior are about.
  bool compares() const { return !age_ || *age_ >= 2 * std::int64_t{model_.trend_days}; }
  double change() const { return report_.score - *report_.previous_score; }
  bool usage(const Row& row) const { return !row.signal.empty() && signal_of(row).usage; }
  const Signal& signal_of(const Row& row) const { return model_.signals[row.index]; }
  bool hidden(const Row& row) const { return (silent_ || never_) && usage(row); }
  bool covered(const Row& row) const {
    return usage(row) && (usage_kind_ == "down" ? row.kind == "down" : row.kind == "up" || row.kind == "new");
  }
  // What the score would be more without it, before the caps.
  double cost(const Row& row) const {
    const double c = std::min(0.0, now_.contributions[row.index]), raw = now_.evaluation.raw;
    return truth_.is_raw(row.index) ? truth_.f(raw - c) - truth_.f(raw) : -c;
  }

  // Of numbers that are printed with less digits than they have.
  bool at_least(double value, double limit) {
    if (std::fabs(value - limit) < kExact * (1 + std::fabs(limit))) sure = false;
    return value >= limit;
  }
  bool at_most(double value, double limit) { return at_least(-value, -limit); }
  // Keys of neighbours in an order, which names decide where both are nothing.
  void near(double a, double b, std::size_t row, std::size_t other) {
    if (std::fabs(a - b) >= kExact * (1 + std::fabs(a))) return;
    const auto nothing = [&](std::size_t i) { return i != kAccount && now_.contributions[rows_[i].index] == 0; };
    if (a != b || !nothing(row) || !nothing(other)) sure = false;
  }

  void weigh_usage() {
    double recent = 0, prior = 0;
    int downs = 0, ups = 0;
    for (const Row& row : rows_) {
      if (!usage(row) || row.kind == "no_data") continue;
      downs += row.kind == "down" ? 1 : 0;
      ups += row.kind == "up" || row.kind == "new" ? 1 : 0;
      if (signal_of(row).gauge()) continue;
      const double weight = static_cast<double>(signal_of(row).weight) / 1e6;
      recent += weight * row.recent.value_or(0);
      prior += weight * row.prior.value_or(0);
    }
    if (!(prior > 0) || !compares()) return;
    usage_pct_ = 100 * (recent - prior) / prior;
    if (silent_ || never_) return;
    if (downs >= 3 && at_most(usage_pct_, -20)) usage_kind_ = "down";
    if (ups >= 3 && at_least(usage_pct_, 20)) usage_kind_ = "up";
    if (usage_kind_.empty()) return;
    for (const Row& row : rows_) {
      if (!covered(row)) continue;
      usage_change_ += row.change.value_or(0);
      usage_points_ += row.points;
    }
  }

  double regained(const Row& row) const {
    const double lost =
        static_cast<double>(signal_of(row).weight) / 1e6 * (row.prior.value_or(0) - row.recent.value_or(0));
    const double raw = now_.evaluation.raw;
    return truth_.f(raw + lost / (signal_of(row).divided_by_size() ? divisor_ : 1)) - truth_.f(raw);
  }

  std::pair<int, double> rank_of(const Row& row) {
    const double lost = -row.change.value_or(0), taken = cost(row);
    const bool costly = taken > 0 && taken >= model_.risk_points, penalty = row.kind == "risk";
    if (row.kind == "no_data") return {kNone, 0};
    if (penalty && costly && *row.days_inactive < model_.trend_days) return {1, -taken};
    if (!young_ && lost > 0 && at_least(lost, model_.risk_points)) return {3, -lost};
    if (!young_ && row.kind == "member_silent") return {4, 0};
    if (!young_ && (row.kind == "inactive" || row.kind == "down")) {
      const double had = before_.contributions[row.index], all = before_.evaluation.positive;
      const bool mattered = report_.previous_score && all > 0 && had >= 0.1 * all;
      if (mattered && !truth_.is_raw(row.index)) sure = false;  // the page knows points of raw signals here
      if (mattered) return {6, -regained(row)};
    }
    const bool better = row.kind == (signal_of(row).weight > 0 ? "rose" : "fell");
    if ((penalty || signal_of(row).by_value()) && costly && !better && !at_least(-lost, 1)) return {7, -taken};
    if (!young_ && !best_ && row.vs_peers && at_most(*row.vs_peers, -5)) return {8, *row.vs_peers};
    return {kNone, 0};
  }

  void rank_risks() {
    double lost = 0;
    for (const Row& row : rows_) lost += usage(row) ? row.change.value_or(0) : 0;
    account_change_ = lost;
    if (silent_ || (never_ && !young_)) risks.push_back({kAccount, silent_ ? "silent" : "never_active", 2, 0, lost});
    const bool down =
        usage_kind_ == "down" && !young_ && usage_change_ < 0 && at_most(usage_change_, -model_.risk_points);
    if (down) risks.push_back({kAccount, "down", 3, usage_change_, usage_change_});
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i].signal.empty() || hidden(rows_[i]) || (down && covered(rows_[i]))) continue;
      const auto [rank, key] = rank_of(rows_[i]);
      if (rank == 4 && (silent_ || never_)) continue;
      if (rank != kNone) risks.push_back({i, {}, rank, key, rows_[i].change.value_or(0)});
    }
    const bool low = model_.has_raw() && model_.has_usage() && !degenerate(truth_.baseline) &&
                     now_.evaluation.raw < *truth_.baseline / 2;
    if (low && !young_ && !best_ && !silent_ && !never_) risks.push_back({kAccount, "low", 9, 0, 0});
    sort(&risks, [](const Telltale& fact) { return std::pair(fact.rank, fact.key); });
  }
  // Ties: facts of the account, then signals by name.
  template <class Key>
  void sort(std::vector<Telltale>* facts, Key key) {
    const auto whole = [&](const Telltale& fact) {
      return std::tuple(key(fact), fact.row != kAccount, fact.row == kAccount ? 0 : rows_[fact.row].index);
    };
    std::sort(facts->begin(), facts->end(), [&](const Telltale& a, const Telltale& b) { return whole(a) < whole(b); });
    for (std::size_t i = 1; i < facts->size(); ++i) {
      const Telltale &a = (*facts)[i - 1], &b = (*facts)[i];
      if (key(a).first == key(b).first && a.rank != 4) near(key(a).second, key(b).second, a.row, b.row);
    }
  }

  std::vector<Telltale> movers(double sign, bool any) {
    std::vector<Telltale> facts;
    const auto add = [&](std::size_t row, std::string_view kind, double moved) {
      const bool told = any ? sign * moved > 0 : at_least(sign * moved, 1);
      if (told) facts.push_back({row, kind, 0, -sign * moved, moved});
      return told;
    };
    const bool silence =
        sign < 0 && (silent_ || never_) && add(kAccount, silent_ ? "silent" : "never_active", account_change_);
    covers_ = usage_kind_ == (sign < 0 ? "down" : "up") && add(kAccount, usage_kind_, usage_change_);
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (!(silence && hidden(rows_[i])) && !(covers_ && covered(rows_[i]))) add(i, {}, rows_[i].change.value_or(0));
    return facts;
  }
  bool any_usage_moved() const {
    return std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) {
      return usage(row) && !signal_of(row).gauge() && row.kind != "no_data" &&
             (row.recent.value_or(0) - row.prior.value_or(0)) * usage_pct_ > 0;
    });
  }
  void tell_movers(double sign) {
    told = movers(sign, false);
    if (told.empty() && !silent_ && !never_ && any_usage_moved() && at_least(sign * usage_pct_, 1)) {
      told = {{kAccount, sign < 0 ? "down" : "up"}};
    } else {
      if (told.empty()) told = movers(sign, true);
      sort(&told, [](const Telltale& fact) { return std::pair(0, fact.key); });
      double all = 0;
      for (const Row& row : rows_) all += std::max(0.0, sign * row.change.value_or(0));
      // What the others did is told where it is a third of it.
      const auto others = std::find_if(told.begin(), told.end(), [&](const Telltale& fact) {
        return fact.row != kAccount && rows_[fact.row].kind == "baseline";
      });
      if (told.size() > 1 && others != told.end() && !at_least(sign * others->change, all / 3)) told.erase(others);
      if (told.size() > 3) told.resize(3);
      while (told.size() > 1 && !at_least(sign * told.back().change, all / 20)) told.pop_back();
    }
    if (sign < 0 || risks.empty()) return;
    if (covers_ && risks[0].row != kAccount && covered(rows_[risks[0].row])) return;
    for (const Telltale& fact : told)
      if (fact.row == risks[0].row && fact.kind == risks[0].kind) return;
    if (told.size() == 3) told.pop_back();
    told.push_back(risks[0]);
    still = true;
  }
  // What fell by a fifth is no strength to tell.
  bool falling(const Row& row) {
    if (row.kind == "down" || (row.kind == "fell" && signal_of(row).weight > 0)) return true;
    if (signal_of(row).gauge() || row.prior.value_or(0) <= 0 || !compares()) return false;
    return at_most(100 * (row.recent.value_or(0) - *row.prior) / *row.prior, -20);
  }
  void add_strengths() {
    std::vector<Telltale> strengths;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const Row& row = rows_[i];
      const bool is_told = std::any_of(told.begin(), told.end(), [&](const Telltale& fact) { return fact.row == i; });
      if (row.signal.empty() || hidden(row) || is_told || row.kind == "no_data") continue;
      if ((covers_ && covered(row)) || falling(row)) continue;
      if (row.points == 0 && now_.contributions[row.index] != 0) sure = false;  // less than is printed
      if (row.points > 0) strengths.push_back({i, {}, 0, -row.points});
    }
    sort(&strengths, [](const Telltale& fact) { return std::pair(0, fact.key); });
    for (const Telltale& fact : strengths)
      if (told.size() < 3) told.push_back(fact);
  }
  // What is green is told by its strengths, and then by what is left to watch.
  void tell_state() {
    const std::size_t most = best_ ? 1 : 3;
    told.assign(risks.begin(), risks.begin() + static_cast<std::ptrdiff_t>(std::min(most, risks.size())));
    if (!best_) return;
    covers_ = !risks.empty() && risks[0].kind == "down";
    add_strengths();
    still = !risks.empty() && told.size() > 1;
    if (still) std::rotate(told.begin(), told.begin() + 1, told.end());
  }
  void tell_first() {
    if (young_) told.push_back({kAccount, "new"});
    if (young_ && never_) told.push_back({kAccount, "never_active"});
    for (const Telltale& fact : risks)
      if (told.size() < 3 && fact.rank < 8) told.push_back(fact);
    if (!silent_) add_strengths();
  }

  const Truth& truth_;
  const Model& model_;
  const Moment &now_, &before_;
  const double divisor_;
  const ReportRow& report_;
  const std::vector<Row>& rows_;
  bool silent_, never_, young_, best_, covers_ = false;
  std::optional<std::int64_t> age_;
  double usage_pct_ = 0, usage_change_ = 0, usage_points_ = 0, account_change_ = 0;
  std::string_view usage_kind_;
};

// The facts of a reason, without what stands before and between them.
std::vector<std::string> facts_of_reason(std::string_view reason) {
  std::vector<std::string> facts;
  const std::size_t colon = reason.find(": ");
  if (colon == reason.npos) return facts;
  reason = reason.substr(colon + 2, reason.size() - colon - 3);
  if (reason == "nothing new" || reason == "rien de nouveau") return facts;
  for (bool more = true; more;) {
    const std::size_t end = reason.find("; ");
    std::string_view fact = reason.substr(0, end);
    if (fact.ends_with("\u00A0")) fact.remove_suffix(2);
    for (const std::string_view still : {"but ", "mais "})
      if (fact.starts_with(still)) fact.remove_prefix(still.size());
    facts.emplace_back(fact);
    more = end != reason.npos;
    if (more) reason.remove_prefix(end + 2);
  }
  return facts;
}

// Without its first letter, which is small within a sentence.
std::string_view rest_of(std::string_view text) { return text.substr(std::min<std::size_t>(text.size(), 1)); }

bool tells(std::string_view sentence, const Telltale& fact, const std::vector<Row>& rows) {
  if (fact.row != kAccount) {
    // A second comparison with the peers is told in short.
    const std::string_view text = rows[fact.row].text, begin = sentence.substr(0, sentence.rfind(" ("));
    return rest_of(sentence) == rest_of(text) || text.starts_with(begin);
  }
  static const std::map<std::string_view, Words> kBegins = {
      {"silent", {"obody active ", "lus personne "}},
      {"never_active", {"o activity ", "ucune activité "}},
      {"new", {"ew, day ", "ouveau client, jour "}},
      {"down", {"sage down ", "sage en baisse de "}},
      {"up", {"sage up ", "sage more than tripled ", "sage en hausse de ", "sage plus que triplé "}},
      {"low", {"sage at ", "sage à "}}};
  const Words& begins = kBegins.at(fact.kind);
  return std::any_of(begins.begin(), begins.end(),
                     [&](const std::string& each) { return rest_of(sentence).starts_with(each); });
}

// Checks of the invariants, and how often each applied.
class Claims {
 public:
  long sums = 0, changes = 0, baselines = 0, frozen = 0, unmoved = 0, peers = 0, folded = 0, ordered = 0, stills = 0,
       opportunities = 0, told[4] = {}, ranks[10] = {};

  void check_sums(const Truth& truth, std::size_t account, const Reported& reported) {
    const ReportRow& report = reported.report;
    double points = 0, vs_peers = 0;
    for (const Row& row : reported.rows) {
      points += row.points;
      vs_peers += row.vs_peers.value_or(0);
      if (row.signal.empty()) continue;
      ASSERT_EQ(row.change.has_value(), report.score_change.has_value()) << row.signal;
      ASSERT_EQ(row.vs_peers.has_value(), truth.has_profile && truth.is_raw(row.index)) << row.signal;
    }
    ASSERT_NEAR(points, report.score, kExact);
    ASSERT_NEAR(reported.by_dimension, report.score, kExact);
    ++sums;
    if (report.score_change.has_value()) check_change(truth, account, reported);
    const Moment& now = truth.now[account];
    if (!truth.has_profile || !truth.differ(truth.profile, now.contributions)) return;
    ASSERT_NEAR(vs_peers, truth.f(now.evaluation.raw) - truth.f(truth.profile_raw), kExact);
    ++peers;
  }

  // By explanation.md, where every driver is listed.
  void check_told(const Truth& truth, const Fleet& fleet, std::size_t account, const Reported& reported) {
    const auto& [report, rows] = std::tie(reported.report, reported.rows);
    if (std::any_of(rows.begin(), rows.end(), [](const Row& row) { return row.kind == "other"; })) return;
    Page page(truth, fleet, account, reported);
    const std::vector<std::size_t> order = page.order();
    if (!page.sure) return;
    const std::vector<std::string> facts = facts_of_reason(report.reason);
    ASSERT_EQ(facts.size(), page.told.size()) << report.reason;
    for (std::size_t i = 0; i < facts.size(); ++i) {
      ASSERT_TRUE(tells(facts[i], page.told[i], rows) ||
                  (page.still && i + 1 == facts.size() && rest_of(facts[i]) == rest_of(report.main_risk)))
          << facts[i] << " is no. " << i << " of " << report.reason;
    }
    ++told[facts.size()];
    stills += page.still ? 1 : 0;
    ASSERT_EQ(report.main_risk.empty(), page.risks.empty()) << report.main_risk;
    if (!page.risks.empty()) {
      const Telltale& risk = page.risks[0];
      ASSERT_EQ(report.main_risk_signal, risk.row == kAccount ? "" : rows[risk.row].signal) << report.main_risk;
      ASSERT_TRUE(risk.row != kAccount || tells(report.main_risk, risk, rows)) << report.main_risk;
      ++ranks[risk.rank];
    }
    ASSERT_EQ(!report.main_opportunity.empty(), page.opportunity()) << report.main_opportunity;
    opportunities += page.opportunity() ? 1 : 0;
    for (std::size_t i = 0; i < order.size(); ++i) ASSERT_EQ(order[i], i) << rows[i].signal << " among the drivers";
    ++ordered;
  }

  // `whole` has room for every driver.
  void check_folding(std::size_t most, const Reported& reported, const Reported& whole) {
    const auto signals = [](const Reported& any) {
      return static_cast<std::size_t>(
          std::count_if(any.rows.begin(), any.rows.end(), [](const Row& row) { return !row.signal.empty(); }));
    };
    const std::size_t all = signals(whole), shown = std::min(all, most);
    ASSERT_EQ(signals(reported), shown);
    double points = 0, change = 0, vs_peers = 0;  // of those that are not shown
    for (std::size_t i = 0; i < all; ++i) {
      const Row& row = whole.rows[i];
      ASSERT_FALSE(row.signal.empty());  // signals first
      if (i < shown) {
        ASSERT_EQ(reported.rows[i].text, row.text);
        ASSERT_EQ(reported.rows[i].points, row.points);
        continue;
      }
      points += row.points;
      change += row.change.value_or(0);
      vs_peers += row.vs_peers.value_or(0);
    }
    const bool moved = !whole.rows.empty() && whole.rows.back().kind == "baseline";
    ASSERT_EQ(whole.rows.size(), all + (moved ? 1 : 0));
    ASSERT_EQ(reported.rows.size(), shown + (all > shown ? 1 : 0) + (moved ? 1 : 0));
    if (all == shown) return;
    const Row& other = reported.rows[shown];
    ASSERT_EQ(other.kind, "other");
    ASSERT_NEAR(other.points, points, kExact);
    ASSERT_NEAR(other.change.value_or(0), change, kExact);
    ASSERT_NEAR(other.vs_peers.value_or(0), vs_peers, kExact);
    ++folded;
  }

 private:
  void check_change(const Truth& truth, std::size_t account, const Reported& reported) {
    const Moment &now = truth.now[account], &before = truth.before[account];
    double change = 0, moved = 0;
    for (const Row& row : reported.rows) {
      change += *row.change;
      if (row.kind == "baseline") {
        moved = *row.change;
        ASSERT_NE(moved, 0);
      }
      if (row.signal.empty()) continue;
      if (now.contributions[row.index] != before.contributions[row.index]) continue;
      ASSERT_EQ(*row.change, 0) << row.signal;
      ++unmoved;
    }
    ASSERT_NEAR(change, reported.report.score - *reported.report.previous_score, kExact);
    ++changes;
    // Where no raw signal moved, the last bits of the raw score belong to none; cancelling weights can make them
    // matter.
    const double raw =
        truth.differ(before.contributions, now.contributions) ? before.evaluation.raw : now.evaluation.raw;
    const auto score = [&](double e) { return adjusted(e, before.evaluation.praise, before.evaluation.penalty).score; };
    ASSERT_NEAR(moved, score(truth.f(raw)) - score(truth.f_before(before.evaluation.raw)), kExact);
    baselines += moved != 0 ? 1 : 0;
    if (truth.model.baseline == kNone || std::fabs(truth.f(raw) - truth.f(before.evaluation.raw)) > kExact) return;
    ASSERT_EQ(moved, 0);
    ++frozen;
  }
};

std::unique_ptr<Accounts> population_of(const Model& model, const std::vector<FleetAccount>& accounts, Memory* memory) {
  auto population = std::make_unique<Accounts>(Wanted::report, model, kAsOf, memory);
  for (const FleetAccount& account : accounts) population->add_account(account.known, account.size);
  for (std::size_t i = 0; i < accounts.size(); ++i)
    if (accounts[i].known) population->evaluate_account(i, accounts[i].activity);
  population->close();
  return population;
}

class RandomReports : public testing::TestWithParam<int> {};

// Eight parts of 13,000 reports (see rounds), so that they can run side by side.
TEST_P(RandomReports, AddUpAndKeepTheirOrder) {
  Random random(static_cast<std::uint64_t>(GetParam()));
  Claims claims;
  while (claims.sums < rounds(13'000)) {
    const std::string text = fleet_model(&random);
    const auto most = static_cast<std::size_t>(random.between(1, 10));
    const auto model = model_of("{\"max_drivers\": " + std::to_string(most) + ", " + text);
    const std::vector<FleetAccount> accounts = fleet_accounts(&random);
    Arena arena;
    const auto population = population_of(*model, accounts, arena.memory());
    const auto roomy = random.one_in(8) ? model_of("{\"max_drivers\": 10000, " + text) : nullptr;
    const auto whole = roomy ? population_of(*roomy, accounts, arena.memory()) : nullptr;
    const Truth truth(*model, accounts);
    const Fleet fleet(*model, accounts);
    for (std::size_t i = 0; i < accounts.size(); ++i) {
      if (!accounts[i].known) continue;
      const Reported reported(population.get(), *model, i);
      claims.check_sums(truth, i, reported);
      claims.check_told(truth, fleet, i, reported);
      if (roomy) claims.check_folding(most, reported, Reported(whole.get(), *roomy, i));
      if (HasFatalFailure()) FAIL() << "account " << i << " of {" << text;
    }
  }
  for (const long tested :
       {claims.sums, claims.changes, claims.baselines, claims.frozen, claims.unmoved, claims.peers, claims.folded,
        claims.ordered, claims.stills, claims.told[0], claims.told[3], claims.ranks[1], claims.ranks[2],
        claims.ranks[3], claims.ranks[4], claims.ranks[6], claims.ranks[7], claims.ranks[8], claims.ranks[9]})
    EXPECT_GT(tested, kSanitized ? 0 : 50);
}
INSTANTIATE_TEST_SUITE_P(Seeds, RandomReports, testing::Range(1, 9));

// ---------------------------------------------------------------- scorecards

// A measure of a scorecard: how its value is read, and what of it is the best.
std::string card_measure(Random* random, const std::string& name) {
  const bool star = name.back() == '*';
  const std::string measure =
      star ? "distinct"
           : random->pick(Words{"last", "last", "mean", "recency", "ratio", "trend", "count", "days", "sum"});
  const bool gauge = is_gauge(*measure_of_name(measure));
  std::ostringstream text;
  text << '"' << name << R"(": {"weight": )" << random->between(1, 40) << R"(, "measure": ")" << measure << '"';
  if (measure == "ratio") text << R"(, "of": "ticket")";
  const bool of_size = star && random->one_in(2);
  if (of_size) text << R"(, "of": "size")";
  const bool best_is_one = measure == "recency" || of_size;
  if (!gauge || random->one_in(2))
    text << (random->one_in(2) ? R"(, "scale": )" : R"(, "steps": )") << random_points(random);
  else if (!best_is_one || random->one_in(2)) text << R"(, "out_of": )" << random->pick(Words{"1", "5", "0.3"});
  if ((measure == "last" || measure == "mean") && random->one_in(4)) text << R"(, "window_days": null)";
  else if (random->one_in(2)) text << (star ? R"(, "days": )" : R"(, "window_days": )") << random->between(1, 60);
  if (random->one_in(2)) text << R"(, "dimension": ")" << random->pick(Words{"adoption", "outcomes"}) << '"';
  text << '}';
  return text.str();
}

struct Card {
  std::unique_ptr<Model> model, unbounded;  // the latter without dimension_caps
  bool raw;
  std::string text;
};

Card random_card(Random* random) {
  Words signals;
  Card card{};
  card.raw = random->one_in(2);
  if (card.raw) signals.push_back("\"login\": " + std::to_string(random->between(1, 20)));
  if (card.raw && random->one_in(2)) signals.push_back(R"("seconds": {"weight": -2, "measure": "sum", "unit": "raw"})");
  for (const char* name : {"nps", "export", "user:*", "absent"})
    if (random->one_in(2)) signals.push_back(card_measure(random, name));
  signals.push_back(random->one_in(3) ? R"("ticket": {"weight": -3, "max_points": 30, "dimension": "adoption"})"
                                      : R"("ticket": 0)");
  for (const char* name : {"mirror", "old_nps", "user:1"})
    if (random->one_in(3))
      signals.push_back('"' + std::string(name) + R"(": {"unit": "score", "weight": )" +
                        random->pick(Words{"-2", "1", "0.3"}) + R"(, "measure": "days", "dimension": ")" +
                        random->pick(Words{"adoption", "other"}) + "\"}");
  if (random->one_in(3))
    signals.push_back(R"("csm": {"measure": "last", "set_score": true, "window_days": )" +
                      std::to_string(random->between(1, 50)) + "}");
  std::ostringstream text;
  text << R"({"max_drivers": 10000, "combine": "mean", "window_days": )" << random->between(1, 60)
       << R"(, "trend_days": )" << random->between(1, 40) << R"(, "min_tenure_days": )" << random->between(1, 20);
  if (card.raw) text << R"(, "usage_weight": )" << random->pick(Words{"1", "40", "0.5"});
  if (random->one_in(2)) text << R"(, "curve": ")" << random->pick(Words{"linear", "open"}) << '"';
  if (random->one_in(3)) text << R"(, "baseline": )" << random->between(1, 1000);
  if (random->one_in(3)) text << R"(, "half_life_days": )" << random->between(1, 40);
  for (std::size_t i = 0; i < signals.size(); ++i) text << (i == 0 ? R"(, "signals": {)" : ", ") << signals[i];
  card.unbounded = model_of(text.str() + "}}");
  std::string caps;
  for (const std::string_view name : card.unbounded->dimensions())
    if (random->one_in(2))
      caps += (caps.empty() ? "\"" : ", \"") + std::string(name) + "\": " + random->pick(Words{"0", "2.5", "10", "60"});
  card.text = text.str() + R"(}, "dimension_caps": {)" + caps + "}}";
  card.model = model_of(card.text);
  return card;
}

struct CardAccount {
  bool known;
  Reference activity;
  AccountTerms terms;
};

std::vector<CardAccount> card_accounts(Random* random) {
  std::vector<CardAccount> accounts;
  const bool sized = random->one_in(2);
  for (auto left = random->between(1, 15); left > 0; --left) {
    CardAccount account{!random->one_in(20), fleet_activity(random), {}};
    if (random->one_in(2)) {
      const auto day = static_cast<Day>(kAsOf - random->between(1, 90));
      account.activity["csm"][day] = {day, 1, 1, random->between(-20, 120) * kMicro};
    }
    if (sized && !random->one_in(4)) account.terms.size = static_cast<double>(random->between(1, 8));
    if (random->one_in(3)) account.terms.since = static_cast<Day>(kAsOf - random->between(-3, 120));
    accounts.push_back(account);
  }
  return accounts;
}

// The value of a measure, from the map.
std::optional<long double> card_value(const Reference& activity, const Model& model, const Signal& signal,
                                      std::int64_t as_of, const AccountTerms& terms) {
  if (signal.gauge()) return gauge_of(activity, model, signal, as_of, terms.size);
  const std::int64_t days = std::min<std::int64_t>(signal.window_days, tenure_of(terms, model, as_of));
  long double total = 0;
  for (const auto& [day, cell] : cells_of(activity, signal)) {
    if (day >= as_of || day < as_of - days) continue;
    if (signal.measure == Measure::count) total += cell.count;
    if (signal.measure == Measure::days) total += 1;
    if (signal.measure == Measure::sum) total += static_cast<long double>(cell.value) / 1e6L;
  }
  return total * signal.window_days / days;
}

// A scorecard of one account at one date, by the definition.
struct CardMoment {
  CardMoment(const Card& card, const CardAccount& account, std::int64_t as_of) {
    const Model& model = *card.model;
    began = started(account.terms, as_of);
    Ledger ledger = ledger_of(account.activity, model);
    parts.resize(model.signals.size());
    weights = model.usage_weight;
    if (!began) {
      weights = 0;
      return;
    }
    raw = evaluate_all(&ledger, model, as_of, account.terms, &contributions).raw;
    for (std::size_t i = 0; i < model.signals.size(); ++i) {
      const Signal& signal = model.signals[i];
      if (signal.unit != Unit::share) continue;
      const auto value = card_value(account.activity, model, signal, as_of, account.terms);
      if (!value) continue;
      const long double best = signal.out_of == kNone ? 1 : signal.out_of;
      const long double part = signal.scale.given() ? mapped(signal.scale, *value) : *value / best;
      const long double weight = static_cast<long double>(signal.weight) / 1e6L;
      parts[i] = 100 * std::clamp(part, 0.0L, 1.0L) * weight;
      measures += *parts[i];
      weights += weight;
    }
    add_points(card, &ledger, as_of, account);
  }
  bool has_score() const { return began && weights > 0; }
  long double earned(Baseline baseline, const Model& model) const {
    return weights > 0
               ? (model.usage_weight * static_cast<long double>(normalized(raw, baseline, model)) + measures) / weights
               : 0;
  }
  double score(Baseline baseline, const Model& model) const {
    return override_score ? *override_score : computed(earned(baseline, model));
  }
  double computed(long double e) const {
    return static_cast<double>(std::max(0.0L, std::min(100.0L, e + praise) - penalty));
  }
  double override_beyond(Baseline baseline, const Model& model) const {
    return score(baseline, model) - computed(earned(baseline, model));
  }
  bool same_measures(const CardMoment& other) const {
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (parts[i].has_value() != other.parts[i].has_value()) return false;
    return true;
  }

  bool began;
  double raw = 0;
  std::vector<double> contributions;
  std::vector<std::optional<long double>> parts;  // w m of the signals that are measures with a value
  long double measures = 0, weights = 0, praise = 0, penalty = 0;
  std::optional<double> override_score;

 private:
  void add_points(const Card& card, Ledger* ledger, std::int64_t as_of, const CardAccount& account) {
    const Model& model = *card.model;
    std::vector<double> unbounded;
    evaluate_all(ledger, *card.unbounded, as_of, account.terms, &unbounded);
    for (std::size_t d = 0; d < model.dimensions().size(); ++d) {
      long double given = 0, taken = 0, cap = kNone;
      for (std::size_t i = 0; i < model.signals.size(); ++i)
        if (model.signals[i].unit == Unit::score && model.signals[i].weight != 0 &&
            model.signals[i].dimension_index == d)
          (unbounded[i] > 0 ? given : taken) += std::fabs(unbounded[i]);
      for (const auto& each : model.dimension_caps())
        if (each.dimension == d) cap = each.points;
      praise += std::min(cap, given);
      penalty += std::min(cap, taken);
    }
    for (const Signal& signal : model.signals)
      if (signal.set_score)
        if (const auto value = gauge_of(account.activity, model, signal, as_of, {}))
          override_score = static_cast<double>(std::clamp(*value, 0.0L, 100.0L));
  }
};

class RandomScorecards : public testing::TestWithParam<int> {
 protected:
  // Raw scores that make the baseline of a date.
  static Vector<double> raws_of(const std::vector<CardMoment>& moments, const std::vector<CardAccount>& accounts,
                                const std::vector<bool>& missing, const Model& model, std::int64_t as_of) {
    Vector<double> raws(heap());
    for (std::size_t i = 0; i < accounts.size(); ++i)
      if (accounts[i].known && !missing[i] && settled(accounts[i].terms, model, as_of) &&
          eligible(moments[i].raw, model))
        raws.push_back(moments[i].raw);
    return raws;
  }

  void check(const Card& card, const CardMoment& now, const CardMoment& before, bool old, Baseline baseline,
             Baseline baseline_before, const Reported& reported) {
    const Model& model = *card.model;
    const ReportRow& report = reported.report;
    ASSERT_NEAR(report.score, now.score(baseline, model), kExact);
    ASSERT_NEAR(*report.coverage, static_cast<double>(now.weights) / model.measure_weight(), kExact);
    ASSERT_NEAR(reported.by_dimension, report.score, kExact);
    ASSERT_EQ(report.previous_score.has_value(), old && before.has_score());
    ++scored;
    overridden += now.override_score ? 1 : 0;
    double points = 0, change = 0;
    // The mean after the moves, of the measures that there were.
    long double after = before.earned(baseline_before, model);
    const double usage = now.weights > 0 ? static_cast<double>(model.usage_weight / now.weights) : 0;
    after += usage * (normalized(now.raw, baseline, model) - normalized(before.raw, baseline_before, model));
    for (std::size_t i = 0; i < now.parts.size(); ++i)
      if (now.parts[i] && before.parts[i]) after += (*now.parts[i] - *before.parts[i]) / now.weights;
    const double coverage = now.computed(now.earned(baseline, model)) - now.computed(after);
    double told = 0;
    Row override{};
    for (const Row& row : reported.rows) {
      points += row.points;
      change += row.change.value_or(0);
      if (row.kind == "coverage") told = *row.change;
      if (row.kind == "override") override = row;
      if (!row.signal.empty()) check_row(model, now, before, report, row);
    }
    ASSERT_NEAR(points, report.score, kExact);
    ASSERT_TRUE(override.signal.empty());
    ASSERT_EQ(override.text.empty(), override.kind.empty());
    ASSERT_NEAR(override.points, now.override_beyond(baseline, model), kExact);
    if (!report.previous_score) return;
    ASSERT_NEAR(override.change.value_or(0),
                now.override_beyond(baseline, model) - before.override_beyond(baseline_before, model), kExact);
    ASSERT_NEAR(*report.previous_score, before.score(baseline_before, model), kExact);
    ASSERT_NEAR(change, report.score - *report.previous_score, kExact);
    ASSERT_NEAR(told, coverage, kExact);
    ++changed;
    if (!now.same_measures(before)) {
      came += told != 0 ? 1 : 0;
      return;
    }
    ASSERT_EQ(told, 0);
    ++same;
  }

  void check_unscored(Accounts* population, std::size_t account, bool to_come, bool nothing) {
    Arena arena;
    const ReportRow row = population->report(account, arena.memory());
    ASSERT_FALSE(row.scored || row.coverage);
    const std::string_view flags = row.flags;
    ASSERT_EQ(flags.find("not_started") != std::string_view::npos, to_come);
    ASSERT_EQ(flags.find("no_data") != std::string_view::npos, nothing);
    ++unscored;
  }

  void check_row(const Model& model, const CardMoment& now, const CardMoment& before, const ReportRow& report,
                 const Row& row) {
    const std::optional<long double>&part = now.parts[row.index], &had = before.parts[row.index];
    ASSERT_FALSE(model.signals[row.index].set_score) << "is no driver";
    if (model.signals[row.index].unit != Unit::share) {
      if (!report.previous_score || now.contributions[row.index] != before.contributions[row.index]) return;
      ASSERT_EQ(*row.change, 0) << row.signal;
      ++others_unmoved;
      return;
    }
    ASSERT_FALSE(row.vs_peers.has_value());
    ASSERT_NEAR(row.points, part ? static_cast<double>(*part / now.weights) : 0, kExact) << row.signal;
    if (!report.previous_score) return;
    const bool both = part && had;
    const double way = both ? static_cast<double>(*part - *had) : 0;
    ASSERT_GE(*row.change * (way > 0 ? 1 : -1), 0) << "it goes where the measure went";
    if (both && now.contributions[row.index] != before.contributions[row.index]) return;
    ASSERT_EQ(*row.change, 0) << row.signal;
    ++unmoved;
  }

  long scored = 0, unscored = 0, overridden = 0, changed = 0, came = 0, same = 0, unmoved = 0, others_unmoved = 0;
};

TEST_P(RandomScorecards, AreMeansOfWhatIsThere) {
  Random random(static_cast<std::uint64_t>(GetParam()));
  while (scored < rounds(5'000)) {
    const Card card = random_card(&random);
    const Model& model = *card.model;
    std::vector<CardAccount> accounts = card_accounts(&random);
    Arena arena;
    Accounts population(Wanted::report, model, kAsOf, arena.memory());
    for (const CardAccount& account : accounts) population.add_account(account.known, account.terms);
    for (std::size_t i = 0; i < accounts.size(); ++i)
      if (accounts[i].known) population.evaluate_account(i, encode(accounts[i].activity));
    population.close();

    std::vector<double> sizes;
    for (const CardAccount& account : accounts)
      if (account.known && account.terms.size) sizes.push_back(*account.terms.size);
    std::vector<bool> missing;
    for (CardAccount& account : accounts) {
      missing.push_back(!account.terms.size && !sizes.empty());
      if (missing.back()) account.terms.size = median(sizes);
    }
    const std::int64_t earlier = kAsOf - model.trend_days;
    std::vector<CardMoment> now, before;
    for (const CardAccount& account : accounts) {
      now.emplace_back(card, account, kAsOf);
      before.emplace_back(card, account, earlier);
    }
    Vector<double> raws = raws_of(now, accounts, missing, model, kAsOf),
                   raws_before = raws_of(before, accounts, missing, model, earlier);
    const std::size_t eligible_accounts = raws.size();
    const Baseline baseline = baseline_of(raws, baseline_terms(model), heap()),
                   baseline_before = baseline_of(raws_before, baseline_terms(model), heap());
    std::size_t with_score = 0;
    std::set<std::int32_t> compared;
    for (std::size_t i = 0; i < accounts.size(); ++i) {
      const bool is_scored = accounts[i].known && now[i].has_score();
      with_score += is_scored ? 1 : 0;
      ASSERT_EQ(population.scored(i), is_scored);
      if (!is_scored) {
        check_unscored(&population, i, !now[i].began, !accounts[i].known || now[i].began);
        continue;
      }
      const Reported reported(&population, model, i);
      compared.insert(reported.report.accounts_compared);
      const auto& since = accounts[i].terms.since;
      bool old = since && settled(accounts[i].terms, model, earlier);
      if (!since)
        for (const auto& [name, days] : accounts[i].activity)
          old = old || (!days.empty() && days.begin()->first < earlier);
      check(card, now[i], before[i], old, baseline, baseline_before, reported);
      if (HasFatalFailure()) FAIL() << "account " << i << " of " << card.text;
    }
    for (const std::int32_t told : compared)
      ASSERT_EQ(told, static_cast<std::int32_t>(card.raw ? eligible_accounts : with_score));
  }
  for (const long tested : {unscored, overridden, changed, came, same, unmoved, others_unmoved})
    EXPECT_GT(tested, kSanitized ? 0 : 100);
}
INSTANTIATE_TEST_SUITE_P(Seeds, RandomScorecards, testing::Range(1, 5));

// ---------------------------------------------------------------- a fall that all accounts share

// Forty accounts log in 40 % less than before.
std::vector<FleetAccount> summer() {
  std::vector<FleetAccount> accounts;
  for (std::uint32_t busy = 1; busy <= 40; ++busy) {
    Reference reference;
    for (Day day = kAsOf - 120; day < kAsOf; ++day)
      reference["login"][day] = {day, busy * (day < kAsOf - 28 ? 5 : 3), 0, 0};
    accounts.push_back({true, encode(reference), {}});
  }
  return accounts;
}

TEST(EverybodyFalls, IsBehaviourWhereTheBaselineIsFrozen) {
  const auto model = model_of(R"({"window_days": 28, "baseline": 2000, "signals": {"login": 1}})");
  const std::vector<FleetAccount> accounts = summer();
  Arena arena;
  const auto population = population_of(*model, accounts, arena.memory());
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const Reported reported(population.get(), *model, i);
    ASSERT_EQ(reported.rows.size(), 1U);
    ASSERT_NE(reported.rows[0].kind, "down");
    ASSERT_NEAR(*reported.rows[0].change, *reported.report.score_change, kExact);
    ASSERT_EQ(*reported.report.score_change < 0, reported.report.raw_score < 2000) << i;
  }
}

TEST(EverybodyFalls, IsTheBaselineWhereItIsAlive) {
  const auto model = model_of(R"({"window_days": 28, "signals": {"login": 1}})");
  const std::vector<FleetAccount> accounts = summer();
  Arena arena;
  const auto population = population_of(*model, accounts, arena.memory());
  for (std::size_t i = 0; i < 36; ++i) {  // the others are above the baseline before and after
    const Reported reported(population.get(), *model, i);
    ASSERT_NEAR(*reported.report.score_change, 0, kExact);
    ASSERT_EQ(reported.rows.size(), 2U);
    ASSERT_NE(reported.rows[0].kind, "down");
    ASSERT_LT(*reported.rows[0].change, 0);
    ASSERT_EQ(reported.rows[1].kind, "baseline");
    ASSERT_NEAR(*reported.rows[1].change, -*reported.rows[0].change, kExact);
  }
}

}  // namespace
}  // namespace health
