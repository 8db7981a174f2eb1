#include "core/normalize.hpp"

#include <cmath>
#include <limits>

#include "support.hpp"

namespace health {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<double> scores_of(const std::vector<double>& raws, const std::string& model_text) {
  const auto model = model_of(model_text);
  std::vector<double> eligible_raws;
  for (const double raw : raws)
    if (eligible(raw, *model)) eligible_raws.push_back(raw);
  const Baseline baseline = baseline_of(eligible_raws, *model);
  std::vector<double> scores;
  for (const double raw : raws) scores.push_back(normalized(raw, baseline, *model));
  return scores;
}

TEST(Normalize, DocumentedVectors) {
  const std::vector<double> raws = {475, 89, 101, 7, 3, 21, 2, 149, 223, 1, 13, 9, 37};
  std::vector<double> copy = raws;
  EXPECT_DOUBLE_EQ(quantile(copy, 0.9), 208.2);
  const struct {
    const char* model;
    std::vector<double> scores;
  } cases[] = {{R"({"curve": "linear"})",
                {100, 42.747358, 48.511047, 3.362152, 1.440922, 10.086455, 0.960615, 71.565802, 100, 0.480307, 6.243996,
                 4.322767, 17.771374}},
               {"{}",
                {100, 69.588572, 74.749173, 8.27729, 3.62601, 23.027941, 2.430682, 89.726593, 100, 1.222062, 14.87955,
                 10.526898, 37.313254}},
               {R"({"curve": "open"})",
                {99.476954, 62.629714, 67.274256, 7.449561, 3.263409, 20.725147, 2.187614, 80.753934, 91.509867,
                 1.099856, 13.391595, 9.474208, 33.581928}}};
  for (const auto& [model, expected] : cases) {
    const std::vector<double> scores = scores_of(raws, model);
    for (std::size_t i = 0; i < raws.size(); ++i)
      EXPECT_NEAR(scores[i], expected[i], 5e-7) << raws[i] << " in " << model;
  }
}

// percentile_cont as its definition says it: sort, then interpolate at rank (n-1)p.
double percentile_cont(std::vector<double> values, double p) {
  std::sort(values.begin(), values.end());
  const double rank = static_cast<double>(values.size() - 1) * p;
  const double low = values[static_cast<std::size_t>(std::floor(rank))],
               high = values[static_cast<std::size_t>(std::ceil(rank))];
  return low + (rank - std::floor(rank)) * (high - low);
}

TEST(Normalize, QuantileIsPercentileCont) {
  Random random(1);
  for (int round = 0; round < 5000; ++round) {
    std::vector<double> values;
    for (auto n = random.between(1, round % 10 == 0 ? 500 : 12); n > 0; --n)
      values.push_back(random.one_in(2) ? static_cast<double>(random.between(-3, 3)) : random.real(-100, 100));
    const double exact[] = {0, 0.25, 0.5, 0.75, 0.9, 1};
    const double p = random.one_in(2) ? random.pick(exact) : random.real(0, 1);
    const double expected = percentile_cont(values, p);
    ASSERT_EQ(quantile(values, p), expected) << "round " << round << ", p " << p;
  }
}

TEST(Normalize, QuantileOfOneValueIsThatValue) {
  for (const double p : {0.0, 0.3, 1.0}) {
    double value[] = {7};
    EXPECT_EQ(quantile(value, p), 7);
  }
}

TEST(Normalize, QuantilesLieBetweenTheirNeighboursWhateverTheSize) {
  const auto of_largest = [](double p) {
    double values[] = {-1.7e308, 1.7e308};
    return quantile(values, p);
  };
  EXPECT_EQ(of_largest(0), -1.7e308);
  EXPECT_EQ(of_largest(0.25), -1.7e308 / 2);
  EXPECT_EQ(of_largest(0.5), 0);
  EXPECT_DOUBLE_EQ(of_largest(0.75), 1.7e308 / 2);
  EXPECT_EQ(of_largest(1), 1.7e308);
  Random random(5);
  double before = -1.7e308;
  for (double p = 0; p <= 1; p += random.real(0, 1e-3)) {
    const double value = of_largest(p);
    ASSERT_GE(value, before) << p;
    ASSERT_LE(value, 1.7e308);
    before = value;
  }
}

TEST(Normalize, OnlyActiveAccountsAreEligible) {
  const auto active = model_of("{}"), all = model_of(R"({"population": "all"})");
  EXPECT_TRUE(eligible(1e-300, *active));
  EXPECT_FALSE(eligible(0, *active));
  EXPECT_FALSE(eligible(-1, *active));
  for (const double raw : {-1.0, 0.0, 1.0}) EXPECT_TRUE(eligible(raw, *all));
}

TEST(Normalize, BaselineMayBeFrozen) {
  double raws[] = {1, 2, 3};
  const auto frozen = model_of(R"({"baseline": 50})"), open = model_of(R"({"percentile": 0.5})");
  EXPECT_EQ(baseline_of(raws, *frozen).value, 50);
  EXPECT_TRUE(baseline_of({}, *frozen).known);
  EXPECT_EQ(baseline_of(raws, *open).value, 2);
  EXPECT_FALSE(baseline_of({}, *open).known);
}

TEST(Normalize, DegenerateBaselines) {
  const auto model = model_of("{}");
  EXPECT_TRUE((Baseline{false, 0}.degenerate() && Baseline{true, 0}.degenerate() && Baseline{true, -1}.degenerate()));
  EXPECT_FALSE((Baseline{true, 1e-300}.degenerate()));
  for (const char* text : {"{}", R"({"curve": "linear"})", R"({"curve": "open"})"}) {
    const auto each = model_of(text);
    for (const double raw : {-5.0, 0.0, 5.0}) EXPECT_EQ(normalized(raw, {false, 0}, *each), 0) << "nobody is eligible";
    for (const double b : {0.0, -3.0}) {
      EXPECT_EQ(normalized(5, {true, b}, *each), 100);
      EXPECT_EQ(normalized(1e-300, {true, b}, *each), 100);
      EXPECT_EQ(normalized(0, {true, b}, *each), 0);
      EXPECT_EQ(normalized(-5, {true, b}, *each), 0);
    }
  }
  double zeros[] = {-0.0, -0.0};
  const auto all = model_of(R"({"population": "all"})");
  EXPECT_FALSE(std::signbit(baseline_of(zeros, *all).value)) << "no -0";
}

TEST(Normalize, TheBaselineItselfEarnsTheTop) {
  Random random(2);
  for (int round = 0; round < 2000; ++round) {
    const double b = std::ldexp(random.real(0.5, 1), static_cast<int>(random.between(-300, 300)));
    for (const char* curve : {"linear", "exponential"}) {
      const auto model = model_of(std::string(R"({"curve": ")") + curve + "\"}");
      model->percentile = random.real(0.01, 0.99);
      for (const double raw : {b, std::nextafter(b, kInfinity), 2 * b, 1e6 * b})
        EXPECT_EQ(normalized(raw, {true, b}, *model), 100);
      EXPECT_LE(normalized(std::nextafter(b, 0), {true, b}, *model), 100);
      EXPECT_GT(normalized(std::nextafter(b, 0), {true, b}, *model), 99.99999);
    }
    const auto open = model_of(R"({"curve": "open"})");
    EXPECT_NEAR(normalized(b, {true, b}, *open), 90, 1e-12);
    EXPECT_NEAR(normalized(2 * b, {true, b}, *open), 99, 1e-12);
  }
}

TEST(Normalize, CurvesNeverFallAndStayWithinRange) {
  Random random(3);
  for (int round = 0; round < 300; ++round) {
    const auto model = model_of("{}");
    const double edges[] = {1e-9, 1e-300, 1 - 1e-12, 0.5};
    model->percentile = random.one_in(3) ? random.pick(edges) : random.real(0.01, 0.99);
    model->curve = static_cast<Curve>(round % 3);
    const double b = std::ldexp(1, static_cast<int>(random.between(-100, 100)));
    std::vector<double> raws = {-kInfinity, -1, 0, 1e-320, b, 1e308};
    for (int i = 0; i < 200; ++i)
      raws.push_back(b * (random.one_in(2) ? random.real(0, 1.5) : std::exp2(random.real(-200, 20))));
    raws.push_back(std::nextafter(b, 0));
    raws.push_back(std::nextafter(std::nextafter(b, 0), 0));
    std::sort(raws.begin(), raws.end());
    double before = 0;
    for (const double raw : raws) {
      const double score = normalized(raw, {true, b}, *model);
      ASSERT_GE(score, before) << "curve " << round % 3 << ", p " << model->percentile << ", x " << raw / b;
      ASSERT_LE(score, 100);
      ASSERT_FALSE(std::signbit(score));
      before = score;
    }
    ASSERT_EQ(normalized(-1, {true, b}, *model), 0);
    if (model->curve != Curve::open) {
      ASSERT_EQ(before, 100);
    }
  }
}

TEST(Normalize, CurvesAgreeWithTheirFormulas) {
  Random random(4);
  for (int round = 0; round < 3000; ++round) {
    const auto model = model_of("{}");
    model->percentile = random.real(0.05, 0.95);
    model->curve = static_cast<Curve>(round % 3);
    const double b = random.real(0.1, 1000), raw = b * random.real(0, 2);
    const long double x = static_cast<long double>(raw) / b, p = model->percentile;
    const long double expected = model->curve == Curve::linear ? 100 * std::min(x, 1.0L)
                                 : model->curve == Curve::exponential
                                     ? 100 * (1 - std::pow(1 - p, std::min(x, 1.0L))) / p
                                     : 100 * (1 - std::pow(1 - p, x));
    ASSERT_NEAR(normalized(raw, {true, b}, *model), expected, 1e-11);
  }
}

TEST(Normalize, PraiseIsCappedBeforePenaltiesBite) {
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

TEST(Normalize, OnlyFiniteNumbersPass) {
  EXPECT_EQ(finite(1.5, "raw"), 1.5);
  EXPECT_FALSE(std::signbit(finite(-0.0, "raw")));
  for (const double value : {kInfinity, -kInfinity, std::nan("")})
    expect_failure("22003", "raw must be a finite number", [&] { finite(value, "raw"); });
}

}  // namespace
}  // namespace health
