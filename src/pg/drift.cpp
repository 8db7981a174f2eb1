// Aggregate health_drift.
#include "core/drift.hpp"

#include "pg/aggregate.hpp"
#include "pg/json.hpp"
#include "pg/shared.hpp"

namespace health {

namespace {

// Each group has its model in its own memory.
struct DriftState {
  GroupModel<Drift*> model;
  SharedDay as_of;
};

}  // namespace

extern "C" {

// (state, activity, model, as_of)
PG_FUNCTION_INFO_V1(health_drift_add);
Datum health_drift_add(PG_FUNCTION_ARGS) {
  MemoryContext context = aggregate_context(fcinfo);
  if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3)) return unchanged(fcinfo);
  auto* state = aggregate_state<DriftState>(fcinfo, context);
  const CompiledModel& model = compiled_argument(fcinfo, PG_GETARG_DATUM(2));
  const Day as_of = day_of_date(PG_GETARG_DATEADT(3), "as_of");
  Drift* drift =
      state->model.known ? state->model.terms : built<Drift>(context, *kept_model(model, context), std::int64_t{as_of});
  state->model.take(model.id, drift);
  state->as_of.take(as_of, "as_of", "group");
  const varlena* activity = activity_argument(PG_GETARG_DATUM(1));
  guarded([&](Memory* memory) { drift->add(canonical(activity, memory)); });
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_drift_final);
Datum health_drift_final(PG_FUNCTION_ARGS) {
  aggregate_context(fcinfo);
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const auto* state = reinterpret_cast<const DriftState*>(PG_GETARG_POINTER(0));
  PG_RETURN_JSONB_P(jsonb_written([&](JsonWriter* out, Memory*) { state->model.terms->write(out); }));
}
}

}  // namespace health
