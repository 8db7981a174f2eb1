// Part of a test build of the module only: lets one of its allocations, or of its calls for a temporary file, fail. The
// build passes --wrap to the linker for each function below, so that the module's own calls come here first.
//
//   health_fault(after bigint, unknown boolean)  the call of that number, from now on, fails; with `unknown` an
//                                                allocation inside the core throws an exception of an unexpected type
//   health_fault_left() bigint                   disarms; calls left to go, 0 if one has failed
#include <cerrno>
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

// Temporary files, on a disk that is full: some calls raise, others say that they have failed.
void raise_full_disk(const char* what) {
  errno = ENOSPC;
  if (fails()) ereport(ERROR, (errcode_for_file_access(), errmsg("could not %s a temporary file: %m", what)));
}
bool fails_by_full_disk() {
  errno = ENOSPC;
  return fails();
}

#define WRAP_FILE(result, name, what, parameters, arguments) \
  result __real_##name parameters;                           \
  result __wrap_##name parameters {                          \
    raise_full_disk(what);                                   \
    return __real_##name arguments;                          \
  }
WRAP_FILE(BufFile*, BufFileCreateTemp, "create", (bool across), (across))
WRAP_FILE(BufFile*, BufFileCreateFileSet, "create", (FileSet * set, const char* name), (set, name))
WRAP_FILE(BufFile*, BufFileOpenFileSet, "open", (FileSet * set, const char* name, int mode, bool missing),
          (set, name, mode, missing))
WRAP_FILE(void, BufFileExportFileSet, "export", (BufFile * file), (file))
WRAP_FILE(void, BufFileWrite, "write to", (BufFile * file, const void* bytes, size_t size), (file, bytes, size))
#undef WRAP_FILE
int __real_BufFileSeek(BufFile* file, int number, off_t offset, int whence);
int __wrap_BufFileSeek(BufFile* file, int number, off_t offset, int whence) {
  return fails_by_full_disk() ? EOF : __real_BufFileSeek(file, number, offset, whence);
}
size_t __real_BufFileRead(BufFile* file, void* bytes, size_t size);
size_t __wrap_BufFileRead(BufFile* file, void* bytes, size_t size) {
  return fails_by_full_disk() ? size / 2 : __real_BufFileRead(file, bytes, size);
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
