// The core's allocator and containers. The caller passes in one Memory: all memory comes from it, and it says whether
// the caller has canceled (interrupt.hpp). In the server it is a memory context that never raises
// (src/pg/memory.hpp), elsewhere the heap.
#pragma once

#include <memory>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace health {

class Memory : public std::pmr::memory_resource {
 public:
  // True when the caller has canceled the work; long loops ask (interrupt.hpp).
  virtual bool interrupted() const { return false; }
};

// A Memory for programs outside of PostgreSQL: allocates from any std::pmr resource, by default the heap. Override
// interrupted() to cancel.
class ResourceMemory : public Memory {
 public:
  explicit ResourceMemory(std::pmr::memory_resource* resource = std::pmr::new_delete_resource())
      : resource_(resource) {}

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override { return resource_->allocate(bytes, alignment); }
  void do_deallocate(void* place, std::size_t bytes, std::size_t alignment) override {
    resource_->deallocate(place, bytes, alignment);
  }
  bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override { return this == &other; }

  std::pmr::memory_resource* resource_;
};

// Containers of the core. They are made with a Memory*, always: memory_of() takes it from them.
using ByteString = std::pmr::string;
template <class T>
using Vector = std::pmr::vector<T>;

// The allocator of Scratch, a vector of plain data whose new elements are left uninitialized: they are written anyway.
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

// The Memory that a container was made with. Undefined for one made with another std::pmr resource, or with none.
template <class Container>
Memory* memory_of(const Container& container) {
  return static_cast<Memory*>(container.get_allocator().resource());
}

// A copy of the text that lives as long as `memory`.
inline std::string_view kept(std::string_view text, Memory* memory) {
  char* copy = static_cast<char*>(memory->allocate(text.size() + 1, 1));
  text.copy(copy, text.size());
  return {copy, text.size()};
}

// Plain data, zeroed, that lives as long as `memory`.
template <class T>
std::span<T> kept_room(std::size_t count, Memory* memory) {
  static_assert(std::is_trivially_destructible_v<T>);
  auto* const first = static_cast<T*>(memory->allocate(sizeof(T) * count, alignof(T)));
  std::uninitialized_value_construct_n(first, count);
  return {first, count};
}

}  // namespace health
