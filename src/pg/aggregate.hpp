// What the functions of aggregates share: the context and beginning of a state, its bytes between processes, and the
// result for a row that changes nothing.
#pragma once

#include <cstring>

#include "pg/pg.hpp"

namespace health {

// The context that the aggregate's state lives in. Raises 0A000 where anything but an aggregate calls.
inline MemoryContext aggregate_context(FunctionCallInfo fcinfo) {
  MemoryContext context = nullptr;
  if (AggCheckCallContext(fcinfo, &context) == 0)
    ereport(ERROR,
            (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("this function can only be called by an aggregate")));
  return context;
}

// The first argument, a state of type internal; zeroed at the first row.
template <class State>
State* aggregate_state(FunctionCallInfo fcinfo, MemoryContext context) {
  static_assert(std::is_trivially_default_constructible_v<State> && std::is_trivially_destructible_v<State> &&
                alignof(State) <= MAXIMUM_ALIGNOF);
  if (!PG_ARGISNULL(0)) return reinterpret_cast<State*>(PG_GETARG_POINTER(0));
  return static_cast<State*>(MemoryContextAllocZero(context, sizeof(State)));
}

// Room for a state as bytes for another process of the server, `size` with their header.
inline bytea* part_room(std::size_t size) {
  if (size > MaxAllocSize)
    ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("state of a parallel aggregate is too large"),
                    errhint("Set max_parallel_workers_per_gather to 0 for this query.")));
  auto* bytes = static_cast<bytea*>(palloc(size));
  SET_VARSIZE(bytes, size);
  return bytes;
}
[[noreturn]] inline void raise_invalid_part() {
  ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION), errmsg("invalid state of an aggregate")));
}
// A state of type internal as such bytes: a head, whose pointers mean nothing there, and a list.
template <class Head, class Item>
bytea* part_bytes(const Head& head, const Item* items, std::size_t count) {
  static_assert(std::is_trivially_copyable_v<Head> && std::is_trivially_copyable_v<Item>);
  bytea* bytes = part_room(VARHDRSZ + sizeof head + count * sizeof(Item));
  std::memcpy(VARDATA(bytes), &head, sizeof head);
  if (count > 0) std::memcpy(VARDATA(bytes) + sizeof head, items, count * sizeof(Item));
  return bytes;
}
// Reads the head and returns the items, in memory of the current context.
template <class Item, class Head>
Item* part_of_bytes(const bytea* bytes, Head* head, std::size_t* count) {
  const std::size_t size = VARSIZE_ANY_EXHDR(bytes);
  if (size < sizeof *head || (size - sizeof *head) % sizeof(Item) != 0) raise_invalid_part();
  std::memcpy(static_cast<void*>(head), VARDATA_ANY(bytes), sizeof *head);
  *count = (size - sizeof *head) / sizeof(Item);
  auto* items = static_cast<Item*>(palloc(size));
  std::memcpy(static_cast<void*>(items), VARDATA_ANY(bytes) + sizeof *head, *count * sizeof(Item));
  return items;
}

// The state argument as the result, for a row that changes nothing.
inline Datum unchanged(FunctionCallInfo fcinfo) {
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

}  // namespace health
