// What a report tells, and in which order.
#include "core/telling.hpp"

#include <array>

#include "told.hpp"

namespace health {
namespace {

// Signals in a model on a linear scale on which a raw score is a score, over 28 days. `login` makes 56 points where it
// is daily.
std::string model_with(const std::string& signals, const std::string& options = "",
                       const std::string& baseline = "100") {
  return R"({"curve": "linear", "window_days": 28, )" + options + R"("baseline": )" + baseline +
         R"(, "signals": {"login": 2, )" + signals + "}}";
}
// A rating of unit score: points for each star above 4.
std::string rating(const std::string& name, const std::string& weight, const std::string& more = "") {
  return '"' + name + R"(": {"measure": "last", "neutral": 4, "out_of": 5, "window_days": null, "weight": )" + weight +
         more + '}';
}
std::vector<Events> rated(const std::string& name, double before, double now) {
  return {{name, 40, 40, 1, before}, {name, 9, 9, 1, now}};
}
Account with(std::vector<Events> first, const std::vector<std::vector<Events>>& more = {}) {
  for (const std::vector<Events>& each : more) first.insert(first.end(), each.begin(), each.end());
  return daily(std::move(first));
}

// ---------------------------------------------------------------- the score fell, or rose

// Five ratings; the score is 62 + what the first four are above 4. What stood still is not told.
std::string ratings() {
  return rating("a", "1") + ", " + rating("b", "1") + ", " + rating("c", "1") + ", " + rating("d", "1") + ", " +
         rating("praise", "1");
}
Told of_ratings(const std::vector<std::array<double, 2>>& moves) {
  std::vector<Events> events = {{"praise", 200, 1, 1, 10}};
  std::string name = "a";
  for (const auto& [before, now] : moves) {
    for (const Events& each : rated(name, before, now)) events.push_back(each);
    ++name[0];
  }
  return told(model_with(ratings()), {daily(events)});
}

TEST(Telling, AFallIsTheFactsThatFellWorstFirst) {
  // By 6, 12, 0 and 3 points; the third costs most of all, and did before.
  const Told fall = of_ratings({{8, 2}, {15, 3}, {-20, -20}, {9, 6}});
  EXPECT_EQ(fall.change, -21);
  EXPECT_EQ(fall.facts(), "b a d");
  EXPECT_EQ(fall.risk(), "b");
  EXPECT_EQ(fall.order(), "b a d c login praise");
  // What rose meanwhile is no cause, nor is what fell by less than a point.
  EXPECT_EQ(of_ratings({{15, 3}, {4, 8}, {4.9, 4}, {4, 2}}).facts(), "a d");
  // Ties by name, at most three.
  EXPECT_EQ(of_ratings({{9, 4}, {9, 4}, {9, 4}, {9, 4}}).facts(), "a b c");
}

TEST(Telling, NothingSmallerThanATwentieth) {
  EXPECT_EQ(of_ratings({{30, 2}, {5.6, 4}}).facts(), "a b");
  EXPECT_EQ(of_ratings({{30, 2}, {5.4, 4}}).facts(), "a");
  EXPECT_EQ(of_ratings({{2, 30}, {4, 5.4}}).facts(), "a");
}

TEST(Telling, ARiseIsTheFactsThatRoseBestFirst) {
  const Told rise = of_ratings({{2, 8}, {3, 15}, {4, 4}, {6, 5}});
  EXPECT_EQ(rise.facts(), "b a") << "nothing to watch";
  EXPECT_EQ(rise.main_risk, "");
  // A risk is the last of three.
  EXPECT_EQ(of_ratings({{2, 8}, {3, 15}, {-4, -4}}).facts(), "b a but c");
  EXPECT_EQ(of_ratings({{2, 8}, {3, 15}, {-4, -4}, {4, 9}}).facts(), "b a but c");
  const Told first =
      told(model_with(ratings()), {with({{"praise", 200, 1, 1, 10}}, {rated("a", 4, 20), rated("b", 9, 5)})});
  EXPECT_EQ(first.facts(), "a but b");
}

TEST(Telling, OneFactASignal) {
  // What rose still costs, but is told already.
  EXPECT_EQ(of_ratings({{-30, -10}}).facts(), "a");
}

TEST(Telling, TheBaselineIsOneOfThem) {
  const Account other{{{"login", 200, 29}, {"login", 28, 1, 4}}};
  const std::string model = R"({"curve": "linear", "percentile": 0.5, "window_days": 28, "signals": {"login": 1}})";
  const Told fall = told(model, {daily({}), other, other});
  EXPECT_EQ(fall.facts(), "baseline");
  EXPECT_EQ(fall.order(), "login baseline");
  EXPECT_EQ(fall.main_risk_signal, "login") << "of the peers, and not of the baseline";
}

TEST(Telling, WhereNothingReachesAPointUsageDoes) {
  // 40 signals that lose half a point each.
  std::string signals;
  std::vector<Events> events;
  for (int i = 10; i < 50; ++i) {
    const std::string name = "s" + std::to_string(i);
    signals += (i == 10 ? "\"" : ", \"") + name + R"(": 0.1)";
    events.push_back({name, 40, 40, 9});
    events.push_back({name, 9, 9, 4});
  }
  EXPECT_EQ(told(model_with(signals), {daily(events)}).facts(), "usage_down");
  // None of it is usage: the three largest.
  std::string ratings, name = "r10";
  events.clear();
  for (int i = 10; i < 25; ++i) {
    name = "r" + std::to_string(i);
    ratings += (i == 10 ? "" : ", ") + rating(name, "1");
    for (const Events& each : rated(name, 4.8, i == 20 ? 4 : 4.1)) events.push_back(each);
  }
  EXPECT_EQ(told(model_with(ratings), {daily(events)}).facts(), "r20 r10 r11");
}

// ---------------------------------------------------------------- the account before its signals

constexpr char kThree[] = R"("a": 1, "b": 1, "c": 1)";
std::vector<Events> three(std::uint32_t before, std::uint32_t now) {
  return {{"a", 40, 40, before}, {"a", 9, 9, now},      {"b", 40, 40, before},
          {"b", 9, 9, now},      {"c", 40, 40, before}, {"c", 9, 9, now}};
}

TEST(Telling, UsageStandsForItsSignals) {
  const Told fall =
      told(model_with(std::string(kThree) + ", " + rating("z", "2")), {with(three(20, 5), {rated("z", 5, 2)})});
  EXPECT_EQ(fall.facts(), "usage_down z");
  EXPECT_EQ(fall.risk(), "usage_down");
  EXPECT_EQ(fall.main_risk_signal, "");
  EXPECT_EQ(fall.main_risk_dimension, "other");
  EXPECT_EQ(fall.next_step, "Ask what changed");
  EXPECT_EQ(fall.order(), "z a b c login") << "what is told, then the rest";
  const Told rise = told(model_with(kThree), {with(three(8, 24))});
  EXPECT_EQ(rise.facts(), "usage_up");
  // Two are not three; and a fifth of all is not reached where the rest is large.
  EXPECT_EQ(told(model_with(R"("a": 1, "b": 1)"),
                 {with({{"a", 40, 40, 20}, {"b", 40, 40, 20}, {"a", 9, 9, 5}, {"b", 9, 9, 5}})})
                .facts(),
            "a b");
  EXPECT_EQ(told(model_with(std::string(kThree) + R"(, "d": 5)", R"("trend_points": 1, )", "1000"),
                 {with(three(20, 5), {{{"d", 60, 1}}})})
                .facts(),
            "a b c");
}

// 100 (0 - x) / x is not -100 for every x, such as 0.09 * 60.
TEST(Telling, UsageThatIsGoneFellByAllOfIt) {
  const Told gone =
      told(model_with(R"("a": 0.09, "b": 0.09, "c": 0.09, "here": {"weight": 1, "measure": "recency"})", "", "10"),
           {{{{"a", 40, 40, 20}, {"b", 40, 40, 20}, {"c", 40, 40, 20}, {"here", 200, 1}}}});
  EXPECT_EQ(gone.facts(), "usage_down");
  EXPECT_EQ(gone.news(), "usage down 100% in 4 weeks (above all A -100%, B -100%, C -100%)");
}

TEST(Telling, InactiveStaysAFactBesideUsage) {
  EXPECT_EQ(told(model_with(std::string(kThree) + R"(, "d": 1)", "", "200"), {with(three(20, 10), {{{"d", 60, 15}}})})
                .facts(),
            "usage_down d");
}

TEST(Telling, SilenceIsOneFact) {
  const std::string model = model_with(R"("export": 2, )" + rating("nps", "2") + R"(, "call": {"weight": -30})");
  const std::vector<Events> gone = {{"login", 200, 23}, {"export", 200, 23}};
  const Account others = daily({{"export", 90, 1}});
  const auto report = [&](std::vector<Events> more, const std::string& options = "") {
    more.insert(more.end(), gone.begin(), gone.end());
    return told(model_with(R"("export": 2, )" + rating("nps", "2") + R"(, "call": {"weight": -30})", options),
                {{more}, others});
  };
  const Told silent = report({});
  EXPECT_EQ(silent.facts(), "silent");
  EXPECT_EQ(silent.risk(), "silent");
  EXPECT_EQ(silent.main_risk_signal, "");
  EXPECT_EQ(silent.next_step, "Find out why nobody comes any more");
  EXPECT_EQ(silent.order(), "export login");
  // What is no usage is told beside it; a new penalty before it.
  EXPECT_EQ(report(rated("nps", 5, 2)).facts(), "silent nps");
  const Told called = report({{"call", 2, 2}});
  EXPECT_EQ(called.risk(), "call");
  // It stayed: the whole of last month, too.
  EXPECT_EQ(report({}, R"("trend_points": 100, )").facts(), "silent");
  EXPECT_EQ(report({}, R"("next_steps": {"silent": "Call"}, )").next_step, "Call");
  EXPECT_EQ(report({}, R"("silent_days": 23, )").main_risk_signal, "export");
  EXPECT_EQ(report({}, R"("silent_days": 22, )").risk(), "silent");
}

TEST(Telling, NobodyIsSilentWhereAllAre) {
  const Account gone{{{"login", 200, 23}}}, there = daily({});
  const auto risk = [&](const std::vector<Account>& accounts, int least) {
    return told(R"({"baseline": 30, "min_population": )" + std::to_string(least) + R"(, "signals": {"login": 1}})",
                accounts)
        .risk();
  };
  EXPECT_EQ(risk({gone, there, there}, 3), "silent");
  EXPECT_EQ(risk({gone, gone, there}, 3), "") << "the median account is as silent";
  EXPECT_EQ(risk({gone, gone, there}, 4), "silent") << "too few to ask";
  EXPECT_EQ(risk({gone, gone}, 4), "login") << "data are stale";
}

TEST(Telling, NobodyWasThereYet) {
  const std::string model = model_with(R"("outcome": {"weight": 2, "expected_within_days": 7, "usage": false})");
  const Told never = told(model, {{{}, {}, 50}, daily({})});
  EXPECT_EQ(never.risk(), "never_active");
  EXPECT_EQ(never.next_step, "Set up a first session");
  EXPECT_EQ(never.facts(), "never_active") << "nothing is awaited beside it";
  const Told young = told(model, {{{}, {}, 5}, daily({})});
  EXPECT_EQ(young.facts(), "new never_active");
  EXPECT_EQ(young.main_risk, "");
  EXPECT_EQ(young.next_step, "Follow the onboarding plan");
}

// ---------------------------------------------------------------- no earlier score

TEST(Telling, ANewAccountTellsWhatItHasDone) {
  const std::string model = model_with(R"("export": 2, "report": 1, "call": {"weight": -30},
      "outcome": {"weight": 2, "expected_within_days": 7, "usage": false})");
  const auto report = [&](Day age, const std::vector<Events>& events) {
    return told(model, {{events, {}, age}, daily({})});
  };
  EXPECT_EQ(report(5, {{"login", 5, 1}, {"export", 3, 2}, {"report", 1, 1}}).facts(), "new login export");
  EXPECT_EQ(report(9, {{"login", 9, 1}}).facts(), "new outcome login");
  EXPECT_EQ(report(9, {{"login", 9, 1}}).main_risk_signal, "outcome");
  EXPECT_EQ(report(20, {{"login", 20, 1}}).facts(), "outcome login");
  // It was there for ten days and is silent since: nothing of what it has done.
  EXPECT_EQ(report(20, {{"login", 20, 11}}).facts(), "silent outcome");
  EXPECT_EQ(report(5, {{"login", 5, 1}, {"call", 2, 2}}).risk(), "call");
}

// ---------------------------------------------------------------- it stayed

TEST(Telling, AScoreThatStayedTellsRisks) {
  const std::string signals = rating("a", "1") + ", " + rating("b", "1") + ", " + rating("c", "1") + ", " +
                              rating("d", "1") + ", " + rating("praise", "1");
  const auto report = [&](std::vector<Events> events) { return told(model_with(signals), {daily(std::move(events))}); };
  const Told red = report({{"praise", 200, 1, 1, 30},
                           {"a", 200, 1, 1, 1},
                           {"b", 200, 1, 1, -2},
                           {"c", 200, 1, 1, 1.1},
                           {"d", 200, 1, 1, 0}});
  EXPECT_EQ(red.facts(), "b d a");
  EXPECT_EQ(red.main_risk_signal, "b");
  EXPECT_EQ(red.order(), "b d a login praise c");
  // A lower band without a risk: nothing. Green without one: strengths.
  EXPECT_EQ(report({{"praise", 200, 1, 1, 10}}).reason, "Score 62: nothing new.");
  EXPECT_EQ(report({{"praise", 200, 1, 1, 40}, {"a", 200, 1, 1, 5}}).facts(), "login praise a");
  EXPECT_EQ(report({{"praise", 200, 1, 1, 40}, {"a", 200, 1, 1, 1}}).facts(), "login praise but a")
      << "green, and costly";
}

// ---------------------------------------------------------------- main_risk

// One signal for each class; each report has all from some class on.
TEST(Telling, RisksComeClassByClass) {
  const std::string model =
      R"({"curve": "linear", "baseline": 2000, "window_days": 28, "trend_points": 100,
      "signals": {"login": 10, "score": {"measure": "last", "weight": 1, "window_days": null}, )" +
      rating("old", "1") + ", " + rating("fell", "1") + R"(,
      "call": {"weight": -3, "unit": "score"}, "user:*": {"measure": "distinct", "weight": 0.1, "unit": "score", "neutral": 1, "days": 28},
      "outcome": {"weight": 1, "expected_within_days": 300}, "gone": {"weight": 3.6, "inactive_days": 7},
      "below": {"weight": 20}}})";
  const std::vector<std::pair<std::string, std::vector<Events>>> classes = {
      {"call", {{"call", 2, 2}}},                                  // a new penalty of risk_points
      {"fell", {{"fell", 40, 40, 1, 8}, {"fell", 9, 9, 1, 4.5}}},  // lost risk_points
      {"user:*", {{"user:ann", 90, 5}}},                           // a member is silent
      {"outcome", {}},                                             // awaited
      {"gone", {{"gone", 60, 15}}},                                // inactive, and had a tenth
      {"old", {{"old", 300, 300, 1, 1}}},                          // a state that costs risk_points
      {"below", {{"below", 200, 1}}},                              // below the peers
  };
  const Account peer = daily({{"below", 200, 1, 2}, {"outcome", 200, 200}});
  for (std::size_t from = 0; from <= classes.size(); ++from) {
    Account account = daily({{"score", 300, 300, 1, 20}});
    if (from > 3) account.events.push_back({"outcome", 300, 300});
    for (std::size_t i = from; i < classes.size(); ++i)
      account.events.insert(account.events.end(), classes[i].second.begin(), classes[i].second.end());
    if (from == classes.size()) account.events.push_back({"below", 200, 1, 2});
    account.age = 350;
    EXPECT_EQ(told(model, {account, peer, peer}).main_risk_signal, from < classes.size() ? classes[from].first : "")
        << "from " << from;
  }
}

