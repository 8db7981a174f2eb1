// What a function keeps between its calls in one query: its fn_extra, and a cache of values by the bytes of arguments.
#pragma once

#include <cstring>
#include <string_view>
#include <unordered_map>

#include "pg/guard.hpp"

namespace health {

// What a function keeps between its calls in fn_extra, zeroed before the first one. A function must always ask for the
// same T: nothing checks it.
template <class T>
T* kept_between_calls(FunctionCallInfo fcinfo) {
  static_assert(std::is_trivially_default_constructible_v<T> && std::is_trivially_destructible_v<T> &&
                alignof(T) <= MAXIMUM_ALIGNOF);
  FmgrInfo* function = fcinfo->flinfo;
  if (function->fn_extra == nullptr) function->fn_extra = MemoryContextAllocZero(function->fn_mcxt, sizeof(T));
  return static_cast<T*>(function->fn_extra);
}

// The bytes of an argument as they came, perhaps toasted: equal bytes are equal values. That holds of a pointer to a
// value on disk; any other pointer is followed, since later another value may lie there.
inline std::string_view bytes_as_given(Datum datum) {
  auto* value = reinterpret_cast<varlena*>(DatumGetPointer(datum));
  if (VARATT_IS_EXTERNAL(value) && !VARATT_IS_EXTERNAL_ONDISK(value)) value = pg_detoast_datum(value);
  return {reinterpret_cast<const char*>(value), VARSIZE_ANY(value)};
}

// The bytes, or the value that they point to on disk: rows may have equal values there under different pointers.
inline std::string_view followed(std::string_view bytes) {
  auto* value = reinterpret_cast<varlena*>(const_cast<char*>(bytes.data()));
  if (!VARATT_IS_EXTERNAL(value)) return bytes;
  value = pg_detoast_datum(value);
  return {reinterpret_cast<const char*>(value), VARSIZE_ANY(value)};
}

// Values by bytes, in a memory context of their own. Zeroed memory is an empty cache. Memory: up to 64 MB and one value
// more; then the cache is emptied.
template <class Value>
class BytesCache {
  static_assert(std::is_trivially_destructible_v<Value>);

 public:
  // Null where there is none; valid until room() or put() is called.
  const Value* find(std::string_view bytes) {
    if (last_ != nullptr && last_->first == bytes) return &last_->second;
    if (!room_left()) return nullptr;  // values may have grown since they were put
    const auto found = values_->find(bytes);
    if (found == values_->end()) return nullptr;
    last_ = &*found;
    return &found->second;
  }
  // The context to make the next value in: a child of `parent`, which lives as long as the cache. May drop all values
  // so far.
  MemoryContext room(MemoryContext parent) {
    if (room_left()) return context_;
    last_ = nullptr;
    values_ = nullptr;
    if (context_ == nullptr) context_ = AllocSetContextCreate(parent, "health_score cache", ALLOCSET_DEFAULT_SIZES);
    else MemoryContextReset(context_);
    values_ = placed<Values>(context_);
    return context_;
  }
  // `bytes` and `value` lie in the context that room() gave.
  const Value* put(std::string_view bytes, const Value& value) {
    guarded([&](Memory*) { last_ = &*values_->emplace(bytes, value).first; });
    return &last_->second;
  }

 private:
  bool room_left() const {
    constexpr std::size_t kMost = std::size_t{64} << 20;
    return values_ != nullptr && MemoryContextMemAllocated(context_, false) <= kMost;
  }
  using Values = std::pmr::unordered_map<std::string_view, Value>;
  MemoryContext context_;
  Values* values_;
  const typename Values::value_type* last_;
};

// A copy of some bytes in a context.
inline std::string_view copied(std::string_view bytes, MemoryContext context) {
  auto* copy = static_cast<char*>(MemoryContextAlloc(context, bytes.size()));
  std::memcpy(copy, bytes.data(), bytes.size());
  return {copy, bytes.size()};
}

// What a function makes of its two arguments, a document and its changes: kept, since often they are the same in every
// row. override(document, changes) -> Jsonb*.
template <class Override>
Datum overridden_once(FunctionCallInfo fcinfo, Override override) {
  const auto joined = [](std::string_view a, std::string_view b) {
    auto* both = static_cast<char*>(palloc(a.size() + b.size()));
    std::memcpy(both, a.data(), a.size());
    std::memcpy(both + a.size(), b.data(), b.size());
    return std::string_view(both, a.size() + b.size());
  };
  auto* cache = kept_between_calls<BytesCache<std::string_view>>(fcinfo);
  std::string_view base = bytes_as_given(PG_GETARG_DATUM(0)), patch = bytes_as_given(PG_GETARG_DATUM(1));
  const std::string_view* made = cache->find(joined(base, patch));
  if (made == nullptr) {
    base = followed(base);
    patch = followed(patch);
    made = cache->find(joined(base, patch));
  }
  if (made == nullptr) {
    const Jsonb* fresh = override(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1));
    MemoryContext context = cache->room(fcinfo->flinfo->fn_mcxt);
    made = cache->put(copied(joined(base, patch), context),
                      copied({reinterpret_cast<const char*>(fresh), VARSIZE(fresh)}, context));
  }
  PG_RETURN_POINTER(copied(*made, CurrentMemoryContext).data());
}

}  // namespace health
