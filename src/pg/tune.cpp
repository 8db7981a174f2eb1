// Aggregate health_tune.
#include "core/tune.hpp"

#include "pg/learner.hpp"

namespace health {

extern "C" {

PG_FUNCTION_INFO_V1(health_tune_add);
Datum health_tune_add(PG_FUNCTION_ARGS) { return learner_add<Tuner>(fcinfo); }

PG_FUNCTION_INFO_V1(health_tune_combine);
Datum health_tune_combine(PG_FUNCTION_ARGS) { return learner_combine<Tuner>(fcinfo); }

PG_FUNCTION_INFO_V1(health_tune_serialize);
Datum health_tune_serialize(PG_FUNCTION_ARGS) { return learner_serialize<Tuner>(fcinfo); }

PG_FUNCTION_INFO_V1(health_tune_deserialize);
Datum health_tune_deserialize(PG_FUNCTION_ARGS) { return learner_deserialize<Tuner>(fcinfo); }

PG_FUNCTION_INFO_V1(health_tune_final);
Datum health_tune_final(PG_FUNCTION_ARGS) {
  return learner_result<Tuner>(fcinfo, [](const Tuner& tuner, JsonWriter* out, Memory* memory) {
    TuneResult result(memory);
    tuner.finish(&result, memory);
    write_tuned(result, tuner, out);
  });
}
}

}  // namespace health
