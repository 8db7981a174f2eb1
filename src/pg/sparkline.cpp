// Aggregate health_sparkline.
#include "core/sparkline.hpp"

#include "pg/aggregate.hpp"
#include "pg/plain_list.hpp"
#include "pg/model.hpp"
#include "pg/values.hpp"

namespace health {

namespace {

struct Spark {
  double score;
  bool known;
};
constexpr std::size_t kMaxSparks = 100'000;

}  // namespace

extern "C" {

// (state, score)
PG_FUNCTION_INFO_V1(health_sparkline_add);
Datum health_sparkline_add(PG_FUNCTION_ARGS) {
  MemoryContext context = aggregate_context(fcinfo);
  auto* state = aggregate_state<PlainList<Spark>>(fcinfo, context);
  if (state->count == kMaxSparks)
    ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("sparkline of more than %zu readings", kMaxSparks),
                    errhint("Take fewer readings, for example one a week.")));
  const bool known = !PG_ARGISNULL(1);
  state->add({known ? finite_argument(PG_GETARG_FLOAT8(1), "score") : 0, known}, context);
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_sparkline_final);
Datum health_sparkline_final(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  check_letters("health_sparkline");
  const auto* state = reinterpret_cast<const PlainList<Spark>*>(PG_GETARG_POINTER(0));
  varlena* result = nullptr;
  guarded([&](Memory* memory) {
    ByteString line(memory);
    for (std::size_t i = 0; i < state->count; ++i) append_spark(&line, state->items[i].known, state->items[i].score);
    result = value_of({reinterpret_cast<const std::uint8_t*>(line.data()), line.size()}, memory);
  });
  PG_RETURN_TEXT_P(result);
}
}

}  // namespace health
