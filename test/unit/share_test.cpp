#include "core/share.hpp"

#include <array>
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
  const AtDate moment{account.evaluation, baseline, account.contributions.data()};
  EXPECT_EQ(share_points(model, moment, all_signals(model), points.data()), 0) << "nothing overrides";
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

// ---------------------------------------------------------------- changes

// A model with signals of all units that there are, in a scorecard or not. Names in order, so that they are also
// indices.
std::string change_model(Random* random, bool card) {
  std::ostringstream text;
  text << R"({"curve": )" << random->pick(std::vector<std::string>{"\"linear\"", "\"open\"", "\"exponential\""})
       << R"(, "dimension_caps": {)";
  for (const char* name : {"x", "y"})
    if (random->one_in(2))
      text << (text.str().back() == '{' ? "\"" : ", \"") << name << "\": " << random->pick(std::array{"0", "5", "30"});
  text << "}, ";
  if (card) text << R"("combine": "mean", "usage_weight": )" << random->between(1, 40) << ", ";
  text << R"("signals": {"0set": {"measure": "last", "set_score": true, "dimension": "x"})";
  for (int i = 0; i < 3; ++i) text << R"(, "raw)" << i << R"(": {"weight": 1, "unit": "raw"})";
  for (int i = 0; i < 4; ++i)
    text << R"(, "score)" << i << R"(": {"weight": 1, "measure": "last", "unit": "score", "dimension": ")"
         << (i % 2 == 0 ? 'x' : 'y') << "\"}";
  for (int i = 0; i < (card ? 3 : 0); ++i)
    text << R"(, "share)" << i << R"(": {"weight": )" << random->between(1, 20)
         << R"(, "measure": "last", "out_of": 5})";
  return text.str() + "}}";
}

// Two dates of an account, as contributions: the definition of section 7 in long double.
class ChangeCase {
 public:
  ChangeCase(Random* random, const Model& of) : model(of), before(of.signals.size()), now(of.signals.size()) {
    const std::int64_t frozen = random->between(0, 4);  // of 4
    for (std::size_t i = 0; i < before.size(); ++i) {
      before[i] = random_contribution(random, model.signals[i]);
      const bool stays = random->between(1, 4) <= frozen;
      now[i] = stays ? before[i] : random_contribution(random, model.signals[i]);
    }
    had = evaluation_of(random, before);
    has = evaluation_of(random, now);
    baseline_before = random_baseline(random, had.raw);
    baseline = random->one_in(3) ? baseline_before : random_baseline(random, has.raw);
    came();
  }

  // With the signals in that order.
  std::vector<double> changes(const std::vector<std::int32_t>& order, Unowned* unowned) const {
    std::vector<double> c0, c1, moved(order.size(), -1), result(order.size());
    for (const std::int32_t signal : order) {
      c0.push_back(before[static_cast<std::size_t>(signal)]);
      c1.push_back(now[static_cast<std::size_t>(signal)]);
    }
    *unowned = share_change(model, {had, baseline_before, c0.data()}, {has, baseline, c1.data()}, order, moved.data());
    for (std::size_t i = 0; i < order.size(); ++i) result[static_cast<std::size_t>(order[i])] = moved[i];
    return result;
  }

  // What each would have by the definition.
  std::vector<long double> expected(long double* baseline_part) const {
    const auto both = [&](auto choose) {
      std::vector<double> c;
      for (std::size_t i = 0; i < now.size(); ++i) c.push_back(choose(before[i], now[i]));
      return c;
    };
    const auto best = both([](double a, double b) { return std::max(a, b); }),
               worst = both([](double a, double b) { return std::min(a, b); });
    const long double from = score(before), to = score(now);
    const long double gain = (score(best) - from + (to - score(worst))) / 2,
                      loss = (to - score(best) + (score(worst) - from)) / 2;
    const long double raw_gain = (usage(best) - usage(before) + (usage(now) - usage(worst))) / 2,
                      raw_loss = (usage(now) - usage(best) + (usage(worst) - usage(before))) / 2;
    std::vector<long double> parts(now.size());
    long double gained = 0, lost = 0, up = 0, down = 0;
    for (std::size_t i = 0; i < now.size(); ++i)
      if (is(i, Unit::raw)) (now[i] > before[i] ? gained : lost) += std::fabs(now[i] - before[i]);
    for (std::size_t i = 0; i < now.size(); ++i) {
      const long double delta = static_cast<long double>(now[i]) - before[i];
      parts[i] = is(i, Unit::share) ? delta / present_weight(has, model) : delta;
      if (is(i, Unit::raw)) parts[i] = delta > 0 ? raw_gain * delta / gained : delta < 0 ? -raw_loss * delta / lost : 0;
      (parts[i] > 0 ? up : down) += parts[i];
    }
    for (long double& part : parts) part = part > 0 ? gain * part / up : part < 0 ? loss * part / down : 0;
    const Adjusted old =
        adjusted(earned(normalized(had.raw, baseline_before, model), had, model), had.praise, had.penalty);
    *baseline_part = from - old.score;
    return parts;
  }

