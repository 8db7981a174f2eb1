#include "core/measure.hpp"

#include <optional>

#include "support.hpp"

namespace health {
namespace {

TEST(Measures, AgreeWithBruteForce) {
  Random random(8);
  for (int i = 0; i < rounds(4000); ++i) {
    const Reference a = random_reference(&random, 6, 12, 0, 40);
    const Buffer bytes = encode(a);
    const std::string& name = random.pick(signal_names());
    const Span span = window_before(random.between(-3, 60), random.between(1, 40));
    std::int64_t count = 0, days = 0, sum = 0;
    std::optional<Cell> last;
    if (a.contains(name)) {
      for (const auto& [day, cell] : a.at(name)) {
        if (day < span.from || day >= span.to) continue;
        count += cell.count;
        ++days;
        sum += cell.value;
        if (cell.value_count > 0) last = cell;
      }
    }
    EXPECT_EQ(measure_signal(bytes, name, span, Measure::count, heap()).value(), static_cast<double>(count));
    EXPECT_EQ(measure_signal(bytes, name, span, Measure::days, heap()).value(), static_cast<double>(days));
    EXPECT_DOUBLE_EQ(measure_signal(bytes, name, span, Measure::sum, heap()).value(), static_cast<double>(sum) * 1e-6);
    const std::optional<double> gauge = measure_signal(bytes, name, span, Measure::last, heap());
    ASSERT_EQ(gauge.has_value(), last.has_value());
    if (last) {
      EXPECT_DOUBLE_EQ(*gauge, static_cast<double>(last->value) * 1e-6 / last->value_count);
    }
    const auto users = std::count_if(a.begin(), a.end(), [&](const auto& signal) {
      return matches(signal.first, "user:*") && std::any_of(signal.second.begin(), signal.second.end(),
                                                            [&](const auto& d) { return span.contains(d.first); });
    });
    EXPECT_EQ(measure_signal(bytes, "user:*", span, Measure::distinct, heap()).value(), static_cast<double>(users));
  }
}

TEST(Measures, APrefixIsCountedOnly) {
  for (const Measure measure : {Measure::count, Measure::days, Measure::sum, Measure::last})
    expect_failure("22023", "a prefix goes with measure distinct only", [&] {
      measure_signal(kEmptyActivity, "user:*", {0, 10}, measure, heap());
    });
}

TEST(Measures, WindowIsHalfOpen) {
  const Buffer bytes =
      activity_of(R"({"a": {"1970-01-11": 1, "1970-01-12": 10, "1970-01-13": 100, "1970-01-14": 1000}})");
  EXPECT_EQ(measure_signal(bytes, "a", window_before(13, 2), Measure::count, heap()).value(), 110)
      << "days 11 and 12 before day 13";
}

TEST(Measures, HaveNames) {
  const char* names[] = {"count", "days", "sum", "last", "distinct"};
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(measure_of_name(names[i])) << names[i];
    EXPECT_EQ(static_cast<int>(*measure_of_name(names[i])), i);
  }
  for (const char* name : {"", "counts", "Count", "total"}) EXPECT_FALSE(measure_of_name(name)) << name;
  expect_failure("22023", "measure distinct needs a signal that ends in *", [] {
    measure_signal(kEmptyActivity, "user", {0, 10}, Measure::distinct, heap());
  });
}

}  // namespace
}  // namespace health
