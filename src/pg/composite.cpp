// Aggregates health_composite and health_coverage. Their state is a bytea, which workers and other servers can send.
#include "core/composite.hpp"

#include "pg/aggregate.hpp"
#include "pg/values.hpp"

namespace health {

namespace {

Composite state_argument(FunctionCallInfo fcinfo, int number) {
  aggregate_context(fcinfo);
  Composite state;
  if (PG_ARGISNULL(number)) return state;
  const bytea* bytes = PG_GETARG_BYTEA_PP(number);
  guarded([&](Memory*) {
    state = Composite::read({reinterpret_cast<const std::uint8_t*>(VARDATA_ANY(bytes)), VARSIZE_ANY_EXHDR(bytes)});
  });
  return state;
}

// The new state, written over the first argument, which is the aggregate's own, if there is one.
Datum state_value(FunctionCallInfo fcinfo, const Composite& state) {
  auto* bytes = PG_ARGISNULL(0) ? static_cast<bytea*>(palloc(VARHDRSZ + Composite::kBytes)) : PG_GETARG_BYTEA_P(0);
  SET_VARSIZE(bytes, VARHDRSZ + Composite::kBytes);
  state.write(reinterpret_cast<std::uint8_t*>(VARDATA(bytes)));
  PG_RETURN_BYTEA_P(bytes);
}

}  // namespace

extern "C" {

// (state, score, weight): a row without a weight is skipped.
PG_FUNCTION_INFO_V1(health_composite_add);
Datum health_composite_add(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(2)) return unchanged(fcinfo);
  Composite state = state_argument(fcinfo, 0);
  const bool scored = !PG_ARGISNULL(1);
  const double score = scored ? PG_GETARG_FLOAT8(1) : 0, weight = PG_GETARG_FLOAT8(2);
  guarded([&](Memory*) { state.add(scored, score, weight); });
  return state_value(fcinfo, state);
}

PG_FUNCTION_INFO_V1(health_composite_combine);
Datum health_composite_combine(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(1)) return unchanged(fcinfo);
  Composite state = state_argument(fcinfo, 0);
  const Composite other = state_argument(fcinfo, 1);
  guarded([&](Memory*) { state.add(other); });
  return state_value(fcinfo, state);
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
