// Feeds that stop for everybody.
#include "core/feed.hpp"

#include "support.hpp"

namespace health {
namespace {

constexpr std::uint8_t kWeekendOff = 0b1100000;

// How many days ago the feed of accounts was seen last, given on which days ago each of them had it; none where it goes
// on or never was there.
std::optional<Day> stopped(const std::vector<std::vector<Day>>& accounts, std::uint8_t weekend = 0,
                           std::int64_t window = 28) {
  const FeedTerms terms{kAsOf, window, weekend};
  Feed feed(heap());
  for (const std::vector<Day>& ago : accounts) {
    std::vector<Cell> cells;
    for (const Day each : ago) cells.push_back({kAsOf - each, 1, 0, 0});
    feed.add(terms, cells);
  }
  const std::optional<Day> last = feed.stopped(terms, heap());
  if (!last) return std::nullopt;
  return kAsOf - *last;
}

TEST(Feed, StopsAfterThreeDays) {
  EXPECT_EQ(stopped({{6, 5, 4}}), 4);
  EXPECT_EQ(stopped({{6, 5, 4, 3}}), std::nullopt);
  EXPECT_EQ(stopped({{6, 5, 4, 0, -1}}), 4) << "what comes later is not known yet";
  EXPECT_EQ(stopped({{6, 5}, {6, 4}, {6}}), 4) << "of all accounts";
  EXPECT_EQ(stopped({{6, 5, 4}, {2}, {5}}), std::nullopt);
}

TEST(Feed, StopsForLongerThanEverBefore) {
  EXPECT_EQ(stopped({{14, 13, 8, 7, 6}}), 6) << "five days, after four";
  EXPECT_EQ(stopped({{14, 13, 7, 6}}), std::nullopt) << "five days, after five";
  EXPECT_EQ(stopped({{14, 7, 6}, {10}}), 6) << "each account alone was silent for longer";
  EXPECT_EQ(stopped({{20, 7}}), std::nullopt);
}

TEST(Feed, KnowsTheWindowAlone) {
  EXPECT_EQ(stopped({}), std::nullopt);
  EXPECT_EQ(stopped({{30, 29}}), std::nullopt);
  EXPECT_EQ(stopped({{28}}), 28);
  EXPECT_EQ(stopped({{40, 15, 14, 13}}), 13) << "the silence before began outside of it";
}

TEST(Feed, CountsWorkingDays) {
  // Yesterday was a Saturday, six days ago a Monday.
  EXPECT_EQ(stopped({{7, 6, 5}}, kWeekendOff), 5) << "Wednesday, Thursday and Friday";
  EXPECT_EQ(stopped({{6, 5, 4}}, kWeekendOff), std::nullopt);
  // Silent from Friday to Tuesday before, that is three working days.
  EXPECT_EQ(stopped({{17, 11, 10, 9, 6, 5}}, kWeekendOff), std::nullopt);
  EXPECT_EQ(stopped({{17, 11, 10, 9, 6}}, kWeekendOff), 6) << "four days";
}

}  // namespace
}  // namespace health
