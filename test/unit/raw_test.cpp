#include "core/raw.hpp"

#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "core/patterns.hpp"
#include "brute_force.hpp"

namespace health {
namespace {

// ---------------------------------------------------------------- the reference

long double decay(const Model& model, const Signal& signal, std::int64_t age) {
  const DecayTerms& terms = signal.has_own_decay ? signal.own_decay : model.decay_terms;
  if (terms.half_life_days != kNone) return std::exp2(-static_cast<long double>(age) / terms.half_life_days);
  if (terms.linear_days != kNone) return std::max(0.0L, 1 - static_cast<long double>(age) / terms.linear_days);
  return 1;
}

long double amount_of(const Signal& signal, const Cell& cell) {
  const std::int64_t count = signal.daily_cap == 0 ? cell.count : std::min<std::int64_t>(cell.count, signal.daily_cap);
  if (signal.measure == Measure::count) return static_cast<long double>(count);
  return signal.measure == Measure::days ? 1 : static_cast<long double>(cell.value) / 1e6L;
}

// What a count, days or sum amounts to in its window, of an account that was there for so many days of it.
std::optional<long double> whole_window(const Reference& activity, const Signal& signal, std::int64_t as_of,
                                        std::int64_t tenure) {
  const bool young = signal.window_days != kNeverExpires && signal.window_days > tenure;
  long double total = 0;
  for (const auto& [day, cell] : cells_of(activity, signal))
    if (in_window(day, signal, as_of) && (!young || day >= as_of - tenure)) total += amount_of(signal, cell);
  return young ? total * signal.window_days / static_cast<long double>(tenure) : total;
}

struct Expected {
  long double c = 0;     // c_s
  long double size = 0;  // of what was added up, for the tolerance: terms may cancel
};

Expected contribution_of(const Reference& activity, const Model& model, const Signal& signal, std::int64_t as_of,
                         const AccountTerms& terms) {
  const AccountSize size = terms.size;
  const long double weight = static_cast<long double>(signal.weight) / 1e6L;
  Expected result;
  // An account younger than the window: what it did since, times what the window counts for over what these days do.
  const std::int64_t tenure =
      terms.since ? std::max<std::int64_t>(as_of - *terms.since, model.min_tenure_days) : 1'000'000;
  const bool scaled = signal.unit == Unit::raw && signal.window_days != kNeverExpires && signal.window_days > tenure;
  long double factor = 1;
  if (scaled && !signal.by_value()) {
    long double whole = 0, had = 0;
    for (std::int64_t age = 0; age < signal.window_days; ++age) {
      whole += decay(model, signal, age);
      had += age < tenure ? decay(model, signal, age) : 0;
    }
    factor = whole / had;
  }
  if (signal.by_value() && weight != 0) {
    const auto value =
        signal.gauge() ? gauge_of(activity, model, signal, as_of, size) : whole_window(activity, signal, as_of, tenure);
    if (value && signal.scale.given()) {
      result.c = weight * mapped(signal.scale, *value);
      result.size = std::fabs(weight) * 1e4L;  // of the random points, which are not steep
    } else if (value) {
      result.c = weight * (*value - signal.neutral);
      result.size = std::fabs(weight) * (std::fabs(*value) + std::fabs(signal.neutral));
    }
  } else if (!signal.by_value()) {
    for (const auto& [day, cell] : cells_of(activity, signal)) {
      if (!in_window(day, signal, as_of) || (scaled && day < as_of - tenure)) continue;
      const long double term = weight * amount_of(signal, cell) * decay(model, signal, as_of - 1 - day) * factor;
      result.c += term;
      result.size += std::fabs(term);
    }
    if (signal.unit == Unit::raw && signal.measure != Measure::days && size) {
      const long double divisor =
          std::pow(static_cast<long double>(*size), static_cast<long double>(model.size_exponent));
      result.c /= divisor;
      result.size /= divisor;
    }
  }
  const long double bound = signal.max_points;
  result.c = std::min(bound, std::max(-bound, result.c));
  return result;
}

// The bits of a result, so that not even the sign of a zero goes unnoticed.
std::string bits(double raw, double praise, double penalty) {
  const double numbers[] = {raw, praise, penalty};
  return {reinterpret_cast<const char*>(numbers), sizeof numbers};
}
std::string bits(const Evaluation& e) { return bits(e.raw, e.praise, e.penalty); }

// ---------------------------------------------------------------- examples

double raw_of(const std::string& model, const std::string& activity, Day as_of, AccountTerms terms = {}) {
  const auto compiled = model_of(model);
  Ledger ledger(heap());
  ledger.load(activity_of(activity), *compiled);
  return evaluate(&ledger, *compiled, as_of, terms, nullptr).raw;
}

double adjustment_of(const std::string& model, const std::string& activity, Day as_of, AccountTerms terms = {}) {
  const auto compiled = model_of(model);
  Ledger ledger(heap());
  ledger.load(activity_of(activity), *compiled);
  return evaluate(&ledger, *compiled, as_of, terms, nullptr).adjustment();
}

constexpr Day kDay = 20'454;  // 2026-01-01
const char* const kWeek = R"({"login": {"2025-12-25": 1, "2025-12-29": 2, "2025-12-31": 4, "2026-01-01": 8}})";

TEST(Raw, WindowIsTheFullDaysBefore) {
  EXPECT_EQ(raw_of(R"({"window_days": 7, "signals": {"login": 1}})", kWeek, kDay), 7);
  EXPECT_EQ(raw_of(R"({"window_days": 6, "signals": {"login": 1}})", kWeek, kDay), 6);
  EXPECT_EQ(raw_of(R"({"window_days": 1, "signals": {"login": 1}})", kWeek, kDay), 4) << "the day itself is not over";
  EXPECT_EQ(raw_of(R"({"window_days": 1, "signals": {"login": 1}})", kWeek, kDay + 1), 8);
  EXPECT_EQ(raw_of(R"({"window_days": 1, "signals": {"login": 1}})", kWeek, kDay + 2), 0);
  EXPECT_EQ(raw_of(R"({"signals": {"login": {"weight": 1, "window_days": 1}}})", kWeek, kDay), 4)
      << "a window of its own";
}

TEST(Raw, DecaysWithAge) {
  EXPECT_EQ(raw_of(R"({"half_life_days": 2, "signals": {"login": 1}})", kWeek, kDay), 4 + 2 * 0.5 + 0.125);
  EXPECT_DOUBLE_EQ(raw_of(R"({"linear_days": 4, "signals": {"login": 1}})", kWeek, kDay), 4 + 2 * 0.5);
}

TEST(Raw, MeasuresAndWeights) {
  const char* activity = R"({"a": {"2025-12-30": [3, 10.5], "2025-12-31": [50, -0.5, 2]}})";
  EXPECT_EQ(raw_of(R"({"signals": {"a": {"weight": 0.5}}})", activity, kDay), 26.5);
  EXPECT_EQ(raw_of(R"({"signals": {"a": {"weight": 2, "daily_cap": 20}}})", activity, kDay), 46);
  EXPECT_EQ(raw_of(R"({"signals": {"a": {"weight": 3, "measure": "days"}}})", activity, kDay), 6);
  EXPECT_EQ(raw_of(R"({"signals": {"a": {"weight": -2, "unit": "raw", "measure": "sum"}}})", activity, kDay), -20);
  EXPECT_EQ(
      raw_of(R"({"signals": {"a": {"weight": 2, "measure": "last", "unit": "raw", "neutral": 1}}})", activity, kDay),
      -2.5);
  EXPECT_EQ(adjustment_of(R"({"signals": {"a": {"weight": 2, "measure": "last", "neutral": 1}}})", activity, kDay),
            -2.5);
  EXPECT_EQ(adjustment_of(R"({"signals": {"a": {"weight": -1, "unit": "score", "max_points": 50}}})", activity, kDay),
            -50);
  EXPECT_EQ(raw_of(R"({"signals": {"a": {"weight": -1, "unit": "score", "max_points": 50}}})", activity, kDay), 0);
}

TEST(Raw, LastMayNeverExpire) {
  const char* activity = R"({"nps": {"1990-01-01": [2, 18]}})";
  EXPECT_EQ(adjustment_of(R"({"signals": {"nps": {"weight": 2, "measure": "last", "neutral": 7}}})", activity, kDay),
            0);
  EXPECT_EQ(
      adjustment_of(R"({"signals": {"nps": {"weight": 2, "measure": "last", "neutral": 7, "window_days": null}}})",
                    activity, kDay),
      4);
}

TEST(Raw, SizeDividesCountsAndSums) {
  const AccountSize four = 4;
  const char* activity = R"({"a": {"2025-12-31": [8, 20]}})";
  const auto model = [](const std::string& options) { return R"({"signals": {"a": {"weight": 1, )" + options + "}}}"; };
  EXPECT_EQ(raw_of(model(R"("measure": "count")"), activity, kDay, four), 2);
  EXPECT_EQ(raw_of(model(R"("measure": "sum")"), activity, kDay, four), 5);
  EXPECT_EQ(raw_of(model(R"("measure": "days")"), activity, kDay, four), 1);
  EXPECT_EQ(raw_of(model(R"("measure": "last", "unit": "raw")"), activity, kDay, four), 2.5);
  EXPECT_EQ(raw_of(model(R"("max_points": 1)"), activity, kDay, four), 1) << "the bound holds after the division";
  EXPECT_EQ(adjustment_of(model(R"("unit": "score")"), activity, kDay, four), 8) << "adjustments are never divided";
  EXPECT_EQ(raw_of(R"({"size_exponent": 0.5, "signals": {"a": 1}})", activity, kDay, four), 4);
  EXPECT_EQ(raw_of(R"({"size_exponent": 0, "signals": {"a": 1}})", activity, kDay, four), 8);
  EXPECT_EQ(raw_of(model(R"("measure": "count")"), activity, kDay, size_of(std::nullopt)), 8);
}

TEST(Raw, DistinctCountsSignalsOrTheirShare) {
  const char* users =
      R"({"user:1": {"2025-12-30": 1, "2025-12-31": 1}, "user:2": {"2025-12-31": 9}, "user:3": {"2025-11-01": 1},
          "users": {"2025-12-31": 1}})";
  const auto model = [](const std::string& options) {
    return R"({"signals": {"user:*": {"weight": 30, "measure": "distinct", "days": 14)" + options + "}}}";
  };
  EXPECT_EQ(adjustment_of(model(""), users, kDay), 60);
  EXPECT_EQ(adjustment_of(model(R"(, "min_days": 2)"), users, kDay), 30);
  EXPECT_EQ(adjustment_of(model(R"(, "neutral": 3)"), "{}", kDay), -90) << "nobody is 0, not unknown";
  EXPECT_EQ(adjustment_of(model(R"(, "of": "size", "neutral": 0.5)"), users, kDay, AccountSize(8)), -7.5);
  EXPECT_EQ(adjustment_of(model(R"(, "of": "size", "neutral": 0.5)"), users, kDay, AccountSize(1)), 15)
      << "a share is at most 1";
  EXPECT_EQ(adjustment_of(model(R"(, "of": "size", "neutral": 0.5)"), users, kDay), 0) << "no size, no share";
}

