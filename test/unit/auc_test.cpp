#include "core/auc.hpp"

#include <cmath>

#include "outcomes.hpp"
#include "support.hpp"

namespace health {
namespace {

struct Groups {
  std::vector<double> kept, churned;
};
Groups groups_of(const std::vector<Outcome>& outcomes) {
  Groups groups;
  for (const Outcome& each : outcomes) (each.churned ? groups.churned : groups.kept).push_back(each.score);
  return groups;
}

double won(double kept, double churned) { return kept > churned ? 1 : kept == churned ? 0.5 : 0; }

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}
double variance_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum / static_cast<double>(values.size() - 1);
}

// Each account's share of wins over the other group, pair by pair.
std::vector<double> placements(const std::vector<double>& of, const std::vector<double>& others, bool of_kept) {
  std::vector<double> result;
  for (const double a : of) {
    double sum = 0;
    for (const double b : others) sum += of_kept ? won(a, b) : won(b, a);
    result.push_back(sum / static_cast<double>(others.size()));
  }
  return result;
}

TEST(Auc, IsTheShareOfPairsAndDeLongsInterval) {
  Random random(11);
  int degenerate = 0;
  for (int round = 0; round < rounds(4000); ++round) {
    const std::vector<Outcome> outcomes = random_outcomes(&random, random.one_in(3) ? 6 : 60);
    const Groups groups = groups_of(outcomes);
    const Vector<Tie> ties = ties_of(outcomes, heap());
    const std::optional<Auc> told = auc_of(ties);
    if (groups.kept.empty() || groups.churned.empty()) {
      ASSERT_FALSE(told);
      continue;
    }
    const double auc = told->value;
    const Interval* interval = &told->interval;
    const std::vector<double> kept = placements(groups.kept, groups.churned, true),
                              churned = placements(groups.churned, groups.kept, false);
    ASSERT_NEAR(auc, mean_of(kept), 1e-12);
    ASSERT_LE(interval->low, auc);
    ASSERT_GE(interval->high, auc);
    const double fewer = static_cast<double>(std::min(kept.size(), churned.size()));
    double variance = 0;
    if (fewer > 1)
      variance = variance_of(kept) / static_cast<double>(kept.size()) +
                 variance_of(churned) / static_cast<double>(churned.size());
    if (variance < 1e-15) {
      ++degenerate;
      ASSERT_NEAR(interval->low, wilson_interval(auc, fewer).low, 1e-12);
      ASSERT_NEAR(interval->high, wilson_interval(auc, fewer).high, 1e-12);
      ASSERT_GT(interval->high - interval->low, 0);
    } else {
      ASSERT_NEAR(interval->low, std::max(0.0, auc - kNormal95 * std::sqrt(variance)), 1e-9);
      ASSERT_NEAR(interval->high, std::min(1.0, auc + kNormal95 * std::sqrt(variance)), 1e-9);
    }
  }
  EXPECT_GT(degenerate, 10);
}

TEST(Auc, OfOneScoreIsOneHalf) {
  const std::vector<Outcome> outcomes = {{7, true}, {7, false}, {7, false}, {7, true}};
  EXPECT_EQ(auc_of(ties_of(outcomes, heap()))->value, 0.5);
}

TEST(Auc, DoesNotShowTheOrderOfTheRows) {
  Random random(12);
  for (int round = 0; round < 200; ++round) {
    std::vector<Outcome> outcomes = random_outcomes(&random, 100);
    const std::optional<Auc> before = auc_of(ties_of(outcomes, heap()));
    std::reverse(outcomes.begin(), outcomes.end());
    const std::optional<Auc> reversed = auc_of(ties_of(outcomes, heap()));
    ASSERT_EQ(before.has_value(), reversed.has_value());
    if (!before) continue;
    ASSERT_EQ(before->value, reversed->value);
    ASSERT_EQ(before->interval.low, reversed->interval.low);
    ASSERT_EQ(before->interval.high, reversed->interval.high);
  }
}

// Where scores know nothing, the interval of 95 in 100 samples holds one half.
TEST(Auc, IntervalOfNoiseHoldsOneHalf) {
  Random random(13);
  int held = 0;
  constexpr int kSamples = 1000;
  for (int sample = 0; sample < kSamples; ++sample) {
    std::vector<Outcome> outcomes;
    for (int i = 0; i < 200; ++i) outcomes.push_back({random.real(0, 100), random.one_in(5)});
    const Interval interval = auc_of(ties_of(outcomes, heap()))->interval;
    held += interval.low <= 0.5 && interval.high >= 0.5;
  }
  EXPECT_GE(held, kSamples * 93 / 100);
  EXPECT_LE(held, kSamples * 97 / 100);
}

}  // namespace
}  // namespace health
