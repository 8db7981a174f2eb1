#include "core/outcomes.hpp"

#include <cmath>

#include "outcomes.hpp"
#include "support.hpp"

namespace health {
namespace {

TEST(Outcomes, AreCountedByScore) {
  const std::vector<Outcome> outcomes = {{50, true}, {80, false}, {50, false}, {0, true}, {-0.0, true}, {50, true}};
  const Vector<Tie> ties = ties_of(outcomes, heap());
  ASSERT_EQ(ties.size(), 3U);
  EXPECT_EQ(ties[0].score, 0);
  EXPECT_EQ(ties[0].accounts, (ChurnCount{0, 2}));
  EXPECT_EQ(ties[1].accounts, (ChurnCount{1, 2}));
  EXPECT_EQ(ties[2].accounts, (ChurnCount{1, 0}));
  EXPECT_EQ(total_of(ties), (ChurnCount{2, 4}));
  EXPECT_DOUBLE_EQ(total_of(ties).churn_rate(), 4.0 / 6);
  EXPECT_TRUE(ties_of({}, heap()).empty());
}

// The definition: the shares p for which |share - p| is z standard deviations of a share of p.
TEST(Outcomes, WilsonsIntervalIsWhereTheNormalTestTurns) {
  Random random(3);
  for (int round = 0; round < 2000; ++round) {
    const auto trials = static_cast<double>(random.between(1, 300)), share = random.real(0, 1);
    const Interval interval = wilson_interval(share, trials);
    for (const double p : {interval.low, interval.high})
      EXPECT_NEAR((share - p) * (share - p), kNormal95 * kNormal95 * p * (1 - p) / trials, 1e-12);
    EXPECT_LE(interval.low, share);
    EXPECT_GE(interval.high, share);
  }
}

// scipy.stats.binomtest(3, 10).proportion_ci(method='wilson') and of 0 and 10 of 10.
TEST(Outcomes, WilsonsIntervalIsThatOfScipy) {
  EXPECT_NEAR(wilson_interval(0.3, 10).low, 0.10779126740630088, 1e-12);
  EXPECT_NEAR(wilson_interval(0.3, 10).high, 0.6032218525388546, 1e-12);
  EXPECT_EQ(wilson_interval(0, 10).low, 0);
  EXPECT_NEAR(wilson_interval(0, 10).high, 0.2775327998628892, 1e-12);
  EXPECT_NEAR(wilson_interval(1, 10).low, 0.7224672001371107, 1e-12);
  EXPECT_EQ(wilson_interval(1, 10).high, 1);
}

}  // namespace
}  // namespace health
