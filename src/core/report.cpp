#include "report.hpp"

#include <algorithm>
#include <cmath>

namespace health {

namespace {

constexpr double kUsageDrop = -30;      // percent of raw
constexpr std::int64_t kStaleDays = 2;  // newest day before as_of - kStaleDays

}  // namespace

AccountPopulation::AccountPopulation(const Model& model, std::int64_t as_of, bool explain, Memory* memory)
    : model_(model),
      as_of_(as_of),
      explain_(explain),
      accounts_(memory),
      pasts_(memory),
      ledger_(memory),
      peers_(model, memory),
      kept_(memory),
      signals_(memory),
      readings_(memory),
      now_(memory),
      previous_(memory),
      moves_(memory),
      profile_(memory),
      distances_(memory),
      drivers_(memory),
      text_(memory) {
  model.require_signals();
}

// ---------------------------------------------------------------- the population

void AccountPopulation::add_account(bool known, AccountSize size) {
  accounts_.push_back({known, false, size, {}});
  if (explain_) pasts_.push_back({});
}

// Once all accounts are there: who has no size among accounts that have one is taken at their median.
void AccountPopulation::fill_missing_sizes() {
  sizes_filled_ = true;
  Vector<double> sizes(accounts_.get_allocator());
  for (const Account& account : accounts_)
    if (account.known && account.size.given) sizes.push_back(account.size.value);
  if (sizes.empty()) return;
  const AccountSize median{true, quantile(sizes, 0.5)};
  for (Account& account : accounts_) {
    if (account.size.given) continue;
    account.size = median;
    account.size_missing = true;
  }
}

void AccountPopulation::evaluate_account(std::size_t index, Bytes activity) {
  if (!sizes_filled_) fill_missing_sizes();
  Account& account = accounts_[index];
  ledger_.load(activity, model_, explain_ ? kAllDays : model_.scored_days(as_of_));
  const std::span<const std::int32_t> signals = ledger_.signals();
  const auto evaluated = [&](std::int64_t as_of, Detail* detail) {
    if (explain_) detail->contributions.resize(signals.size());
    return evaluate(&ledger_, model_, as_of, account.size, explain_ ? detail->contributions.data() : nullptr);
  };
  account.now = evaluated(as_of_, &now_);
  if (!explain_) return;
  const std::int64_t before = as_of_ - model_.trend_days;
  Past& past = pasts_[index];
  past.previous = evaluated(before, &previous_);
  past.first_kept = kept_.size();
  for (std::size_t i = 0; i < signals.size(); ++i) {
    if (model_.signals[static_cast<std::size_t>(signals[i])].weight == 0) continue;
    if (peers_.add(static_cast<std::uint32_t>(index), signals[i],
                   {observe(ledger_, model_, signals[i], as_of_, account.size), now_.contributions[i],
                    previous_.contributions[i]}))
      kept_.push_back(signals[i]);
  }
  past.kept = kept_.size() - past.first_kept;
  past.unscored = ledger_.unscored(window_before(as_of_, model_.window_days));
  past.days = ledger_.days(as_of_);
  if (!past.days.any) return;
  past.has_previous = past.days.first < before;
  newest_ = any_activity_ ? std::max(newest_, past.days.last) : past.days.last;
  any_activity_ = true;
}

bool AccountPopulation::in_baseline(const Account& account, double raw) const {
  return account.known && !account.size_missing && eligible(raw, model_);
}

template <class RawOf>
Baseline AccountPopulation::baseline_over(RawOf raw_of, std::int32_t* population, double* median) {
  Vector<double> raws(accounts_.get_allocator());
  for (std::size_t i = 0; i < accounts_.size(); ++i)
    if (in_baseline(accounts_[i], raw_of(i))) raws.push_back(raw_of(i));
  *population = static_cast<std::int32_t>(raws.size());
  if (!raws.empty()) *median = quantile(raws, 0.5);
  return baseline_of(raws, model_);
}

void AccountPopulation::close() {
  double median = 0, unused_median = 0;
  std::int32_t unused_population = 0;
  baseline_ = baseline_over([&](std::size_t i) { return accounts_[i].now.raw; }, &population_, &median);
  if (!explain_) return;
  previous_baseline_ =
      baseline_over([&](std::size_t i) { return pasts_[i].previous.raw; }, &unused_population, &unused_median);
  Vector<std::uint8_t> is_peer(accounts_.size(), 0, accounts_.get_allocator());
  std::size_t peers = 0;
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    is_peer[i] = in_baseline(accounts_[i], accounts_[i].now.raw) && accounts_[i].now.raw >= median;
    peers += is_peer[i] ? 1 : 0;
  }
  peers_.close(is_peer, peers);
}

