// health_day and health_day_start.
#include "core/moment.hpp"

#include "pg/values.hpp"

namespace health {

extern "C" {

PG_FUNCTION_INFO_V1(health_day);
Datum health_day(PG_FUNCTION_ARGS) {
  const TimestampTz moment = PG_GETARG_TIMESTAMPTZ(0);
  if (TIMESTAMP_IS_NOBEGIN(moment)) PG_RETURN_DATEADT(DATEVAL_NOBEGIN);
  if (TIMESTAMP_IS_NOEND(moment)) PG_RETURN_DATEADT(DATEVAL_NOEND);
  PG_RETURN_DATEADT(static_cast<DateADT>(day_of_microseconds(moment)));
}

PG_FUNCTION_INFO_V1(health_day_text);
Datum health_day_text(PG_FUNCTION_ARGS) {
  const std::string_view moment = view_of(PG_GETARG_TEXT_PP(0));
  Day day = 0;
  guarded([&](Memory*) { day = day_of_text(moment); });
  PG_RETURN_DATEADT(date_of_day(day));
}

PG_FUNCTION_INFO_V1(health_day_start);
Datum health_day_start(PG_FUNCTION_ARGS) {
  const DateADT day = PG_GETARG_DATEADT(0);
  if (DATE_IS_NOBEGIN(day)) PG_RETURN_TIMESTAMPTZ(DT_NOBEGIN);
  if (DATE_IS_NOEND(day)) PG_RETURN_TIMESTAMPTZ(DT_NOEND);
  // No date lies before the first timestamp; the last ones lie far beyond it.
  if (day >= TIMESTAMP_END_JULIAN - POSTGRES_EPOCH_JDATE)
    ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
                    errmsg("date out of range for timestamp: %s", DateText(day + kPostgresEpoch).text)));
  PG_RETURN_TIMESTAMPTZ(std::int64_t{day} * USECS_PER_DAY);
}
}

}  // namespace health
