// Memory of the core, and its containers. All memory comes from one Memory that the caller passes in, and with it
// travels the question whether to go on (interrupt.hpp): in the server it is a memory context that never raises
// (src/pg/memory.hpp), elsewhere the heap.
#pragma once

#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

namespace health {

class Memory : public std::pmr::memory_resource {
 public:
  // Has the caller lost interest? Long work asks now and then.
  virtual bool interrupted() const { return false; }
};

// Memory from another resource, the heap or an arena: for programs of their own.
class ResourceMemory final : public Memory {
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

// What a container was built on: in the core always a Memory.
template <class Container>
Memory* memory_of(const Container& container) {
  return static_cast<Memory*>(container.get_allocator().resource());
}

// A copy that lives as long as the memory.
inline std::string_view kept(std::string_view text, Memory* memory) {
  char* copy = static_cast<char*>(memory->allocate(text.size() + 1, 1));
  text.copy(copy, text.size());
  return {copy, text.size()};
}

}  // namespace health
