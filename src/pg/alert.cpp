// Window functions over the readings of one account in order of time: health_stable_band and health_alert.
#include "core/alert.hpp"

#include <new>

#include "core/normalize.hpp"
#include "pg/window.hpp"

namespace health {

namespace {

// Readings of a partition are taken one after the other; each row is asked for once, in order.
struct ReadingsPartition {
  SharedArguments shared;
  ContextMemory* memory;
  StableBand band;
  AlertState* alerts;
};

double score_argument(NullableDatum argument) {
  double score = DatumGetFloat8(argument.value);
  guarded([&](Memory*) { score = finite(score, "score"); });
  return score;
}

}  // namespace

extern "C" {

// (score, model)
PG_FUNCTION_INFO_V1(health_stable_band);
Datum health_stable_band(PG_FUNCTION_ARGS) {
  auto* state = partition_state<ReadingsPartition>(fcinfo);
  const NullableDatum score = current_argument(fcinfo, 0), model = current_argument(fcinfo, 1);
  if (state->shared.take_model(model, GetMemoryChunkContext(state)) && !score.isnull)
    state->band.read(score_argument(score), state->shared.model());
  if (!state->band.known()) PG_RETURN_NULL();
  PG_RETURN_TEXT_P(cstring_to_text(band_name(state->band.band())));
}

// (score, day, model)
PG_FUNCTION_INFO_V1(health_alert);
Datum health_alert(PG_FUNCTION_ARGS) {
  auto* state = partition_state<ReadingsPartition>(fcinfo);
  MemoryContext keep = GetMemoryChunkContext(state);
  const NullableDatum score = current_argument(fcinfo, 0), day = current_argument(fcinfo, 1),
                      model = current_argument(fcinfo, 2);
  if (!state->shared.take_model(model, keep) || score.isnull || day.isnull) PG_RETURN_NULL();
  const double reading = score_argument(score);
  const Day on = day_of_date(DatumGetDateADT(day.value), "day");
  if (state->alerts == nullptr) {
    state->memory = new (MemoryContextAlloc(keep, sizeof(ContextMemory))) ContextMemory(keep);
    state->alerts = new (MemoryContextAlloc(keep, sizeof(AlertState))) AlertState(state->memory);
  }
  Alert alert = Alert::none;
  guarded([&](Memory*) { alert = state->alerts->read(reading, on, state->shared.model()); });
  if (alert == Alert::none) PG_RETURN_NULL();
  PG_RETURN_TEXT_P(cstring_to_text(alert_name(alert)));
}
}

}  // namespace health