TEST(Raw, AliasesAreTheSameSignal) {
  const char* activity = R"({"old": {"2025-12-30": 3, "2025-12-31": [1, 4]}, "new": {"2025-12-31": [2, 8]}})";
  EXPECT_EQ(raw_of(R"({"signals": {"new": {"weight": 1, "aliases": ["old"]}}})", activity, kDay), 6);
  EXPECT_EQ(raw_of(R"({"signals": {"new": {"weight": 1, "aliases": ["old"], "daily_cap": 2}}})", activity, kDay), 4)
      << "one cap for both";
  EXPECT_EQ(raw_of(R"({"signals": {"new": {"weight": 1, "aliases": ["old"], "measure": "days"}}})", activity, kDay), 2);
  EXPECT_EQ(
      adjustment_of(R"({"signals": {"new": {"weight": 1, "aliases": ["old"], "measure": "last"}}})", activity, kDay),
      4);
}

TEST(Raw, AliasesThatOverflowNameTheSignal) {
  const char* model = R"({"signals": {"new": {"weight": 1, "aliases": ["old"]}}})";
  expect_failure("22003", "signal \"new\": count out of range",
                 [&] { raw_of(model, R"({"old": {"2025-12-31": 2147483647}, "new": {"2025-12-31": 1}})", kDay); });
}

