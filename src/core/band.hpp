// Bands of a score: [0, red_below) red, [red_below, green_from) yellow, [green_from, 100] green.
#pragma once

#include "model.hpp"

namespace health {

enum class Band : std::uint8_t { red, yellow, green };

Band band_of(double score, const Model& model);
const char* band_name(Band band);

}  // namespace health
