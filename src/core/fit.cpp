#include "fit.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "band.hpp"
#include "columns.hpp"
#include "interrupt.hpp"
#include "logistic.hpp"
#include "quantile.hpp"

namespace health {

namespace {

constexpr double kPenalties[] = {1e-4, 1e-3, 1e-2, 1e-1, 1};
constexpr int kMostGroups = 5;        // for the choice of the penalty
constexpr double kNearEnough = 1e-6;  // for the choice
constexpr double kTop = 0.99;         // share of the rows below a score of 100
constexpr double kHeaviest = 10;      // the largest weight,
constexpr double kLightest = 1e-3;    // unless the smallest one would be below this
constexpr double kAlike = 0.9;        // correlation

bool fittable(const Signal& signal) { return signal.weight != 0 && !signal.set_score; }

// Four digits: no difference that anybody would see, and no more than a model holds.
double rounded(double value) {
  if (value == 0 || !std::isfinite(value)) return 0;
  const double unit = std::pow(10, std::floor(std::log10(std::fabs(value))) - 3);
  return std::round(std::round(value / unit) * unit * 1e6) / 1e6;
}

}  // namespace

Fitter::Fitter(Json model, Memory* memory)
    : json_(model),
      model_(memory),
      probe_(memory),
      features_(memory),
      ledger_(memory),
      contributions_(memory),
      rows_(memory),
      settled_(memory),
      values_(memory),
      x_(memory) {
  model_.read(model, memory);
  model_.require_signals();
  JsonWriter patch(memory);
  patch.begin(JsonType::object);
  patch.key("dimension_caps");
  patch.null();
  patch.key("signals");
  patch.begin(JsonType::object);
  for (std::size_t i = 0; i < model_.signals.size(); ++i) {
    const Signal& signal = model_.signals[i];
    if (!fittable(signal)) continue;
    features_.push_back(static_cast<std::int32_t>(i));
    patch.key(signal.name);
    patch.begin(JsonType::object);
    patch.number("weight", 1);
    patch.key("max_points");
    patch.null();
    patch.end();
  }
  patch.end();
  patch.end();
  if (features_.size() > kMostFitted)
    fail(kTooLarge, "Give a weight of 0 to those that should not count.",
         "health_fit takes a model of at most %zu signals with a weight", kMostFitted);
  JsonWriter probe(memory);
  merge_model(json_, patch.root(), &probe);
  probe_.read(probe.root(), memory);
}

void Fitter::add(Bytes activity, bool churned, Day as_of, const AccountTerms& terms) {
  if (!started(terms, as_of)) return;
  ledger_.load(activity, model_);
  const Evaluation of = evaluate(&ledger_, model_, as_of, terms, nullptr);
  const std::span<const std::int32_t> present = ledger_.signals();
  contributions_.resize(present.size());
  evaluate(&ledger_, probe_, as_of, terms, contributions_.data());
  rows_.push_back({traces_of(activity, terms, as_of, memory_of(rows_)), as_of, churned});
  settled_.push_back(settled(terms, model_, as_of) ? 1 : 0);
  values_.push_back({of.raw, of.praise, of.penalty, of.measures, of.weights});
  auto at = present.begin();
  for (const std::int32_t feature : features_) {
    at = std::find_if(at, present.end(), [&](std::int32_t signal) { return signal >= feature; });
    const Signal& signal = probe_.signal(feature);
    double x = 0;
    if (signal.unit == Unit::share) {
      const std::optional<double> value = value_of(ledger_, probe_, feature, as_of, terms);
      x = value ? signal.part(*value) : NAN;
    } else if (at != present.end() && *at == feature) {
      x = contributions_[static_cast<std::size_t>(at - present.begin())];
    }
    x_.push_back(x);
  }
}

// What the regression makes of the rows of the first dates.
class Fitter::Training {
 public:
  Training(const Fitter& fitter, const Folds& folds, std::size_t dates, Memory* memory)
      : rows_(folds.rows().first(folds.before(dates))),
        fitter_(fitter),
        count_(fitter.features_.size()),
        bounds_(count_, memory),
        means_(count_, memory),
        deviations_(count_, memory),
        observed_(count_, memory),
        fit_(memory),
        of_groups_(memory) {
    for (std::size_t i = 0; i < count_; ++i) measure(i, memory);
    const int groups = std::min(folds.count(), kMostGroups);
    observe(folds, dates, groups);
    fit(groups, memory);
  }
  std::span<const std::uint32_t> rows() const { return rows_; }
  double penalty() const { return penalty_; }
  double bound(std::size_t i) const { return bounds_[i]; }
  // Of the logit of being kept, for one of the feature.
  double slope(std::size_t i) const { return deviations_[i] > 0 ? fit_.slopes[i] / deviations_[i] : 0; }
  double slope_of_deviation(std::size_t i) const { return fit_.slopes[i]; }
  bool varies(std::size_t i) const { return deviations_[i] > 0; }
  bool dropped(std::size_t i) const { return fit_.dropped[i] != 0; }
  bool tells() const {
    return std::any_of(fit_.slopes.begin(), fit_.slopes.end(), [](double slope) { return slope != 0; });
  }
  // The same of what was fitted to accounts of other groups than that of rows()[row].
  double slope_unseen(std::size_t row, std::size_t i) const {
    return deviations_[i] > 0 ? of_groups_[observed_.group[row]].slopes[i] / deviations_[i] : 0;
  }
  // A measure as the model counts it; one that is missing is the mean.
  double winsorized(const double* x, std::size_t i) const {
    return std::isnan(x[i]) ? means_[i] : std::clamp(x[i], -bounds_[i], bounds_[i]);
  }
  double standardized(const double* x, std::size_t i) const {
    return deviations_[i] > 0 ? (winsorized(x, i) - means_[i]) / deviations_[i] : 0;
  }
  // Of the winsorized measures, n by n.
  Vector<double> correlations(Memory* memory) const {
    Vector<double> result(count_ * count_, memory);
    Pulse pulse(memory);
    for (std::size_t row = 0; row < observed_.rows(); ++row) {
      pulse.beat(static_cast<std::uint32_t>(1 + count_));
      const double* const x = observed_.row(row);
      for (std::size_t i = 0; i < count_; ++i)
        for (std::size_t j = 0; j < count_; ++j) result[i * count_ + j] += x[i] * x[j];
    }
    for (double& each : result) each /= static_cast<double>(observed_.rows());
    return result;
  }

