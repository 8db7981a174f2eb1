// Bands: health_band and the window function health_stable_band.
#include "core/band.hpp"

#include "core/normalize.hpp"
#include "pg/window.hpp"

namespace health {

namespace {

// Readings of a partition are taken one after the other; each row is asked for once, in order.
struct BandPartition {
  PartitionModel model;
  StableBand band;
};

}  // namespace

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

// (score, model)
PG_FUNCTION_INFO_V1(health_stable_band);
Datum health_stable_band(PG_FUNCTION_ARGS) {
  auto* state = partition_state<BandPartition>(fcinfo);
  const NullableDatum score = current_argument(fcinfo, 0), model = current_argument(fcinfo, 1);
  if (model.isnull) PG_RETURN_NULL();
  state->model.take(fcinfo, model.value);
  if (!score.isnull) state->band.read(finite_argument(DatumGetFloat8(score.value), "score"), state->model.model());
  if (!state->band.known()) PG_RETURN_NULL();
  PG_RETURN_TEXT_P(cstring_to_text(band_name(state->band.band())));
}
}

}  // namespace health
