// SQL values as plain data of the core and back. Unless it says so, a function here may raise.
#pragma once

#include <limits>
#include <optional>
#include <string_view>

#include "core/accumulator.hpp"
#include "core/day.hpp"
#include "pg/guard.hpp"

namespace health {

inline constexpr Day kPostgresEpoch = POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE;  // 2000-01-01 in days since 1970

// The day of an SQL date; infinities become the smallest and the largest Day, beyond all finite dates.
inline Day day_of_bound(DateADT date) {
  if (DATE_IS_NOBEGIN(date)) return std::numeric_limits<Day>::min();
  if (DATE_IS_NOEND(date)) return std::numeric_limits<Day>::max();
  return date + kPostgresEpoch;
}
Day day_of_date(DateADT date, const char* what);  // raises on infinity
inline DateADT date_of_day(Day day) { return day - kPostgresEpoch; }

// An event's day and value; raises errors that name the signal, if it has a name.
[[noreturn]] void blame(std::string_view name, int code, const char* what, const char* hint);
Day day_of_event(std::string_view name, DateADT date);
// How an event's time is given: as microseconds since 2000, of a timestamptz or a timestamp, which is read as UTC; as a
// date; or as text (core/moment.hpp).
enum class TimeType : std::uint8_t { moment, date, text };
Day day_of_time(Datum time, TimeType type, std::string_view name);
Micros value_argument(std::string_view name, double value);
// One event: the arguments after the first, signal, time and, where there is one, value; signal and time are not NULL.
Entry event_argument(FunctionCallInfo fcinfo, TimeType type);
// An argument that may be NULL or missing.
inline std::optional<double> optional_float8(FunctionCallInfo fcinfo, int number) {
  if (PG_NARGS() <= number || PG_ARGISNULL(number)) return std::nullopt;
  return PG_GETARG_FLOAT8(number);
}
// A finite number, or an error; -0 becomes 0.
double finite_argument(double value, const char* what);
// A number of days >= 1, or an error.
std::int32_t days_argument(std::int32_t days, const char* what = "days");

// Text as a view of the detoasted value.
inline std::string_view view_of(const text* value) {
  return {VARDATA_ANY(value), static_cast<std::size_t>(VARSIZE_ANY_EXHDR(value))};
}
inline Datum text_datum(std::string_view text) {
  return PointerGetDatum(cstring_to_text_with_len(text.data(), static_cast<int>(text.size())));
}
// How many bytes of a text a message quotes, in whole characters.
inline int quoted(std::string_view text, int most = 100) {
  return pg_mbcliplen(text.data(), static_cast<int>(text.size()), most);
}
// The elements of a text[], NULLs left out.
struct Names {
  std::string_view* names;
  int count;
};
Names names_of(ArrayType* array);

// An activity argument: detoasted, aligned, with a 4-byte header.
inline const varlena* activity_argument(Datum datum) {
  return reinterpret_cast<const varlena*>(PG_DETOAST_DATUM(datum));
}
inline Bytes bytes_of(const varlena* value) {
  return {reinterpret_cast<const std::uint8_t*>(VARDATA(value)), VARSIZE(value) - VARHDRSZ};
}
inline bool in_flight(const varlena* value) {
  return VARSIZE(value) >= sizeof(Accumulator) && bytes_of(value)[0] == kInFlight;
}
// The canonical form of an activity: the value itself, or a new one where it is an aggregate's state. For use under
// guarded().
const varlena* canonical_value(const varlena* value, Memory* memory);
inline Bytes canonical(const varlena* value, Memory* memory) { return bytes_of(canonical_value(value, memory)); }
// canonical_value() of an argument, for use outside of guarded().
const varlena* canonical_argument(Datum datum);
// A new value with these bytes. For use under guarded().
varlena* value_of(Bytes bytes, Memory* memory);

// Runs write(ActivityWriter*, Memory*) -> Bytes and makes a value of the result.
template <class Write>
Datum written(Write write) {
  varlena* result = nullptr;
  guarded([&](Memory* memory) {
    ActivityWriter writer(memory);
    result = value_of(write(&writer, memory), memory);
  });
  PG_RETURN_POINTER(result);
}

}  // namespace health