TEST(Telling, RiskPointsAreWhatARiskTakes) {
  const auto risk = [](const std::string& weight, double before, double now, const std::string& options = "") {
    return told(model_with(rating("nps", weight), options), {with(rated("nps", before, now))}).risk();
  };
  EXPECT_EQ(risk("1", 7, 4), "nps");
  EXPECT_EQ(risk("0.9", 7, 4), "");
  EXPECT_EQ(risk("0.9", 7, 4, R"("risk_points": 2.5, )"), "nps");
  EXPECT_EQ(risk("1", 1, 1), "nps");
  EXPECT_EQ(risk("0.9", 1, 1), "");
  EXPECT_EQ(risk("1", -4, 1), "") << "it gained, though it still costs";
}

TEST(Telling, OldPenaltiesAreOlderThanTrendDays) {
  const auto told_of = [](Day ago) {
    return told(
        model_with(R"("call": {"weight": -5, "window_days": 90, "half_life_days": null}, )" + rating("fell", "1")),
        {with({{"call", ago, ago}}, {rated("fell", 9, 5)})});
  };
  EXPECT_EQ(told_of(28).main_risk_signal, "call");
  EXPECT_EQ(told_of(29).main_risk_signal, "fell") << "what moved is before what was";
  EXPECT_EQ(told_of(29).order(), "fell call login");
}

