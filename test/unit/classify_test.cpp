// Kinds of drivers, on both sides of each threshold.
#include "core/classify.hpp"

#include "told.hpp"

namespace health {
namespace {

// Silent after a thousand days only, unless told otherwise.
std::string kind_of(const std::vector<Events>& events, const std::string& options = R"(, "inactive_days": 1000)") {
  return told(model_text("en", "\"weight\": 0.1" + options), {daily(events)}).of("export").kind;
}
// So many in the last 28 days, and so many in those before.
std::vector<Events> from_to(std::uint32_t prior, std::uint32_t recent) {
  return {{"export", 40, 40, prior}, {"export", 9, 9, recent}};
}

TEST(Classify, DownAndUpNeedFiveMoreThanChanceAndAFifth) {
  const struct {
    std::uint32_t prior, recent;
    const char* kind;
  } cases[] = {
      {28, 28, "steady"},
      {4, 0, "moved"},
      {5, 0, "down"},
      {9, 4, "moved"},
      {9, 3, "down"},
      {400, 321, "moved"},
      {400, 320, "down"},
      {1, 4, "moved"},
      {1, 6, "up"},
      {4, 40, "up"},
      {9, 17, "moved"},
      {9, 18, "up"},
      {400, 479, "moved"},
      {400, 480, "up"},
      // Steady: by less than a fifth, and by less than chance.
      {10, 11, "steady"},
      {10, 12, "moved"},
      {10, 9, "steady"},
      {10, 8, "moved"},
      {400, 361, "steady"},
      {400, 360, "moved"},
  };
  for (const auto& each : cases) {
    std::vector<Events> events = from_to(each.prior, each.recent);
    if (each.recent == 0) events.pop_back();
    EXPECT_EQ(kind_of(events), each.kind) << each.prior << " to " << each.recent;
  }
  // Five of what is summed.
  const auto sum = [](double recent) {
    return kind_of({{"export", 40, 40, 1, 0.01}, {"export", 9, 9, 1, recent}}, R"(, "measure": "sum")");
  };
  EXPECT_EQ(sum(4.9), "moved");
  EXPECT_EQ(sum(5), "up");
}

TEST(Classify, DownIsAlsoTwentyPointsBelowTheMedian) {
  const auto kind = [](std::uint32_t others, int least) {
    const auto account = [](std::uint32_t recent) { return daily(from_to(100, recent)); };
    return told(R"({"baseline": 1000, "min_population": )" + std::to_string(least) +
                    R"(, "signals": {"login": 1, "export": {"weight": 0.1, "inactive_days": 1000}}})",
                {account(50), account(others), account(others)})
        .of("export")
        .kind;
  };
  EXPECT_EQ(kind(70, 3), "down");
  EXPECT_EQ(kind(69, 3), "moved");
  EXPECT_EQ(kind(69, 4), "down") << "too few to ask";
}

TEST(Classify, MovesAreJudgedWhereTheAccountWasThereInBothSpans) {
  const auto kind = [](const std::string& options, Day age, const std::vector<Events>& events) {
    const Account account = daily(events, age);
    return told(model_text("en", "\"weight\": 0.1" + options), {account}).of("export").kind;
  };
  EXPECT_EQ(kind("", 56, from_to(9, 90)), "up");
  EXPECT_EQ(kind("", 55, from_to(9, 90)), "moved");
  EXPECT_EQ(kind("", 55, from_to(9, 9)), "moved");
  const std::vector<Events> readings = {{"export", 40, 40, 1, 5}, {"export", 9, 9, 1, 2}};
  EXPECT_EQ(kind(R"(, "measure": "last")", 29, readings), "fell");
  EXPECT_EQ(kind(R"(, "measure": "last")", 28, readings), "high");
}

TEST(Classify, InactiveNeedsASilenceBeyondItsRhythm) {
  const auto daily_until = [](Day last) { return std::vector<Events>{{"export", 120, last}}; };
  EXPECT_EQ(kind_of(daily_until(7), ""), "moved");
  EXPECT_EQ(kind_of(daily_until(8), ""), "inactive");
  EXPECT_EQ(kind_of(daily_until(8), R"(, "inactive_days": 8)"), "moved");
  EXPECT_EQ(kind_of(daily_until(8), R"(, "unit": "score")"), "inactive");
  EXPECT_EQ(kind_of(daily_until(56), ""), "inactive");
  EXPECT_EQ(kind_of(daily_until(57), ""), "steady") << "silent for two windows: no longer news";
  EXPECT_EQ(kind_of({{"export", 120, 8, 1, 1}}, R"(, "measure": "sum")"), "inactive");
  EXPECT_EQ(kind_of(daily_until(8), R"(, "measure": "days")"), "inactive");
  EXPECT_EQ(kind_of({{"export", 120, 8, 1, 1}}, R"(, "measure": "last")"), "high") << "a reading is no activity";
  // Once a week, that is four days in a window of 28: inactive from three times seven days on.
  const auto weekly_until = [](Day last) {
    std::vector<Events> events;
    for (Day week = 0; week < 8; ++week) events.push_back({"export", last + 7 * week, last + 7 * week});
    return events;
  };
  EXPECT_EQ(kind_of(weekly_until(21), ""), "moved");
  EXPECT_EQ(kind_of(weekly_until(22), ""), "inactive");
  // Fifteen days without it before: sixteen are more.
  const auto after_holidays = [](Day last) {
    return std::vector<Events>{{"export", last + 27, last + 20}, {"export", last + 4, last}};
  };
  EXPECT_EQ(kind_of(after_holidays(16), ""), "moved");
  EXPECT_EQ(kind_of(after_holidays(17), ""), "inactive");
}

TEST(Classify, InactiveIsNotWhatTheWholeAccountIs) {
  const auto kind = [](Day logins, const std::string& options = "") {
    return told(R"({"baseline": 1000, "signals": {"login": 1, "export": {"weight": 0.1)" + options + "}}}",
                {{{{"export", 120, 9}, {"login", 120, logins}}}, daily({})})
        .of("export")
        .kind;
  };
  EXPECT_EQ(kind(8), "inactive");
  EXPECT_EQ(kind(9), "moved");
  EXPECT_EQ(kind(9, R"(, "usage": false)"), "inactive");
  EXPECT_EQ(kind_of({{"export", 20, 20}}, ""), "new") << "once is no rhythm";
  EXPECT_EQ(kind_of({{"export", 21, 20}}, ""), "inactive");
}

TEST(Classify, WeekendsAreNoSilence) {
  const auto kind = [](Day last) {
    return told(R"({"baseline": 1000, "weekend": [6, 7], "signals": {"login": 1, "export": 0.1}})",
                {daily({{"export", 120, last}})})
        .of("export")
        .kind;
  };
  // Yesterday was a Saturday: the ten days before today have three of a weekend.
  EXPECT_EQ(kind(10), "moved");
  EXPECT_EQ(kind(11), "inactive");
}

TEST(Classify, InactiveIsNobodyWhereTheMedianAccountIsAsSilent) {
  const auto kind = [](Day others, int least) {
    const auto until = [](Day last) { return daily({{"export", 120, last}}); };
    return told(R"({"baseline": 1000, "min_population": )" + std::to_string(least) +
                    R"(, "signals": {"login": 1, "export": 0.1}})",
                {until(15), until(others), until(others), until(1)})
        .of("export")
        .kind;
  };
  EXPECT_EQ(kind(15, 4), "moved");
  EXPECT_EQ(kind(14, 4), "inactive");
  EXPECT_EQ(kind(15, 5), "inactive") << "too few to ask";
}

TEST(Classify, NobodyIsInactiveWhereDataAreStale) {
  const std::string model = R"({"baseline": 1000, "signals": {"login": 1, "export": {"weight": 0.1, "usage": false}}})";
  const Account silent{{{"export", 120, 8}}}, there = daily({});
  EXPECT_NE(told(model, {silent}).of("export").kind, "inactive");
  EXPECT_EQ(told(model, {silent, there}).of("export").kind, "inactive");
}

TEST(Classify, FadingCostsAPoint) {
  const auto burst = [](std::uint32_t events) {
    return std::vector<Events>{{"export", 100, 100, events}, {"export", 90, 1}};
  };
  EXPECT_EQ(kind_of(burst(37), R"(, "window_days": 90)"), "steady");  // 28 days more have come in by then
  EXPECT_EQ(kind_of(burst(39), R"(, "window_days": 90)"), "fading");
  std::vector<Events> fewer = burst(39);
  fewer.push_back({"export", 29, 29});
  EXPECT_EQ(kind_of(fewer, R"(, "window_days": 90)"), "steady") << "less than before";
}

TEST(Classify, NewWasNeverThereBefore) {
  EXPECT_EQ(kind_of({{"export", 28, 28}}), "new");
  EXPECT_EQ(kind_of({{"export", 29, 28}}), "steady");
  EXPECT_EQ(kind_of({{"export", 300, 300}, {"export", 28, 28}}), "moved");
}

TEST(Classify, RiskTakesPointsAway) {
  const auto kind = [](const std::string& options, Day ago) {
    return told(model_text("en", options), {daily({{"export", ago, ago}})}).of("export").kind;
  };
  EXPECT_EQ(kind(R"("weight": -0.000001, "unit": "raw")", 28), "risk");
  EXPECT_EQ(kind(R"("weight": -0.000001)", 28), "risk");
  EXPECT_EQ(kind(R"("weight": -1, "measure": "days")", 28), "risk");
  EXPECT_EQ(kind(R"("weight": -1, "unit": "raw")", 29), "moved") << "out of the window; and a risk is not inactive";
}

TEST(Classify, AwaitedIsWhatDidNotComeInTime) {
  const auto kind = [](std::optional<Day> age, std::optional<Day> seen) {
    Account account = daily({}, age);
    if (seen) account.events.push_back({"export", *seen, *seen});
    return told(model_text("en", R"("weight": 1, "expected_within_days": 7, "inactive_days": 1000)"), {account})
        .of("export")
        .kind;
  };
  EXPECT_EQ(kind(6, {}), "");
  EXPECT_EQ(kind(7, {}), "awaited");
  EXPECT_EQ(kind(365, {}), "awaited");
  EXPECT_EQ(kind(366, {}), "") << "nobody waits for longer than a year";
  EXPECT_EQ(kind({}, {}), "") << "since when?";
  EXPECT_EQ(kind(20, 20), "new");
  EXPECT_EQ(kind(20, 21), "awaited") << "from before it was a customer";
}

TEST(Classify, GaugesFallAndRiseAsTheyArePrinted) {
  const auto kind = [](const std::string& options, double before, double now) {
    return kind_of({{"export", 40, 40, 1, before}, {"export", 9, 9, 1, now}}, R"(, "measure": "last")" + options);
  };
  EXPECT_EQ(kind("", 9, 8.9), "fell");
  EXPECT_EQ(kind("", 9, 8.96), "high");
  EXPECT_EQ(kind("", 8.9, 9), "rose");
  EXPECT_EQ(kind(R"(, "out_of": 1)", 0.5, 0.49), "fell");
  EXPECT_EQ(kind(R"(, "out_of": 1)", 0.5, 0.496), "high");
  EXPECT_EQ(kind(R"(, "neutral": 9)", 9, 9), "steady");
  EXPECT_EQ(kind(R"(, "neutral": 9)", 5, 9), "rose");
}

TEST(Classify, LowCostsAndHighDoesNot) {
  const auto kind = [](const std::string& options, double value) {
    return told(model_text("en", R"("measure": "last", )" + options), {daily({{"export", 9, 9, 1, value}})})
        .of("export")
        .kind;
  };
  EXPECT_EQ(kind(R"("weight": 1, "neutral": 7)", 6.9), "low");
  EXPECT_EQ(kind(R"("weight": 1, "neutral": 7)", 7), "steady");
  EXPECT_EQ(kind(R"("weight": 1, "neutral": 7)", 7.1), "high");
  EXPECT_EQ(kind(R"("weight": -1, "neutral": 7)", 7.1), "low");
  EXPECT_EQ(kind(R"("weight": -1, "neutral": 7)", 6.9), "high");
}

TEST(Classify, AShareIsLowBelowTheMiddle) {
  const auto kind = [](double value) {
    return told(R"({"combine": "mean", "usage_weight": 1, "signals": {"login": 1,
                    "nps": {"weight": 3, "measure": "last", "out_of": 10}}})",
                {daily({{"nps", 9, 9, 1, value}})})
        .of("nps")
        .kind;
  };
  EXPECT_EQ(kind(4.9), "low");
  EXPECT_EQ(kind(5), "high");
}

