#include "report.hpp"

#include <algorithm>
#include <cmath>

#include "label.hpp"

namespace health {

namespace {

constexpr double kUsageDrop = -30;  // percent, of the raw score's change
}  // namespace

Report::Report(const Model& model, const Population& population, std::int64_t as_of, Memory* memory)
    : model_(model),
      population_(population),
      as_of_(as_of),
      kept_(as_of != population.as_of),
      stale_(!kept_ && is_stale(model, population.newest, as_of)),
      stopped_(!kept_ && population.any_stopped()),
      common_(memory),
      signals_(memory),
      readings_(memory),
      now_(memory),
      previous_(memory),
      profile_(memory),
      points_(memory),
      changes_(memory),
      distances_(memory),
      drivers_(memory),
      telling_(memory),
      text_(memory) {
  for (const PeerSignal& each : population.signals)
    if (each.contribution != 0) common_.push_back(each.signal);
  common_.insert(common_.end(), model.awaited().begin(), model.awaited().end());
  std::sort(common_.begin(), common_.end());
  common_.erase(std::unique(common_.begin(), common_.end()), common_.end());
}

// Sets signals_ and the vectors beside it.
void Report::take_signals(std::span<const SignalReading> readings, AccountSize size) {
  signals_.clear();
  readings_.clear();
  const auto add = [&](const SignalReading& reading) {
    signals_.push_back(reading.signal);
    readings_.push_back(reading);
  };
  auto own = readings.begin();
  for (const std::int32_t signal : common_) {
    for (; own != readings.end() && own->signal < signal; ++own) add(*own);
    if (own != readings.end() && own->signal == signal) add(*own++);
    else add({signal, facts_of_unseen(model_.signal(signal), size), 0, 0});
  }
  for (; own != readings.end(); ++own) add(*own);
  for (Vector<double>* each : {&now_, &previous_, &profile_, &points_, &changes_, &distances_})
    each->resize(signals_.size());
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    const SignalReading& reading = readings_[i];
    now_[i] = reading.contribution;
    // A measure that came or went did not move: Unowned::coverage has what it did.
    const bool came =
        model_.signal(signals_[i]).unit == Unit::share && !(reading.facts.recent_known && reading.facts.prior_known);
    previous_[i] = came ? now_[i] : reading.previous;
    profile_[i] = population_.of(signals_[i]).contribution;
  }
}

ReportRow Report::of(const EvaluatedAccount& account, std::span<const SignalReading> readings,
                     std::span<const KeptMember> members, Memory* memory) {
  ReportRow row{};
  row.model = model_.title;
  row.baseline = population_.baseline;
  row.accounts_compared = population_.accounts;
  if (!account.scored(model_, as_of_)) {
    write_flags(account, &row);
    return row;
  }
  Situation situation = situation_of(account, members);
  row.scored = true;
  row.raw_score = account.now.raw;
  row.score = situation.score;
  if (model_.scorecard()) row.coverage = present_weight(account.now, model_) / model_.measure_weight();
  row.score_shown = static_cast<std::int32_t>(shown_score(row.score));
  row.band = situation.band;
  if (account.last_usage) row.days_inactive = situation.days_inactive;
  if (situation.has_score_before) {
    row.previous_score = situation.previous_score;
    const double change = row.score - *row.previous_score;
    row.score_change = change;
    const int trend = trend_of(change, model_.trend_points);
    row.trend = trend == 0 ? "flat" : trend > 0 ? "up" : "down";
    const double before = account.previous.raw;
    const double pct = before > 0 ? change_pct(row.raw_score, before) : 0;
    if (before > 0 && std::isfinite(pct)) row.raw_change_pct = pct + 0.0;
  }
  write_flags(account, &row);
  take_signals(readings, account.terms.size);
  make_drivers(&situation);
  telling_.decide(situation, drivers_);
  const Wording wording(situation, drivers_, telling_.usage());
  write_reason(situation, wording, &row, memory);
  row.drivers = list_drivers(situation, wording, memory);
  row.dimensions = sum_dimensions(situation.unowned, memory);
  return row;
}

