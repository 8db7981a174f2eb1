#include "tune.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <tuple>

#include "interrupt.hpp"
#include "json.hpp"

namespace health {

namespace {

constexpr int kMostFolds = 20, kAccountsOfFold = 5;  // of the rarer kind
// scipy.stats.t.ppf(.975, d) of 1 to 19 degrees of freedom d, and of the best of 42: scipy.stats.t.ppf(1 - .025 / 42,
// d).
constexpr double kStudent[] = {12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624,
                               2.306004,  2.262157, 2.228139, 2.200985, 2.178813, 2.160369, 2.144787,
                               2.13145,   2.119905, 2.109816, 2.100922, 2.093024};
constexpr double kStudentOf42[] = {534.759985, 28.95687, 12.183501, 8.226275, 6.611896, 5.76292,  5.246722,
                                   4.902187,   4.656875, 4.473756,  4.332053, 4.219256, 4.127402, 4.051191,
                                   3.986963,   3.932112, 3.884735,  3.843407, 3.807044};
static_assert(std::size(kStudent) == kMostFolds - 1 && std::size(kStudentOf42) == kMostFolds - 1 &&
              kCombinations == 42);

// FNV-1a, the same on every machine.
std::uint64_t hashed(Bytes bytes, std::uint64_t hash = 0xcbf29ce484222325) {
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001b3;
  return hash;
}
template <class T>
std::uint64_t hashed(const T& number, std::uint64_t hash) {
  std::uint8_t bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  if (std::endian::native == std::endian::big) std::reverse(std::begin(bytes), std::end(bytes));
  return hashed(Bytes(bytes, sizeof number), hash);
}

DecayTerms half_life(double days) {
  DecayTerms terms;
  terms.half_life_days = days;
  return terms;
}

void write_days(std::string_view key, double days, bool known, JsonWriter* out) {
  out->key(key);
  if (known) out->number(days);
  else out->null();
}

void write_time(const TimeTerms& time, JsonWriter* out) {
  write_days("window_days", time.window_days, time.window_days != kMaxWindow, out);
  write_days("half_life_days", time.decay.half_life_days, time.decay.half_life_days != kNone, out);
}

// Of pairs within one date: won in halves, and all.
struct Pairs {
  double half_wins = 0, pairs = 0;
  double auc() const { return half_wins / (2 * pairs); }
  Pairs& operator+=(const Pairs& other) {
    half_wins += other.half_wins;
    pairs += other.pairs;
    return *this;
  }
};
// All, and by fold.
struct FoldPairs {
  Pairs all;
  Pairs by_fold[kMostFolds];
  FoldPairs& operator+=(const FoldPairs& other) {
    all += other.all;
    for (int fold = 0; fold < kMostFolds; ++fold) by_fold[fold] += other.by_fold[fold];
    return *this;
  }
};

struct FoldedOutcome {
  double score;
  std::int32_t fold;
  bool churned;
};

// Of the outcomes of one date, which are sorted.
FoldPairs pairs_of(std::span<FoldedOutcome> outcomes, Pulse* pulse) {
  std::sort(outcomes.begin(), outcomes.end(),
            pulse->during([](const FoldedOutcome& a, const FoldedOutcome& b) { return a.score < b.score; }));
  FoldPairs result;
  ChurnCount all{}, by_fold[kMostFolds] = {};
  std::int64_t churned_below = 0, churned_below_in[kMostFolds] = {};
  const auto end = outcomes.end();
  for (auto tie = outcomes.begin(); tie != end;) {
    auto past = tie;
    for (; past != end && past->score == tie->score; ++past) {
      if (!past->churned) continue;
      ++all.churned;
      ++by_fold[past->fold].churned;
    }
    for (auto each = tie; each != past; ++each) {
      if (each->churned) continue;
      ++all.kept;
      ++by_fold[each->fold].kept;
      // Twice those below and once those of the same score.
      result.all.half_wins += static_cast<double>(churned_below + all.churned);
      result.by_fold[each->fold].half_wins +=
          static_cast<double>(churned_below_in[each->fold] + by_fold[each->fold].churned);
    }
    churned_below = all.churned;
    for (int fold = 0; fold < kMostFolds; ++fold) churned_below_in[fold] = by_fold[fold].churned;
    tie = past;
  }
  result.all.pairs = static_cast<double>(all.kept) * static_cast<double>(all.churned);
  for (int fold = 0; fold < kMostFolds; ++fold)
    result.by_fold[fold].pairs = static_cast<double>(by_fold[fold].kept) * static_cast<double>(by_fold[fold].churned);
  return result;
}

// Mean and standard error of a number of each fold; folds of which it is not known are left out.
struct Spread {
  double mean = 0, error = 0;
  int folds = 0;
  double times(const double* student) const { return folds > 1 ? student[folds - 2] * error : kNone; }
};
template <class Number>
Spread spread_of(int folds, Number number) {
  double values[kMostFolds], sum = 0, squares = 0;
  Spread spread;
  for (int fold = 0; fold < folds; ++fold)
    if (const std::optional<double> value = number(fold)) values[spread.folds++] = *value;
  for (int i = 0; i < spread.folds; ++i) sum += values[i];
  spread.mean = spread.folds > 0 ? sum / spread.folds : 0;
  for (int i = 0; i < spread.folds; ++i) squares += (values[i] - spread.mean) * (values[i] - spread.mean);
  if (spread.folds > 1) spread.error = std::sqrt(squares / (spread.folds - 1) / spread.folds);
  return spread;
}

std::optional<double> auc_of_fold(const FoldPairs& pairs, int fold) {
  const Pairs& of = pairs.by_fold[fold];
  return of.pairs > 0 ? std::optional(of.auc()) : std::nullopt;
}
// How much b is above a, fold by fold.
Spread difference(const FoldPairs& a, const FoldPairs& b, int folds) {
  return spread_of(folds, [&](int fold) -> std::optional<double> {
    if (!auc_of_fold(a, fold)) return std::nullopt;
    return *auc_of_fold(b, fold) - *auc_of_fold(a, fold);
  });
}

int changes(const TimeTerms& time, const TimeTerms& own) {
  return (time.window_days != own.window_days ? 1 : 0) + (time.decay != own.decay ? 1 : 0);
}

// As finish() says. The first is the model's own.
std::size_t choose(std::span<const FoldPairs> pairs, std::span<const TimeTerms> times, int folds) {
  std::size_t top = 0;
  for (std::size_t i = 1; i < pairs.size(); ++i)
    if (pairs[i].all.auc() > pairs[top].all.auc()) top = i;
  const Spread gain = difference(pairs[0], pairs[top], folds);
  if (!(gain.mean > gain.times(kStudentOf42))) return 0;
  std::size_t best = top;
  for (std::size_t i = 1; i < pairs.size(); ++i) {
    const Spread behind = difference(pairs[i], pairs[top], folds), own = difference(pairs[0], pairs[i], folds);
    if (!(own.mean > own.times(kStudentOf42)) || pairs[i].all.auc() <= pairs[0].all.auc()) continue;
    const int more = changes(times[i], times[0]) - changes(times[best], times[0]);
    if (behind.mean <= behind.error && (more < 0 || (more == 0 && pairs[i].all.auc() > pairs[best].all.auc())))
      best = i;
  }
  return best;
}

// Of what the AUC gains by another time than the model's own, which is the first.
Interval gain_interval(std::span<const FoldPairs> pairs, std::size_t chosen, int folds) {
  if (chosen == 0) return {0, 0};
  const double gain = pairs[chosen].all.auc() - pairs[0].all.auc();
  const double reach = difference(pairs[0], pairs[chosen], folds).times(kStudent);
  return {std::max(-1.0, gain - reach), std::min(1.0, gain + reach)};
}

}  // namespace

Tuner::Tuner(Json model, Memory* memory)
    : json_(model), models_(memory), times_(memory), ledger_(memory), rows_(memory), values_(memory) {
  models_.reserve(1 + kCombinations);
  models_.emplace_back(memory).read(model, memory);
  models_.front().require_signals();
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
  write_days("window_days", time.window_days, true, &patch);
  write_days("half_life_days", time.decay.half_life_days, time.decay.half_life_days != kNone, &patch);
  write_days("linear_days", 0, false, &patch);
  write_days("baseline", 0, false, &patch);  // frozen for sums of another window
  patch.end();
  merge_model(json_, patch.root(), out);
}

void Tuner::add(Bytes activity, bool churned, Day as_of, const AccountTerms& terms) {
  if (!started(terms, as_of)) return;
  ledger_.load(activity, models_.front());
  std::uint64_t account = hashed(activity);
  if (terms.since) account = hashed(*terms.since, account);
  rows_.push_back({account, as_of, churned, settled(terms, models_.front(), as_of)});
  for (const Model& model : models_) {
    const Evaluation of = evaluate(&ledger_, model, as_of, terms, nullptr);
    values_.push_back({of.raw, static_cast<float>(of.praise), static_cast<float>(of.penalty),
                       static_cast<float>(of.measures), static_cast<float>(of.weights)});
  }
}

void Tuner::write(std::uint8_t* out) const {
  std::memcpy(out, rows_.data(), rows_.size() * sizeof(Row));
  std::memcpy(out + rows_.size() * sizeof(Row), values_.data(), values_.size() * sizeof(Value));
}

void Tuner::merge(Bytes bytes) {
  static_assert(std::is_trivially_copyable_v<Row> && std::is_trivially_copyable_v<Value>);
  const std::size_t row = sizeof(Row) + models_.size() * sizeof(Value), more = bytes.size() / row;
  if (bytes.size() % row != 0) fail(kInvalidBinary, "", "invalid state of health_tune");
  rows_.resize(rows_.size() + more);
  values_.resize(values_.size() + more * models_.size());
  std::memcpy(static_cast<void*>(rows_.data() + rows_.size() - more), bytes.data(), more * sizeof(Row));
  std::memcpy(static_cast<void*>(values_.data() + values_.size() - more * models_.size()),
              bytes.data() + more * sizeof(Row), more * models_.size() * sizeof(Value));
}

void Tuner::merge(const Tuner& other) {
  rows_.insert(rows_.end(), other.rows_.begin(), other.rows_.end());
  values_.insert(values_.end(), other.values_.begin(), other.values_.end());
}

void Tuner::score_date(std::span<const std::uint32_t> rows, std::size_t combination, std::span<double> scores,
                       Memory* memory) const {
  const Model& model = models_[combination];
  const BaselineTerms terms = baseline_terms(model);
  const auto value = [&](std::uint32_t row) -> const Value& { return values_[row * models_.size() + combination]; };
  Vector<double> raws(memory);
  raws.reserve(rows.size());
  for (const std::uint32_t row : rows)
    if (rows_[row].settled && eligible(value(row).raw, terms)) raws.push_back(value(row).raw);
  const Baseline baseline = baseline_of(raws, terms, memory);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Value& of = value(rows[i]);
    Evaluation evaluation;
    evaluation.raw = of.raw;
    evaluation.praise = of.praise;
    evaluation.penalty = of.penalty;
    evaluation.measures = of.measures;
    evaluation.weights = of.weights;
    scores[i] = score_of(evaluation, baseline, model);
  }
}

