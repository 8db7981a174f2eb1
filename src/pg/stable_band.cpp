// Window function health_stable_band over the readings of one account in order of time.
#include "core/stable_band.hpp"

#include "pg/window.hpp"

namespace health {

namespace {

// The readings so far. The server calls a window function once a row, in order, so each call reads one more.
struct BandPartition {
  PartitionModel model;
  StableBand* band;
};

}  // namespace

extern "C" {

// (score, model)
PG_FUNCTION_INFO_V1(health_stable_band);
Datum health_stable_band(PG_FUNCTION_ARGS) {
  auto* state = partition_state<BandPartition>(fcinfo);
  const NullableDatum score = current_argument(fcinfo, 0), model = current_argument(fcinfo, 1);
  if (model.isnull) PG_RETURN_NULL();
  if (state->band == nullptr) state->band = placed<StableBand>(GetMemoryChunkContext(state));
  state->model.take(fcinfo, model.value);
  if (!score.isnull) state->band->read(finite_argument(DatumGetFloat8(score.value), "score"), state->model.model());
  if (!state->band->band()) PG_RETURN_NULL();
  return text_datum(band_code(*state->band->band(), state->model.model().bands));
}
}

}  // namespace health
