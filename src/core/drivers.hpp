// Drivers: what each signal adds to a score, to its change, and to the distance from the peers. All of it sums exactly.
#pragma once

#include "band.hpp"
#include "peers.hpp"

namespace health {

// Shares a score among the signals. With e = f(raw), top and score from adjusted():
//   positive raw signals share f(P) in proportion to c_s, negative ones -(f(P) - e) in proportion to |c_s|;
//   positive adjustments share top - e, negative ones -(top - score), in proportion.
// `contributions` holds the c_s of `signals`, which are those of the model that have one, ascending; `points` receives
// as many. Points sum to the score.
void share_points(const Model& model, Baseline baseline, const Evaluation& evaluation,
                  std::span<const std::int32_t> signals, const double* contributions, double* points);

// Shares the move f(raw1) - f(raw0) among the raw signals, from contributions c0 to c1. With U and L the sums of what
// they gained and lost, gains-first gives f(raw0+U) - f(raw0) to the gains, losses-first gives f(raw0-L) - f(raw0) to
// the losses; the mean of both orders is shared in proportion. A signal that did not move gets exactly 0, and so do
// those of unit score. Returns what nobody can have: 0, or where none moved the last bits in which raw0 and raw1
// differ.
double share_move(const Model& model, Baseline baseline, std::span<const std::int32_t> signals, double raw0,
                  const double* c0, double raw1, const double* c1, double* moves);

inline constexpr double kMostPoints =
    1e15;  // of a signal, and what sentences tell: doubles are whole numbers soon after
inline constexpr double kRiskPoints = -1, kBelowPeers = -5;  // points from which a driver is a risk

enum class Kind : std::uint8_t {
  none,
  risk,
  inactive,
  down,
  up,
  fading,
  fresh,
  low,
  high,
  expired,
  below_peers,
  steady,
  other,
  baseline
};
const char* kind_name(Kind kind);

struct Driver {
  std::int32_t signal;  // index in the model
  Kind kind;
  std::uint8_t rank;  // 1..3: risks, 4: strengths; see order_drivers
  double key;         // orders those of one rank
  double points;
  bool has_change, has_peers;
  double change, vs_peers;
  const SignalReading* reading;  // of the account at hand
  std::string_view sentence;     // where one is asked for
};

// One account at one date, seen by its drivers.
struct Situation {
  const Model& model;
  const Peers& peers;
  std::int64_t as_of;
  AccountSize size;
  Band band;
  bool has_previous;
  double previous_positive;  // P at the earlier date
};

// Kind of a driver whose numbers are set: the first that fits, see docs/drivers.md.
Kind classify(const Situation& situation, const Driver& driver);

// Sets the ranks and sorts:
//   1  min(points, change) <= -1, worst first
//   2  inactive, down or fading with at least a tenth of P before, by lost contribution
//   3  where the band is not green: vs_peers <= -5, worst first
//   4  the rest, by points
// Ties by signal.
void order_drivers(const Situation& situation, Vector<Driver>* drivers);

// Points per dimension as a JSON object, before folding.
void write_dimensions(const Model& model, std::span<const std::int32_t> signals, const double* points, JsonWriter* out,
                      Memory* memory);

// One element of the JSON array of drivers.
struct DriverJson {
  std::string_view signal, label, dimension, kind, text;
  double points;
  Measured change, vs_peers, recent, prior, pct, days_inactive;
};
void write_driver(const DriverJson& driver, JsonWriter* out);

// A row of health_drivers: any signal with its points and, if compared, those before. Without a name it is a rest that
// belongs to no signal.
struct WeightedRow {
  std::string_view signal;
  double points, previous;
};
// The rows as a JSON array of drivers, added up per signal in sorted order; reorders them. Worst first, then strengths,
// then the rest, of kind other. Throws 22003 where points or a change pass 1e15 in size.
void list_drivers(std::span<WeightedRow> rows, bool compared, JsonWriter* out, Memory* memory);
std::string_view kept(std::string_view text, Memory* memory);  // a copy that lives as long as `memory`

}  // namespace health
