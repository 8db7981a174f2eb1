// Window function health_alert over the readings of one account in order of time.
#include "core/alert.hpp"

#include "pg/window.hpp"

namespace health {

namespace {

// The readings so far. The server calls a window function once a row, in order, so each call reads one more.
struct AlertPartition {
  PartitionModel model;
  AlertState* alerts;
};

}  // namespace

extern "C" {

// (score, day, model)
PG_FUNCTION_INFO_V1(health_alert);
Datum health_alert(PG_FUNCTION_ARGS) {
  auto* state = partition_state<AlertPartition>(fcinfo);
  const NullableDatum score = current_argument(fcinfo, 0), day = current_argument(fcinfo, 1);
  const NullableDatum model = current_argument(fcinfo, 2);
  if (score.isnull || day.isnull || model.isnull) PG_RETURN_NULL();
  MemoryContext keep = GetMemoryChunkContext(state);
  state->model.take(fcinfo, model.value);
  const double reading = finite_argument(DatumGetFloat8(score.value), "score");
  const Day on = day_of_date(DatumGetDateADT(day.value), "day");
  if (state->alerts == nullptr) state->alerts = placed<AlertState>(keep);
  Alert alert = Alert::none;
  guarded([&](Memory*) { alert = state->alerts->read(reading, on, state->model.model()); });
  if (alert == Alert::none) PG_RETURN_NULL();
  PG_RETURN_TEXT_P(cstring_to_text(alert_name(alert)));
}
}

}  // namespace health
