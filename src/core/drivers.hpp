// What each signal adds to a score. The points of all signals sum to the score.
#pragma once

#include "normalize.hpp"
#include "raw.hpp"

namespace health {

// Shares a score among the signals. With e = f(raw), top and score from adjusted():
//   positive raw signals share f(P) in proportion to c_s, negative ones -(f(P) - e) in proportion to |c_s|;
//   positive adjustments share top - e, negative ones -(top - score), in proportion.
// `contributions` holds c_s per model signal, `points` receives as many.
void share_points(const Model& model, Baseline baseline, const Evaluation& evaluation, const double* contributions,
                  double* points);

// The label of a signal in the model's language, or its name with underscores as spaces.
String label_of(const Signal& signal, Language language, Memory* memory);

struct Driver {
  std::int32_t signal;  // index in the model
  double points;
  Measured recent, prior;              // undecayed, over the last trend_days and the trend_days before
  bool seen;                           // activity before as_of
  std::int32_t days_inactive;          // if seen
};

// Drivers of one account in the order of the report: what costs points first, then strengths; ties by signal.
// Signals without weight, or never seen and without points, are left out.
void make_drivers(const Ledger& ledger, const Model& model, std::int64_t as_of, Size size, const double* points,
                  Vector<Driver>* drivers);

// The drivers as a JSON array; all past max_drivers are folded into one of kind other.
void write_drivers(const Model& model, std::span<const Driver> drivers, JsonWriter* out, Memory* memory);
// Points per dimension as a JSON object, before folding; signals without one count under "other".
void write_dimensions(const Model& model, const double* points, JsonWriter* out, Memory* memory);

}  // namespace health
