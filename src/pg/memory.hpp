// The core's allocator in the server: a memory context, asked never to raise.
#pragma once

#include <new>

#include "core/memory.hpp"
#include "pg/pg.hpp"

namespace health {

// The context frees its memory as a whole, too, so objects built on it need no destruction.
class ContextMemory final : public Memory {
 public:
  explicit ContextMemory(MemoryContext context) : context_(context) {}

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    // A context aligns to MAXIMUM_ALIGNOF; more (128-bit integers) is aligned by hand, with the chunk's address in
    // front.
    const bool aligned = alignment <= MAXIMUM_ALIGNOF;
    const std::size_t wanted = aligned ? bytes : bytes + alignment + sizeof(void*);
    if (wanted < bytes || wanted >= MaxAllocHugeSize) throw std::bad_alloc();
    void* chunk = MemoryContextAllocExtended(context_, wanted, MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM);
    if (chunk == nullptr) throw std::bad_alloc();
    if (aligned) return chunk;
    const auto start = reinterpret_cast<std::uintptr_t>(chunk) + sizeof(void*);
    void** place = reinterpret_cast<void**>((start + alignment - 1) / alignment * alignment);
    place[-1] = chunk;
    return place;
  }
  void do_deallocate(void* place, std::size_t, std::size_t alignment) override {
    pfree(alignment <= MAXIMUM_ALIGNOF ? place : static_cast<void**>(place)[-1]);
  }
  // Whether there is an interrupt that would end the statement now: CHECK_FOR_INTERRUPTS would not return.
  bool interrupted() const override {
    if (!InterruptPending || InterruptHoldoffCount != 0 || CritSectionCount != 0) return false;
    return ProcDiePending || (QueryCancelPending && QueryCancelHoldoffCount == 0);
  }
  bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override { return this == &other; }

  MemoryContext context_;
};

// A new T in a context: a T(Memory*), built on memory of that context, or a plain T().
template <class T>
T* placed(MemoryContext context) {
  static_assert(alignof(T) <= MAXIMUM_ALIGNOF);
  void* place = MemoryContextAlloc(context, sizeof(T));
  if constexpr (std::is_constructible_v<T, Memory*>)
    return new (place) T(new (MemoryContextAlloc(context, sizeof(ContextMemory))) ContextMemory(context));
  else return new (place) T();
}

}  // namespace health