 private:
  void measure(std::size_t i, Memory* memory) {
    Vector<double> sizes(memory);
    for (const std::uint32_t row : rows_)
      if (const double size = std::fabs(fitter_.features(row)[i]); size > 0) sizes.push_back(size);
    const bool share = fitter_.model_.signal(fitter_.features_[i]).unit == Unit::share;
    if (share) bounds_[i] = 1;
    else if (!sizes.empty()) bounds_[i] = quantile(sizes, fitter_.model_.percentile, memory);
    double sum = 0, squares = 0, known = 0;
    for (const std::uint32_t row : rows_) {
      if (std::isnan(fitter_.features(row)[i])) continue;
      sum += winsorized(fitter_.features(row), i);
      ++known;
    }
    if (known == 0) return;
    means_[i] = sum / known;
    for (const std::uint32_t row : rows_) {
      if (std::isnan(fitter_.features(row)[i])) continue;
      const double off = winsorized(fitter_.features(row), i) - means_[i];
      squares += off * off;
    }
    const double deviation = std::sqrt(squares / known);
    if (deviation > 1e-9 * bounds_[i]) deviations_[i] = deviation;  // else rounding
  }

  void observe(const Folds& folds, std::size_t dates, int groups) {
    observed_.x.reserve(rows_.size() * observed_.width());
    Vector<double> x(count_, memory_of(observed_.x));
    for (const std::uint32_t row : rows_) {
      for (std::size_t i = 0; i < count_; ++i) x[i] = standardized(fitter_.features(row), i);
      observed_.add_row(x, !fitter_.rows_[row].churned, folds.fold(row) % groups);
    }
    for (std::size_t date = 0; date <= dates; ++date) observed_.strata.push_back(folds.before(date));
  }

