// Type health_activity: input, output, comparison, and the functions over one or two activities.
#include "core/activity_text.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>

#include "pg/values.hpp"

namespace health {

namespace {

// Runs write(ActivityWriter*) -> Bytes and makes a value of the result.
template <class Write>
Datum written(Write write) {
  varlena* result = nullptr;
  guarded([&](Memory* memory) {
    ActivityWriter writer(memory);
    result = value_of(write(&writer, memory), memory);
  });
  PG_RETURN_POINTER(result);
}

// All cells of an activity as plain rows, for health_cells.
struct Row {
  std::string_view name;
  Cell cell;
};
struct Rows {
  Row* rows;
  std::size_t count;
};
Rows rows_of(const varlena* value) {
  Rows result{};
  guarded([&](Memory* memory) {
    const Bytes bytes = canonical(value, memory);
    std::size_t cells = 0;
    for (ActivityReader reader(bytes); reader.next_signal();) cells += reader.cells();
    result.rows = static_cast<Row*>(memory->allocate(sizeof(Row) * (cells + 1), alignof(Row)));
    for (ActivityReader reader(bytes); reader.next_signal();)
      for (Cell cell; reader.next_cell(&cell);) result.rows[result.count++] = {reader.name(), cell};
  });
  return result;
}

// The same activity with its names in another encoding: convert(name) gives each, the name itself where it is the same
// there. It may raise.
template <class Convert>
varlena* converted(varlena* value, Convert convert) {
  std::string_view* names = nullptr;
  std::size_t count = 0;
  guarded([&](Memory* memory) {
    ActivityReader reader(bytes_of(value));
    names = static_cast<std::string_view*>(
        memory->allocate(sizeof(*names) * (reader.signals() + 1), alignof(std::string_view)));
    while (reader.next_signal()) names[count++] = reader.name();
  });
  bool changed = false;
  for (std::size_t i = 0; i < count; ++i) {
    CHECK_FOR_INTERRUPTS();
    const char* name = convert(names[i]);
    if (name == names[i].data()) continue;
    names[i] = name;
    changed = true;
  }
  if (!changed) return value;
  guarded([&](Memory* memory) {
    ActivityWriter writer(memory);
    value = value_of(rename_signals(bytes_of(value), {names, count}, &writer), memory);
  });
  return value;
}

// The character that a \\u escape of JSON stands for, two of them where it takes a pair; 0 where there is none. Moves
// on to what follows the escape.
pg_wchar unescaped(const char** at) {
  constexpr int kDigits = 4;
  const auto unit = [](const char* escape) {
    pg_wchar code = 0;
    if (escape[0] != '\\' || escape[1] != 'u') return code;
    for (int i = 2; i < 2 + kDigits; ++i) {
      if (!std::isxdigit(static_cast<unsigned char>(escape[i]))) return pg_wchar{0};
      code = code << 4 | static_cast<pg_wchar>(escape[i] <= '9' ? escape[i] - '0' : (escape[i] | ' ') - 'a' + 10);
    }
    return code;
  };
  pg_wchar code = unit(*at);
  if (code == 0) return 0;
  const char* past = *at + 2 + kDigits;
  if (is_utf16_surrogate_first(code)) {
    const pg_wchar second = unit(past);
    if (!is_utf16_surrogate_second(second)) return 0;
    code = surrogate_pair_to_codepoint(code, second);
    past += 2 + kDigits;
  }
  if (!is_valid_unicode_codepoint(code) || is_utf16_surrogate_second(code)) return 0;
  *at = past;
  return code;
}

// JSON in which escapes of letters beyond ASCII are these letters in the database's encoding, which takes no more room.
// Raises 22P05 where it does not have one.
const char* with_letters(const char* text) {
  if (std::strstr(text, "\\u") == nullptr) return text;
  char* const copy = static_cast<char*>(MemoryContextAllocHuge(CurrentMemoryContext, std::strlen(text) + 1));
  char* out = copy;
  while (*text != '\0') {
    const char* past = text;
    if (const pg_wchar code = *text == '\\' ? unescaped(&past) : 0; code >= 0x80) {
      unsigned char letter[MAX_UNICODE_EQUIVALENT_STRING + 1];
      pg_unicode_to_server(code, letter);
      const std::size_t length = std::strlen(reinterpret_cast<const char*>(letter));
      std::memcpy(out, letter, length);
      out += length;
      text = past;
      continue;
    }
    if (*text == '\\' && text[1] != '\0') *out++ = *text++;  // and what it stands before, which may be another one
    *out++ = *text++;
  }
  *out = '\0';
  return copy;
}

// Canonical bytes of two values, compared.
int compared(Datum a, Datum b) {
  const varlena* left = activity_argument(a);
  const varlena* right = activity_argument(b);
  int order = 0;
  guarded([&](Memory* memory) {
    const Bytes x = canonical(left, memory), y = canonical(right, memory);
    order = std::memcmp(x.data(), y.data(), std::min(x.size(), y.size()));
    if (order == 0) order = x.size() < y.size() ? -1 : x.size() > y.size() ? 1 : 0;
  });
  // Sorts and index builds compare in a context that lives as long as they do.
  if (left != reinterpret_cast<varlena*>(DatumGetPointer(a))) pfree(const_cast<varlena*>(left));
  if (right != reinterpret_cast<varlena*>(DatumGetPointer(b))) pfree(const_cast<varlena*>(right));
  return order;
}

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(health_activity_in);
Datum health_activity_in(PG_FUNCTION_ARGS) {
  const char* text = PG_GETARG_CSTRING(0);
  const int encoding = GetDatabaseEncoding();
  if (encoding != PG_UTF8 && encoding != PG_SQL_ASCII) text = with_letters(text);
  varlena* value = nullptr;
  guarded([&](Memory* memory) {
    TextFormReader reader(memory);
    reader.read(text, encoding == PG_UTF8);
    value = static_cast<varlena*>(memory->allocate(reader.size() + VARHDRSZ, MAXIMUM_ALIGNOF));
    SET_VARSIZE(value, reader.size() + VARHDRSZ);
    reader.copy_to(reinterpret_cast<std::uint8_t*>(VARDATA(value)));
  });
  PG_RETURN_POINTER(value);
}

PG_FUNCTION_INFO_V1(health_activity_out);
Datum health_activity_out(PG_FUNCTION_ARGS) {
  const varlena* value = activity_argument(PG_GETARG_DATUM(0));
  char* text = nullptr;
  guarded([&](Memory* memory) {
    const Bytes activity = canonical(value, memory);
    text = static_cast<char*>(memory->allocate(text_form_size(activity) + 1, 1));
    *write_text_form(activity, text) = '\0';
  });
  PG_RETURN_CSTRING(text);
}

// Canonical bytes, the names in the encoding of the client, as in the text form.
PG_FUNCTION_INFO_V1(health_activity_recv);
Datum health_activity_recv(PG_FUNCTION_ARGS) {
  auto* message = reinterpret_cast<StringInfo>(PG_GETARG_POINTER(0));
  const int size = message->len - message->cursor;
  auto* value = static_cast<varlena*>(palloc(static_cast<std::size_t>(size) + VARHDRSZ));
  SET_VARSIZE(value, size + VARHDRSZ);
  pq_copymsgbytes(message, VARDATA(value), size);
  guarded([&](Memory* memory) { validate_activity(bytes_of(value), memory); });
  PG_RETURN_POINTER(converted(value, [](std::string_view name) {
    return pg_client_to_server(name.data(), static_cast<int>(name.size()));  // checks it, too
  }));
}

PG_FUNCTION_INFO_V1(health_activity_send);
Datum health_activity_send(PG_FUNCTION_ARGS) {
  // Always a new value: logical replication frees what a send function returns.
  const varlena* value = activity_argument(PG_GETARG_DATUM(0));
  varlena* result = nullptr;
  guarded([&](Memory* memory) { result = value_of(canonical(value, memory), memory); });
  PG_RETURN_BYTEA_P(converted(
      result, [](std::string_view name) { return pg_server_to_client(name.data(), static_cast<int>(name.size())); }));
}

PG_FUNCTION_INFO_V1(health_activity_cmp);
Datum health_activity_cmp(PG_FUNCTION_ARGS) { PG_RETURN_INT32(compared(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1))); }
PG_FUNCTION_INFO_V1(health_activity_eq);
Datum health_activity_eq(PG_FUNCTION_ARGS) { PG_RETURN_BOOL(compared(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)) == 0); }
PG_FUNCTION_INFO_V1(health_activity_ne);
Datum health_activity_ne(PG_FUNCTION_ARGS) { PG_RETURN_BOOL(compared(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)) != 0); }
PG_FUNCTION_INFO_V1(health_activity_lt);
Datum health_activity_lt(PG_FUNCTION_ARGS) { PG_RETURN_BOOL(compared(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)) < 0); }
PG_FUNCTION_INFO_V1(health_activity_le);
Datum health_activity_le(PG_FUNCTION_ARGS) { PG_RETURN_BOOL(compared(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)) <= 0); }
PG_FUNCTION_INFO_V1(health_activity_gt);
Datum health_activity_gt(PG_FUNCTION_ARGS) { PG_RETURN_BOOL(compared(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)) > 0); }
PG_FUNCTION_INFO_V1(health_activity_ge);
Datum health_activity_ge(PG_FUNCTION_ARGS) { PG_RETURN_BOOL(compared(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)) >= 0); }

