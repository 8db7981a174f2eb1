#include "stable_band.hpp"

#include <algorithm>

namespace health {

namespace {

// The best band whose lower cut the score clears by the margin; a score of 100 clears them all.
Band cleared_band(double score, const Model& model) {
  const auto clears = [&](double cut) { return score >= std::min(cut + model.stable_margin, 100.0); };
  if (clears(model.green_from)) return Band::green;
  return clears(model.red_below) ? Band::yellow : Band::red;
}

}  // namespace

void StableBand::enter(Band band, double score) {
  band_ = band;
  direction_ = 0;
  streak_ = 0;
  entered_at_ = score;
}

void StableBand::read(double score, const Model& model) {
  const Band plain = band_of(score, model), cleared = cleared_band(score, model);
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
