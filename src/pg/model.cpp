#include "pg/model.hpp"

#include <cstring>

#include "pg/json.hpp"
#include "pg/plain_list.hpp"

namespace health {

void check_language(Language language) {
  if (language != Language::en) check_letters("language fr");
}

void check_letters(const char* what) {
  if (GetDatabaseEncoding() == PG_UTF8 || GetDatabaseEncoding() == PG_SQL_ASCII) return;
  ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                  errmsg("%s needs a database with encoding UTF8, this one has %s", what, GetDatabaseEncodingName())));
}

CompiledModel compile_model(Datum datum, MemoryContext parent) {
  MemoryContext context = AllocSetContextCreate(parent, "health_model", ALLOCSET_DEFAULT_SIZES);
  MemoryContext caller = MemoryContextSwitchTo(context);
  CompiledModel compiled{context, reinterpret_cast<varlena*>(DatumGetPointer(datumCopy(datum, false, -1))), nullptr,
                         nullptr};
  const JsonNode* nodes = json_nodes(DatumGetJsonbP(datum));
  guarded([&](Memory* memory) {
    // The model outlives this call, so its allocator does too.
    void* place = memory->allocate(sizeof(ContextMemory), alignof(ContextMemory));
    compiled.memory = new (place) ContextMemory(context);
    place = compiled.memory->allocate(sizeof(Model), alignof(Model));
    compiled.model = new (place) Model(compiled.memory);
    compiled.model->read(Json(nodes, 0), compiled.memory);
  });
  MemoryContextSwitchTo(caller);
  check_language(compiled.model->language);
  return compiled;
}

namespace {

// The same argument as it came, byte for byte: quick, and false for the same document stored in two ways.
bool same_model(const CompiledModel& compiled, Datum model) {
  const void* other = DatumGetPointer(model);
  const std::size_t size = VARSIZE_ANY(other);
  return size == VARSIZE_ANY(compiled.key) && std::memcmp(compiled.key, other, size) == 0;
}

bool same_document(const CompiledModel& compiled, Datum model) {
  return DatumGetBool(DirectFunctionCall2(jsonb_eq, PointerGetDatum(compiled.key), model));
}

}  // namespace

const Model& model_argument(FunctionCallInfo fcinfo, Datum model) {
  auto* cached = static_cast<CompiledModel*>(fcinfo->flinfo->fn_extra);
  if (cached != nullptr && same_model(*cached, model)) return *cached->model;
  if (cached == nullptr) {
    cached = static_cast<CompiledModel*>(MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(CompiledModel)));
    *cached = compile_model(model, fcinfo->flinfo->fn_mcxt);
    fcinfo->flinfo->fn_extra = cached;
  } else {
    const CompiledModel fresh = compile_model(model, fcinfo->flinfo->fn_mcxt);
    MemoryContextDelete(cached->context);
    *cached = fresh;
  }
  return *cached->model;
}

namespace {

constexpr std::size_t kPooledModels = 32;

CompiledModel pooled_model(FunctionCallInfo fcinfo, Datum model, MemoryContext keep) {
  using Pool = PlainList<CompiledModel>;
  MemoryContext context = fcinfo->flinfo->fn_mcxt;
  auto* pool = static_cast<Pool*>(fcinfo->flinfo->fn_extra);
  if (pool == nullptr)
    fcinfo->flinfo->fn_extra = pool = static_cast<Pool*>(MemoryContextAllocZero(context, sizeof(Pool)));
  for (const auto same : {same_model, same_document})
    for (std::size_t i = pool->count; i-- > 0;)
      if (same(pool->items[i], model)) return pool->items[i];
  if (pool->count == kPooledModels) return compile_model(model, keep);
  pool->add(compile_model(model, context), context);
  return pool->items[pool->count - 1];
}

}  // namespace

void take_model(FunctionCallInfo fcinfo, Datum model, const char* rows, MemoryContext keep, CompiledModel* mine) {
  if (mine->model == nullptr) *mine = pooled_model(fcinfo, model, keep);
  else require_same_model(*mine, model, rows);
}

void require_same_model(const CompiledModel& mine, Datum model, const char* rows) {
  if (!same_model(mine, model) && !same_document(mine, model)) raise_mixed("model", rows);
}

void forget_model(MemoryContext keep, CompiledModel* mine) {
  if (mine->model != nullptr && MemoryContextGetParent(mine->context) == keep) MemoryContextDelete(mine->context);
  *mine = {};
}

void raise_mixed(const char* what, const char* rows) {
  const bool group = std::strcmp(rows, "group") == 0;
  ereport(ERROR,
          (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("%s differs between rows of one %s", what, rows),
           errhint("Add it to %sPARTITION BY, so that every %s has one %s.", group ? "GROUP BY or " : "", rows, what)));
  pg_unreachable();
}

namespace {

// A document is a model once it compiles; it is kept as it is.
Jsonb* validated(Jsonb* jsonb) {
  const JsonNode* nodes = json_nodes(jsonb);
  Language language = Language::en;
  guarded([&](Memory* memory) {
    Model model(memory);
    model.read(Json(nodes, 0), memory);
    language = model.language;
  });
  check_language(language);
  return jsonb;
}

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(health_model_in);
Datum health_model_in(PG_FUNCTION_ARGS) {
  PG_RETURN_JSONB_P(validated(DatumGetJsonbP(DirectFunctionCall1(jsonb_in, PG_GETARG_DATUM(0)))));
}

PG_FUNCTION_INFO_V1(health_model_recv);
Datum health_model_recv(PG_FUNCTION_ARGS) {
  // jsonb_recv would call a wrong version an internal error.
  const auto* message = reinterpret_cast<StringInfo>(PG_GETARG_POINTER(0));
  if (message->cursor >= message->len || message->data[message->cursor] != 1)
    ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION), errmsg("invalid health_model: unknown version")));
  PG_RETURN_JSONB_P(validated(DatumGetJsonbP(DirectFunctionCall1(jsonb_recv, PG_GETARG_DATUM(0)))));
}

PG_FUNCTION_INFO_V1(health_model_from_jsonb);
Datum health_model_from_jsonb(PG_FUNCTION_ARGS) { PG_RETURN_JSONB_P(validated(PG_GETARG_JSONB_P(0))); }

PG_FUNCTION_INFO_V1(health_model_override);
Datum health_model_override(PG_FUNCTION_ARGS) {
  const JsonNode* base = json_nodes(PG_GETARG_JSONB_P(0));
  const JsonNode* patch = json_nodes(PG_GETARG_JSONB_P(1));
  const JsonNode* merged = nullptr;
  guarded([&](Memory* memory) {
    JsonWriter writer(memory);
    merge_model(Json(base, 0), Json(patch, 0), &writer);
    merged = kept_nodes(writer, memory);
  });
  PG_RETURN_JSONB_P(validated(jsonb_of_nodes(merged)));
}
}

}  // namespace health
