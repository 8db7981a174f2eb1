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
constexpr int kMostGroups = 5;                          // for the choice of the penalty
constexpr double kNearEnough = 1e-6;                    // likewise
constexpr double kTop = 0.99;                           // share of the rows whose usage is below its best
constexpr double kHeaviest = 10;                        // the largest weight of usage, and of the measures,
constexpr double kLightest = 1e-3;                      // unless the smallest of usage would be below this
constexpr double kMostWeight = 1e9, kMostBound = 1e12;  // that a model holds
constexpr double kEnd = 0.005;                          // what is as near to 0 or 100 is there
constexpr double kMostUnscored = 0.1;                   // share of the rows that a model may leave without a score
constexpr double kAlike = 0.9;                          // correlation

bool fittable(const Signal& signal) { return signal.weight != 0 && !signal.set_score; }
// Whether it may be part of the usage, decayed and per size. All others are measures of a scorecard.
bool countable(const Signal& signal) { return signal.unit == Unit::raw && !signal.gauge(); }

// Four digits: no difference that anybody would see.
double rounded(double value) {
  if (value == 0 || !std::isfinite(value)) return 0;
  const double digits = 3 - std::floor(std::log10(std::fabs(value)));  // behind the point
  const double power = std::pow(10, std::fabs(digits));                // exact, not so its inverse
  return digits > 0 ? std::round(value * power) / power : std::round(value / power) * power;
}
// No more than a model holds.
double rounded_weight(double value) { return std::round(rounded(value) * 1e6) / 1e6; }

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
      own_(memory),
      x_(memory) {
  model_.read(model, memory);
  model_.require_signals();
  JsonWriter patch(memory);
  patch.begin(JsonType::object);
  patch.key("signals");
  patch.begin(JsonType::object);
  for (std::size_t i = 0; i < model_.signals.size(); ++i) {
    const Signal& signal = model_.signals[i];
    if (!fittable(signal)) continue;
    features_.push_back(static_cast<std::int32_t>(i));
    if (!countable(signal)) continue;
    patch.key(signal.name);
    patch.begin(JsonType::object);
    patch.number("weight", 1);
    patch.key("max_points");
    patch.null();
    patch.end();
  }
  patch.end();
  patch.end();
  if (features_.empty())
    fail(kInvalidParameter, "Give those that should be tried a weight, whatever it is.",
         "no signal of the health_model has a weight to fit");
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
  own_.push_back(evaluate(&ledger_, model_, as_of, terms, nullptr));
  own_.back().override_score.reset();  // it is left out on both sides
  const std::span<const std::int32_t> present = ledger_.signals();
  contributions_.resize(present.size());
  evaluate(&ledger_, probe_, as_of, terms, contributions_.data());
  rows_.push_back({traces_of(activity, terms, as_of, memory_of(rows_)), as_of, churned});
  settled_.push_back(settled(terms, model_, as_of) ? 1 : 0);
  auto at = present.begin();
  for (const std::int32_t feature : features_) {
    at = std::find_if(at, present.end(), [&](std::int32_t signal) { return signal >= feature; });
    const bool here = at != present.end() && *at == feature;
    const Signal& signal = model_.signal(feature);
    const std::optional<double> value = value_of(ledger_, model_, feature, as_of, terms);
    x_.push_back({countable(signal) && here ? contributions_[static_cast<std::size_t>(at - present.begin())] : 0,
                  !value                 ? NAN
                  : signal.scale.given() ? signal.scale.at(*value)
                                         : *value});
  }
}

// How a signal enters the regression, and the model that comes of it.
struct Fitter::Form {
  bool usage = false;  // decayed and per size, else by its value
  // What is below or above is taken as that. Of a measure, its worst and its best, or the other way round.
  double low = 0, high = 0;
  double mean = 0, deviation = 0;  // of those that have it, within these; deviation 0: the same for all
};

