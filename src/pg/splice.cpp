// health_splice and health_trim.
#include "core/splice.hpp"

#include "pg/values.hpp"

namespace health {

extern "C" {

// NULL counts as empty; a NULL from_day gives NULL.
PG_FUNCTION_INFO_V1(health_splice);
Datum health_splice(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(2)) PG_RETURN_NULL();
  const varlena* activity = PG_ARGISNULL(0) ? nullptr : activity_argument(PG_GETARG_DATUM(0));
  const varlena* tail = PG_ARGISNULL(1) ? nullptr : activity_argument(PG_GETARG_DATUM(1));
  const Day from = day_of_bound(PG_GETARG_DATEADT(2));
  return written([&](ActivityWriter* writer, Memory* memory) {
    return splice_activity(activity != nullptr ? canonical(activity, memory) : kEmptyActivity,
                           tail != nullptr ? canonical(tail, memory) : kEmptyActivity, from, writer);
  });
}

PG_FUNCTION_INFO_V1(health_trim);
Datum health_trim(PG_FUNCTION_ARGS) {
  const varlena* activity = activity_argument(PG_GETARG_DATUM(0));
  const Day from = day_of_bound(PG_GETARG_DATEADT(1));
  return written(
      [&](ActivityWriter* writer, Memory* memory) { return trim_activity(canonical(activity, memory), from, writer); });
}
}

}  // namespace health
