#include "share.hpp"

#include <algorithm>
#include <cmath>

namespace health {

namespace {

constexpr double kRounding = 1e-10;  // what sums that cancel may leave over

double score_before_override(const Evaluation& evaluation, double usage, const Model& model) {
  return adjusted(earned(usage, evaluation, model), evaluation.praise, evaluation.penalty).score;
}

double override_beyond(const Evaluation& evaluation, double score) {
  return evaluation.override_score ? *evaluation.override_score - score + 0.0 : 0;
}

}  // namespace

double share_points(const Model& model, const AtDate& moment, std::span<const std::int32_t> signals, double* points) {
  const Evaluation& evaluation = moment.evaluation;
  const double usage = usage_share(evaluation, model), weights = present_weight(evaluation, model);
  const double f = normalized(evaluation.raw, moment.baseline, model);
  const double e = earned(f, evaluation, model);
  const Adjusted after = adjusted(e, evaluation.praise, evaluation.penalty);
  // raw is summed exactly, `positive` from rounded parts: take raw where there are no losses, and never less than raw.
  const double top_raw = evaluation.negative == 0 ? evaluation.raw : std::max(evaluation.positive, evaluation.raw);
  const double gained = normalized(top_raw, moment.baseline, model);
  std::copy_n(moment.contributions, signals.size(), points);
  bound_adjustments(model, signals, points);
  // Where sums cancel down to their last bits, raw and the c_s round differently, even to other signs. What is left
  // over then goes to the largest contribution, so that the points still add up.
  double left = after.score;
  std::size_t largest = 0;
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const double c = points[i];
    if (std::fabs(moment.contributions[i]) > std::fabs(moment.contributions[largest])) largest = i;
    if (c == 0) continue;
    const Unit unit = model.signal(signals[i]).unit;
    if (unit == Unit::share) {
      points[i] = c / weights;
    } else {
      const bool raw = unit == Unit::raw;
      const double shared =
          raw ? usage * (c > 0 ? gained : f - gained) : (c > 0 ? after.top - e : after.score - after.top);
      const double total =
          raw ? (c > 0 ? evaluation.positive : evaluation.negative) : (c > 0 ? evaluation.praise : evaluation.penalty);
      points[i] = shared * (std::fabs(c) / total) + 0.0;
    }
    left -= points[i];
  }
  if (std::fabs(left) > kRounding && !signals.empty()) points[largest] += left;
  return override_beyond(evaluation, after.score);
}

namespace {

// Where the baseline is not positive, normalized() jumps at 0: what is left by rounding must not count as above it.
double sum_of(double a, double b) {
  const double sum = a + b;
  return std::fabs(sum) < 1e-12 * (std::fabs(a) + std::fabs(b)) ? 0 : sum;
}

// A move of the raw signals, in terms of f(raw).
struct RawMove {
  double gained, lost;  // sums of what they gained and lost, before normalization
  double from, to;
  double high, low;  // with all gains and no losses; with all losses and no gains
  bool moved() const { return gained > 0 || lost > 0; }
  double gains() const { return ((high - from) + (to - low)) / 2; }
  double losses() const { return ((to - high) + (low - from)) / 2; }
};

RawMove raw_move(const Model& model, Baseline baseline, std::span<const std::int32_t> signals, double raw0,
                 const double* c0, double raw1, const double* c1) {
  RawMove move{};
  for (std::size_t i = 0; i < signals.size(); ++i) {
    if (model.signal(signals[i]).unit != Unit::raw) continue;
    const double delta = c1[i] - c0[i];
    (delta > 0 ? move.gained : move.lost) += std::fabs(delta);
  }
  finite(move.gained, "gain of the raw score");
  finite(move.lost, "loss of the raw score");
  const auto f = [&](double raw) { return normalized(raw, baseline, model); };
  move.from = f(raw0);
  move.to = f(raw1);
  const bool both = move.gained > 0 && move.lost > 0;
  move.high = both ? f(sum_of(raw0, move.gained)) : move.gained > 0 ? move.to : move.from;
  move.low = both ? f(sum_of(raw0, -move.lost)) : move.gained > 0 ? move.from : move.to;
  return move;
}

double raw_part(const RawMove& move, double gains, double losses, double delta) {
  return delta > 0 ? gains * (delta / move.gained) : losses * (-delta / move.lost);
}

}  // namespace

double share_move(const Model& model, Baseline baseline, std::span<const std::int32_t> signals, double raw0,
                  const double* c0, double raw1, const double* c1, double* moves) {
  const RawMove move = raw_move(model, baseline, signals, raw0, c0, raw1, c1);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const double delta = model.signal(signals[i]).unit == Unit::raw ? c1[i] - c0[i] : 0;
    moves[i] = delta == 0 ? 0 : raw_part(move, move.gains(), move.losses(), delta) + 0.0;
  }
  return move.moved() ? 0 : move.to - move.from;
}

