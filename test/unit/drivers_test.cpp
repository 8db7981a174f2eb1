#include "core/drivers.hpp"

#include "support.hpp"

namespace health {
namespace {

TEST(Drivers, RowsWithoutASignalAddUpIntoTheLast) {
  Random random(6);
  for (int round = 0; round < 200; ++round) {
    std::vector<WeightedRow> rows;
    long double points = 0, change = 0, rest = 0;
    for (auto n = random.between(1, 12); n > 0; --n) {
      rows.push_back(
          {random.pick(std::vector<std::string_view>{"", "a", "b", "c"}), random.real(-50, 50), random.real(-50, 50)});
      points += rows.back().points;
      change += rows.back().points - rows.back().previous;
      rest += rows.back().signal.empty() ? rows.back().points : 0;
    }
    Arena arena;
    bool last = false;
    for (const DriverRow& driver : list_drivers(rows, true, arena.memory())) {
      ASSERT_FALSE(last) << "nothing follows the rest";
      last = driver.kind == "other";
      ASSERT_EQ(driver.signal.empty(), last);
      if (last) {
        ASSERT_NEAR(driver.points, rest, 1e-9);
      }
      points -= driver.points;
      change -= *driver.change;
    }
    ASSERT_NEAR(points, 0, 1e-9);
    ASSERT_NEAR(change, 0, 1e-9);
    ASSERT_TRUE(last || rest == 0);
  }
}

// Movers of a point or more, most moved first; then what costs, most first, and what helps, most first; no signal last.
TEST(Drivers, ComeMoversFirst) {
  const auto order = [](std::vector<WeightedRow> rows, bool compared) {
    Arena arena;
    std::string text;
    for (const DriverRow& driver : list_drivers(rows, compared, arena.memory()))
      text += (text.empty() ? "" : ", ") + std::string(driver.signal.empty() ? "-" : driver.signal) + " " +
              std::string(driver.kind);
    return text;
  };
  const std::vector<WeightedRow> rows = {{"", -90, 0},     {"up", 20, 10},      {"down", 5, 25},    {"calm", 30, 30.9},
                                         {"risk", -4, -4}, {"worse", -9, -9.9}, {"rose", -2, -3.5}, {"zero", 0, 0},
                                         {"one", 9, 8},    {"even", 9, 9}};
  EXPECT_EQ(
      order(rows, true),
      "down down, up up, rose risk, one up, worse risk, risk risk, calm steady, even steady, zero steady, - other");
  EXPECT_EQ(
      order(rows, false),
      "worse risk, risk risk, rose risk, calm steady, up steady, even steady, one steady, down steady, zero steady, "
      "- other");
}

}  // namespace
}  // namespace health