TEST(Classify, AScaledSignalIsLowWhereItCosts) {
  const auto kind = [](const std::string& options, Day last) {
    return told(model_text("en", R"("weight": 10, )" + options), {daily({{"export", 40, last}})}).of("export").kind;
  };
  const std::string scale = R"("inactive_days": 1000, "scale": [[10, -1], [20, 0], [30, 1]])";
  EXPECT_EQ(kind(scale, 10), "low");
  EXPECT_EQ(kind(scale, 9), "moved") << "at neutral, and more than before";
  EXPECT_EQ(kind(scale, 8), "high");
  EXPECT_EQ(kind_of({{"export", 200, 1}}, R"(, "scale": [[10, -1], [28, 0], [30, 1]])"), "steady");
  EXPECT_EQ(kind(R"("measure": "recency", "steps": [[0, -1], [0.5, 0], [1, 1]])", 1), "high");
}

TEST(Classify, ExpiredHasLeftItsWindow) {
  const auto kind = [](Day ago) {
    return kind_of({{"export", ago, ago, 1, 9}}, R"(, "measure": "last", "neutral": 7)");
  };
  EXPECT_EQ(kind(28), "high");
  EXPECT_EQ(kind(29), "expired");
  EXPECT_EQ(kind(56), "expired");
  EXPECT_EQ(kind(57), "expired");
}