Situation Report::situation_of(const EvaluatedAccount& account, std::span<const KeptMember> members) const {
  Situation situation{model_, population_, as_of_, account.terms};
  const std::optional<Day> began = account.terms.since ? account.terms.since : account.first;
  if (began) {
    situation.age = as_of_ - *began;
    situation.known_days = as_of_ - std::min(*began, account.first.value_or(*began));
  }
  situation.stale = stale_;
  situation.judges_feeds = !kept_;
  situation.never_active = model_.has_usage() && !account.last_usage;
  if (account.last_usage) situation.days_inactive = static_cast<std::int32_t>(as_of_ - 1 - *account.last_usage);
  const std::optional<double>& median = population_.days_inactive;
  const bool long_enough = situation.at_most_age(situation.days_inactive) >= model_.silent_days;
  situation.silent = account.silent && long_enough && !stale_ && (!median || *median < situation.days_inactive);
  situation.members = members;
  situation.now = account.now;
  situation.previous = account.previous;
  situation.baseline = population_.baseline;
  situation.previous_baseline = kept_ ? population_.baseline : population_.previous_baseline;
  situation.score = score_of(account.now, situation.baseline, model_);
  situation.band = band_of(situation.score, model_.bands);
  situation.has_score_before = account.has_previous && has_score(account.previous, model_);
  if (situation.has_score_before)
    situation.previous_score = score_of(account.previous, situation.previous_baseline, model_);
  return situation;
}

Driver Report::make_driver(const Situation& situation, std::size_t i) const {
  Driver driver{};
  driver.signal = signals_[i];
  driver.points = points_[i];
  driver.reading = &readings_[i];
  if (situation.has_score_before) driver.change = changes_[i];
  if (population_.peers && model_.signal(signals_[i]).unit == Unit::raw) driver.vs_peers = distances_[i];
  driver.kind = classify(situation, driver);
  return driver;
}

