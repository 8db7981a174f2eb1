// Aggregate health_tune.
#include "core/tune.hpp"

#include "pg/aggregate.hpp"
#include "pg/json.hpp"
#include "pg/raw.hpp"
#include "pg/shared.hpp"

namespace health {

namespace {

struct TuneState {
  bool known;
  ModelId id;
  Tuner* tuner;
};

void begin_tuning(TuneState* state, const CompiledModel& model, MemoryContext context) {
  *state = {true, model.id, built<Tuner>(context, Json(kept_document(model, context), 0))};
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
  if (!state->known) begin_tuning(state, model, context);
  if (state->id != model.id) raise_mixed("model", "group");
  const varlena* activity = activity_argument(PG_GETARG_DATUM(1));
  const bool churned = PG_GETARG_BOOL(2);
  const Day as_of = day_of_date(PG_GETARG_DATEADT(4), "as_of");
  const TermsArgument terms = terms_argument(fcinfo, kFirstTerm);
  guarded([&](Memory* memory) { state->tuner->add(canonical(activity, memory), churned, as_of, terms.terms()); });
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_tune_final);
Datum health_tune_final(PG_FUNCTION_ARGS) {
  aggregate_context(fcinfo);
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const auto* state = reinterpret_cast<const TuneState*>(PG_GETARG_POINTER(0));
  const JsonNode* written = nullptr;
  guarded([&](Memory* memory) {
    TuneResult result(memory);
    state->tuner->finish(&result, memory);
    JsonWriter writer(memory);
    write_tuned(result, *state->tuner, &writer);
    written = kept_nodes(writer, memory);
  });
  PG_RETURN_JSONB_P(jsonb_of_nodes(written));
}
}

}  // namespace health
