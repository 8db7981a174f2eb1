#include "core/calibration.hpp"

#include <cmath>

#include "outcomes.hpp"
#include "support.hpp"

namespace health {
namespace {

// The isotonic fit at a tie by its min-max formula: the lowest, over beginnings up to there, of the highest mean of a
// run that goes on to the tie or beyond, of rates that may not rise.
double fitted(const Vector<Tie>& ties, std::size_t at) {
  double result = 2;
  for (std::size_t first = 0; first <= at; ++first) {
    double most = -1;
    ChurnCount run{};
    for (std::size_t last = first; last < ties.size(); ++last) {
      run += ties[last].accounts;
      if (last >= at) most = std::max(most, run.churn_rate());
    }
    result = std::min(result, most);
  }
  return result;
}

TEST(Calibration, IsTheIsotonicFit) {
  Random random(21);
  for (int round = 0; round < rounds(2000); ++round) {
    const Vector<Tie> ties = ties_of(random_outcomes(&random, 40), heap());
    const Vector<CalibrationStep> steps = calibration_of(ties, heap());
    ChurnCount total{};
    for (std::size_t i = 0; i < steps.size(); ++i) {
      total += steps[i].accounts;
      if (i > 0) {
        ASSERT_GT(steps[i].from, steps[i - 1].to);
        ASSERT_LT(steps[i].accounts.churn_rate(), steps[i - 1].accounts.churn_rate());
      }
    }
    ASSERT_EQ(total, total_of(ties));
    for (std::size_t i = 0; i < ties.size(); ++i)
      ASSERT_NEAR(churn_probability(ties[i].score, steps).probability, fitted(ties, i), 1e-12) << "round " << round;
  }
}

TEST(Calibration, IsStraightBetweenStepsAndFlatBeyond) {
  const std::vector<Outcome> outcomes = {{10, true}, {10, true}, {20, true}, {20, false}, {60, false}, {80, false}};
  const Vector<CalibrationStep> steps = calibration_of(ties_of(outcomes, heap()), heap());
  ASSERT_EQ(steps.size(), 3U);
  EXPECT_EQ(churn_probability(-5, steps).probability, 1);
  EXPECT_EQ(churn_probability(10, steps).probability, 1);
  EXPECT_EQ(churn_probability(15, steps).probability, 0.75);
  EXPECT_EQ(churn_probability(20, steps).probability, 0.5);
  EXPECT_EQ(churn_probability(30, steps).probability, 0.375);
  EXPECT_EQ(churn_probability(70, steps).probability, 0);
  EXPECT_EQ(churn_probability(1e308, steps).probability, 0);
  EXPECT_NEAR(churn_probability(15, steps).interval.low, (wilson_interval(1, 2).low + wilson_interval(0.5, 2).low) / 2,
              1e-15);
  EXPECT_GT(churn_probability(70, steps).interval.high, 0.5) << "two accounts say little";
}

TEST(Calibration, IsReadAsItWasWritten) {
  Random random(22);
  for (int round = 0; round < 300; ++round) {
    const Vector<CalibrationStep> steps = calibration_of(ties_of(random_outcomes(&random, 60), heap()), heap());
    Arena arena;
    JsonWriter writer(arena.memory());
    write_calibration(steps, &writer);
    const Vector<CalibrationStep> again = read_calibration(writer.root(), heap());
    ASSERT_EQ(again.size(), steps.size());
    for (std::size_t i = 0; i < steps.size(); ++i) {
      ASSERT_EQ(again[i].from, steps[i].from);
      ASSERT_EQ(again[i].to, steps[i].to);
      ASSERT_EQ(again[i].accounts, steps[i].accounts);
    }
  }
}

std::string refusal_of_calibration(const std::string& text) {
  const JsonTree tree(text);
  return failure_of([&] { read_calibration(tree.root(), heap()); }).message;
}

TEST(Calibration, RefusesWhatIsNone) {
  const auto steps = [](const std::string& rows) { return refusal_of_calibration(R"({"steps": [)" + rows + "]}"); };
  const std::string good = R"({"from_score": 0, "to_score": 10, "accounts": 4, "churned": 3})";
  EXPECT_EQ(steps(good), "");
  EXPECT_EQ(refusal_of_calibration("{}"), "invalid calibration: steps are missing");
  EXPECT_EQ(refusal_of_calibration(R"({"steps": 3})"), "invalid calibration: steps are missing");
  EXPECT_EQ(steps(""), "invalid calibration: it has no step");
  EXPECT_EQ(steps("7"), "invalid calibration: no number from_score");
  EXPECT_EQ(steps(R"({"from_score": 0, "to_score": "10", "accounts": 4, "churned": 3})"),
            "invalid calibration: no number to_score");
  EXPECT_EQ(steps(R"({"from_score": 11, "to_score": 10, "accounts": 4, "churned": 3})"),
            "invalid calibration: a step begins behind its end");
  EXPECT_EQ(steps(R"({"from_score": 0, "to_score": 10, "accounts": 4, "churned": 5})"),
            "invalid calibration: a step has accounts, and some of them churned");
  EXPECT_EQ(steps(R"({"from_score": 0, "to_score": 10, "accounts": 0, "churned": 0})"),
            "invalid calibration: a step has accounts, and some of them churned");
  EXPECT_EQ(steps(R"({"from_score": 0, "to_score": 10, "accounts": 1.5, "churned": 1})"),
            "invalid calibration: counts are whole numbers");
  EXPECT_EQ(steps(good + "," + good), "invalid calibration: steps are not in order");
  EXPECT_EQ(steps(good + R"(,{"from_score": 20, "to_score": 30, "accounts": 4, "churned": 3})"),
            "invalid calibration: churn rates do not fall from step to step");
}

}  // namespace
}  // namespace health
