#include "core/logistic.hpp"

#include "support.hpp"

namespace health {
namespace {

// 60 rows of three features and two groups, by a plain linear congruential generator.
Observations sixty(bool by_group) {
  std::uint32_t state = 12345;
  const auto next = [&] { return (state = (state * 1103515245U + 12345U) & 0x7fffffffU) / 2147483648.0; };
  struct Row {
    double x[3];
    bool kept;
  };
  std::vector<Row> rows;
  for (int i = 0; i < 60; ++i) {
    Row row{};
    for (double& x : row.x) x = std::round((next() * 4 - 2) * 1000) / 1000;
    row.kept = next() < 1 / (1 + std::exp(-(0.5 + row.x[0] - 0.7 * row.x[1])));
    rows.push_back(row);
  }
  Observations of(3, heap());
  of.strata.push_back(0);
  for (const std::size_t group : {0U, 1U}) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i % 2 != group) continue;
      of.add_row(rows[i].x, rows[i].kept, static_cast<int>(group));
    }
    if (by_group || group == 1) of.strata.push_back(of.rows());
  }
  return of;
}

LogisticFit fitted(const Observations& of, double penalty, int without = kNoGroup) {
  LogisticFit fit(heap());
  fit_logistic(of, penalty, without, &fit, heap());
  return fit;
}

void expect_near(const Vector<double>& values, std::initializer_list<double> expected) {
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], expected.begin()[i], 1e-6) << i;
}

// scikit-learn 1.2.1: LogisticRegression(C=1 / (penalty * 60), solver='newton-cholesky', tol=1e-12).fit(x, kept).
TEST(Logistic, IsThatOfScikitLearn) {
  const LogisticFit light = fitted(sixty(false), 0.01), heavy = fitted(sixty(false), 0.1);
  expect_near(light.slopes, {0.83567349, -0.49511851, 0.13931586});
  expect_near(light.intercepts, {0.35770072});
  expect_near(heavy.slopes, {0.58984591, -0.34820872, 0.086939});
  expect_near(heavy.intercepts, {0.34444263});
}

// scipy 1.10.1: minimize(..., method='BFGS') of the same with an intercept of each group, which has no penalty.
TEST(Logistic, HasAnInterceptOfEachDate) {
  const LogisticFit fit = fitted(sixty(true), 0.01);
  expect_near(fit.slopes, {0.81849463, -0.59272517, 0.15686654});
  expect_near(fit.intercepts, {0.82867363, -0.13973473});
}

double likelihood(const Observations& of, const LogisticFit& fit, double penalty, int without) {
  double sum = 0, rows = 0;
  for (int group = 0; group < 10; ++group) {
    if (group == without) continue;
    sum -= deviance_of(of, fit, group) / 2;
    rows += static_cast<double>(std::count(of.group.begin(), of.group.end(), group));
  }
  for (const double slope : fit.slopes) sum -= penalty * rows / 2 * slope * slope;
  return sum;
}

Observations random_observations(Random* random, std::size_t features, int dates) {
  Observations of(features, heap());
  of.strata.push_back(0);
  for (int date = 0; date < dates; ++date) {
    const int rows = static_cast<int>(random->between(5, 60));
    for (int i = 0; i < rows; ++i) {
      std::vector<double> x(features);
      for (double& each : x) each = random->real(-2, 2);
      of.add_row(x, i < 2 ? i == 0 : random->real(0, 1) < 1 / (1 + std::exp(-x[0] - 1)),
                 static_cast<int>(i < 2 ? 0 : random->between(0, 2)));
    }
    of.strata.push_back(of.rows());
  }
  return of;
}

