#include "core/baseline.hpp"

#include "support.hpp"

namespace health {
namespace {

TEST(Baseline, OnlyActiveAccountsAreEligible) {
  const auto active = model_of("{}"), all = model_of(R"({"population": "all"})");
  EXPECT_TRUE(eligible(1e-300, *active));
  EXPECT_FALSE(eligible(0, *active));
  EXPECT_FALSE(eligible(-1, *active));
  for (const double raw : {-1.0, 0.0, 1.0}) EXPECT_TRUE(eligible(raw, *all));
}

TEST(Baseline, MayBeFrozen) {
  double raws[] = {1, 2, 3};
  const auto frozen = model_of(R"({"baseline": 50})"), open = model_of(R"({"percentile": 0.5})");
  EXPECT_EQ(baseline_of(raws, baseline_terms(*frozen), heap()), 50);
  EXPECT_TRUE(baseline_of({}, baseline_terms(*frozen), heap()));
  EXPECT_EQ(baseline_of(raws, baseline_terms(*open), heap()), 2);
  EXPECT_FALSE(baseline_of({}, baseline_terms(*open), heap()));
}

TEST(Baseline, MayBeTheMaximum) {
  const auto model = model_of(R"({"percentile": 1, "curve": "linear"})");
  Random random(5);
  for (int round = 0; round < 1000; ++round) {
    std::vector<double> raws(static_cast<std::size_t>(random.between(1, 30)));
    for (double& raw : raws) raw = random.one_in(3) ? random.real(0, 1e308) : random.real(0, 3);
    const double most = *std::max_element(raws.begin(), raws.end());
    EXPECT_EQ(baseline_of(raws, baseline_terms(*model), heap()), most);
  }
}

}  // namespace
}  // namespace health
