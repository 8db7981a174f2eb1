#include "tune.hpp"

#include <algorithm>
#include <cmath>

#include "columns.hpp"
#include "fold_auc.hpp"
#include "interrupt.hpp"

namespace health {

namespace {

// scipy.stats.t.ppf(.995, d) of 1 to 19 degrees of freedom d. On noise the best of 42 combinations gains as much in 1
// to 3 of 100 books: most of them are alike. By the number of all (99.94 %) it would be in none, and a true gain of
// 0.037 of 2,000 outcomes would be overlooked.
constexpr double kStudent99[] = {63.656741, 9.924843, 5.840909, 4.604095, 4.032143, 3.707428, 3.499483,
                                 3.355387,  3.249836, 3.169273, 3.105807, 3.05454,  3.012276, 2.976843,
                                 2.946713,  2.920782, 2.898231, 2.87844,  2.860935};
static_assert(std::size(kStudent99) == Folds::kMostFolds - 1 && kCombinations == 42);

DecayTerms half_life(double days) {
  DecayTerms terms;
  terms.half_life_days = days;
  return terms;
}

// As keys of a model.
void write_time(const TimeTerms& time, JsonWriter* out) {
  out->number("window_days", time.window_days);
  out->key("half_life_days");
  if (time.decay.half_life_days != kNone) out->number(time.decay.half_life_days);
  else out->null();
}

int changes(const TimeTerms& time, const TimeTerms& own) {
  return (time.window_days != own.window_days ? 1 : 0) + (time.decay != own.decay ? 1 : 0);
}

// What was measured at some dates with each time, the model's own first.
struct Measured {
  std::span<const FoldAuc> times;
  int folds;
  ChurnCount accounts;
  double auc(std::size_t i) const { return times[i].all.auc(); }
  FoldSpread gain(std::size_t from, std::size_t to) const { return gain_of(times[from], times[to], folds); }
  Interval gain_interval(std::size_t chosen) const {
    if (chosen == 0) return {0, 0};
    return health::gain_interval(times[0], times[chosen], folds, accounts);
  }
};

bool surely_gains(const Measured& of, std::size_t i) {
  const FoldSpread gain = of.gain(0, i);
  if (gain.folds < 2) return false;
  if (gain.error == 0) return of.gain_interval(i).low > 0;
  return gain.mean > kStudent99[gain.folds - 2] * gain.error;
}

// As finish() says.
std::size_t choose(const Measured& of, std::span<const TimeTerms> times) {
  std::size_t top = 0;
  for (std::size_t i = 1; i < times.size(); ++i)
    if (of.auc(i) > of.auc(top)) top = i;
  if (!surely_gains(of, top)) return 0;
  std::size_t best = top;
  for (std::size_t i = 1; i < times.size(); ++i) {
    if (!surely_gains(of, i) || of.auc(i) <= of.auc(0)) continue;
    const FoldSpread behind = of.gain(i, top);
    const int more = changes(times[i], times[0]) - changes(times[best], times[0]);
    if (behind.mean <= behind.error && (more < 0 || (more == 0 && of.auc(i) > of.auc(best)))) best = i;
  }
  return best;
}

}  // namespace

Tuner::Tuner(Json model, Memory* memory)
    : json_(model),
      models_(memory),
      times_(memory),
      ledger_(memory),
      rows_(memory),
      settled_(memory),
      raws_(memory),
      numbers_(memory),
      rest_(memory) {
  models_.reserve(1 + kCombinations);
  models_.emplace_back(memory).read(model, memory);
  const Model& own = models_.front();
  own.require_signals();
  const bool adjusts = std::any_of(own.signals.begin(), own.signals.end(),
                                   [](const Signal& signal) { return signal.unit == Unit::score; });
  if (adjusts) rest_.assign({&Evaluation::praise, &Evaluation::penalty});
  if (own.scorecard()) rest_.insert(rest_.end(), {&Evaluation::measures, &Evaluation::weights});
  overrides_ = own.override_signal() != Model::kUnknown;
  times_.push_back({models_.front().window_days, models_.front().decay_terms});
  for (const std::int32_t window : kTunedWindows) {
    for (const double half : kTunedHalfLives) {
      const TimeTerms time{window, half_life(half)};
      if (time == times_.front()) continue;
      check_interrupt(memory);
      JsonWriter writer(memory);
      write_model(time, &writer);
      models_.emplace_back(memory).read(writer.root(), memory);
      times_.push_back(time);
    }
  }
}

void Tuner::write_model(const TimeTerms& time, JsonWriter* out) const {
  if (!times_.empty() && time == times_.front()) return out->copy(json_);
  JsonWriter patch(out->memory());
  patch.begin(JsonType::object);
  write_time(time, &patch);
  for (const std::string_view key : {"linear_days", "baseline"}) {  // the latter was frozen for sums of another window
    patch.key(key);
    patch.null();
  }
  patch.end();
  merge_model(json_, patch.root(), out);
}

void Tuner::add(Bytes activity, bool churned, Day as_of, const AccountTerms& terms) {
  if (!started(terms, as_of)) return;
  ledger_.load(activity, models_.front());
  rows_.push_back({traces_of(activity, terms, as_of, memory_of(rows_)), as_of, churned});
  settled_.push_back(settled(terms, models_.front(), as_of) ? 1 : 0);
  for (const Model& model : models_) {
    const Evaluation of = evaluate(&ledger_, model, as_of, terms, nullptr);
    raws_.push_back(of.raw);
    for (const auto number : rest_) numbers_.push_back(static_cast<float>(of.*number));
    if (overrides_) numbers_.push_back(static_cast<float>(of.override_score.value_or(kNone)));
  }
}

void Tuner::write(std::uint8_t* out) const {
  put_column(settled_, put_column(numbers_, put_column(raws_, put_column(rows_, out))));
}

void Tuner::merge(Bytes bytes) {
  const std::size_t rows = bytes.size() / row_bytes();
  if (bytes.size() % row_bytes() != 0) fail(kInvalidBinary, "", "invalid state of health_tune");
  const std::size_t all = rows * models_.size();
  const std::uint8_t* at = take_column(bytes.data(), rows, &rows_);
  at = take_column(at, all, &raws_);
  at = take_column(at, all * numbers(), &numbers_);
  take_column(at, rows, &settled_);
}

void Tuner::merge(const Tuner& other) {
  append_column(other.rows_, &rows_);
  append_column(other.settled_, &settled_);
  append_column(other.raws_, &raws_);
  append_column(other.numbers_, &numbers_);
}

Evaluation Tuner::evaluation(std::size_t row, std::size_t combination) const {
  const std::size_t place = row * models_.size() + combination;
  Evaluation of;
  of.raw = raws_[place];
  for (std::size_t i = 0; i < rest_.size(); ++i) of.*rest_[i] = numbers_[place * numbers() + i];
  if (!overrides_) return of;
  if (const double score = numbers_[place * numbers() + rest_.size()]; std::isfinite(score)) of.override_score = score;
  return of;
}

void Tuner::score_date(std::span<const std::uint32_t> rows, std::size_t combination, std::span<double> scores,
                       Memory* memory) const {
  score_among(
      models_[combination], [&](std::size_t i) { return evaluation(rows[i], combination); },
      [&](std::size_t i) { return settled_[rows[i]] != 0; }, scores, memory);
}

void Tuner::finish(TuneResult* result, Memory* memory) const {
  const Folds folds(rows_, memory);
  result->total = folds.total();
  result->dates = static_cast<std::int64_t>(folds.dates());
  result->folds = folds.count();
  const std::size_t later = folds.later();
  Vector<FoldAuc> before(models_.size(), memory), after(models_.size(), memory);
  Vector<double> scores(memory);
  Vector<FoldedScore> folded(memory);
  for (std::size_t date = 0; date < folds.dates(); ++date) {
    const std::span<const std::uint32_t> rows = folds.of_date(date);
    scores.resize(rows.size());
    folded.resize(rows.size());
    for (std::size_t combination = 0; combination < models_.size(); ++combination) {
      check_interrupt(memory);
      score_date(rows, combination, scores, memory);
      for (std::size_t i = 0; i < rows.size(); ++i)
        folded[i] = {scores[i], folds.fold(rows[i]), rows_[rows[i]].churned};
      (date < later ? before : after)[combination] += fold_auc_of(folded, memory);
    }
  }
  Vector<FoldAuc> all(before.begin(), before.end(), memory);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] += after[i];
  if (all.front().all.pairs == 0) return;
  const auto measured = [&](std::span<const FoldAuc> times, std::size_t first_date, std::size_t past_date) {
    return Measured{times, folds.count(), folds.accounts_with(first_date, past_date)};
  };
  const Measured of_all = measured(all, 0, folds.dates());
  for (std::size_t i = 0; i < all.size(); ++i)
    result->tried.push_back({times_[i], of_all.auc(i), auc_interval(all[i], of_all.folds, of_all.accounts)});
  result->best = choose(of_all, times_);
  result->gain = of_all.auc(result->best) - of_all.auc(0);
  result->gain_interval = of_all.gain_interval(result->best);
  if (before.front().all.pairs == 0 || after.front().all.pairs == 0) return;
  const Measured of_later = measured(after, later, folds.dates());
  const std::size_t chosen = choose(measured(before, 0, later), times_);
  result->forward = TuneResult::Forward{folds.date(later), chosen, of_later.auc(chosen), of_later.auc(0),
                                        of_later.gain_interval(chosen)};
}

