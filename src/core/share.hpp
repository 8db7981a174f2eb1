// Which signal has what part of a score, of its change, and of the distance from the peers. The parts sum to the whole.
#pragma once

#include "score.hpp"

namespace health {

// An account at one date, and the baseline of that date. `contributions` are the c_s of its `signals`, which are those
// of the model that have one, ascending; before dimension_caps.
struct AtDate {
  const Evaluation& evaluation;
  Baseline baseline;
  const double* contributions;
};

// Shares a score among the signals. With e = f(raw), top and score from adjusted() (score.hpp):
//   positive raw signals share f(P) in proportion to c_s, negative ones -(f(P) - e) in proportion to |c_s|;
//   positive adjustments share top - e, negative ones -(top - score), in proportion to what dimension_caps leave.
// In a scorecard the raw signals share theirs times usage_share(), and a measure has its w m by the weights that are
// there. `points` receives one number a signal. Returns what is nobody's: the value that overrides the score less the
// one computed, 0 without one. Points and that sum to the score.
double share_points(const Model& model, const AtDate& moment, std::span<const std::int32_t> signals, double* points);

// What of a score and of its change belongs to no signal. 0 where there is none.
struct Unowned {
  double baseline = 0;         // change: the other accounts moved
  double coverage = 0;         // change: a scorecard has other measures
  double override_points = 0;  // as share_points() returns them
  double override_change = 0;  // what they are more than before
};

// Shares the change of a score among the signals that moved. Under today's baseline, and in a scorecard today's
// weights, with G the state in which each signal contributes what it did at the better date and L that at the worse:
//   gains-first gives S(G) - S(before) to those that gained, S(now) - S(G) to those that lost;
//   losses-first gives S(now) - S(L) to the former, S(L) - S(before) to the latter;
// the mean of both orders is shared in proportion to what they would do without the caps of praise, penalty and
// dimensions: a raw signal its part of share_move(), one of unit score c1 - c0, a measure that by the weights. A signal
// that did not move gets exactly 0. Measures that came or went have to contribute the same at both dates: what they do
// to the mean is Unowned::coverage. Changes and the change parts of Unowned sum to the change. override_points stays 0.
Unowned share_change(const Model& model, const AtDate& before, const AtDate& now, std::span<const std::int32_t> signals,
                     double* changes);

// Shares the move f(raw1) - f(raw0) among the raw signals, from contributions c0 to c1, by the mean of both orders. A
// signal that did not move gets exactly 0, and so do those of other units. Returns the part that belongs to no signal:
// 0, or, where no contribution moved, the difference that the last bits of raw0 and raw1 make.
double share_move(const Model& model, Baseline baseline, std::span<const std::int32_t> signals, double raw0,
                  const double* c0, double raw1, const double* c1, double* moves);

// Points per dimension of the model, as many as it has dimensions(). What overrides the score counts for the dimension
// of the signal that does, so they sum to the score, too.
void share_dimensions(const Model& model, std::span<const std::int32_t> signals, const double* points,
                      double override_points, double* sums);

}  // namespace health