  // By the penalty that tells most of accounts that it has not seen, from the lightest on, while more of it helps.
  void fit(int groups, Memory* memory) {
    Vector<LogisticFit> of_groups(memory);
    for (int group = 0; group < groups; ++group) of_groups.emplace_back(memory);
    LogisticFit whole(memory);
    double least = kNone;
    for (const double penalty : kPenalties) {
      fit_logistic(observed_, penalty, kNoGroup, &whole, memory);
      double deviance = 0;
      for (int group = 0; group < groups; ++group) {
        LogisticFit& fit = of_groups[static_cast<std::size_t>(group)];
        fit.slopes = whole.slopes;
        fit.intercepts = whole.intercepts;
        fit_logistic(observed_, penalty, group, &fit, memory, kNearEnough);
        deviance += deviance_of(observed_, fit, group);
      }
      if (!(deviance < least)) break;
      least = deviance;
      penalty_ = penalty;
      fit_ = whole;
      of_groups_ = of_groups;
    }
  }

  std::span<const std::uint32_t> rows_;
  const Fitter& fitter_;
  std::size_t count_;
  Vector<double> bounds_, means_, deviations_;  // deviation 0: the same for all
  Observations observed_;
  LogisticFit fit_;
  Vector<LogisticFit> of_groups_;
  double penalty_ = kPenalties[0];
};

// Slopes of the logit made weights, so that one of the logit is as many points wherever it comes from.
struct Fitter::Weights {
  explicit Weights(Memory* memory) : of(memory) {}
  Vector<double> of;               // the features; empty where no score could come of it
  double points = 0;               // for one of the logit
  double baseline = 0, usage = 0;  // 0: none
};

class Fitter::Scaling {
 public:
  Scaling(const Fitter& fitter, const Training& training, Memory* memory)
      : fitter_(fitter), training_(training), memory_(memory), top_(top_of(!fitter.model_.scorecard())) {}

  Weights weights() const {
    Weights result(memory_);
    double heaviest_share = 0, shares = 0, heaviest_raw = 0, lightest_raw = kNone;
    for (std::size_t i = 0; i < count(); ++i) {
      const double slope = std::fabs(training_.slope(i));
      if (slope == 0) continue;
      if (unit(i) == Unit::share) {
        heaviest_share = std::max(heaviest_share, slope);
        shares += slope;
      } else if (unit(i) == Unit::raw) {
        heaviest_raw = std::max(heaviest_raw, slope);
        lightest_raw = std::min(lightest_raw, slope);
      }
    }
    const bool scorecard = fitter_.model_.scorecard();
    if (!(top_ + shares > 0)) return result;
    result.points = 100 / (top_ + shares);
    const bool has_raw = heaviest_raw > 0 && (!scorecard || top_ > 0);
    const double of_raw = has_raw ? std::max(kHeaviest / heaviest_raw, kLightest / lightest_raw) : 0;
    const double of_share = scorecard ? kHeaviest / std::max(heaviest_share, top_) : 0;
    for (std::size_t i = 0; i < count(); ++i) {
      const double slope = training_.slope(i);
      result.of.push_back(rounded(unit(i) == Unit::raw     ? slope * of_raw
                                  : unit(i) == Unit::share ? std::fabs(slope) * of_share
                                                           : slope * result.points));
    }
    if (has_raw) result.baseline = rounded(top_ * of_raw);
    if (has_raw && scorecard) result.usage = rounded(top_ * of_share);
    return result;
  }