PG_FUNCTION_INFO_V1(health_activity_hash);
Datum health_activity_hash(PG_FUNCTION_ARGS) {
  const varlena* value = canonical_argument(PG_GETARG_DATUM(0));
  return hash_any(bytes_of(value).data(), static_cast<int>(bytes_of(value).size()));
}

PG_FUNCTION_INFO_V1(health_activity_hash_extended);
Datum health_activity_hash_extended(PG_FUNCTION_ARGS) {
  const varlena* value = canonical_argument(PG_GETARG_DATUM(0));
  return hash_any_extended(bytes_of(value).data(), static_cast<int>(bytes_of(value).size()),
                           static_cast<std::uint64_t>(PG_GETARG_INT64(1)));
}

PG_FUNCTION_INFO_V1(health_activity_plus);
Datum health_activity_plus(PG_FUNCTION_ARGS) {
  const varlena* a = activity_argument(PG_GETARG_DATUM(0));
  const varlena* b = activity_argument(PG_GETARG_DATUM(1));
  return written([&](ActivityWriter* writer, Memory* memory) {
    return merge_activities(canonical(a, memory), canonical(b, memory), writer);
  });
}

// NULL counts as empty; a NULL from_day gives NULL.
PG_FUNCTION_INFO_V1(health_splice);
Datum health_splice(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(2)) PG_RETURN_NULL();
  const varlena* activity = PG_ARGISNULL(0) ? nullptr : activity_argument(PG_GETARG_DATUM(0));
  const varlena* tail = PG_ARGISNULL(1) ? nullptr : activity_argument(PG_GETARG_DATUM(1));
  const Day from = day_of_bound(PG_GETARG_DATEADT(2));
  return written([&](ActivityWriter* writer, Memory* memory) {
    return splice_activity(activity != nullptr ? canonical(activity, memory) : kEmptyActivity,
                           tail != nullptr ? canonical(tail, memory) : kEmptyActivity, from, writer);
  });
}

