// Aggregate health_backtest.
#include "core/backtest.hpp"

#include "pg/aggregate.hpp"
#include "pg/json.hpp"
#include "pg/outcomes.hpp"
#include "pg/shared.hpp"

namespace health {

namespace {

// The outcomes of a group and the model whose bands they are seen by, which the final function compiles.
struct BacktestState {
  Outcomes outcomes;
  GroupModel<Datum> model;  // of a copy of the document
};

void take_model(BacktestState* state, const CompiledModel& model, MemoryContext context) {
  if (state->model.known) return state->model.take(model.id, state->model.terms);
  MemoryContext caller = MemoryContextSwitchTo(context);
  state->model.take(model.id, datumCopy(PointerGetDatum(model.whole.data()), false, -1));
  MemoryContextSwitchTo(caller);
}

}  // namespace

extern "C" {

// (state, score, churned, model)
PG_FUNCTION_INFO_V1(health_backtest_add);
Datum health_backtest_add(PG_FUNCTION_ARGS) {
  MemoryContext context = aggregate_context(fcinfo);
  Outcome outcome{};
  if (PG_ARGISNULL(3) || !outcome_argument(fcinfo, &outcome)) return unchanged(fcinfo);
  auto* state = aggregate_state<BacktestState>(fcinfo, context);
  take_model(state, compiled_argument(fcinfo, PG_GETARG_DATUM(3)), context);
  state->outcomes.add(outcome, context);
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_backtest_final);
Datum health_backtest_final(PG_FUNCTION_ARGS) {
  aggregate_context(fcinfo);
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const auto* state = reinterpret_cast<const BacktestState*>(PG_GETARG_POINTER(0));
  const std::span<const BandTerms> bands = model_argument(fcinfo, state->model.terms).bands;
  PG_RETURN_JSONB_P(jsonb_written([&](JsonWriter* out, Memory* memory) {
    Backtest result(memory);
    backtest({state->outcomes.items, state->outcomes.count}, bands, &result, memory);
    write_backtest(result, bands, out);
  }));
}
}

}  // namespace health
