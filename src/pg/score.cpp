// Window function health_score, and its scalar form against a population.
#include "pg/partition.hpp"
#include "pg/population.hpp"

namespace health {

extern "C" {

// (activity, model, as_of [, size [, since]])
PG_FUNCTION_INFO_V1(health_score);
Datum health_score(PG_FUNCTION_ARGS) {
  auto* partition = partition_state<AccountsPartition>(fcinfo);
  partition->read(Wanted::score, fcinfo, kept_between_calls<ModelCache>(fcinfo));
  const std::size_t account = current_account(fcinfo);
  if (!partition->takes_part(fcinfo) || !partition->accounts().scored(account)) PG_RETURN_NULL();
  PG_RETURN_FLOAT8(partition->accounts().score(account));
}

// (population, activity, size, since, as_of): the last three may be NULL
PG_FUNCTION_INFO_V1(health_score_of_population);
Datum health_score_of_population(PG_FUNCTION_ARGS) {
  CompiledPopulation* against = nullptr;
  EvaluatedAccount account;
  if (!evaluate_argument(Wanted::score, fcinfo, &against, &account) ||
      !account.scored(*against->model, against->dated->as_of))
    PG_RETURN_NULL();
  PG_RETURN_FLOAT8(score_of(account.now, against->population->baseline, *against->model));
}
}

}  // namespace health
