// health_measure.
#include "core/measure.hpp"

#include "pg/values.hpp"

namespace health {

extern "C" {

PG_FUNCTION_INFO_V1(health_measure);
Datum health_measure(PG_FUNCTION_ARGS) {
  const varlena* activity = activity_argument(PG_GETARG_DATUM(0));
  const std::string_view signal = view_of(PG_GETARG_TEXT_PP(1));
  const Span span = window_before(day_of_date(PG_GETARG_DATEADT(2), "as_of"), days_argument(PG_GETARG_INT32(3)));
  const std::string_view word = view_of(PG_GETARG_TEXT_PP(4));
  const std::optional<Measure> measure = measure_of_name(word);
  if (!measure)
    ereport(ERROR,
            (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("invalid measure: \"%.*s\"", quoted(word), word.data()),
             errhint("Use count, days, sum, last, mean, distinct, recency or trend.")));
  std::optional<double> result;
  guarded(
      [&](Memory* memory) { result = measure_signal(canonical(activity, memory), signal, span, *measure, memory); });
  if (!result) PG_RETURN_NULL();
  PG_RETURN_FLOAT8(*result);
}
}

}  // namespace health
