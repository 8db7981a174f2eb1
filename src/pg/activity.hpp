// What aggregates that build an activity share: their state, a health_activity in flight (core/accumulator.hpp).
#pragma once

#include "pg/aggregate.hpp"
#include "pg/values.hpp"

namespace health {

// The transition that adds an entry: argument 0 is the state, NULL to begin with.
Datum add_entry(FunctionCallInfo fcinfo, const Entry& entry);

}  // namespace health
