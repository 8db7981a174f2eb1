// Columns of plain data of many rows, as bytes for another process of the same program.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "memory.hpp"

namespace health {

// Both return where the next column begins.
template <class T>
std::uint8_t* put_column(const Vector<T>& from, std::uint8_t* to) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (!from.empty()) std::memcpy(to, from.data(), from.size() * sizeof(T));
  return to + from.size() * sizeof(T);
}
template <class T>
const std::uint8_t* take_column(const std::uint8_t* from, std::size_t count, Vector<T>* to) {
  if (count == 0) return from;
  to->resize(to->size() + count);
  std::memcpy(static_cast<void*>(to->data() + to->size() - count), from, count * sizeof(T));
  return from + count * sizeof(T);
}

template <class T>
void append_column(const Vector<T>& from, Vector<T>* to) {
  to->insert(to->end(), from.begin(), from.end());
}

}  // namespace health