// What the regression makes of the rows of the first dates.
class Fitter::Training {
 public:
  Training(const Fitter& fitter, const Folds& folds, std::size_t dates, Memory* memory)
      : rows_(folds.rows().first(folds.before(dates))),
        fitter_(fitter),
        forms_(fitter.features_.size(), memory),
        observed_(fitter.features_.size(), memory),
        fit_(memory),
        of_groups_(memory) {
    for (std::size_t date = 0; date <= dates; ++date) observed_.strata.push_back(folds.before(date));
    for (std::size_t i = 0; i < count(); ++i) {
      check_interrupt(memory);
      form(i, memory);
    }
    const int groups = std::min(folds.count(), kMostGroups);
    Vector<double> x(count(), memory);
    observed_.x.reserve(rows_.size() * observed_.width());
    Pulse pulse(memory);
    for (const std::uint32_t row : rows_) {
      pulse.beat(static_cast<std::uint32_t>(1 + count()));
      for (std::size_t i = 0; i < count(); ++i)
        x[i] = forms_[i].deviation > 0 ? (value(row, i) - forms_[i].mean) / forms_[i].deviation : 0;
      observed_.add_row(x, !fitter_.rows_[row].churned, folds.fold(row) % groups);
    }
    fit(groups, memory);
  }
  std::size_t count() const { return forms_.size(); }
  std::span<const std::uint32_t> rows() const { return rows_; }
  double penalty() const { return penalty_; }
  const Form& form(std::size_t i) const { return forms_[i]; }
  bool dropped(std::size_t i) const { return fit_.dropped[i] != 0; }
  // Of the logit of being kept, for one standard deviation; for one of the signal; and the latter as it was fitted to
  // accounts of other groups than that of rows()[row].
  double standard_slope(std::size_t i) const { return fit_.slopes[i]; }
  double slope(std::size_t i) const { return per_unit(fit_, i); }
  // Half of the interval of standard_slope(i) at 95 %: by the jackknife, J. W. Tukey, Ann. Math. Statist. 29 (1958).
  double reach(std::size_t i) const {
    const auto groups = static_cast<double>(of_groups_.size());
    double sum = 0, squares = 0;
    for (const LogisticFit& each : of_groups_) sum += each.slopes[i];
    for (const LogisticFit& each : of_groups_)
      squares += (each.slopes[i] - sum / groups) * (each.slopes[i] - sum / groups);
    return student95(static_cast<int>(of_groups_.size())) * std::sqrt(squares * (groups - 1) / groups);
  }
  double unseen_slope(std::size_t row, std::size_t i) const { return per_unit(of_groups_[observed_.group[row]], i); }
  bool has(std::uint32_t row, std::size_t i) const {
    return forms_[i].usage || !std::isnan(fitter_.features(row)[i].value);
  }
  // Within the bounds of the form; the mean where there is none.
  double value(std::uint32_t row, std::size_t i) const {
    const Form& form = forms_[i];
    return has(row, i) ? std::clamp(given(row, i, form.usage), form.low, form.high) : form.mean;
  }
  // Of the values within their bounds, n by n.
  Vector<double> correlations(Memory* memory) const {
    Vector<double> result(count() * count(), memory);
    Pulse pulse(memory);
    for (std::size_t row = 0; row < observed_.rows(); ++row) {
      pulse.beat(static_cast<std::uint32_t>(1 + count()));
      const double* const x = observed_.row(row);
      for (std::size_t i = 0; i < count(); ++i)
        for (std::size_t j = 0; j < count(); ++j) result[i * count() + j] += x[i] * x[j];
    }
    for (double& each : result) each /= static_cast<double>(observed_.rows());
    return result;
  }

 private:
  double per_unit(const LogisticFit& fit, std::size_t i) const {
    return forms_[i].deviation > 0 ? fit.slopes[i] / forms_[i].deviation : 0;
  }
  double given(std::uint32_t row, std::size_t i, bool usage) const {
    const Feature& feature = fitter_.features(row)[i];
    return usage ? feature.decayed : feature.value;
  }
  const Signal& signal(std::size_t i) const { return fitter_.model_.signal(fitter_.features_[i]); }

