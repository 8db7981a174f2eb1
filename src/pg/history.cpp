#include "core/history.hpp"

#include "pg/model.hpp"
#include "pg/values.hpp"

namespace health {

namespace {

struct Point {
  double raw, praise, penalty;
};

void check_range(std::int64_t from, std::int64_t to, int step) {
  if (step < 1)
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("invalid step: %d", step),
                    errhint("Use a whole number of days, 1 or more.")));
  if (to - from >= kMaxHistoryDays)
    ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("history of more than 100000 days"),
                    errhint("Ask for a shorter range of dates.")));
}

}  // namespace

extern "C" {

// (activity, model, from_day, to_day, size, step) -> rows of as_of, raw, adjustment, praise, penalty
PG_FUNCTION_INFO_V1(health_history);
Datum health_history(PG_FUNCTION_ARGS) {
  InitMaterializedSRF(fcinfo, 0);
  for (int i = 0; i < 6; ++i)
    if (i != 4 && PG_ARGISNULL(i)) return static_cast<Datum>(0);
  const varlena* activity = activity_argument(PG_GETARG_DATUM(0));
  const Model& model = model_argument(fcinfo, PG_GETARG_DATUM(1));
  const Day from = day_of_date(PG_GETARG_DATEADT(2), "from_day"), to = day_of_date(PG_GETARG_DATEADT(3), "to_day");
  const double size = PG_ARGISNULL(4) ? 0 : PG_GETARG_FLOAT8(4);
  const int step = PG_GETARG_INT32(5);
  check_range(from, to, step);
  if (to < from) return static_cast<Datum>(0);

  Point* points = nullptr;
  guarded([&](Memory* memory) {
    model.require_signals();
    Ledger ledger(memory);
    ledger.load(canonical(activity, memory), model);
    const History history(ledger, model, size_of(PG_ARGISNULL(4), size), from, to, memory);
    const auto count = static_cast<std::size_t>((to - from) / step + 1);
    points = static_cast<Point*>(memory->allocate(sizeof(Point) * count, alignof(Point)));
    for (std::size_t i = 0; i < count; ++i) {
      const Evaluation at = history.at(from + static_cast<std::int64_t>(i) * step);
      points[i] = {at.raw + 0.0, at.praise, at.penalty};
    }
  });
  auto* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
  for (std::int64_t day = from, i = 0; day <= to; day += step, ++i) {
    const Point& point = points[i];
    Datum values[] = {DateADTGetDatum(date_of_day(static_cast<Day>(day))), Float8GetDatum(point.raw),
                      Float8GetDatum(point.praise - point.penalty), Float8GetDatum(point.praise), Float8GetDatum(point.penalty)};
    bool nulls[std::size(values)] = {};
    tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
  }
  return static_cast<Datum>(0);
}
}

}  // namespace health
