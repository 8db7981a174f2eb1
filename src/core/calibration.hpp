// What a score means in churn: the share that churned, by score, made to fall as scores rise.
#pragma once

#include "outcomes.hpp"

namespace health {

// Neighbouring scores of one churn rate.
struct CalibrationStep {
  double from, to;  // scores, both belong to it
  ChurnCount accounts;
};

// Isotonic regression by pooling neighbours that are out of order (R. E. Barlow et al., Statistical Inference under
// Order Restrictions, 1972): the churn rates that fall strictly from step to step and are nearest to those of the ties
// by least squares. Lowest scores first; empty without ties.
Vector<CalibrationStep> calibration_of(std::span<const Tie> ties, Memory* memory);

// A chance of churn, 0 to 1, and how sure that is: Wilson's interval of the step.
struct ChurnProbability {
  double probability;
  Interval interval;
};
// Between two steps in a straight line, beyond the first and the last as there. At least one step.
ChurnProbability churn_probability(double score, std::span<const CalibrationStep> steps);

// {"accounts": 500, "churned": 60, "steps": [{"from_score": 0, "to_score": 31.5, "accounts": 40,
//  "churned": 22, "churn_rate": 0.55, "low": 0.398293, "high": 0.69294}, ...]}.
void write_calibration(std::span<const CalibrationStep> steps, JsonWriter* out);
// Reads scores and counts; the rest follows from these. Throws 22023 on what write_calibration() cannot have written,
// but for rates.
Vector<CalibrationStep> read_calibration(Json document, Memory* memory);

}  // namespace health
