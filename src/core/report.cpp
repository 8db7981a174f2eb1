#include "report.hpp"

#include <algorithm>
#include <cmath>

#include "drivers.hpp"

namespace health {

namespace {

constexpr double kUsageDrop = -30;      // percent, of the raw score's change
constexpr std::int64_t kStaleDays = 2;  // working days without usage of anybody from which data are stale
constexpr double kFleetFell = 0.8;      // of what baseline and median were: at most that

}  // namespace

AccountReports::AccountReports(const Model& model, std::int64_t as_of, Memory* memory)
    : scores_(model, as_of, memory),
      pasts_(memory),
      ledger_(memory),
      peers_(model, memory),
      members_(memory),
      days_(memory),
      kept_(memory),
      signals_(memory),
      joined_(memory),
      readings_(memory),
      now_(memory),
      previous_(memory),
      profile_(memory),
      points_(memory),
      changes_(memory),
      distances_(memory),
      drivers_(memory),
      telling_(memory),
      text_(memory) {}

// ---------------------------------------------------------------- the population

void AccountReports::evaluate_account(std::size_t index, Bytes activity) {
  const AccountTerms& terms = scores_.counting_terms(index);
  ledger_.load(activity, model());
  const std::span<const std::int32_t> signals = ledger_.signals();
  const std::int64_t before = as_of() - model().trend_days;
  now_.assign(signals.size(), 0);
  previous_.assign(signals.size(), 0);
  const EvaluationAtBoth both = evaluate_both(&ledger_, model(), as_of(), before, terms, now_.data(), previous_.data());
  scores_.set_evaluation(index, both.now);
  Past& past = pasts_[index];
  past.previous = both.before;
  past.first_kept = kept_.size();
  for (std::size_t i = 0; i < signals.size() && scores_.scored(index); ++i) {
    const Signal& signal = model().signal(signals[i]);
    if (signal.weight == 0) continue;
    SignalFacts facts = facts_of(ledger_, model(), signals[i], as_of(), terms.size);
    if (!signal.gauge() && now_[i] < previous_[i] && facts.recent_value >= facts.prior_value)  // it may be fading
      facts.left = events_left(ledger_.cells_at(i), signal, as_of());
    if (signal.measure == Measure::distinct && signal.weight > 0) keep_silent_member(index, signals[i]);
    Feed* const feed = peers_.add(static_cast<std::uint32_t>(index), signals[i], {facts, now_[i], previous_[i]});
    if (feed == nullptr) continue;
    if (signal.usage && !feed->goes_on()) {
      const FeedTerms days{as_of(), model().days_of_window(signal), model().weekend};
      ledger_.each_cells(signals[i], [&](std::span<const Cell> cells) { feed->add(days, cells); });
    }
    kept_.push_back(signals[i]);
  }
  past.kept = kept_.size() - past.first_kept;
  past.unscored = ledger_.unscored(window_before(as_of(), model().window_days));
  if (ledger_.any_before(as_of())) past.first = static_cast<Day>(ledger_.held().from);
  past.has_previous = terms.since ? settled(terms, model(), before) : ledger_.any_before(before);
  past.last_usage = ledger_.last_usage(model(), as_of());
  past.silent = past.last_usage && is_silent(*past.last_usage);
  newest_ = std::max(newest_, past.last_usage);
}

bool AccountReports::is_silent(Day last) {
  if (as_of() - 1 - last < model().silent_days) return false;  // days are more than working days
  ledger_.usage_days(model(), as_of(), &days_);
  const SilenceTerms terms{as_of(), model().window_days, model().silent_days, model().weekend};
  return health::is_silent(terms, days_.size(), [&](std::size_t i) { return days_[i]; });
}

void AccountReports::keep_silent_member(std::size_t index, std::int32_t signal) {
  const std::optional<SilentMember> member = silent_member(ledger_, model(), signal, as_of());
  if (!member) return;
  members_.push_back({index, signal, member->days_inactive, ByteString(member->name, memory_of(members_))});
}

std::span<const KeptMember> AccountReports::members_of(std::size_t index) const {
  const auto first = std::partition_point(members_.begin(), members_.end(),
                                          [&](const KeptMember& each) { return each.account < index; });
  const auto last = std::find_if(first, members_.end(), [&](const KeptMember& each) { return each.account != index; });
  return {first, last};
}

void AccountReports::close() {
  scores_.close();
  const auto raw_before = [&](std::size_t i) { return pasts_[i].previous.raw; };
  previous_standing_ = scores_.standing_over(as_of() - model().trend_days, raw_before);
  const std::size_t accounts = scores_.accounts();
  Vector<std::uint8_t> is_peer(accounts, 0, pasts_.get_allocator());
  Vector<double> divisors(accounts, 1, pasts_.get_allocator()), inactive(pasts_.get_allocator());
  stale_ = model().has_usage() &&
           (!newest_ || working_days(model().weekend, {std::int64_t{*newest_} + 1, as_of()}) >= kStaleDays);
  Peers::Fleet fleet{as_of(), 0, is_peer, 0, divisors, stale_};
  for (std::size_t i = 0; i < accounts; ++i) {
    const Account& account = scores_.account(i);
    const double raw = account.now.raw;
    is_peer[i] = scores_.in_baseline(i, as_of(), raw) && raw >= scores_.standing().median;
    fleet.peers += is_peer[i];
    fleet.accounts += scores_.scored(i) ? 1 : 0;
    divisors[i] = compared_size(model(), account.terms.size);
    if (pasts_[i].last_usage) inactive.push_back(static_cast<double>(as_of() - 1 - *pasts_[i].last_usage));
  }
  if (!inactive.empty() && inactive.size() >= static_cast<std::size_t>(model().min_population))
    days_inactive_ = quantile(inactive, 0.5, memory_of(inactive));
  peers_.close(fleet);
}

bool AccountReports::fleet_fell() const {
  const AccountScores::Standing &now = scores_.standing(), &before = previous_standing_;
  if (std::min(now.population, before.population) < model().min_population) return false;
  return now.baseline && before.baseline && *before.baseline > 0 && *now.baseline <= kFleetFell * *before.baseline &&
         before.median > 0 && now.median <= kFleetFell * before.median;
}

// ---------------------------------------------------------------- one account

// Sets signals_, the ones a report of the account can mention: those that it has, those of the peers' profile, and
// those that are awaited.
void AccountReports::take_signals(const Past& past) {
  const std::span kept(kept_.data() + past.first_kept, past.kept);
  const auto join = [](std::span<const std::int32_t> a, std::span<const std::int32_t> b, Vector<std::int32_t>* out) {
    out->resize(a.size() + b.size());
    out->erase(std::set_union(a.begin(), a.end(), b.begin(), b.end(), out->begin()), out->end());
  };
  join(kept, peers_.profiled(), &signals_);
  if (!model().awaited().empty()) {
    join(signals_, model().awaited(), &joined_);
    signals_.swap(joined_);
  }
  for (Vector<double>* each : {&now_, &previous_, &profile_, &points_, &changes_, &distances_})
    each->resize(signals_.size());
  readings_.resize(signals_.size());
}

void AccountReports::take_readings(std::size_t index, AccountSize size) {
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    const SignalReading* const reading = peers_.find(static_cast<std::uint32_t>(index), signals_[i]);
    const Signal& signal = model().signal(signals_[i]);
    readings_[i] = reading != nullptr ? *reading : SignalReading{facts_of_unseen(signal, size), 0, 0};
    const SignalFacts& facts = readings_[i].facts;
    now_[i] = readings_[i].contribution;
    // A measure that came or went did not move: Unowned::coverage has what it did.
    const bool came = signal.unit == Unit::share && !(facts.recent_known && facts.prior_known);
    previous_[i] = came ? now_[i] : readings_[i].previous;
    profile_[i] = peers_.contribution(signals_[i]);
  }
}