  const Model& model;
  std::vector<double> before, now;
  Evaluation had, has;
  Baseline baseline_before, baseline;
  bool same_measures = true;

 private:
  bool is(std::size_t i, Unit unit) const { return model.signals[i].unit == unit; }
  // Whole numbers, so that their sums are exact in any order.
  static double random_contribution(Random* random, const Signal& signal) {
    if (signal.set_score || random->one_in(6)) return 0;
    if (signal.unit == Unit::share) return static_cast<double>(signal.weight / kMicro * random->between(0, 100));
    return static_cast<double>(random->one_in(2) ? random->between(-10, 20) : random->between(-120, 120));
  }
  Evaluation evaluation_of(Random* random, const std::vector<double>& c) const {
    Evaluation evaluation;
    for (std::size_t i = 0; i < c.size(); ++i) {
      if (is(i, Unit::raw)) evaluation.raw += c[i];
      if (!is(i, Unit::share)) continue;
      evaluation.measures += c[i];
      evaluation.weights += static_cast<double>(model.signals[i].weight) / 1e6;
    }
    std::tie(evaluation.praise, evaluation.penalty) = adjustments(c);
    if (random->one_in(8)) evaluation.override_score = random->between(0, 100);
    return evaluation;
  }
  // One measure was not there at one of the dates: its contributions are the same, as share_change() asks.
  void came() {
    const std::size_t last = now.size() - 1;
    if (!is(last, Unit::share) || had.raw > 0) return;
    same_measures = false;
    Evaluation& without = has.raw > 5 ? had : has;
    without.measures -= &without == &had ? before[last] : now[last];
    without.weights -= static_cast<double>(model.signals[last].weight) / 1e6;
    before[last] = now[last];
  }
  std::pair<double, double> adjustments(const std::vector<double>& c) const {
    double praise = 0, penalty = 0;
    for (std::size_t d = 0; d < model.dimensions().size(); ++d) {
      double given = 0, taken = 0, cap = kNone;
      for (std::size_t i = 0; i < c.size(); ++i)
        if (is(i, Unit::score) && model.signals[i].dimension_index == d) (c[i] > 0 ? given : taken) += std::fabs(c[i]);
      for (const auto& each : model.dimension_caps())
        if (each.dimension == d) cap = each.points;
      praise += std::min(cap, given);
      penalty += std::min(cap, taken);
    }
    return {praise, penalty};
  }
  // What the raw signals are of the score, under today's baseline and weights.
  long double usage(const std::vector<double>& c) const {
    double raw = 0;
    for (std::size_t i = 0; i < c.size(); ++i) raw += is(i, Unit::raw) ? c[i] : 0;
    return static_cast<long double>(usage_share(has, model)) * normalized(raw, baseline, model);
  }
  long double score(const std::vector<double>& c) const {
    const double usage_before = normalized(had.raw, baseline_before, model);
    long double e = earned(usage_before, had, model);
    e += usage(c) - static_cast<long double>(usage_share(has, model)) * usage_before;
    for (std::size_t i = 0; i < c.size(); ++i)
      if (is(i, Unit::share)) e += (static_cast<long double>(c[i]) - before[i]) / present_weight(has, model);
    const auto [praise, penalty] = adjustments(c);
    return std::max(0.0L, std::min(100.0L, e + praise) - penalty);
  }
};

