#include "calibration.hpp"

#include <algorithm>
#include <cmath>

#include "decimal.hpp"
#include "failure.hpp"

namespace health {

namespace {

// Whether the first has the higher churn rate, exactly.
bool churns_more(const ChurnCount& a, const ChurnCount& b) {
  return Int128{a.churned} * b.all() > Int128{b.churned} * a.all();
}

ChurnProbability probability_of(const CalibrationStep& step) {
  return {step.accounts.churn_rate(), churn_interval(step.accounts)};
}

constexpr char kCalibrationHint[] = "A calibration is made by health_calibration(score, churned).";

[[noreturn]] void invalid_calibration(const char* what) {
  fail(kInvalidParameter, kCalibrationHint, "invalid calibration: %s", what);
}

double calibration_number(Json object, std::string_view key) {
  const std::optional<Json> value = member(object, key);
  double number = 0;
  if (!value || (*value)->type != JsonType::number || !parse_double((*value)->text, &number))
    fail(kInvalidParameter, kCalibrationHint, "invalid calibration: no number %.*s", shown(key), key.data());
  return number;
}

std::int64_t calibration_count(Json object, std::string_view key) {
  constexpr double kMost = 1e15;
  const double number = calibration_number(object, key);
  if (!(number >= 0 && number <= kMost) || number != std::floor(number))
    invalid_calibration("counts are whole numbers");
  return static_cast<std::int64_t>(number);
}

CalibrationStep read_step(Json object) {
  const double from = calibration_number(object, "from_score"), to = calibration_number(object, "to_score");
  const std::int64_t all = calibration_count(object, "accounts"), churned = calibration_count(object, "churned");
  if (!(from <= to)) invalid_calibration("a step begins behind its end");
  if (all == 0 || churned > all) invalid_calibration("a step has accounts, and some of them churned");
  return {from, to, {all - churned, churned}};
}

}  // namespace

Vector<CalibrationStep> calibration_of(std::span<const Tie> ties, Memory* memory) {
  Vector<CalibrationStep> steps(memory);
  for (const Tie& tie : ties) {
    CalibrationStep step{tie.score, tie.score, tie.accounts};
    for (; !steps.empty() && !churns_more(steps.back().accounts, step.accounts); steps.pop_back()) {
      step.from = steps.back().from;
      step.accounts += steps.back().accounts;
    }
    steps.push_back(step);
  }
  return steps;
}

ChurnProbability churn_probability(double score, std::span<const CalibrationStep> steps) {
  // The last step that begins up to the score, or the first one.
  const auto next_step = std::upper_bound(steps.begin() + 1, steps.end(), score,
                                          [](double at, const CalibrationStep& step) { return at < step.from; });
  const auto i = static_cast<std::size_t>(next_step - steps.begin()) - 1;
  const ChurnProbability here = probability_of(steps[i]);
  if (score <= steps[i].to || i + 1 == steps.size()) return here;
  const ChurnProbability next = probability_of(steps[i + 1]);
  const double to = steps[i].to / 2, part = (score / 2 - to) / (steps[i + 1].from / 2 - to);  // halves never overflow
  if (!(part >= 0 && part <= 1)) return next;  // steps too near for halves
  const auto between = [&](double a, double b) { return a + part * (b - a); };
  return {between(here.probability, next.probability),
          {between(here.interval.low, next.interval.low), between(here.interval.high, next.interval.high)}};
}

void write_calibration(std::span<const CalibrationStep> steps, JsonWriter* out) {
  ChurnCount total{};
  for (const CalibrationStep& step : steps) total += step.accounts;
  out->begin(JsonType::object);
  write_counts("accounts", total, out);
  out->key("steps");
  out->begin(JsonType::array);
  for (const CalibrationStep& step : steps) {
    out->begin(JsonType::object);
    out->number("from_score", step.from);
    out->number("to_score", step.to);
    write_counts("accounts", step.accounts, out);
    write_churn_rate(step.accounts, out);
    out->end();
  }
  out->end();
  out->end();
}

Vector<CalibrationStep> read_calibration(Json document, Memory* memory) {
  const std::optional<Json> list = member(document, "steps");
  if (!list || (*list)->type != JsonType::array) invalid_calibration("steps are missing");
  Vector<CalibrationStep> steps(memory);
  for (const Json item : *list) {
    const CalibrationStep step = read_step(item);
    if (!steps.empty() && !(step.from > steps.back().to)) invalid_calibration("steps are not in order");
    if (!steps.empty() && !churns_more(steps.back().accounts, step.accounts))
      invalid_calibration("churn rates do not fall from step to step");
    steps.push_back(step);
  }
  if (steps.empty()) invalid_calibration("it has no step");
  return steps;
}

}  // namespace health
