// Aggregate health_baseline.
#include "pg/baseline.hpp"

#include "pg/aggregate.hpp"
#include "pg/shared.hpp"

namespace health {

namespace {

// What the model says of the baseline, and the eligible raw scores of a group.
struct BaselineState {
  GroupModel<BaselineTerms> model;
  Numbers raws;
};

}  // namespace

extern "C" {

// Transition of health_baseline(raw, model).
PG_FUNCTION_INFO_V1(health_baseline_add);
Datum health_baseline_add(PG_FUNCTION_ARGS) {
  MemoryContext context = aggregate_context(fcinfo);
  if (PG_ARGISNULL(1) || PG_ARGISNULL(2)) return unchanged(fcinfo);
  auto* state = aggregate_state<BaselineState>(fcinfo, context);
  const CompiledModel& model = compiled_argument(fcinfo, PG_GETARG_DATUM(2));
  if (model.model->scorecard()) guarded([&](Memory*) { model.model->require_sum(); });
  state->model.take(model.id, baseline_terms(*model.model));
  collect(&state->raws, PG_GETARG_FLOAT8(1), state->model.terms, context);
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_baseline_combine);
Datum health_baseline_combine(PG_FUNCTION_ARGS) {
  MemoryContext context = aggregate_context(fcinfo);
  if (PG_ARGISNULL(1)) return unchanged(fcinfo);
  const auto* other = reinterpret_cast<const BaselineState*>(PG_GETARG_POINTER(1));
  auto* state = aggregate_state<BaselineState>(fcinfo, context);
  state->model.take(other->model.id, other->model.terms);
  state->raws.append(other->raws.items, other->raws.count, context);
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_baseline_serialize);
Datum health_baseline_serialize(PG_FUNCTION_ARGS) {
  aggregate_context(fcinfo);
  BaselineState head = *reinterpret_cast<const BaselineState*>(PG_GETARG_POINTER(0));
  const Numbers raws = head.raws;
  head.raws = {};
  PG_RETURN_BYTEA_P(part_bytes(head, raws.items, raws.count));
}

PG_FUNCTION_INFO_V1(health_baseline_deserialize);
Datum health_baseline_deserialize(PG_FUNCTION_ARGS) {
  aggregate_context(fcinfo);
  auto* state = static_cast<BaselineState*>(palloc(sizeof(BaselineState)));
  std::size_t count = 0;
  auto* raws = part_of_bytes<double>(PG_GETARG_BYTEA_PP(0), state, &count);
  state->raws = {raws, count, count};
  PG_RETURN_POINTER(state);
}

// Reads the state only: a window may go on adding to it.
PG_FUNCTION_INFO_V1(health_baseline_final);
Datum health_baseline_final(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const auto* state = reinterpret_cast<const BaselineState*>(PG_GETARG_POINTER(0));
  Baseline result;
  guarded([&](Memory* memory) {
    Vector<double> raws(state->raws.items, state->raws.items + state->raws.count, memory);
    result = baseline_of(raws, state->model.terms, memory);
  });
  if (!result) PG_RETURN_NULL();
  PG_RETURN_FLOAT8(*result);
}
}

}  // namespace health
