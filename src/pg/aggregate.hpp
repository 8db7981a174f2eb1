// What the functions of aggregates share: where a state lives, how it begins, and the row that changes nothing.
#pragma once

#include "pg/pg.hpp"

namespace health {

// The context that the aggregate's state lives in. Raises 0A000 where anything but an aggregate calls.
inline MemoryContext aggregate_context(FunctionCallInfo fcinfo) {
  MemoryContext context = nullptr;
  if (AggCheckCallContext(fcinfo, &context) == 0)
    ereport(ERROR,
            (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("this function can only be called by an aggregate")));
  return context;
}

// The first argument, a state of type internal; zeroed at the first row.
template <class State>
State* aggregate_state(FunctionCallInfo fcinfo, MemoryContext context) {
  if (!PG_ARGISNULL(0)) return reinterpret_cast<State*>(PG_GETARG_POINTER(0));
  return static_cast<State*>(MemoryContextAllocZero(context, sizeof(State)));
}

// The state as it came, for a row that says nothing.
inline Datum unchanged(FunctionCallInfo fcinfo) {
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

}  // namespace health