  void form(std::size_t i, Memory* memory) {
    Form& form = forms_[i];
    if (countable(signal(i))) {
      form = {true, 0, 0, 0, 0};
      bound(i, memory);
      form.usage = speaks_for(i);
    }
    if (!form.usage) bound(i, memory);
    double sum = 0, squares = 0, known = 0;
    for (const std::uint32_t row : rows_) {
      if (!has(row, i)) continue;
      sum += value(row, i);
      ++known;
    }
    if (known == 0) return;
    form.mean = sum / known;
    for (const std::uint32_t row : rows_) {
      const double off = value(row, i) - form.mean;  // 0 where there is none
      squares += off * off;
    }
    const double deviation = std::sqrt(squares / known);
    if (deviation > 1e-9 * (form.high - form.low)) form.deviation = deviation;  // else rounding
  }

  // At the model's percentile of those that are not 0, both ways; what has a range of its own keeps it.
  void bound(std::size_t i, Memory* memory) {
    Form& form = forms_[i];
    if (const Signal& of = signal(i); !form.usage && of.scale.given()) {
      const auto by_y = [](const Scale::Point& a, const Scale::Point& b) { return a.y < b.y; };
      const auto [least, most] = std::minmax_element(of.scale.points.begin(), of.scale.points.end(), by_y);
      form.low = least->y;
      form.high = most->y;
      return;
    } else if (!form.usage && of.out_of != kNone) {
      form.high = of.out_of;
      return;
    }
    Vector<double> above(memory), below(memory);
    for (const std::uint32_t row : rows_) {
      const double x = given(row, i, form.usage);
      if (x > 0) above.push_back(x);
      if (x < 0) below.push_back(-x);
    }
    const auto end = [&](Vector<double>& values) {
      return values.empty() ? 0 : rounded(std::min(quantile(values, fitter_.model_.percentile, memory), kMostBound));
    };
    form.high = end(above);
    form.low = -end(below);
    if (form.usage) {  // max_points is one bound
      form.high = std::max(form.high, -form.low);
      form.low = -form.high;
    }
  }

  // Whether those who were kept had more of it than those who churned, within the dates.
  bool speaks_for(std::size_t i) const {
    double sum = 0;
    for (std::size_t date = 0; date + 1 < observed_.strata.size(); ++date) {
      double kept = 0, all = 0, of_kept = 0, of_all = 0;
      for (std::size_t at = observed_.strata[date]; at < observed_.strata[date + 1]; ++at) {
        const double x = value(rows_[at], i), stayed = fitter_.rows_[rows_[at]].churned ? 0 : 1;
        kept += stayed;
        ++all;
        of_kept += stayed * x;
        of_all += x;
      }
      if (all > 0) sum += of_kept - kept * of_all / all;
    }
    return sum >= 0;
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
  Vector<Form> forms_;
  Observations observed_;
  LogisticFit fit_;
  Vector<LogisticFit> of_groups_;
  double penalty_ = kPenalties[0];
};

// Slopes of the logit made the weights of a model, so that one of the logit is as many points wherever it comes from.
// A score is 100 times the logit's share of its range: of the usage from nothing to what nearly nobody exceeds, of each
// measure from its worst to its best.
class Fitter::Scaling {
 public:
  Scaling(const Fitter& fitter, const Training& training, Memory* memory)
      : fitter_(fitter), training_(training), memory_(memory), weights_(training.count(), memory) {
    double heaviest_share = 0, heaviest = 0, lightest = kNone, most = 0;
    for (std::size_t i = 0; i < training.count(); ++i) {
      const double slope = std::fabs(training.slope(i));
      if (!training.form(i).usage) {
        heaviest_share = std::max(heaviest_share, slope * range(i));
        shares_ += slope * range(i);
      } else if (slope > 0) {
        heaviest = std::max(heaviest, slope);
        lightest = std::min(lightest, slope);
        most = std::max(most, slope * training.form(i).high);
      }
    }
    usage_ = heaviest > 0 ? best_usage() : 0;
    if (!tells()) return;
    const double of_usage = usage_ > 0 ? std::min({std::max(kHeaviest / heaviest, kLightest / lightest),
                                                   kMostWeight / heaviest, kMostBound / most})
                                       : 0;
    const double of_share = kHeaviest / std::max(heaviest_share, usage_);
    for (std::size_t i = 0; i < training.count(); ++i) {
      const double slope = training.slope(i);
      weights_[i] = rounded_weight(training.form(i).usage ? slope * of_usage : std::fabs(slope) * range(i) * of_share);
    }
    baseline_ = rounded(usage_ * of_usage);
    if (shares_ > 0) usage_weight_ = rounded(usage_ * of_share);
  }
  // Whether there is anything to score by.
  bool tells() const { return usage_ + shares_ > 0; }
  double weight(std::size_t i) const { return weights_[i]; }
  bool reversed(std::size_t i) const { return !training_.form(i).usage && training_.slope(i) < 0; }
  // The most that it is worth, of 100.
  double points(std::size_t i) const {
    const Form& form = training_.form(i);
    return 100 * std::fabs(training_.slope(i)) * (form.usage ? form.high : range(i)) / (usage_ + shares_);
  }

