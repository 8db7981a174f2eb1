// A growing list of plain items in a memory context, for states of aggregates: the server may jump while it is filled.
#pragma once

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "pg/pg.hpp"

namespace health {

template <class T>
struct PlainList {
  static_assert(std::is_trivially_copyable_v<T>);
  T* items;
  std::size_t count, room;

  // Puts `more` items at the end.
  void append(const T* from, std::size_t more, MemoryContext context) {
    if (more == 0) return;  // there may be no items yet
    if (count + more > room) {
      const auto wanted = std::max<std::size_t>({64, room * 2, count + more});
      items = static_cast<T*>(items == nullptr ? MemoryContextAllocHuge(context, wanted * sizeof(T))
                                               : repalloc_huge(items, wanted * sizeof(T)));
      room = wanted;
    }
    std::memcpy(static_cast<void*>(items + count), from, more * sizeof(T));
    count += more;
  }
  void add(const T& item, MemoryContext context) { append(&item, 1, context); }
};

}  // namespace health
