// The headline of a score, and health_explain.
#include "core/explain.hpp"

#include <cmath>

#include "core/placeholder.hpp"
#include "told.hpp"

namespace health {
namespace {

// ---------------------------------------------------------------- the score

std::string headline(Language language, double score, std::optional<double> previous, double trend_points = 10,
                     std::vector<std::string_view> sentences = {"A"}) {
  return std::string(explain_score({language, score, previous, trend_points}, sentences, heap()));
}

TEST(Headline, NamesAMoveOfTrendPoints) {
  EXPECT_EQ(headline(Language::en, 45, std::nullopt), "Score 45: A.");
  EXPECT_EQ(headline(Language::en, 45, 54.9), "Score 45: A.");
  EXPECT_EQ(headline(Language::en, 45, 55), "Score fell to 45 (-10): A.");
  EXPECT_EQ(headline(Language::en, 45, 35), "Score rose to 45 (+10): A.");
  EXPECT_EQ(headline(Language::fr, 45, 45), "Score 45" NBSP ": A.");
  EXPECT_EQ(headline(Language::fr, 45, 67), "Score tombé à 45 (" MINUS "22)" NBSP ": A.");
  EXPECT_EQ(headline(Language::fr, 45, 23), "Score monté à 45 (+22)" NBSP ": A.");
}

// Scores are rounded down, so that 49.99 prints as 49, which is red as well; the change is that of the printed numbers.
TEST(Headline, RoundsScoresDown) {
  EXPECT_EQ(headline(Language::en, 49.999999999999, std::nullopt), "Score 49: A.");
  EXPECT_EQ(headline(Language::en, 45.9, 56), "Score fell to 45 (-11): A.");
  EXPECT_EQ(headline(Language::en, 45, 55.9), "Score fell to 45 (-10): A.");
  EXPECT_EQ(headline(Language::en, 0.5, 100), "Score fell to 0 (-100): A.");
  // Nothing to print where the numbers printed are the same.
  EXPECT_EQ(headline(Language::en, 45.1, 45.9, 0.5), "Score 45: A.");
  EXPECT_EQ(headline(Language::en, 45, 45, 0), "Score 45: A.");
}

TEST(Headline, JoinsSentences) {
  EXPECT_EQ(headline(Language::en, 45, {}, 10, {}), "Score 45.");
  EXPECT_EQ(headline(Language::en, 45, {}, 10, {"A", "B", "C"}), "Score 45: A; B; C.");
  EXPECT_EQ(headline(Language::fr, 45, {}, 10, {"A", "B", "C"}), "Score 45" NBSP ": A" NBSP "; B" NBSP "; C.");
  EXPECT_EQ(headline(Language::en, 45, {}, 10, {"A", "Call Ann."}), "Score 45: A; Call Ann.");
}

// ---------------------------------------------------------------- health_explain

std::string explain(const std::string& drivers, Language language = Language::en) {
  const JsonTree tree(drivers);
  Arena arena;
  return std::string(explain_json({language, 45.5, 67.2, 10}, tree.root(), arena.memory()));
}

TEST(ExplainJson, ReadsTheDriversOfAReport) {
  EXPECT_EQ(
      explain(R"([{"signal": "a", "points": 10, "change": -9, "kind": "inactive", "text": "Admin inactive for 14 days"},
                        {"signal": "b", "points": -3, "change": null, "kind": "risk", "text": "B"},
                        {"signal": "c", "points": 9, "change": 0, "kind": "down", "text": "C"},
                        {"signal": "d", "points": -1, "change": 0, "kind": "risk", "text": "D"},
                        {"signal": null, "points": -9, "change": -9, "kind": "other", "text": "Other signals"}])"),
      "Score fell to 45 (-22): Admin inactive for 14 days; B; C.");
  // Risks are the drivers before the first strength.
  EXPECT_EQ(explain(
                R"([{"signal": "a", "points": -5, "text": "A"}, {"signal": "b", "points": 5, "text": "B"},
                        {"signal": "c", "points": -5, "text": "C"}])"),
            "Score fell to 45 (-22): A.");
  // Without a risk, strengths; rows that stand for no signal are not read out.
  EXPECT_EQ(
      explain(R"([{"signal": "a", "points": 30, "change": 0, "text": "A"}, {"signal": "b", "points": 0, "text": "B"},
                        {"signal": "c", "points": 5, "text": "C"},
                        {"kind": "baseline", "points": 0, "change": -20, "text": "Other accounts moved"}])"),
      "Score fell to 45 (-22): A; C.");
  EXPECT_EQ(explain(R"([{"kind": "baseline", "points": 0, "change": -20, "text": "Other accounts moved"}])"),
            "Score fell to 45 (-22).");
  EXPECT_EQ(
      explain(
          R"([{"signal": "a", "points": 0, "vs_peers": -5, "text": "A"}, {"signal": "b", "points": 5, "text": "B"}])"),
      "Score fell to 45 (-22): A.");
  EXPECT_EQ(explain("[]"), "Score fell to 45 (-22).");
}

