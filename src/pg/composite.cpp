// Aggregates health_composite and health_coverage. Their state is a bytea, so that partial results can travel.
#include "core/composite.hpp"

#include <cstring>

#include "pg/aggregate.hpp"
#include "pg/values.hpp"

namespace health {

namespace {

Composite state_argument(FunctionCallInfo fcinfo, int number) {
  aggregate_context(fcinfo);
  Composite state{};
  if (PG_ARGISNULL(number)) return state;
  const bytea* bytes = PG_GETARG_BYTEA_PP(number);
  if (VARSIZE_ANY_EXHDR(bytes) != sizeof state)
    ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION), errmsg("invalid state of health_composite")));
  std::memcpy(&state, VARDATA_ANY(bytes), sizeof state);
  return state;
}

Datum state_value(const Composite& state) {
  auto* bytes = static_cast<bytea*>(palloc(sizeof state + VARHDRSZ));
  SET_VARSIZE(bytes, sizeof state + VARHDRSZ);
  std::memcpy(VARDATA(bytes), &state, sizeof state);
  PG_RETURN_BYTEA_P(bytes);
}

}  // namespace

extern "C" {

// (state, score, weight): a row without a weight says nothing.
PG_FUNCTION_INFO_V1(health_composite_add);
Datum health_composite_add(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(2)) return unchanged(fcinfo);
  Composite state = state_argument(fcinfo, 0);
  const bool scored = !PG_ARGISNULL(1);
  const double score = scored ? PG_GETARG_FLOAT8(1) : 0, weight = PG_GETARG_FLOAT8(2);
  guarded([&](Memory*) { state.add(scored, score, weight); });
  return state_value(state);
}

PG_FUNCTION_INFO_V1(health_composite_combine);
Datum health_composite_combine(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(1)) return unchanged(fcinfo);
  Composite state = state_argument(fcinfo, 0);
  const Composite other = state_argument(fcinfo, 1);
  guarded([&](Memory*) { state.add(other); });
  return state_value(state);
}

PG_FUNCTION_INFO_V1(health_composite_final);
Datum health_composite_final(PG_FUNCTION_ARGS) {
  const Composite state = state_argument(fcinfo, 0);
  if (!state.has_mean()) PG_RETURN_NULL();
  PG_RETURN_FLOAT8(state.mean() + 0.0);
}

PG_FUNCTION_INFO_V1(health_coverage_final);
Datum health_coverage_final(PG_FUNCTION_ARGS) {
  const Composite state = state_argument(fcinfo, 0);
  if (!state.has_coverage()) PG_RETURN_NULL();
  PG_RETURN_FLOAT8(state.coverage());
}
}

}  // namespace health
