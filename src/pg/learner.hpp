// Aggregates that learn from accounts and what became of them, of (activity, churned, model, as_of [, size [, since]]):
// health_tune and health_fit. A Learner<JSON of a model, Memory*> has add(), merge(), bytes() and write().
#pragma once

#include <cstring>

#include "core/raw.hpp"
#include "pg/aggregate.hpp"
#include "pg/json.hpp"
#include "pg/raw.hpp"
#include "pg/shared.hpp"

namespace health {

template <class Learner>
struct LearnerState {
  bool known;
  ModelId id;
  const char* document;  // of the model, a jsonb
  Learner* learner;
};

// What a state is between processes: this, the document of the model, and what the learner writes.
struct LearnerHead {
  ModelId id;
  std::size_t document;
};

// `document`: in the context of the state.
template <class Learner>
void begin_learning(LearnerState<Learner>* state, const ModelId& id, std::string_view document, MemoryContext context) {
  MemoryContext caller = MemoryContextSwitchTo(context);
  const JsonNode* nodes = json_nodes(DatumGetJsonbP(PointerGetDatum(document.data())));
  MemoryContextSwitchTo(caller);
  *state = {true, id, document.data(), built<Learner>(context, Json(nodes, 0))};
}

// (state, activity, churned, model, as_of [, size [, since]])
template <class Learner>
Datum learner_add(FunctionCallInfo fcinfo) {
  MemoryContext context = aggregate_context(fcinfo);
  constexpr int kFirstTerm = 5;
  if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3) || PG_ARGISNULL(4)) return unchanged(fcinfo);
  auto* state = aggregate_state<LearnerState<Learner>>(fcinfo, context);
  const CompiledModel& model = compiled_argument(fcinfo, PG_GETARG_DATUM(3));
  if (!state->known) begin_learning(state, model.id, copied(model.whole, context), context);
  if (state->id != model.id) raise_mixed("model", "group");
  const varlena* activity = activity_argument(PG_GETARG_DATUM(1));
  const bool churned = PG_GETARG_BOOL(2);
  const Day as_of = day_of_date(PG_GETARG_DATEADT(4), "as_of");
  const TermsArgument terms = terms_argument(fcinfo, kFirstTerm);
  guarded([&](Memory* memory) { state->learner->add(canonical(activity, memory), churned, as_of, terms.terms()); });
  PG_RETURN_POINTER(state);
}

template <class Learner>
Datum learner_combine(FunctionCallInfo fcinfo) {
  MemoryContext context = aggregate_context(fcinfo);
  if (PG_ARGISNULL(1)) return unchanged(fcinfo);
  const auto* other = reinterpret_cast<const LearnerState<Learner>*>(PG_GETARG_POINTER(1));
  auto* state = aggregate_state<LearnerState<Learner>>(fcinfo, context);
  if (!state->known)
    begin_learning(state, other->id, copied({other->document, VARSIZE(other->document)}, context), context);
  if (state->id != other->id) raise_mixed("model", "group");
  guarded([&](Memory*) { state->learner->merge(*other->learner); });
  PG_RETURN_POINTER(state);
}

template <class Learner>
Datum learner_serialize(FunctionCallInfo fcinfo) {
  aggregate_context(fcinfo);
  const auto* state = reinterpret_cast<const LearnerState<Learner>*>(PG_GETARG_POINTER(0));
  const LearnerHead head{state->id, VARSIZE(state->document)};
  const std::size_t size = VARHDRSZ + sizeof head + head.document + state->learner->bytes();
  if (size > MaxAllocSize)
    ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("state of a parallel aggregate is too large"),
                    errhint("Set max_parallel_workers_per_gather to 0 for this query.")));
  auto* bytes = static_cast<bytea*>(palloc(size));
  SET_VARSIZE(bytes, size);
  char* out = VARDATA(bytes);
  std::memcpy(out, &head, sizeof head);
  std::memcpy(out + sizeof head, state->document, head.document);
  guarded([&](Memory*) { state->learner->write(reinterpret_cast<std::uint8_t*>(out) + sizeof head + head.document); });
  PG_RETURN_BYTEA_P(bytes);
}

template <class Learner>
Datum learner_deserialize(FunctionCallInfo fcinfo) {
  aggregate_context(fcinfo);
  const bytea* part = PG_GETARG_BYTEA_PP(0);
  const Bytes bytes(reinterpret_cast<const std::uint8_t*>(VARDATA_ANY(part)), VARSIZE_ANY_EXHDR(part));
  LearnerHead head{};
  if (bytes.size() >= sizeof head) std::memcpy(&head, bytes.data(), sizeof head);
  if (bytes.size() < sizeof head || head.document < VARHDRSZ || head.document > bytes.size() - sizeof head)
    ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION), errmsg("invalid state of a parallel aggregate")));
  auto* state = static_cast<LearnerState<Learner>*>(palloc0(sizeof(LearnerState<Learner>)));
  const char* document = reinterpret_cast<const char*>(bytes.data()) + sizeof head;
  begin_learning(state, head.id, copied({document, head.document}, CurrentMemoryContext), CurrentMemoryContext);
  guarded([&](Memory*) { state->learner->merge(bytes.subspan(sizeof head + head.document)); });
  PG_RETURN_POINTER(state);
}

// jsonb of tell(learner, JsonWriter*, Memory*).
template <class Learner, class Tell>
Datum learner_result(FunctionCallInfo fcinfo, Tell tell) {
  aggregate_context(fcinfo);
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const auto* state = reinterpret_cast<const LearnerState<Learner>*>(PG_GETARG_POINTER(0));
  PG_RETURN_JSONB_P(jsonb_written([&](JsonWriter* out, Memory* memory) { tell(*state->learner, out, memory); }));
}

}  // namespace health
