#include "pg/grouping.hpp"

#include <functional>

#include "pg/heap_pages.hpp"
#include "pg/part_file.hpp"

namespace health {

namespace {

// What EXPLAIN tells of a node.
struct Spent {
  std::size_t groups, memory, parts, disk;
};

// What the processes of a parallel node share.
struct SharedNode {
  dsm_handle segment;  // in which this lies
  SharedFileSet files;
  Barrier reading;          // whose first phase ends when all have read their rows
  pg_atomic_uint32 ranges;  // of accounts, that have been taken
  int processes;
  struct Process {
    std::uint64_t parts_bytes, directory_bytes;  // of its file; 0: it has none
    Spent spent;
  } process[FLEXIBLE_ARRAY_MEMBER];
};

// The state of a node. What it groups lies in a context of its own, which goes with a rescan and with the node.
struct GroupingState {
  CustomScanState css;
  GroupingTerms terms;
  GroupingKey key;
  TallyTerms* tallies;
  std::span<const TallyKind> kinds;  // of these
  MemoryContext context;
  SharedNode* shared;  // null where no other process takes part
  Grouping* accounts;
  GroupingMerge* merge;  // null until the child was read
  TemporaryFile* file;
  TemporaryFile* others;  // of all processes, once they have read their rows
  Spent spent;
};

GroupingState* state_of(CustomScanState* css) { return reinterpret_cast<GroupingState*>(css); }

// ---------------------------------------------------------------- reading

// An event as the core takes it; or only its account, where the signal or the time is NULL.
struct EventRow {
  AccountKey account;
  std::string_view signal;
  Day day;
  bool event, valued;
  Micros value;
};

int columns_of_activity(const GroupingState& state) { return state.key.count + (state.terms.values ? 3 : 2); }

void read_tallies(const Datum* values, const bool* nulls, const GroupingState& state, Tally* tallies) {
  const int first = columns_of_activity(state);
  for (std::size_t i = 0; i < state.kinds.size(); ++i) {
    const TallyTerms& terms = state.tallies[i];
    const int column = first + terms.column;
    const bool counted = terms.kind == TallyKind::count;
    tallies[i].known = terms.column < 0 || !nulls[column];
    if (tallies[i].known) tallies[i].value = counted ? 1 : number_of(values[column], terms.length);
  }
}

void read_event(const Datum* values, const bool* nulls, const GroupingState& state, EventRow* row) {
  const int signal = state.key.count, time = signal + 1, value = signal + 2;
  read_account(state.key, values, nulls, &row->account);
  row->event = !nulls[signal] && !nulls[time];
  if (!row->event) return;
  row->signal = view_of(DatumGetTextPP(values[signal]));
  row->day = day_of_time(values[time], state.terms.time, row->signal);
  row->valued = state.terms.values && !nulls[value];
  row->value = row->valued ? value_argument(row->signal, DatumGetFloat8(values[value])) : 0;
}

// `tallies`: has room for those of the row.
void add_row(GroupingState* state, const Datum* values, const bool* nulls, Tally* tallies) {
  EventRow row;
  read_event(values, nulls, *state, &row);
  if (!state->kinds.empty()) read_tallies(values, nulls, *state, tallies);
  guarded([&](Memory*) {
    if (row.event) state->accounts->add(row.account, row.signal, row.day, row.valued, row.value, tallies);
    else state->accounts->add_account(row.account, tallies);
  });
}

int columns_of(const GroupingState& state) {
  int columns = columns_of_activity(state);
  for (std::size_t i = 0; i < state.kinds.size(); ++i) columns += state.tallies[i].column < 0 ? 0 : 1;
  return columns;
}

// Room for the tallies of a row.
Tally* room_for_tallies(const GroupingState& state) {
  return static_cast<Tally*>(palloc(sizeof(Tally) * (state.kinds.size() + 1)));
}

// The rows of any plan.
void read_rows(GroupingState* state, PlanState* child) {
  ExprContext* scratch = state->css.ss.ps.ps_ExprContext;
  Tally* tallies = room_for_tallies(*state);
  const int columns = columns_of(*state);
  for (;;) {
    CHECK_FOR_INTERRUPTS();
    TupleTableSlot* slot = ExecProcNode(child);
    if (TupIsNull(slot)) break;
    slot_getsomeattrs(slot, columns);
    MemoryContext caller = MemoryContextSwitchTo(scratch->ecxt_per_tuple_memory);
    add_row(state, slot->tts_values, slot->tts_isnull, tallies);
    MemoryContextSwitchTo(caller);
    ResetExprContext(scratch);
  }
  pfree(tallies);
}

void read_pages(GroupingState* state, HeapPages* pages) {
  ExprContext* scratch = state->css.ss.ps.ps_ExprContext;
  auto* rows = static_cast<HeapRow*>(palloc(sizeof(HeapRow) * MaxHeapTuplesPerPage));
  Tally* tallies = room_for_tallies(*state);
  for (int count = 0; next_page(pages, rows, &count);) {
    CHECK_FOR_INTERRUPTS();
    MemoryContext caller = MemoryContextSwitchTo(scratch->ecxt_per_tuple_memory);
    constexpr Size kMostTexts = 1 << 20;  // stored apart or compressed, they may be much larger than their page
    for (int i = 0; i < count; ++i) {
      add_row(state, rows[i].values, rows[i].nulls, tallies);
      if (MemoryContextMemAllocated(CurrentMemoryContext, false) > kMostTexts) ResetExprContext(scratch);
    }
    MemoryContextSwitchTo(caller);
    ResetExprContext(scratch);
  }
  pfree(rows);
  pfree(tallies);
}

// A new T in the node's context.
template <class T, class... Arguments>
T* made(GroupingState* state, Arguments... arguments) {
  void* place = MemoryContextAlloc(state->context, sizeof(T));
  T* result = nullptr;
  guarded([&](Memory*) { result = new (place) T(arguments...); });
  return result;
}

void read_child(GroupingState* state, Memory* memory) {
  auto* child = static_cast<PlanState*>(linitial(state->css.custom_ps));
  const GroupingTerms& terms = state->terms;
  FileSet* files = state->shared != nullptr ? &state->shared->files.fs : nullptr;
  state->file = made<TemporaryFile>(state, state->context, files, ParallelWorkerNumber);
  state->accounts = made<Grouping>(state, state->key.type, terms.values, memory, state->file, get_hash_memory_limit(),
                                   kUnbounded, state->kinds);
  HeapPages pages;
  if (open_pages(&pages, child, columns_of(*state), state->context)) read_pages(state, &pages);
  else read_rows(state, child);
}

// Reads the rows that fall to this process, tells the others where their groups are, and waits for theirs. Who comes
// when all rows have been read helps to merge.
void share(GroupingState* state, Memory* memory) {
  SharedNode* shared = state->shared;
  constexpr int kReading = 0;
  if (BarrierAttach(&shared->reading) != kReading) return;
  read_child(state, memory);
  SharedNode::Process* own = &shared->process[ParallelWorkerNumber + 1];
  guarded([&](Memory*) {
    own->directory_bytes = state->accounts->finish_shared(static_cast<std::size_t>(shared->processes));
    own->parts_bytes = state->accounts->file_bytes();
  });
  state->file->publish();
  BarrierArriveAndWait(&shared->reading, PG_WAIT_EXTENSION);
}

GroupingMerge* merge_of_all(GroupingState* state, Memory* memory) {
  SharedNode* shared = state->shared;
  const auto processes = static_cast<std::size_t>(shared->processes);
  state->others = static_cast<TemporaryFile*>(MemoryContextAlloc(state->context, sizeof(TemporaryFile) * processes));
  auto* parts = static_cast<SharedGrouping*>(MemoryContextAlloc(state->context, sizeof(SharedGrouping) * processes));
  std::size_t count = 0;
  for (int i = 0; i < shared->processes; ++i) {
    const SharedNode::Process& process = shared->process[i];
    auto* file = new (&state->others[i]) TemporaryFile(state->context, &shared->files.fs, i - 1);
    if (process.directory_bytes == 0) continue;
    file->open();
    parts[count++] = {file, process.parts_bytes, process.directory_bytes};
  }
  const GroupingTerms& terms = state->terms;
  return made<GroupingMerge>(state, state->key.type, terms.values, std::span<const SharedGrouping>(parts, count),
                             get_hash_memory_limit() / 2, memory, state->kinds);
}

void group(GroupingState* state) {
  Memory* memory = new (MemoryContextAlloc(state->context, sizeof(ContextMemory))) ContextMemory(state->context);
  if (state->shared != nullptr) {
    share(state, memory);
    state->merge = merge_of_all(state, memory);
  } else {
    read_child(state, memory);
    guarded([&](Memory*) { state->accounts->finish(); });
    state->merge = made<GroupingMerge>(state, std::cref(*state->accounts), memory);
  }
}

// ---------------------------------------------------------------- rows

// The next account of those that fall to this process.
bool next_account(GroupingState* state, AccountKey* key, Bytes* activity) {
  while (!state->merge->next(key, activity)) {
    if (state->shared == nullptr) return false;
    const std::size_t range = pg_atomic_fetch_add_u32(&state->shared->ranges, 1);
    if (range >= kRanges) return false;
    state->merge->open(range);
  }
  return true;
}

// What count gives of no rows is 0, and of the others NULL.
void set_tally(const GroupingState& state, std::size_t number, TupleTableSlot* slot, int column) {
  const Tally& tally = state.merge->tallies()[number];
  const TallyTerms& terms = state.tallies[number];
  slot->tts_isnull[column] = !tally.known && terms.kind != TallyKind::count;
  slot->tts_values[column] = datum_of(tally.known ? tally.value : 0, terms.length);
}

TupleTableSlot* next_row(ScanState* scan) {
  auto* state = reinterpret_cast<GroupingState*>(scan);
  if (state->merge == nullptr) group(state);
  TupleTableSlot* slot = scan->ss_ScanTupleSlot;
  ExecClearTuple(slot);
  MemoryContext caller = MemoryContextSwitchTo(scan->ps.ps_ExprContext->ecxt_per_tuple_memory);
  bool more = false;
  AccountKey key{};
  const varlena* activity = nullptr;
  guarded([&](Memory* memory) {
    Bytes found;
    more = next_account(state, &key, &found);
    if (!found.empty()) activity = value_of(found, memory);
  });
  if (more) {
    ++state->spent.groups;
    const int last = state->key.count;
    set_columns(state->key, key, slot->tts_values, slot->tts_isnull);
    slot->tts_values[last] = PointerGetDatum(activity);
    slot->tts_isnull[last] = activity == nullptr;
    for (std::size_t i = 0; i < state->kinds.size(); ++i) set_tally(*state, i, slot, last + 1 + static_cast<int>(i));
    ExecStoreVirtualTuple(slot);
  }
  MemoryContextSwitchTo(caller);
  return slot;
}

bool recheck(ScanState*, TupleTableSlot*) { return true; }

// ---------------------------------------------------------------- the executor's calls

// Whoever runs the node must be allowed to call the aggregates that it stands for.
void check_permissions(const CustomScan* scan) {
  const ListCell* cell = nullptr;
  foreach (cell, scan->custom_scan_tlist) {
    Expr* expression = lfirst_node(TargetEntry, cell)->expr;
    if (!IsA(expression, Aggref)) continue;
    const Oid function = castNode(Aggref, expression)->aggfnoid;
    const AclResult result = health_function_aclcheck(function);
    if (result != ACLCHECK_OK) aclcheck_error(result, OBJECT_AGGREGATE, get_func_name(function));
    InvokeFunctionExecuteHook(function);
  }
}

void read_terms(GroupingState* state, const List* list) {
  state->terms = GroupingTerms::of_list(list);
  state->key = grouping_key(state->terms.key_types, state->terms.compared);
  const auto count = static_cast<std::size_t>(state->terms.tally_count());
  state->tallies = static_cast<TallyTerms*>(palloc(sizeof(TallyTerms) * (count + 1)));
  auto* kinds = static_cast<TallyKind*>(palloc(sizeof(TallyKind) * (count + 1)));
  for (std::size_t i = 0; i < count; ++i) {
    state->tallies[i] = state->terms.tally(static_cast<int>(i));
    kinds[i] = state->tallies[i].kind;
  }
  state->kinds = {kinds, count};
}

void begin_scan(CustomScanState* css, EState* estate, int flags) {
  GroupingState* state = state_of(css);
  const auto* scan = reinterpret_cast<const CustomScan*>(css->ss.ps.plan);
  check_permissions(scan);
  read_terms(state, scan->custom_private);
  constexpr int kUnneeded = EXEC_FLAG_REWIND | EXEC_FLAG_BACKWARD | EXEC_FLAG_MARK;
  css->custom_ps =
      list_make1(ExecInitNode(static_cast<Plan*>(linitial(scan->custom_plans)), estate, flags & ~kUnneeded));
  state->context = AllocSetContextCreate(estate->es_query_cxt, "health_score grouping", ALLOCSET_DEFAULT_SIZES);
}

TupleTableSlot* exec_scan(CustomScanState* css) { return ExecScan(&css->ss, next_row, recheck); }

void forget(GroupingState* state) {
  if (state->file != nullptr) state->file->close();
  for (int i = 0; state->others != nullptr && i < state->shared->processes; ++i) state->others[i].close();
  state->file = state->others = nullptr;
  MemoryContextReset(state->context);
  state->accounts = nullptr;
  state->merge = nullptr;
}

void end_scan(CustomScanState* css) {
  ExecEndNode(static_cast<PlanState*>(linitial(css->custom_ps)));
  forget(state_of(css));
  MemoryContextDelete(state_of(css)->context);
}

void rescan(CustomScanState* css) {
  auto* child = static_cast<PlanState*>(linitial(css->custom_ps));
  forget(state_of(css));
  state_of(css)->spent = {};
  ExecScanReScan(&css->ss);
  if (css->ss.ps.chgParam != nullptr) UpdateChangedParamSet(child, css->ss.ps.chgParam);
  if (child->chgParam == nullptr) ExecReScan(child);
}

// ---------------------------------------------------------------- several processes

Size shared_size(CustomScanState*, ParallelContext* context) {
  return offsetof(SharedNode, process) + sizeof(SharedNode::Process) * static_cast<Size>(context->nworkers + 1);
}

void begin_reading(SharedNode* shared) {
  BarrierInit(&shared->reading, 0);
  pg_atomic_init_u32(&shared->ranges, 0);
  std::memset(shared->process, 0, sizeof(SharedNode::Process) * static_cast<std::size_t>(shared->processes));
}

// Where the server has no shared memory left there are no workers, and nothing is shared.
void begin_sharing(CustomScanState* css, ParallelContext* context, void* place) {
  if (context->seg == nullptr) return;
  auto* shared = static_cast<SharedNode*>(place);
  shared->segment = dsm_segment_handle(context->seg);
  shared->processes = context->nworkers + 1;
  SharedFileSetInit(&shared->files, context->seg);
  begin_reading(shared);
  state_of(css)->shared = shared;
}

void share_again(CustomScanState*, ParallelContext* context, void* place) {
  if (context->seg == nullptr) return;
  auto* shared = static_cast<SharedNode*>(place);
  SharedFileSetDeleteAll(&shared->files);
  begin_reading(shared);
}

void take_part(CustomScanState* css, shm_toc*, void* place) {
  auto* shared = static_cast<SharedNode*>(place);
  SharedFileSetAttach(&shared->files, dsm_find_mapping(shared->segment));
  state_of(css)->shared = shared;
}

// What this process has spent.
Spent spent_by(const GroupingState& state) {
  Spent spent = state.spent;
  if (state.accounts == nullptr) return spent;
  spent.memory = state.accounts->most_bytes();
  spent.parts = state.accounts->parts();
  spent.disk = state.accounts->file_bytes();
  return spent;
}

// Called in each process before the others' are gone, in the leader last, which then knows what all have spent.
void end_sharing(CustomScanState* css) {
  GroupingState* state = state_of(css);
  SharedNode* shared = state->shared;
  if (shared == nullptr) return;
  shared->process[ParallelWorkerNumber + 1].spent = spent_by(*state);
  state->spent = {};
  for (int i = 0; i < shared->processes; ++i) {
    const Spent& spent = shared->process[i].spent;
    state->spent.groups += spent.groups;
    state->spent.memory = std::max(state->spent.memory, spent.memory);
    state->spent.parts += spent.parts;
    state->spent.disk += spent.disk;
  }
  forget(state);
  state->shared = nullptr;
}

void explain(CustomScanState* css, List*, ExplainState* es) {
  if (!es->analyze) return;
  const auto tell = [&](const char* what, const char* unit, std::size_t number) {
    ExplainPropertyInteger(what, unit, static_cast<std::int64_t>(number), es);
  };
  const auto kilobytes = [](std::size_t bytes) { return (bytes + 1023) / 1024; };
  const Spent spent = spent_by(*state_of(css));
  tell("Accounts", nullptr, spent.groups);
  tell("Memory Usage", "kB", kilobytes(spent.memory));
  if (spent.disk == 0) return;
  tell("Parts", nullptr, spent.parts);
  tell("Disk Usage", "kB", kilobytes(spent.disk));
}

const CustomExecMethods kGroupingExec = {
    .CustomName = "HealthActivity",
    .BeginCustomScan = begin_scan,
    .ExecCustomScan = exec_scan,
    .EndCustomScan = end_scan,
    .ReScanCustomScan = rescan,
    .MarkPosCustomScan = nullptr,
    .RestrPosCustomScan = nullptr,
    .EstimateDSMCustomScan = shared_size,
    .InitializeDSMCustomScan = begin_sharing,
    .ReInitializeDSMCustomScan = share_again,
    .InitializeWorkerCustomScan = take_part,
    .ShutdownCustomScan = end_sharing,
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
  List* list = list_make4_int(static_cast<int>(time), values ? 1 : 0, compared, list_length(tallies));
  return list_concat(list_concat(list, tallies), key_types);
}

GroupingTerms GroupingTerms::of_list(const List* list) {
  constexpr int kHead = 4;
  const int tallied = list_nth_int(list, kHead - 1);
  return {static_cast<TimeType>(list_nth_int(list, 0)), list_nth_int(list, 1) != 0, list_nth_int(list, 2),
          list_copy_head(list_copy_tail(list, kHead), tallied), list_copy_tail(list, kHead + tallied)};
}

}  // namespace health