ReportRow AccountReports::report(std::size_t index, JsonWriter* drivers, JsonWriter* dimensions, Memory* memory) {
  const Account& account = scores_.account(index);
  const Past& past = pasts_[index];
  ReportRow row{};
  row.model = model().title;
  row.baseline = scores_.standing().baseline;
  row.accounts_compared = scores_.standing().population;
  if (!scores_.scored(index)) {
    write_flags(account, past, &row);
    return row;
  }
  Situation situation = situation_of(index);
  row.scored = true;
  row.raw_score = account.now.raw;
  row.score = situation.score;
  if (model().scorecard()) row.coverage = present_weight(account.now, model()) / model().measure_weight();
  row.score_shown = static_cast<std::int32_t>(shown_score(row.score));
  row.band = situation.band;
  if (past.last_usage) row.days_inactive = situation.days_inactive;
  if (situation.has_score_before) {
    row.previous_score = situation.previous_score;
    const double change = row.score - *row.previous_score;
    row.score_change = change;
    const int trend = trend_of(change, model().trend_points);
    row.trend = trend == 0 ? "flat" : trend > 0 ? "up" : "down";
    const double before = past.previous.raw;
    const double pct = before > 0 ? change_pct(row.raw_score, before) : 0;
    if (before > 0 && std::isfinite(pct)) row.raw_change_pct = pct + 0.0;
  }
  write_flags(account, past, &row);
  take_signals(past);
  take_readings(index, account.terms.size);
  make_drivers(&situation);
  telling_.decide(situation, drivers_);
  const Wording wording(situation, drivers_, telling_.usage());
  write_reason(situation, wording, &row, memory);
  write_drivers(situation, wording, drivers, memory);
  write_dimensions(situation.unowned, dimensions, memory);
  return row;
}

