// Activities added together: operator +. The aggregate health_rollup has the transition of health_activity.
#include "core/rollup.hpp"

#include "pg/values.hpp"

namespace health {

extern "C" {

PG_FUNCTION_INFO_V1(health_activity_plus);
Datum health_activity_plus(PG_FUNCTION_ARGS) {
  const varlena* a = activity_argument(PG_GETARG_DATUM(0));
  const varlena* b = activity_argument(PG_GETARG_DATUM(1));
  return written([&](ActivityWriter* writer, Memory* memory) {
    return merge_activities(canonical(a, memory), canonical(b, memory), writer);
  });
}
}

}  // namespace health