TEST(Raw, SizesAreFinite) {
  EXPECT_FALSE(size_of(std::nullopt).has_value());
  EXPECT_FALSE(size_of(0).has_value());
  EXPECT_FALSE(size_of(-3).has_value());
  EXPECT_TRUE(size_of(0.5).has_value());
  EXPECT_EQ(size_of(0.5), 0.5);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const double value : {kInfinity, -kInfinity, std::nan("")})
    expect_failure("22023", "size must be a finite number", [&] { size_of(value); });
}

TEST(Raw, GainsAndLossesThatDoNotFitAreErrors) {
  // P and N pass the largest double, though their difference would not.
  const auto model = model_of(
      R"({"signals": {"a": 1, "b": 1, "c": {"weight": -1, "unit": "raw"}, "d": {"weight": -1, "unit": "raw"}}})");
  Ledger ledger(heap());
  ledger.load(activity_of(R"({"a": {"2025-12-31": 1}, "b": {"2025-12-31": 1}, "c": {"2025-12-31": 1},
                              "d": {"2025-12-31": 1}})"),
              *model);
  double c[4];
  expect_failure("22003", "score out of range", [&] { evaluate(&ledger, *model, kDay, AccountSize(1e-308), c); });
}

TEST(Raw, ScoresThatDoNotFitAreErrors) {
  const char* activity = R"({"a": {"2025-12-31": 5}})";
  for (const char* options : {"1", R"({"weight": 1, "max_points": 50})"})
    expect_failure("22003", "score out of range", [&] {
      raw_of(std::string(R"({"size_exponent": 2, "signals": {"a": )") + options + "}}", activity, kDay,
             AccountSize(1e-200));
    });
}

