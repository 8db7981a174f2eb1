// States of the aggregates over (score, churned).
#pragma once

#include "core/outcomes.hpp"
#include "pg/plain_list.hpp"
#include "pg/values.hpp"

namespace health {

using Outcomes = PlainList<Outcome>;

// The arguments behind the state; false where one is NULL: who was not scored, or of whom nobody knows yet, says
// nothing.
inline bool outcome_argument(FunctionCallInfo fcinfo, Outcome* outcome) {
  if (PG_ARGISNULL(1) || PG_ARGISNULL(2)) return false;
  *outcome = {finite_argument(PG_GETARG_FLOAT8(1), "score"), PG_GETARG_BOOL(2)};
  return true;
}

// The first argument of a final function, as a list; empty where it is NULL.
inline std::span<const Outcome> collected(FunctionCallInfo fcinfo) {
  if (PG_ARGISNULL(0)) return {};
  const auto* state = reinterpret_cast<const Outcomes*>(PG_GETARG_POINTER(0));
  return {state->items, state->count};
}

// float8[] of two.
inline Datum interval_datum(const Interval& interval) {
  Datum ends[] = {Float8GetDatum(interval.low), Float8GetDatum(interval.high)};
  return PointerGetDatum(construct_array(ends, 2, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

}  // namespace health
