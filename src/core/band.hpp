// Bands of a score, from worst to best: each begins at its cut, which belongs to it, and ends before the next one's.
#pragma once

#include "model.hpp"

namespace health {

using Band = std::int32_t;  // index in Model::bands, or in kDefaultBands
inline constexpr Band kWorstBand = 0;
inline Band best_band(std::span<const BandTerms> bands) { return static_cast<Band>(bands.size()) - 1; }

Band band_of(double score, std::span<const BandTerms> bands);
// What columns and filters say.
std::string_view band_code(Band band, std::span<const BandTerms> bands);
// What sentences say.
std::string_view band_label(Band band, std::span<const BandTerms> bands, Language language);

// As keys of a model that it is merged with: other cuts of its bands, all but the first one's, rising.
void write_cuts(const Model& model, std::span<const double> cuts, JsonWriter* out);

}  // namespace health
