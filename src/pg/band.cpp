// health_band.
#include "core/band.hpp"

#include "pg/model.hpp"
#include "pg/values.hpp"

namespace health {

extern "C" {

// (score [, model])
PG_FUNCTION_INFO_V1(health_band);
Datum health_band(PG_FUNCTION_ARGS) {
  const double score = PG_GETARG_FLOAT8(0);
  std::span<const BandTerms> bands = kDefaultBands;
  if (PG_NARGS() > 1) bands = model_argument(fcinfo, PG_GETARG_DATUM(1)).bands;
  return text_datum(band_code(band_of(finite_argument(score, "score"), bands), bands));
}
}

}  // namespace health