  // Whether it has a score: usage, which is 0 at least, or a measure.
  bool scores(std::uint32_t row) const {
    if (usage_ > 0) return true;
    for (std::size_t i = 0; i < training_.count(); ++i)
      if (training_.slope(i) != 0 && training_.has(row, i)) return true;
    return false;
  }
  // 0 to 100, by slopes of the logit: slope(i).
  template <class Slope>
  double score(std::uint32_t row, Slope slope) const {
    double usage = 0, measures = 0, weights = usage_;
    for (std::size_t i = 0; i < training_.count(); ++i) {
      if (!training_.has(row, i)) continue;
      const Form& form = training_.form(i);
      const double x = training_.value(row, i), s = slope(i);
      if (form.usage) {
        usage += s * x;
      } else {
        measures += s < 0 ? s * (x - form.high) : s * (x - form.low);
        weights += std::fabs(s) * range(i);
      }
    }
    return weights > 0 ? 100 * (std::clamp(usage, 0.0, usage_) + measures) / weights : 0;
  }

  // The model; `cuts`: of its bands but the worst, or none to leave them.
  void write(std::span<const double> cuts, JsonWriter* out) const {
    const Model& model = fitter_.model_;
    JsonWriter patch(memory_);
    patch.begin(JsonType::object);
    patch.string("combine", shares_ > 0 ? "mean" : "sum");
    patch.string("curve", "linear");
    write_known("usage_weight", usage_weight_, &patch);
    write_known("baseline", baseline_, &patch);
    write_known("dimension_caps", 0, &patch);
    if (!cuts.empty()) write_cuts(model, cuts, &patch);
    patch.key("signals");
    patch.begin(JsonType::object);
    for (std::size_t i = 0; i < training_.count(); ++i) write_signal(i, &patch);
    patch.end();
    patch.end();
    merge_model(fitter_.json_, patch.root(), out);
  }

 private:
  double range(std::size_t i) const { return training_.form(i).high - training_.form(i).low; }

  // The logit of the usage that nearly all who have any are below.
  double best_usage() const {
    Vector<double> logits(memory_);
    Pulse pulse(memory_);
    for (const std::uint32_t row : training_.rows()) {
      pulse.beat(static_cast<std::uint32_t>(1 + training_.count()));
      double logit = 0;
      for (std::size_t i = 0; i < training_.count(); ++i)
        if (training_.form(i).usage) logit += training_.slope(i) * training_.value(row, i);
      if (logit > 0) logits.push_back(logit);
    }
    return logits.empty() ? 0 : quantile(logits, kTop, memory_);
  }

