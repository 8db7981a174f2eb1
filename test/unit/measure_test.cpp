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
    std::int64_t count = 0, days = 0, sum = 0, values = 0, before = 0;
    std::optional<Cell> last;
    double recency = 0;
    if (a.contains(name)) {
      for (const auto& [day, cell] : a.at(name)) {
        if (day >= 2 * span.from - span.to && day < span.from) before += cell.count;
        if (day < span.from || day >= span.to) continue;
        values += cell.value_count;
        recency = 1 - static_cast<double>(span.to - 1 - day) / static_cast<double>(span.to - span.from);
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
    const std::optional<double> mean = measure_signal(bytes, name, span, Measure::mean, heap());
    ASSERT_EQ(mean.has_value(), values > 0);
    if (mean) {
      EXPECT_DOUBLE_EQ(*mean, static_cast<double>(sum) * 1e-6 / static_cast<double>(values));
    }
    EXPECT_NEAR(measure_signal(bytes, name, span, Measure::recency, heap()).value(), recency, 1e-15);
    const std::optional<double> trend = measure_signal(bytes, name, span, Measure::trend, heap());
    ASSERT_EQ(trend.has_value(), before >= 5);
    if (trend) {
      EXPECT_DOUBLE_EQ(*trend, std::min(1.0, static_cast<double>(count - before) / static_cast<double>(before)));
    }
    const auto users = std::count_if(a.begin(), a.end(), [&](const auto& signal) {
      return matches(signal.first, "user:*") && std::any_of(signal.second.begin(), signal.second.end(),
                                                            [&](const auto& d) { return span.contains(d.first); });
    });
    EXPECT_EQ(measure_signal(bytes, "user:*", span, Measure::distinct, heap()).value(), static_cast<double>(users));
  }
}

TEST(Measures, APrefixIsCountedOnly) {
  for (const Measure measure : {Measure::count, Measure::days, Measure::sum, Measure::last, Measure::mean,
                                Measure::recency, Measure::ratio, Measure::trend})
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

TEST(Measures, ARatioNeedsTwoSignals) {
  expect_failure("22023", "measure ratio needs two signals", [] {
    measure_signal(kEmptyActivity, "a", {0, 10}, Measure::ratio, heap());
  });
}

TEST(Measures, HaveNames) {
  const char* names[] = {"count", "days", "sum", "last", "mean", "distinct", "recency", "ratio", "trend"};
  for (int i = 0; i < 9; ++i) {
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
