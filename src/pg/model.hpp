// Model arguments: compiled once, kept as long as the same model comes.
#pragma once

#include "core/model.hpp"
#include "pg/guard.hpp"

namespace health {

// A model compiled in a memory context of its own.
struct CompiledModel {
  MemoryContext context;
  varlena* key;  // the argument as it came, perhaps toasted
  Model* model;
  ContextMemory* memory;
};

// Raises 0A000 where the database's encoding has no letters for the sentences of a language.
void check_language(Language language);

// Compiles into a new child of `parent`.
CompiledModel compile_model(Datum model, MemoryContext parent);
// The same argument as it came, byte for byte: quick, and false for the same document stored in two ways.
bool same_model(const CompiledModel& compiled, Datum model);
bool same_document(const CompiledModel& compiled, Datum model);

// The compiled model of a scalar function's argument, cached in fn_extra between rows.
const Model& model_argument(FunctionCallInfo fcinfo, Datum model);

// The same for transition functions: every model that came is kept as long as the query, so that states may point to it.
CompiledModel pooled_model(FunctionCallInfo fcinfo, Datum model);

}  // namespace health
