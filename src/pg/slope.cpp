// Aggregate health_slope, also over moving frames.
#include "core/slope.hpp"

#include "pg/aggregate.hpp"
#include "pg/plain_list.hpp"
#include "pg/values.hpp"

namespace health {

namespace {

using DatedScores = PlainList<DatedScore>;

// False for a row without a score or a day.
bool reading_argument(FunctionCallInfo fcinfo, DatedScore* reading) {
  if (PG_ARGISNULL(1) || PG_ARGISNULL(2)) return false;
  *reading = {day_of_date(PG_GETARG_DATEADT(2), "day"), finite_argument(PG_GETARG_FLOAT8(1), "score")};
  return true;
}

}  // namespace

extern "C" {

// (state, score, day)
PG_FUNCTION_INFO_V1(health_slope_add);
Datum health_slope_add(PG_FUNCTION_ARGS) {
  MemoryContext context = aggregate_context(fcinfo);
  auto* state = aggregate_state<DatedScores>(fcinfo, context);
  DatedScore reading{};
  if (!reading_argument(fcinfo, &reading)) PG_RETURN_POINTER(state);
  guarded([&](Memory*) { check_readings(state->count); });
  state->add(reading, context);
  PG_RETURN_POINTER(state);
}

// Searches from the front: the row that leaves a frame is nearly always the first one.
PG_FUNCTION_INFO_V1(health_slope_remove);
Datum health_slope_remove(PG_FUNCTION_ARGS) {
  auto* state = aggregate_state<DatedScores>(fcinfo, aggregate_context(fcinfo));
  DatedScore reading{};
  if (!reading_argument(fcinfo, &reading)) PG_RETURN_POINTER(state);
  for (std::size_t i = 0; i < state->count; ++i) {
    if (state->items[i].day != reading.day || state->items[i].score != reading.score) continue;
    std::memmove(state->items + i, state->items + i + 1, (state->count - i - 1) * sizeof(DatedScore));
    --state->count;
    break;
  }
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_slope_final);
Datum health_slope_final(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const auto* state = reinterpret_cast<const DatedScores*>(PG_GETARG_POINTER(0));
  std::optional<double> result;
  guarded([&](Memory* memory) { result = slope_of({state->items, state->count}, memory); });
  if (!result) PG_RETURN_NULL();
  PG_RETURN_FLOAT8(*result);
}
}

}  // namespace health
