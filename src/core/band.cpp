#include "band.hpp"

namespace health {

Band band_of(double score, const Model& model) {
  if (score < model.red_below) return Band::red;
  return score < model.green_from ? Band::yellow : Band::green;
}

const char* band_name(Band band) {
  static constexpr const char* kNames[] = {"red", "yellow", "green"};
  return kNames[static_cast<int>(band)];
}

}  // namespace health
