#include "core/fit.hpp"

#include "support.hpp"

namespace health {
namespace {

struct FitRow {
  Buffer activity;
  bool churned;
  Day as_of = kAsOf;
  AccountTerms terms{};
};

// The result and its document.
struct Fitted {
  explicit Fitted(const Fitter& fitter) : result(arena.memory()) {
    fitter.finish(&result, arena.memory());
    JsonWriter writer(arena.memory());
    write_fitted(result, fitter, &writer);
    text = text_of(root_of(writer));
    if (result.fit) model = text_of(root_of(result.candidate));
  }
  const FittedSignal& of(std::size_t signal) const {
    return *std::find_if(result.signals.begin(), result.signals.end(),
                         [&](const FittedSignal& each) { return each.signal == static_cast<std::int32_t>(signal); });
  }
  Arena arena;
  FitResult result;
  std::string text, model;
};

Fitted fit_of(const std::vector<FitRow>& accounts, const std::string& model) {
  const JsonTree tree(model);
  Arena arena;
  Fitter fitter(tree.root(), arena.memory());
  for (const FitRow& each : accounts) fitter.add(each.activity, each.churned, each.as_of, each.terms);
  return Fitted(fitter);
}

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

int poisson(Random* random, double mean) {
  int count = -1;
  for (double product = 1, least = std::exp(-mean); product > least; ++count) product *= random->real(0, 1);
  return count;
}

// Signals a, b, ... of a given mean count in the window, and what one more of each is worth in the logit of being kept.
struct Planted {
  std::vector<double> means, slopes;
};

std::vector<FitRow> simulated(Random* random, int accounts, const Planted& planted) {
  std::vector<FitRow> result;
  for (int i = 0; i < accounts; ++i) {
    Reference reference;
    double logit = 1;
    for (std::size_t s = 0; s < planted.means.size(); ++s) {
      const int count = poisson(random, planted.means[s]);
      logit += planted.slopes[s] * (count - planted.means[s]);
      if (count == 0) continue;
      const auto day = static_cast<Day>(kAsOf - random->between(1, 60));
      reference[std::string(1, static_cast<char>('a' + s))][day] = {day, static_cast<std::uint32_t>(count), 0, 0};
    }
    result.push_back({encode(reference), random->real(0, 1) >= logistic(logit)});
  }
  return result;
}

std::string model_of_signals(std::size_t count, const std::string& more = "") {
  std::string signals;
  for (std::size_t s = 0; s < count; ++s)
    signals += (s > 0 ? ", \"" : "\"") + std::string(1, static_cast<char>('a' + s)) + R"(": 1)";
  return "{" + more + "\"signals\": {" + signals + "}}";
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<double>(a.size());
  const double mean_a = std::accumulate(a.begin(), a.end(), 0.0) / n,
               mean_b = std::accumulate(b.begin(), b.end(), 0.0) / n;
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return ab / std::sqrt(aa * bb);
}

TEST(Fit, RecoversWhatChurnWasMadeOf) {
  Random random(81);
  const Planted planted{{8, 8, 8, 8, 8, 8, 8, 8}, {0.3, 0.2, 0.15, 0.1, 0.05, 0, -0.1, -0.2}};
  const Fitted fit = fit_of(simulated(&random, 20'000, planted), model_of_signals(8, R"("percentile": 0.99, )"));
  ASSERT_TRUE(fit.result.fit);
  std::vector<double> slopes, points;  // of one standard deviation; of the whole range, which is the same for all
  for (std::size_t s = 0; s < 8; ++s) {
    slopes.push_back(-std::log(fit.of(s).odds_ratio) / std::sqrt(8));
    points.push_back(fit.of(s).reversed ? -fit.of(s).points : fit.of(s).points);
  }
  EXPECT_GT(correlation(slopes, planted.slopes), 0.98);
  EXPECT_GT(correlation(points, planted.slopes), 0.98);
  EXPECT_EQ(fit.of(0).weight, 10) << "the heaviest";
  EXPECT_TRUE(fit.of(7).measure && fit.of(7).reversed) << "what speaks against an account";
  EXPECT_TRUE(fit.result.fit->better);
  EXPECT_LT(fit.result.fit->saturated, 0.05);
  EXPECT_NEAR(fit.of(0).odds_ratio, std::exp(-0.3 * std::sqrt(8)), 0.06);
  EXPECT_LT(fit.of(0).odds.high, 1);
  EXPECT_GT(fit.of(7).odds.low, 1);
  EXPECT_TRUE(fit.of(0).sure && fit.of(7).sure);
  EXPECT_FALSE(fit.of(5).sure);
}

TEST(Fit, KeepsTheModelWhereNothingTells) {
  Random random(82);
  int kept = 0, sure = 0;
  const int seeds = rounds(160);
  for (int seed = 0; seed < seeds; ++seed) {
    const Fitted fit = fit_of(simulated(&random, 150, {{2, 3, 4, 5}, {0, 0, 0, 0}}), model_of_signals(4));
    kept += fit.result.fit && fit.result.fit->better ? 0 : 1;
    for (const FittedSignal& signal : fit.result.signals) sure += signal.sure ? 1 : 0;
  }
  EXPECT_GE(kept, seeds * 93 / 100);
  EXPECT_LE(sure, 4 * seeds * 8 / 100) << "of a direction that there is not";
}

// What is said of the gain and what is done about it are one.
TEST(Fit, IsBetterWhereItsGainIsSure) {
  Random random(93);
  int better = 0;
  for (int seed = 0; seed < 80; ++seed) {
    const Fitted fit = fit_of(simulated(&random, 200, {{2, 3, 4}, {0.3, 0, 0}}), model_of_signals(3));
    ASSERT_TRUE(fit.result.fit);
    const FitQuality& quality = *fit.result.fit;
    EXPECT_EQ(quality.better, quality.gain_interval.low > 0 && quality.interval.low > 0.5) << fit.text;
    better += quality.better ? 1 : 0;
  }
  EXPECT_GT(better, 0);
  EXPECT_LT(better, 80);
}

// The score by the model that is written, of the account's values by its own definitions: usage by evaluate(), each
// measure by its part.
double straight_score(const Model& model, Ledger* ledger, const FitRow& account) {
  ledger->load(account.activity, model);
  const Evaluation of = evaluate(ledger, model, account.as_of, account.terms, nullptr);
  const double usage = model.baseline == kNone ? 0 : std::clamp(of.raw / model.baseline, 0.0, 1.0);
  if (!model.scorecard()) return 100 * usage;
  double sum = model.usage_weight * usage, weights = model.usage_weight;
  for (std::size_t i = 0; i < model.signals.size(); ++i) {
    const Signal& signal = model.signals[i];
    if (signal.unit != Unit::share || signal.weight == 0) continue;
    const std::optional<double> value =
        value_of(*ledger, model, static_cast<std::int32_t>(i), account.as_of, account.terms);
    if (!value) continue;
    sum += signal.w() * signal.scale.at(*value);
    weights += signal.w();
  }
  return 100 * sum / weights;
}

// Few are at either end, and all others on a straight line: nothing else is in the score.
void expect_straight(const std::vector<FitRow>& accounts, const std::string& given, double most_at_ends = 0.05) {
  const Fitted fit = fit_of(accounts, given);
  ASSERT_TRUE(fit.result.fit) << fit.text;
  const auto model = model_of(fit.model);
  Ledger ledger(heap());
  int ends = 0;
  for (const FitRow& each : accounts) {
    ledger.load(each.activity, *model);
    const Evaluation of = evaluate(&ledger, *model, each.as_of, each.terms, nullptr);
    const double score = score_of(of, model->baseline == kNone ? Baseline() : Baseline(model->baseline), *model);
    ASSERT_NEAR(score, straight_score(*model, &ledger, each), 1e-9) << fit.model;
    ends += score < 0.01 || score > 99.99 ? 1 : 0;
  }
  EXPECT_NEAR(fit.result.fit->saturated, ends / static_cast<double>(accounts.size()), 0.01);
  EXPECT_LT(fit.result.fit->saturated, most_at_ends) << fit.model;
}

TEST(Fit, ScoresRiseWithWhatWasFitted) {
  Random random(83);
  const std::vector<FitRow> accounts = simulated(&random, 600, {{3, 6, 2, 1}, {0.4, 0.2, -0.3, -0.8}});
  expect_straight(accounts, model_of_signals(4));
  expect_straight(accounts, model_of_signals(4, R"("half_life_days": 20, "curve": "open",
      "bands": [["bad", 0], ["so", 20], ["good", 60], ["best", 90]], )"));
  expect_straight(accounts, R"({"signals": {"a": 1, "b": {"weight": 2, "measure": "days"}, "c": -5,
      "d": {"weight": -3, "max_points": 4}}})");
  expect_straight(accounts, R"({"signals": {"a": {"weight": 9, "steps": [[1, 0], [3, 2], [5, 6]]},
      "b": {"weight": 2, "half_life_days": 9}, "c": {"weight": -5, "scale": [[0, 2], [9, -1]]}, "d": {"weight": 1}}})");
}