Situation AccountReports::situation_of(std::size_t index) const {
  const Account& account = scores_.account(index);
  const Past& past = pasts_[index];
  Situation situation{model(), peers_, as_of(), account.terms};
  const std::optional<Day> began = account.terms.since ? account.terms.since : past.first;
  if (began) {
    situation.age = as_of() - *began;
    situation.known_days = as_of() - std::min(*began, past.first.value_or(*began));
  }
  situation.stale = stale_;
  situation.never_active = model().has_usage() && !past.last_usage;
  if (past.last_usage) situation.days_inactive = static_cast<std::int32_t>(as_of() - 1 - *past.last_usage);
  const bool long_enough = situation.at_most_age(situation.days_inactive) >= model().silent_days;
  situation.silent =
      past.silent && long_enough && !situation.stale && (!days_inactive_ || *days_inactive_ < situation.days_inactive);
  situation.members = members_of(index);
  situation.now = account.now;
  situation.previous = past.previous;
  situation.baseline = scores_.standing().baseline;
  situation.previous_baseline = previous_standing_.baseline;
  situation.score = scores_.score(index);
  situation.band = band_of(situation.score, model().bands);
  situation.has_score_before = past.has_previous && has_score(past.previous, model());
  if (situation.has_score_before)
    situation.previous_score = score_of(past.previous, situation.previous_baseline, model());
  return situation;
}

Driver AccountReports::make_driver(const Situation& situation, std::size_t i) const {
  Driver driver{};
  driver.signal = signals_[i];
  driver.points = points_[i];
  driver.reading = &readings_[i];
  if (situation.has_score_before) driver.change = changes_[i];
  if (peers_.known() && model().signal(signals_[i]).unit == Unit::raw) driver.vs_peers = distances_[i];
  driver.kind = classify(situation, driver);
  return driver;
}

