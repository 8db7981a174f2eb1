// Part of a test build of the module only: lets one of its allocations fail. The build passes --wrap to the linker for
// each function below, so that the module's own calls come here first.
//
//   health_fault(after bigint, unknown boolean)  the allocation of that number, from now on, fails; with `unknown` one
//                                                inside the core throws an exception of an unexpected type
//   health_fault_left() bigint                   disarms; allocations left to go, 0 if one has failed
#include <cstdint>

#include "pg/pg.hpp"

namespace {

std::int64_t left = 0;
bool unknown = false;

bool fails() { return left > 0 && --left == 0; }

void fail_unless_enough(Size size) {
  if (fails())
    ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory"),
                    errdetail("Failed on request of size %zu.", size)));
}

}  // namespace

extern "C" {

#define WRAP(result, name, parameters, arguments) \
  result __real_##name parameters;                \
  result __wrap_##name parameters {               \
    fail_unless_enough(size);                     \
    return __real_##name arguments;               \
  }
WRAP(void*, palloc, (Size size), (size))
WRAP(void*, palloc0, (Size size), (size))
WRAP(void*, repalloc, (void* place, Size size), (place, size))
WRAP(void*, repalloc_huge, (void* place, Size size), (place, size))
WRAP(char*, pnstrdup, (const char* text, Size size), (text, size))
WRAP(void*, MemoryContextAlloc, (MemoryContext context, Size size), (context, size))
WRAP(void*, MemoryContextAllocZero, (MemoryContext context, Size size), (context, size))
WRAP(void*, MemoryContextAllocHuge, (MemoryContext context, Size size), (context, size))
#undef WRAP

// The core's memory: it must not raise.
void* __real_MemoryContextAllocExtended(MemoryContext context, Size size, int flags);
void* __wrap_MemoryContextAllocExtended(MemoryContext context, Size size, int flags) {
  if (fails()) {
    if (unknown) throw 42;
    return nullptr;
  }
  return __real_MemoryContextAllocExtended(context, size, flags);
}

PG_FUNCTION_INFO_V1(health_fault);
Datum health_fault(PG_FUNCTION_ARGS) {
  left = PG_GETARG_INT64(0);
  unknown = PG_GETARG_BOOL(1);
  PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(health_fault_left);
Datum health_fault_left(PG_FUNCTION_ARGS) {
  (void)fcinfo;
  const std::int64_t result = left;
  left = 0;
  PG_RETURN_INT64(result);
}
}
