#include "report.hpp"

#include <algorithm>
#include <cstdio>

namespace health {

namespace {

constexpr double kUsageDrop = -30;       // percent of raw
constexpr std::int64_t kStaleDays = 2;   // newest day before as_of - kStaleDays

}  // namespace

AccountPopulation::AccountPopulation(const Model& model, std::int64_t as_of, bool compare, Memory* memory)
    : model_(model),
      as_of_(as_of),
      compare_(compare),
      accounts_(memory),
      ledger_(memory),
      contributions_(model.signals.size(), 0.0, memory),
      points_(model.signals.size(), 0.0, memory),
      drivers_(memory) {
  model.require_signals();
}

void AccountPopulation::add_account(bool known, Size size) { accounts_.push_back({known, false, false, size, {}, {}}); }

// Once all accounts are there: who has no size among accounts that have one is taken at their median.
void AccountPopulation::fill_missing_sizes() {
  sizes_filled_ = true;
  Vector<double> sizes(accounts_.get_allocator());
  for (const Account& account : accounts_)
    if (account.known && account.size.given) sizes.push_back(account.size.value);
  if (sizes.empty()) return;
  const Size median{true, quantile(sizes, 0.5)};
  for (Account& account : accounts_) {
    if (account.size.given) continue;
    account.size = median;
    account.size_missing = true;
  }
}

void AccountPopulation::evaluate_account(std::size_t index, Bytes activity) {
  if (!sizes_filled_) fill_missing_sizes();
  Account& account = accounts_[index];
  ledger_.load(activity, model_);
  const auto moment = [&](std::int64_t as_of) {
    const Evaluation evaluation = evaluate(&ledger_, model_, as_of, account.size, nullptr);
    return Moment{evaluation.raw, evaluation.praise, evaluation.penalty};
  };
  account.now = moment(as_of_);
  if (!compare_) return;
  account.previous = moment(as_of_ - model_.trend_days);
  const DayRange days = ledger_.days(as_of_);
  account.has_previous = days.any && days.first < as_of_ - model_.trend_days;
  if (!days.any) return;
  newest_ = any_activity_ ? std::max(newest_, days.last) : days.last;
  any_activity_ = true;
}

Baseline AccountPopulation::baseline_at(Moment Account::*moment, std::int32_t* population) {
  Vector<double> raws(accounts_.get_allocator());
  for (const Account& account : accounts_)
    if (account.known && !account.size_missing && eligible((account.*moment).raw, model_))
      raws.push_back((account.*moment).raw);
  *population = static_cast<std::int32_t>(std::min<std::size_t>(raws.size(), kMaxCount));
  return baseline_of(raws, model_);
}

void AccountPopulation::close() {
  baseline_ = baseline_at(&Account::now, &population_);
  std::int32_t unused = 0;
  if (compare_) previous_baseline_ = baseline_at(&Account::previous, &unused);
}

double AccountPopulation::score_of(const Moment& moment, Baseline baseline) const {
  return adjusted(normalized(moment.raw, baseline, model_), moment.praise, moment.penalty).score;
}

double AccountPopulation::score(std::size_t account) const { return score_of(accounts_[account].now, baseline_); }

ReportRow AccountPopulation::report(std::size_t index, Bytes activity, JsonWriter* drivers, JsonWriter* dimensions,
                                    Memory* scratch) {
  const Account& account = accounts_[index];
  ReportRow row{};
  row.baseline = baseline_;
  row.population = population_;
  if (!account.known) {
    write_flags(account, {}, false, &row);
    return row;
  }
  row.scored = true;
  row.raw = account.now.raw;
  row.score = score_of(account.now, baseline_);
  row.band = band_of(row.score, model_);

  ledger_.load(activity, model_);
  const DayRange days = ledger_.days(as_of_);
  row.seen = days.any;
  if (days.any) row.days_inactive = static_cast<std::int32_t>(as_of_ - 1 - days.last);
  if (account.has_previous) {
    row.compared = true;
    row.previous_score = score_of(account.previous, previous_baseline_);
    row.change = row.score - row.previous_score;
    row.trend = row.change >= model_.trend_points ? "up" : row.change <= -model_.trend_points ? "down" : "flat";
    row.raw_changed = account.previous.raw > 0;
    if (row.raw_changed) row.raw_change_pct = 100 * (row.raw - account.previous.raw) / account.previous.raw;
  }
  write_flags(account, days, ledger_.unscored(window_before(as_of_, model_.window_days)), &row);

  const Evaluation evaluation = evaluate(&ledger_, model_, as_of_, account.size, contributions_.data());
  share_points(model_, baseline_, evaluation, contributions_.data(), points_.data());
  make_drivers(ledger_, model_, as_of_, account.size, points_.data(), &drivers_);
  write_drivers(model_, drivers_, drivers, scratch);
  write_dimensions(model_, points_.data(), dimensions, scratch);
  return row;
}

void AccountPopulation::write_flags(const Account& account, const DayRange& days, bool unscored, ReportRow* row) const {
  const struct {
    bool set;
    const char* name;
  } flags[] = {
      {account.known && !days.any, "no_activity"},
      {!account.known, "no_data"},
      {account.known && account.size_missing, "size_missing"},
      {account.known && days.any && !account.has_previous, "new_account"},
      {population_ < model_.min_population, "small_population"},
      {baseline_.degenerate(), "degenerate_baseline"},
      {unscored, "unscored_signals"},
      {row->raw_changed && row->raw_change_pct <= kUsageDrop, "usage_drop"},
      {!any_activity_ || newest_ < as_of_ - kStaleDays, "stale_data"},
  };
  std::size_t used = 0;
  for (const auto& flag : flags) {
    if (!flag.set) continue;
    used += static_cast<std::size_t>(std::snprintf(row->flags + used, sizeof row->flags - used, "%s%s",
                                                   used == 0 ? "" : ",", flag.name));
  }
}

}  // namespace health