// ---------------------------------------------------------------- properties

TEST(Raw, AgreesWithBruteForce) {
  Random random(1);
  int given = 0, moved = 0;
  for (int round = 0; round < rounds(6500); ++round) {
    const Case each = random_case(&random, {round % 3 == 0 ? 1'000'000'000 : 20, round % 5 == 0 ? 400 : 60, true});
    const Model& model = *each.model;
    Ledger ledger = ledger_of(each.activity, model);
    std::vector<double> c;
    const Evaluation result = evaluate_all(&ledger, model, each.as_of, each.terms, &c);
    Expected raw;
    long double positive = 0, negative = 0, praise = 0, penalty = 0;
    for (std::size_t i = 0; i < c.size(); ++i) {
      const Expected expected = contribution_of(each.activity, model, model.signals[i], each.as_of, each.terms);
      ASSERT_NEAR(c[i], expected.c, 1e-9L * std::fabs(expected.c) + 1e-14L * expected.size)
          << model.signals[i].name << " in round " << round;
      const bool of_raw = model.signals[i].unit == Unit::raw;
      (of_raw ? (c[i] > 0 ? positive : negative) : (c[i] > 0 ? praise : penalty)) += std::fabs(c[i]);
      if (!of_raw) continue;
      raw.c += expected.c;
      raw.size += expected.size;
    }
    ASSERT_NEAR(result.raw, raw.c, 1e-9L * std::fabs(raw.c) + 1e-14L * raw.size) << "round " << round;
    ASSERT_NEAR(result.positive, positive, 1e-12L * positive);
    ASSERT_NEAR(result.negative, negative, 1e-12L * negative);
    ASSERT_NEAR(result.praise, praise, 1e-12L * praise);
    ASSERT_NEAR(result.penalty, penalty, 1e-12L * penalty);
    ASSERT_NEAR(result.positive - result.negative, result.raw, 1e-9L * std::fabs(raw.c) + 1e-14L * raw.size)
        << "round " << round;
    given += each.terms.size.has_value() ? 1 : 0;
    moved += result.raw != 0 && result.adjustment() != 0 ? 1 : 0;
  }
  EXPECT_GT(given, rounds(1000));
  EXPECT_GT(moved, rounds(1000));
}

TEST(Raw, BitsDoNotDependOnWhatElseIsAsked) {
  Random random(2);
  for (int round = 0; round < rounds(4000); ++round) {
    const Case each = random_case(&random, {1'000'000'000, 60, true});
    Ledger ledger = ledger_of(each.activity, *each.model);
    std::vector<double> c;
    const std::string alone = bits(evaluate(&ledger, *each.model, each.as_of, each.terms, nullptr));
    ASSERT_EQ(bits(evaluate_all(&ledger, *each.model, each.as_of, each.terms, &c)), alone);
    for (const double number : c) ASSERT_FALSE(number == 0 && std::signbit(number)) << "no -0";
  }
}

// Few days far apart go through sparse_sum(): the bits are those of the sum in order of the days, decay by decay.
TEST(Raw, FewDaysFarApart) {
  Random random(6);
  int sparse = 0;
  for (int round = 0; round < 400; ++round) {
    const auto model = model_of(
        std::string(R"({"window_days": 36500, )") + (random.one_in(2) ? R"("half_life_days": 9000, )" : "") +
        R"("signals": {"a": 1.5, "b": {"weight": 0.25, "measure": "sum"}, "c": {"weight": -3, "unit": "raw", )" +
        R"("window_days": )" + (random.one_in(2) ? "null" : "400") +
        (random.one_in(2) ? R"(, "half_life_days": 50}}})" : "}}}"));
    Reference activity;
    for (const char* name : {"a", "b", "c"})
      for (std::int64_t i = random.between(0, 6); i > 0; --i) {
        const auto day =
            static_cast<Day>(random.one_in(3) ? random.between(20'000, 20'010) : random.between(0, 20'010));
        activity[name][day] = {day, static_cast<std::uint32_t>(random.between(1, 9)), 1,
                               random.between(-1'000'000, 9'999'999)};
      }
    const std::int64_t as_of = 20'005;
    std::map<std::size_t, std::map<Day, Int128>> totals;
    std::set<Day> days;
    for (const Signal& signal : model->signals)
      for (const auto& [day, cell] : cells_of(activity, signal)) {
        if (!in_window(day, signal, as_of)) continue;
        days.insert(day);
        totals[signal.decay][day] +=
            Int128{signal.weight} * (signal.measure == Measure::sum ? cell.value : cell.count * kMicro);
      }
    double raw = 0;
    for (const auto& [decay, total_of] : totals) {
      double sum = 0;
      for (const auto& [day, total] : total_of)
        sum += static_cast<double>(total) * model->decays()[decay].terms().at(as_of - 1 - day);
      raw += sum / 1e12;
    }
    Ledger ledger = ledger_of(activity, *model);
    std::vector<double> c;
    ASSERT_EQ(evaluate(&ledger, *model, as_of, {}, nullptr).raw, raw) << round;
    ASSERT_EQ(evaluate_all(&ledger, *model, as_of, {}, &c).raw, raw) << round;
    sparse += !days.empty() && *days.rbegin() - *days.begin() > 5000 ? 1 : 0;
  }
  EXPECT_GT(sparse, 200);
}

TEST(Raw, AnOwnDecayIsAClassOfItsOwn) {
  const auto twelve = [](const char* options) {
    return raw_of(R"({"half_life_days": 2, "signals": {"login": {"weight": 1, )" + std::string(options) + "}}}", kWeek,
                  kDay);
  };
  EXPECT_EQ(twelve(R"("daily_cap": 9)"), 4 + 2 * 0.5 + 0.125);
  EXPECT_EQ(twelve(R"("half_life_days": null)"), 7) << "null is none";
  EXPECT_EQ(twelve(R"("half_life_days": 1)"), 4 + 2 * 0.25 + 1.0 / 64);
  EXPECT_DOUBLE_EQ(twelve(R"("linear_days": 4)"), 4 + 2 * 0.5);
}

TEST(Raw, CountsMayNeverExpire) {
  const char* activity = R"({"left": {"1990-01-01": 2}, "login": {"2025-12-31": 4}})";
  EXPECT_EQ(raw_of(R"({"half_life_days": 30, "signals": {"login": 1, "left": {"weight": -1, "unit": "raw",
      "window_days": null, "half_life_days": null}}})",
                   activity, kDay),
            2);
}

TEST(Raw, AYoungAccountIsTakenAsIfItWentOn) {
  // 7 logins in ten days; in 90 days nine times that, or with a half-life of ten days so much more as 90 days count.
  const char* ten = R"({"login": {"2025-12-22": 3, "2025-12-31": 4}})";
  const AccountTerms began({}, kDay - 10);
  const auto model = [](const char* options) {
    return std::string(R"({"min_tenure_days": 1, )") + options + R"("signals": {"login": 1}})";
  };
  EXPECT_EQ(raw_of(model(""), ten, kDay, began), 63);
  const double had = 4 + 3 * std::exp2(-0.9), scale = (1 - std::exp2(-9)) / (1 - std::exp2(-1));
  EXPECT_NEAR(raw_of(model(R"("half_life_days": 10, )"), ten, kDay, began), had * scale, 1e-12);
  EXPECT_EQ(raw_of(R"({"signals": {"login": 1}})", ten, kDay, began), 45) << "as if it were 14 days old";
  EXPECT_EQ(raw_of(model(R"("window_days": 10, )"), ten, kDay, began), 7) << "old enough";
  EXPECT_EQ(raw_of(model(""), ten, kDay, {{}, kDay - 90}), 7);
  EXPECT_EQ(adjustment_of(R"({"signals": {"login": {"weight": 1, "unit": "score"}}})", ten, kDay, began), 7)
      << "points are not scaled";
}

const char* const kBlog = R"({"posts": {"2025-12-01": [2, 6], "2025-12-30": [4, 20, 3], "2025-12-31": 4},
                             "views": {"2025-12-02": [10, 5], "2025-12-30": [30, 35], "2026-01-01": 500}})";
