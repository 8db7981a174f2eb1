#include "band.hpp"

namespace health {

Band band_of(double score, std::span<const BandTerms> bands) {
  Band band = best_band(bands);
  while (band > kWorstBand && score < bands[static_cast<std::size_t>(band)].cut) --band;
  return band;
}

std::string_view band_code(Band band, std::span<const BandTerms> bands) {
  return band_label(band, bands, Language::en);
}

std::string_view band_label(Band band, std::span<const BandTerms> bands, Language language) {
  return bands[static_cast<std::size_t>(band)].names[static_cast<int>(language)];
}

}  // namespace health
