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

// How many standard errors of an AUC of `end` lie between it and `auc`, by Newcombe's method 5.
double newcombe_errors(double auc, double end, double kept, double churned) {
  const double more = (kept + churned) / 2 - 1;
  const double variance =
      end * (1 - end) * (1 + more * (1 - end) / (2 - end) + more * end / (1 + end)) / (kept * churned);
  return std::fabs(auc - end) / std::sqrt(variance);
}

TEST(Auc, IsTheShareOfPairsAndItsIntervalTheWiderOfTwo) {
  Random random(11);
  int delong_ends = 0, newcombe_ends = 0;
  for (int round = 0; round < rounds(4000); ++round) {
    const std::vector<Outcome> outcomes = random_outcomes(&random, random.one_in(3) ? 6 : 300);
    const Groups groups = groups_of(outcomes);
    const std::optional<Auc> told = auc_of(ties_of(outcomes, heap()));
    if (groups.kept.empty() || groups.churned.empty()) {
      ASSERT_FALSE(told);
      continue;
    }
    const std::vector<double> kept = placements(groups.kept, groups.churned, true),
                              churned = placements(groups.churned, groups.kept, false);
    const double auc = told->value, m = static_cast<double>(kept.size()), n = static_cast<double>(churned.size());
    ASSERT_NEAR(auc, mean_of(kept), 1e-12);
    ASSERT_LE(told->interval.low, auc);
    ASSERT_GE(told->interval.high, auc);
    ASSERT_GT(told->interval.high - told->interval.low, 1e-4);
    const double spread = m > 1 && n > 1 ? kNormal95 * std::sqrt(variance_of(kept) / m + variance_of(churned) / n) : 0;
    for (const auto& [end, bound, delong] : {std::tuple(told->interval.low, 0.0, std::max(0.0, auc - spread)),
                                             std::tuple(told->interval.high, 1.0, std::min(1.0, auc + spread))}) {
      ASSERT_GE(std::fabs(end - auc), std::fabs(delong - auc) - 1e-9) << "as wide as DeLong's";
      if (end == bound) continue;
      const double errors = newcombe_errors(auc, end, m, n);
      ASSERT_GE(errors, kNormal95 - 1e-6) << "as wide as Newcombe's";
      const bool newcombe = errors < kNormal95 + 1e-6;
      ASSERT_TRUE(newcombe || std::fabs(end - delong) < 1e-9) << "and no wider than both";
      ++(newcombe ? newcombe_ends : delong_ends);
    }
  }
  EXPECT_GT(delong_ends, 10);
  EXPECT_GT(newcombe_ends, 10);
}

// Where scores tell all there is no DeLong interval, and one pair the other way round makes none of a few hundredths.
TEST(Auc, OfAFewAccountsIsNotSure) {
  std::vector<Outcome> outcomes;
  for (int i = 0; i < 100; ++i) outcomes.push_back({50.0 + i, false});
  for (int i = 0; i < 3; ++i) outcomes.push_back({static_cast<double>(i), true});
  const Interval perfect = auc_of(ties_of(outcomes, heap()))->interval;
  EXPECT_NEAR(perfect.low, 0.70, 0.01);
  EXPECT_EQ(perfect.high, 1);
  outcomes.back().score = 50.5;
  EXPECT_NEAR(auc_of(ties_of(outcomes, heap()))->interval.low, 0.695, 0.01);
}