TEST(Telling, GreenAccountsWithoutNewsHaveNoRisk) {
  const Account peer = daily({{"export", 200, 1, 9}});
  const auto risk = [&](double score) {
    return told(R"({"curve": "linear", "baseline": 1000, "window_days": 28, "signals": {"login": 1, "export": 2,
                    "praise": {"measure": "last", "weight": 1, "window_days": null}}})",
                {daily({{"praise", 300, 300, 1, score}, {"export", 200, 1}}), peer, peer})
        .risk();
  };
  EXPECT_EQ(risk(70), "export");
  EXPECT_EQ(risk(90), "");
}

TEST(Telling, UsageIsLowWhereNothingElseIs) {
  const auto report = [](const std::string& baseline, const std::string& options = "") {
    return told(R"({"curve": "linear", "window_days": 28, )" + options + R"("baseline": )" + baseline +
                    R"(, "signals": {"login": 1}})",
                {daily({})});
  };
  EXPECT_EQ(report("57").facts(), "usage_low");
  EXPECT_EQ(report("57").risk(), "usage_low");
  EXPECT_EQ(report("57").next_step, "Show what they do not use yet");
  EXPECT_EQ(report("56").main_risk, "");
  EXPECT_EQ(report("57", R"("bands": [["low", 0], ["good", 49]], )").main_risk, "");
}

