#include "pg/values.hpp"

#include "core/moment.hpp"

#include <cmath>
#include <cstring>

namespace health {

Day day_of_date(DateADT date, const char* what) {
  if (DATE_NOT_FINITE(date))
    ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE), errmsg("%s must be a finite date", what)));
  return date + kPostgresEpoch;
}

// No C++ object may be alive here, since it raises.
[[noreturn]] void blame(std::string_view name, int code, const char* what, const char* hint) {
  const int length = quoted(name);
  ereport(ERROR,
          (errcode(code), length == 0 ? errmsg("%s", what) : errmsg("signal \"%.*s\": %s", length, name.data(), what),
           errhint("%s", hint)));
  pg_unreachable();
}

namespace {
constexpr char kTimeHint[] = "Filter such rows out, or pass NULL to skip them.";

}  // namespace

Day day_of_event(std::string_view name, DateADT date) {
  if (DATE_NOT_FINITE(date)) blame(name, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "infinite date", kTimeHint);
  return date + kPostgresEpoch;
}

Day day_of_time(Datum time, TimeType type, std::string_view name) {
  if (type == TimeType::date) return day_of_event(name, DatumGetDateADT(time));
  Day day = 0;
  if (type == TimeType::text) {
    const std::string_view moment = view_of(DatumGetTextPP(time));
    guarded([&](Memory*) { day = day_of_text(moment, name); });
    return day;
  }
  const Timestamp moment = DatumGetTimestamp(time);
  if (TIMESTAMP_NOT_FINITE(moment)) blame(name, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "infinite time", kTimeHint);
  return static_cast<Day>(day_of_microseconds(moment)) + kPostgresEpoch;
}

Micros value_argument(std::string_view name, double value) {
  Micros micros = 0;
  if (!std::isfinite(value))
    blame(name, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "value is NaN or infinite",
          "Filter such rows out, or pass NULL for an event without a value.");
  if (!micros_of_double(value, &micros))
    blame(name, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range", "Values go up to 9.2e12 in size.");
  return micros;
}

Entry event_argument(FunctionCallInfo fcinfo, TimeType type) {
  const std::string_view name = view_of(PG_GETARG_TEXT_PP(1));
  Entry entry{name, 0, 1, 0, 0};
  entry.day = day_of_time(PG_GETARG_DATUM(2), type, name);
  if (PG_NARGS() > 3 && !PG_ARGISNULL(3)) {
    entry.value_count = 1;
    entry.value = value_argument(name, PG_GETARG_FLOAT8(3));
  }
  return entry;
}

double finite_argument(double value, const char* what) {
  guarded([&](Memory*) { value = finite(value, what); });
  return value;
}

std::int32_t days_argument(std::int32_t days, const char* what) {
  if (days < 1)
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("invalid %s: %d", what, days),
                    errhint("Use a whole number of days, 1 or more.")));
  return days;
}

Names names_of(ArrayType* array) {
  Datum* elements = nullptr;
  bool* nulls = nullptr;
  int count = 0;
  deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
  Names result{static_cast<std::string_view*>(palloc(sizeof(std::string_view) * (static_cast<std::size_t>(count) + 1))),
               0};
  for (int i = 0; i < count; ++i)
    if (!nulls[i]) result.names[result.count++] = view_of(DatumGetTextPP(elements[i]));
  return result;
}

const varlena* canonical_value(const varlena* value, Memory* memory) {
  if (!in_flight(value)) return value;
  ActivityWriter writer(memory);
  return value_of(accumulator_finish(*reinterpret_cast<const Accumulator*>(value), &writer, memory), memory);
}

const varlena* canonical_argument(Datum datum) {
  const varlena* value = activity_argument(datum);
  guarded([&](Memory* memory) { value = canonical_value(value, memory); });
  return value;
}

varlena* value_of(Bytes bytes, Memory* memory) {
  auto* value = static_cast<varlena*>(memory->allocate(bytes.size() + VARHDRSZ, MAXIMUM_ALIGNOF));
  SET_VARSIZE(value, bytes.size() + VARHDRSZ);
  std::memcpy(VARDATA(value), bytes.data(), bytes.size());
  return value;
}

}  // namespace health
