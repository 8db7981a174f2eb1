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
  EXPECT_NE(told.find("signal=login label=Login weight=1 accounts=8 coverage=1 auc=1 auc_low=0.566157 auc_high=1 "
                      "churn_rate_with=0.375 direction=positive "),
            std::string::npos)
      << told;
  EXPECT_NE(
      told.find("signal=ticket label=Ticket weight=-2 accounts=3 coverage=0.375 auc=0 auc_low=0 auc_high=0.433843 "
                "churn_rate_with=1 churn_rate_without=0 direction=negative "),
      std::string::npos)
      << told;
  EXPECT_NE(
      told.find("signal=nps label=Nps weight=1 accounts=1 coverage=0.125 churn_rate_with=0 churn_rate_without=0.428571 "
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

}  // namespace
}  // namespace health
