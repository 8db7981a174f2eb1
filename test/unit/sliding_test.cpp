#include "core/sliding.hpp"

#include <limits>

#include "support.hpp"

namespace health {
namespace {

struct DayTotal {
  Day day;
  Int128 total;
};

// The reference: the sum computed anew from all rows.
double sum_of(const std::vector<DayTotal>& rows, const Model& model, std::int64_t as_of) {
  std::map<Day, Int128> totals;
  for (const DayTotal& row : rows)
    if (row.day >= as_of - model.window_days && row.day < as_of) totals[row.day] += row.total;
  double sum = 0;
  for (const auto& [day, total] : totals) sum += static_cast<double>(total) * model.decays()[0].at(as_of - 1 - day);
  return sum / 1e12;
}

// Rows come and go in any order; now and then all leave, late ones come, and weights cancel.
TEST(SlidingSum, EqualsAFreshSumToTheBit) {
  Random random(7);
  for (const char* text : {R"({"window_days": 30})", R"({"window_days": 90, "half_life_days": 7.5})",
                           R"({"window_days": 20, "linear_days": 11})", R"({"window_days": 36500})"}) {
    const auto model = model_of(text);
    SlidingSum sliding(heap());
    std::vector<DayTotal> rows;
    for (int step = 0; step < rounds(4000); ++step) {
      if (!rows.empty() && random.one_in(step % 500 > 400 ? 1 : 3)) {
        const auto at = static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(rows.size()) - 1));
        sliding.remove(rows[at].day, rows[at].total);
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(at));
      } else {
        const bool far = random.one_in(50);
        const auto day = random.between(far ? kFirstDay : 20000, far ? kLastDay : 20200);
        rows.push_back({static_cast<Day>(day), weight_total(random.real(-1e6, 1e6))});
        sliding.add(rows.back().day, rows.back().total);
      }
      ASSERT_EQ(sliding.empty(), rows.empty());
      if (rows.empty()) continue;
      Day latest = rows[0].day;
      for (const DayTotal& row : rows) latest = std::max(latest, row.day);
      ASSERT_EQ(sliding.value(model->window_days, model->decays()[0]), sum_of(rows, *model, latest + 1))
          << text << " step " << step;
      const std::int64_t any_day = random.between(19900, 20300);
      ASSERT_EQ(sliding.value_at(any_day, model->window_days, model->decays()[0]), sum_of(rows, *model, any_day));
    }
  }
}

TEST(SlidingSum, KeepsTheLimits) {
  SlidingSum sliding(heap());
  sliding.add(kLastDay, kMicro);
  sliding.add(kFirstDay, kMicro);
  expect_failure("22008", "date out of range: 2200-01-01", [&] { sliding.add(kLastDay + 1, 0); });
  expect_failure("22008", "date out of range: 1969-12-31", [&] { sliding.add(kFirstDay - 1, 0); });
  expect_failure("22008", "date out of range: 2200-01-01", [&] { sliding.remove(kLastDay + 1, 0); });
  const Int128 half = std::numeric_limits<Int128>::max() / 2 + 1;
  sliding.add(0, half);
  expect_failure("22003", "sum of weights out of range", [&] { sliding.add(0, half); });
}

TEST(WeightTotal, RoundsToAMillionth) {
  EXPECT_EQ(weight_total(1), Int128{kMicro} * kMicro);
  EXPECT_EQ(weight_total(-0.0000014), -Int128{kMicro});
  EXPECT_EQ(weight_total(0.0000005), Int128{kMicro});
  expect_failure("22003", "invalid weight: nan", [] { weight_total(std::numeric_limits<double>::quiet_NaN()); });
  expect_failure("22003", "invalid weight: inf", [] { weight_total(std::numeric_limits<double>::infinity()); });
  expect_failure("22003", "invalid weight: 1e+13", [] { weight_total(1e13); });
}

}  // namespace
}  // namespace health