  // The model with these weights; `cuts`: of its bands but the worst, or none to leave them.
  void write(const Weights& weights, std::span<const double> cuts, JsonWriter* out) const {
    const Model& model = fitter_.model_;
    JsonWriter patch(memory_);
    patch.begin(JsonType::object);
    patch.string("curve", "linear");
    write_known("baseline", weights.baseline, &patch);
    if (model.scorecard()) write_known("usage_weight", weights.usage, &patch);
    write_known("dimension_caps", 0, &patch);
    if (!cuts.empty()) write_cuts(model, cuts, &patch);
    patch.key("signals");
    patch.begin(JsonType::object);
    for (std::size_t i = 0; i < count(); ++i) {
      const Signal& signal = model.signal(fitter_.features_[i]);
      patch.key(signal.name);
      patch.begin(JsonType::object);
      patch.number("weight", weights.of[i]);
      if (signal.unit != Unit::share) write_known("max_points", bound(weights, i), &patch);
      else if (training_.slope(i) < 0) write_reversed(signal, &patch);
      if (signal.usage && weights.of[i] <= 0) {
        patch.key("usage");
        patch.boolean(true);
      }
      patch.end();
    }
    patch.end();
    patch.end();
    merge_model(fitter_.json_, patch.root(), out);
  }

  // A score in units of the logit, by other slopes: slope(i) of a feature.
  template <class Slope>
  double logit_score(std::uint32_t row, Slope slope) const {
    double raw = 0, praise = 0, penalty = 0, measures = 0, most = top_;
    for (std::size_t i = 0; i < count(); ++i) {
      const double part = slope(i) * training_.winsorized(fitter_.features(row), i);
      if (unit(i) == Unit::raw) {
        raw += part;
      } else if (unit(i) == Unit::share) {
        measures += slope(i) < 0 ? part - slope(i) : part;
        most += std::fabs(slope(i));
      } else {
        (part > 0 ? praise : penalty) += std::fabs(part);
      }
    }
    return std::max(0.0, std::min(most, std::clamp(raw, 0.0, top_) + measures + praise) - penalty);
  }

  // The score of a row by a model of these weights, which write() made.
  double score(const Weights& weights, const Model& fitted, std::uint32_t row) const {
    const double* const x = fitter_.features(row);
    Evaluation evaluation;
    for (std::size_t i = 0; i < count(); ++i) {
      if (std::isnan(x[i])) continue;
      if (unit(i) == Unit::share) {
        evaluation.measures += weights.of[i] * 100 * (training_.slope(i) < 0 ? 1 - x[i] : x[i]);
        evaluation.weights += weights.of[i];
        continue;
      }
      const double most = bound(weights, i), points = std::clamp(weights.of[i] * x[i], -most, most);
      if (unit(i) == Unit::raw) evaluation.raw += points;
      else (points > 0 ? evaluation.praise : evaluation.penalty) += std::fabs(points);
    }
    return score_of(evaluation, weights.baseline > 0 ? Baseline(weights.baseline) : std::nullopt, fitted);
  }

 private:
  std::size_t count() const { return fitter_.features_.size(); }
  Unit unit(std::size_t i) const { return fitter_.model_.signal(fitter_.features_[i]).unit; }
  double bound(const Weights& weights, std::size_t i) const {
    return rounded(std::fabs(weights.of[i]) * training_.bound(i));
  }

  // The logit that nearly all rows are below, of signals of unit raw, and `also` of points that others give.
  double top_of(bool also) const {
    Vector<double> tops(memory_);
    for (const std::uint32_t row : training_.rows()) {
      double raw = 0, praise = 0;
      for (std::size_t i = 0; i < count(); ++i) {
        if (unit(i) == Unit::share) continue;
        const double given = training_.slope(i) * training_.winsorized(fitter_.features(row), i);
        if (unit(i) == Unit::raw) raw += given;
        else if (also) praise += std::max(0.0, given);
      }
      if (const double sum = std::max(0.0, raw) + praise; sum > 0) tops.push_back(sum);
    }
    return tops.empty() ? 0 : quantile(tops, kTop, memory_);
  }

  static void write_known(std::string_view key, double value, JsonWriter* out) {
    out->key(key);
    if (value > 0) out->number(value);
    else out->null();
  }

