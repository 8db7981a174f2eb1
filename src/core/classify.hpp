// What kind of a driver a signal is (it fell silent, it is down, ...), and which drivers come first. Their JSON:
// drivers.hpp; their sentences: explain.hpp.
#pragma once

#include "band.hpp"
#include "kinds.hpp"
#include "peers.hpp"

namespace health {

inline constexpr double kRiskPoints = -1, kBelowPeers = -5;  // points from which a driver is a risk

struct Driver {
  std::int32_t signal;  // index in the model
  Kind kind;
  std::uint8_t rank;  // 1..3: risks, 4: strengths; see order_drivers
  double key;         // orders those of one rank
  double points;
  std::optional<double> change, vs_peers;
  const SignalReading* reading;  // of the account
  std::string_view sentence;     // set for the drivers that are shown
};

// One account at one date: what the kinds and the order of its drivers depend on.
struct Situation {
  const Model& model;
  const Peers& peers;
  std::int64_t as_of;
  AccountSize size;
  Band band;
  std::optional<double> previous_positive;  // Evaluation::positive then, if the account had activity before
};

// Kind of a driver whose numbers are set: the first that fits, see docs/drivers.md.
Kind classify(const Situation& situation, const Driver& driver);

// Sets the ranks and sorts:
//   1  min(points, change) <= -1, worst first
//   2  inactive, down or fading, with at least a tenth of previous_positive then, by lost contribution
//   3  where the band is not the best: vs_peers <= -5, worst first
//   4  all others, by points
// Ties by signal.
void order_drivers(const Situation& situation, Vector<Driver>* drivers);

}  // namespace health
