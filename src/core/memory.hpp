// Containers of the core. All memory comes from one std::pmr::memory_resource that the caller passes in:
// in the server a memory context that never raises (src/pg/memory.hpp), in unit tests the heap.
#pragma once

#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

namespace health {

using Memory = std::pmr::memory_resource;
using String = std::pmr::string;
template <class T>
using Vector = std::pmr::vector<T>;

}  // namespace health
