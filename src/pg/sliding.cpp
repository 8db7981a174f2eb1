// Aggregates health_weighted_sum and health_sliding_sum over tables of weighted events.
#include "core/sliding.hpp"

#include <new>

#include "pg/model.hpp"
#include "pg/values.hpp"

namespace health {

namespace {

struct SumState {
  CompiledModel compiled;  // no model until the first row that has one
  ContextMemory* memory;
  SlidingSum* sum;
  bool dated;  // of health_weighted_sum: as_of is set
  Day as_of;
};

SumState* state_argument(FunctionCallInfo fcinfo) {
  MemoryContext context = nullptr;
  if (AggCheckCallContext(fcinfo, &context) == 0)
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("this function can only be called by an aggregate")));
  if (!PG_ARGISNULL(0)) return reinterpret_cast<SumState*>(PG_GETARG_POINTER(0));
  auto* state = static_cast<SumState*>(MemoryContextAllocZero(context, sizeof(SumState)));
  state->memory = new (MemoryContextAlloc(context, sizeof(ContextMemory))) ContextMemory(context);
  state->sum = new (MemoryContextAlloc(context, sizeof(SlidingSum))) SlidingSum(state->memory);
  return state;
}

// A row (weight, time) as plain data.
struct Row {
  bool weighted;
  Day day;
  double weight;
};

// A row without a time or a model says nothing.
bool says_nothing(FunctionCallInfo fcinfo) { return PG_ARGISNULL(2) || PG_ARGISNULL(3); }

Row row_argument(FunctionCallInfo fcinfo, bool timed) {
  const Day day = timed ? day_of_moment("", PG_GETARG_TIMESTAMP(2)) : day_of_event("", PG_GETARG_DATEADT(2));
  return {!PG_ARGISNULL(1), day, PG_ARGISNULL(1) ? 0 : PG_GETARG_FLOAT8(1)};
}

// Transition and inverse have caches of their own, so models are compared by what they say.
void take_model(FunctionCallInfo fcinfo, SumState* state) {
  const Datum model = PG_GETARG_DATUM(3);
  if (state->compiled.model == nullptr)
    state->compiled = pooled_model(fcinfo, model);
  else if (!same_model(state->compiled, model) && !same_document(state->compiled, model))
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("model differs between rows of one group"),
                    errhint("Add it to GROUP BY or PARTITION BY, so that every group has one model.")));
}

void take_as_of(SumState* state, Day as_of) {
  if (state->dated && state->as_of != as_of)
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("as_of differs between rows of one group"),
                    errhint("Add it to GROUP BY, so that every group has one as_of.")));
  state->dated = true;
  state->as_of = as_of;
}

// (state, weight, time, model, as_of)
Datum add_weighted(FunctionCallInfo fcinfo, bool timed) {
  SumState* state = state_argument(fcinfo);
  if (says_nothing(fcinfo) || PG_ARGISNULL(4)) PG_RETURN_POINTER(state);
  const Row row = row_argument(fcinfo, timed);
  take_model(fcinfo, state);
  take_as_of(state, day_of_date(PG_GETARG_DATEADT(4), "as_of"));
  if (row.weighted && window_before(state->as_of, state->compiled.model->window_days).contains(row.day))
    guarded([&](Memory*) { state->sum->add(row.day, weight_total(row.weight)); });
  PG_RETURN_POINTER(state);
}

// (state, weight, time, model): a row enters the frame, or leaves it.
Datum slide(FunctionCallInfo fcinfo, bool timed, bool enters) {
  SumState* state = state_argument(fcinfo);
  elog(DEBUG5, "health_sliding_sum: a row %s", enters ? "enters" : "leaves");
  if (says_nothing(fcinfo)) PG_RETURN_POINTER(state);
  const Row row = row_argument(fcinfo, timed);
  take_model(fcinfo, state);
  guarded([&](Memory*) {
    const Int128 total = row.weighted ? weight_total(row.weight) : 0;
    if (enters)
      state->sum->add(row.day, total);
    else
      state->sum->remove(row.day, total);
  });
  PG_RETURN_POINTER(state);
}

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(health_weighted_sum_add);
Datum health_weighted_sum_add(PG_FUNCTION_ARGS) { return add_weighted(fcinfo, true); }
PG_FUNCTION_INFO_V1(health_weighted_sum_add_date);
Datum health_weighted_sum_add_date(PG_FUNCTION_ARGS) { return add_weighted(fcinfo, false); }

PG_FUNCTION_INFO_V1(health_weighted_sum_final);
Datum health_weighted_sum_final(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const auto* state = reinterpret_cast<const SumState*>(PG_GETARG_POINTER(0));
  if (!state->dated) PG_RETURN_NULL();
  double result = 0;
  guarded([&](Memory*) { result = state->sum->value_at(*state->compiled.model, state->as_of); });
  PG_RETURN_FLOAT8(result + 0.0);
}

PG_FUNCTION_INFO_V1(health_sliding_sum_add);
Datum health_sliding_sum_add(PG_FUNCTION_ARGS) { return slide(fcinfo, true, true); }
PG_FUNCTION_INFO_V1(health_sliding_sum_add_date);
Datum health_sliding_sum_add_date(PG_FUNCTION_ARGS) { return slide(fcinfo, false, true); }
PG_FUNCTION_INFO_V1(health_sliding_sum_remove);
Datum health_sliding_sum_remove(PG_FUNCTION_ARGS) { return slide(fcinfo, true, false); }
PG_FUNCTION_INFO_V1(health_sliding_sum_remove_date);
Datum health_sliding_sum_remove_date(PG_FUNCTION_ARGS) { return slide(fcinfo, false, false); }

PG_FUNCTION_INFO_V1(health_sliding_sum_final);
Datum health_sliding_sum_final(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const auto* state = reinterpret_cast<const SumState*>(PG_GETARG_POINTER(0));
  if (state->compiled.model == nullptr || state->sum->empty()) PG_RETURN_NULL();
  double result = 0;
  guarded([&](Memory*) { result = state->sum->value(*state->compiled.model); });
  PG_RETURN_FLOAT8(result + 0.0);
}
}

}  // namespace health