// Drivers of health_drivers have no text: the sentence is their label and points.
TEST(ExplainJson, WritesPointsWhereThereIsNoText) {
  const std::string drivers =
      R"([{"signal": "late_payment", "label": "late payment", "points": -12.34, "text": null},
          {"signal": "x", "points": 2}])";
  EXPECT_EQ(explain(drivers), "Score fell to 45 (-22): late payment -12.3.");
  EXPECT_EQ(explain(drivers, Language::fr), "Score tombé à 45 (" MINUS "22)" NBSP ": late payment " MINUS "12,3.");
  EXPECT_EQ(explain(R"([{"signal": "x", "points": 2, "change": -3}])"), "Score fell to 45 (-22): x -3.0.");
  EXPECT_EQ(explain(R"([{"signal": "x", "points": 2.04, "change": 1}])"), "Score fell to 45 (-22): x +2.0.");
}

TEST(ExplainJson, RefusesNumbersThatNoSentenceCanTell) {
  expect_failure("22003", "a driver's points out of range: 1000000000000001",
                 [] { explain(R"([{"signal": "x", "points": 1000000000000001}])"); });
  expect_failure("22003", "a driver's change out of range: -1e400",
                 [] { explain(R"([{"signal": "x", "change": -1e400}])"); });
  EXPECT_EQ(explain(R"([{"signal": "x", "points": 1000000000000000}])"),
            "Score fell to 45 (-22): x +1000000000000000.0.");
  const JsonTree none("[]");
  const auto told = [&](double score, double previous) {
    return [&, score, previous] { explain_json({Language::en, score, previous, 10}, none.root(), heap()); };
  };
  expect_failure("22003", "score out of range: 1e+300", told(1e300, 0));
  expect_failure("22003", "previous score out of range: -1.7e+308", told(0, -1.7e308));
}

TEST(ExplainJson, RefusesWhatIsNoListOfDrivers) {
  const auto refused = [](const std::string& drivers, const std::string& message) {
    expect_failure("22023", message, [&] { explain(drivers); });
  };
  refused("{}", "drivers must be an array, not an object");
  refused("null", "drivers must be an array, not null");
  refused("[5]", "a driver must be an object, not a number");
  refused("[[]]", "a driver must be an object, not an array");
  refused(R"([{"signal": "a", "points": "5"}])", "a driver's points must be a number");
  refused(R"([{"signal": "a", "change": true}])", "a driver's change must be a number");
  refused(R"([{"signal": "a", "vs_peers": []}])", "a driver's vs_peers must be a number");
  refused(R"([{"signal": 5}])", "a driver's signal must be a string");
  refused(R"([{"signal": "a", "text": {}}])", "a driver's text must be a string");
  refused(R"([{"signal": "a"}, {"kind": 1}])", "a driver's kind must be a string");
  refused(R"([{"label": 1}])", "a driver's label must be a string");
}

TEST(ExplainJson, KnowsTwoLanguages) {
  EXPECT_EQ(language_of_name("fr"), Language::fr);
  EXPECT_EQ(language_of_name("en"), Language::en);
  for (const char* other : {"", "FR", "de", "french"}) EXPECT_FALSE(language_of_name(other)) << other;
}

}  // namespace
}  // namespace health
