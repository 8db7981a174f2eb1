// The aggregates that build activities. Their state is a health_activity in flight (core/accumulator.hpp).
#include "core/accumulator.hpp"

#include <algorithm>

#include "pg/aggregate.hpp"
#include "pg/values.hpp"

namespace health {

namespace {

Accumulator* new_state(const Room& room) {
  const std::size_t bytes = accumulator_bytes(room);
  auto* state = static_cast<Accumulator*>(palloc(bytes));
  SET_VARSIZE(state, bytes);
  accumulator_init(state, room);
  return state;
}

// A larger block with the same content. The old one stays: the executor frees it when it takes over the new one.
Accumulator* grown_state(const Accumulator* old, const Room& room) {
  Accumulator* fresh = new_state(room);
  accumulator_copy(fresh, *old);
  return fresh;
}

// Runs `add(state, &wanted)` with more and more room until it says done.
template <class Add>
Accumulator* with_room(Accumulator* state, Add add) {
  for (;;) {
    Room wanted{};
    bool done = false;
    guarded([&](Memory* memory) { done = add(state, &wanted, memory); });
    if (done) return state;
    state = grown_state(state, wanted);
  }
}

Accumulator* absorb(Accumulator* state, const varlena* value) {
  return with_room(state, [&](Accumulator* to, Room* wanted, Memory* memory) {
    return in_flight(value) ? accumulator_absorb(to, *reinterpret_cast<const Accumulator*>(value), wanted, memory)
                            : accumulator_absorb(to, bytes_of(value), wanted);
  });
}

// The state to add to: the aggregate's own block, or a new one.
Accumulator* state_argument(FunctionCallInfo fcinfo) {
  aggregate_context(fcinfo);
  if (PG_ARGISNULL(0)) return new_state(kFirstRoom);
  auto* value = reinterpret_cast<varlena*>(PG_GETARG_POINTER(0));
  if (VARATT_IS_4B_U(value) && in_flight(value)) return reinterpret_cast<Accumulator*>(value);
  return absorb(new_state(kFirstRoom), activity_argument(PG_GETARG_DATUM(0)));
}

Datum add_entry(FunctionCallInfo fcinfo, const Entry& entry) {
  Accumulator* state = with_room(state_argument(fcinfo), [&](Accumulator* to, Room* wanted, Memory*) {
    return accumulator_add(to, entry, wanted);
  });
  PG_RETURN_POINTER(state);
}

// (state, signal, time [, value]); `timed` false for a date.
Datum add_event(FunctionCallInfo fcinfo, bool timed) {
  if (PG_ARGISNULL(1) || PG_ARGISNULL(2)) return unchanged(fcinfo);
  const Entry entry = event_argument(fcinfo, 1, timed);
  if (!PG_ARGISNULL(0)) accumulator_prefetch(reinterpret_cast<const Accumulator*>(PG_GETARG_POINTER(0)), entry.name);
  return add_entry(fcinfo, entry);
}

}  // namespace

extern "C" {

// (state, signal, timestamptz | timestamp [, value]): both are microseconds, read as UTC.
PG_FUNCTION_INFO_V1(health_activity_add);
Datum health_activity_add(PG_FUNCTION_ARGS) { return add_event(fcinfo, true); }

PG_FUNCTION_INFO_V1(health_activity_add_date);
Datum health_activity_add_date(PG_FUNCTION_ARGS) { return add_event(fcinfo, false); }

// (state, signal, day, count, value): a row of a daily table.
PG_FUNCTION_INFO_V1(health_activity_add_day);
Datum health_activity_add_day(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3)) return unchanged(fcinfo);
  const std::string_view name = view_of(PG_GETARG_TEXT_PP(1));
  const std::int64_t count = PG_GETARG_INT64(3);
  if (count > kMaxCount)
    blame(name, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "count out of range",
          "A signal holds at most 2147483647 events a day.");
  const auto events = static_cast<std::uint32_t>(std::max<std::int64_t>(count, 0));
  Entry entry{name, day_of_event(name, PG_GETARG_DATEADT(2)), events, 0, 0};
  if (!PG_ARGISNULL(4)) {
    entry.value_count = entry.count;
    entry.value = value_argument(name, PG_GETARG_FLOAT8(4));
  }
  if (count < 0)
    blame(name, ERRCODE_INVALID_PARAMETER_VALUE, "negative count", "A count is the number of events of that day.");
  if (count == 0 && entry.value != 0)
    blame(name, ERRCODE_INVALID_PARAMETER_VALUE, "count 0 with a value", "A value belongs to at least one event.");
  if (count == 0) return unchanged(fcinfo);
  return add_entry(fcinfo, entry);
}

// Combines two states, and is the transition of health_rollup: either side may be in flight or finished.
PG_FUNCTION_INFO_V1(health_activity_combine);
Datum health_activity_combine(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(1)) return unchanged(fcinfo);
  const varlena* other = activity_argument(PG_GETARG_DATUM(1));
  if (PG_ARGISNULL(0) && in_flight(other)) {
    aggregate_context(fcinfo);
    PG_RETURN_POINTER(other);  // the executor copies it
  }
  PG_RETURN_POINTER(absorb(state_argument(fcinfo), other));
}

PG_FUNCTION_INFO_V1(health_activity_final);
Datum health_activity_final(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  PG_RETURN_POINTER(canonical_argument(PG_GETARG_DATUM(0)));
}
}

}  // namespace health
