#include "stable_band.hpp"

#include <algorithm>

namespace health {

namespace {

// The best band whose cut the score clears by the margin; a score of 100 clears them all.
Band cleared_band(double score, const Model& model) {
  const auto clears = [&](const BandTerms& band) { return score >= std::min(band.cut + model.stable_margin, 100.0); };
  Band band = best_band(model.bands);
  while (band > kWorstBand && !clears(model.bands[static_cast<std::size_t>(band)])) --band;
  return band;
}

}  // namespace

void StableBand::enter(Band band, double score) {
  band_ = band;
  direction_ = 0;
  streak_ = 0;
  entered_at_ = score;
}

void StableBand::read(double score, const Model& model) {
  const Band plain = band_of(score, model.bands), cleared = cleared_band(score, model);
  if (!band_ || (plain < *band_ && entered_at_ - score >= model.drop_points)) {
    enter(plain, score);
    return;
  }
  const Band target = plain < *band_ ? plain : std::max(cleared, *band_);
  const int direction = target < *band_ ? -1 : target > *band_ ? 1 : 0;
  const bool goes_on = direction != 0 && direction == direction_;
  pending_ = !goes_on ? target : direction < 0 ? std::max(pending_, target) : std::min(pending_, target);
  streak_ = direction == 0 ? 0 : goes_on ? streak_ + 1 : 1;
  direction_ = direction;
  if (direction != 0 && streak_ >= model.stable_readings) enter(pending_, score);
}

}  // namespace health
