// Aggregate health_activity_by: the activities of all accounts at once, as an array of (account, activity).
#include "core/activity_by.hpp"

#include "pg/aggregate.hpp"
#include "pg/values.hpp"

namespace health {

namespace {

// With values or without, for as long as the aggregate runs.
struct State {
  ActivityBy<CountTally>* counts;
  ActivityBy<ValueTally>* values;
};

template <class Body>
decltype(auto) with(const State& state, Body body) {
  return state.counts != nullptr ? body(state.counts) : body(state.values);
}

AccountType account_type(Oid type) {
  switch (getBaseType(type)) {
    case INT8OID: return AccountType::bigint;
    case UUIDOID: return AccountType::uuid;
    default: return AccountType::text;
  }
}

template <class By>
By* new_by(MemoryContext context, AccountType type) {
  auto* memory = new (MemoryContextAlloc(context, sizeof(ContextMemory))) ContextMemory(context);
  void* place = MemoryContextAlloc(context, sizeof(By));
  guarded([&](Memory*) { new (place) By(type, memory); });
  return static_cast<By*>(place);
}

State* new_state(MemoryContext context, AccountType type, bool values) {
  auto* state = static_cast<State*>(MemoryContextAllocZero(context, sizeof(State)));
  if (values) state->values = new_by<ActivityBy<ValueTally>>(context, type);
  else state->counts = new_by<ActivityBy<CountTally>>(context, type);
  return state;
}

void flush(const State& state) {
  guarded([&](Memory*) { with(state, [](auto* all) { all->flush(); }); });
}

State* state_argument(FunctionCallInfo fcinfo) {
  MemoryContext context = aggregate_context(fcinfo);
  if (!PG_ARGISNULL(0)) return reinterpret_cast<State*>(PG_GETARG_POINTER(0));
  const AccountType type = account_type(get_fn_expr_argtype(fcinfo->flinfo, 1));
  if (type == AccountType::text && OidIsValid(PG_GET_COLLATION()) && !get_collation_isdeterministic(PG_GET_COLLATION()))
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                    errmsg("nondeterministic collations are not supported for health_activity_by"),
                    errhint("Add COLLATE \"C\" to the account, or use health_activity with GROUP BY.")));
  return new_state(context, type, PG_NARGS() > 4);
}

AccountKey account_argument(FunctionCallInfo fcinfo, AccountType type) {
  AccountKey key{PG_ARGISNULL(1), {0, 0}, {}};
  if (key.null) return key;
  if (type == AccountType::text) key.text = view_of(PG_GETARG_TEXT_PP(1));
  else if (type == AccountType::uuid) std::memcpy(&key.words, PG_GETARG_POINTER(1), sizeof key.words);
  else key.words.first = static_cast<std::uint64_t>(PG_GETARG_INT64(1));
  return key;
}

// (state, account, signal, time [, value]); `timed` false for a date.
Datum add_event(FunctionCallInfo fcinfo, bool timed) {
  State* state = state_argument(fcinfo);
  const AccountKey account = account_argument(fcinfo, with(*state, [](auto* all) { return all->type(); }));
  if (PG_ARGISNULL(2) || PG_ARGISNULL(3)) {
    guarded([&](Memory*) { with(*state, [&](auto* all) { all->add_account(account); }); });
    PG_RETURN_POINTER(state);
  }
  const std::string_view name = view_of(PG_GETARG_TEXT_PP(2));
  const Day day = timed ? day_of_moment(name, PG_GETARG_TIMESTAMP(3)) : day_of_event(name, PG_GETARG_DATEADT(3));
  if (state->counts != nullptr) {
    guarded([&](Memory*) { state->counts->add(account, name, day, {1}); });
    PG_RETURN_POINTER(state);
  }
  const bool valued = !PG_ARGISNULL(4);
  const Micros value = valued ? value_argument(name, PG_GETARG_FLOAT8(4)) : 0;
  guarded([&](Memory*) { state->values->add(account, name, day, {1, valued ? 1U : 0U, WideSum(value)}); });
  PG_RETURN_POINTER(state);
}

// What goes from a worker to the leader: two bytes that say which State it is, then the packed state.
struct Head {
  AccountType type;
  bool values;
};

template <class By>
void absorb(By* all, Bytes packed) {
  using Parcel = typename By::Parcel;
  auto* memory = new (palloc(sizeof(ContextMemory))) ContextMemory(CurrentMemoryContext);
  auto* parcel = static_cast<Parcel*>(palloc(sizeof(Parcel)));
  guarded([&](Memory*) { new (parcel) Parcel(packed, memory); });
  bool more = true;
  while (more) {
    CHECK_FOR_INTERRUPTS();
    guarded([&](Memory*) { more = all->absorb(parcel); });
  }
}

Datum account_datum(const AccountKey& key, AccountType type) {
  if (type == AccountType::bigint) return Int64GetDatum(static_cast<std::int64_t>(key.words.first));
  if (type == AccountType::text)
    return PointerGetDatum(cstring_to_text_with_len(key.text.data(), static_cast<int>(key.text.size())));
  auto* uuid = static_cast<char*>(palloc(sizeof key.words));
  std::memcpy(uuid, &key.words, sizeof key.words);
  return PointerGetDatum(uuid);
}

