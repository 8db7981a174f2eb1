// Errors of the core in the server. The core throws C++ exceptions, the server longjmps, and neither may unwind frames
// of the other:
//   1. the caller fetches and detoasts its arguments into plain data (the server may jump here),
//   2. guarded() runs the core and turns whatever it throws into a plain record (nothing jumps here),
//   3. with no C++ object alive, the record is raised (the server jumps again).
#pragma once

#include <exception>
#include <new>
#include <type_traits>

#include "core/failure.hpp"
#include "pg/memory.hpp"

namespace health {

// Raises a failure of the core as an error of the server. Must be called where no C++ object is alive.
[[noreturn]] void raise(const Failure& failure);

// Thrown where a call of the server from within the core has failed: its error waits to be thrown again.
struct ServerError {};

// Runs body(Memory*) with memory of the current context.
template <class Body>
void guarded(Body&& body) {
  static_assert(std::is_trivially_destructible_v<std::remove_reference_t<Body>>, "nothing here may need destruction");
  Failure failure;
  bool failed = true, of_server = false;
  const auto run = [&]() noexcept {
    try {
      ContextMemory memory(CurrentMemoryContext);
      body(static_cast<Memory*>(&memory));
      failed = false;
    } catch (const Failure& thrown) {
      failure = thrown;
    } catch (const ServerError&) {
      of_server = true;
    } catch (const std::bad_alloc&) {
      failure = {"53200", "out of memory", ""};
    } catch (...) {
      failure = {"XX000", "health_score: unexpected internal error", ""};
    }
  };
  run();
  if (of_server) PG_RE_THROW();
  if (failed) raise(failure);
}

// A new T(arguments..., Memory*) in a context, which its memory comes from.
template <class T, class... Arguments>
T* built(MemoryContext context, const Arguments&... arguments) {
  auto* memory = new (MemoryContextAlloc(context, sizeof(ContextMemory))) ContextMemory(context);
  void* place = MemoryContextAlloc(context, sizeof(T));
  T* result = nullptr;
  guarded([&](Memory*) { result = new (place) T(arguments..., memory); });
  return result;
}

}  // namespace health
