// Aggregate health_fit.
#include "core/fit.hpp"

#include "pg/learner.hpp"

namespace health {

extern "C" {

PG_FUNCTION_INFO_V1(health_fit_add);
Datum health_fit_add(PG_FUNCTION_ARGS) { return learner_add<Fitter>(fcinfo); }

PG_FUNCTION_INFO_V1(health_fit_combine);
Datum health_fit_combine(PG_FUNCTION_ARGS) { return learner_combine<Fitter>(fcinfo); }

PG_FUNCTION_INFO_V1(health_fit_serialize);
Datum health_fit_serialize(PG_FUNCTION_ARGS) { return learner_serialize<Fitter>(fcinfo); }

PG_FUNCTION_INFO_V1(health_fit_deserialize);
Datum health_fit_deserialize(PG_FUNCTION_ARGS) { return learner_deserialize<Fitter>(fcinfo); }

PG_FUNCTION_INFO_V1(health_fit_final);
Datum health_fit_final(PG_FUNCTION_ARGS) {
  return learner_result<Fitter>(fcinfo, [](const Fitter& fitter, JsonWriter* out, Memory* memory) {
    FitResult result(memory);
    fitter.finish(&result, memory);
    write_fitted(result, fitter, out);
  });
}
}

}  // namespace health