double AccountPopulation::score_of(const Evaluation& evaluation, Baseline baseline) const {
  return adjusted(normalized(evaluation.raw, baseline, model_), evaluation.praise, evaluation.penalty).score;
}

double AccountPopulation::score(std::size_t account) const { return score_of(accounts_[account].now, baseline_); }

// ---------------------------------------------------------------- one account

// The signals that a report of the account can say anything of: those that it has, and those that its peers have.
void AccountPopulation::take_signals(const Past& past) {
  const std::span kept(kept_.data() + past.first_kept, past.kept);
  const std::span profiled = peers_.profiled();
  signals_.resize(kept.size() + profiled.size());
  const auto end = std::set_union(kept.begin(), kept.end(), profiled.begin(), profiled.end(), signals_.begin());
  signals_.erase(end, signals_.end());
  for (Vector<double>* each : {&now_.contributions, &now_.points, &previous_.contributions, &previous_.points, &moves_,
                               &profile_, &distances_})
    each->resize(signals_.size());
  readings_.resize(signals_.size());
}

void AccountPopulation::take_readings(std::size_t index, const Account& account) {
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    const SignalReading* const reading = peers_.find(static_cast<std::uint32_t>(index), signals_[i]);
    const Signal& signal = model_.signals[static_cast<std::size_t>(signals_[i])];
    readings_[i] = reading != nullptr ? *reading : SignalReading{unseen(signal, account.size), 0, 0};
    now_.contributions[i] = readings_[i].contribution;
    previous_.contributions[i] = readings_[i].previous;
    profile_[i] = peers_.contribution(signals_[i]);
  }
}

ReportRow AccountPopulation::report(std::size_t index, JsonWriter* drivers, JsonWriter* dimensions, Memory* memory) {
  const Account& account = accounts_[index];
  const Past& past = pasts_[index];
  ReportRow row{};
  row.baseline = baseline_;
  row.population = population_;
  if (!account.known) {
    write_flags(account, past, &row);
    return row;
  }
  row.scored = true;
  row.raw = account.now.raw;
  row.score = score_of(account.now, baseline_);
  row.band = band_of(row.score, model_);

  if (past.days.any) row.days_inactive = {true, static_cast<double>(as_of_ - 1 - past.days.last)};
  if (past.has_previous) {
    row.previous_score = {true, score_of(past.previous, previous_baseline_)};
    const double change = row.score - row.previous_score.value;
    row.change = {true, change};
    const bool moved = change != 0 && std::fabs(change) >= model_.trend_points;
    row.trend = !moved ? "flat" : change > 0 ? "up" : "down";
    const double before = past.previous.raw;
    const double pct = before > 0 ? 100 * (row.raw - before) / before : 0;
    row.raw_change_pct = {before > 0 && std::isfinite(pct), pct + 0.0};
  }
  write_flags(account, past, &row);

  take_signals(past);
  take_readings(index, account);
  const Situation situation{model_, peers_, as_of_, account.size, row.band, past.has_previous, past.previous.positive};
  const double peers_moved = make_drivers(situation, account, past);
  const auto told = std::max(static_cast<std::size_t>(model_.max_drivers), kMaxReasons);
  for (Driver& driver : std::span(drivers_).first(std::min(drivers_.size(), told))) {
    driver_sentence(situation, driver, &text_);
    driver.sentence = kept(text_, memory);
  }
  write_drivers(situation, peers_moved, drivers);
  write_dimensions(model_, signals_, now_.points.data(), dimensions, memory);
  write_reason(&row, memory);
  return row;
}

Driver AccountPopulation::make_driver(const Situation& situation, std::size_t i) const {
  const bool raw = model_.signals[static_cast<std::size_t>(signals_[i])].unit == Unit::raw;
  Driver driver{};
  driver.signal = signals_[i];
  driver.points = now_.points[i];
  driver.reading = &readings_[i];
  driver.has_change = situation.has_previous;
  if (driver.has_change) driver.change = raw ? moves_[i] : now_.points[i] - previous_.points[i];
  driver.has_peers = peers_.known() && raw;
  if (driver.has_peers) driver.vs_peers = distances_[i];
  driver.kind = classify(situation, driver);
  return driver;
}

