// Aggregate health_signal_power.
#include "core/signal_power.hpp"

#include "pg/aggregate.hpp"
#include "pg/json.hpp"
#include "pg/shared.hpp"

namespace health {

namespace {

// Each group has its model in its own memory.
struct PowerState {
  GroupModel<SignalPower*> model;
};

}  // namespace

extern "C" {

// (state, activity, churned, model, as_of)
PG_FUNCTION_INFO_V1(health_signal_power_add);
Datum health_signal_power_add(PG_FUNCTION_ARGS) {
  MemoryContext context = aggregate_context(fcinfo);
  if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3) || PG_ARGISNULL(4)) return unchanged(fcinfo);
  auto* state = aggregate_state<PowerState>(fcinfo, context);
  const CompiledModel& model = compiled_argument(fcinfo, PG_GETARG_DATUM(3));
  SignalPower* power =
      state->model.known ? state->model.terms : built<SignalPower>(context, *kept_model(model, context));
  state->model.take(model.id, power);
  const varlena* activity = activity_argument(PG_GETARG_DATUM(1));
  const bool churned = PG_GETARG_BOOL(2);
  const Day as_of = day_of_date(PG_GETARG_DATEADT(4), "as_of");
  guarded([&](Memory* memory) { power->add(canonical(activity, memory), as_of, churned); });
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_signal_power_final);
Datum health_signal_power_final(PG_FUNCTION_ARGS) {
  aggregate_context(fcinfo);
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const auto* state = reinterpret_cast<const PowerState*>(PG_GETARG_POINTER(0));
  PG_RETURN_JSONB_P(jsonb_written([&](JsonWriter* out, Memory*) { state->model.terms->write(out); }));
}
}

}  // namespace health