PG_FUNCTION_INFO_V1(health_trim);
Datum health_trim(PG_FUNCTION_ARGS) {
  const varlena* activity = activity_argument(PG_GETARG_DATUM(0));
  const Day from = day_of_bound(PG_GETARG_DATEADT(1));
  return written(
      [&](ActivityWriter* writer, Memory* memory) { return trim_activity(canonical(activity, memory), from, writer); });
}

PG_FUNCTION_INFO_V1(health_without);
Datum health_without(PG_FUNCTION_ARGS) {
  const varlena* activity = activity_argument(PG_GETARG_DATUM(0));
  const Names names = names_of(PG_GETARG_ARRAYTYPE_P(1));
  return written([&](ActivityWriter* writer, Memory* memory) {
    return activity_without(canonical(activity, memory), {names.names, static_cast<std::size_t>(names.count)}, writer);
  });
}

// One reading; without signal, day or value an empty activity, so that adding it changes nothing.
PG_FUNCTION_INFO_V1(health_observation);
Datum health_observation(PG_FUNCTION_ARGS) {
  LooseCell reading{};
  std::size_t count = 0;
  if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1) && !PG_ARGISNULL(2)) {
    reading.name = view_of(PG_GETARG_TEXT_PP(0));
    reading.cell = {day_of_event(reading.name, PG_GETARG_DATEADT(1)), 1, 1,
                    value_argument(reading.name, PG_GETARG_FLOAT8(2))};
    count = 1;
  }
  return written([&](ActivityWriter* writer, Memory* memory) {
    return activity_of_cells({&reading, count}, writer, memory);
  });
}

