// Aggregates health_auc and health_auc_interval; health_calibration has the same state.
#include "core/auc.hpp"

#include "pg/aggregate.hpp"
#include "pg/outcomes.hpp"

namespace health {

namespace {

std::optional<Auc> auc_of_state(FunctionCallInfo fcinfo) {
  aggregate_context(fcinfo);
  const std::span<const Outcome> outcomes = collected(fcinfo);
  std::optional<Auc> auc;
  guarded([&](Memory* memory) { auc = auc_of(ties_of(outcomes, memory)); });
  return auc;
}

}  // namespace

extern "C" {

// (state, score, churned)
PG_FUNCTION_INFO_V1(health_auc_add);
Datum health_auc_add(PG_FUNCTION_ARGS) {
  MemoryContext context = aggregate_context(fcinfo);
  Outcome outcome{};
  if (!outcome_argument(fcinfo, &outcome)) return unchanged(fcinfo);
  auto* state = aggregate_state<Outcomes>(fcinfo, context);
  state->add(outcome, context);
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_auc_combine);
Datum health_auc_combine(PG_FUNCTION_ARGS) {
  MemoryContext context = aggregate_context(fcinfo);
  if (PG_ARGISNULL(1)) return unchanged(fcinfo);
  const auto* other = reinterpret_cast<const Outcomes*>(PG_GETARG_POINTER(1));
  auto* state = aggregate_state<Outcomes>(fcinfo, context);
  state->append(other->items, other->count, context);
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_auc_serialize);
Datum health_auc_serialize(PG_FUNCTION_ARGS) {
  aggregate_context(fcinfo);
  const auto* state = reinterpret_cast<const Outcomes*>(PG_GETARG_POINTER(0));
  PG_RETURN_BYTEA_P(part_bytes(Outcomes{}, state->items, state->count));
}

PG_FUNCTION_INFO_V1(health_auc_deserialize);
Datum health_auc_deserialize(PG_FUNCTION_ARGS) {
  aggregate_context(fcinfo);
  auto* state = static_cast<Outcomes*>(palloc(sizeof(Outcomes)));
  std::size_t count = 0;
  auto* outcomes = part_of_bytes<Outcome>(PG_GETARG_BYTEA_PP(0), state, &count);
  *state = {outcomes, count, count};
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_auc_final);
Datum health_auc_final(PG_FUNCTION_ARGS) {
  const std::optional<Auc> auc = auc_of_state(fcinfo);
  if (!auc) PG_RETURN_NULL();
  PG_RETURN_FLOAT8(auc->value);
}

PG_FUNCTION_INFO_V1(health_auc_interval_final);
Datum health_auc_interval_final(PG_FUNCTION_ARGS) {
  const std::optional<Auc> auc = auc_of_state(fcinfo);
  if (!auc) PG_RETURN_NULL();
  PG_RETURN_DATUM(interval_datum(auc->interval));
}
}

}  // namespace health
