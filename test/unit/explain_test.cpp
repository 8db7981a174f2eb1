// The headline of a score, and health_explain.
#include "core/explain.hpp"

#include <array>
#include <cmath>
#include <sstream>

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

// What is left to watch is no cause of a rise.
TEST(Headline, SaysThatThereIsNothingNew) {
  const Headline state{Language::en, 45, 44, 10, false, true};
  EXPECT_EQ(std::string(explain_score(state, {}, heap())), "Score 45: nothing new.");
  const Headline french{Language::fr, 45, 44, 10, false, true};
  EXPECT_EQ(std::string(explain_score(french, {}, heap())), "Score 45" NBSP ": rien de nouveau.");
  EXPECT_EQ(headline(Language::en, 45, 44, 10, {}), "Score 45.");
}

TEST(Headline, SetsWhatIsLeftApart) {
  const std::vector<std::string_view> sentences = {"A", "B"};
  EXPECT_EQ(std::string(explain_score({Language::en, 45, 25, 10, true}, sentences, heap())),
            "Score rose to 45 (+20): A; but B.");
  EXPECT_EQ(std::string(explain_score({Language::fr, 45, 25, 10, true}, sentences, heap())),
            "Score monté à 45 (+20)" NBSP ": A" NBSP "; mais B.");
}

// ---------------------------------------------------------------- health_explain

std::string explain(const std::string& drivers, Language language = Language::en, double score = 45.5,
                    std::optional<double> previous = 67.2) {
  const JsonTree tree(drivers);
  Arena arena;
  return std::string(explain_json({language, score, previous, 10}, tree.root(), arena.memory()));
}
// Drivers a, b, ... with points, change and vs_peers each; their texts are A, B, ...
std::string drivers_of(const std::vector<std::array<double, 3>>& rows) {
  std::ostringstream text;
  for (std::size_t i = 0; i < rows.size(); ++i)
    text << (i == 0 ? "[" : ", ") << R"({"signal": ")" << static_cast<char>('a' + i) << R"(", "text": ")"
         << static_cast<char>('A' + i) << R"(", "points": )" << rows[i][0] << R"(, "change": )" << rows[i][1]
         << R"(, "vs_peers": )" << rows[i][2] << '}';
  return text.str() + ']';
}

TEST(ExplainJson, TellsMoversFirst) {
  const struct {
    double score, previous;
    std::vector<std::array<double, 3>> drivers;
    const char* told;
  } cases[] = {
      // Falls: by a point or more, worst first; no state, no gain.
      {45, 67, {{10, -7, 0}, {-30, 0, 0}, {5, 9, 0}, {0, -9, 0}, {2, -1, 0}}, "fell to 45 (-22): D; A; E"},
      {45, 67, {{10, -7, 0}, {-30, 0, 0}, {5, 9, 0}, {0, -9, 0}, {2, -0.9, 0}}, "fell to 45 (-22): D; A"},
      {45, 67, {{1, -4, 0}, {1, -6, 0}, {1, -5, 0}, {1, -7, 0}}, "fell to 45 (-22): D; B; C"},
      // Nothing smaller than a twentieth of it all.
      {45, 67, {{1, -40, 0}, {1, -2.3, 0}, {1, -2, 0}}, "fell to 45 (-22): A; B"},
      // Nobody moved a point: the largest.
      {45, 67, {{1, -0.2, 0}, {1, -0.5, 0}, {1, 0, 0}}, "fell to 45 (-22): B; A"},
      // Rises, likewise.
      {67, 45, {{10, -9, 0}, {-30, 2, 0}, {5, 9, 0}, {40, 0, 0}}, "rose to 67 (+22): C; B"},
      // It stayed: what costs, in the order of the list, before what helps, most first.
      {45, 46, {{5, 0, 0}, {9, 0, 0}, {-1, 0, 0}, {2, -2, 0}, {3, 0, -5}}, "45: C; D; E"},
      {45, 46, {{5, 0, 0}, {9, 0, 0}, {-1, 0, 0}, {-0.9, 0, 0}, {0, 0, 0}}, "45: C; B; A"},
      {79, 78, {{5, 0, 0}, {9, 0, 0}, {-1, 0, 0}}, "79: C; B; A"},
      // What costs is no news where the score is green.
      {80, 79, {{5, 0, 0}, {9, 0, 0}, {-1, 0, 0}, {3, 0, -9}}, "80: B; A; D"},
      // Nothing to compare with.
      {45, 67, {{5, 0, 0}, {-3, 0, 0}}, "fell to 45 (-22): B; A"},
      {45, 67, {{0, 0, 0}}, "fell to 45 (-22)"},
      {45, 67, {}, "fell to 45 (-22)"},
  };
  for (const auto& each : cases) {
    const std::string drivers = each.drivers.empty() ? "[]" : drivers_of(each.drivers);
    EXPECT_EQ(explain(drivers, Language::en, each.score, each.previous), "Score " + std::string(each.told) + ".")
        << drivers;
  }
  EXPECT_EQ(explain(drivers_of({{10, -9, 0}, {-30, 0, 0}, {5, 0, 0}}), Language::en, 45, std::nullopt),
            "Score 45: A; B; C.");
}

TEST(ExplainJson, ARowWithoutASignalIsOneOfThem) {
  const std::string drivers =
      R"([{"signal": "a", "points": 30, "change": -3, "text": "A"},
          {"signal": null, "kind": "other", "points": -9, "change": -4, "text": "Other signals"},
          {"kind": "baseline", "points": 0, "change": -20, "text": "The mark for 100 rose"}])";
  EXPECT_EQ(explain(drivers), "Score fell to 45 (-22): The mark for 100 rose; Other signals; A.");
  EXPECT_EQ(explain(R"([{"points": -3, "change": null}])"), "Score fell to 45 (-22): Other signals -3.");
}

// Drivers of health_drivers have no text: the sentence is their label and points.
TEST(ExplainJson, WritesPointsWhereThereIsNoText) {
  const std::string drivers =
      R"([{"signal": "late_payment", "label": "late payment", "points": -12.34, "text": null},
          {"signal": "x", "points": 2}])";
  EXPECT_EQ(explain(drivers), "Score fell to 45 (-22): late payment -12.3; x +2.");
  EXPECT_EQ(explain(drivers, Language::fr),
            "Score tombé à 45 (" MINUS "22)" NBSP ": late payment " MINUS "12,3" NBSP "; x +2.");
  EXPECT_EQ(explain(R"([{"signal": "x", "points": 2, "change": -3}])"), "Score fell to 45 (-22): x -3.");
  EXPECT_EQ(explain(R"([{"signal": "x", "points": 2.04, "change": 1}])"), "Score fell to 45 (-22).");
}

TEST(ExplainJson, RefusesNumbersThatNoSentenceCanTell) {
  expect_failure("22003", "a driver's points out of range: 1000000000000001",
                 [] { explain(R"([{"signal": "x", "points": 1000000000000001}])"); });
  expect_failure("22003", "a driver's change out of range: -1e400",
                 [] { explain(R"([{"signal": "x", "change": -1e400}])"); });
  EXPECT_EQ(explain(R"([{"signal": "x", "points": 1000000000000000}])"),
            "Score fell to 45 (-22): x +1000000000000000.");
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