  // What the best of a measure is becomes its worst.
  static void write_reversed(const Signal& signal, JsonWriter* out) {
    out->key(signal.scale.steps ? "steps" : "scale");
    out->begin(JsonType::array);
    const auto point = [&](double x, double y) {
      out->begin(JsonType::array);
      out->number(x);
      out->number(1 - y);
      out->end();
    };
    for (const Scale::Point& each : signal.scale.points) point(each.x, each.y);
    if (!signal.scale.given()) {
      point(0, 0);
      point(signal.out_of == kNone ? 1 : signal.out_of, 1);
    }
    out->end();
  }

  const Fitter& fitter_;
  const Training& training_;
  Memory* memory_;
  double top_;
};

namespace {

constexpr double kCutUnit = 0.01;

// Cuts of the fitted scores such that each band holds as many rows as it did; both are sorted. None where the best
// band would begin above 100.
void cuts_of(std::span<const BandTerms> bands, std::span<const double> own, std::span<const double> fitted,
             Vector<double>* cuts) {
  const std::size_t rows = own.size();
  double least = kCutUnit;
  for (std::size_t i = 1; i < bands.size(); ++i) {
    const auto below = static_cast<std::size_t>(std::lower_bound(own.begin(), own.end(), bands[i].cut) - own.begin());
    const double low = below == 0 ? 0 : fitted[below - 1], high = below == rows ? 100 : fitted[below];
    const double cut = std::round((low + high) / 2 / kCutUnit) * kCutUnit;
    cuts->push_back(std::max(cut, least));
    least = cuts->back() + kCutUnit;
  }
  for (double& cut : *cuts) cut = std::round(cut * 100) / 100;
  if (cuts->back() > 100) cuts->clear();
}

}  // namespace

void Fitter::own_scores(const Folds& folds, std::span<double> scores, Memory* memory) const {
  const BaselineTerms terms = baseline_terms(model_);
  std::size_t next = 0;
  for (std::size_t date = 0; date < folds.dates(); ++date) {
    Vector<double> raws(memory);
    for (const std::uint32_t row : folds.of_date(date))
      if (settled_[row] != 0 && eligible(values_[row].raw, terms)) raws.push_back(values_[row].raw);
    const Baseline baseline = baseline_of(raws, terms, memory);
    for (const std::uint32_t row : folds.of_date(date)) {
      const Value& of = values_[row];
      Evaluation evaluation;
      evaluation.raw = of.raw;
      evaluation.praise = of.praise;
      evaluation.penalty = of.penalty;
      evaluation.measures = of.measures;
      evaluation.weights = of.weights;
      scores[next++] = score_of(evaluation, baseline, model_);
    }
  }
}

namespace {

// Of numbers of the rows of some dates, in their order.
template <class Score>
FoldAuc auc_of_dates(const Folds& folds, std::size_t from, std::size_t to, std::span<const FoldRow> rows, Score score,
                     Memory* memory) {
  FoldAuc auc;
  Vector<FoldedScore> scores(memory);
  for (std::size_t date = from; date < to; ++date) {
    check_interrupt(memory);
    scores.clear();
    const std::size_t before = folds.before(date);
    const std::span<const std::uint32_t> of = folds.of_date(date);
    for (std::size_t i = 0; i < of.size(); ++i)
      scores.push_back({score(before + i, of[i]), folds.fold(of[i]), rows[of[i]].churned});
    auc += fold_auc_of(scores, memory);
  }
  return auc;
}

}  // namespace

void Fitter::finish(FitResult* result, Memory* memory) const {
  const Folds folds(rows_, memory);
  result->total = folds.total();
  result->dates = static_cast<std::int64_t>(folds.dates());
  result->folds = folds.count();
  if (folds.count() == 0) return;
  Vector<double> own(rows_.size(), memory);
  own_scores(folds, own, memory);
  const auto own_score = [&](std::size_t i, std::uint32_t) { return own[i]; };

  const Training training(*this, folds, folds.dates(), memory);
  const Scaling scaling(*this, training, memory);
  const Weights weights = scaling.weights();
  const FoldAuc own_auc = auc_of_dates(folds, 0, folds.dates(), rows_, own_score, memory);
  if (own_auc.all.pairs == 0 || weights.of.empty()) return;
  const FoldAuc auc = auc_of_dates(
      folds, 0, folds.dates(), rows_,
      [&](std::size_t i, std::uint32_t row) {
        return scaling.logit_score(row, [&](std::size_t feature) { return training.slope_unseen(i, feature); });
      },
      memory);

  FitResult::Fitted& fit = result->fit.emplace();
  fit.penalty = training.penalty();
  fit.auc = auc.all.auc();
  fit.own_auc = own_auc.all.auc();
  const ChurnCount accounts = folds.accounts_with(0, folds.dates());
  fit.interval = auc_interval(auc, folds.count(), accounts);
  fit.gain_interval = gain_interval(own_auc, auc, folds.count(), accounts);
  const FoldSpread gain = gain_of(own_auc, auc, folds.count());
  fit.better = fit.auc > fit.own_auc && gain.mean > gain.reach();
  describe(training, weights, result, memory);

  JsonWriter draft(memory);
  scaling.write(weights, {}, &draft);
  Model fitted(memory);
  fitted.read(draft.root(), memory);
  Vector<double> scores(memory);
  for (const std::uint32_t row : folds.rows()) scores.push_back(scaling.score(weights, fitted, row));
  const auto ends =
      std::count_if(scores.begin(), scores.end(), [](double score) { return score <= 0 || score >= 100; });
  fit.saturated = static_cast<double>(ends) / static_cast<double>(scores.size());
  Pulse pulse(memory);
  std::sort(scores.begin(), scores.end(), pulse.during(std::less<>()));
  Vector<double> sorted_own(own.begin(), own.end(), memory), cuts(memory);
  std::sort(sorted_own.begin(), sorted_own.end(), pulse.during(std::less<>()));
  cuts_of(model_.bands, sorted_own, scores, &cuts);
  scaling.write(weights, cuts, &result->fitted);

  const std::size_t later = std::max<std::size_t>(1, 2 * folds.dates() / 3);
  if (later == folds.dates()) return;
  const Training earlier(*this, folds, later, memory);
  const FoldAuc own_later = auc_of_dates(folds, later, folds.dates(), rows_, own_score, memory);
  const Scaling earlier_scaling(*this, earlier, memory);
  const FoldAuc fitted_later = auc_of_dates(
      folds, later, folds.dates(), rows_,
      [&](std::size_t, std::uint32_t row) {
        return earlier_scaling.logit_score(row, [&](std::size_t feature) { return earlier.slope(feature); });
      },
      memory);
  if (own_later.all.pairs > 0)
    result->forward = FitResult::Forward{
        folds.date(later), fitted_later.all.auc(), own_later.all.auc(),
        gain_interval(own_later, fitted_later, folds.count(), folds.accounts_with(later, folds.dates()))};
}

void Fitter::describe(const Training& training, const Weights& weights, FitResult* result, Memory* memory) const {
  const Vector<double> correlations = training.correlations(memory);
  for (std::size_t i = 0; i < features_.size(); ++i) {
    check_interrupt(memory);
    FittedSignal signal;
    signal.signal = features_[i];
    signal.note = !training.varies(i) ? FitNote::constant : training.dropped(i) ? FitNote::contradicts : FitNote::none;
    signal.weight = weights.of[i];
    signal.bound = training.bound(i);
    const bool share = model_.signal(features_[i]).unit == Unit::share;
    signal.reversed = share && training.slope(i) < 0;
    signal.points = weights.points * training.slope(i) * training.bound(i);
    if (share) signal.points = std::fabs(signal.points);
    signal.odds_ratio = std::exp(-training.slope_of_deviation(i));
    const auto there = std::count_if(training.rows().begin(), training.rows().end(), [&](std::uint32_t row) {
      const double x = features(row)[i];
      return !std::isnan(x) && (share || x != 0);
    });
    signal.coverage = static_cast<double>(there) / static_cast<double>(training.rows().size());
    double most = kAlike;
    for (std::size_t j = 0; j < features_.size(); ++j) {
      const double alike = std::fabs(correlations[i * features_.size() + j]);
      if (i == j || alike < most || (alike == most && signal.resembles != Model::kUnknown)) continue;
      signal.resembles = features_[j];
      most = alike;
    }
    result->signals.push_back(signal);
  }
}

void Fitter::write(std::uint8_t* out) const {
  put_column(settled_, put_column(x_, put_column(values_, put_column(rows_, out))));
}

void Fitter::merge(Bytes bytes) {
  const std::size_t rows = bytes.size() / row_bytes();
  if (bytes.size() % row_bytes() != 0) fail(kInvalidBinary, "", "invalid state of health_fit");
  const std::uint8_t* const values = take_column(bytes.data(), rows, &rows_);
  take_column(take_column(take_column(values, rows, &values_), rows * features_.size(), &x_), rows, &settled_);
}

void Fitter::merge(const Fitter& other) {
  append_column(other.rows_, &rows_);
  append_column(other.values_, &values_);
  append_column(other.x_, &x_);
  append_column(other.settled_, &settled_);
}

namespace {

std::string_view name_of(FitNote note) { return note == FitNote::constant ? "constant" : "contradicts"; }

void write_signal(const FittedSignal& of, const Model& model, JsonWriter* out) {
  const Signal& signal = model.signal(of.signal);
  out->begin(JsonType::object);
  out->string("signal", signal.name);
  out->string("label", signal.label.in(model.language));
  out->number("current_weight", signal.w());
  out->number("weight", of.weight);
  write_rate("odds_ratio", of.odds_ratio, out);
  out->number("points", std::round(of.points * 100) / 100);
  write_rate("coverage", of.coverage, out);
  if (of.reversed) {
    out->key("reversed");
    out->boolean(true);
  }
  if (of.note != FitNote::none) out->string("note", name_of(of.note));
  if (of.resembles != Model::kUnknown) out->string("resembles", model.signal(of.resembles).name);
  out->end();
}

void write_signals(const FitResult& result, const Model& model, JsonWriter* out) {
  Vector<FittedSignal> signals(result.signals.begin(), result.signals.end(), out->memory());
  // Signals of a model are in order of their names.
  std::stable_sort(signals.begin(), signals.end(), [](const FittedSignal& a, const FittedSignal& b) {
    return std::fabs(a.points) > std::fabs(b.points);
  });
  out->key("signals");
  out->begin(JsonType::array);
  for (const FittedSignal& signal : signals) write_signal(signal, model, out);
  out->end();
}

}  // namespace

void write_fitted(const FitResult& result, const Fitter& fitter, JsonWriter* out) {
  out->begin(JsonType::object);
  write_accounts(result.total, out);
  out->number("dates", static_cast<double>(result.dates));
  out->number("folds", result.folds);
  const auto write_gain = [&](const Interval& interval) {
    write_rate("gain_low", interval.low, out);
    write_rate("gain_high", interval.high, out);
  };
  if (result.fit) {
    const FitResult::Fitted& fit = *result.fit;
    out->number("penalty", fit.penalty);
    write_auc({fit.auc, fit.interval}, out);
    write_rate("current_auc", fit.own_auc, out);
    write_rate("gain", fit.auc - fit.own_auc, out);
    write_gain(fit.gain_interval);
    write_rate("saturated", fit.saturated, out);
  }
  if (result.forward) {
    out->key("forward");
    out->begin(JsonType::object);
    out->day("from", result.forward->from);
    write_rate("auc", result.forward->auc, out);
    write_rate("current_auc", result.forward->own_auc, out);
    write_gain(result.forward->gain_interval);
    out->end();
  }
  const bool better = result.fit && result.fit->better;
  out->key("better");
  out->boolean(better);
  if (result.fit) {
    write_signals(result, fitter.model(), out);
    out->key("fitted");
    out->copy(result.fitted.root());
  }
  out->key("model");
  out->copy(better ? result.fitted.root() : fitter.json());
  out->end();
}

}  // namespace health