TEST(Logistic, IsTheTopOfTheLikelihood) {
  Random random(71);
  for (int round = 0; round < rounds(200); ++round) {
    const Observations of = random_observations(&random, static_cast<std::size_t>(random.between(1, 6)),
                                                static_cast<int>(random.between(1, 4)));
    const double penalty = std::pow(10, random.real(-4, 1));
    const LogisticFit fit = fitted(of, penalty, 2);
    const double top = likelihood(of, fit, penalty, 2);
    for (std::size_t i = 0; i < of.features; ++i) {
      for (const double by : {-1e-3, 1e-3}) {
        LogisticFit moved = fit;
        moved.slopes[i] += by;
        if (fit.dropped[i] == 0) {
          ASSERT_LT(likelihood(of, moved, penalty, 2), top);
        }
      }
    }
    for (std::size_t s = 0; s < fit.intercepts.size(); ++s) {
      for (const double by : {-1e-3, 1e-3}) {
        LogisticFit moved = fit;
        moved.intercepts[s] += by;
        ASSERT_LT(likelihood(of, moved, penalty, 2), top);
      }
    }
  }
}

// The second feature is the first and some noise: by itself it tells the same, beside it the contrary.
TEST(Logistic, NoSlopeContradictsItsFeature) {
  Random random(72);
  Observations of(2, heap());
  for (int i = 0; i < 400; ++i) {
    const double x = random.real(-2, 2), noise = random.real(-0.5, 0.5);
    of.add_row(std::array{x, x + noise}, random.real(0, 1) < 1 / (1 + std::exp(-(x - 2 * noise))), 0);
  }
  of.strata.assign({0, of.rows()});
  const LogisticFit fit = fitted(of, 1e-4);
  EXPECT_GT(fit.slopes[0], 0.5);
  EXPECT_EQ(fit.slopes[1], 0);
  EXPECT_EQ(fit.dropped[1], 1);
  EXPECT_EQ(fit.dropped[0], 0);
}

// Of a feature that alone says nothing, or no more than rounding does.
TEST(Logistic, NoSlopeOfWhatAloneSaysNothing) {
  Observations of(2, heap());
  for (int i = 0; i < 400; ++i) {
    const bool kept = i % 4 < 2;
    of.add_row(std::array{0.1 * (i * 7 % 13) + (kept ? 0.3 : 0), i % 2 == 1 ? 0.1 : -0.1 - 1e-17}, kept, 0);
  }
  of.strata.assign({0, of.rows()});
  const LogisticFit fit = fitted(of, 1e-4);
  EXPECT_GT(fit.slopes[0], 0);
  EXPECT_EQ(fit.slopes[1], 0);
  EXPECT_EQ(fit.dropped[1], 1);
}

TEST(Logistic, EndsWhereFeaturesSeparateRepeatOrNeverVary) {
  Observations of(3, heap());
  for (int i = 0; i < 40; ++i) {
    const double x = i < 20 ? -1 : 1;
    of.add_row(std::array{x, x, 0.0}, i >= 20, 0);
  }
  of.strata.assign({0, of.rows()});
  const LogisticFit fit = fitted(of, 1e-4);
  EXPECT_NEAR(fit.slopes[0], fit.slopes[1], 1e-9);
  EXPECT_GT(fit.slopes[0], 1);
  EXPECT_LT(fit.slopes[0], 100);
  EXPECT_EQ(fit.slopes[2], 0);
}

// A date at which all were kept has no intercept, and says nothing of the slopes.
TEST(Logistic, LeavesOutDatesThatSayNothing) {
  Observations one = sixty(false), two = sixty(false);
  for (int i = 0; i < 10; ++i) two.add_row(std::array{9.0, 9.0, 9.0}, true, 0);
  two.strata.push_back(two.rows());
  const LogisticFit expected = fitted(one, 0.01), fit = fitted(two, 0.01);
  EXPECT_EQ(fit.slopes, expected.slopes);
  EXPECT_EQ(fit.intercepts[1], 0);
  LogisticFit nothing = fitted(two, 0.01);
  for (std::uint8_t& kept : two.kept) kept = 1;
  fit_logistic(two, 0.01, kNoGroup, &nothing, heap());
  EXPECT_EQ(nothing.slopes, Vector<double>(3, 0, heap()));
}

}  // namespace
}  // namespace health
