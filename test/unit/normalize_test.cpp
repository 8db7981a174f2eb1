#include "core/normalize.hpp"

#include <cmath>
#include <limits>

#include "core/quantile.hpp"
#include "support.hpp"

namespace health {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<double> scores_of(const std::vector<double>& raws, const std::string& model_text) {
  const auto model = model_of(model_text);
  std::vector<double> eligible_raws;
  for (const double raw : raws)
    if (eligible(raw, *model)) eligible_raws.push_back(raw);
  const Baseline baseline = baseline_of(eligible_raws, baseline_terms(*model), heap());
  std::vector<double> scores;
  for (const double raw : raws) scores.push_back(normalized(raw, baseline, *model));
  return scores;
}

TEST(Normalize, DocumentedVectors) {
  const std::vector<double> raws = {475, 89, 101, 7, 3, 21, 2, 149, 223, 1, 13, 9, 37};
  std::vector<double> copy = raws;
  EXPECT_DOUBLE_EQ(quantile(copy, 0.9, heap()), 208.2);
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

TEST(Normalize, DegenerateBaselines) {
  const auto model = model_of("{}");
  for (const Baseline baseline : {Baseline(), Baseline(0), Baseline(-1)}) EXPECT_TRUE(degenerate(baseline));
  EXPECT_FALSE(degenerate(1e-300));
  for (const char* text : {"{}", R"({"curve": "linear"})", R"({"curve": "open"})"}) {
    const auto each = model_of(text);
    for (const double raw : {-5.0, 0.0, 5.0})
      EXPECT_EQ(normalized(raw, std::nullopt, *each), 0) << "nobody is eligible";
    for (const double b : {0.0, -3.0}) {
      EXPECT_EQ(normalized(5, b, *each), 100);
      EXPECT_EQ(normalized(1e-300, b, *each), 100);
      EXPECT_EQ(normalized(0, b, *each), 0);
      EXPECT_EQ(normalized(-5, b, *each), 0);
    }
  }
  double zeros[] = {-0.0, -0.0};
  const auto all = model_of(R"({"population": "all"})");
  EXPECT_FALSE(std::signbit(baseline_of(zeros, baseline_terms(*all), heap()).value())) << "no -0";
}

TEST(Normalize, TheBaselineItselfEarnsTheTop) {
  Random random(2);
  for (int round = 0; round < 2000; ++round) {
    const double b = std::ldexp(random.real(0.5, 1), static_cast<int>(random.between(-300, 300)));
    for (const char* curve : {"linear", "exponential"}) {
      const auto model = model_of(std::string(R"({"curve": ")") + curve + "\"}");
      model->percentile = random.real(0.01, 0.99);
      for (const double raw : {b, std::nextafter(b, kInfinity), 2 * b, 1e6 * b})
        EXPECT_EQ(normalized(raw, b, *model), 100);
      EXPECT_LE(normalized(std::nextafter(b, 0), b, *model), 100);
      EXPECT_GT(normalized(std::nextafter(b, 0), b, *model), 99.99999);
    }
    const auto open = model_of(R"({"curve": "open"})");
    EXPECT_NEAR(normalized(b, b, *open), 90, 1e-12);
    EXPECT_NEAR(normalized(2 * b, b, *open), 99, 1e-12);
  }
}

TEST(Normalize, OfTheMaximumOnlyTheBestEarnsTheTop) {
  const auto model = model_of(R"({"percentile": 1, "curve": "linear"})");
  double raws[] = {1, 5, 20, 0.5, 20};
  const Baseline baseline = baseline_of(raws, baseline_terms(*model), heap());
  for (const double raw : {0.0, 0.5, 1.0, 5.0, 20.0}) EXPECT_EQ(normalized(raw, baseline, *model), 5 * raw);
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
      const double score = normalized(raw, b, *model);
      ASSERT_GE(score, before) << "curve " << round % 3 << ", p " << model->percentile << ", x " << raw / b;
      ASSERT_LE(score, 100);
      ASSERT_FALSE(std::signbit(score));
      before = score;
    }
    ASSERT_EQ(normalized(-1, b, *model), 0);
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
    ASSERT_NEAR(normalized(raw, b, *model), expected, 1e-11);
  }
}

}  // namespace
}  // namespace health
