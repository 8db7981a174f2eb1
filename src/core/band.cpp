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

void write_cuts(const Model& model, std::span<const double> cuts, JsonWriter* out) {
  if (!model.own_bands) {
    out->number("red_below", cuts[0]);
    out->number("green_from", cuts[1]);
    return;
  }
  out->key("bands");
  out->begin(JsonType::array);
  for (std::size_t i = 0; i < model.bands.size(); ++i) {
    const BandTerms& band = model.bands[i];
    out->begin(JsonType::array);
    if (band.names[0] == band.names[1]) {
      out->string(band.names[0]);
    } else {
      out->begin(JsonType::object);
      out->string("en", band.names[static_cast<int>(Language::en)]);
      out->string("fr", band.names[static_cast<int>(Language::fr)]);
      out->end();
    }
    out->number(i == 0 ? 0 : cuts[i - 1]);
    out->end();
  }
  out->end();
}

}  // namespace health
