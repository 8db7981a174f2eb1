// health_without.
#include "core/without.hpp"

#include "pg/values.hpp"

namespace health {

extern "C" {

PG_FUNCTION_INFO_V1(health_without);
Datum health_without(PG_FUNCTION_ARGS) {
  const varlena* activity = activity_argument(PG_GETARG_DATUM(0));
  const Names names = names_of(PG_GETARG_ARRAYTYPE_P(1));
  return written([&](ActivityWriter* writer, Memory* memory) {
    return activity_without(canonical(activity, memory), {names.names, static_cast<std::size_t>(names.count)}, writer);
  });
}
}

}  // namespace health
