#include "core/fold_auc.hpp"

#include "support.hpp"

namespace health {
namespace {

std::vector<FoldedScore> random_scores(Random* random, int most) {
  std::vector<FoldedScore> scores;
  for (auto n = random->between(1, most); n > 0; --n)
    scores.push_back({static_cast<double>(random->between(0, 9)), static_cast<std::int32_t>(random->between(0, 3)),
                      random->one_in(3)});
  return scores;
}

// Pair by pair; of one fold, or of all (-1).
PairsWon pairs_won(const std::vector<FoldedScore>& scores, int fold) {
  PairsWon won;
  for (const FoldedScore& kept : scores) {
    for (const FoldedScore& churned : scores) {
      if (kept.churned || !churned.churned || (fold >= 0 && (kept.fold != fold || churned.fold != fold))) continue;
      won.pairs += 1;
      won.half_wins += kept.score > churned.score ? 2 : kept.score == churned.score ? 1 : 0;
    }
  }
  return won;
}

TEST(FoldAuc, IsTheShareOfPairsWithinADateAndAFold) {
  Random random(81);
  for (int round = 0; round < 300; ++round) {
    const std::vector<FoldedScore> first = random_scores(&random, 60), second = random_scores(&random, 60);
    FoldAuc told;
    for (std::vector<FoldedScore> date : {first, second}) told += fold_auc_of(date, heap());
    for (int fold = -1; fold < 4; ++fold) {
      PairsWon expected = pairs_won(first, fold);
      expected += pairs_won(second, fold);
      const PairsWon& of = fold < 0 ? told.all : told.by_fold[fold];
      ASSERT_EQ(of.pairs, expected.pairs);
      ASSERT_EQ(of.half_wins, expected.half_wins);
    }
  }
}

FoldAuc of_folds(std::initializer_list<double> aucs) {
  FoldAuc result;
  int fold = 0;
  for (const double auc : aucs) result += FoldAuc{{200 * auc, 100}, {}}, result.by_fold[fold++] = {200 * auc, 100};
  return result;
}

// scipy: numpy.mean(x), numpy.std(x, ddof=1) / 2, scipy.stats.t.ppf(.975, 3) times that.
TEST(FoldAuc, IntervalIsThatOfTheSpreadBetweenFoldsAndAtLeastNewcombes) {
  const FoldAuc few = of_folds({0.6, 0.7, 0.8, 0.7}), same = of_folds({0.5, 0.5, 0.5, 0.5}),
                all = of_folds({1, 1, 1, 1});
  const FoldSpread spread = spread_of(few, 4);
  EXPECT_EQ(spread.folds, 4);
  EXPECT_NEAR(spread.mean, 0.7, 1e-12);
  EXPECT_NEAR(spread.error, 0.0408248290, 1e-9);
  EXPECT_NEAR(spread.reach(), 0.1299228264, 1e-6);
  const ChurnCount many{100'000, 100'000}, some{45, 15};
  EXPECT_NEAR(auc_interval(few, 4, many).low, 0.5700771736, 1e-6);
  EXPECT_NEAR(auc_interval(few, 4, many).high, 0.8299228264, 1e-6);
  EXPECT_NEAR(auc_interval(same, 4, some).low, 0.340555, 1e-6) << "Newcombe's, as in the test of the AUC";
  EXPECT_NEAR(auc_interval(same, 4, some).high, 0.659445, 1e-6);
  EXPECT_EQ(auc_interval(few, 1, some).low, 0) << "one fold has no spread";
  EXPECT_EQ(auc_interval(few, 1, some).high, 1);
  EXPECT_NEAR(gain_interval(same, few, 4, some).low, 0.2 - 0.1299228264, 1e-6);
  EXPECT_NEAR(gain_interval(same, few, 4, some).high, 0.2 + 0.1299228264, 1e-6);
  EXPECT_NEAR(gain_interval(same, all, 4, some).low, 0.5 - std::hypot(0.089145, 0.159445), 2e-6);
  EXPECT_NEAR(gain_interval(same, all, 4, some).high, 0.5 + 0.159445, 2e-6);
}

}  // namespace
}  // namespace health
