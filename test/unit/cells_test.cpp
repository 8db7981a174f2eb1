#include "core/cells.hpp"

#include "core/activity.hpp"
#include "support.hpp"

namespace health {
namespace {

TEST(Cells, SignalNamesHaveOneTo255Bytes) {
  const std::string longest(255, 'n');
  EXPECT_EQ(decode(activity_of("{\"" + longest + "\": {\"1970-01-01\": 1}}")).begin()->first, longest);
  expect_failure("22023", "signal name is empty", [] { activity_of(R"({"": {"1970-01-01": 1}})"); });
  expect_failure("22023", "signal name is too long: \"" + std::string(100, 'n') + "...\" (256 bytes)",
                 [&] { activity_of("{\"" + longest + "n\": {}}"); });
  std::string accents = "n";
  for (int i = 0; i < 150; ++i) accents += "é";
  expect_failure("22023", "signal name is too long: \"" + accents.substr(0, 99) + "...\" (301 bytes)",
                 [&] { check_signal_name(accents); });
}

TEST(Cells, HoldsTheDays1970To2199) {
  for (const Day day : {kFirstDay, kLastDay})
    EXPECT_STREQ(failure_of([&] { check_event_day("nps", day); }).sqlstate, "");
  const struct {
    Day day;
    const char* date;
  } cases[] = {{-1, "1969-12-31"}, {-25'567, "1900-01-01"}, {kLastDay + 1, "2200-01-01"}, {2'932'896, "9999-12-31"}};
  for (const auto& each : cases)
    expect_failure("22008", std::string("signal \"nps\": date out of range: ") + each.date,
                   [&] { check_event_day("nps", each.day); });
}

TEST(Cells, CellsOverflowWithAnErrorThatNamesTheSignal) {
  Cell cell{0, kMaxCount - 1, 0, 0};
  add_cell("nps", &cell, {0, 1, 0, 0});
  EXPECT_EQ(cell.count, kMaxCount);
  expect_failure("22003", "signal \"nps\": count out of range", [&] { add_cell("nps", &cell, {0, 1, 0, 0}); });
  cell = {0, 1, 1, kMost - 1};
  add_cell("nps", &cell, {0, 2, 1, 1});
  EXPECT_EQ(cell, (Cell{0, 3, 2, kMost}));
  expect_failure("22003", "signal \"nps\": sum of values out of range", [&] { add_cell("nps", &cell, {0, 1, 1, 1}); });
  cell.value = -kMost;
  expect_failure("22003", "signal \"nps\": sum of values out of range", [&] { add_cell("nps", &cell, {0, 1, 1, -2}); });
}

}  // namespace
}  // namespace health
