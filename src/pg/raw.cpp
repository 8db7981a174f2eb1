// Scores of one account.
#include "pg/raw.hpp"

#include "pg/model.hpp"

namespace health {

namespace {

// (activity, model, as_of [, size [, since]]) -> Evaluation; false where an argument is NULL or the account had not
// begun.
bool evaluated(FunctionCallInfo fcinfo, Evaluation* result) {
  for (int i = 0; i < 3; ++i)
    if (PG_ARGISNULL(i)) return false;
  const varlena* activity = activity_argument(PG_GETARG_DATUM(0));
  const Model& model = model_argument(fcinfo, PG_GETARG_DATUM(1));
  const Day as_of = day_of_date(PG_GETARG_DATEADT(2), "as_of");
  const TermsArgument given = terms_argument(fcinfo, 3);
  bool began = false;
  guarded([&](Memory* memory) {
    model.require_signals();
    Ledger ledger(memory);
    ledger.load(canonical(activity, memory), model, model.scored_days(as_of));
    const AccountTerms terms = given.terms();
    began = started(terms, as_of);
    if (began) *result = evaluate(&ledger, model, as_of, terms, nullptr);
  });
  return began;
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