TEST(Fit, DoesNotDependOnTheOrderOfRows) {
  Random random(84);
  std::vector<FitRow> accounts = simulated(&random, 300, {{3, 1, 2}, {0.4, 0.2, -0.3}});
  for (std::size_t i = 0; i < 300; ++i) {
    FitRow later = accounts[i];
    later.as_of = kAsOf + 30;
    later.churned = random.one_in(4);
    accounts.push_back(later);
  }
  const std::string expected = fit_of(accounts, model_of_signals(3)).text;
  for (int round = 0; round < 3; ++round) {
    random.shuffle(&accounts);
    EXPECT_EQ(fit_of(accounts, model_of_signals(3)).text, expected);
  }
}

TEST(Fit, SeesNothingOfTheDayAndAfter) {
  Random random(85);
  std::vector<FitRow> accounts = simulated(&random, 300, {{3, 1, 2}, {0.4, 0.2, -0.3}});
  const std::string expected = fit_of(accounts, model_of_signals(3)).text;
  for (FitRow& each : accounts) {
    Reference reference = decode(each.activity);
    const auto day = static_cast<Day>(kAsOf + random.between(0, 100));
    reference["a"][day] = {day, each.churned ? 1U : 1000U, 0, 0};
    reference["unknown"][day] = {day, 1, 0, 0};
    each.activity = encode(reference);
  }
  EXPECT_EQ(fit_of(accounts, model_of_signals(3)).text, expected);
}

