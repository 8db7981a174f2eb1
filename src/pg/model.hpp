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

// Raise 0A000 where the database's encoding has not the letters: of a language's sentences, or of what `what` writes.
void check_language(Language language);
void check_letters(const char* what);

// Compiles into a new child of `parent`.
CompiledModel compile_model(Datum model, MemoryContext parent);

// The compiled model of a scalar function's argument, cached in fn_extra between rows.
const Model& model_argument(FunctionCallInfo fcinfo, Datum model);

// The one model of many rows, `rows` being a "group" or a "partition": taken from the first, compared with each other
// one. The first few models of a query are kept as long as it and shared; the others live in `keep`.
void take_model(FunctionCallInfo fcinfo, Datum model, const char* rows, MemoryContext keep, CompiledModel* mine);
// What take_model does from the second row on.
void require_same_model(const CompiledModel& mine, Datum model, const char* rows);
void forget_model(MemoryContext keep, CompiledModel* mine);

// Rows of one group or partition do not share what they must: 22023.
[[noreturn]] void raise_mixed(const char* what, const char* rows);

}  // namespace health