// The rows by date, and the fold of each.
class Tuner::Folds {
 public:
  Folds(const Tuner& tuner, Memory* memory) : rows_(tuner.rows_), order_(memory), folds_(memory), dates_(memory) {
    order_.resize(rows_.size());
    for (std::uint32_t i = 0; i < order_.size(); ++i) order_[i] = i;
    Pulse pulse(memory);
    const auto key = [&](std::uint32_t i) { return std::tuple(rows_[i].as_of, rows_[i].account, rows_[i].churned); };
    std::sort(order_.begin(), order_.end(),
              pulse.during([&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); }));
    for (std::size_t i = 0; i < order_.size(); ++i) {
      if (i == 0 || rows_[order_[i]].as_of != rows_[order_[i - 1]].as_of) dates_.push_back(i);
      total_.count(rows_[order_[i]].churned);
    }
    const auto dates = std::max<std::int64_t>(1, static_cast<std::int64_t>(dates_.size()));
    const auto rarer = std::min(total_.kept, total_.churned) / dates;
    count_ = static_cast<int>(std::min<std::int64_t>(kMostFolds, rarer / kAccountsOfFold));
    if (count_ < 2) count_ = 0;
    deal();
    dates_.push_back(order_.size());
  }
  const ChurnCount& total() const { return total_; }
  int count() const { return count_; }
  std::size_t dates() const { return dates_.size() - 1; }
  std::span<const std::uint32_t> of_date(std::size_t date) const {
    return {order_.data() + dates_[date], dates_[date + 1] - dates_[date]};
  }
  std::int32_t fold_of(std::size_t date, std::size_t i) const { return folds_[dates_[date] + i]; }

 private:
  // Accounts that did the same are told apart by their place among these.
  void deal() {
    folds_.resize(order_.size());
    if (count_ == 0) return;
    std::uint64_t place = 0;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const Row& row = rows_[order_[i]];
      const bool same = i > 0 && rows_[order_[i - 1]].account == row.account && rows_[order_[i - 1]].as_of == row.as_of;
      place = same ? place + 1 : 0;
      folds_[i] = static_cast<std::int32_t>(hashed(place, row.account) % static_cast<std::uint64_t>(count_));
    }
  }

  const Vector<Row>& rows_;
  Vector<std::uint32_t> order_;
  Vector<std::int32_t> folds_;
  Vector<std::size_t> dates_;  // where each begins, and the end
  ChurnCount total_{};
  int count_;
};