double points_of(const std::string& options, AccountTerms terms = {}, const char* activity = kBlog) {
  return adjustment_of(R"({"signals": {"views": 0, "posts": {"weight": 10, )" + options + "}}}", activity, kDay, terms);
}

TEST(Raw, GaugesOfSeveralDays) {
  EXPECT_EQ(points_of(R"("measure": "mean")"), 10 * 26.0 / 5);
  EXPECT_EQ(points_of(R"("measure": "mean", "neutral": 5)"), 10 * (26.0 / 5 - 5));
  EXPECT_EQ(points_of(R"("measure": "mean", "window_days": 1)"), 0) << "no value, nothing";
  EXPECT_EQ(points_of(R"("measure": "mean", "window_days": null)"), 10 * 26.0 / 5);
  EXPECT_EQ(points_of(R"("measure": "ratio", "of": "views")"), 10 * 10.0 / 40);
  EXPECT_EQ(points_of(R"("measure": "ratio", "of": "views", "values": true)"), 10 * 26.0 / 40);
  EXPECT_EQ(points_of(R"("measure": "ratio", "of": "views", "window_days": 1)"), 0) << "a ratio to nothing";
  EXPECT_EQ(points_of(R"("measure": "recency")"), 10);
  EXPECT_EQ(points_of(R"("measure": "recency", "window_days": 10)", {}, R"({"posts": {"2025-12-29": 1}})"), 8);
  EXPECT_EQ(points_of(R"("measure": "recency", "window_days": 2)", {}, R"({"posts": {"2025-12-29": 1}})"), 0);
  EXPECT_EQ(points_of(R"("measure": "recency", "neutral": 0.5)", {}, "{}"), -5) << "never there";
  EXPECT_EQ(points_of(R"("measure": "trend", "window_days": 2)", {},
                      R"({"posts": {"2025-12-28": 5, "2025-12-29": 3, "2025-12-30": 2}})"),
            -10 * 6.0 / 8);
  EXPECT_EQ(
      points_of(R"("measure": "trend", "window_days": 2)", {}, R"({"posts": {"2025-12-28": 4, "2025-12-30": 2}})"), 0)
      << "too few before";
  EXPECT_EQ(
      points_of(R"("measure": "trend", "window_days": 2)", {}, R"({"posts": {"2025-12-28": 5, "2025-12-30": 20}})"),
      10);
  EXPECT_EQ(points_of(R"("measure": "trend")", {}, R"({"posts": {"2025-11-10": 10, "2025-12-10": 5}})"), -5)
      << "by default the trend_days";
}