void Report::make_drivers(Situation* situation) {
  const AtDate now{situation->now, situation->baseline, now_.data()},
      before{situation->previous, situation->previous_baseline, previous_.data()};
  Unowned& unowned = situation->unowned;
  if (situation->has_score_before) unowned = share_change(model_, before, now, signals_, changes_.data());
  unowned.override_points = share_points(model_, now, signals_, points_.data());
  if (population_.peers) {
    share_move(model_, now.baseline, signals_, population_.peers_raw, profile_.data(), situation->now.raw, now_.data(),
               distances_.data());
    const double share = usage_share(situation->now, model_);
    for (double& distance : distances_) distance *= share;
  }
  drivers_.clear();
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    if (signals_[i] == model_.override_signal()) continue;
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
std::string_view Report::sentence_of(const Wording& wording, Driver* driver, Memory* memory) {
  if (driver->sentence.empty()) {
    wording.write(*driver, &text_);
    driver->sentence = kept(text_, memory);
  }
  return driver->sentence;
}

std::span<const DriverRow> Report::list_drivers(const Situation& situation, const Wording& wording, Memory* memory) {
  constexpr std::size_t kMostUnowned = 4;  // rows of no signal
  const std::span<const std::int32_t> order = telling_.order();
  const std::size_t shown = std::min(order.size(), static_cast<std::size_t>(model_.max_drivers));
  const std::span<DriverRow> rows = kept_room<DriverRow>(shown + kMostUnowned, memory);
  std::size_t count = 0;
  for (const std::int32_t i : order.first(shown)) {
    Driver& driver = drivers_[static_cast<std::size_t>(i)];
    const Signal& signal = model_.signal(driver.signal);
    const SignalFacts& seen = driver.reading->facts;
    rows[count++] = {signal.name,
                     large(signal.label.in(model_.language), memory),
                     signal.dimension,
                     kind_name(driver.kind),
                     sentence_of(wording, &driver, memory),
                     driver.points,
                     driver.change,
                     driver.vs_peers,
                     seen.recent(),
                     seen.prior(),
                     seen.pct(),
                     seen.seen ? std::optional<double>(seen.days_inactive) : std::nullopt};
  }
  const auto add_unowned = [&](Kind kind, double points, std::optional<double> change, std::optional<double> vs_peers) {
    DriverRow& row = rows[count++];
    wording.write(Fact{kind}, &text_);
    row.kind = kind_name(kind);
    row.text = kept(text_, memory);
    row.points = points;
    if (situation.has_score_before) row.change = change;
    row.vs_peers = vs_peers;
  };
  if (shown < order.size()) {
    double points = 0, change = 0, vs_peers = 0;
    for (const std::int32_t i : order.subspan(shown)) {
      const Driver& driver = drivers_[static_cast<std::size_t>(i)];
      points += driver.points;
      change += driver.change.value_or(0);
      vs_peers += driver.vs_peers.value_or(0);
    }
    add_unowned(Kind::other, points, change, population_.peers ? std::optional(vs_peers) : std::nullopt);
  }
  const Unowned& unowned = situation.unowned;
  if (unowned.override_points != 0 || unowned.override_change != 0)
    add_unowned(Kind::overridden, unowned.override_points, unowned.override_change, {});
  if (unowned.coverage != 0) add_unowned(Kind::coverage, 0, unowned.coverage, {});
  if (unowned.baseline != 0) add_unowned(Kind::baseline, 0, unowned.baseline, {});
  return rows.first(count);
}

std::span<const double> Report::sum_dimensions(const Unowned& unowned, Memory* memory) const {
  const std::span<double> sums = kept_room<double>(model_.dimensions().size(), memory);
  share_dimensions(model_, signals_, points_.data(), unowned.override_points, sums.data());
  return sums;
}

// At a beginning, where a label of a driver stands.
std::string_view Report::large(std::string_view text, Memory* memory) {
  if (!begins_small(text, alphabet_of(model_.language))) return text;
  text_ = text;
  begin_large(&text_, alphabet_of(model_.language));
  return kept(text_, memory);
}

// In the middle of a sentence.
std::string_view Report::within(std::string_view text, bool small, Memory* memory) {
  if (!small) return text;
  text_ = text;
  begin_small(&text_, alphabet_of(model_.language));
  return kept(text_, memory);
}

void Report::write_reason(const Situation& situation, const Wording& wording, ReportRow* row, Memory* memory) {
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
    sentences[count++] = within(text, wording.is_small_within(fact), memory);
  }
  const Headline headline{model_.language,     row->score,       row->previous_score,
                          model_.trend_points, telling_.still(), row->score_change.has_value()};
  row->reason = kept(explain_score(headline, {sentences, count}, memory), memory);
  if (const Fact* const risk = telling_.main_risk()) {
    row->main_risk = sentence(*risk);
    if (const Driver* const driver = driver_of(std::span(drivers_), *risk)) {
      const Signal& signal = model_.signal(driver->signal);
      row->main_risk_signal = signal.name;
      row->main_risk_dimension = signal.dimension;
    } else {
      row->main_risk_dimension = worst_dimension();
    }
  }
  if (const std::optional<Fact>& opportunity = telling_.main_opportunity()) {
    row->main_opportunity = sentence(*opportunity);
    if (const Driver* const driver = driver_of(std::span(drivers_), *opportunity))
      row->main_opportunity_signal = model_.signal(driver->signal).name;
  }
  row->next_step = next_step_of(situation, telling_, drivers_);
}

// The dimension whose usage signals lost most; empty where none did.
std::string_view Report::worst_dimension() const {
  Vector<double> changes(model_.dimensions().size(), memory_of(drivers_));
  for (const Driver& driver : drivers_) {
    const Signal& signal = model_.signal(driver.signal);
    if (signal.usage) changes[signal.dimension_index] += driver.change.value_or(0);
  }
  const auto worst = std::min_element(changes.begin(), changes.end());
  if (worst == changes.end() || *worst >= 0) return {};
  return model_.dimensions()[static_cast<std::size_t>(worst - changes.begin())];
}

