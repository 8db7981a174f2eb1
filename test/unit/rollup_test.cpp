#include "core/rollup.hpp"

#include "support.hpp"

namespace health {
namespace {

TEST(Rollup, AgreesWithAMap) {
  Random random(4);
  for (int i = 0; i < rounds(4000); ++i) {
    const Reference a = random_reference(&random, 6, 12, 0, 40), b = random_reference(&random, 6, 12, 0, 40);
    ActivityWriter writer(heap());
    EXPECT_EQ(owned(merge_activities(encode(a), encode(b), &writer)), encode(merged(a, b))) << "round " << i;
  }
}

TEST(Rollup, OverflowsWithAnError) {
  const Buffer counts = activity_of(R"({"a": {"1970-01-01": 1}, "b": {"1970-01-01": 2147483647}})");
  const Buffer sums = activity_of(R"({"c": {"1970-01-01": [1, 9000000000000]}})");
  ActivityWriter writer(heap());
  expect_failure("22003", "signal \"b\": count out of range", [&] { merge_activities(counts, counts, &writer); });
  expect_failure("22003", "signal \"c\": sum of values out of range", [&] { merge_activities(sums, sums, &writer); });
}

}  // namespace
}  // namespace health
