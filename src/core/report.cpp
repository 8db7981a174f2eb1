#include "report.hpp"

#include <algorithm>
#include <cmath>

#include "drivers.hpp"

namespace health {

namespace {

constexpr double kUsageDrop = -30;      // percent, of the raw score's change
constexpr std::int64_t kStaleDays = 2;  // data are stale where the newest day is before as_of - kStaleDays

}  // namespace

AccountReports::AccountReports(const Model& model, std::int64_t as_of, Memory* memory)
    : scores_(model, as_of, memory),
      pasts_(memory),
      ledger_(memory),
      peers_(model, memory),
      kept_(memory),
      signals_(memory),
      readings_(memory),
      now_(memory),
      previous_(memory),
      profile_(memory),
      points_(memory),
      changes_(memory),
      distances_(memory),
      drivers_(memory),
      text_(memory) {}

// ---------------------------------------------------------------- the population

void AccountReports::evaluate_account(std::size_t index, Bytes activity) {
  const AccountTerms& terms = scores_.counting_terms(index);
  ledger_.load(activity, model());
  const std::span<const std::int32_t> signals = ledger_.signals();
  const auto evaluated = [&](std::int64_t as_of, Vector<double>* contributions) {
    contributions->assign(signals.size(), 0);
    return started(terms, as_of) ? evaluate(&ledger_, model(), as_of, terms, contributions->data()) : Evaluation{};
  };
  scores_.set_evaluation(index, evaluated(as_of(), &now_));
  const std::int64_t before = as_of() - model().trend_days;
  Past& past = pasts_[index];
  past.previous = evaluated(before, &previous_);
  past.first_kept = kept_.size();
  for (std::size_t i = 0; i < signals.size() && scores_.scored(index); ++i) {
    if (model().signal(signals[i]).weight == 0) continue;
    const SignalFacts facts = facts_of(ledger_, model(), signals[i], as_of(), terms.size);
    if (peers_.add(static_cast<std::uint32_t>(index), signals[i], {facts, now_[i], previous_[i]}))
      kept_.push_back(signals[i]);
  }
  past.kept = kept_.size() - past.first_kept;
  past.unscored = ledger_.unscored(window_before(as_of(), model().window_days));
  past.seen = ledger_.any_before(as_of());
  past.has_previous = terms.since ? settled(terms, model(), before) : ledger_.any_before(before);
  past.last_usage = ledger_.last_usage(model(), as_of());
  newest_ = std::max(newest_, past.last_usage);
}

void AccountReports::close() {
  scores_.close();
  const auto raw_before = [&](std::size_t i) { return pasts_[i].previous.raw; };
  previous_baseline_ = scores_.standing_over(as_of() - model().trend_days, raw_before).baseline;
  Vector<std::uint8_t> is_peer(scores_.accounts(), 0, pasts_.get_allocator());
  std::size_t peers = 0;
  for (std::size_t i = 0; i < scores_.accounts(); ++i) {
    const double raw = scores_.account(i).now.raw;
    is_peer[i] = scores_.in_baseline(i, as_of(), raw) && raw >= scores_.standing().median;
    peers += is_peer[i] ? 1 : 0;
  }
  peers_.close(is_peer, peers);
}

// ---------------------------------------------------------------- one account

// Sets signals_, the ones a report of the account can mention: those that it has, and those of the peers' profile.
void AccountReports::take_signals(const Past& past) {
  const std::span kept(kept_.data() + past.first_kept, past.kept);
  const std::span profiled = peers_.profiled();
  signals_.resize(kept.size() + profiled.size());
  const auto end = std::set_union(kept.begin(), kept.end(), profiled.begin(), profiled.end(), signals_.begin());
  signals_.erase(end, signals_.end());
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
  row.scored = true;
  row.raw_score = account.now.raw;
  row.score = scores_.score(index);
  if (model().scorecard()) row.coverage = present_weight(account.now, model()) / model().measure_weight();
  row.score_shown = static_cast<std::int32_t>(shown_score(row.score));
  row.band = band_of(row.score, model().bands);

  if (past.last_usage) row.days_inactive = static_cast<std::int32_t>(as_of() - 1 - *past.last_usage);
  const bool compared = past.has_previous && has_score(past.previous, model());
  if (compared) {
    row.previous_score = score_of(past.previous, previous_baseline_, model());
    const double change = row.score - *row.previous_score;
    row.score_change = change;
    const bool moved = change != 0 && std::fabs(change) >= model().trend_points;
    row.trend = !moved ? "flat" : change > 0 ? "up" : "down";
    const double before = past.previous.raw;
    const double pct = before > 0 ? 100 * (row.raw_score - before) / before : 0;
    if (before > 0 && std::isfinite(pct)) row.raw_change_pct = pct + 0.0;
  }
  write_flags(account, past, &row);

  take_signals(past);
  take_readings(index, account.terms.size);
  Situation situation{model(), peers_, as_of(), account.terms.size, row.band, std::nullopt};
  if (compared) situation.previous_positive = past.previous.positive;
  const Unowned unowned = make_drivers(situation, account, past);
  const auto told = std::max(static_cast<std::size_t>(model().max_drivers), kMaxReasons);
  for (Driver& driver : std::span(drivers_).first(std::min(drivers_.size(), told))) {
    driver_sentence(situation, driver, &text_);
    driver.sentence = kept(text_, memory);
  }
  write_drivers(situation, unowned, override_text(situation, memory), drivers);
  write_dimensions(unowned, dimensions, memory);
  write_reason(&row, memory);
  return row;
}

Driver AccountReports::make_driver(const Situation& situation, std::size_t i) const {
  Driver driver{};
  driver.signal = signals_[i];
  driver.points = points_[i];
  driver.reading = &readings_[i];
  if (situation.previous_positive) driver.change = changes_[i];
  if (peers_.known() && model().signal(signals_[i]).unit == Unit::raw) driver.vs_peers = distances_[i];
  driver.kind = classify(situation, driver);
  return driver;
}

Unowned AccountReports::make_drivers(const Situation& situation, const Account& account, const Past& past) {
  const Moment now{account.now, scores_.standing().baseline, now_.data()},
      before{past.previous, previous_baseline_, previous_.data()};
  Unowned unowned;
  if (situation.previous_positive) unowned = share_change(model(), before, now, signals_, changes_.data());
  unowned.override_points = share_points(model(), now, signals_, points_.data());
  if (peers_.known()) {
    share_move(model(), now.baseline, signals_, peers_.raw(), profile_.data(), account.now.raw, now_.data(),
               distances_.data());
    const double share = usage_share(account.now, model());
    for (double& distance : distances_) distance *= share;
  }
  drivers_.clear();
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    if (signals_[i] == model().override_signal()) continue;
    const Driver driver = make_driver(situation, i);
    if (driver.reading->facts.seen || driver.points != 0 || driver.change.value_or(0) != 0 ||
        driver.vs_peers.value_or(0) != 0)
      drivers_.push_back(driver);
  }
  order_drivers(situation, &drivers_);
  // What would print as 0 gets no row.
  for (double* part : {&unowned.baseline, &unowned.coverage, &unowned.override_points, &unowned.override_change})
    if (std::fabs(*part) < 5e-13) *part = 0;
  return unowned;
}