PG_FUNCTION_INFO_V1(health_cells);
Datum health_cells(PG_FUNCTION_ARGS) {
  const Rows all = rows_of(activity_argument(PG_GETARG_DATUM(0)));
  InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
  auto* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
  text* name = nullptr;
  for (std::size_t i = 0; i < all.count; ++i) {
    CHECK_FOR_INTERRUPTS();
    const Row& row = all.rows[i];
    if (i == 0 || row.name != all.rows[i - 1].name)
      name = cstring_to_text_with_len(row.name.data(), static_cast<int>(row.name.size()));
    Datum values[] = {PointerGetDatum(name), DateADTGetDatum(date_of_day(row.cell.day)),
                      Int32GetDatum(static_cast<std::int32_t>(row.cell.count)),
                      Int32GetDatum(static_cast<std::int32_t>(row.cell.value_count)),
                      Float8GetDatum(static_cast<double>(row.cell.value) / 1e6)};
    bool nulls[] = {false, false, false, false, row.cell.value_count == 0};
    tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
  }
  return static_cast<Datum>(0);
}

PG_FUNCTION_INFO_V1(health_measure);
Datum health_measure(PG_FUNCTION_ARGS) {
  const varlena* activity = activity_argument(PG_GETARG_DATUM(0));
  const std::string_view signal = view_of(PG_GETARG_TEXT_PP(1));
  const Span span = window_before(day_of_date(PG_GETARG_DATEADT(2), "as_of"), days_argument(PG_GETARG_INT32(3)));
  const std::string_view word = view_of(PG_GETARG_TEXT_PP(4));
  Measure measure = Measure::count;
  if (!measure_of_name(word, &measure))
    ereport(ERROR,
            (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("invalid measure: \"%.*s\"", quoted(word), word.data()),
             errhint("Use count, days, sum, last or distinct.")));
  Measured result{};
  guarded([&](Memory* memory) { result = measure_signal(canonical(activity, memory), signal, span, measure); });
  if (!result.known) PG_RETURN_NULL();
  PG_RETURN_FLOAT8(result.value);
}

PG_FUNCTION_INFO_V1(health_active_count);
Datum health_active_count(PG_FUNCTION_ARGS) {
  for (int i = 0; i < 4; ++i)
    if (PG_ARGISNULL(i)) PG_RETURN_NULL();
  const varlena* activity = activity_argument(PG_GETARG_DATUM(0));
  const Span span = window_before(day_of_date(PG_GETARG_DATEADT(1), "as_of"), days_argument(PG_GETARG_INT32(2)));
  const std::int32_t min_days = PG_GETARG_INT32(3);
  if (min_days < 1)
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("invalid min_days: %d", min_days),
                    errhint("Use a whole number of days, 1 or more.")));
  const bool all = PG_ARGISNULL(4);
  const Names names = all ? Names{} : names_of(PG_GETARG_ARRAYTYPE_P(4));
  std::int32_t result = 0;
  guarded([&](Memory* memory) {
    const NamePatterns patterns({names.names, static_cast<std::size_t>(names.count)}, memory);
    result = active_count(canonical(activity, memory), span, min_days, patterns, all);
  });
  PG_RETURN_INT32(result);
}
}

namespace {

// (activity, ..., signal): days with activity before `before`, of one signal or, where it is NULL, of all.
DayRange range_argument(FunctionCallInfo fcinfo, int signal_argument, std::int64_t before) {
  const varlena* activity = activity_argument(PG_GETARG_DATUM(0));
  const bool all = PG_ARGISNULL(signal_argument);
  const std::string_view signal = all ? std::string_view() : view_of(PG_GETARG_TEXT_PP(signal_argument));
  DayRange range{};
  guarded([&](Memory* memory) { range = day_range(canonical(activity, memory), before, signal, all); });
  return range;
}

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(health_days_inactive);
Datum health_days_inactive(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0) || PG_ARGISNULL(1)) PG_RETURN_NULL();
  const Day as_of = day_of_date(PG_GETARG_DATEADT(1), "as_of");
  const DayRange range = range_argument(fcinfo, 2, as_of);
  if (!range.any) PG_RETURN_NULL();
  PG_RETURN_INT32(as_of - 1 - range.last);
}

PG_FUNCTION_INFO_V1(health_first_day);
Datum health_first_day(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const DayRange range = range_argument(fcinfo, 1, std::numeric_limits<std::int64_t>::max());
  if (!range.any) PG_RETURN_NULL();
  PG_RETURN_DATEADT(date_of_day(range.first));
}

PG_FUNCTION_INFO_V1(health_last_day);
Datum health_last_day(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const DayRange range = range_argument(fcinfo, 1, std::numeric_limits<std::int64_t>::max());
  if (!range.any) PG_RETURN_NULL();
  PG_RETURN_DATEADT(date_of_day(range.last));
}
}

}  // namespace health
