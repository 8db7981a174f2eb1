// Aggregate health_calibration, and what a calibration says of a score.
#include "core/calibration.hpp"

#include "pg/aggregate.hpp"
#include "pg/cache.hpp"
#include "pg/json.hpp"
#include "pg/outcomes.hpp"

namespace health {

namespace {

using Steps = std::span<const CalibrationStep>;

// The steps of a calibration, read once a query. A large one is on disk, and costs more to fetch than to search.
Steps steps_argument(FunctionCallInfo fcinfo, Datum calibration) {
  auto* cache = kept_between_calls<BytesCache<Steps>>(fcinfo);
  const std::string_view given = bytes_as_given(calibration);
  if (const Steps* known = cache->find(given)) return *known;
  const std::string_view bytes = followed(given);
  if (const Steps* known = cache->find(bytes)) return *known;
  MemoryContext context = cache->room(fcinfo->flinfo->fn_mcxt);
  const JsonNode* nodes = json_nodes(DatumGetJsonbP(PointerGetDatum(bytes.data())));
  auto* steps = placed<Vector<CalibrationStep>>(context);
  guarded([&](Memory*) { *steps = read_calibration(Json(nodes, 0), memory_of(*steps)); });
  if (bytes.data() != given.data()) cache->put(copied(bytes, context), Steps(*steps));
  return *cache->put(copied(given, context), Steps(*steps));
}

ChurnProbability probability_argument(FunctionCallInfo fcinfo) {
  const double score = finite_argument(PG_GETARG_FLOAT8(0), "score");
  return churn_probability(score, steps_argument(fcinfo, PG_GETARG_DATUM(1)));
}

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(health_calibration_final);
Datum health_calibration_final(PG_FUNCTION_ARGS) {
  aggregate_context(fcinfo);
  const std::span<const Outcome> outcomes = collected(fcinfo);
  if (outcomes.empty()) PG_RETURN_NULL();
  PG_RETURN_JSONB_P(jsonb_written([&](JsonWriter* out, Memory* memory) {
    write_calibration(calibration_of(ties_of(outcomes, memory), memory), out);
  }));
}

// (score, calibration)
PG_FUNCTION_INFO_V1(health_churn_probability);
Datum health_churn_probability(PG_FUNCTION_ARGS) { PG_RETURN_FLOAT8(probability_argument(fcinfo).probability); }

// (score, calibration)
PG_FUNCTION_INFO_V1(health_churn_interval);
Datum health_churn_interval(PG_FUNCTION_ARGS) {
  PG_RETURN_DATUM(interval_datum(probability_argument(fcinfo).interval));
}
}

}  // namespace health
