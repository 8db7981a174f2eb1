// Aggregate health_tune.
#include "core/tune.hpp"

#include <cstring>

#include "pg/aggregate.hpp"
#include "pg/json.hpp"
#include "pg/raw.hpp"
#include "pg/shared.hpp"

namespace health {

namespace {

std::string_view document_of(const char* jsonb) { return {jsonb, VARSIZE(jsonb)}; }

struct TuneState {
  bool known;
  ModelId id;
  const char* document;  // of the model, a jsonb
  Tuner* tuner;
};

// `document`: in the context of the state.
void begin_tuning(TuneState* state, const ModelId& id, std::string_view document, MemoryContext context) {
  MemoryContext caller = MemoryContextSwitchTo(context);
  const JsonNode* nodes = json_nodes(DatumGetJsonbP(PointerGetDatum(document.data())));
  MemoryContextSwitchTo(caller);
  *state = {true, id, document.data(), built<Tuner>(context, Json(nodes, 0))};
}

// What a state is between processes: this, the document of the model, and what the tuner writes.
struct TuneHead {
  ModelId id;
  std::size_t document;
};

void add_part(TuneState* state, const bytea* part, MemoryContext context) {
  const Bytes bytes(reinterpret_cast<const std::uint8_t*>(VARDATA_ANY(part)), VARSIZE_ANY_EXHDR(part));
  TuneHead head{};
  if (bytes.size() >= sizeof head) std::memcpy(&head, bytes.data(), sizeof head);
  if (bytes.size() < sizeof head || head.document < VARHDRSZ || head.document > bytes.size() - sizeof head)
    ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION), errmsg("invalid state of health_tune")));
  if (!state->known)
    begin_tuning(state, head.id,
                 copied({reinterpret_cast<const char*>(bytes.data()) + sizeof head, head.document}, context), context);
  guarded([&](Memory*) { state->tuner->merge(bytes.subspan(sizeof head + head.document)); });
}

}  // namespace

extern "C" {

// (state, activity, churned, model, as_of [, size [, since]])
PG_FUNCTION_INFO_V1(health_tune_add);
Datum health_tune_add(PG_FUNCTION_ARGS) {
  MemoryContext context = aggregate_context(fcinfo);
  constexpr int kFirstTerm = 5;
  if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3) || PG_ARGISNULL(4)) return unchanged(fcinfo);
  auto* state = aggregate_state<TuneState>(fcinfo, context);
  const CompiledModel& model = compiled_argument(fcinfo, PG_GETARG_DATUM(3));
  if (!state->known) begin_tuning(state, model.id, copied(model.whole, context), context);
  if (state->id != model.id) raise_mixed("model", "group");
  const varlena* activity = activity_argument(PG_GETARG_DATUM(1));
  const bool churned = PG_GETARG_BOOL(2);
  const Day as_of = day_of_date(PG_GETARG_DATEADT(4), "as_of");
  const TermsArgument terms = terms_argument(fcinfo, kFirstTerm);
  guarded([&](Memory* memory) { state->tuner->add(canonical(activity, memory), churned, as_of, terms.terms()); });
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_tune_combine);
Datum health_tune_combine(PG_FUNCTION_ARGS) {
  MemoryContext context = aggregate_context(fcinfo);
  if (PG_ARGISNULL(1)) return unchanged(fcinfo);
  const auto* other = reinterpret_cast<const TuneState*>(PG_GETARG_POINTER(1));
  auto* state = aggregate_state<TuneState>(fcinfo, context);
  if (!state->known) begin_tuning(state, other->id, copied(document_of(other->document), context), context);
  if (state->id != other->id) raise_mixed("model", "group");
  guarded([&](Memory*) { state->tuner->merge(*other->tuner); });
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_tune_serialize);
Datum health_tune_serialize(PG_FUNCTION_ARGS) {
  aggregate_context(fcinfo);
  const auto* state = reinterpret_cast<const TuneState*>(PG_GETARG_POINTER(0));
  const TuneHead head{state->id, VARSIZE(state->document)};
  const std::size_t size = VARHDRSZ + sizeof head + head.document + state->tuner->bytes();
  if (size > MaxAllocSize)
    ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("state of a parallel aggregate is too large"),
                    errhint("Set max_parallel_workers_per_gather to 0 for this query.")));
  auto* bytes = static_cast<bytea*>(palloc(size));
  SET_VARSIZE(bytes, size);
  char* out = VARDATA(bytes);
  std::memcpy(out, &head, sizeof head);
  std::memcpy(out + sizeof head, state->document, head.document);
  guarded([&](Memory*) { state->tuner->write(reinterpret_cast<std::uint8_t*>(out) + sizeof head + head.document); });
  PG_RETURN_BYTEA_P(bytes);
}

PG_FUNCTION_INFO_V1(health_tune_deserialize);
Datum health_tune_deserialize(PG_FUNCTION_ARGS) {
  aggregate_context(fcinfo);
  auto* state = static_cast<TuneState*>(palloc0(sizeof(TuneState)));
  add_part(state, PG_GETARG_BYTEA_PP(0), CurrentMemoryContext);
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_tune_final);
Datum health_tune_final(PG_FUNCTION_ARGS) {
  aggregate_context(fcinfo);
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const auto* state = reinterpret_cast<const TuneState*>(PG_GETARG_POINTER(0));
  PG_RETURN_JSONB_P(jsonb_written([&](JsonWriter* out, Memory* memory) {
    TuneResult result(memory);
    state->tuner->finish(&result, memory);
    write_tuned(result, *state->tuner, out);
  }));
}
}

}  // namespace health