void AccountReports::make_drivers(Situation* situation) {
  const AtDate now{situation->now, situation->baseline, now_.data()},
      before{situation->previous, situation->previous_baseline, previous_.data()};
  Unowned& unowned = situation->unowned;
  if (situation->has_score_before) unowned = share_change(model(), before, now, signals_, changes_.data());
  unowned.override_points = share_points(model(), now, signals_, points_.data());
  if (peers_.known()) {
    share_move(model(), now.baseline, signals_, peers_.raw(), profile_.data(), situation->now.raw, now_.data(),
               distances_.data());
    const double share = usage_share(situation->now, model());
    for (double& distance : distances_) distance *= share;
  }
  drivers_.clear();
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    if (signals_[i] == model().override_signal()) continue;
    const Driver driver = make_driver(*situation, i);
    if (driver.reading->facts.seen || driver.points != 0 || driver.change.value_or(0) != 0 ||
        driver.vs_peers.value_or(0) != 0 || driver.kind == Kind::awaited)
      drivers_.push_back(driver);
  }
  // What would print as 0 gets no row.
  for (double* part : {&unowned.baseline, &unowned.coverage, &unowned.override_points, &unowned.override_change})
    if (std::fabs(*part) < 5e-13) *part = 0;
}

// Each is written once.
std::string_view AccountReports::sentence_of(const Wording& wording, Driver* driver, Memory* memory) {
  if (driver->sentence.empty()) {
    wording.write(*driver, &text_);
    driver->sentence = kept(text_, memory);
  }
  return driver->sentence;
}

void AccountReports::write_drivers(const Situation& situation, const Wording& wording, JsonWriter* out,
                                   Memory* memory) {
  const std::span<const std::int32_t> order = telling_.order();
  const std::size_t shown = std::min(order.size(), static_cast<std::size_t>(model().max_drivers));
  out->begin(JsonType::array);
  for (const std::int32_t i : order.first(shown)) {
    Driver& driver = drivers_[static_cast<std::size_t>(i)];
    const Signal& signal = model().signal(driver.signal);
    const SignalFacts& seen = driver.reading->facts;
    write_driver({signal.name, signal.label.in(model().language), signal.dimension, kind_name(driver.kind),
                  sentence_of(wording, &driver, memory), driver.points, driver.change, driver.vs_peers, seen.recent(),
                  seen.prior(), seen.pct(), seen.seen ? std::optional<double>(seen.days_inactive) : std::nullopt},
                 out);
  }
  const auto write_unowned = [&](Kind kind, double points, std::optional<double> change,
                                 std::optional<double> vs_peers) {
    DriverJson row{};
    wording.write(Fact{kind}, &text_);
    row.kind = kind_name(kind);
    row.text = kept(text_, memory);
    row.points = points;
    if (situation.has_score_before) row.change = change;
    row.vs_peers = vs_peers;
    write_driver(row, out);
  };
  if (shown < order.size()) {
    double points = 0, change = 0, vs_peers = 0;
    for (const std::int32_t i : order.subspan(shown)) {
      const Driver& driver = drivers_[static_cast<std::size_t>(i)];
      points += driver.points;
      change += driver.change.value_or(0);
      vs_peers += driver.vs_peers.value_or(0);
    }
    write_unowned(Kind::other, points, change, peers_.known() ? std::optional(vs_peers) : std::nullopt);
  }
  const Unowned& unowned = situation.unowned;
  if (unowned.override_points != 0 || unowned.override_change != 0)
    write_unowned(Kind::overridden, unowned.override_points, unowned.override_change, {});
  if (unowned.coverage != 0) write_unowned(Kind::coverage, 0, unowned.coverage, {});
  if (unowned.baseline != 0) write_unowned(Kind::baseline, 0, unowned.baseline, {});
  out->end();
}

void AccountReports::write_dimensions(const Unowned& unowned, JsonWriter* out, Memory* memory) const {
  const auto& names = model().dimensions();
  Vector<double> sums(names.size(), memory);
  share_dimensions(model(), signals_, points_.data(), unowned.override_points, sums.data());
  out->begin(JsonType::object);
  for (std::size_t i = 0; i < sums.size(); ++i) write_points(out, names[i], sums[i]);
  out->end();
}

// In the middle of a sentence a word, other than a label, begins small.
std::string_view AccountReports::within(std::string_view text, bool word, Memory* memory) {
  if (!word) return text;
  text_ = text;
  if (text_[0] >= 'A' && text_[0] <= 'Z') text_[0] = static_cast<char>(text_[0] - 'A' + 'a');
  return kept(text_, memory);
}

