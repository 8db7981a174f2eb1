// Aggregates health_weighted_sum and health_sliding_sum over tables of weighted events.
#include "core/sliding.hpp"

#include "pg/aggregate.hpp"
#include "pg/model.hpp"
#include "pg/values.hpp"

namespace health {

namespace {

struct SumState {
  CompiledModel compiled;  // no model until the first row that has one
  SlidingSum* sum;
  bool dated;  // of health_weighted_sum: as_of is set
  Day as_of;
};

SumState* state_argument(FunctionCallInfo fcinfo) {
  MemoryContext context = aggregate_context(fcinfo);
  auto* state = aggregate_state<SumState>(fcinfo, context);
  if (state->sum == nullptr) state->sum = placed<SlidingSum>(context);
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

void take_as_of(SumState* state, Day as_of) {
  if (state->dated && state->as_of != as_of) raise_mixed("as_of", "group");
  state->dated = true;
  state->as_of = as_of;
}

// (state, weight, time, model, as_of)
Datum add_weighted(FunctionCallInfo fcinfo, bool timed) {
  SumState* state = state_argument(fcinfo);
  if (says_nothing(fcinfo) || PG_ARGISNULL(4)) PG_RETURN_POINTER(state);
  const Row row = row_argument(fcinfo, timed);
  take_model(fcinfo, PG_GETARG_DATUM(3), "group", aggregate_context(fcinfo), &state->compiled);
  take_as_of(state, day_of_date(PG_GETARG_DATEADT(4), "as_of"));
  const bool counts = window_before(state->as_of, state->compiled.model->window_days).contains(row.day);
  guarded([&](Memory*) {
    const Int128 total = row.weighted ? weight_total(row.weight) : 0;
    if (counts) state->sum->add(row.day, total);
  });
  PG_RETURN_POINTER(state);
}

// (state, weight, time, model): a row enters the frame, or leaves it.
Datum slide(FunctionCallInfo fcinfo, bool timed, bool enters) {
  SumState* state = state_argument(fcinfo);
  // EXPLAIN does not show whether an inverse is used; test/tap/007_sliding.pl counts these.
  elog(DEBUG5, "health_sliding_sum: a row %s", enters ? "enters" : "leaves");
  if (says_nothing(fcinfo)) PG_RETURN_POINTER(state);
  const Row row = row_argument(fcinfo, timed);
  if (state->sum->empty()) forget_model(aggregate_context(fcinfo), &state->compiled);  // a frame begins anew
  take_model(fcinfo, PG_GETARG_DATUM(3), "group", aggregate_context(fcinfo), &state->compiled);
  guarded([&](Memory*) {
    const Int128 total = row.weighted ? weight_total(row.weight) : 0;
    if (enters) state->sum->add(row.day, total);
    else state->sum->remove(row.day, total);
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