TEST(Share, ChangeBelongsToMovers) {
  Random random(5);
  int frozen = 0, mixed = 0, full = 0, empty = 0, set = 0, came = 0, moved = 0;
  for (int round = 0; round < rounds(40'000); ++round) {
    const auto model = model_of(change_model(&random, round % 2 == 0));
    const ChangeCase each(&random, *model);
    std::vector<std::int32_t> order = all_signals(*model);
    Unowned unowned, shuffled_unowned;
    const std::vector<double> changes = each.changes(order, &unowned);
    random.shuffle(&order);
    const std::vector<double> shuffled = each.changes(order, &shuffled_unowned);
    long double baseline = 0;
    const std::vector<long double> expected = each.expected(&baseline);
    const std::string where = "round " + std::to_string(round);
    int gains = 0, losses = 0;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      const double delta = each.now[i] - each.before[i];
      (delta > 0 ? gains : losses) += delta != 0 ? 1 : 0;
      ASSERT_FALSE(changes[i] == 0 && std::signbit(changes[i])) << "no -0";
      ASSERT_NEAR(changes[i], static_cast<double>(expected[i]), 1e-9) << where << ", " << model->signals[i].name;
      ASSERT_NEAR(changes[i], shuffled[i], 1e-9) << where;
      ASSERT_TRUE(delta > 0   ? changes[i] >= 0
                  : delta < 0 ? changes[i] <= 0
                              : changes[i] == 0 && shuffled[i] == 0)
          << where << ", " << model->signals[i].name << ": " << changes[i];
      frozen += delta == 0 && i > 0 ? 1 : 0;
    }
    ASSERT_NEAR(unowned.baseline, static_cast<double>(baseline), 1e-9) << where;
    ASSERT_NEAR(unowned.baseline, shuffled_unowned.baseline, 1e-9) << where;
    if (each.baseline == each.baseline_before) {
      ASSERT_NEAR(unowned.baseline, 0, 1e-12) << where;
    }
    if (each.same_measures) {
      ASSERT_NEAR(unowned.coverage, 0, 1e-12) << where;
    }
    const auto beyond = [&](Evaluation evaluation, Baseline under) {
      const double in_force = score_of(evaluation, under, *model);
      evaluation.override_score.reset();
      return in_force - score_of(evaluation, under, *model);
    };
    ASSERT_NEAR(unowned.override_change, beyond(each.has, each.baseline) - beyond(each.had, each.baseline_before),
                1e-9);
    const double now = score_of(each.has, each.baseline, *model),
                 before = score_of(each.had, each.baseline_before, *model);
    ASSERT_NEAR(sum_of(changes) + unowned.baseline + unowned.coverage + unowned.override_change, now - before, 1e-9)
        << where;
    mixed += gains > 0 && losses > 0 ? 1 : 0;
    full += now == 100 ? 1 : 0;
    empty += now == 0 ? 1 : 0;
    set += each.has.override_score || each.had.override_score ? 1 : 0;
    came += unowned.coverage != 0 ? 1 : 0;
    moved += unowned.baseline != 0 ? 1 : 0;
  }
  for (const int kind : {frozen, mixed, full, empty, set, came, moved}) EXPECT_GE(kind, rounds(1'000));
}

TEST(Share, ChangesSumWhereRawScoresCancel) {
  Random random(6);
  for (int round = 0; round < rounds(2000); ++round) {
    const auto model = model_of(cancelling_model(&random));
    Ledger ledger(heap());
    ledger.load(encode(cancelling_reference(&random)), *model);
    const std::int64_t as_of = random.between(20'071, 20'120);
    const DatedAccount before = account_of(&ledger, *model, as_of - random.between(0, 40), {}),
                       now = account_of(&ledger, *model, as_of, {});
    const Baseline old = random_baseline(&random, before.evaluation.raw),
                   baseline = random_baseline(&random, now.evaluation.raw);
    std::vector<double> changes(model->signals.size(), -1.0);
    const Unowned unowned =
        share_change(*model, {before.evaluation, old, before.contributions.data()},
                     {now.evaluation, baseline, now.contributions.data()}, all_signals(*model), changes.data());
    ASSERT_NEAR(sum_of(changes) + unowned.baseline,
                score_of(now.evaluation, baseline, *model) - score_of(before.evaluation, old, *model), 1e-9);
    for (std::size_t i = 0; i < changes.size(); ++i) {
      if (now.contributions[i] != before.contributions[i]) continue;
      ASSERT_EQ(changes[i], 0) << "round " << round;
    }
  }
}

// Changes of signals a, b, ... of unit score and one of unit raw, the last, by hand; the baseline is 100, linear.
std::vector<double> changes_of(const std::string& caps, const std::vector<double>& before,
                               const std::vector<double>& now) {
  std::string signals;
  for (std::size_t i = 0; i + 1 < now.size(); ++i)
    signals += "\"" + std::string(1, static_cast<char>('a' + i)) +
               R"(": {"weight": 1, "measure": "last", "dimension": "d"}, )";
  const auto model = model_of(R"({"curve": "linear", "dimension_caps": {)" + caps + R"(}, "signals": {)" + signals +
                              R"("usage": {"weight": 1, "dimension": "d"}}})");
  const auto evaluation = [&](std::vector<double> c) {
    const double raw = c.back();
    const Adjustments by = bound_adjustments(*model, all_signals(*model), c.data());
    return Evaluation{.raw = raw, .praise = by.praise, .penalty = by.penalty, .override_score = {}};
  };
  const Evaluation had = evaluation(before), has = evaluation(now);
  std::vector<double> changes(now.size(), -1.0);
  share_change(*model, {had, 100, before.data()}, {has, 100, now.data()}, all_signals(*model), changes.data());
  return changes;
}

void expect_changes(const std::vector<double>& changes, const std::vector<double>& expected) {
  ASSERT_EQ(changes.size(), expected.size());
  for (std::size_t i = 0; i < changes.size(); ++i) EXPECT_NEAR(changes[i], expected[i], 1e-12) << i;
}

TEST(Share, ChangesByHand) {
  // a is a rating that stayed, 85 + 5 = 90. b brings 20, of which there is room for 10: all of it is b's.
  expect_changes(changes_of("", {5, 0, 85}, {5, 20, 85}), {0, 10, 0});
  // The same by usage, from 85 to 100.
  expect_changes(changes_of("", {5, 85}, {5, 100}), {0, 10});
  // Two share the room of 10 as 20 to 5 of usage.
  expect_changes(changes_of("", {5, 0, 85}, {5, 20, 90}), {0, 8, 2});
  // A penalty of 40 where there are 30: what it takes is its own, not that of the penalty that was there.
  expect_changes(changes_of("", {-5, 0, 35}, {-5, -40, 35}), {0, -30, 0});
  // From 70 by +40 and -20, to min(100, 110) - 20 = 80: gains first over 100, losses first over 50.
  expect_changes(changes_of("", {0, 0, 70}, {40, -20, 70}), {30, -20, 0});
  // Usage from 95 to 85 and praise from 0 to 15: first 95 -> 100 -> 100, then 95 -> 85 -> 100.
  expect_changes(changes_of("", {0, 95}, {15, 85}), {10, -5});
  // A rating that crosses zero moved once.
  expect_changes(changes_of("", {-5, 50}, {5, 50}), {10, 0});
  // A dimension that gives 10 at most: a stayed at 8, b came with 8, so b has the 2 that were left.
  expect_changes(changes_of("\"d\": 10", {8, 0, 50}, {8, 8, 50}), {0, 2, 0});
  // It was full already, and what goes there is nobody's change.
  expect_changes(changes_of("\"d\": 10", {10, 0, 50}, {10, 8, 50}), {0, 0, 0});
}

TEST(Share, LastBitsOfRawScoresAreTheBaselines) {
  // The baseline is 0, where f jumps: the raw signals stayed, their sum did not quite. Who
  // moved has what is its own.
  const auto model = model_of(R"({"signals": {"a": 1, "b": {"weight": 1, "unit": "score"}}})");
  const Evaluation had{.raw = 0, .override_score = {}}, has{.raw = -1e-16, .praise = 5, .override_score = {}},
      above{.raw = 1e-16, .penalty = 20, .override_score = {}};
  const double c0[] = {1, 0}, up[] = {1, 5}, down[] = {1, -20};
  double changes[2];
  EXPECT_EQ(share_change(*model, {had, 0, c0}, {has, 0, up}, all_signals(*model), changes).baseline, 0);
  EXPECT_NEAR(changes[1], 5, 1e-12);
  EXPECT_NEAR(share_change(*model, {had, 0, c0}, {above, 0, down}, all_signals(*model), changes).baseline, 100, 1e-12);
  EXPECT_EQ(changes[0], 0);
  EXPECT_NEAR(changes[1], -20, 1e-12);
}

TEST(Share, OverrideIsNobodys) {
  const auto model = model_of(
      R"({"curve": "linear", "signals": {"a": 1, "csm": {"measure": "last", "set_score": true, "dimension": "d"}}})");
  const Evaluation had{.raw = 50, .positive = 50, .override_score = {}},
      has{.raw = 70, .positive = 70, .override_score = 40.0};
  const double c0[] = {50, 0}, c1[] = {70, 0};
  double points[2], changes[2], sums[2];
  EXPECT_NEAR(share_points(*model, {has, 100, c1}, all_signals(*model), points), -30, 1e-12);
  EXPECT_NEAR(points[0], 70, 1e-12);
  EXPECT_EQ(points[1], 0);
  const Unowned came = share_change(*model, {had, 100, c0}, {has, 100, c1}, all_signals(*model), changes);
  EXPECT_NEAR(changes[0], 20, 1e-12);
  EXPECT_EQ(changes[1], 0);
  EXPECT_NEAR(came.override_change, -30, 1e-12);
  const Unowned went = share_change(*model, {has, 100, c1}, {had, 100, c0}, all_signals(*model), changes);
  EXPECT_NEAR(went.override_change, 30, 1e-12);
  share_dimensions(*model, all_signals(*model), points, -30, sums);  // d, other
  EXPECT_NEAR(sums[0], -30, 1e-12);
  EXPECT_NEAR(sums[1], 70, 1e-12);
}

// ---------------------------------------------------------------- dimensions

TEST(Share, DimensionsSumToTheScore) {
  int cases = 0;
  for_random_accounts(4, 60, [&](const Model& model, Baseline baseline, const DatedAccount& account) {
    const std::vector<double> points = points_of(model, baseline, account);
    std::vector<double> sums(model.dimensions().size());
    share_dimensions(model, all_signals(model), points.data(), 0, sums.data());
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