TEST(Raw, ARatioFollowsOldNames) {
  const char* model = R"({"signals": {"errors": {"weight": -100, "measure": "ratio", "of": ")";
  const char* calls = R"(", "aliases": ["old_errors"]}, "calls": {"weight": 0, "aliases": ["old_calls"]}}})";
  const char* activity = R"({"errors": {"2025-12-31": 1}, "old_errors": {"2025-12-30": 1},
                             "calls": {"2025-12-31": 4}, "old_calls": {"2025-12-30": 4}})";
  for (const char* of : {"calls", "old_calls"})
    EXPECT_EQ(adjustment_of(std::string(model) + of + calls, activity, kDay), -25);
}

TEST(Raw, ARatioOfNoneIsAValueToo) {
  const auto adjustment = [](const char* activity) {
    return adjustment_of(R"({"signals": {"calls": 0, "errors": {"weight": 10, "measure": "ratio", "of": "calls",
        "scale": [[0, 1], [0.1, 0]]}}})",
                         activity, kDay);
  };
  EXPECT_EQ(adjustment(R"({"calls": {"2025-12-31": 4}})"), 10) << "no error in four calls";
  EXPECT_EQ(adjustment("{}"), 0) << "no calls";
}

TEST(Raw, ScalesMapTheValue) {
  EXPECT_EQ(points_of(R"("measure": "mean", "scale": [[5, 0], [6, 1]])"), 10 * (26.0 / 5 - 5));
  EXPECT_EQ(points_of(R"("measure": "mean", "steps": [[5, 0.25], [6, 1]])"), 2.5);
  EXPECT_EQ(points_of(R"("scale": [[0, 0], [20, 1]])"), 5) << "a count of ten is points";
  EXPECT_EQ(points_of(R"("scale": [[0, 0], [20, 1]])", AccountSize(5)), 5) << "not per size";
  EXPECT_EQ(points_of(R"("scale": [[0, 0], [20, 1]], "max_points": 3)"), 3);
  EXPECT_EQ(points_of(R"("scale": [[0, 0], [20, 1]], "daily_cap": 1)"), 1.5);
  EXPECT_EQ(points_of(R"("measure": "days", "steps": [[0, -1], [3, 1]])"), 10);
  EXPECT_EQ(points_of(R"("measure": "days", "steps": [[0, -1], [3, 1]])", {}, "{}"), -10) << "never there";
  EXPECT_EQ(points_of(R"("measure": "sum", "scale": [[0, 0], [52, 1]], "window_days": null)"), 5);
  EXPECT_EQ(raw_of(R"({"signals": {"posts": {"weight": 10, "scale": [[0, 0], [20, 1]]}}})", kBlog, kDay), 0);
  EXPECT_EQ(adjustment_of(R"({"half_life_days": 1, "signals": {"posts": {"weight": 10, "scale": [[0, 0], [20, 1]]}}})",
                          kBlog, kDay),
            5)
      << "undecayed";
}

