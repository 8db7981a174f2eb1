#include "core/tune.hpp"

#include "core/splice.hpp"
#include "support.hpp"

namespace health {
namespace {

constexpr char kLongModel[] = R"({"window_days": 365, "signals": {"login": 1}})";

struct Observed {
  Buffer activity;
  bool churned;
};

// Accounts of one year of logins, whose level says nothing; of those that churn, `fading` stop `quiet` days before.
std::vector<Observed> observed(Random* random, int accounts, double fading, int quiet) {
  std::vector<Observed> result;
  for (int i = 0; i < accounts; ++i) {
    const bool churned = random->one_in(4), fades = churned && random->real(0, 1) < fading;
    const double level = random->real(0.05, 0.9);
    Reference reference;
    for (Day day = kAsOf - 365; day < kAsOf - (fades ? quiet : 0); ++day)
      if (random->real(0, 1) < level) reference["login"][day] = {day, 1, 0, 0};
    result.push_back({encode(reference), churned});
  }
  return result;
}

TuneResult tuned(const std::vector<Observed>& accounts, const char* model = kLongModel, int dates = 1) {
  const JsonTree tree(model);
  Arena arena;
  Tuner tuner(tree.root(), arena.memory());
  for (int date = 0; date < dates; ++date)
    for (const auto& [activity, churned] : accounts) tuner.add(activity, churned, kAsOf - date, {});
  TuneResult result(heap());
  tuner.finish(&result, heap());
  return result;
}

TEST(Tune, FindsThatRecentDaysTell) {
  Random random(41);
  const TuneResult result = tuned(observed(&random, 500, 0.9, 30));
  EXPECT_EQ(result.tried.size(), 42U) << "the model's own time is one of the grid";
  EXPECT_EQ(result.folds, 20);
  const TunedTime& best = result.tried[result.best];
  EXPECT_EQ(best.time.window_days, 30);
  EXPECT_GT(result.gain, 0.1);
  EXPECT_GT(result.gain_interval.low, 0);
  EXPECT_LT(result.gain_interval.high, 1);
  EXPECT_NEAR(result.gain, best.auc - result.tried.front().auc, 1e-15);
  EXPECT_FALSE(result.forward) << "there is one date only";
}

// Of those that are as good, the one that changes least: in 30 days without anything any half-life does as well.
TEST(Tune, ChangesNoMoreThanItMust) {
  Random random(42);
  const TuneResult result = tuned(observed(&random, 500, 0.9, 30));
  const TimeTerms own = result.tried.front().time, best = result.tried[result.best].time;
  EXPECT_TRUE((best.window_days == own.window_days) != (best.decay == own.decay));
}

TEST(Tune, KeepsTheModelWhereThereIsNoSignal) {
  Random random(43);
  for (const int dates : {1, 3}) {
    int kept = 0;
    const int rounds_of_noise = rounds(160);
    for (int round = 0; round < rounds_of_noise; ++round)
      kept += tuned(observed(&random, 120, 0, 0), kLongModel, dates).best == 0;
    EXPECT_GE(kept, rounds_of_noise * 93 / 100) << dates;
  }
}

TEST(Tune, OfAFewAccountsIsNoTuning) {
  Random random(44);
  const TuneResult few = tuned(observed(&random, 20, 1, 60));
  EXPECT_EQ(few.folds, 0);
  EXPECT_EQ(few.best, 0U);
  EXPECT_EQ(few.tried.front().interval.low, 0);
  EXPECT_EQ(few.tried.front().interval.high, 1);
  std::vector<Observed> nobody = observed(&random, 20, 0, 0);
  for (Observed& account : nobody) account.churned = false;
  EXPECT_TRUE(tuned(nobody).tried.empty());
  EXPECT_TRUE(tuned({}).tried.empty());
}

// The same accounts three times know no more: were they taken for others, the interval would shrink to 0.58 of it. That
// holds, too, where each date has the activity up to it only.
TEST(Tune, AllDatesOfAnAccountAreInOneFold) {
  Random random(45);
  constexpr int kDates = 3;
  double once = 0, thrice = 0;
  for (int book = 0; book < rounds(24); ++book) {
    const std::vector<Observed> accounts = observed(&random, 200, 0.9, 40);
    const JsonTree tree(kLongModel);
    Arena arena;
    Tuner whole(tree.root(), arena.memory()), cut(tree.root(), arena.memory());
    for (const auto& [activity, churned] : accounts) {
      for (int date = 0; date < kDates; ++date) {
        const Day as_of = kAsOf - date;
        whole.add(activity, churned, as_of, {});
        ActivityWriter writer(arena.memory());
        cut.add(splice_activity(activity, kEmptyActivity, as_of, &writer), churned, as_of, {});
      }
    }
    const TuneResult of_one = tuned(accounts);
    TuneResult of_three(arena.memory()), of_cut(arena.memory());
    whole.finish(&of_three, arena.memory());
    cut.finish(&of_cut, arena.memory());
    EXPECT_EQ(of_three.dates, kDates);
    EXPECT_GE(of_three.folds, of_one.folds);
    EXPECT_EQ(of_three.total.all(), kDates * of_one.total.all());
    const auto width = [](const TuneResult& of) {
      return of.tried.front().interval.high - of.tried.front().interval.low;
    };
    EXPECT_EQ(width(of_cut), width(of_three));
    once += width(of_one);
    thrice += width(of_three);
  }
  EXPECT_NEAR(thrice / once, 1, 0.25);
}

TEST(Tune, MeasuresAtLaterDatesWhatEarlierOnesChose) {
  Random random(47);
  const TuneResult result = tuned(observed(&random, 300, 0.9, 30), kLongModel, 3);
  ASSERT_TRUE(result.forward);
  EXPECT_EQ(result.forward->since, kAsOf);
  EXPECT_NE(result.forward->chosen, 0U);
  EXPECT_GT(result.forward->auc, result.forward->own_auc);
  EXPECT_GT(result.forward->gain_interval.low, 0);
}

TEST(Tune, OfAccountsThatDidTheSameKnowsNothing) {
  const std::vector<Observed> same(40, {activity_of(R"({"login": {"2026-01-20": 1}})"), false});
  std::vector<Observed> accounts = same;
  for (std::size_t i = 0; i < accounts.size(); i += 2) accounts[i].churned = true;
  const TuneResult result = tuned(accounts);
  EXPECT_EQ(result.folds, 4);
  EXPECT_EQ(result.best, 0U);
  // scipy: brentq(lambda t: .5 - t - norm.ppf(.975) * sqrt(t * (1 - t) / 400 * (1 + 19 * ((1 - t) / (2 - t) + t / (1 +
  // t)))), .1, .5)
  for (const TunedTime& tried : result.tried) {
    EXPECT_EQ(tried.auc, 0.5);
    EXPECT_NEAR(tried.interval.low, 0.331488, 1e-6);
    EXPECT_NEAR(tried.interval.high, 1 - 0.331488, 1e-6);
  }
}

// Where all folds gain the same, they do not say how sure that is: here those who churned came more often than the
// others, until two months before.
TEST(Tune, OfFoldsThatAreAllTheSameIsNotSureOfAll) {
  std::vector<Observed> accounts;
  for (int i = 0; i < 60; ++i) {
    const bool churned = i < 15;
    Reference reference;
    for (Day day = kAsOf - 100; day < kAsOf - (churned ? 60 : 0); ++day)
      reference["login"][day] = {day, churned ? 3U : 1U, 0, 0};
    accounts.push_back({encode(reference), churned});
  }
  const TuneResult result = tuned(accounts);
  ASSERT_EQ(result.folds, 3);
  const TunedTime &own = result.tried.front(), &best = result.tried[result.best];
  ASSERT_EQ(own.auc, 0);
  ASSERT_EQ(best.auc, 1);
  // Newcombe's ends as above, of 45 and 15 accounts, and the root of the sum of both distances squared.
  EXPECT_EQ(own.interval.low, 0);
  EXPECT_NEAR(own.interval.high, 0.089145, 1e-6);
  EXPECT_NEAR(best.interval.low, 0.910855, 1e-6);
  EXPECT_EQ(best.interval.high, 1);
  EXPECT_NEAR(result.gain_interval.low, 1 - std::sqrt(2) * 0.089145, 2e-6);
  EXPECT_EQ(result.gain_interval.high, 1);
}

TEST(Tune, OfPartsIsThatOfTheWhole) {
  Random random(46);
  const std::vector<Observed> accounts = observed(&random, 60, 0.9, 30);
  const JsonTree tree(kLongModel);
  Arena arena;
  Tuner whole(tree.root(), arena.memory()), first(tree.root(), arena.memory()), second(tree.root(), arena.memory());
  for (std::size_t i = 0; i < accounts.size(); ++i)
    for (Tuner* tuner : {&whole, i % 3 == 0 ? &first : &second})
      tuner->add(accounts[i].activity, accounts[i].churned, kAsOf, {});
  Buffer bytes(second.bytes());
  second.write(bytes.data());
  Tuner merged(tree.root(), arena.memory());
  merged.merge(bytes);
  merged.merge(first);
  TuneResult expected(arena.memory()), result(arena.memory());
  whole.finish(&expected, arena.memory());
  merged.finish(&result, arena.memory());
  ASSERT_EQ(result.tried.size(), expected.tried.size());
  for (std::size_t i = 0; i < result.tried.size(); ++i) {
    EXPECT_EQ(result.tried[i].auc, expected.tried[i].auc);
    EXPECT_EQ(result.tried[i].interval.low, expected.tried[i].interval.low);
  }
  bytes.pop_back();
  EXPECT_STREQ(failure_of([&] { merged.merge(bytes); }).sqlstate, kInvalidBinary);
}

TEST(Tune, RefusesWhatIsNoModel) {
  const JsonTree tree(R"({"signals": {}})");
  Arena arena;
  EXPECT_STREQ(failure_of([&] { const Tuner tuner(tree.root(), arena.memory()); }).sqlstate, kInvalidParameter);
}

}  // namespace
}  // namespace health
