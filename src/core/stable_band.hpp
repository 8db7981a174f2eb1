// The band of an account over time, with hysteresis.
#pragma once

#include <optional>

#include "band.hpp"

namespace health {

// A band that does not flap. Readings come in order of time:
//   the first one enters its band;
//   a worse band is entered after stable_readings in a row that are worse, a better one after as many that clear its
//   cut by stable_margin; of the bands seen in that row the one nearest to the old band is entered, and the next step
//   takes a row of its own;
//   a fall of drop_points since the band was entered passes at once, through any number of bands.
class StableBand {
 public:
  // Nothing before the first reading.
  std::optional<Band> band() const { return band_; }
  void read(double score, const Model& model);

 private:
  void enter(Band band, double score);
  std::optional<Band> band_;
  Band pending_ = kWorstBand;
  int direction_ = 0;        // -1, 0, 1: of the row of readings that lead out of the band
  std::int32_t streak_ = 0;  // readings in that row
  double entered_at_ = 0;    // score
};
static_assert(std::is_trivially_destructible_v<StableBand>);

}  // namespace health
