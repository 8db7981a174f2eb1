#include "fold_auc.hpp"

#include <algorithm>
#include <cmath>

#include "interrupt.hpp"

namespace health {

namespace {

// scipy.stats.t.ppf(.975, d) of 1 to 19 degrees of freedom d.
constexpr double kStudent95[] = {12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624,
                                 2.306004,  2.262157, 2.228139, 2.200985, 2.178813, 2.160369, 2.144787,
                                 2.13145,   2.119905, 2.109816, 2.100922, 2.093024};
static_assert(std::size(kStudent95) == Folds::kMostFolds - 1);

template <class Number>
FoldSpread spread_of_numbers(int folds, Number number) {
  double values[Folds::kMostFolds], sum = 0, squares = 0;
  FoldSpread spread;
  for (int fold = 0; fold < folds; ++fold)
    if (const std::optional<double> value = number(fold)) values[spread.folds++] = *value;
  for (int i = 0; i < spread.folds; ++i) sum += values[i];
  spread.mean = spread.folds > 0 ? sum / spread.folds : 0;
  for (int i = 0; i < spread.folds; ++i) squares += (values[i] - spread.mean) * (values[i] - spread.mean);
  if (spread.folds > 1) spread.error = std::sqrt(squares / (spread.folds - 1) / spread.folds);
  return spread;
}

std::optional<double> within(const FoldAuc& auc, int fold) {
  const PairsWon& of = auc.by_fold[fold];
  return of.pairs > 0 ? std::optional(of.auc()) : std::nullopt;
}

}  // namespace

PairsWon& PairsWon::operator+=(const PairsWon& other) {
  half_wins += other.half_wins;
  pairs += other.pairs;
  return *this;
}

FoldAuc& FoldAuc::operator+=(const FoldAuc& other) {
  all += other.all;
  for (int fold = 0; fold < Folds::kMostFolds; ++fold) by_fold[fold] += other.by_fold[fold];
  return *this;
}

FoldAuc fold_auc_of(std::span<FoldedScore> scores, Memory* memory) {
  Pulse pulse(memory);
  std::sort(scores.begin(), scores.end(),
            pulse.during([](const FoldedScore& a, const FoldedScore& b) { return a.score < b.score; }));
  FoldAuc result;
  ChurnCount all{}, by_fold[Folds::kMostFolds] = {};
  std::int64_t churned_below = 0, churned_below_in[Folds::kMostFolds] = {};
  const auto end = scores.end();
  for (auto tie = scores.begin(); tie != end;) {
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
    for (int fold = 0; fold < Folds::kMostFolds; ++fold) churned_below_in[fold] = by_fold[fold].churned;
    tie = past;
  }
  const auto pairs = [](const ChurnCount& of) {
    return static_cast<double>(of.kept) * static_cast<double>(of.churned);
  };
  result.all.pairs = pairs(all);
  for (int fold = 0; fold < Folds::kMostFolds; ++fold) result.by_fold[fold].pairs = pairs(by_fold[fold]);
  return result;
}

double student95(int numbers) { return numbers > 1 ? kStudent95[numbers - 2] : kNone; }

double FoldSpread::reach() const { return folds > 1 ? student95(folds) * error : kNone; }

FoldSpread spread_of(const FoldAuc& auc, int folds) {
  return spread_of_numbers(folds, [&](int fold) { return within(auc, fold); });
}

FoldSpread gain_of(const FoldAuc& a, const FoldAuc& b, int folds) {
  return spread_of_numbers(folds, [&](int fold) -> std::optional<double> {
    if (!within(a, fold)) return std::nullopt;
    return *within(b, fold) - *within(a, fold);
  });
}

Interval auc_interval(const FoldAuc& auc, int folds, const ChurnCount& accounts) {
  return auc_interval(auc.all.auc(), spread_of(auc, folds).reach(), accounts);
}

Interval gain_interval(const FoldAuc& a, const FoldAuc& b, int folds, const ChurnCount& accounts) {
  const double before = a.all.auc(), after = b.all.auc();
  const FoldSpread gain = gain_of(a, b, folds);
  double below = gain.reach(), above = below;
  if (gain.folds > 1 && gain.error == 0) {
    const Interval of_a = newcombe_interval(before, accounts), of_b = newcombe_interval(after, accounts);
    below = std::hypot(after - of_b.low, of_a.high - before);
    above = std::hypot(of_b.high - after, before - of_a.low);
  }
  return {std::max(-1.0, after - before - below), std::min(1.0, after - before + above)};
}

void write_gain(double gain, const Interval& interval, JsonWriter* out) {
  write_rate("gain", gain, out);
  write_rate("gain_low", interval.low, out);
  write_rate("gain_high", interval.high, out);
}

}  // namespace health
