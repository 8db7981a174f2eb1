// Aggregate health_daily: an activity from the rows of a daily table.
#include "core/daily.hpp"

#include "pg/activity.hpp"

namespace health {

extern "C" {

// (state, signal, day, count, value [, value_count])
PG_FUNCTION_INFO_V1(health_daily_add);
Datum health_daily_add(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3)) return unchanged(fcinfo);
  DailyRow row{view_of(PG_GETARG_TEXT_PP(1)), 0, PG_GETARG_INT64(3), std::nullopt, std::nullopt};
  row.day = day_of_event(row.name, PG_GETARG_DATEADT(2));
  if (!PG_ARGISNULL(4)) row.value = value_argument(row.name, PG_GETARG_FLOAT8(4));
  if (PG_NARGS() > 5 && !PG_ARGISNULL(5)) row.value_count = PG_GETARG_INT64(5);
  std::optional<Entry> entry;
  guarded([&](Memory*) { entry = daily_entry(row); });
  return entry ? add_entry(fcinfo, *entry) : unchanged(fcinfo);
}
}

}  // namespace health
