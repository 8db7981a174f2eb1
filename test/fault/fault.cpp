// Part of a test build of the module only: lets one of its allocations fail. The build passes --wrap to the linker for
// each function below, so that the module's own calls come here first.
//
//   health_fault(after bigint, unknown boolean)  the allocation of that number, from now on, fails; with `unknown` one
//                                                inside the core fails with an exception that nobody knows
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

void* __real_palloc(Size size);
void* __wrap_palloc(Size size) {
  fail_unless_enough(size);
  return __real_palloc(size);
}

void* __real_palloc0(Size size);
void* __wrap_palloc0(Size size) {
  fail_unless_enough(size);
  return __real_palloc0(size);
}

void* __real_repalloc(void* place, Size size);
void* __wrap_repalloc(void* place, Size size) {
  fail_unless_enough(size);
  return __real_repalloc(place, size);
}

void* __real_repalloc_huge(void* place, Size size);
void* __wrap_repalloc_huge(void* place, Size size) {
  fail_unless_enough(size);
  return __real_repalloc_huge(place, size);
}

char* __real_pnstrdup(const char* text, Size length);
char* __wrap_pnstrdup(const char* text, Size length) {
  fail_unless_enough(length);
  return __real_pnstrdup(text, length);
}

void* __real_MemoryContextAlloc(MemoryContext context, Size size);
void* __wrap_MemoryContextAlloc(MemoryContext context, Size size) {
  fail_unless_enough(size);
  return __real_MemoryContextAlloc(context, size);
}

void* __real_MemoryContextAllocZero(MemoryContext context, Size size);
void* __wrap_MemoryContextAllocZero(MemoryContext context, Size size) {
  fail_unless_enough(size);
  return __real_MemoryContextAllocZero(context, size);
}

void* __real_MemoryContextAllocHuge(MemoryContext context, Size size);
void* __wrap_MemoryContextAllocHuge(MemoryContext context, Size size) {
  fail_unless_enough(size);
  return __real_MemoryContextAllocHuge(context, size);
}

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
