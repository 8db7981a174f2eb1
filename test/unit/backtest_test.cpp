#include "core/backtest.hpp"

#include <cmath>

#include "core/quantile.hpp"
#include "outcomes.hpp"
#include "support.hpp"

namespace health {
namespace {

Backtest tested(const std::vector<Outcome>& outcomes, std::span<const BandTerms> bands = kDefaultBands) {
  Backtest result(heap());
  backtest(outcomes, bands, &result, heap());
  return result;
}

ChurnCount counted(const std::vector<Outcome>& outcomes, double from, double below) {
  ChurnCount result{};
  for (const Outcome& each : outcomes)
    if (each.score >= from && each.score < below) ++(each.churned ? result.churned : result.kept);
  return result;
}

TEST(Backtest, CountsAndSeparates) {
  constexpr double kAll = std::numeric_limits<double>::infinity();
  Random random(31);
  for (int round = 0; round < rounds(3000); ++round) {
    const std::vector<Outcome> outcomes = random_outcomes(&random, 80);
    const Backtest test = tested(outcomes);
    const ChurnCount total = counted(outcomes, -kAll, kAll);
    ASSERT_EQ(test.total, total);
    const double cuts[] = {-kAll, 50, 80, kAll};
    for (std::size_t band = 0; band < 3; ++band) {
      ASSERT_EQ(test.bands[band].accounts, counted(outcomes, cuts[band], cuts[band + 1]));
      ASSERT_EQ(test.bands[band].so_far, counted(outcomes, -kAll, cuts[band + 1]));
    }
    ASSERT_EQ(test.separation.has_value(), total.kept > 0 && total.churned > 0);
    if (test.separation) {
      double most = 0;
      for (const Outcome& each : outcomes) {
        const ChurnCount below = counted(outcomes, -kAll, std::nextafter(each.score, kAll));
        most = std::max(most, std::fabs(static_cast<double>(below.churned) / static_cast<double>(total.churned) -
                                        static_cast<double>(below.kept) / static_cast<double>(total.kept)));
      }
      ASSERT_NEAR(test.separation->distance, most, 1e-12);
    }
    std::vector<double> scores;
    for (const Outcome& each : outcomes) scores.push_back(each.score);
    ASSERT_EQ(test.red_below, quantile(scores, 0.15, heap()));
    ASSERT_EQ(test.green_from, quantile(scores, 0.5, heap()));
    ChurnCount in_deciles{};
    for (const ChurnCount& decile : test.deciles) in_deciles += decile;
    ASSERT_EQ(in_deciles, total);
  }
}

TEST(Backtest, DecilesAreTenthsAndATieStaysWhole) {
  std::vector<Outcome> outcomes;
  for (int i = 0; i < 100; ++i) outcomes.push_back({static_cast<double>(i), i < 20});
  const Backtest test = tested(outcomes);
  EXPECT_TRUE(test.distinct_deciles);
  EXPECT_EQ(test.deciles[0], (ChurnCount{0, 10}));
  EXPECT_EQ(test.deciles[2], (ChurnCount{10, 0}));
  EXPECT_EQ(test.lift(test.deciles[0]), 5);
  for (int i = 0; i < 100; ++i) outcomes.push_back({200, false});  // half of all, whose middle is at three quarters
  const Backtest tied = tested(outcomes);
  EXPECT_EQ(tied.deciles[0], (ChurnCount{0, 20}));
  EXPECT_EQ(tied.deciles[7], (ChurnCount{100, 0}));
  EXPECT_EQ(tied.deciles[9].all(), 0);
}

std::string written_backtest(const std::vector<Outcome>& outcomes) {
  Arena arena;
  JsonWriter writer(arena.memory());
  write_backtest(tested(outcomes), kDefaultBands, &writer);
  std::string text;
  for (const JsonNode& node : writer.nodes())
    text += std::string(node.key) + (node.text.empty() ? "" : "=" + std::string(node.text)) + " ";
  return text;
}

TEST(Backtest, IsWrittenWithoutWhatNobodyKnows) {
  const std::string known = written_backtest({{20, true}, {60, true}, {70, false}, {90, false}});
  EXPECT_NE(known.find("accounts=4 churned=2 churn_rate=0.5 "), std::string::npos);
  EXPECT_NE(known.find("auc=1 auc_low=0.385636 auc_high=1 ks=1 ks_score=60 recall_below_best=1 "), std::string::npos)
      << known;
  EXPECT_NE(known.find("band=yellow accounts=2 churned=1 churn_rate=0.5 "), std::string::npos);
  EXPECT_NE(known.find("share=0.5 precision=0.666667 recall=1 "), std::string::npos) << known;
  const std::string nobody = written_backtest({{20, false}, {60, false}});
  for (const char* key : {"auc", "ks", "recall_below_best", "lift"})
    EXPECT_EQ(nobody.find(key), std::string::npos) << key;
}

// Fewer scores than deciles make no deciles: their lift is 1.
TEST(Backtest, FewScoresLiftNothing) {
  const std::string few = written_backtest({{20, true}, {20, true}, {70, false}, {90, false}});
  EXPECT_NE(few.find("decile=3 accounts=2 churned=2 churn_rate=1 low=0.34238 high=1 lift=1 "), std::string::npos)
      << few;
}

}  // namespace
}  // namespace health
