// Aggregate health_activity_by: the activities of all accounts at once, as an array of (account, activity).
#include "core/grouping.hpp"

#include "pg/aggregate.hpp"
#include "pg/values.hpp"

namespace health {

namespace {

AccountType account_type(Oid type) {
  switch (type) {
    case INT8OID: return AccountType::bigint;
    case UUIDOID: return AccountType::uuid;
    case TEXTOID: return AccountType::text;
    default:
      ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
                      errmsg("health_activity_by groups by accounts of type bigint, uuid or text")));
  }
}

// Accounts are compared bytewise, which is wrong where the account's collation takes different bytes for equal. Of a
// window function the server gives only the collation of the call.
void check_collation(FunctionCallInfo fcinfo) {
  const Aggref* aggregate = AggGetAggref(fcinfo);
  const Oid collation = aggregate != nullptr
                            ? exprCollation(reinterpret_cast<Node*>(linitial_node(TargetEntry, aggregate->args)->expr))
                            : PG_GET_COLLATION();
  if (OidIsValid(collation) && !get_collation_isdeterministic(collation))
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                    errmsg("nondeterministic collations are not supported for health_activity_by"),
                    errhint("Add COLLATE \"C\" to the account, or use health_activity with GROUP BY.")));
}

// Types that are binary-coercible to text, such as citext, would be compared bytewise and not by their own operator:
// refused without an explicit cast.
void check_account(FunctionCallInfo fcinfo) {
  const Aggref* aggregate = AggGetAggref(fcinfo);
  if (aggregate == nullptr) return;
  auto* account = reinterpret_cast<Node*>(linitial_node(TargetEntry, aggregate->args)->expr);
  while (IsA(account, RelabelType) && castNode(RelabelType, account)->relabelformat == COERCE_IMPLICIT_CAST)
    account = reinterpret_cast<Node*>(castNode(RelabelType, account)->arg);
  const Oid type = getBaseType(exprType(account));
  if (type == INT8OID || type == UUIDOID || type == TEXTOID || type == VARCHAROID) return;
  ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
                  errmsg("accounts of type %s are not supported for health_activity_by", format_type_be(type)),
                  errhint("Cast the account to text to compare it bytewise, or use health_activity with GROUP BY.")));
}

Grouping* new_state(MemoryContext context, AccountType type, bool values) {
  auto* memory = new (MemoryContextAlloc(context, sizeof(ContextMemory))) ContextMemory(context);
  Grouping* state = nullptr;
  guarded([&](Memory*) {
    state = new (memory->allocate(sizeof(Grouping), alignof(Grouping))) Grouping(type, values, memory);
  });
  return state;
}

Grouping* state_argument(FunctionCallInfo fcinfo) {
  MemoryContext context = aggregate_context(fcinfo);
  if (!PG_ARGISNULL(0)) return reinterpret_cast<Grouping*>(PG_GETARG_POINTER(0));
  const AccountType type = account_type(get_fn_expr_argtype(fcinfo->flinfo, 1));
  check_account(fcinfo);
  if (type == AccountType::text) check_collation(fcinfo);
  return new_state(context, type, PG_NARGS() > 4);
}

// Closes the open part, which changes neither the result nor what may be added later: hence READ_ONLY. The state has no
// resource but memory of the context, so it needs no destruction.
const Grouping* finished_argument(FunctionCallInfo fcinfo) {
  aggregate_context(fcinfo);
  auto* state = reinterpret_cast<Grouping*>(PG_GETARG_POINTER(0));
  guarded([&](Memory*) { state->finish(); });
  return state;
}

AccountKey account_argument(FunctionCallInfo fcinfo, AccountType type) {
  AccountKey key{PG_ARGISNULL(1), {0, 0}, {}};
  if (key.null) return key;
  if (type == AccountType::text) key.text = view_of(PG_GETARG_TEXT_PP(1));
  else if (type == AccountType::uuid) std::memcpy(&key.words, PG_GETARG_POINTER(1), sizeof key.words);
  else key.words.first = static_cast<std::uint64_t>(PG_GETARG_INT64(1));
  return key;
}

struct Whose {
  AccountKey account;
  AccountType type;
};

// Says whose event an error is about.
void tell_account(void* argument) {
  const auto& [account, type] = *static_cast<const Whose*>(argument);
  if (account.null) errcontext("account NULL");
  else if (type == AccountType::bigint) errcontext("account %lld", static_cast<long long>(account.words.first));
  else if (type == AccountType::text) errcontext("account \"%.*s\"", quoted(account.text), account.text.data());
  else errcontext("account %s", DatumGetCString(DirectFunctionCall1(uuid_out, PointerGetDatum(&account.words))));
}

// The event of a row, checked here so that an error names the row's account: what the state finds may be about an
// earlier row.
Entry checked_event(FunctionCallInfo fcinfo, TimeType type, Whose whose) {
  ErrorContextCallback context{error_context_stack, tell_account, &whose};
  error_context_stack = &context;
  const Entry entry = event_argument(fcinfo, 2, type);
  if (!kAllDays.contains(entry.day)) guarded([&](Memory*) { check_event_day(entry.name, entry.day); });
  error_context_stack = context.previous;
  return entry;
}

// (state, account, signal, time [, value])
Datum add_event(FunctionCallInfo fcinfo, TimeType type) {
  Grouping* state = state_argument(fcinfo);
  const AccountKey account = account_argument(fcinfo, state->type());
  if (PG_ARGISNULL(2) || PG_ARGISNULL(3)) {
    guarded([&](Memory*) { state->add_account(account); });
    PG_RETURN_POINTER(state);
  }
  const Entry entry = checked_event(fcinfo, type, {account, state->type()});
  guarded([&](Memory*) {
    state->add(account, entry.name, entry.day, entry.value_count > 0, static_cast<Micros>(entry.value));
  });
  PG_RETURN_POINTER(state);
}

