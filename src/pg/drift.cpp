// Aggregate health_drift.
#include "core/drift.hpp"

#include "pg/aggregate.hpp"
#include "pg/json.hpp"
#include "pg/shared.hpp"

namespace health {

namespace {

struct DriftState {
  bool known;
  ModelId id;
  Day as_of;
  Drift* drift;
};

void begin_drift(DriftState* state, const CompiledModel& model, Day as_of, MemoryContext context) {
  const JsonNode* nodes = kept_document(model, context);
  auto* own = placed<Model>(context);
  guarded([&](Memory*) {
    own->read(Json(nodes, 0), memory_of(own->signals));
    own->require_signals();
  });
  *state = {true, model.id, as_of, built<Drift>(context, *own, std::int64_t{as_of})};
}

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
  if (!state->known) begin_drift(state, model, as_of, context);
  if (state->id != model.id) raise_mixed("model", "group");
  if (state->as_of != as_of) raise_mixed("as_of", "group");
  const varlena* activity = activity_argument(PG_GETARG_DATUM(1));
  guarded([&](Memory* memory) { state->drift->add(canonical(activity, memory)); });
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_drift_final);
Datum health_drift_final(PG_FUNCTION_ARGS) {
  aggregate_context(fcinfo);
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const auto* state = reinterpret_cast<const DriftState*>(PG_GETARG_POINTER(0));
  const JsonNode* written = nullptr;
  guarded([&](Memory* memory) {
    JsonWriter writer(memory);
    state->drift->write(&writer);
    written = kept_nodes(writer, memory);
  });
  PG_RETURN_JSONB_P(jsonb_of_nodes(written));
}
}

}  // namespace health
