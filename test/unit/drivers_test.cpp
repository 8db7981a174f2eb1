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
    JsonWriter writer(arena.memory());
    list_drivers(rows, true, &writer, arena.memory());
    bool last = false;
    for (const Json driver : root_of(writer)) {
      ASSERT_FALSE(last) << "nothing follows the rest";
      double own = 0;
      bool named = false;
      for (const Json item : driver) {
        if (item->key == "points") own = number_of(item);
        if (item->key == "change") change -= number_of(item);
        if (item->key == "signal") named = item->type == JsonType::string;
        if (item->key == "kind") last = item->text == "other";
      }
      ASSERT_NE(named, last);
      if (last) {
        ASSERT_NEAR(own, rest, 1e-9);
      }
      points -= own;
    }
    ASSERT_NEAR(points, 0, 1e-9);
    ASSERT_NEAR(change, 0, 1e-9);
    ASSERT_TRUE(last || rest == 0);
  }
}

}  // namespace
}  // namespace health
