// Type health_model: read, written over, and compiled once a query.
#include "pg/model.hpp"

#include <cstring>

#include "pg/json.hpp"

namespace health {

void check_language(Language language) {
  if (language != Language::en) check_letters("language fr");
}

void check_letters(const char* what) {
  if (GetDatabaseEncoding() == PG_UTF8 || GetDatabaseEncoding() == PG_SQL_ASCII) return;
  ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                  errmsg("%s needs a database with encoding UTF8, this one has %s", what, GetDatabaseEncodingName())));
}

namespace {

ModelId id_of(const JsonNode* nodes) {
  ModelId id{{1, 2}};
  const auto mix = [&](const void* bytes, std::size_t size) {
    for (std::uint64_t& half : id.halves)
      half = hash_bytes_extended(static_cast<const unsigned char*>(bytes), static_cast<int>(size), half);
  };
  for (std::uint32_t i = 0; i < nodes[0].end; ++i) {
    const JsonNode& node = nodes[i];
    const std::string_view text = node.type == JsonType::number ? plain_number(node.text) : node.text;
    const std::uint64_t head[] = {static_cast<std::uint64_t>(node.type), node.boolean ? 1U : 0U, node.end,
                                  node.key.size(), text.size()};
    mix(head, sizeof head);
    mix(node.key.data(), node.key.size());
    mix(text.data(), text.size());
  }
  return id;
}

}  // namespace

const CompiledModel& ModelCache::get(Datum datum, MemoryContext parent) {
  const std::string_view bytes = bytes_as_given(datum);
  if (const CompiledModel* known = models_.find(bytes)) return *known;
  MemoryContext context = models_.room(parent);
  const std::string_view whole = followed(bytes);
  if (whole.data() != bytes.data()) {
    const CompiledModel* known = models_.find(whole);
    CompiledModel compiled = known != nullptr ? *known : get(PointerGetDatum(whole.data()), parent);
    compiled.given = copied(bytes, context);
    return *models_.put(compiled.given, compiled);
  }
  MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "health_model as jsonb", ALLOCSET_DEFAULT_SIZES);
  MemoryContext caller = MemoryContextSwitchTo(scratch);
  const JsonNode* nodes = json_nodes(DatumGetJsonbP(PointerGetDatum(bytes.data())));
  auto* model = placed<Model>(context);
  guarded([&](Memory*) { model->read(Json(nodes, 0), memory_of(model->signals)); });
  check_language(model->language);
  const std::string_view key = copied(bytes, context);
  const CompiledModel* compiled = models_.put(key, {key, key, id_of(nodes), model});
  MemoryContextSwitchTo(caller);
  MemoryContextDelete(scratch);
  return *compiled;
}

const Model* kept_model(const JsonNode* nodes, MemoryContext context) {
  auto* model = placed<Model>(context);
  guarded([&](Memory*) {
    model->read(Json(nodes, 0), memory_of(model->signals));
    model->require_signals();
  });
  return model;
}

const Model* kept_model(const CompiledModel& model, MemoryContext context) {
  return kept_model(json_nodes(DatumGetJsonbP(PointerGetDatum(model.whole.data()))), context);
}

bool same_model(const CompiledModel& compiled, Datum model) {
  const std::string_view given = bytes_as_given(model);
  if (given == compiled.given) return true;
  const std::string_view whole = followed(given);
  return whole == compiled.whole || DatumGetBool(DirectFunctionCall2(jsonb_eq, PointerGetDatum(compiled.whole.data()),
                                                                     PointerGetDatum(whole.data())));
}

namespace {

// The document as a model is stored (settle_units()); raises an error unless it compiles as one.
Jsonb* validated(Jsonb* jsonb) {
  const JsonNode *nodes = json_nodes(jsonb), *settled = nullptr;
  Language language = Language::en;
  guarded([&](Memory* memory) {
    Model model(memory);
    model.read(Json(nodes, 0), memory);
    language = model.language;
    JsonWriter writer(memory);
    if (settle_units(Json(nodes, 0), &writer)) settled = kept_nodes(writer, memory);
  });
  check_language(language);
  return settled == nullptr ? jsonb : jsonb_of_nodes(settled);
}

Jsonb* overridden(Jsonb* base, Jsonb* patch) {
  const JsonNode *base_nodes = json_nodes(base), *patch_nodes = json_nodes(patch), *merged = nullptr;
  guarded([&](Memory* memory) {
    JsonWriter writer(memory);
    merge_model(Json(base_nodes, 0), Json(patch_nodes, 0), &writer);
    merged = kept_nodes(writer, memory);
  });
  return validated(jsonb_of_nodes(merged));
}

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(health_model_in);
Datum health_model_in(PG_FUNCTION_ARGS) {
  PG_RETURN_JSONB_P(validated(jsonb_of_text(PG_GETARG_CSTRING(0), "health_model")));
}

PG_FUNCTION_INFO_V1(health_model_recv);
Datum health_model_recv(PG_FUNCTION_ARGS) {
  auto* message = reinterpret_cast<StringInfo>(PG_GETARG_POINTER(0));
  PG_RETURN_JSONB_P(validated(jsonb_of_message(message, "health_model")));
}

PG_FUNCTION_INFO_V1(health_model_from_jsonb);
Datum health_model_from_jsonb(PG_FUNCTION_ARGS) { PG_RETURN_JSONB_P(validated(PG_GETARG_JSONB_P(0))); }

PG_FUNCTION_INFO_V1(health_model_override);
Datum health_model_override(PG_FUNCTION_ARGS) {
  return overridden_once(
      fcinfo, [](Datum model, Datum changes) { return overridden(DatumGetJsonbP(model), DatumGetJsonbP(changes)); });
}

PG_FUNCTION_INFO_V1(health_model_override_text);
Datum health_model_override_text(PG_FUNCTION_ARGS) {
  return overridden_once(fcinfo, [](Datum model, Datum changes) {
    return overridden(DatumGetJsonbP(model), jsonb_of_text(TextDatumGetCString(changes), "health_model"));
  });
}
}

}  // namespace health
