#include "core/days_inactive.hpp"

#include "support.hpp"

namespace health {
namespace {

TEST(DaysInactive, RangeAgreesWithBruteForce) {
  Random random(7);
  for (int i = 0; i < rounds(3000); ++i) {
    const Reference a = random_reference(&random, 4, 6, 0, 40);
    const std::int64_t before = random.between(-2, 45);
    const bool all = random.one_in(2);
    const std::vector<std::string_view> patterns = random_patterns(&random);
    const std::string_view pattern = patterns.empty() ? "a" : patterns[0];
    std::optional<DayRange> expected;
    for (const auto& [name, days] : a) {
      if (!all && !matches(name, pattern)) continue;
      for (const auto& [day, cell] : days) {
        if (day >= before) continue;
        if (!expected) expected = {day, day};
        expected->first = std::min(expected->first, day);
        expected->last = std::max(expected->last, day);
      }
    }
    EXPECT_TRUE(day_range(encode(a), before, all ? std::nullopt : std::optional(pattern), heap()) == expected);
  }
}

}  // namespace
}  // namespace health