namespace {

void write_tried(const TuneResult& result, JsonWriter* out) {
  Vector<std::size_t> order(result.tried.size(), out->memory());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return result.tried[a].auc > result.tried[b].auc; });
  out->key("tried");
  out->begin(JsonType::array);
  for (const std::size_t i : order) {
    const TunedTime& tried = result.tried[i];
    out->begin(JsonType::object);
    write_time(tried.time, out);
    write_auc({tried.auc, tried.interval}, out);
    out->key("current");
    out->boolean(i == 0);
    out->key("chosen");
    out->boolean(i == result.best);
    out->end();
  }
  out->end();
}

void write_forward(const TuneResult::Forward& forward, const TimeTerms& time, JsonWriter* out) {
  out->key("forward");
  out->begin(JsonType::object);
  out->day("since", forward.since);
  write_time(time, out);
  write_rate("auc", forward.auc, out);
  write_rate("current_auc", forward.own_auc, out);
  write_gain(forward.auc - forward.own_auc, forward.gain_interval, out);
  out->end();
}

}  // namespace

void write_tuned(const TuneResult& result, const Tuner& tuner, JsonWriter* out) {
  const bool compared = !result.tried.empty();
  out->begin(JsonType::object);
  write_counts("observations", result.total, out);
  out->number("dates", static_cast<double>(result.dates));
  out->number("folds", result.folds);
  write_tried(result, out);
  if (compared) write_gain(result.gain, result.gain_interval, out);
  if (result.forward) write_forward(*result.forward, result.tried[result.forward->chosen].time, out);
  if (result.best == 0) out->string("why", result.folds == 0 ? kTooFew : kNoGain);
  JsonWriter model(out->memory());
  tuner.write_model(compared ? result.tried[result.best].time : tuner.own_time(), &model);
  out->key("model");
  out->copy(model.root());
  out->end();
}

}  // namespace health