  void write_signal(std::size_t i, JsonWriter* out) const {
    const Signal& signal = fitter_.model_.signal(fitter_.features_[i]);
    out->key(signal.name);
    out->begin(JsonType::object);
    out->number("weight", weights_[i]);
    // Whether it is the account being there does not change with the sign or the form of its weight.
    if (signal.usage != (weights_[i] > 0 && shows_presence(signal.measure))) {
      out->key("usage");
      out->boolean(signal.usage);
    }
    // Words of a reading that is good are none for one that is bad.
    if (weights_[i] > 0 && signal.more_is_better() != (reversed(i) != signal.scale_rises()))
      for (const std::string_view key : {"text", "next_step", "opportunity"}) write_known(key, 0, out);
    if (training_.form(i).usage) write_known("max_points", rounded(weights_[i] * training_.form(i).high), out);
    else if (weights_[i] > 0) write_measure(i, signal, out);
    out->end();
  }

  // A measure of a scorecard: a part of its best, 0 to 1.
  void write_measure(std::size_t i, const Signal& signal, JsonWriter* out) const {
    const Form& form = training_.form(i);
    out->string("unit", "share");
    for (const std::string_view key : {"max_points", "neutral", "half_life_days", "linear_days"})
      write_known(key, 0, out);
    out->key(signal.scale.steps ? "steps" : "scale");
    out->begin(JsonType::array);
    const auto point = [&](double x, double y) {
      const double part = (y - form.low) / (form.high - form.low);
      out->begin(JsonType::array);
      out->number(x);
      out->number(reversed(i) ? 1 - part : part);
      out->end();
    };
    for (const Scale::Point& each : signal.scale.points) point(each.x, each.y);
    if (!signal.scale.given())
      for (const double end : {form.low, form.high}) point(end, end);
    out->end();
  }

  static void write_known(std::string_view key, double value, JsonWriter* out) {
    out->key(key);
    if (value > 0) out->number(value);
    else out->null();
  }

