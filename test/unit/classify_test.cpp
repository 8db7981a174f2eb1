// Kinds of drivers, on both sides of each threshold.
#include "core/classify.hpp"

#include "told.hpp"

namespace health {
namespace {

std::string kind_of(const std::string& options, const std::vector<Events>& events) {
  return told(model_text("en", "\"weight\": 0.1" + options), {{events}}, "export").kind;
}

TEST(Classify, DownNeedsFiveBeforeMoreThanChanceAndAFifth) {
  EXPECT_EQ(kind_of("", {{"export", 56, 29, 1}, {"export", 28, 1, 1}}), "steady");
  EXPECT_EQ(kind_of("", {{"export", 40, 40, 4}}), "steady");
  EXPECT_EQ(kind_of("", {{"export", 40, 40, 5}}), "down");
  EXPECT_EQ(kind_of("", {{"export", 40, 40, 9}, {"export", 9, 9, 4}}), "steady");
  EXPECT_EQ(kind_of("", {{"export", 40, 40, 9}, {"export", 9, 9, 3}}), "down");
  EXPECT_EQ(kind_of("", {{"export", 40, 40, 400}, {"export", 9, 9, 321}}), "steady");
  EXPECT_EQ(kind_of("", {{"export", 40, 40, 400}, {"export", 9, 9, 320}}), "down");
}

TEST(Classify, UpIsTheSameUpwards) {
  EXPECT_EQ(kind_of("", {{"export", 40, 40, 4}, {"export", 9, 9, 40}}), "steady");
  EXPECT_EQ(kind_of("", {{"export", 40, 40, 9}, {"export", 9, 9, 14}}), "steady");
  EXPECT_EQ(kind_of("", {{"export", 40, 40, 9}, {"export", 9, 9, 15}}), "up");
  EXPECT_EQ(kind_of("", {{"export", 40, 40, 400}, {"export", 9, 9, 479}}), "steady");
  EXPECT_EQ(kind_of("", {{"export", 40, 40, 400}, {"export", 9, 9, 480}}), "up");
}

TEST(Classify, InactiveNeedsASilenceBeyondItsRhythm) {
  const auto daily_until = [](Day last) { return std::vector<Events>{{"export", 120, last}}; };
  EXPECT_EQ(kind_of("", daily_until(7)), "steady");
  EXPECT_EQ(kind_of("", daily_until(8)), "inactive");
  EXPECT_EQ(kind_of(R"(, "inactive_days": 8)", daily_until(8)), "steady");
  EXPECT_EQ(kind_of("", daily_until(56)), "inactive");
  EXPECT_EQ(kind_of("", daily_until(57)), "steady");  // silent for two windows: no longer news
  // Once a week, that is four days in a window of 28: inactive from three times seven days on.
  const auto weekly_until = [](Day last) {
    std::vector<Events> events;
    for (Day week = 0; week < 8; ++week) events.push_back({"export", last + 7 * week, last + 7 * week});
    return events;
  };
  EXPECT_EQ(kind_of("", weekly_until(21)), "steady");
  EXPECT_EQ(kind_of("", weekly_until(22)), "inactive");
}

TEST(Classify, FadingCostsAPoint) {
  const auto burst = [](std::uint32_t events) {
    return std::vector<Events>{{"export", 100, 100, events}, {"export", 90, 1}};
  };
  EXPECT_EQ(kind_of(R"(, "window_days": 90)", burst(37)), "steady");  // 28 days more have come in by then
  EXPECT_EQ(kind_of(R"(, "window_days": 90)", burst(39)), "fading");
}

TEST(Classify, NewWasNeverThereBefore) {
  EXPECT_EQ(kind_of("", {{"export", 28, 28}}), "new");
  EXPECT_EQ(kind_of("", {{"export", 29, 28}}), "steady");
  EXPECT_EQ(kind_of("", {{"export", 300, 300}, {"export", 28, 28}}), "steady");
}

TEST(Classify, RiskTakesPointsAway) {
  const auto kind = [](const std::string& options, Day ago) {
    return told(model_text("en", options), {{{{"export", ago, ago}}}}, "export").kind;
  };
  EXPECT_EQ(kind(R"("weight": -0.000001, "unit": "raw")", 28), "risk");
  EXPECT_EQ(kind(R"("weight": -1, "unit": "raw")", 29), "steady");  // out of the window; and a risk is not inactive
}

TEST(Classify, AScaledSignalIsLowWhereItCosts) {
  const auto kind = [](const std::string& options, Day last) {
    return told(model_text("en", R"("weight": 10, )" + options), {{{{"export", 40, last}}}}, "export").kind;
  };
  const std::string scale = R"("scale": [[10, -1], [20, 0], [30, 1]])";
  EXPECT_EQ(kind(scale, 10), "low");
  EXPECT_EQ(kind(scale, 9), "steady");
  EXPECT_EQ(kind(scale, 8), "high");
  EXPECT_EQ(kind(R"("measure": "recency", "steps": [[0, -1], [0.5, 0], [1, 1]])", 1), "high");
  EXPECT_EQ(kind(R"("measure": "recency", "steps": [[0, -1], [0.5, 0], [1, 1]])", 15), "steady");
  EXPECT_EQ(kind(R"("measure": "recency", "steps": [[0, -1], [0.5, 0], [1, 1]])", 16), "low");
}

}  // namespace
}  // namespace health