TEST(Raw, AScaledCountOfAYoungAccountIsAsIfItWentOn) {
  // 8 posts in the 20 days since, 36 in 90.
  EXPECT_EQ(points_of(R"("scale": [[0, 0], [90, 1]])", {{}, kDay - 20}), 4);
  EXPECT_EQ(points_of(R"("scale": [[0, 0], [90, 1]], "window_days": 20)", {{}, kDay - 20}), 10 * (8.0 / 90));
  EXPECT_EQ(points_of(R"("scale": [[0, 0], [90, 1]], "window_days": null)", {{}, kDay - 20}), 10 * (10.0 / 90));
}

// An account's own signals, those with members, and those for which nobody is a number, too: all else says nothing.
TEST(Raw, SignalsThatSayAnything) {
  const auto model = model_of(R"({"signals": {"a": {"weight": 1, "aliases": ["z"]}, "b": 1, "c": 0, "m*": {"weight": 1,
      "measure": "distinct"}, "n*": {"weight": 1, "measure": "distinct"}, "p*": {"weight": 1, "measure": "distinct",
      "neutral": 3}, "q*": {"weight": 0, "measure": "distinct", "neutral": 3}}})");
  Ledger ledger(heap());
  ledger.load(activity_of(R"({"c": {"2025-12-01": 1}, "m1": {"2025-12-01": 1}, "m2": {"2025-12-01": 1},
                              "unknown": {"2025-12-01": 1}, "z": {"2025-12-01": 1}})"),
              *model);
  std::string said;
  for (const std::int32_t signal : ledger.signals())
    said += std::string(model->signals[static_cast<std::size_t>(signal)].name) + " ";
  EXPECT_EQ(said, "a c m* p* ");
  EXPECT_EQ(ledger.cells(0).size(), 1u);
  EXPECT_TRUE(ledger.cells(1).empty());
}

