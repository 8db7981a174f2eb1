#include "share.hpp"

#include <algorithm>
#include <cmath>

namespace health {

void share_points(const Model& model, Baseline baseline, const Evaluation& evaluation,
                  std::span<const std::int32_t> signals, const double* contributions, double* points) {
  if (signals.empty()) return;
  const double usage = usage_share(evaluation, model), weights = present_weight(evaluation, model);
  const double f = normalized(evaluation.raw, baseline, model);
  const double e = earned(f, evaluation, model);
  const Adjusted after = adjusted(e, evaluation.praise, evaluation.penalty);
  // raw is summed exactly, `positive` from rounded parts: take raw where there are no losses, and never less than raw.
  const double top_raw = evaluation.negative == 0 ? evaluation.raw : std::max(evaluation.positive, evaluation.raw);
  const double gained = normalized(top_raw, baseline, model);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const double c = contributions[i];
    points[i] = 0;
    if (c == 0) continue;
    const Unit unit = model.signal(signals[i]).unit;
    if (unit == Unit::share) {
      points[i] = c / weights;
      continue;
    }
    const bool raw = unit == Unit::raw;
    const double shared =
        raw ? usage * (c > 0 ? gained : f - gained) : (c > 0 ? after.top - e : after.score - after.top);
    const double total =
        raw ? (c > 0 ? evaluation.positive : evaluation.negative) : (c > 0 ? evaluation.praise : evaluation.penalty);
    points[i] = shared * (std::fabs(c) / total) + 0.0;
  }
  // Where sums cancel down to their last bits, raw and the c_s round differently, even to other signs. What is left
  // over then goes to the largest contribution, so that the points still add up.
  double left = after.score;
  std::size_t largest = 0;
  for (std::size_t i = 0; i < signals.size(); ++i) {
    left -= points[i];
    if (std::fabs(contributions[i]) > std::fabs(contributions[largest])) largest = i;
  }
  if (std::fabs(left) > 1e-10) points[largest] += left;
  // What overrides the score has the difference.
  if (!evaluation.override_score) return;
  const auto place = std::find(signals.begin(), signals.end(), model.override_signal());
  if (place != signals.end()) points[place - signals.begin()] = *evaluation.override_score - after.score + 0.0;
}

namespace {

// Where the baseline is not positive, normalized() jumps at 0: what is left by rounding must not count as above it.
double sum_of(double a, double b) {
  const double sum = a + b;
  return std::fabs(sum) < 1e-12 * (std::fabs(a) + std::fabs(b)) ? 0 : sum;
}

}  // namespace

double share_move(const Model& model, Baseline baseline, std::span<const std::int32_t> signals, double raw0,
                  const double* c0, double raw1, const double* c1, double* moves) {
  double gained = 0, lost = 0;
  for (std::size_t i = 0; i < signals.size(); ++i) {
    if (model.signal(signals[i]).unit != Unit::raw) continue;
    const double delta = c1[i] - c0[i];
    (delta > 0 ? gained : lost) += std::fabs(delta);
  }
  finite(gained, "gain of the raw score");
  finite(lost, "loss of the raw score");
  const auto f = [&](double raw) { return normalized(raw, baseline, model); };
  const double from = f(raw0), to = f(raw1);
  double gains = to - from, losses = to - from;  // if all signals moved the same way
  if (gained > 0 && lost > 0) {
    const double high = f(sum_of(raw0, gained)), low = f(sum_of(raw0, -lost));
    gains = ((high - from) + (to - low)) / 2;
    losses = ((to - high) + (low - from)) / 2;
  }
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const double delta = model.signal(signals[i]).unit == Unit::raw ? c1[i] - c0[i] : 0;
    moves[i] = delta == 0 ? 0 : delta > 0 ? gains * (delta / gained) : losses * (-delta / lost);
    moves[i] += 0.0;
  }
  return gained == 0 && lost == 0 ? to - from : 0;
}

void share_dimensions(const Model& model, std::span<const std::int32_t> signals, const double* points, double* sums) {
  std::fill_n(sums, model.dimensions().size(), 0.0);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const Signal& signal = model.signal(signals[i]);
    if (signal.weight != 0) sums[signal.dimension_index] += points[i];
  }
}

}  // namespace health