namespace {

// What all signals that moved would do to the score without caps, summed; `measures` is the part of a scorecard's.
struct Uncapped {
  double gain = 0, loss = 0, measures_gain = 0, measures_loss = 0;
};

// `parts` receives what each of them would do.
Uncapped uncapped_parts(const Model& model, const AtDate& before, const AtDate& now, const RawMove& raw,
                        std::span<const std::int32_t> signals, double* parts) {
  const double usage = usage_share(now.evaluation, model), weights = present_weight(now.evaluation, model);
  // Where raw scores cancel down to their last bits, these may say the opposite of the contributions.
  const double gains = usage * std::max(0.0, raw.gains()), losses = usage * std::min(0.0, raw.losses());
  Uncapped sums;
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const double delta = now.contributions[i] - before.contributions[i];
    const Unit unit = model.signal(signals[i]).unit;
    parts[i] = unit == Unit::share ? delta / weights : delta;
    if (unit == Unit::share) (delta > 0 ? sums.measures_gain : sums.measures_loss) += parts[i];
    if (unit == Unit::raw && delta != 0) parts[i] = raw_part(raw, gains, losses, delta);
    (parts[i] > 0 ? sums.gain : sums.loss) += parts[i];
  }
  return sums;
}

}  // namespace

Unowned share_change(const Model& model, const AtDate& before, const AtDate& now, std::span<const std::int32_t> signals,
                     double* changes) {
  const Evaluation &had = before.evaluation, &has = now.evaluation;
  const double *const c0 = before.contributions, *const c1 = now.contributions;
  RawMove raw = raw_move(model, now.baseline, signals, had.raw, c0, has.raw, c1);
  // Where no raw signal moved, what the last bits of the raw scores make belongs to nobody, as the baseline's move
  // does.
  if (!raw.moved()) raw.from = raw.high = raw.low = raw.to;

  // Praise and penalties where each signal contributes choose(before, now); `changes` is scratch.
  const auto adjustments = [&](auto choose) {
    for (std::size_t i = 0; i < signals.size(); ++i) changes[i] = choose(c0[i], c1[i]);
    return bound_adjustments(model, signals, changes);
  };
  const Adjustments high = adjustments([](double a, double b) { return std::max(a, b); }),
                    low = adjustments([](double a, double b) { return std::min(a, b); });
  const Uncapped moved = uncapped_parts(model, before, now, raw, signals, changes);

  const double usage_before = normalized(had.raw, before.baseline, model);
  const double share = usage_share(has, model);
  const double start = earned(usage_before, had, model) + share * (raw.from - usage_before);
  const auto score = [&](double usage, double measures, const Adjustments& by) {
    return adjusted(start + share * (usage - raw.from) + measures, by.praise, by.penalty).score;
  };
  const double from = score(raw.from, 0, {had.praise, had.penalty}),
               to = score(raw.to, moved.measures_gain + moved.measures_loss, {has.praise, has.penalty}),
               best = score(raw.high, moved.measures_gain, high), worst = score(raw.low, moved.measures_loss, low);
  const double gain = std::max(0.0, ((best - from) + (to - worst)) / 2),
               loss = std::min(0.0, ((to - best) + (worst - from)) / 2);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const double part = changes[i];
    if (part != 0) changes[i] = (part > 0 ? gain * (part / moved.gain) : loss * (part / moved.loss)) + 0.0;
  }

  const double computed_before = score_before_override(had, usage_before, model),
               computed = score_before_override(has, raw.to, model);
  Unowned unowned;
  unowned.baseline = from - computed_before;
  if (model.scorecard()) unowned.coverage = computed - to;
  unowned.override_change = override_beyond(has, computed) - override_beyond(had, computed_before);
  // As in share_points(), what rounding leaves over goes to the largest.
  double left = to - from;
  std::size_t largest = 0;
  const auto move_of = [&](std::size_t i) { return std::fabs(c1[i] - c0[i]); };
  for (std::size_t i = 0; i < signals.size(); ++i) {
    left -= changes[i];
    if (move_of(i) > move_of(largest)) largest = i;
  }
  if (std::fabs(left) > kRounding) {
    const bool anybody = !signals.empty() && move_of(largest) > 0;
    (anybody ? changes[largest] : unowned.baseline) += left;
  }
  return unowned;
}

void share_dimensions(const Model& model, std::span<const std::int32_t> signals, const double* points,
                      double override_points, double* sums) {
  std::fill_n(sums, model.dimensions().size(), 0.0);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const Signal& signal = model.signal(signals[i]);
    if (signal.weight != 0) sums[signal.dimension_index] += points[i];
  }
  if (override_points != 0) sums[model.signal(model.override_signal()).dimension_index] += override_points;
}

}  // namespace health