  const Fitter& fitter_;
  const Training& training_;
  Memory* memory_;
  Vector<double> weights_;
  double usage_ = 0, shares_ = 0;  // of the logit's range
  double baseline_ = 0, usage_weight_ = 0;
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
  for (std::size_t date = 0; date < folds.dates(); ++date) {
    const std::span<const std::uint32_t> rows = folds.of_date(date);
    score_among(
        model_, [&](std::size_t i) -> const Evaluation& { return own_[rows[i]]; },
        [&](std::size_t i) { return settled_[rows[i]] != 0; }, scores.subspan(folds.before(date), rows.size()), memory);
  }
}

namespace {

// Of numbers of the rows of some dates, in their order; NaN: none.
template <class Score>
FoldAuc auc_of_dates(const Folds& folds, std::size_t from, std::size_t to, std::span<const FoldRow> rows, Score score,
                     Memory* memory) {
  FoldAuc auc;
  Vector<FoldedScore> scores(memory);
  Pulse pulse(memory);
  for (std::size_t date = from; date < to; ++date) {
    scores.clear();
    const std::size_t before = folds.before(date);
    const std::span<const std::uint32_t> of = folds.of_date(date);
    for (std::size_t i = 0; i < of.size(); ++i) {
      pulse.beat();
      if (const double value = score(before + i, of[i]); !std::isnan(value))
        scores.push_back({value, folds.fold(of[i]), rows[of[i]].churned});
    }
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
  const Training training(*this, folds, folds.dates(), memory);
  const Scaling scaling(*this, training, memory);
  // Who has no score is left out on both sides.
  for (std::size_t i = 0; i < own.size(); ++i)
    if (const std::uint32_t row = folds.rows()[i]; !scaling.scores(row) || !has_score(own_[row], model_)) own[i] = NAN;
  const FoldAuc own_auc = auc_of_dates(
      folds, 0, folds.dates(), rows_, [&](std::size_t i, std::uint32_t) { return own[i]; }, memory);
  if (own_auc.all.pairs == 0 || !scaling.tells()) return;
  const FoldAuc auc = auc_of_dates(
      folds, 0, folds.dates(), rows_,
      [&](std::size_t i, std::uint32_t row) -> double {
        if (std::isnan(own[i])) return NAN;
        return scaling.score(row, [&](std::size_t feature) { return training.unseen_slope(i, feature); });
      },
      memory);

  FitQuality& fit = result->fit.emplace();
  fit.penalty = training.penalty();
  fit.auc = auc.all.auc();
  fit.own_auc = own_auc.all.auc();
  const ChurnCount accounts = folds.accounts_with(0, folds.dates());
  fit.interval = auc_interval(auc, folds.count(), accounts);
  fit.gain_interval = gain_interval(own_auc, auc, folds.count(), accounts);
  const auto unscored = std::count_if(own.begin(), own.end(), [](double score) { return std::isnan(score); });
  fit.unscored = static_cast<double>(unscored) / static_cast<double>(own.size());
  fit.better = fit.gain_interval.low > 0 && fit.interval.low > 0.5 && fit.unscored <= kMostUnscored;
  describe(training, scaling, result, memory);
  write_model(training, scaling, own, result, memory);
  if (folds.later() < folds.dates()) see_later(folds, own, result, memory);
}

// Makes the model, with cuts that fit its scores.
void Fitter::write_model(const Training& training, const Scaling& scaling, std::span<const double> own,
                         FitResult* result, Memory* memory) const {
  Vector<double> scores(memory), sorted_own(memory), cuts(memory);
  Pulse pulse(memory);
  for (std::size_t i = 0; i < own.size(); ++i) {
    pulse.beat(static_cast<std::uint32_t>(1 + training.count()));
    if (std::isnan(own[i])) continue;
    sorted_own.push_back(own[i]);
    scores.push_back(scaling.score(training.rows()[i], [&](std::size_t feature) { return training.slope(feature); }));
  }
  const auto ends =
      std::count_if(scores.begin(), scores.end(), [](double score) { return score < kEnd || score > 100 - kEnd; });
  result->fit->saturated = static_cast<double>(ends) / static_cast<double>(scores.size());
  std::sort(scores.begin(), scores.end(), pulse.during(std::less<>()));
  std::sort(sorted_own.begin(), sorted_own.end(), pulse.during(std::less<>()));
  cuts_of(model_.bands, sorted_own, scores, &cuts);
  scaling.write(cuts, &result->candidate);
}

// Fits on the earlier dates alone.
void Fitter::see_later(const Folds& folds, std::span<const double> own, FitResult* result, Memory* memory) const {
  const std::size_t later = folds.later();
  const Training earlier(*this, folds, later, memory);
  const Scaling of_earlier(*this, earlier, memory);
  const FoldAuc own_later = auc_of_dates(
      folds, later, folds.dates(), rows_,
      [&](std::size_t i, std::uint32_t row) -> double { return of_earlier.scores(row) ? own[i] : NAN; }, memory);
  const FoldAuc fitted_later = auc_of_dates(
      folds, later, folds.dates(), rows_,
      [&](std::size_t i, std::uint32_t row) -> double {
        if (std::isnan(own[i]) || !of_earlier.scores(row)) return NAN;
        return of_earlier.score(row, [&](std::size_t feature) { return earlier.slope(feature); });
      },
      memory);
  if (own_later.all.pairs > 0)
    result->forward = FitResult::Forward{
        folds.date(later), fitted_later.all.auc(), own_later.all.auc(),
        gain_interval(own_later, fitted_later, folds.count(), folds.accounts_with(later, folds.dates()))};
}

void Fitter::describe(const Training& training, const Scaling& scaling, FitResult* result, Memory* memory) const {
  const Vector<double> correlations = training.correlations(memory);
  for (std::size_t i = 0; i < features_.size(); ++i) {
    check_interrupt(memory);
    FittedSignal signal;
    signal.signal = features_[i];
    signal.note = training.form(i).deviation <= 0 ? FitNote::constant
                  : training.dropped(i)           ? FitNote::contradicts
                                                  : FitNote::none;
    signal.weight = scaling.weight(i);
    signal.measure = !training.form(i).usage;
    signal.reversed = scaling.reversed(i);
    signal.points = scaling.points(i);
    const double slope = training.standard_slope(i), reach = training.reach(i);
    signal.odds_ratio = std::exp(-slope);
    signal.odds = {std::exp(-slope - reach), std::exp(-slope + reach)};
    signal.sure = std::fabs(slope) > reach;
    const auto there = std::count_if(training.rows().begin(), training.rows().end(), [&](std::uint32_t row) {
      const Feature& x = features(row)[i];
      return training.form(i).usage ? x.decayed != 0 : !std::isnan(x.value);
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
  put_column(settled_, put_column(x_, put_column(own_, put_column(rows_, out))));
}

void Fitter::merge(Bytes bytes) {
  const std::size_t rows = bytes.size() / row_bytes();
  if (bytes.size() % row_bytes() != 0) fail(kInvalidBinary, "", "invalid state of health_fit");
  const std::uint8_t* const values = take_column(bytes.data(), rows, &rows_);
  take_column(take_column(take_column(values, rows, &own_), rows * features_.size(), &x_), rows, &settled_);
}

void Fitter::merge(const Fitter& other) {
  append_column(other.rows_, &rows_);
  append_column(other.own_, &own_);
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
  if (of.note == FitNote::none) {
    write_rate("odds_ratio_low", of.odds.low, out);
    write_rate("odds_ratio_high", of.odds.high, out);
  }
  out->number("points", std::round(of.points * 100) / 100);
  write_rate("coverage", of.coverage, out);
  out->string("direction", of.weight == 0 ? "none" : !of.sure ? "unclear" : of.reversed ? "negative" : "positive");
  if (of.note != FitNote::none) out->string("note", name_of(of.note));
  if (of.resembles != Model::kUnknown) out->string("resembles", model.signal(of.resembles).name);
  out->end();
}

void write_signals(const FitResult& result, const Model& model, JsonWriter* out) {
  Vector<FittedSignal> signals(result.signals.begin(), result.signals.end(), out->memory());
  // Signals of a model are in order of their names.
  std::stable_sort(signals.begin(), signals.end(),
                   [](const FittedSignal& a, const FittedSignal& b) { return a.points > b.points; });
  out->key("signals");
  out->begin(JsonType::array);
  for (const FittedSignal& signal : signals) write_signal(signal, model, out);
  out->end();
}

std::string_view why(const FitResult& result) {
  if (result.folds == 0) return kTooFew;
  if (!result.fit) return "no signal tells those who left from the others";
  return result.fit->unscored > kMostUnscored ? "too many accounts would have no score" : kNoGain;
}

}  // namespace

void write_fitted(const FitResult& result, const Fitter& fitter, JsonWriter* out) {
  out->begin(JsonType::object);
  write_counts("observations", result.total, out);
  out->number("dates", static_cast<double>(result.dates));
  out->number("folds", result.folds);
  if (result.fit) {
    const FitQuality& fit = *result.fit;
    out->number("penalty", fit.penalty);
    write_auc({fit.auc, fit.interval}, out);
    write_rate("current_auc", fit.own_auc, out);
    write_gain(fit.auc - fit.own_auc, fit.gain_interval, out);
    write_rate("saturated", fit.saturated, out);
    write_rate("unscored", fit.unscored, out);
  }
  if (result.forward) {
    out->key("forward");
    out->begin(JsonType::object);
    out->day("since", result.forward->since);
    write_rate("auc", result.forward->auc, out);
    write_rate("current_auc", result.forward->own_auc, out);
    write_gain(result.forward->auc - result.forward->own_auc, result.forward->gain_interval, out);
    out->end();
  }
  const bool better = result.fit && result.fit->better;
  out->key("better");
  out->boolean(better);
  if (!better) out->string("why", why(result));
  if (result.fit) {
    write_signals(result, fitter.model(), out);
    out->key("candidate");
    out->copy(result.candidate.root());
  }
  out->key("model");
  out->copy(better ? result.candidate.root() : fitter.json());
  out->end();
}

}  // namespace health