TEST(Fit, OfPartsIsThatOfTheWhole) {
  Random random(86);
  const std::vector<FitRow> accounts = simulated(&random, 200, {{3, 1}, {0.4, -0.2}});
  const JsonTree tree(model_of_signals(2));
  Arena arena;
  Fitter first(tree.root(), arena.memory()), second(tree.root(), arena.memory()), merged(tree.root(), arena.memory());
  for (std::size_t i = 0; i < accounts.size(); ++i)
    (i % 3 == 0 ? first : second).add(accounts[i].activity, accounts[i].churned, kAsOf, {});
  Buffer bytes(second.bytes());
  second.write(bytes.data());
  merged.merge(bytes);
  merged.merge(first);
  EXPECT_EQ(Fitted(merged).text, fit_of(accounts, model_of_signals(2)).text);
  bytes.pop_back();
  EXPECT_STREQ(failure_of([&] { merged.merge(bytes); }).sqlstate, kInvalidBinary);
}

TEST(Fit, TellsOfWhatIsConstantAlikeOrSeparates) {
  Random random(87);
  std::vector<FitRow> accounts;
  for (int i = 0; i < 200; ++i) {
    Reference reference;
    const bool churned = i < 60;
    const auto day = static_cast<Day>(kAsOf - 5);
    if (!churned)
      for (const char* name : {"a", "b"}) reference[name][day] = {day, static_cast<std::uint32_t>(2 + i % 7), 0, 0};
    reference["c"][day] = {day, 3, 0, 0};
    if (random.one_in(2)) reference["e"][day] = {day, 1, 0, 0};
    accounts.push_back({encode(reference), churned});
  }
  const Fitted fit = fit_of(accounts, model_of_signals(5));
  ASSERT_TRUE(fit.result.fit);
  EXPECT_EQ(fit.result.fit->auc, 1) << "they separate, and there is an end to it";
  EXPECT_NEAR(fit.of(0).weight, fit.of(1).weight, 1e-9);
  EXPECT_EQ(fit.of(0).resembles, 1);
  EXPECT_EQ(fit.of(1).resembles, 0);
  for (const std::size_t constant : {2U, 3U}) {
    EXPECT_EQ(fit.of(constant).note, FitNote::constant);
    EXPECT_EQ(fit.of(constant).weight, 0);
    EXPECT_EQ(fit.of(constant).coverage, constant == 2 ? 1 : 0);
  }
  EXPECT_EQ(fit.of(4).resembles, Model::kUnknown);
}

