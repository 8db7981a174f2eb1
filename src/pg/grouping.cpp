#include "pg/grouping.hpp"

#include "pg/heap_pages.hpp"
#include "pg/part_file.hpp"

namespace health {

namespace {

// The state of a node. What it groups lies in a context of its own, which goes with a rescan and with the node.
struct GroupingState {
  CustomScanState css;
  GroupingTerms terms;
  MemoryContext context;
  Grouping* accounts;  // null until the child was read
  GroupingMerge* merge;
  PartPieces* pieces;  // of a partial node
  TemporaryFile* file;
  std::int64_t groups;
};

GroupingState* state_of(CustomScanState* css) { return reinterpret_cast<GroupingState*>(css); }

// ---------------------------------------------------------------- reading

AccountKey key_of(Datum key, bool null, const GroupingTerms& terms) {
  AccountKey account{null, {0, 0}, {}};
  if (null) return account;
  switch (terms.key_type) {
    case INT8OID: account.words.first = static_cast<std::uint64_t>(DatumGetInt64(key)); break;
    case INT4OID:
    case DATEOID: account.words.first = static_cast<std::uint64_t>(std::int64_t{DatumGetInt32(key)}); break;
    case UUIDOID: std::memcpy(&account.words, DatumGetPointer(key), sizeof account.words); break;
    default: account.text = view_of(DatumGetTextPP(key)); break;
  }
  return account;
}

// An event as the core takes it; or only its account, where the signal or the time is NULL.
struct EventRow {
  AccountKey account;
  std::string_view signal;
  Day day;
  bool event, valued;
  Micros value;
};

EventRow event_of(const Datum* values, const bool* nulls, const GroupingTerms& terms) {
  constexpr int kKey = 0, kSignal = 1, kTime = 2, kValue = 3;
  EventRow row{key_of(values[kKey], nulls[kKey], terms), {}, 0, !nulls[kSignal] && !nulls[kTime], false, 0};
  if (!row.event) return row;
  row.signal = view_of(DatumGetTextPP(values[kSignal]));
  row.day = day_of_time(values[kTime], terms.time, row.signal);
  row.valued = terms.values && !nulls[kValue];
  if (row.valued) row.value = value_argument(row.signal, DatumGetFloat8(values[kValue]));
  return row;
}

void add_rows(Grouping* accounts, const EventRow* rows, int count) {
  guarded([&](Memory*) {
    for (int i = 0; i < count; ++i) {
      const EventRow& row = rows[i];
      if (row.event) accounts->add(row.account, row.signal, row.day, row.valued, row.value);
      else accounts->add_account(row.account);
    }
  });
}

void absorb_row(GroupingState* state, const Datum* values) {
  const bytea* part = DatumGetByteaPP(values[0]);
  const Bytes bytes(reinterpret_cast<const std::uint8_t*>(VARDATA_ANY(part)), VARSIZE_ANY_EXHDR(part));
  guarded([&](Memory*) { state->accounts->absorb(bytes); });
}

int columns_of(const GroupingTerms& terms) { return terms.values ? 4 : 3; }

// The rows of any plan.
void read_rows(GroupingState* state, PlanState* child) {
  ExprContext* scratch = state->css.ss.ps.ps_ExprContext;
  const bool parts = state->terms.stage == GroupingStage::final;
  for (;;) {
    CHECK_FOR_INTERRUPTS();
    TupleTableSlot* slot = ExecProcNode(child);
    if (TupIsNull(slot)) break;
    slot_getsomeattrs(slot, parts ? 1 : columns_of(state->terms));
    MemoryContext caller = MemoryContextSwitchTo(scratch->ecxt_per_tuple_memory);
    if (parts) {
      absorb_row(state, slot->tts_values);
    } else {
      const EventRow row = event_of(slot->tts_values, slot->tts_isnull, state->terms);
      add_rows(state->accounts, &row, 1);
    }
    MemoryContextSwitchTo(caller);
    ResetExprContext(scratch);
  }
}

void read_pages(GroupingState* state, HeapPages* pages) {
  ExprContext* scratch = state->css.ss.ps.ps_ExprContext;
  auto* rows = static_cast<HeapRow*>(palloc(sizeof(HeapRow) * MaxHeapTuplesPerPage));
  auto* events = static_cast<EventRow*>(palloc(sizeof(EventRow) * MaxHeapTuplesPerPage));
  for (int count = 0; next_page(pages, rows, &count);) {
    CHECK_FOR_INTERRUPTS();
    MemoryContext caller = MemoryContextSwitchTo(scratch->ecxt_per_tuple_memory);
    for (int i = 0; i < count; ++i) events[i] = event_of(rows[i].values, rows[i].nulls, state->terms);
    add_rows(state->accounts, events, count);
    MemoryContextSwitchTo(caller);
    ResetExprContext(scratch);
  }
  pfree(rows);
  pfree(events);
}

void read_child(GroupingState* state) {
  PlanState* child = static_cast<PlanState*>(linitial(state->css.custom_ps));
  const GroupingTerms& terms = state->terms;
  auto* memory = new (MemoryContextAlloc(state->context, sizeof(ContextMemory))) ContextMemory(state->context);
  auto* place = MemoryContextAlloc(state->context, sizeof(Grouping));
  state->file = new (MemoryContextAlloc(state->context, sizeof(TemporaryFile))) TemporaryFile(state->context);
  guarded([&](Memory*) {
    state->accounts = new (place)
        Grouping(terms.account_type(), terms.values, memory, kPartEvents, get_hash_memory_limit(), state->file);
  });
  HeapPages pages;
  if (terms.stage != GroupingStage::final && open_pages(&pages, child, columns_of(terms), state->context))
    read_pages(state, &pages);
  else read_rows(state, child);
  guarded([&](Memory*) { state->accounts->finish(); });
  if (terms.stage == GroupingStage::partial) {
    const std::size_t piece = std::min(get_hash_memory_limit() / 4, std::size_t{1} << 25);
    place = MemoryContextAlloc(state->context, sizeof(PartPieces));
    guarded([&](Memory*) { state->pieces = new (place) PartPieces(state->accounts->parts(), piece, memory); });
  } else {
    place = MemoryContextAlloc(state->context, sizeof(GroupingMerge));
    guarded([&](Memory*) { state->merge = new (place) GroupingMerge(*state->accounts, memory); });
  }
}

// ---------------------------------------------------------------- rows

Datum datum_of(const AccountKey& key, const GroupingTerms& terms) {
  switch (terms.key_type) {
    case INT8OID: return Int64GetDatum(static_cast<std::int64_t>(key.words.first));
    case INT4OID:
    case DATEOID: return Int32GetDatum(static_cast<std::int32_t>(key.words.first));
    case UUIDOID: {
      auto* uuid = static_cast<char*>(palloc(sizeof key.words));
      std::memcpy(uuid, &key.words, sizeof key.words);
      return PointerGetDatum(uuid);
    }
    default: return text_datum(key.text);
  }
}

// Some parts as a row: bytea.
void next_part(GroupingState* state, TupleTableSlot* slot) {
  Bytes part;
  guarded([&](Memory*) { state->pieces->next(&part); });
  if (part.empty()) return;
  const std::size_t size = VARHDRSZ + part.size();
  auto* bytes = static_cast<bytea*>(palloc(size));
  SET_VARSIZE(bytes, size);
  std::memcpy(VARDATA(bytes), part.data(), part.size());
  slot->tts_values[0] = PointerGetDatum(bytes);
  slot->tts_isnull[0] = false;
  ExecStoreVirtualTuple(slot);
}

void next_group(GroupingState* state, TupleTableSlot* slot) {
  bool more = false;
  AccountKey key{};
  const varlena* activity = nullptr;
  guarded([&](Memory* memory) {
    ActivityWriter writer(memory);
    Bytes found;
    more = state->merge->next(&key, &found, &writer, memory);
    if (!found.empty()) activity = value_of(found, memory);
  });
  if (!more) return;
  ++state->groups;
  slot->tts_values[0] = key.null ? Datum{0} : datum_of(key, state->terms);
  slot->tts_isnull[0] = key.null;
  slot->tts_values[1] = PointerGetDatum(activity);
  slot->tts_isnull[1] = activity == nullptr;
  ExecStoreVirtualTuple(slot);
}

TupleTableSlot* next_row(ScanState* scan) {
  auto* state = reinterpret_cast<GroupingState*>(scan);
  if (state->accounts == nullptr) read_child(state);
  TupleTableSlot* slot = scan->ss_ScanTupleSlot;
  ExecClearTuple(slot);
  MemoryContext caller = MemoryContextSwitchTo(scan->ps.ps_ExprContext->ecxt_per_tuple_memory);
  if (state->terms.stage == GroupingStage::partial) next_part(state, slot);
  else next_group(state, slot);
  MemoryContextSwitchTo(caller);
  return slot;
}

bool recheck(ScanState*, TupleTableSlot*) { return true; }

// ---------------------------------------------------------------- the executor's calls

// Whoever runs the node must be allowed to call the aggregate that it stands for: the last column.
void check_permission(const CustomScan* scan) {
  const Oid function = castNode(Aggref, llast_node(TargetEntry, scan->custom_scan_tlist)->expr)->aggfnoid;
  const AclResult result = health_function_aclcheck(function);
  if (result != ACLCHECK_OK) aclcheck_error(result, OBJECT_AGGREGATE, get_func_name(function));
  InvokeFunctionExecuteHook(function);
}

void begin_scan(CustomScanState* css, EState* estate, int flags) {
  GroupingState* state = state_of(css);
  const auto* scan = reinterpret_cast<const CustomScan*>(css->ss.ps.plan);
  check_permission(scan);
  state->terms = GroupingTerms::of_list(scan->custom_private);
  constexpr int kUnneeded = EXEC_FLAG_REWIND | EXEC_FLAG_BACKWARD | EXEC_FLAG_MARK;
  css->custom_ps =
      list_make1(ExecInitNode(static_cast<Plan*>(linitial(scan->custom_plans)), estate, flags & ~kUnneeded));
  state->context = AllocSetContextCreate(estate->es_query_cxt, "health_score grouping", ALLOCSET_DEFAULT_SIZES);
}

TupleTableSlot* exec_scan(CustomScanState* css) { return ExecScan(&css->ss, next_row, recheck); }

void forget(GroupingState* state) {
  if (state->file != nullptr) state->file->close();
  state->file = nullptr;
  MemoryContextReset(state->context);
  state->accounts = nullptr;
  state->merge = nullptr;
  state->pieces = nullptr;
  state->groups = 0;
}

void end_scan(CustomScanState* css) {
  ExecEndNode(static_cast<PlanState*>(linitial(css->custom_ps)));
  forget(state_of(css));
  MemoryContextDelete(state_of(css)->context);
}

void rescan(CustomScanState* css) {
  PlanState* child = static_cast<PlanState*>(linitial(css->custom_ps));
  forget(state_of(css));
  ExecScanReScan(&css->ss);
  if (css->ss.ps.chgParam != nullptr) UpdateChangedParamSet(child, css->ss.ps.chgParam);
  if (child->chgParam == nullptr) ExecReScan(child);
}

void explain(CustomScanState* css, List*, ExplainState* es) {
  const GroupingState* state = state_of(css);
  if (!es->analyze || state->accounts == nullptr || state->terms.stage == GroupingStage::partial) return;
  ExplainPropertyInteger("Accounts", nullptr, state->groups, es);
  ExplainPropertyInteger("Memory Usage", "kB", static_cast<std::int64_t>(state->accounts->most_bytes() / 1024), es);
  const auto disk = static_cast<std::int64_t>(state->accounts->parts().filed() / 1024);
  if (disk > 0) ExplainPropertyInteger("Disk Usage", "kB", disk, es);
}

const CustomExecMethods kGroupingExec = {
    .CustomName = "HealthActivity",
    .BeginCustomScan = begin_scan,
    .ExecCustomScan = exec_scan,
    .EndCustomScan = end_scan,
    .ReScanCustomScan = rescan,
    .MarkPosCustomScan = nullptr,
    .RestrPosCustomScan = nullptr,
    .EstimateDSMCustomScan = nullptr,
    .InitializeDSMCustomScan = nullptr,
    .ReInitializeDSMCustomScan = nullptr,
    .InitializeWorkerCustomScan = nullptr,
    .ShutdownCustomScan = nullptr,
    .ExplainCustomScan = explain,
};

Node* create_state(CustomScan*) {
  auto* state = static_cast<GroupingState*>(palloc0(sizeof(GroupingState)));
  NodeSetTag(state, T_CustomScanState);
  state->css.methods = &kGroupingExec;
  return reinterpret_cast<Node*>(state);
}

}  // namespace

const CustomScanMethods kGroupingScan = {"HealthActivity", create_state};

List* GroupingTerms::as_list() const {
  return list_make4_int(static_cast<int>(stage), static_cast<int>(key_type), static_cast<int>(time), values ? 1 : 0);
}

GroupingTerms GroupingTerms::of_list(const List* list) {
  return {static_cast<GroupingStage>(list_nth_int(list, 0)), static_cast<Oid>(list_nth_int(list, 1)),
          static_cast<TimeType>(list_nth_int(list, 2)), list_nth_int(list, 3) != 0};
}

bool is_grouping_key(Oid type) {
  return type == INT4OID || type == INT8OID || type == DATEOID || type == UUIDOID || type == TEXTOID ||
         type == VARCHAROID;
}

AccountType GroupingTerms::account_type() const {
  if (key_type == UUIDOID) return AccountType::uuid;
  return key_type == TEXTOID || key_type == VARCHAROID ? AccountType::text : AccountType::bigint;
}

}  // namespace health
