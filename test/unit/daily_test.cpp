#include "core/daily.hpp"

#include "support.hpp"

namespace health {
namespace {

Buffer built(const std::vector<DailyRow>& rows) {
  Block block;
  for (const DailyRow& row : rows)
    if (const std::optional<Entry> entry = daily_entry(row)) block.add(*entry);
  return block.finish();
}

TEST(Daily, ARowIsADay) {
  EXPECT_EQ(text_form_of(built({{"a", 20'000, 3, {}, {}}})), R"({"a": {"2024-10-04": 3}})");
  EXPECT_EQ(text_form_of(built({{"a", 20'000, 3, 5 * kMicro, {}}})), R"({"a": {"2024-10-04": [3, 5]}})");
  EXPECT_EQ(text_form_of(built({{"a", 20'000, 3, 5 * kMicro, 2}})), R"({"a": {"2024-10-04": [3, 5, 2]}})");
  EXPECT_EQ(text_form_of(built({{"a", 20'000, 3, 0, 3}})), R"({"a": {"2024-10-04": [3, 0]}})");
  EXPECT_EQ(text_form_of(built({{"a", 20'000, 3, {}, 0}})), R"({"a": {"2024-10-04": 3}})");
  EXPECT_EQ(text_form_of(built({{"a", 20'000, 3, 0, 0}})), R"({"a": {"2024-10-04": 3}})");
}

TEST(Daily, RowsOfADayAddUp) {
  EXPECT_EQ(
      text_form_of(built({{"a", 20'000, 3, {}, {}}, {"a", 20'000, 2, -7 * kMicro, 1}, {"a", 20'000, 1, kMicro, {}}})),
      R"({"a": {"2024-10-04": [6, -6, 2]}})");
}

TEST(Daily, NoEventsAreNoRow) {
  EXPECT_EQ(daily_entry({"a", 20'000, 0, {}, {}}), std::nullopt);
  EXPECT_EQ(daily_entry({"a", 20'000, 0, 0, {}}), std::nullopt);
  EXPECT_EQ(daily_entry({"a", 20'000, 0, 0, 0}), std::nullopt);
}

TEST(Daily, RefusesNumbersThatContradictEachOther) {
  const auto refused = [](const DailyRow& row, const std::string& what, const char* sqlstate = "22023") {
    expect_failure(sqlstate, "signal \"a\": " + what, [&] { daily_entry(row); });
  };
  refused({"a", 3, -1, {}, {}}, "negative count");
  refused({"a", 3, 0, 1, {}}, "count 0 with a value");
  refused({"a", 3, 0, 0, 1}, "value_count above count");
  refused({"a", 3, 2, 1, 3}, "value_count above count");
  refused({"a", 3, 2, 1, -1}, "negative value_count");
  refused({"a", 3, 2, {}, 1}, "value_count without a value");
  refused({"a", 3, 2, 1, 0}, "value_count 0 with a value");
  refused({"a", 3, std::int64_t{kMaxCount} + 1, {}, {}}, "count out of range", "22003");
  refused({"a", 3, INT64_MAX, 1, INT64_MAX}, "count out of range", "22003");
  refused({"a", 3, INT64_MIN, {}, {}}, "negative count");
  EXPECT_EQ(daily_entry({"a", 3, kMaxCount, {}, {}})->count, kMaxCount);
}

// The cells of any activity, in any order, give it back.
TEST(Daily, CellsGiveTheirActivityBack) {
  Random random(5);
  for (int round = 0; round < 300; ++round) {
    const Reference reference = random_reference(&random, 8, 30, 20'000, 20'060);
    std::vector<DailyRow> rows;
    for (const auto& [name, days] : reference)
      for (const auto& [day, cell] : days)
        rows.push_back(
            {name, day, cell.count, cell.value_count > 0 ? std::optional(cell.value) : std::nullopt, cell.value_count});
    random.shuffle(&rows);
    ASSERT_EQ(built(rows), encode(reference));
  }
}

}  // namespace
}  // namespace health