TEST(Fit, OfFewAccountsIsNoFit) {
  Random random(88);
  std::vector<FitRow> few = simulated(&random, 20, {{3, 1}, {1, -1}});
  const std::string model = model_of_signals(2);
  EXPECT_FALSE(fit_of(few, model).result.fit);
  EXPECT_FALSE(fit_of({}, model).result.fit);
  for (FitRow& each : few) each.churned = false;
  const Fitted nobody = fit_of(few, model);
  EXPECT_FALSE(nobody.result.fit);
  EXPECT_NE(
      nobody.text.find(R"("better":false,"why":"too few accounts left or stayed","model":{"signals":{"a":1,"b":1}}})"),
      std::string::npos)
      << nobody.text;
  std::vector<FitRow> silent(100, {activity_of("{}"), false});
  for (std::size_t i = 0; i < silent.size(); i += 2) silent[i].churned = true;
  EXPECT_FALSE(fit_of(silent, model).result.fit) << "nothing varies";
}

// Gauges as the measures of a scorecard: the worse the reading, the better for "tickets"; some were never asked.
TEST(Fit, OfAScorecardTurnsMeasuresRound) {
  Random random(89);
  std::vector<FitRow> accounts;
  for (int i = 0; i < 1000; ++i) {
    const double nps = random.real(0, 10), tickets = random.real(0, 5), logins = poisson(&random, 4);
    const auto day = static_cast<Day>(kAsOf - 3);
    Reference reference;
    if (!random.one_in(4)) reference["nps"][day] = {day, 1, 1, static_cast<Micros>(nps * 1e6)};
    reference["tickets"][day] = {day, 1, 1, static_cast<Micros>(tickets * 1e6)};
    if (logins > 0) reference["login"][day] = {day, static_cast<std::uint32_t>(logins), 0, 0};
    accounts.push_back({encode(reference), random.real(0, 1) >= logistic(1 + 0.3 * (nps - 5) - 0.8 * (tickets - 2.5) +
                                                                         0.3 * (logins - 4))});
  }
  const Fitted fit = fit_of(accounts, R"({"combine": "mean", "usage_weight": 5, "signals": {"login": 1,
      "nps": {"weight": 1, "measure": "last", "out_of": 10}, "tickets": {"weight": 3, "measure": "last", "out_of": 5}}})");
  ASSERT_TRUE(fit.result.fit);
  EXPECT_TRUE(fit.result.fit->better);
  EXPECT_FALSE(fit.of(0).measure);
  EXPECT_FALSE(fit.of(1).reversed);
  EXPECT_TRUE(fit.of(2).reversed);
  EXPECT_NEAR(fit.of(1).coverage, 0.75, 0.05);
  const auto model = model_of(fit.model);
  EXPECT_EQ(model->signals[2].scale.at(0), 1);
  EXPECT_EQ(model->signals[2].scale.at(5), 0);
  EXPECT_GT(model->usage_weight, 0);
  // All that there is to have makes 100.
  EXPECT_NEAR(fit.of(1).points + fit.of(2).points, 100 * (1 - model->usage_weight / model->measure_weight()), 0.1);
  EXPECT_EQ(std::max({model->usage_weight, model->signals[1].w(), model->signals[2].w()}), 10);
  // 4 points of tickets against 3 of nps over the whole range.
  EXPECT_NEAR(fit.of(2).weight / fit.of(1).weight, 4.0 / 3, 0.35);
}

TEST(Fit, OfReadingsAlone) {
  Random random(90);
  std::vector<FitRow> accounts;
  for (int i = 0; i < 600; ++i) {
    const double nps = std::round(random.real(0, 10)), due = random.one_in(3) ? random.real(0, 60) : 0;
    const auto day = static_cast<Day>(kAsOf - 3);
    Reference reference;
    reference["nps"][day] = {day, 1, 1, static_cast<Micros>(nps * 1e6)};
    reference["due"][day] = {day, 1, 1, static_cast<Micros>(due * 1e6)};
    accounts.push_back({encode(reference), random.real(0, 1) >= logistic(0.5 + 0.4 * (nps - 5) - 0.05 * due)});
  }
  const std::string given =
      R"({"signals": {"due": {"weight": -1, "measure": "last"}, "nps": {"weight": 1, "measure": "last"}}})";
  const Fitted fit = fit_of(accounts, given);
  ASSERT_TRUE(fit.result.fit);
  EXPECT_TRUE(fit.of(0).measure && fit.of(0).reversed);
  EXPECT_TRUE(fit.of(1).measure && !fit.of(1).reversed);
  EXPECT_NEAR(fit.of(0).points + fit.of(1).points, 100, 1e-9);
  expect_straight(accounts, given, 0.15);  // many answer 10, and owe nothing
}

