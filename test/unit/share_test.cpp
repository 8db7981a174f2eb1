#include "core/share.hpp"

#include <cmath>

#include "support.hpp"

namespace health {
namespace {

// One account at one date.
struct DatedAccount {
  Evaluation evaluation;
  std::vector<double> contributions;
};

DatedAccount account_of(Ledger* ledger, const Model& model, std::int64_t as_of, AccountSize size) {
  DatedAccount account;
  account.evaluation = evaluate_all(ledger, model, as_of, size, &account.contributions);
  return account;
}

std::vector<double> points_of(const Model& model, Baseline baseline, const DatedAccount& account) {
  std::vector<double> points(model.signals.size(), -1.0);
  share_points(model, baseline, account.evaluation, all_signals(model), account.contributions.data(), points.data());
  return points;
}

long double sum_of(const std::vector<double>& numbers) {
  long double sum = 0;
  for (const double number : numbers) sum += number;
  return sum;
}

Baseline random_baseline(Random* random, double raw) {
  switch (random->between(0, 7)) {
    case 0: return {};
    case 1: return 0;
    case 2: return -1;
    case 3: return raw;
    case 4: return std::exp2(random->real(-40, 40));
    default: return (std::fabs(raw) + 1e-6) * random->real(0.2, 3);
  }
}

// Sums of values that nearly cancel, so that rounding decides what is left.
Reference cancelling_reference(Random* random) {
  Reference reference;
  for (const char* name : {"a", "login", "z", "user:1", "export_started"}) {
    const Micros large = random->between(std::int64_t{1} << 50, std::int64_t{1} << 62);
    for (Day day = 20'070; day < 20'074; ++day)
      reference[name][day] = {day, 1, 1, (day % 2 == 0 ? 1 : -1) * (large + random->between(-300, 300))};
  }
  return reference;
}

std::string cancelling_model(Random* random) {
  std::string text = R"({"population": "all", "signals": {)";
  for (const char* name : {"a", "login", "z", "user:1", "export_started"})
    text += (text.back() == '{' ? "\"" : ", \"") + std::string(name) + R"(": {"measure": "sum", "weight": )" +
            std::to_string(random->one_in(2) ? 1'000'000'000 : random->between(1, 1000)) + "}";
  return text + "}}";
}

// Calls `check(model, baseline, account)` for many random models, activities, dates, sizes and baselines.
template <class Check>
void for_random_accounts(std::uint64_t seed, int models, Check check) {
  Random random(seed);
  for (int round = 0; round < models; ++round) {
    const bool cancelling = round % 8 == 0;
    const auto model = model_of(cancelling ? cancelling_model(&random)
                                           : random_model(&random, {round % 3 == 0 ? 1'000'000'000 : 20, 60, true}));
    Ledger ledger(heap());
    for (int activity = 0; activity < 4; ++activity) {
      const Reference cells =
          cancelling ? cancelling_reference(&random) : random_reference(&random, 10, 10, 20'000, 20'080);
      ledger.load(encode(cells), *model);
      for (int date = 0; date < 5; ++date) {
        const std::int64_t as_of = random.between(20'060, 20'120);
        const AccountSize size = random.one_in(2) ? AccountSize{} : AccountSize(random.real(0.5, 100));
        const DatedAccount account = account_of(&ledger, *model, as_of, size);
        for (int i = 0; i < 4; ++i) check(*model, random_baseline(&random, account.evaluation.raw), account);
        if (testing::Test::HasFatalFailure()) FAIL() << "in round " << round;
      }
    }
  }
}

// ---------------------------------------------------------------- points

TEST(Share, PointsSumToTheScore) {
  int cases = 0, penalized = 0, losing = 0, capped = 0;
  for_random_accounts(1, rounds(1300), [&](const Model& model, Baseline baseline, const DatedAccount& account) {
    const Evaluation& e = account.evaluation;
    ++cases;
    penalized += e.penalty > e.praise ? 1 : 0;
    losing += e.negative > e.positive ? 1 : 0;
    capped += normalized(e.raw, baseline, model) + e.praise > 100 ? 1 : 0;
    ASSERT_NEAR(sum_of(points_of(model, baseline, account)), score_of(e, baseline, model), 1e-9)
        << "raw " << e.raw << " = " << e.positive << " - " << e.negative << ", adjustment " << e.praise << " - "
        << e.penalty << ", baseline " << baseline.value_or(NAN);
  });
  EXPECT_GE(cases, rounds(100'000));
  for (const int kind : {penalized, losing, capped}) EXPECT_GE(kind, rounds(5'000));
}

TEST(Share, PointsFollowTheirContributions) {
  for_random_accounts(2, 300, [](const Model& model, Baseline baseline, const DatedAccount& account) {
    if (account.evaluation.raw > 0 && account.evaluation.positive == 0) return;  // raw is a rounding error
    const std::vector<double> points = points_of(model, baseline, account);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const double c = account.contributions[i];
      ASSERT_FALSE(points[i] == 0 && std::signbit(points[i])) << "no -0";
      ASSERT_TRUE(c > 0 ? points[i] >= 0 : c < 0 ? points[i] <= 0 : points[i] == 0) << points[i] << " for " << c;
      for (std::size_t k = 0; k < i; ++k) {
        const double other = account.contributions[k];
        if (model.signals[i].unit != model.signals[k].unit || (c > 0) != (other > 0)) continue;
        ASSERT_NEAR(points[i] * other, points[k] * c, 1e-12 * (std::fabs(points[i] * other) + 1e-290))
            << "in proportion";
      }
    }
  });
}

TEST(Share, PointsOfAnExample) {
  // P = 60, N = 20, baseline 100, linear: f(P) = 60 is shared 40 to 20, the loss of 20 is b's; then +10 and -15.
  const auto model = model_of(R"({"curve": "linear", "signals": {"a": 4, "b": {"weight": -2, "unit": "raw"},
      "c": {"weight": 2, "measure": "days"},
      "plus": {"weight": 10, "unit": "score"}, "minus": {"weight": -15, "unit": "score"}, "unused": 7, "silent": 0}})");
  Ledger ledger(heap());
  std::string days;
  for (int day = 10; day < 20; ++day)
    days += (day == 10 ? "\"2026-01-" : ", \"2026-01-") + std::to_string(day) + "\": 1";
  ledger.load(
      activity_of("{\"a\": {\"2026-01-10\": 10}, \"b\": {\"2026-01-11\": 10}, \"c\": {" + days +
                  "}, \"plus\": {\"2026-01-12\": 1}, \"minus\": {\"2026-01-12\": 1}, \"silent\": {\"2026-01-12\": 5}}"),
      *model);
  const DatedAccount account = account_of(&ledger, *model, 20'494, {});
  const std::vector<double> expected = {40, -20, 20, -15, 10, 0, 0};  // a b c minus plus silent unused
  const std::vector<double> points = points_of(*model, 100, account);
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(points[i], expected[i], 1e-12) << model->signals[i].name;
  // Against a baseline of 40 the praise has no room left: e is 100.
  const std::vector<double> at_top = points_of(*model, 40, account);
  EXPECT_NEAR(at_top[4], 0, 1e-12);
  EXPECT_NEAR(sum_of(at_top), 85, 1e-12);
}

// ---------------------------------------------------------------- moves

TEST(Share, MovesSumToTheDifference) {
  Random random(3);
  int cases = 0, mixed = 0;
  for (int round = 0; round < rounds(1200); ++round) {
    const auto model =
        model_of(round % 8 == 0 ? cancelling_model(&random)
                                : random_model(&random, {round % 3 == 0 ? 1'000'000'000 : 20, 60, true}));
    Ledger ledger(heap());
    ledger.load(
        encode(round % 8 == 0 ? cancelling_reference(&random) : random_reference(&random, 10, 15, 20'000, 20'080)),
        *model);
    for (int i = 0; i < 10; ++i) {
      const std::int64_t as_of = random.between(20'060, 20'120);
      const DatedAccount before = account_of(&ledger, *model, as_of - random.between(0, 40), {}),
                         now = account_of(&ledger, *model, as_of, {});
      const Baseline baseline = random_baseline(&random, now.evaluation.raw);
      std::vector<double> moves(model->signals.size(), -1.0);
      const double rest =
          share_move(*model, baseline, all_signals(*model), before.evaluation.raw, before.contributions.data(),
                     now.evaluation.raw, now.contributions.data(), moves.data());
      const double moved =
          normalized(now.evaluation.raw, baseline, *model) - normalized(before.evaluation.raw, baseline, *model);
      ASSERT_NEAR(sum_of(moves) + rest, moved, 1e-9) << "round " << round;
      int gains = 0, losses = 0;
      for (std::size_t s = 0; s < moves.size(); ++s) {
        const double delta = now.contributions[s] - before.contributions[s];
        const bool raw = model->signals[s].unit == Unit::raw;
        if (!raw || delta == 0) {
          ASSERT_EQ(moves[s], 0) << "who did not move has no part";
        }
        gains += raw && delta > 0 ? 1 : 0;
        losses += raw && delta < 0 ? 1 : 0;
      }
      if (gains + losses > 0 && round % 8 != 0) {
        ASSERT_NEAR(rest, 0, 1e-9);
      }
      ++cases;
      mixed += gains > 0 && losses > 0 ? 1 : 0;
    }
  }
  EXPECT_GE(cases, rounds(10'000));
  EXPECT_GE(mixed, rounds(400));
}

TEST(Share, MoveIsTheMeanOfBothOrders) {
  // Linear, baseline 100: gains of 40 and losses of 30 from raw 80. Gains first: capped at 100, +20 then -10 (to 90);
  // losses first: -30 to 50, then +40. Means: +30 and -20.
  const auto model =
      model_of(R"({"curve": "linear", "signals": {"a": 1, "b": 1, "c": 1, "d": {"weight": 1, "unit": "score"}}})");
  const double before[] = {0, 50, 30, 0}, now[] = {40, 20, 30, 5};
  double moves[4];
  EXPECT_EQ(share_move(*model, 100, all_signals(*model), 80, before, 90, now, moves), 0);
  EXPECT_NEAR(moves[0], 30, 1e-12);
  EXPECT_NEAR(moves[1], -20, 1e-12);
  EXPECT_EQ(moves[2], 0);
  EXPECT_EQ(moves[3], 0);
}

// ---------------------------------------------------------------- dimensions

TEST(Share, DimensionsSumToTheScore) {
  int cases = 0;
  for_random_accounts(4, 60, [&](const Model& model, Baseline baseline, const DatedAccount& account) {
    const std::vector<double> points = points_of(model, baseline, account);
    std::vector<double> sums(model.dimensions().size());
    share_dimensions(model, all_signals(model), points.data(), sums.data());
    std::map<std::string, long double> expected;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const Signal& signal = model.signals[i];
      if (signal.weight != 0) expected[signal.dimension.empty() ? "other" : std::string(signal.dimension)] += points[i];
    }
    long double sum = 0;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const std::string dimension(model.dimensions()[i]);
      ASSERT_TRUE(expected.contains(dimension));
      ASSERT_NEAR(sums[i], expected[dimension], 1e-9);
      sum += sums[i];
    }
    ASSERT_EQ(sums.size(), expected.size());
    ASSERT_NEAR(sum, score_of(account.evaluation, baseline, model), 1e-9);
    ++cases;
  });
  EXPECT_GE(cases, 4'000);
}

}  // namespace
}  // namespace health
