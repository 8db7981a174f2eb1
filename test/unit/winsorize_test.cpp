#include "core/winsorize.hpp"

#include <cmath>

#include "support.hpp"

namespace health {
namespace {

TEST(Winsorize, ClampsToTwoPercentiles) {
  Random random(1);
  for (int round = 0; round < 1000; ++round) {
    std::vector<double> values;
    for (auto n = random.between(1, 30); n > 0; --n) values.push_back(random.real(-10, 10));
    const Percentiles percentiles{random.real(0, 0.5), random.real(0.5, 1)};
    std::vector<double> copy = values, again = values;
    const WinsorLimits limits = winsor_limits(copy, percentiles, heap());
    ASSERT_EQ(limits.lower, quantile(again, percentiles.lower, heap()));
    ASSERT_EQ(limits.upper, quantile(again, percentiles.upper, heap()));
    for (const double x : values)
      ASSERT_EQ(limits.clamp(x), x < limits.lower ? limits.lower : x > limits.upper ? limits.upper : x);
  }
  EXPECT_FALSE(std::signbit((WinsorLimits{-1, 1}.clamp(-0.0)))) << "no -0";
}

TEST(Winsorize, ThePercentilesAreInOrder) {
  check_percentiles({0, 1});
  check_percentiles({0.5, 0.5});
  for (const Percentiles& wrong :
       {Percentiles{0.9, 0.1}, {-0.1, 0.5}, {0.5, 1.1}, {std::nan(""), 1}, {0, std::nan("")}})
    EXPECT_STREQ(failure_of([&] { check_percentiles(wrong); }).sqlstate, "22023");
}

}  // namespace
}  // namespace health