// What one says exactly as often of those who churned as of those who stayed has no direction, and so no weight: its
// slope would be rounding, or what the others leave of it, and could be against its own form.
TEST(Fit, NothingComesOfWhatIsBalanced) {
  std::vector<FitRow> accounts;
  for (int i = 0; i < 400; ++i) {
    const bool churned = i % 4 < 2;
    const auto day = static_cast<Day>(kAsOf - 5);
    Reference reference;
    reference["a"][day] = {day, static_cast<std::uint32_t>(1 + i * 7 % 13 + (churned ? 0 : 3)), 0, 0};
    if (i % 2 == 1) reference["b"][day] = {day, 1, 0, 0};
    accounts.push_back({encode(reference), churned});
  }
  const Fitted fit = fit_of(accounts, model_of_signals(2));
  ASSERT_TRUE(fit.result.fit);
  EXPECT_EQ(fit.of(0).weight, 10);
  EXPECT_EQ(fit.of(1).weight, 0);
  EXPECT_EQ(fit.of(1).note, FitNote::contradicts);
}

// Those who stay have more of "a", those who leave of "t", each `unit` of it an event.
std::vector<FitRow> fit_rows_of_unit(double unit, std::optional<double> size) {
  Random random(91);
  std::vector<FitRow> accounts;
  for (int i = 0; i < 400; ++i) {
    const auto day = static_cast<Day>(kAsOf - 5);
    const int a = 1 + poisson(&random, 3), t = 1 + poisson(&random, 3);
    Reference reference;
    reference["a"][day] = {day, 1, 1, static_cast<Micros>(unit * 1e6) * a};
    reference["t"][day] = {day, 1, 1, static_cast<Micros>(unit * 1e6) * t};
    reference["u"][day] = {day, static_cast<std::uint32_t>(1 + poisson(&random, 2)), 0, 0};
    accounts.push_back({encode(reference), random.real(0, 1) < logistic(t - a), kAsOf, {size, std::nullopt}});
  }
  return accounts;
}

// Neither the unit of values nor the size shows in what signals are worth, and the model holds the numbers.
TEST(Fit, IsThatOfAnyUnitAndSize) {
  const std::string given =
      R"({"signals": {"a": {"weight": 1, "measure": "sum"}, "t": {"weight": 1, "measure": "sum"}, "u": 1}})";
  const Fitted one = fit_of(fit_rows_of_unit(1, std::nullopt), given);
  const std::pair<double, std::optional<double>> scales[] = {{1e6, 1}, {4e11, 1}, {1, 1e7}, {1e11, 1e-3}};
  for (const auto& [unit, size] : scales) {
    const Fitted other = fit_of(fit_rows_of_unit(unit, size), given);
    ASSERT_TRUE(other.result.fit);
    const auto model = model_of(other.model);  // which is valid
    if (unit > 1e6) continue;                  // all of it is beyond what a bound may be
    for (const std::size_t signal : {0U, 1U, 2U}) {
      EXPECT_NEAR(other.of(signal).points, one.of(signal).points, 0.5) << unit << " " << *size;
      EXPECT_EQ(other.of(signal).reversed, one.of(signal).reversed);
    }
  }
}

// Tickets do not make an account one that is there, whatever their weight becomes.
TEST(Fit, WhatIsUsageStaysSo) {
  const std::string given =
      R"({"signals": {"a": {"weight": 1, "measure": "sum"}, "t": -5, "u": {"weight": -1, "usage": true}}})";
  std::vector<FitRow> events;
  Random random(92);
  for (int i = 0; i < 400; ++i) {
    const auto day = static_cast<Day>(kAsOf - 5);
    const int t = 1 + poisson(&random, 3), u = 1 + poisson(&random, 3);
    Reference reference;
    reference["a"][day] = {day, 1, 1, kMicro * poisson(&random, 3)};
    reference["t"][day] = {day, static_cast<std::uint32_t>(t), 0, 0};
    reference["u"][day] = {day, static_cast<std::uint32_t>(u), 0, 0};
    events.push_back({encode(reference), random.real(0, 1) < logistic(t - u)});
  }
  const Fitted fit = fit_of(events, given);
  ASSERT_TRUE(fit.result.fit);
  const auto model = model_of(fit.model);
  EXPECT_GT(model->signals[1].w(), 0);
  EXPECT_TRUE(model->signals[0].usage);
  EXPECT_FALSE(model->signals[1].usage);
  EXPECT_TRUE(model->signals[2].usage);
}