// What stands before the parts of a serialized state.
struct Head {
  AccountType type;
  bool values;
};

Datum account_datum(const AccountKey& key, AccountType type) {
  if (type == AccountType::bigint) return Int64GetDatum(static_cast<std::int64_t>(key.words.first));
  if (type == AccountType::text)
    return PointerGetDatum(cstring_to_text_with_len(key.text.data(), static_cast<int>(key.text.size())));
  auto* uuid = static_cast<char*>(palloc(sizeof key.words));
  std::memcpy(uuid, &key.words, sizeof key.words);
  return PointerGetDatum(uuid);
}

// A PostgreSQL value has less than 1 GB; some of it is left for the head of an array.
void check_size(std::size_t bytes) {
  if (bytes > MaxAllocSize / 16 * 15)
    ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("result of health_activity_by is too large"),
                    errhint("Take fewer accounts or days at once, or use health_activity with GROUP BY.")));
}

// The rows (account, activity) as an array of `row_type`.
Datum array_of(const Grouping& state, Oid row_type) {
  const TupleDesc columns = lookup_rowtype_tupdesc(row_type, -1);
  MemoryContext outer = CurrentMemoryContext;
  MemoryContext scratch =
      AllocSetContextCreate(CurrentMemoryContext, "health_activity_by account", ALLOCSET_DEFAULT_SIZES);
  auto* memory = new (palloc(sizeof(ContextMemory))) ContextMemory(CurrentMemoryContext);
  auto* merge = static_cast<GroupingMerge*>(palloc(sizeof(GroupingMerge)));
  guarded([&](Memory*) { new (merge) GroupingMerge(state, memory); });
  std::size_t rows = 0, room = 1024, bytes = 0;
  auto* list = static_cast<Datum*>(palloc(room * sizeof(Datum)));
  for (;;) {
    CHECK_FOR_INTERRUPTS();
    MemoryContextReset(scratch);
    MemoryContextSwitchTo(scratch);
    bool more = false;
    AccountKey key{};
    const varlena* activity = nullptr;
    guarded([&](Memory* now) {
      ActivityWriter writer(now);
      Bytes found;
      more = merge->next(&key, &found, &writer, now);
      if (!found.empty()) activity = value_of(found, now);
    });
    if (!more) break;
    Datum values[] = {key.null ? Datum{0} : account_datum(key, state.type()), PointerGetDatum(activity)};
    bool nulls[] = {key.null, activity == nullptr};
    MemoryContextSwitchTo(outer);
    HeapTuple row = heap_form_tuple(columns, values, nulls);
    bytes += MAXALIGN(row->t_len);
    check_size(bytes);
    if (rows == room) list = static_cast<Datum*>(repalloc_huge(list, (room *= 2) * sizeof(Datum)));
    list[rows++] = HeapTupleHeaderGetDatum(row->t_data);
  }
  MemoryContextSwitchTo(outer);
  MemoryContextDelete(scratch);
  ReleaseTupleDesc(columns);
  return PointerGetDatum(construct_array(list, static_cast<int>(rows), row_type, -1, false, TYPALIGN_DOUBLE));
}

Datum final_rows(FunctionCallInfo fcinfo) {
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  return array_of(*finished_argument(fcinfo), get_element_type(get_fn_expr_rettype(fcinfo->flinfo)));
}

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(health_activity_by_add);
Datum health_activity_by_add(PG_FUNCTION_ARGS) { return add_event(fcinfo, TimeType::moment); }

PG_FUNCTION_INFO_V1(health_activity_by_add_date);
Datum health_activity_by_add_date(PG_FUNCTION_ARGS) { return add_event(fcinfo, TimeType::date); }

PG_FUNCTION_INFO_V1(health_activity_by_add_text);
Datum health_activity_by_add_text(PG_FUNCTION_ARGS) { return add_event(fcinfo, TimeType::text); }

PG_FUNCTION_INFO_V1(health_activity_by_serialize);
Datum health_activity_by_serialize(PG_FUNCTION_ARGS) {
  const Grouping& state = *finished_argument(fcinfo);
  const Head head{state.type(), state.values()};
  const Bytes parts = state.packed();
  check_size(parts.size());
  auto* result = static_cast<bytea*>(palloc(VARHDRSZ + sizeof head + parts.size()));
  SET_VARSIZE(result, VARHDRSZ + sizeof head + parts.size());
  std::memcpy(VARDATA(result), &head, sizeof head);
  std::memcpy(VARDATA(result) + sizeof head, parts.data(), parts.size());
  PG_RETURN_BYTEA_P(result);
}

// Passes the serialized state on: combine reads it as it is.
PG_FUNCTION_INFO_V1(health_activity_by_deserialize);
Datum health_activity_by_deserialize(PG_FUNCTION_ARGS) {
  aggregate_context(fcinfo);
  PG_RETURN_POINTER(PG_GETARG_BYTEA_P(0));
}

PG_FUNCTION_INFO_V1(health_activity_by_combine);
Datum health_activity_by_combine(PG_FUNCTION_ARGS) {
  MemoryContext context = aggregate_context(fcinfo);
  if (PG_ARGISNULL(1)) return unchanged(fcinfo);
  const Bytes packed = bytes_of(reinterpret_cast<const bytea*>(PG_GETARG_POINTER(1)));
  Head head;
  std::memcpy(&head, packed.data(), sizeof head);
  auto* state =
      PG_ARGISNULL(0) ? new_state(context, head.type, head.values) : reinterpret_cast<Grouping*>(PG_GETARG_POINTER(0));
  guarded([&](Memory*) { state->absorb(packed.subspan(sizeof head)); });
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
