#include "pg/heap_pages.hpp"

#include <algorithm>
#include <cstdint>

namespace health {

struct Bound {
  AttrNumber attribute;
  bool wide;  // of 8 bytes, else of 4
  bool less, equal, greater;
  ExprState* expression;
  bool known, null;
  std::int64_t value;

  bool holds(std::int64_t other) const { return !null && (other < value ? less : other > value ? greater : equal); }
};

namespace {

// What a comparison of one type's values says of less, equal and greater ones; false where it is none.
bool read_operator(Oid function, Bound* bound) {
  const auto set = [&](bool wide, bool less, bool equal, bool greater) {
    bound->wide = wide;
    bound->less = less;
    bound->equal = equal;
    bound->greater = greater;
    return true;
  };
  switch (function) {
    case F_TIMESTAMPTZ_LT:
    case F_TIMESTAMP_LT:
    case F_INT8LT: return set(true, true, false, false);
    case F_TIMESTAMPTZ_LE:
    case F_TIMESTAMP_LE:
    case F_INT8LE: return set(true, true, true, false);
    case F_TIMESTAMPTZ_GT:
    case F_TIMESTAMP_GT:
    case F_INT8GT: return set(true, false, false, true);
    case F_TIMESTAMPTZ_GE:
    case F_TIMESTAMP_GE:
    case F_INT8GE: return set(true, false, true, true);
    case F_DATE_LT:
    case F_INT4LT: return set(false, true, false, false);
    case F_DATE_LE:
    case F_INT4LE: return set(false, true, true, false);
    case F_DATE_GT:
    case F_INT4GT: return set(false, false, false, true);
    case F_DATE_GE:
    case F_INT4GE: return set(false, false, true, true);
    default: return false;
  }
}

// One condition of the scan: a column compared with what is the same for all rows.
bool read_bound(HeapPages* pages, Node* condition, Bound* bound) {
  if (!IsA(condition, OpExpr)) return false;
  auto* operation = castNode(OpExpr, condition);
  if (list_length(operation->args) != 2 || !read_operator(operation->opfuncid, bound)) return false;
  auto *column = static_cast<Node*>(linitial(operation->args)), *value = static_cast<Node*>(lsecond(operation->args));
  if (!IsA(column, Var) || castNode(Var, column)->varattno <= 0) return false;
  if (contain_var_clause(value) || contain_volatile_functions(value) || contain_subplans(value)) return false;
  bound->attribute = castNode(Var, column)->varattno;
  // Without the plan it belongs to it is not compiled, which would be done once more each time the table is read.
  bound->expression = ExecInitExpr(reinterpret_cast<Expr*>(value), nullptr);
  pages->last = std::max(pages->last, bound->attribute);
  return true;
}

void read_bounds(HeapPages* pages) {
  const List* conditions = pages->scan->ss.ps.plan->qual;
  const int count = list_length(conditions);
  auto* bounds = static_cast<Bound*>(palloc0(sizeof(Bound) * static_cast<std::size_t>(count)));
  const AttrNumber last = pages->last;
  for (int i = 0; i < count; ++i) {
    if (read_bound(pages, static_cast<Node*>(list_nth(conditions, i)), &bounds[i])) continue;
    pages->last = last;
    return;
  }
  pages->bounds = bounds;
  pages->bound_count = count;
}

// Evaluates what the rows are compared with, once a row has come so far: it may raise an error.
void evaluate(const HeapPages& pages, Bound* bound) {
  const Datum value = ExecEvalExprSwitchContext(bound->expression, pages.scan->ss.ps.ps_ExprContext, &bound->null);
  bound->value = bound->wide ? DatumGetInt64(value) : std::int64_t{DatumGetInt32(value)};
  bound->known = true;
}

// The columns that are wanted of a row, which has no NULL and all attributes: `values[i]` is attribute i + 1.
void deform(const HeapTupleData& tuple, TupleDesc types, int last, Datum* values) {
  const char* const data = reinterpret_cast<const char*>(tuple.t_data) + tuple.t_data->t_hoff;
  std::uint32_t at = 0;
  for (int i = 0; i < last; ++i) {
    const auto* type = TupleDescAttr(types, i);
    at = static_cast<std::uint32_t>(att_align_pointer(at, type->attalign, type->attlen, data + at));
    values[i] = fetch_att(data + at, type->attbyval, type->attlen);
    at = static_cast<std::uint32_t>(att_addlength_pointer(at, type->attlen, data + at));
  }
}

bool is_within(const HeapPages& pages, const Datum* values, const bool* nulls) {
  for (int i = 0; i < pages.bound_count; ++i) {
    Bound& bound = pages.bounds[i];
    if (!bound.known) evaluate(pages, &bound);
    const int column = bound.attribute - 1;
    if (nulls != nullptr && nulls[column]) return false;
    const std::int64_t value = bound.wide ? DatumGetInt64(values[column]) : std::int64_t{DatumGetInt32(values[column])};
    if (!bound.holds(value)) return false;
  }
  return true;
}

void set_row(const HeapPages& pages, const Datum* values, const bool* nulls, HeapRow* row) {
  for (int i = 0; i < pages.columns; ++i) {
    const int column = pages.attributes[i] - 1;
    row->values[i] = values[column];
    row->nulls[i] = nulls != nullptr && nulls[column];
  }
}

// Whether the row is wanted: with the bounds in place of the condition.
bool take_plain(HeapPages* pages, HeapTuple tuple, HeapRow* row) {
  constexpr int kMostPlain = 32;
  TupleDesc types = RelationGetDescr(pages->scan->ss.ss_currentRelation);
  Datum values[kMostPlain];
  if (!HeapTupleHasNulls(tuple) && HeapTupleHeaderGetNatts(tuple->t_data) >= pages->last && pages->last <= kMostPlain) {
    deform(*tuple, types, pages->last, values);
    if (!is_within(*pages, values, nullptr)) return false;
    set_row(*pages, values, nullptr, row);
    return true;
  }
  TupleTableSlot* slot = pages->scan->ss.ss_ScanTupleSlot;
  ExecStoreBufferHeapTuple(tuple, slot, reinterpret_cast<HeapScanDesc>(pages->scan->ss.ss_currentScanDesc)->rs_cbuf);
  slot_getsomeattrs(slot, pages->last);
  if (!is_within(*pages, slot->tts_values, slot->tts_isnull)) return false;
  set_row(*pages, slot->tts_values, slot->tts_isnull, row);
  return true;
}

bool take_checked(HeapPages* pages, HeapTuple tuple, HeapRow* row) {
  ScanState& scan = pages->scan->ss;
  TupleTableSlot* slot = scan.ss_ScanTupleSlot;
  ExecStoreBufferHeapTuple(tuple, slot, reinterpret_cast<HeapScanDesc>(scan.ss_currentScanDesc)->rs_cbuf);
  ResetExprContext(scan.ps.ps_ExprContext);
  scan.ps.ps_ExprContext->ecxt_scantuple = slot;
  if (!ExecQual(scan.ps.qual, scan.ps.ps_ExprContext)) return false;
  slot_getsomeattrs(slot, pages->last);
  set_row(*pages, slot->tts_values, slot->tts_isnull, row);
  return true;
}

// Takes the wanted ones of the page's visible rows `first` to `past`, of which the server has given and counted the
// first; returns how many.
int take_rows(HeapPages* pages, HeapScanDesc heap, int first, int past, HeapRow* rows) {
  constexpr int kAhead = 8;  // rows that are fetched beforehand
  const Page page = BufferGetPage(heap->rs_cbuf);
  Relation table = pages->scan->ss.ss_currentRelation;
  HeapTupleData tuple;
  tuple.t_tableOid = RelationGetRelid(table);
  const auto item_of = [&](int i) { return PageGetItemId(page, heap->rs_vistuples[i]); };
  const auto fetch = [&](int i) {
    const auto* row = reinterpret_cast<const char*>(PageGetItem(page, item_of(i)));
    __builtin_prefetch(row);
    __builtin_prefetch(row + ItemIdGetLength(item_of(i)) - 1);
  };
  int count = 0;
  for (int i = first; i < std::min(first + kAhead, past); ++i) fetch(i);
  for (int i = first; i < past; ++i) {
    if (i + kAhead < past) fetch(i + kAhead);
    tuple.t_data = reinterpret_cast<HeapTupleHeader>(PageGetItem(page, item_of(i)));
    tuple.t_len = ItemIdGetLength(item_of(i));
    ItemPointerSet(&tuple.t_self, heap->rs_cblock, heap->rs_vistuples[i]);
    if (i > first) pgstat_count_heap_getnext(table);
    const bool wanted =
        pages->bounds != nullptr ? take_plain(pages, &tuple, &rows[count]) : take_checked(pages, &tuple, &rows[count]);
    if (wanted) ++count;
  }
  ExecClearTuple(pages->scan->ss.ss_ScanTupleSlot);  // it may refer to `tuple`
  return count;
}

// The scan's own first step.
TableScanDesc begun(SeqScanState* scan) {
  if (scan->ss.ss_currentScanDesc == nullptr)
    scan->ss.ss_currentScanDesc =
        table_beginscan(scan->ss.ss_currentRelation, scan->ss.ps.state->es_snapshot, 0, nullptr);
  return scan->ss.ss_currentScanDesc;
}

// Workers take longer runs of blocks than the server would give them, so that fewer of them share the same days. It
// shortens them again when only 64 runs are left: in the second half of the table.
void lengthen_runs(HeapScanDesc scan) {
  constexpr std::uint32_t kRuns = 128;
  ParallelBlockTableScanWorkerData* worker = scan->rs_parallelworkerdata;
  if (worker != nullptr) worker->phsw_chunk_size = std::max(worker->phsw_chunk_size, scan->rs_nblocks / kRuns);
}

}  // namespace

bool open_pages(HeapPages* pages, PlanState* plan, int columns, MemoryContext context) {
  if (columns > kMostColumns || !IsA(plan, SeqScanState) || plan->state->es_epq_active != nullptr) return false;
  auto* scan = castNode(SeqScanState, plan);
  Relation table = scan->ss.ss_currentRelation;
  if (table->rd_tableam != GetHeapamTableAmRoutine() || list_length(plan->plan->targetlist) < columns) return false;
  *pages = {scan, columns, {}, 0, nullptr, 0, false};
  for (int i = 0; i < columns; ++i) {
    auto* column = reinterpret_cast<Node*>(list_nth_node(TargetEntry, plan->plan->targetlist, i)->expr);
    if (!IsA(column, Var) || castNode(Var, column)->varattno <= 0) return false;
    pages->attributes[i] = castNode(Var, column)->varattno;
    pages->last = std::max(pages->last, pages->attributes[i]);
  }
  if (plan->chgParam != nullptr) ExecReScan(plan);
  auto* heap = reinterpret_cast<HeapScanDesc>(begun(scan));
  if ((heap->rs_base.rs_flags & SO_ALLOW_PAGEMODE) == 0) return false;
  MemoryContext caller = MemoryContextSwitchTo(context);
  read_bounds(pages);
  MemoryContextSwitchTo(caller);
  return true;
}

bool next_page(HeapPages* pages, HeapRow* rows, int* count) {
  ScanState& scan = pages->scan->ss;
  auto* heap = reinterpret_cast<HeapScanDesc>(scan.ss_currentScanDesc);
  Instrumentation* instrument = scan.ps.instrument;
  if (instrument != nullptr) InstrStartNode(instrument);
  const bool more = heap_getnext(scan.ss_currentScanDesc, ForwardScanDirection) != nullptr;
  *count = 0;
  if (more) {
    if (!pages->begun) lengthen_runs(heap);
    pages->begun = true;
    const int first = static_cast<int>(heap->rs_cindex), past = static_cast<int>(heap->rs_ntuples);
    *count = take_rows(pages, heap, first, past, rows);
    heap->rs_cindex = heap->rs_ntuples - 1;
    if (instrument != nullptr) instrument->nfiltered1 += past - first - *count;
  }
  if (instrument != nullptr) InstrStopNode(instrument, *count);
  return more;
}

}  // namespace health
