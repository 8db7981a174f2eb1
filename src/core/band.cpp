#include "band.hpp"

namespace health {

Band band_of(double score, const Model& model) {
  if (score < model.red_below) return Band::red;
  return score < model.green_from ? Band::yellow : Band::green;
}

const char* band_name(Band band) {
  static constexpr const char* kNames[] = {"red", "yellow", "green"};
  static_assert(std::size(kNames) == static_cast<std::size_t>(Band::green) + 1);
  return kNames[static_cast<std::size_t>(band)];
}

}  // namespace health
