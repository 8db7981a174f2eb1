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
struct Learning {
  const char* document;  // of the model, a jsonb
  Learner* learner;
};
template <class Learner>
using LearnerState = GroupModel<Learning<Learner>>;

// What a state is between processes: this, the document of the model, and what the learner writes.
struct LearnerHead {
  ModelId id;
  std::size_t document;
};

// As the first row of a group has it, by a copy of its document.
template <class Learner>
Learning<Learner> begun(std::string_view given, MemoryContext context) {
  MemoryContext caller = MemoryContextSwitchTo(context);
  const char* document = copied(given, context).data();
  const JsonNode* nodes = json_nodes(DatumGetJsonbP(PointerGetDatum(document)));
  MemoryContextSwitchTo(caller);
  return {document, built<Learner>(context, Json(nodes, 0))};
}

// (state, activity, churned, model, as_of [, size [, since]])
template <class Learner>
Datum learner_add(FunctionCallInfo fcinfo) {
  MemoryContext context = aggregate_context(fcinfo);
  constexpr int kFirstTerm = 5;
  if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3) || PG_ARGISNULL(4)) return unchanged(fcinfo);
  auto* state = aggregate_state<LearnerState<Learner>>(fcinfo, context);
  const CompiledModel& model = compiled_argument(fcinfo, PG_GETARG_DATUM(3));
  state->take(model.id, state->known ? state->terms : begun<Learner>(model.whole, context));
  const varlena* activity = activity_argument(PG_GETARG_DATUM(1));
  const bool churned = PG_GETARG_BOOL(2);
  const Day as_of = day_of_date(PG_GETARG_DATEADT(4), "as_of");
  const TermsArgument terms = terms_argument(fcinfo, kFirstTerm);
  guarded(
      [&](Memory* memory) { state->terms.learner->add(canonical(activity, memory), churned, as_of, terms.terms()); });
  PG_RETURN_POINTER(state);
}

template <class Learner>
Datum learner_combine(FunctionCallInfo fcinfo) {
  MemoryContext context = aggregate_context(fcinfo);
  if (PG_ARGISNULL(1)) return unchanged(fcinfo);
  const auto* other = reinterpret_cast<const LearnerState<Learner>*>(PG_GETARG_POINTER(1));
  auto* state = aggregate_state<LearnerState<Learner>>(fcinfo, context);
  const char* document = other->terms.document;
  state->take(other->id, state->known ? state->terms : begun<Learner>({document, VARSIZE(document)}, context));
  guarded([&](Memory*) { state->terms.learner->merge(*other->terms.learner); });
  PG_RETURN_POINTER(state);
}

template <class Learner>
Datum learner_serialize(FunctionCallInfo fcinfo) {
  aggregate_context(fcinfo);
  const auto* state = reinterpret_cast<const LearnerState<Learner>*>(PG_GETARG_POINTER(0));
  const char* document = state->terms.document;
  const Learner& learner = *state->terms.learner;
  const LearnerHead head{state->id, VARSIZE(document)};
  bytea* bytes = part_room(VARHDRSZ + sizeof head + head.document + learner.bytes());
  char* out = VARDATA(bytes);
  std::memcpy(out, &head, sizeof head);
  std::memcpy(out + sizeof head, document, head.document);
  guarded([&](Memory*) { learner.write(reinterpret_cast<std::uint8_t*>(out) + sizeof head + head.document); });
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
    raise_invalid_part();
  auto* state = static_cast<LearnerState<Learner>*>(palloc0(sizeof(LearnerState<Learner>)));
  const char* document = reinterpret_cast<const char*>(bytes.data()) + sizeof head;
  state->take(head.id, begun<Learner>({document, head.document}, CurrentMemoryContext));
  guarded([&](Memory*) { state->terms.learner->merge(bytes.subspan(sizeof head + head.document)); });
  PG_RETURN_POINTER(state);
}

// jsonb of tell(learner, JsonWriter*, Memory*).
template <class Learner, class Tell>
Datum learner_result(FunctionCallInfo fcinfo, Tell tell) {
  aggregate_context(fcinfo);
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const auto* state = reinterpret_cast<const LearnerState<Learner>*>(PG_GETARG_POINTER(0));
  PG_RETURN_JSONB_P(jsonb_written([&](JsonWriter* out, Memory* memory) { tell(*state->terms.learner, out, memory); }));
}

}  // namespace health