TEST(Classify, BelowPeersIsByFivePoints) {
  const auto kind = [](std::uint32_t peers) {
    return told(model_text("en", R"("weight": 1)"),
                {daily({{"export", 200, 1}}), daily({{"export", 200, 2}, {"export", 1, 1, peers}})})
        .of("export")
        .kind;
  };
  EXPECT_EQ(kind(5), "steady");  // 28 to 32
  EXPECT_EQ(kind(7), "below_peers");
}

TEST(Classify, AMemberIsSilentForThreeDays) {
  const auto kind = [](Day last, int others, const char* weekend = "[]") {
    Account account = daily({{"user:lead", 120, last}});
    for (int i = 0; i < others; ++i) {
      account.events.push_back({"user:" + std::to_string(i), 200, 8});
      account.events.push_back({"user:" + std::to_string(i), 5, 1});
    }
    return told(R"({"baseline": 1000, "weekend": )" + std::string(weekend) +
                    R"(, "signals": {"login": 1, "user:*": {"weight": 0.1, "measure": "distinct", "days": 28}}})",
                {account})
        .of("user:*")
        .kind;
  };
  EXPECT_EQ(kind(1, 1), "high");
  EXPECT_EQ(kind(2, 1), "high") << "others were there more often";
  // Without others there is nobody who was there since: 28 days end with the last one.
  EXPECT_EQ(kind(3, 0), "high");
  EXPECT_EQ(kind(4, 0), "member_silent");
  EXPECT_EQ(kind(4, 0, "[6, 7]"), "high") << "one of the three is a Saturday";
  EXPECT_EQ(kind(5, 0, "[6, 7]"), "member_silent");
}

TEST(Classify, NoDataIsWhereTheSignalStoppedForAll) {
  const auto kind = [](Day last, int least) {
    const std::vector<Account> accounts(5, daily({{"export", 120, last}}));
    return told(R"({"baseline": 1000, "min_population": )" + std::to_string(least) +
                    R"(, "signals": {"login": 1, "export": 0.1}})",
                accounts)
        .of("export")
        .kind;
  };
  EXPECT_EQ(kind(3, 5), "steady");
  EXPECT_EQ(kind(4, 5), "no_data");
  EXPECT_EQ(kind(4, 6), "steady") << "too few to tell";
}

}  // namespace
}  // namespace health