// Obuchowski's variance as it is written: sums over accounts of placements less the AUC, row by row.
double variance_of_accounts(const std::vector<AccountOutcome>& outcomes, double auc) {
  std::map<std::uint32_t, std::vector<double>> kept, churned;
  std::set<std::uint32_t> accounts;
  double m = 0, n = 0;
  for (const AccountOutcome& each : outcomes) (each.churned ? n : m) += 1;
  for (const AccountOutcome& each : outcomes) {
    double placement = 0;
    for (const AccountOutcome& other : outcomes)
      if (other.churned != each.churned)
        placement += each.churned ? won(other.score, each.score) / m : won(each.score, other.score) / n;
    (each.churned ? churned : kept)[each.account].push_back(placement - auc);
    accounts.insert(each.account);
  }
  const auto sum = [](std::map<std::uint32_t, std::vector<double>>& of, std::uint32_t account) {
    return std::accumulate(of[account].begin(), of[account].end(), 0.0);
  };
  const double with_kept = static_cast<double>(kept.size()), with_churned = static_cast<double>(churned.size()),
               all = static_cast<double>(accounts.size());
  double s10 = 0, s01 = 0, s11 = 0;
  for (const std::uint32_t account : accounts) {
    const double of_kept = sum(kept, account), of_churned = sum(churned, account);
    s10 += with_kept / ((with_kept - 1) * m) * of_kept * of_kept;
    s01 += with_churned / ((with_churned - 1) * n) * of_churned * of_churned;
    s11 += all / (all - 1) * of_kept * of_churned;
  }
  return std::max(0.0, s10 / m + s01 / n + 2 * s11 / (m * n));
}

TEST(Auc, OfAccountsWithSeveralOutcomesIsObuchowskis) {
  Random random(14);
  int compared = 0;
  for (int round = 0; round < rounds(800); ++round) {
    std::vector<AccountOutcome> outcomes;
    const std::int64_t accounts = random.between(1, 60);
    for (const Outcome& each : random_outcomes(&random, 100))
      outcomes.push_back({each.score, static_cast<std::uint32_t>(random.between(0, accounts)), each.churned});
    std::set<std::uint32_t> kept, churned;
    for (const AccountOutcome& each : outcomes) (each.churned ? churned : kept).insert(each.account);
    std::vector<AccountOutcome> sorted = outcomes;
    const std::optional<Auc> told = auc_of_accounts(sorted, static_cast<std::size_t>(accounts + 1), heap());
    ASSERT_EQ(told.has_value(), !kept.empty() && !churned.empty());
    if (!told) continue;
    const Interval newcombe = newcombe_interval(
        told->value, {static_cast<std::int64_t>(kept.size()), static_cast<std::int64_t>(churned.size())});
    const double variance = kept.size() > 1 && churned.size() > 1 ? variance_of_accounts(outcomes, told->value) : 0;
    const double reach = kNormal95 * std::sqrt(variance);
    ASSERT_NEAR(told->interval.low, std::min(std::max(0.0, told->value - reach), newcombe.low), 1e-9);
    ASSERT_NEAR(told->interval.high, std::max(std::min(1.0, told->value + reach), newcombe.high), 1e-9);
    compared += told->interval.low < newcombe.low ? 1 : 0;
    random.shuffle(&outcomes);
    const std::optional<Auc> shuffled = auc_of_accounts(outcomes, static_cast<std::size_t>(accounts + 1), heap());
    ASSERT_EQ(shuffled->interval.low, told->interval.low) << "no order of the outcomes shows";
  }
  EXPECT_GT(compared, 10);
}

TEST(Auc, OfAccountsWithOneOutcomeIsDeLongs) {
  Random random(15);
  for (int round = 0; round < 300; ++round) {
    const std::vector<Outcome> outcomes = random_outcomes(&random, 100);
    std::vector<AccountOutcome> of_accounts;
    for (const Outcome& each : outcomes)
      of_accounts.push_back({each.score, static_cast<std::uint32_t>(of_accounts.size()), each.churned});
    const std::optional<Auc> expected = auc_of(ties_of(outcomes, heap())),
                             told = auc_of_accounts(of_accounts, of_accounts.size(), heap());
    ASSERT_EQ(told.has_value(), expected.has_value());
    if (!told) continue;
    ASSERT_EQ(told->value, expected->value);
    ASSERT_NEAR(told->interval.low, expected->interval.low, 1e-12);
    ASSERT_NEAR(told->interval.high, expected->interval.high, 1e-12);
  }
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