// Only the sum over all aliases must fit, in whatever order they are added.
TEST(Raw, ManyAliasesAreOneSignal) {
  std::string aliases, activity;
  for (int i = 0; i < 300; ++i) {
    aliases += (i == 0 ? "\"a" : ", \"a") + std::to_string(i) + "\"";
    activity += (i == 0 ? "\"a" : ", \"a") + std::to_string(i) + R"(": {"2025-12-30": [1, )" +
                (i % 2 == 0 ? "9000000000000" : "-9000000000000") + R"(], "2025-12-31": 2})";
  }
  const auto model = model_of(R"({"signals": {"x": {"weight": 1, "aliases": [)" + aliases + R"(]}}})");
  Ledger ledger(heap());
  ledger.load(activity_of("{" + activity + "}"), *model);
  ASSERT_EQ(ledger.cells(0).size(), 2u);
  EXPECT_EQ(ledger.cells(0)[0].count, 300u);
  EXPECT_EQ(ledger.cells(0)[0].value, 0);
  EXPECT_EQ(evaluate(&ledger, *model, kDay, {}, nullptr).raw, 900);
}

TEST(Raw, LaterActivityIsNotSeen) {
  Random random(3);
  for (int round = 0; round < rounds(3000); ++round) {
    const Case each = random_case(&random);
    Reference past = each.activity;
    for (auto& [name, days] : past) std::erase_if(days, [&](const auto& cell) { return cell.first >= each.as_of; });
    Ledger whole = ledger_of(each.activity, *each.model), cut = ledger_of(past, *each.model);
    std::vector<double> c, c_cut;
    ASSERT_EQ(bits(evaluate_all(&whole, *each.model, each.as_of, each.terms, &c)),
              bits(evaluate_all(&cut, *each.model, each.as_of, each.terms, &c_cut)));
    ASSERT_EQ(c, c_cut);
  }
}

TEST(Raw, OneLedgerServesManyAccountsAndDates) {
  Random random(4);
  for (int round = 0; round < 100; ++round) {
    const auto model = model_of(random_model(&random));
    Ledger shared(heap());
    for (int account = 0; account < 5; ++account) {
      const Reference activity = random_reference(&random, 10, 25, 20'000, 20'080);
      shared.load(encode(activity), *model);
      for (int date = 0; date < 10; ++date) {
        const std::int64_t as_of = random.between(19'990, 20'150);
        const AccountTerms terms = random_terms(&random, as_of);
        Ledger fresh = ledger_of(activity, *model);
        ASSERT_EQ(bits(evaluate(&shared, *model, as_of, terms, nullptr)),
                  bits(evaluate(&fresh, *model, as_of, terms, nullptr)));
      }
    }
  }
}

TEST(Raw, OrderOfSignalsInTheModelDoesNotMatter) {
  const char* activity =
      R"({"a": {"2025-12-30": [3, 0.1], "2025-12-31": 1}, "b": {"2025-12-31": [7, 0.7]}, "c": {"2025-12-29": 11}})";
  const std::string a = R"("a": 0.1)", b = R"("b": {"weight": 0.7, "measure": "sum"})";
  const std::string c = R"("c": {"weight": -0.3, "unit": "raw"})";
  const auto bits_of = [&](const std::string& signals) {
    return bits(raw_of(R"({"half_life_days": 7, "signals": {)" + signals + "}}", activity, kDay), 0, 0);
  };
  EXPECT_EQ(bits_of(a + ", " + b + ", " + c), bits_of(c + ", " + b + ", " + a));
}

TEST(Raw, CancellingWeightsLeaveWhatIsLeft) {
  // The totals of a day are exact: what two huge weights cancel does not disturb the third.
  EXPECT_EQ(raw_of(R"({"signals": {"a": 1000000000, "b": {"weight": -1000000000, "unit": "raw"}, "c": 0.1}})",
                   R"({"a": {"2025-12-31": 123456789}, "b": {"2025-12-31": 123456789}, "c": {"2025-12-31": 1}})", kDay),
            0.1);
}

// ---------------------------------------------------------------- questions to the ledger

TEST(Raw, LedgerKnowsDaysAndMembers) {
  Random random(5);
  for (int round = 0; round < rounds(3000); ++round) {
    const Case each = random_case(&random);
    const Model& model = *each.model;
    const Ledger ledger = ledger_of(each.activity, model);
    const Span span = window_before(each.as_of, random.between(1, 60));
    std::optional<Day> used;
    bool any = false;
    std::vector<std::optional<DayRange>> ranges(model.signals.size());
    bool unscored = false;
    for (const auto& [name, days] : each.activity) {
      bool known = false;
      for (std::size_t i = 0; i < model.signals.size(); ++i) {
        const Signal& signal = model.signals[i];
        const bool mine = name_matches(name, signal.name) ||
                          std::count(signal.aliases.begin(), signal.aliases.end(), name.c_str()) > 0;
        if (!mine) continue;
        known = true;
        for (const auto& [day, cell] : days) {
          if (day >= each.as_of) continue;
          std::optional<DayRange>& range = ranges[i];
          range = range ? DayRange{std::min(range->first, day), std::max(range->last, day)} : DayRange{day, day};
          if (signal.usage) used = std::max(used, std::optional(day));
        }
      }
      any = any || days.begin()->first < each.as_of;
      if (!known)
        for (const auto& [day, cell] : days) unscored = unscored || span.contains(day);
    }
    ASSERT_EQ(ledger.last_usage(model, each.as_of), used);
    ASSERT_EQ(ledger.any_before(each.as_of), any);
    ASSERT_EQ(ledger.unscored(span), unscored);
    for (std::size_t i = 0; i < model.signals.size(); ++i) {
      ASSERT_TRUE(ledger.days_of(static_cast<std::int32_t>(i), each.as_of) == ranges[i]) << "round " << round;
      const Signal& signal = model.signals[i];
      if (signal.measure != Measure::distinct) continue;
      const Span window = window_before(each.as_of, signal.window_days);
      ASSERT_EQ(ledger.distinct(static_cast<std::int32_t>(i), signal.min_days, window),
                members_of(each.activity, signal, each.as_of));
    }
  }
}

// One walk for two dates has the bits of two.
TEST(Raw, TwoDatesAtOnce) {
  Random random(16);
  for (int round = 0; round < rounds(4000); ++round) {
    const Case each = random_case(&random);
    const Model& model = *each.model;
    Ledger ledger = ledger_of(each.activity, model);
    const std::int64_t before = each.as_of - random.between(1, 90);
    const std::size_t signals = ledger.signals().size();
    std::vector<double> now(signals), previous(signals), now_alone(signals), previous_alone(signals);
    const EvaluationAtBoth both =
        evaluate_both(&ledger, model, each.as_of, before, each.terms, now.data(), previous.data());
    const auto check = [&](const Evaluation& found, std::int64_t as_of, const std::vector<double>& contributions,
                           std::vector<double>* alone) {
      if (!started(each.terms, as_of)) return;
      const Evaluation expected = evaluate(&ledger, model, as_of, each.terms, alone->data());
      ASSERT_EQ(found.raw, expected.raw);
      ASSERT_EQ(found.positive, expected.positive);
      ASSERT_EQ(found.negative, expected.negative);
      ASSERT_EQ(found.praise, expected.praise);
      ASSERT_EQ(found.penalty, expected.penalty);
      ASSERT_EQ(found.measures, expected.measures);
      ASSERT_EQ(contributions, *alone);
    };
    check(both.now, each.as_of, now, &now_alone);
    check(both.before, before, previous, &previous_alone);
    if (HasFatalFailure()) FAIL() << "round " << round;
  }
}

}  // namespace
}  // namespace health
