// Containers of the core. All memory comes from one std::pmr::memory_resource that the caller passes in:
// in the server a memory context that never raises (src/pg/memory.hpp), in unit tests the heap.
#pragma once

#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

namespace health {

using Memory = std::pmr::memory_resource;
using ByteString = std::pmr::string;
template <class T>
using Vector = std::pmr::vector<T>;

// Of plain data that resize() does not clear, for those who write every element themselves.
template <class T>
struct Uncleared : std::pmr::polymorphic_allocator<T> {
  using std::pmr::polymorphic_allocator<T>::polymorphic_allocator, std::pmr::polymorphic_allocator<T>::construct;
  template <class U>
  void construct(U* place) {
    ::new (static_cast<void*>(place)) U;
  }
};
template <class T>
using Scratch = std::vector<T, Uncleared<T>>;

}  // namespace health
