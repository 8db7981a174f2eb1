#include "core/report.hpp"

#include <cmath>

#include "support.hpp"

namespace health {
namespace {

TEST(Score, PraiseIsCappedBeforePenaltiesBite) {
  EXPECT_EQ(adjusted(90, 30, 0).score, 100);
  EXPECT_EQ(adjusted(90, 30, 25).top, 100);
  EXPECT_EQ(adjusted(90, 30, 25).score, 75) << "not 95: the praise beyond 100 softens no penalty";
  EXPECT_EQ(adjusted(10, 5, 25).score, 0);
  EXPECT_EQ(adjusted(10, 5, 25).top, 15);
  EXPECT_EQ(adjusted(40, 0, 0).score, 40);
  Random random(5);
  for (int round = 0; round < 2000; ++round) {
    const double e = random.real(0, 100), adjustment = random.real(-150, 150);
    const Adjusted one = adjusted(e, adjustment);
    const Adjusted two = adjusted(e, std::max(adjustment, 0.0), std::max(-adjustment, 0.0));
    ASSERT_EQ(one.top, two.top);
    ASSERT_EQ(one.score, two.score);
    ASSERT_GE(one.score, 0);
    ASSERT_LE(one.score, 100);
    ASSERT_NEAR(one.score, std::clamp(e + adjustment, 0.0, 100.0), 1e-12);
  }
}

// An account with a number of logins and perhaps a size.
struct ScoredAccount {
  std::optional<int> logins;  // none: no activity
  AccountSize size = {};
};

// The scores of accounts that are scored together; empty where an account has no activity.
std::vector<std::optional<double>> scores_of(const Model& model, const std::vector<ScoredAccount>& accounts) {
  Accounts scores(Wanted::score, model, 20'485, heap());
  for (const ScoredAccount& account : accounts) scores.add_account(account.logins.has_value(), account.size);
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    if (!accounts[i].logins) continue;
    const std::string logins = std::to_string(*accounts[i].logins);
    scores.evaluate_account(i, activity_of(R"({"login": {"2026-01-31": )" + logins + "}}"));
  }
  scores.close();
  std::vector<std::optional<double>> result;
  for (std::size_t i = 0; i < accounts.size(); ++i)
    result.push_back(scores.known(i) ? std::optional(scores.score(i)) : std::nullopt);
  return result;
}

TEST(Score, IsWhatTheRawScoreEarnsInItsPopulation) {
  const auto model = model_of(kLogins);
  // The median of 1, 2, 4 and 8 is 3.
  const auto scores = scores_of(*model, {{1}, {2}, {4}, {8}});
  EXPECT_NEAR(*scores[0], 100.0 / 3, 1e-12);
  EXPECT_NEAR(*scores[1], 200.0 / 3, 1e-12);
  EXPECT_EQ(scores[2], 100);
  EXPECT_EQ(scores_of(*model, {{1}, {}, {2}, {4}, {8}})[0], scores[0]) << "who has no activity is no part of it";
}

TEST(Score, MissingSizesAreTakenAtTheMedian) {
  const auto model = model_of(kLogins);
  // Per seat 5, 2.5 and 0.5: the median is 2.5. The fourth account is taken at 4 seats and makes no baseline.
  const auto scores = scores_of(*model, {{10, 2}, {10, 4}, {10, 20}, {10}});
  EXPECT_EQ(scores[0], 100);
  EXPECT_EQ(scores[1], 100);
  EXPECT_EQ(scores[2], 20);
  EXPECT_EQ(scores[3], 100);
}

TEST(Score, NeedsAModelWithSignals) {
  const auto model = model_of("{}");
  expect_failure("22023", "health_model has no signals", [&] { Accounts(Wanted::score, *model, 20'485, heap()); });
}

}  // namespace
}  // namespace health