TEST(Telling, ANewAccountHasFewRisks) {
  const std::string model = model_with(rating("nps", "2") + R"(, "export": 1, "call": {"weight": -30})");
  const auto risk = [&](const std::vector<Events>& events) {
    return told(model, {{events, {}, 13}, daily({{"export", 200, 1, 9}}), daily({{"export", 200, 1, 9}})}).risk();
  };
  EXPECT_EQ(risk({{"login", 13, 1}}), "") << "neither the peers nor low usage";
  EXPECT_EQ(risk({{"login", 13, 1}, {"call", 3, 3}}), "call");
  EXPECT_EQ(risk({{"login", 13, 1}, {"nps", 3, 3, 1, 2}}), "nps");
  EXPECT_EQ(risk({{"login", 13, 13}}), "silent");
}

// ---------------------------------------------------------------- opportunities and next steps

TEST(Telling, OpportunitiesAreGoodNewsOfGoodAccounts) {
  const std::string signals = R"("export": {"weight": 1, "opportunity": true, "next_step": {"up": "Talk about seats"}},
      "call": {"weight": -5, "window_days": 90}, )" +
                              rating("praise", "1");
  const auto report = [&](double praise, std::vector<Events> more = {}) {
    std::vector<Events> events = {{"praise", 300, 300, 1, praise}, {"export", 40, 40, 6}, {"export", 9, 9, 14}};
    events.insert(events.end(), more.begin(), more.end());
    return told(model_with(signals), {daily(events)});
  };
  const Told green = report(20);  // 56 + 14 + 16
  EXPECT_EQ(green.main_opportunity, "Export up 133%");
  EXPECT_EQ(green.main_opportunity_signal, "export");
  EXPECT_EQ(green.next_step, "Talk about seats");
  EXPECT_EQ(report(10).main_opportunity, "") << "yellow, and hardly up";
  EXPECT_EQ(report(8, {{"export", 8, 8, 4}}).main_opportunity, "Export up 200%") << "up by twelve";
  EXPECT_EQ(report(-26, {{"export", 8, 8, 4}}).main_opportunity, "") << "up, and red";
  EXPECT_EQ(report(30, {{"call", 40, 40}}).main_opportunity, "") << "beside a penalty of risk_points";
  EXPECT_EQ(told(model_with(rating("praise", "1") + R"(, "export": 1)"),
                 {with({{"praise", 300, 300, 1, 20}, {"export", 40, 40, 6}, {"export", 9, 9, 14}})})
                .main_opportunity,
            "")
      << "nobody says that it is one";
  // Usage counts as the sum of its signals.
  const Told usage = told(model_with(std::string(kThree) + ", " + rating("praise", "1", R"(, "opportunity": true)")),
                          {with(three(8, 24), {{{"praise", 300, 300, 1, 14}}})});
  EXPECT_EQ(usage.fact_of(usage.main_opportunity), "usage_up");
  EXPECT_EQ(usage.main_opportunity_signal, "");
  EXPECT_EQ(usage.next_step, "Ask what worked and who else needs it");
}

TEST(Telling, StepsBelongToTheState) {
  const auto step = [](const std::string& steps, double before, double now) {
    return told(model_with(rating("nps", "2", R"(, "next_step": )" + steps) + R"(, "export": 1)"),
                {with(rated("nps", before, now), {{{"export", 90, 1, 2}}})})
        .next_step;
  };
  EXPECT_EQ(step(R"({"fell": "Call", "low": "Ask"})", 5, 2), "Call");
  EXPECT_EQ(step(R"({"fell": "Call", "low": "Ask"})", 2, 2), "Ask");
  EXPECT_EQ(step(R"({"high": "Thank"})", 5, 2), "");
  EXPECT_EQ(step(R"({"high": "Thank"})", 5, 5), "") << "neither a risk nor an opportunity";
  EXPECT_EQ(step(R"("Call")", 5, 2), "Call");
  EXPECT_EQ(step(R"("Call")", 5, 5), "");
}

}  // namespace
}  // namespace health
