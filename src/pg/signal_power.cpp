// Aggregate health_signal_power.
#include "core/signal_power.hpp"

#include "pg/aggregate.hpp"
#include "pg/json.hpp"
#include "pg/shared.hpp"

namespace health {

namespace {

// Each group has its model in its own memory.
struct PowerState {
  bool known;
  ModelId id;
  SignalPower* power;
};

void begin_power(PowerState* state, const CompiledModel& model, MemoryContext context) {
  const JsonNode* nodes = kept_document(model, context);
  auto* own = placed<Model>(context);
  guarded([&](Memory*) {
    own->read(Json(nodes, 0), memory_of(own->signals));
    own->require_signals();
  });
  *state = {true, model.id, built<SignalPower>(context, *own)};
}

}  // namespace

extern "C" {

// (state, activity, churned, model, as_of)
PG_FUNCTION_INFO_V1(health_signal_power_add);
Datum health_signal_power_add(PG_FUNCTION_ARGS) {
  MemoryContext context = aggregate_context(fcinfo);
  if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3) || PG_ARGISNULL(4)) return unchanged(fcinfo);
  auto* state = aggregate_state<PowerState>(fcinfo, context);
  const CompiledModel& model = compiled_argument(fcinfo, PG_GETARG_DATUM(3));
  if (!state->known) begin_power(state, model, context);
  if (state->id != model.id) raise_mixed("model", "group");
  const varlena* activity = activity_argument(PG_GETARG_DATUM(1));
  const bool churned = PG_GETARG_BOOL(2);
  const Day as_of = day_of_date(PG_GETARG_DATEADT(4), "as_of");
  guarded([&](Memory* memory) { state->power->add(canonical(activity, memory), as_of, churned); });
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_signal_power_final);
Datum health_signal_power_final(PG_FUNCTION_ARGS) {
  aggregate_context(fcinfo);
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const auto* state = reinterpret_cast<const PowerState*>(PG_GETARG_POINTER(0));
  const JsonNode* written = nullptr;
  guarded([&](Memory* memory) {
    JsonWriter writer(memory);
    state->power->write(&writer);
    written = kept_nodes(writer, memory);
  });
  PG_RETURN_JSONB_P(jsonb_of_nodes(written));
}
}

}  // namespace health
