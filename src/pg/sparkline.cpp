#include "core/sparkline.hpp"

#include "core/drivers.hpp"
#include "pg/list.hpp"
#include "pg/model.hpp"

namespace health {

namespace {

struct Spark {
  double score;
  bool known;
};

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(health_sparkline_add);
Datum health_sparkline_add(PG_FUNCTION_ARGS) {
  MemoryContext context = nullptr;
  if (AggCheckCallContext(fcinfo, &context) == 0)
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("this function can only be called by an aggregate")));
  auto* state = PG_ARGISNULL(0) ? nullptr : reinterpret_cast<List<Spark>*>(PG_GETARG_POINTER(0));
  if (state == nullptr) state = static_cast<List<Spark>*>(MemoryContextAllocZero(context, sizeof(List<Spark>)));
  Spark spark{PG_ARGISNULL(1) ? 0 : PG_GETARG_FLOAT8(1), !PG_ARGISNULL(1)};
  guarded([&](Memory*) { spark.score = finite(spark.score, "score"); });
  state->add(spark, context);
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_sparkline_final);
Datum health_sparkline_final(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  check_letters("health_sparkline");
  const auto* state = reinterpret_cast<const List<Spark>*>(PG_GETARG_POINTER(0));
  const char* text = nullptr;
  std::size_t length = 0;
  guarded([&](Memory* memory) {
    String line(memory);
    for (std::size_t i = 0; i < state->count; ++i) append_spark(&line, state->items[i].known, state->items[i].score);
    text = kept(line, memory).data();
    length = line.size();
  });
  PG_RETURN_TEXT_P(cstring_to_text_with_len(text, static_cast<int>(length)));
}
}

}  // namespace health