void AccountReports::write_reason(const Situation& situation, const Wording& wording, ReportRow* row, Memory* memory) {
  const auto sentence = [&](const Fact& fact) {
    Driver* const driver = driver_of(std::span(drivers_), fact);
    if (driver != nullptr && fact.kind == driver->told_as && fact.role == driver->role)
      return sentence_of(wording, driver, memory);
    wording.write(fact, &text_);
    return kept(text_, memory);
  };
  std::string_view sentences[kMaxReasons];
  std::size_t count = 0;
  bool compared = false;
  for (const Fact& fact : telling_.reason()) {
    std::string_view text = sentence(fact);
    if (wording.compares_with_peers(fact)) {
      if (compared) {
        wording.write_in_short(fact, &text_);
        text = kept(text_, memory);
      }
      compared = true;
    }
    sentences[count++] = within(text, wording.begins_with_word(fact), memory);
  }
  const Headline headline{model().language,     row->score,       row->previous_score,
                          model().trend_points, telling_.still(), row->score_change.has_value()};
  row->reason = kept(explain_score(headline, {sentences, count}, memory), memory);
  if (const Fact* const risk = telling_.main_risk()) {
    row->main_risk = sentence(*risk);
    if (const Driver* const driver = driver_of(std::span(drivers_), *risk)) {
      const Signal& signal = model().signal(driver->signal);
      row->main_risk_signal = signal.name;
      row->main_risk_dimension = signal.dimension;
    } else {
      row->main_risk_dimension = worst_dimension();
    }
  }
  if (const std::optional<Fact>& opportunity = telling_.main_opportunity()) {
    row->main_opportunity = sentence(*opportunity);
    if (const Driver* const driver = driver_of(std::span(drivers_), *opportunity))
      row->main_opportunity_signal = model().signal(driver->signal).name;
  }
  row->next_step = next_step_of(situation, telling_, drivers_);
}

// The dimension whose usage signals lost most; empty where none did.
std::string_view AccountReports::worst_dimension() const {
  Vector<double> changes(model().dimensions().size(), memory_of(drivers_));
  for (const Driver& driver : drivers_) {
    const Signal& signal = model().signal(driver.signal);
    if (signal.usage) changes[signal.dimension_index] += driver.change.value_or(0);
  }
  const auto worst = std::min_element(changes.begin(), changes.end());
  if (worst == changes.end() || *worst >= 0) return {};
  return model().dimensions()[static_cast<std::size_t>(worst - changes.begin())];
}

// Younger than min_tenure_days; or, where nobody says when it began, not seen before the earlier date.
bool AccountReports::is_new(const AccountTerms& terms, const Past& past) const {
  if (terms.since) return started(terms, as_of()) && !settled(terms, model(), as_of());
  return past.first && !past.has_previous;
}

void AccountReports::write_flags(const Account& account, const Past& past, ReportRow* row) const {
  const struct {
    bool set;
    std::string_view name;
  } flags[] = {
      {account.known && model().has_usage() && !past.last_usage, "no_activity"},
      {!account.known || (started(account.terms, as_of()) && !has_score(account.now, model())), "no_data"},
      {account.known && account.size_missing, "size_missing"},
      {is_new(account.terms, past), "new_account"},
      {!started(account.terms, as_of()), "not_started"},
      {model().has_raw() && row->accounts_compared < model().min_population, "small_population"},
      {model().has_raw() && degenerate(row->baseline), "degenerate_baseline"},
      {past.unscored, "unscored_signals"},
      {row->raw_change_pct && *row->raw_change_pct <= kUsageDrop, "usage_drop"},
      {stale_, "stale_data"},
      {peers_.any_stopped(), "signal_stopped"},
      {fleet_fell(), "fleet_fell"},
  };
  char* end = row->flags;
  for (const auto& flag : flags) {
    if (!flag.set) continue;
    if (end != row->flags) *end++ = ',';
    end = std::copy(flag.name.begin(), flag.name.end(), end);
  }
  *end = '\0';
}

}  // namespace health