TEST(Fit, BandsHoldAsManyAsTheyDid) {
  Random random(91);
  const std::vector<FitRow> accounts = simulated(&random, 500, {{3, 6}, {0.4, 0.2}});
  const std::string given = model_of_signals(2);
  const Fitted fit = fit_of(accounts, given);
  const auto before = model_of(given), after = model_of(fit.model);
  std::vector<double> raws, scores;
  Ledger ledger(heap());
  for (const auto* model : {&before, &after}) {
    raws.clear();
    for (const FitRow& each : accounts) {
      ledger.load(each.activity, **model);
      raws.push_back(evaluate(&ledger, **model, kAsOf, {}, nullptr).raw);
    }
    std::vector<double> eligible;
    for (const double raw : raws)
      if (raw > 0) eligible.push_back(raw);
    const Baseline baseline = baseline_of(eligible, baseline_terms(**model), heap());
    std::vector<int> counts(3);
    for (const double raw : raws) {
      Evaluation evaluation;
      evaluation.raw = raw;
      const double score = score_of(evaluation, baseline, **model);
      ++counts[score < (*model)->bands[1].cut ? 0 : score < (*model)->bands[2].cut ? 1 : 2];
    }
    for (const int count : counts) scores.push_back(count);
  }
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(scores[i], scores[i + 3], 15) << "ties apart";
}

// Of readings alone, that a fifth of the accounts has, no model comes that would leave all others without a score.
TEST(Fit, LeavesOutWhoHasNoScore) {
  Random random(93);
  std::vector<FitRow> accounts;
  for (int i = 0; i < 1500; ++i) {
    const bool asked = i % 5 == 0, happy = random.one_in(2);
    Reference reference;
    const auto day = static_cast<Day>(kAsOf - 3);
    if (asked) reference["nps"][day] = {day, 1, 1, happy ? 9'000'000 : 3'000'000};
    accounts.push_back({encode(reference), random.real(0, 1) < (asked && happy ? 0.05 : 0.5)});
  }
  const std::string model = R"({"signals": {"nps": {"weight": -5, "measure": "mean"}}})";
  const Fitted fit = fit_of(accounts, model);
  ASSERT_TRUE(fit.result.fit);
  EXPECT_NEAR(fit.result.fit->unscored, 0.8, 1e-9);
  EXPECT_GT(fit.result.fit->auc, 0.7) << "of the others";
  EXPECT_FALSE(fit.result.fit->better);
  EXPECT_NE(fit.text.find("too many accounts would have no score"), std::string::npos);
  std::erase_if(accounts, [](const FitRow& row) { return row.activity == encode({}); });
  const Fitted of_asked = fit_of(accounts, model);
  EXPECT_EQ(of_asked.result.fit->unscored, 0);
  EXPECT_NEAR(of_asked.result.fit->auc, fit.result.fit->auc, 0.06);
  EXPECT_TRUE(of_asked.result.fit->better);
}

TEST(Fit, RefusesWhatIsNoModelOrTooLarge) {
  Arena arena;
  const JsonTree none(R"({"signals": {}})");
  EXPECT_STREQ(failure_of([&] { const Fitter fitter(none.root(), arena.memory()); }).sqlstate, kInvalidParameter);
  const JsonTree unscored(R"({"signals": {"a": 0}})");
  expect_failure(kInvalidParameter, "no signal of the health_model has a weight to fit",
                 [&] { const Fitter fitter(unscored.root(), arena.memory()); });
  std::string signals;
  for (int i = 0; i <= 200; ++i) signals += (i > 0 ? ",\"s" : "\"s") + std::to_string(i) + "\":1";
  const JsonTree many("{\"signals\":{" + signals + "}}");
  expect_failure(kTooLarge, "health_fit takes a model of at most 200 signals with a weight",
                 [&] { const Fitter fitter(many.root(), arena.memory()); });
}

}  // namespace
}  // namespace health