// The rows (account, activity) as an array of `row_type`.
template <class By>
Datum array_of(const By* all, Oid row_type) {
  const TupleDesc columns = lookup_rowtype_tupdesc(row_type, -1);
  MemoryContext scratch =
      AllocSetContextCreate(CurrentMemoryContext, "health_activity_by account", ALLOCSET_DEFAULT_SIZES);
  const std::uint32_t accounts = all->accounts();
  const std::uint32_t* order = nullptr;
  guarded([&](Memory* memory) {
    auto* sorted = new (memory->allocate(sizeof(Vector<std::uint32_t>))) Vector<std::uint32_t>(memory);
    *sorted = all->sorted_accounts(memory);
    order = sorted->data();
  });
  auto* rows = static_cast<Datum*>(MemoryContextAllocHuge(CurrentMemoryContext, accounts * sizeof(Datum)));
  std::size_t bytes = 0;
  for (std::uint32_t i = 0; i < accounts; ++i) {
    CHECK_FOR_INTERRUPTS();
    MemoryContextReset(scratch);
    MemoryContext outer = MemoryContextSwitchTo(scratch);
    const varlena* activity = nullptr;
    guarded([&](Memory* memory) {
      ActivityWriter writer(memory);
      const Bytes found = all->activity(order[i], &writer, memory);
      if (!found.empty()) activity = value_of(found, memory);
    });
    const AccountKey key = all->key(order[i]);
    Datum values[] = {key.null ? Datum{0} : account_datum(key, all->type()), PointerGetDatum(activity)};
    bool nulls[] = {key.null, activity == nullptr};
    MemoryContextSwitchTo(outer);
    HeapTuple row = heap_form_tuple(columns, values, nulls);
    bytes += MAXALIGN(row->t_len);
    if (bytes > MaxAllocSize / 16 * 15)
      ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("result of health_activity_by is too large"),
                      errhint("Take fewer accounts or days at once, or use health_activity with GROUP BY.")));
    rows[i] = HeapTupleHeaderGetDatum(row->t_data);
  }
  MemoryContextDelete(scratch);
  ReleaseTupleDesc(columns);
  return PointerGetDatum(construct_array(rows, static_cast<int>(accounts), row_type, -1, false, TYPALIGN_DOUBLE));
}

Datum final_rows(FunctionCallInfo fcinfo) {
  aggregate_context(fcinfo);
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const State& state = *reinterpret_cast<const State*>(PG_GETARG_POINTER(0));
  flush(state);
  const Oid row_type = get_element_type(get_fn_expr_rettype(fcinfo->flinfo));
  return with(state, [&](const auto* all) { return array_of(all, row_type); });
}

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(health_activity_by_add);
Datum health_activity_by_add(PG_FUNCTION_ARGS) { return add_event(fcinfo, true); }

PG_FUNCTION_INFO_V1(health_activity_by_add_date);
Datum health_activity_by_add_date(PG_FUNCTION_ARGS) { return add_event(fcinfo, false); }

PG_FUNCTION_INFO_V1(health_activity_by_serialize);
Datum health_activity_by_serialize(PG_FUNCTION_ARGS) {
  aggregate_context(fcinfo);
  const State& state = *reinterpret_cast<const State*>(PG_GETARG_POINTER(0));
  flush(state);
  return with(state, [&](const auto* all) {
    const std::size_t bytes = VARHDRSZ + sizeof(Head) + all->packed_bytes();
    auto* result = static_cast<bytea*>(palloc(bytes));
    SET_VARSIZE(result, bytes);
    const Head head{all->type(), state.values != nullptr};
    std::memcpy(VARDATA(result), &head, sizeof head);
    std::uint8_t* to = all->pack_names(reinterpret_cast<std::uint8_t*>(VARDATA(result)) + sizeof head);
    for (std::uint32_t i = 0; i < all->accounts(); ++i) {
      CHECK_FOR_INTERRUPTS();
      to = all->pack_account(i, to);
    }
    return PointerGetDatum(result);
  });
}

// The state that goes to combine is the packed one, as it came.
PG_FUNCTION_INFO_V1(health_activity_by_deserialize);
Datum health_activity_by_deserialize(PG_FUNCTION_ARGS) {
  aggregate_context(fcinfo);
  PG_RETURN_POINTER(PG_GETARG_BYTEA_P(0));
}

PG_FUNCTION_INFO_V1(health_activity_by_combine);
Datum health_activity_by_combine(PG_FUNCTION_ARGS) {
  MemoryContext context = aggregate_context(fcinfo);
  if (PG_ARGISNULL(1)) return unchanged(fcinfo);
  const auto* packed = reinterpret_cast<const bytea*>(PG_GETARG_POINTER(1));
  Head head;
  std::memcpy(&head, VARDATA(packed), sizeof head);
  auto* state =
      PG_ARGISNULL(0) ? new_state(context, head.type, head.values) : reinterpret_cast<State*>(PG_GETARG_POINTER(0));
  with(*state, [&](auto* all) { absorb(all, bytes_of(packed).subspan(sizeof head)); });
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_activity_by_bigint_final);
Datum health_activity_by_bigint_final(PG_FUNCTION_ARGS) { return final_rows(fcinfo); }
PG_FUNCTION_INFO_V1(health_activity_by_uuid_final);
Datum health_activity_by_uuid_final(PG_FUNCTION_ARGS) { return final_rows(fcinfo); }
PG_FUNCTION_INFO_V1(health_activity_by_text_final);
Datum health_activity_by_text_final(PG_FUNCTION_ARGS) { return final_rows(fcinfo); }
}

}  // namespace health