// Who set the score, or that it has expired. Empty where nobody ever did.
std::string_view AccountReports::override_text(const Situation& situation, Memory* memory) {
  const auto place = std::find(signals_.begin(), signals_.end(), model().override_signal());
  if (place == signals_.end()) return {};
  driver_sentence(situation, make_driver(situation, static_cast<std::size_t>(place - signals_.begin())), &text_);
  return kept(text_, memory);
}

void AccountReports::write_drivers(const Situation& situation, const Unowned& unowned, std::string_view override_text,
                                   JsonWriter* out) const {
  const std::size_t shown = std::min(drivers_.size(), static_cast<std::size_t>(model().max_drivers));
  out->begin(JsonType::array);
  for (const Driver& driver : std::span(drivers_).first(shown)) {
    const Signal& signal = model().signal(driver.signal);
    const SignalFacts& seen = driver.reading->facts;
    write_driver({signal.name, signal.label.in(model().language), signal.dimension, kind_name(driver.kind),
                  driver.sentence, driver.points, driver.change, driver.vs_peers, seen.recent(), seen.prior(),
                  seen.pct(), seen.seen ? std::optional<double>(seen.days_inactive) : std::nullopt},
                 out);
  }
  if (shown < drivers_.size()) {
    DriverJson rest{};
    rest.kind = kind_name(Kind::other);
    rest.text = other_sentence(model().language);
    double change = 0, vs_peers = 0;
    for (const Driver& driver : std::span(drivers_).subspan(shown)) {
      rest.points += driver.points;
      change += driver.change.value_or(0);
      vs_peers += driver.vs_peers.value_or(0);
    }
    if (situation.previous_positive) rest.change = change;
    if (peers_.known()) rest.vs_peers = vs_peers;
    write_driver(rest, out);
  }
  const auto write_unowned = [&](Kind kind, std::string_view text, double points, double change) {
    if (points == 0 && change == 0) return;
    DriverJson row{};
    row.kind = kind_name(kind);
    row.text = text;
    row.points = points;
    if (situation.previous_positive) row.change = change;
    write_driver(row, out);
  };
  write_unowned(Kind::overridden, override_text, unowned.override_points, unowned.override_change);
  write_unowned(Kind::coverage, coverage_sentence(model().language), 0, unowned.coverage);
  write_unowned(Kind::baseline, baseline_sentence(model().language), 0, unowned.baseline);
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

void AccountReports::write_reason(ReportRow* row, Memory* memory) const {
  const bool risky = !drivers_.empty() && drivers_.front().rank < 4;
  std::string_view sentences[kMaxReasons];
  std::size_t count = 0;
  for (const Driver& driver : drivers_) {
    if (count == kMaxReasons || (risky ? driver.rank == 4 : driver.points <= 0)) break;
    sentences[count++] = driver.sentence;
  }
  if (risky) {
    const Signal& signal = model().signal(drivers_.front().signal);
    row->main_risk = sentences[0];
    row->main_risk_signal = signal.name;
    row->main_risk_dimension = signal.dimension;
    row->next_step = signal.next_step.plain(model().language);
  }
  const Headline headline{model().language, row->score, row->previous_score, model().trend_points};
  row->reason = kept(explain_score(headline, {sentences, count}, memory), memory);
}

// Younger than min_tenure_days; or, where nobody says when it began, not seen before the earlier date.
bool AccountReports::is_new(const AccountTerms& terms, const Past& past) const {
  if (terms.since) return started(terms, as_of()) && !settled(terms, model(), as_of());
  return past.seen && !past.has_previous;
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
      {model().has_usage() && (!newest_ || *newest_ < as_of() - kStaleDays), "stale_data"},
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
