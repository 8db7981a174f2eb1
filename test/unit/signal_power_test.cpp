#include "core/signal_power.hpp"

#include "support.hpp"

namespace health {
namespace {

std::string written_power(const SignalPower& power) {
  Arena arena;
  JsonWriter writer(arena.memory());
  power.write(&writer);
  std::string text;
  for (const JsonNode& node : writer.nodes())
    text += std::string(node.key) + (node.text.empty() ? "" : "=" + std::string(node.text)) + " ";
  return text;
}

TEST(SignalPower, TellsWhatEachSignalSays) {
  const auto model =
      model_of(R"({"signals": {"login": 1, "ticket": -2, "nps": {"weight": 1, "measure": "last", "neutral": 7}}})");
  SignalPower power(*model, heap());
  for (int i = 1; i <= 8; ++i) {
    const bool churned = i <= 3;
    std::string text = R"({"login": {"2026-01-20": )" + std::to_string(i) + "}";
    if (churned) text += R"(, "ticket": {"2026-01-25": 1})";
    if (i == 8) text += R"(, "nps": {"2026-01-25": [1, 0]})";
    power.add(activity_of(text + "}"), kAsOf, churned);
  }
  const std::string told = written_power(power);
  EXPECT_NE(told.find("signal=login label=Login weight=1 observations=8 coverage=1 auc=1 auc_low=0.566157 auc_high=1 "
                      "churn_rate_with=0.375 direction=positive "),
            std::string::npos)
      << told;
  EXPECT_NE(
      told.find("signal=ticket label=Ticket weight=-2 observations=3 coverage=0.375 auc=0 auc_low=0 auc_high=0.433843 "
                "churn_rate_with=1 churn_rate_without=0 direction=negative "),
      std::string::npos)
      << told;
  EXPECT_NE(
      told.find(
          "signal=nps label=Nps weight=1 observations=1 coverage=0.125 churn_rate_with=0 churn_rate_without=0.428571 "
          "direction=unclear "),
      std::string::npos)
      << told;
}

TEST(SignalPower, KnowsItsDirectionWhereTheIntervalDoes) {
  const auto model = model_of(R"({"signals": {"login": 1}})");
  SignalPower power(*model, heap());
  for (int i = 0; i < 60; ++i)
    power.add(activity_of(R"({"login": {"2026-01-20": )" + std::to_string(i % 30 + 1) + "}}"), kAsOf, i % 30 < 8);
  EXPECT_NE(written_power(power).find("direction=positive"), std::string::npos);
}

// An account's dates are no accounts of their own: of signals that say nothing, three dates in one find a direction in
// no more than 5 %, be its churn drawn anew at each date or once for all.
TEST(SignalPower, HasNoDirectionInNoiseOfSeveralDates) {
  const auto model = model_of(R"({"window_days": 30, "signals": {"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}})");
  Random random(71);
  for (const bool anew : {true, false}) {
    int clear = 0;
    const int books = rounds(240);
    for (int book = 0; book < books; ++book) {
      Arena arena;
      SignalPower power(*model, arena.memory());
      for (int account = 0; account < 80; ++account) {
        Reference reference;
        for (const char* name : {"a", "b", "c", "d", "e"})
          for (const double level = random.real(0, 1); const int age : {5, 15, 25, 40, 50, 60, 75, 85, 95, 110})
            if (random.real(0, 1) < level) reference[name][kAsOf - age] = {kAsOf - age, 1, 0, 0};
        const Buffer activity = encode(reference);
        bool churned = random.one_in(4);
        for (const Day as_of : {kAsOf - 60, kAsOf - 30, kAsOf}) {
          if (anew) churned = random.one_in(4);
          power.add(activity, as_of, churned);
        }
      }
      const std::string told = written_power(power);
      for (std::size_t at = 0; (at = told.find("tive", at)) != std::string::npos; ++at) ++clear;
    }
    EXPECT_LE(clear, 5 * books * 5 / 100) << (anew ? "anew" : "once");
  }
}

}  // namespace
}  // namespace health
