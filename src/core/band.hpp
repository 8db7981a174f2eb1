// Bands of a score: [0, red_below) red, [red_below, green_from) yellow, [green_from, 100] green.
#pragma once

#include "model.hpp"

namespace health {

enum class Band : std::uint8_t { red, yellow, green };

Band band_of(double score, const Model& model);
const char* band_name(Band band);

// A band that does not flap. Readings come in order of time:
//   the first one enters its band;
//   a worse band is entered after stable_readings in a row that are worse, a better one after as many that clear its
//   lower cut by stable_margin; of the bands seen in that row the one nearest to the old band is entered;
//   a fall of drop_points since the band was entered passes at once.
class StableBand {
 public:
  bool known() const { return known_; }
  Band band() const { return band_; }
  void read(double score, const Model& model);

 private:
  void enter(Band band, double score);
  bool known_;
  Band band_, pending_;
  int direction_;      // -1, 0, 1: of the row of readings that lead out of the band
  std::int32_t row_;   // how many
  double entered_at_;  // score
};
static_assert(std::is_trivially_destructible_v<StableBand>);

}  // namespace health
