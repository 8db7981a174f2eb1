// Model arguments: each is compiled once a query and function.
#pragma once

#include "core/model.hpp"
#include "pg/cache.hpp"

namespace health {

// Raise 0A000 where the database's encoding lacks letters: those of a language's sentences, or those that the named
// function (`what`) writes.
void check_language(Language language);
void check_letters(const char* what);

// Two chained 64-bit hashes of a document: equal for equal documents, and by all odds different for others, unless
// somebody constructs a collision.
struct ModelId {
  std::uint64_t halves[2];
  bool operator==(const ModelId&) const = default;
};

struct CompiledModel {
  std::string_view given, whole;  // the argument as it came, and what it points to where it lies out of line
  ModelId id;
  const Model* model;
};

// The models that a function met in a query, each compiled once, whether they are a constant, a column, or take turns.
// Zeroed memory is an empty cache.
class ModelCache {
 public:
  // Valid until the next call. `parent` lives as long as the cache.
  const CompiledModel& get(Datum model, MemoryContext parent);

 private:
  BytesCache<CompiledModel> models_;
};

// A model of its own in a context, for states that keep one: of a document, whose nodes need not last, or of the
// document of a compiled one. Raises 22023 where it has no signals.
const Model* kept_model(const JsonNode* nodes, MemoryContext context);
const Model* kept_model(const CompiledModel& model, MemoryContext context);

// Whether `model` is the compiled document, byte for byte or as jsonb compares. Puts nothing into a cache.
bool same_model(const CompiledModel& compiled, Datum model);

// The model of a function that keeps only a ModelCache between its calls; valid until it asks for another model.
inline const CompiledModel& compiled_argument(FunctionCallInfo fcinfo, Datum model) {
  return kept_between_calls<ModelCache>(fcinfo)->get(model, fcinfo->flinfo->fn_mcxt);
}
inline const Model& model_argument(FunctionCallInfo fcinfo, Datum model) {
  return *compiled_argument(fcinfo, model).model;
}

}  // namespace health
