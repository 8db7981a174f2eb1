// Which signal has what part of a score, of its change, and of the distance from the peers. The parts sum to the whole.
#pragma once

#include "score.hpp"

namespace health {

// Shares a score among the signals. With e = f(raw), top and score from adjusted() (score.hpp):
//   positive raw signals share f(P) in proportion to c_s, negative ones -(f(P) - e) in proportion to |c_s|;
//   positive adjustments share top - e, negative ones -(top - score), in proportion.
// In a scorecard the raw signals share theirs times usage_share(), and a measure has its w m by the weights that are
// there. What overrides the score has the difference to the one computed.
// `contributions` holds the c_s of `signals`, which are those of the model that have one, ascending; `points` receives
// as many. Points sum to the score.
void share_points(const Model& model, Baseline baseline, const Evaluation& evaluation,
                  std::span<const std::int32_t> signals, const double* contributions, double* points);

// Shares the move f(raw1) - f(raw0) among the raw signals, from contributions c0 to c1. With U and L the sums of what
// they gained and lost, gains-first gives f(raw0+U) - f(raw0) to the gains, losses-first gives f(raw0-L) - f(raw0) to
// the losses; the mean of both orders is shared in proportion. A signal that did not move gets exactly 0, and so do
// those of unit score. Returns the part that belongs to no signal: 0, or, where no contribution moved, the difference
// that the last bits of raw0 and raw1 make.
double share_move(const Model& model, Baseline baseline, std::span<const std::int32_t> signals, double raw0,
                  const double* c0, double raw1, const double* c1, double* moves);

// Points per dimension of the model, as many as it has dimensions(): they sum to the score, too.
void share_dimensions(const Model& model, std::span<const std::int32_t> signals, const double* points, double* sums);

}  // namespace health
