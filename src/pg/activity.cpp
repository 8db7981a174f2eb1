// Type health_activity, and the aggregates that build activities. Their state is a health_activity in flight
// (core/accumulator.hpp).
#include "pg/activity.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>

#include "core/activity_text.hpp"

namespace health {

namespace {

// The activity with its names in another encoding. convert(name) gives the new name, or `name` itself where it is the
// same; it may raise.
template <class Convert>
varlena* converted(varlena* value, Convert convert) {
  std::string_view* names = nullptr;
  std::size_t count = 0;
  guarded([&](Memory* memory) {
    ActivityReader reader(bytes_of(value), memory);
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

// The character of a \\u escape of JSON, or of a surrogate pair of two, at *at, which is moved past it; 0, and *at not
// moved, if there is none.
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

// Replaces \\u escapes beyond ASCII by the letters in the database's encoding, which are no longer. Raises 22P05 for a
// letter that the encoding does not have.
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
    if (*text == '\\' && text[1] != '\0') *out++ = *text++;  // copies an escaped character, perhaps a backslash
    *out++ = *text++;
  }
  *out = '\0';
  return copy;
}

// Compares the canonical bytes of two values: < 0, 0 or > 0.
int compared(Datum a, Datum b) {
  const varlena* left = activity_argument(a);
  const varlena* right = activity_argument(b);
  int order = 0;
  guarded([&](Memory* memory) {
    const Bytes x = canonical(left, memory), y = canonical(right, memory);
    order = std::memcmp(x.data(), y.data(), std::min(x.size(), y.size()));
    if (order == 0) order = x.size() < y.size() ? -1 : x.size() > y.size() ? 1 : 0;
  });
  // Sorts and index builds never reset the context of a comparison, so copies are freed here.
  if (left != reinterpret_cast<varlena*>(DatumGetPointer(a))) pfree(const_cast<varlena*>(left));
  if (right != reinterpret_cast<varlena*>(DatumGetPointer(b))) pfree(const_cast<varlena*>(right));
  return order;
}

// ---------------------------------------------------------------- states

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
  guarded([&](Memory* memory) { accumulator_copy(fresh, *old, memory); });
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
                            : accumulator_absorb(to, bytes_of(value), wanted, memory);
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

// (state, signal, time [, value])
Datum add_event(FunctionCallInfo fcinfo, TimeType type) {
  if (PG_ARGISNULL(1) || PG_ARGISNULL(2)) return unchanged(fcinfo);
  const Entry entry = event_argument(fcinfo, type);
  if (!PG_ARGISNULL(0)) accumulator_prefetch(reinterpret_cast<const Accumulator*>(PG_GETARG_POINTER(0)), entry.name);
  return add_entry(fcinfo, entry);
}

}  // namespace

Datum add_entry(FunctionCallInfo fcinfo, const Entry& entry) {
  Accumulator* state = with_room(state_argument(fcinfo), [&](Accumulator* to, Room* wanted, Memory* memory) {
    return accumulator_add(to, entry, wanted, memory);
  });
  PG_RETURN_POINTER(state);
}

extern "C" {

// ---------------------------------------------------------------- the type

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
    text = static_cast<char*>(memory->allocate(text_form_size(activity, memory) + 1, 1));
    *write_text_form(activity, text, memory) = '\0';
  });
  PG_RETURN_CSTRING(text);
}

// (activity, signal): the days of the signal as a document, NULL where there are none.
PG_FUNCTION_INFO_V1(health_activity_field);
Datum health_activity_field(PG_FUNCTION_ARGS) {
  const varlena* value = activity_argument(PG_GETARG_DATUM(0));
  const std::string_view name = view_of(PG_GETARG_TEXT_PP(1));
  char* days = nullptr;
  guarded([&](Memory* memory) {
    ActivityWriter writer(memory);
    const std::optional<Bytes> found = activity_of_signal(canonical(value, memory), name, "x", &writer);
    if (!found) return;
    constexpr std::size_t kBefore = sizeof R"({"x": )" - 1;
    char* const text = static_cast<char*>(memory->allocate(text_form_size(*found, memory) + 1, 1));
    char* const end = write_text_form(*found, text, memory) - 1;  // without the last brace
    *end = '\0';
    days = text + kBefore;
  });
  if (days == nullptr) PG_RETURN_NULL();
  PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in, CStringGetDatum(days)));
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
    return pg_client_to_server(name.data(), static_cast<int>(name.size()));  // also checks the encoding
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

// ---------------------------------------------------------------- building

PG_FUNCTION_INFO_V1(health_activity_add);
Datum health_activity_add(PG_FUNCTION_ARGS) { return add_event(fcinfo, TimeType::moment); }
PG_FUNCTION_INFO_V1(health_activity_add_date);
Datum health_activity_add_date(PG_FUNCTION_ARGS) { return add_event(fcinfo, TimeType::date); }
PG_FUNCTION_INFO_V1(health_activity_add_text);
Datum health_activity_add_text(PG_FUNCTION_ARGS) { return add_event(fcinfo, TimeType::text); }

// Of the transition functions of health_activity: answers nothing, but has the library loaded when a query is planned.
PG_FUNCTION_INFO_V1(health_activity_support);
Datum health_activity_support(PG_FUNCTION_ARGS) {
  (void)fcinfo;
  PG_RETURN_POINTER(nullptr);
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
}

}  // namespace health