// Returns the part of the change that is no signal's: the account stood still and its peers moved.
double AccountPopulation::make_drivers(const Situation& situation, const Account& account, const Past& past) {
  const double *now = now_.contributions.data(), *previous = previous_.contributions.data();
  share_points(model_, baseline_, account.now, signals_, now, now_.points.data());
  share_points(model_, previous_baseline_, past.previous, signals_, previous, previous_.points.data());
  const double raw_before = past.previous.raw;
  const double peers_moved =
      normalized(raw_before, baseline_, model_) - normalized(raw_before, previous_baseline_, model_) +
      share_move(model_, baseline_, signals_, raw_before, previous, account.now.raw, now, moves_.data());
  if (peers_.known())
    share_move(model_, baseline_, signals_, peers_.raw(), profile_.data(), account.now.raw, now, distances_.data());
  drivers_.clear();
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    const Driver driver = make_driver(situation, i);
    if (driver.reading->observation.seen || driver.points != 0 || driver.change != 0 || driver.vs_peers != 0)
      drivers_.push_back(driver);
  }
  order_drivers(situation, &drivers_);
  // Less than the last printed place is no row.
  return past.has_previous && std::fabs(peers_moved) >= 5e-13 ? peers_moved : 0;
}

void AccountPopulation::write_drivers(const Situation& situation, double peers_moved, JsonWriter* out) const {
  const std::size_t shown = std::min(drivers_.size(), static_cast<std::size_t>(model_.max_drivers));
  out->begin(JsonType::array);
  for (const Driver& driver : std::span(drivers_).first(shown)) {
    const Signal& signal = model_.signals[static_cast<std::size_t>(driver.signal)];
    const Observation& seen = driver.reading->observation;
    write_driver({signal.name,
                  signal.label.in(model_.language),
                  signal.dimension,
                  kind_name(driver.kind),
                  driver.sentence,
                  driver.points,
                  {driver.has_change, driver.change},
                  {driver.has_peers, driver.vs_peers},
                  seen.recent(),
                  seen.prior(),
                  seen.pct(),
                  {seen.seen, static_cast<double>(seen.days_inactive)}},
                 out);
  }
  if (shown < drivers_.size()) {
    DriverJson rest{};
    rest.kind = kind_name(Kind::other);
    rest.text = other_sentence(model_.language);
    rest.change.known = situation.has_previous;
    rest.vs_peers.known = peers_.known();
    for (const Driver& driver : std::span(drivers_).subspan(shown)) {
      rest.points += driver.points;
      rest.change.value += driver.change;
      rest.vs_peers.value += driver.vs_peers;
    }
    write_driver(rest, out);
  }
  if (peers_moved != 0) {
    DriverJson moved{};
    moved.kind = kind_name(Kind::baseline);
    moved.text = baseline_sentence(model_.language);
    moved.change = {true, peers_moved};
    write_driver(moved, out);
  }
  out->end();
}

void AccountPopulation::write_reason(ReportRow* row, Memory* memory) const {
  const bool risky = !drivers_.empty() && drivers_.front().rank < 4;
  std::string_view sentences[kMaxReasons];
  std::size_t count = 0;
  for (const Driver& driver : drivers_) {
    if (count == kMaxReasons || (risky ? driver.rank == 4 : driver.points <= 0)) break;
    sentences[count++] = driver.sentence;
  }
  if (risky) {
    const Signal& signal = model_.signals[static_cast<std::size_t>(drivers_.front().signal)];
    row->main_risk = sentences[0];
    row->main_risk_signal = signal.name;
    row->next_step = signal.next_step.in(model_.language);
    row->dimension = signal.dimension;
  }
  const Headline headline{model_.language, row->score, row->previous_score, model_.trend_points};
  row->reason = kept(explain_score(headline, {sentences, count}, memory), memory);
}

void AccountPopulation::write_flags(const Account& account, const Past& past, ReportRow* row) const {
  const struct {
    bool set;
    std::string_view name;
  } flags[] = {
      {account.known && !past.days.any, "no_activity"},
      {!account.known, "no_data"},
      {account.known && account.size_missing, "size_missing"},
      {account.known && past.days.any && !past.has_previous, "new_account"},
      {population_ < model_.min_population, "small_population"},
      {baseline_.degenerate(), "degenerate_baseline"},
      {past.unscored, "unscored_signals"},
      {row->raw_change_pct.known && row->raw_change_pct.value <= kUsageDrop, "usage_drop"},
      {!any_activity_ || newest_ < as_of_ - kStaleDays, "stale_data"},
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
