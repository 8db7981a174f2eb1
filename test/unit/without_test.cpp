#include "core/without.hpp"

#include "support.hpp"

namespace health {
namespace {

TEST(Without, DropsNamesAndPrefixes) {
  Random random(5);
  for (int i = 0; i < rounds(3000); ++i) {
    const Reference a = random_reference(&random, 8, 5, 0, 40);
    const std::vector<std::string_view> patterns = random_patterns(&random);
    Reference expected = a;
    std::erase_if(expected, [&](const auto& signal) { return matches_any(signal.first, patterns); });
    ActivityWriter writer(heap());
    EXPECT_EQ(owned(activity_without(encode(a), patterns, &writer)), encode(expected));
  }
}

}  // namespace
}  // namespace health
