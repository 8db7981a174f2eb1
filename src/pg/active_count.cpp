// health_active_count.
#include "core/active_count.hpp"

#include "pg/values.hpp"

namespace health {

extern "C" {

PG_FUNCTION_INFO_V1(health_active_count);
Datum health_active_count(PG_FUNCTION_ARGS) {
  for (int i = 0; i < 4; ++i)
    if (PG_ARGISNULL(i)) PG_RETURN_NULL();
  const varlena* activity = activity_argument(PG_GETARG_DATUM(0));
  const Span span = window_before(day_of_date(PG_GETARG_DATEADT(1), "as_of"), days_argument(PG_GETARG_INT32(2)));
  const std::int32_t min_days = days_argument(PG_GETARG_INT32(3), "min_days");
  const bool all = PG_ARGISNULL(4);
  const Names names = all ? Names{} : names_of(PG_GETARG_ARRAYTYPE_P(4));
  std::int32_t result = 0;
  guarded([&](Memory* memory) {
    const NamePatterns patterns({names.names, static_cast<std::size_t>(names.count)}, memory);
    result = active_count(canonical(activity, memory), span, min_days, all ? nullptr : &patterns, memory);
  });
  PG_RETURN_INT32(result);
}
}

}  // namespace health
