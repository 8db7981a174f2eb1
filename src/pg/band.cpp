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
  const Model* model = PG_NARGS() > 1 ? &model_argument(fcinfo, PG_GETARG_DATUM(1)) : nullptr;
  const char* name = nullptr;
  guarded([&](Memory* memory) {
    const Model defaults(memory);
    name = band_name(band_of(finite(score, "score"), model != nullptr ? *model : defaults));
  });
  PG_RETURN_TEXT_P(cstring_to_text(name));
}
}

}  // namespace health