void Tuner::finish(TuneResult* result, Memory* memory) const {
  const Folds folds(*this, memory);
  result->total = folds.total();
  result->dates = static_cast<std::int64_t>(folds.dates());
  result->folds = folds.count();
  const std::size_t later = std::max<std::size_t>(1, 2 * folds.dates() / 3);
  Vector<FoldPairs> before(models_.size(), memory), after(models_.size(), memory);
  Vector<double> scores(memory);
  Vector<FoldedOutcome> outcomes(memory);
  Pulse pulse(memory);
  for (std::size_t date = 0; date < folds.dates(); ++date) {
    const std::span<const std::uint32_t> rows = folds.of_date(date);
    scores.resize(rows.size());
    outcomes.resize(rows.size());
    for (std::size_t combination = 0; combination < models_.size(); ++combination) {
      check_interrupt(memory);
      score_date(rows, combination, scores, memory);
      for (std::size_t i = 0; i < rows.size(); ++i)
        outcomes[i] = {scores[i], folds.fold_of(date, i), rows_[rows[i]].churned};
      (date < later ? before : after)[combination] += pairs_of(outcomes, &pulse);
    }
  }
  Vector<FoldPairs> all(before.begin(), before.end(), memory);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] += after[i];
  if (all.front().all.pairs == 0) return;
  const int count = folds.count();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double auc = all[i].all.auc();
    const Spread spread = spread_of(count, [&](int fold) { return auc_of_fold(all[i], fold); });
    const double reach = spread.times(kStudent);
    result->tried.push_back({times_[i], auc, {std::max(0.0, auc - reach), std::min(1.0, auc + reach)}});
  }
  result->best = choose(all, times_, count);
  result->gain = result->tried[result->best].auc - result->tried.front().auc;
  result->gain_interval = gain_interval(all, result->best, count);
  if (before.front().all.pairs == 0 || after.front().all.pairs == 0) return;
  const std::size_t chosen = choose(before, times_, count);
  result->forward = TuneResult::Forward{rows_[folds.of_date(later).front()].as_of, chosen, after[chosen].all.auc(),
                                        after.front().all.auc(), gain_interval(after, chosen, count)};
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
  out->day("from", static_cast<Day>(forward.from));
  write_time(time, out);
  write_rate("auc", forward.auc, out);
  write_rate("current_auc", forward.own_auc, out);
  write_rate("gain_low", forward.gain_interval.low, out);
  write_rate("gain_high", forward.gain_interval.high, out);
  out->end();
}

}  // namespace

void write_tuned(const TuneResult& result, const Tuner& tuner, JsonWriter* out) {
  const bool compared = !result.tried.empty();
  out->begin(JsonType::object);
  write_accounts(result.total, out);
  out->number("dates", static_cast<double>(result.dates));
  out->number("folds", result.folds);
  write_tried(result, out);
  if (compared) {
    write_rate("gain", result.gain, out);
    write_rate("gain_low", result.gain_interval.low, out);
    write_rate("gain_high", result.gain_interval.high, out);
  }
  if (result.forward) write_forward(*result.forward, result.tried[result.forward->chosen].time, out);
  JsonWriter model(out->memory());
  tuner.write_model(compared ? result.tried[result.best].time : tuner.own_time(), &model);
  out->key("model");
  out->copy(model.root());
  out->end();
}

}  // namespace health
