// Scores of one account.
#include "core/raw.hpp"

#include "pg/model.hpp"
#include "pg/values.hpp"

namespace health {

namespace {

// (activity, model, as_of [, size]) -> Evaluation; false where an argument is NULL.
bool evaluated(FunctionCallInfo fcinfo, Evaluation* result) {
  for (int i = 0; i < 3; ++i)
    if (PG_ARGISNULL(i)) return false;
  const varlena* activity = activity_argument(PG_GETARG_DATUM(0));
  const Model& model = model_argument(fcinfo, PG_GETARG_DATUM(1));
  const Day as_of = day_of_date(PG_GETARG_DATEADT(2), "as_of");
  const std::optional<double> size = optional_float8(fcinfo, 3);
  guarded([&](Memory* memory) {
    model.require_signals();
    Ledger ledger(memory);
    ledger.load(canonical(activity, memory), model, model.scored_days(as_of));
    *result = evaluate(&ledger, model, as_of, size_of(size), nullptr);
  });
  return true;
}

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(health_raw_score);
Datum health_raw_score(PG_FUNCTION_ARGS) {
  Evaluation result{};
  if (!evaluated(fcinfo, &result)) PG_RETURN_NULL();
  PG_RETURN_FLOAT8(result.raw + 0.0);
}

PG_FUNCTION_INFO_V1(health_adjustment);
Datum health_adjustment(PG_FUNCTION_ARGS) {
  Evaluation result{};
  if (!evaluated(fcinfo, &result)) PG_RETURN_NULL();
  PG_RETURN_FLOAT8(result.adjustment() + 0.0);
}
}

}  // namespace health
