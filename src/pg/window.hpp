// What the window functions over a whole partition share.
#pragma once

#include "pg/shared.hpp"

namespace health {

// An argument of the row at hand.
inline NullableDatum current_argument(FunctionCallInfo fcinfo, int number) {
  NullableDatum result;
  result.value = WinGetFuncArgCurrent(PG_WINDOW_OBJECT(), number, &result.isnull);
  return result;
}

// Whether an argument does not depend on the row: a constant, a parameter, a subselect that is evaluated beforehand.
inline bool same_in_all_rows(FunctionCallInfo fcinfo, int number) {
  const auto* call = reinterpret_cast<const WindowFunc*>(fcinfo->flinfo->fn_expr);
  const auto* argument = static_cast<const Node*>(list_nth(call->args, number));
  return IsA(argument, Const) || IsA(argument, Param);
}

// Rows of the partition, read one by one with all temporary memory given back after each.
class PartitionReader {
 public:
  explicit PartitionReader(FunctionCallInfo fcinfo)
      : fcinfo_(fcinfo),
        window_(PG_WINDOW_OBJECT()),
        scratch_(AllocSetContextCreate(CurrentMemoryContext, "health_score row", ALLOCSET_DEFAULT_SIZES)),
        rows_(WinGetPartitionRowCount(window_)) {
    if (rows_ > std::numeric_limits<int>::max())
      ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("partition has too many rows")));
  }
  std::int64_t rows() const { return rows_; }
  // Frees what was allocated for the row before; from here on allocations belong to this row.
  void begin_row() {
    CHECK_FOR_INTERRUPTS();
    MemoryContextReset(scratch_);
    outer_ = MemoryContextSwitchTo(scratch_);
  }
  void end_row() { MemoryContextSwitchTo(outer_); }
  // An argument costs a copy of the row, unless it is the same in all rows.
  NullableDatum argument(int number, std::int64_t row) {
    if (same_in_all_rows(fcinfo_, number)) return current_argument(fcinfo_, number);
    NullableDatum result;
    bool outside = false;
    result.value = WinGetFuncArgInPartition(window_, number, static_cast<int>(row), WINDOW_SEEK_HEAD, false,
                                            &result.isnull, &outside);
    return result;
  }
  void close() { MemoryContextDelete(scratch_); }

 private:
  FunctionCallInfo fcinfo_;
  WindowObject window_;
  MemoryContext scratch_, outer_ = nullptr;
  std::int64_t rows_;
};
static_assert(std::is_trivially_destructible_v<PartitionReader>);

// State of a partition, zeroed when a new one begins, in a context that ends with it.
template <class State>
State* partition_state(FunctionCallInfo fcinfo) {
  static_assert(std::is_trivially_default_constructible_v<State> && std::is_trivially_destructible_v<State>);
  return static_cast<State*>(WinGetPartitionLocalMemory(PG_WINDOW_OBJECT(), sizeof(State)));
}

}  // namespace health
