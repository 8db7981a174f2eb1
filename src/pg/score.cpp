// Window function health_score.
#include "core/score.hpp"

#include "pg/population.hpp"

namespace health {

extern "C" {

// (activity, model, as_of [, size [, since]])
PG_FUNCTION_INFO_V1(health_score);
Datum health_score(PG_FUNCTION_ARGS) {
  auto* partition = partition_state<PopulationPartition<AccountScores>>(fcinfo);
  partition->read(fcinfo, kept_between_calls<ModelCache>(fcinfo));
  const std::size_t account = current_account(fcinfo);
  if (!partition->takes_part(fcinfo) || !partition->accounts->scored(account)) PG_RETURN_NULL();
  PG_RETURN_FLOAT8(partition->accounts->score(account));
}
}

}  // namespace health
