// Populations as arguments: each is read once, for all queries of a session.
#pragma once

#include "core/report.hpp"
#include "pg/model.hpp"

namespace health {

// What evaluates and reports at one date.
struct DatedReport {
  DatedReport(const Model& model, const Population& population, Day date, Memory* memory)
      : as_of(date), evaluator(model, date, memory), report(model, population, date, memory) {}
  Day as_of;
  AccountEvaluator evaluator;
  Report report;
};

// A population and what it takes to report against it, for one date after the other.
struct CompiledPopulation {
  const Model* model;
  const Population* population;
  DatedReport* dated;  // of the date that was asked for last
};
// Valid until the next call.
CompiledPopulation* population_argument(Datum population);

// What scalar functions do with (population, activity, size, since, as_of): the account, evaluated against the
// population at the date; not known where the activity is NULL. False where the population is NULL. Raises 22023 on a
// date before the population's.
bool evaluate_argument(Wanted wanted, FunctionCallInfo fcinfo, CompiledPopulation** against, EvaluatedAccount* account);

}  // namespace health
