// health_days_inactive, health_first_day and health_last_day.
#include "core/days_inactive.hpp"

#include "pg/values.hpp"

namespace health {

namespace {

// (activity, ..., signal): days with activity before `before`, of one signal or, where it is NULL, of all.
std::optional<DayRange> range_argument(FunctionCallInfo fcinfo, int signal_argument, std::int64_t before) {
  const varlena* activity = activity_argument(PG_GETARG_DATUM(0));
  std::optional<std::string_view> signal;
  if (!PG_ARGISNULL(signal_argument)) signal = view_of(PG_GETARG_TEXT_PP(signal_argument));
  std::optional<DayRange> range;
  guarded([&](Memory* memory) { range = day_range(canonical(activity, memory), before, signal, memory); });
  return range;
}

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(health_days_inactive);
Datum health_days_inactive(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0) || PG_ARGISNULL(1)) PG_RETURN_NULL();
  const Day as_of = day_of_date(PG_GETARG_DATEADT(1), "as_of");
  const std::optional<DayRange> range = range_argument(fcinfo, 2, as_of);
  if (!range) PG_RETURN_NULL();
  PG_RETURN_INT32(days_since(*range, as_of));
}

PG_FUNCTION_INFO_V1(health_first_day);
Datum health_first_day(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const std::optional<DayRange> range = range_argument(fcinfo, 1, kAllDays.to);
  if (!range) PG_RETURN_NULL();
  PG_RETURN_DATEADT(date_of_day(range->first));
}

PG_FUNCTION_INFO_V1(health_last_day);
Datum health_last_day(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const std::optional<DayRange> range = range_argument(fcinfo, 1, kAllDays.to);
  if (!range) PG_RETURN_NULL();
  PG_RETURN_DATEADT(date_of_day(range->last));
}
}

}  // namespace health