// Younger than min_tenure_days; or, where nobody says when it began, not seen before the earlier date.
bool Report::is_new(const EvaluatedAccount& account) const {
  if (account.terms.since) return started(account.terms, as_of_) && !settled(account.terms, model_, as_of_);
  return account.first && !account.has_previous;
}

void Report::write_flags(const EvaluatedAccount& account, ReportRow* row) const {
  const bool begun = started(account.terms, as_of_);
  const struct {
    bool set;
    std::string_view name;
  } flags[] = {
      {account.known && model_.has_usage() && !account.last_usage, "no_activity"},
      {!account.known || (begun && !has_score(account.now, model_)), "no_data"},
      {account.known && account.size_missing, "size_missing"},
      {is_new(account), "new_account"},
      {!begun, "not_started"},
      {model_.has_raw() && row->accounts_compared < model_.min_population, "small_population"},
      {model_.has_raw() && degenerate(row->baseline), "degenerate_baseline"},
      {account.unscored, "unscored_signals"},
      {row->raw_change_pct && *row->raw_change_pct <= kUsageDrop, "usage_drop"},
      {stale_, "stale_data"},
      {stopped_, "signal_stopped"},
      {!kept_ && population_.fell, "fleet_fell"},
  };
  char* end = row->flags;
  for (const auto& flag : flags) {
    if (!flag.set) continue;
    if (end != row->flags) *end++ = ',';
    end = std::copy(flag.name.begin(), flag.name.end(), end);
  }
  *end = '\0';
}

// ---------------------------------------------------------------- accounts that are compared with each other

Accounts::Accounts(Wanted wanted, const Model& model, std::int64_t as_of, Memory* memory)
    : wanted_(wanted),
      model_(model),
      as_of_(as_of),
      rows_(memory),
      sizes_(memory),
      evaluator_(model, as_of, memory),
      readings_(memory),
      members_(memory),
      part_(model, as_of, memory),
      population_(memory) {
  model.require_signals();
}

void Accounts::add_account(bool known, const AccountTerms& terms) {
  Row& row = rows_.emplace_back();
  row.account.known = known;
  row.account.terms = terms;
  if (known && terms.size) sizes_.push_back(*terms.size);
}

void Accounts::evaluate_account(std::size_t index, Bytes activity) {
  Row& row = rows_[index];
  const AccountTerms terms = row.account.terms;
  if (!terms.size && !median_size_ && !sizes_.empty()) median_size_ = quantile(sizes_, 0.5, memory_of(sizes_));
  row.account = evaluator_.evaluate(wanted_, activity, terms, median_size_);
  part_.add(row.account, evaluator_);
  make_room(index + 1);
  row.first_reading = readings_.size();
  row.readings = evaluator_.readings().size();
  readings_.insert(readings_.end(), evaluator_.readings().begin(), evaluator_.readings().end());
  row.first_member = members_.size();
  row.members = evaluator_.members().size();
  evaluator_.keep_members(&members_);
}

// For what the evaluator has read: as much for each account as the `evaluated` ones have on average, so that readings
// are moved once or twice.
void Accounts::make_room(std::size_t evaluated) {
  constexpr std::size_t kEnough = 64;  // accounts, to be an average
  const std::size_t needed = readings_.size() + evaluator_.readings().size();
  if (needed <= readings_.capacity()) return;
  const std::size_t expected = needed / std::max(evaluated, kEnough) * rows_.capacity();
  readings_.reserve(std::max({2 * readings_.capacity(), needed, expected + expected / 8}));
  part_.reserve(rows_.capacity(), readings_.capacity());
}

void Accounts::close() {
  part_.finish(&population_);
  report_.emplace(model_, population_, as_of_, memory_of(rows_));
}

ReportRow Accounts::report(std::size_t index, Memory* memory) {
  const Row& row = rows_[index];
  return report_->of(row.account, std::span(readings_).subspan(row.first_reading, row.readings),
                     std::span(members_).subspan(row.first_member, row.members), memory);
}

}  // namespace health
