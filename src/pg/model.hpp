// Model arguments: compiled once, kept for as long as a query goes on with them.
#pragma once

#include "core/model.hpp"
#include "pg/cache.hpp"

namespace health {

// Raise 0A000 where the database's encoding has not the letters: of a language's sentences, or of what `what` writes.
void check_language(Language language);
void check_letters(const char* what);

// The same for equal documents; other ones have another by all odds: two chained hashes of 64 bits, which are no match
// for intent.
struct ModelId {
  std::uint64_t halves[2];
  bool operator==(const ModelId&) const = default;
};

struct CompiledModel {
  std::string_view given, whole;  // the argument as it came, and what it points to where it lies out of line
  ModelId id;
  const Model* model;
};

// The models that a function met while a query goes on, each compiled once: a constant, a column, several that take
// turns. Zeroed to begin with.
class ModelCache {
 public:
  // Valid until the next call. `parent` lives as long as the cache.
  const CompiledModel& get(Datum model, MemoryContext parent);

 private:
  BytesCache<CompiledModel> models_;
};

// The same document, byte for byte or as jsonb compares. Leaves caches alone.
bool same_model(const CompiledModel& compiled, Datum model);

// The model of a function that keeps nothing else; valid until it takes another one.
inline const CompiledModel& compiled_argument(FunctionCallInfo fcinfo, Datum model) {
  return kept_between_calls<ModelCache>(fcinfo)->get(model, fcinfo->flinfo->fn_mcxt);
}
inline const Model& model_argument(FunctionCallInfo fcinfo, Datum model) {
  return *compiled_argument(fcinfo, model).model;
}

}  // namespace health
