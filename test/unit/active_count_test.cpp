#include "core/active_count.hpp"

#include "support.hpp"

namespace health {
namespace {

TEST(ActiveCount, AgreesWithBruteForce) {
  Random random(6);
  for (int i = 0; i < rounds(3000); ++i) {
    const Reference a = random_reference(&random, 10, 12, 0, 40);
    const std::vector<std::string_view> patterns = random_patterns(&random);
    const Span span{random.between(-10, 40), random.between(0, 60)};
    const auto min_days = static_cast<std::int32_t>(random.between(1, 5));
    int all = 0, some = 0;
    for (const auto& [name, days] : a) {
      const auto active = std::count_if(days.begin(), days.end(),
                                        [&](const auto& d) { return span.from <= d.first && d.first < span.to; });
      if (active < min_days) continue;
      ++all;
      some += matches_any(name, patterns) ? 1 : 0;
    }
    EXPECT_EQ(active_count(encode(a), span, min_days, nullptr, heap()), all);
    const NamePatterns list(patterns, heap());
    EXPECT_EQ(active_count(encode(a), span, min_days, &list, heap()), some);
  }
}

}  // namespace
}  // namespace health
