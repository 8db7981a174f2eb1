#include "core/quantile.hpp"

#include <cmath>

#include "support.hpp"

namespace health {
namespace {

// percentile_cont as its definition says it: sort, then interpolate at rank (n-1)p.
double percentile_cont(std::vector<double> values, double p) {
  std::sort(values.begin(), values.end());
  const double rank = static_cast<double>(values.size() - 1) * p;
  const double low = values[static_cast<std::size_t>(std::floor(rank))],
               high = values[static_cast<std::size_t>(std::ceil(rank))];
  return low + (rank - std::floor(rank)) * (high - low);
}

TEST(Quantile, IsPercentileCont) {
  Random random(1);
  for (int round = 0; round < 5000; ++round) {
    std::vector<double> values;
    for (auto n = random.between(1, round % 10 == 0 ? 500 : 12); n > 0; --n)
      values.push_back(random.one_in(2) ? static_cast<double>(random.between(-3, 3)) : random.real(-100, 100));
    const double exact[] = {0, 0.25, 0.5, 0.75, 0.9, 1};
    const double p = random.one_in(2) ? random.pick(exact) : random.real(0, 1);
    const double expected = percentile_cont(values, p);
    ASSERT_EQ(quantile(values, p, heap()), expected) << "round " << round << ", p " << p;
  }
}

TEST(Quantile, OfOneValueIsThatValue) {
  for (const double p : {0.0, 0.3, 1.0}) {
    double value[] = {7};
    EXPECT_EQ(quantile(value, p, heap()), 7);
  }
}

TEST(Quantile, LiesBetweenItsNeighboursWhateverTheirSize) {
  const auto of_largest = [](double p) {
    double values[] = {-1.7e308, 1.7e308};
    return quantile(values, p, heap());
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

}  // namespace
}  // namespace health
