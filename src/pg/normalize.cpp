// health_normalize: the window function over a population, and the function of a given baseline.
#include "core/normalize.hpp"

#include "core/score.hpp"
#include "pg/baseline.hpp"
#include "pg/window.hpp"

namespace health {

namespace {

// `points`: an adjustment, or praise and penalty; NULL and missing ones are 0.
double normalized_score(double raw, Baseline baseline, const Model& model, std::span<const NullableDatum> points) {
  const auto given = [&](std::size_t i) {
    return i < points.size() && !points[i].isnull ? DatumGetFloat8(points[i].value) : 0;
  };
  Adjusted result{};
  guarded([&](Memory*) {
    model.require_sum();
    const double e = normalized(finite(raw, "raw score"), baseline, model);
    if (points.size() < 2) result = adjusted(e, finite(given(0), "adjustment"));
    else result = adjusted(e, not_negative(given(0), "praise"), not_negative(given(1), "penalty"));
  });
  return result.score;
}

struct NormalizePartition {
  PartitionModel model;
  Baseline* baseline;  // null: the partition has not been read
};

void read_partition(FunctionCallInfo fcinfo, NormalizePartition* state) {
  MemoryContext keep = GetMemoryChunkContext(state);
  Numbers raws{};
  auto* baseline = placed<Baseline>(keep);
  PartitionReader reader(fcinfo);
  for (std::int64_t row = 0; row < reader.rows(); ++row) {
    reader.begin_row();
    const NullableDatum raw = reader.argument(0, row), model = reader.argument(1, row);
    if (!model.isnull) state->model.take(fcinfo, model.value);
    if (!model.isnull && !raw.isnull)
      collect(&raws, DatumGetFloat8(raw.value), baseline_terms(state->model.model()), keep);
    reader.end_row();
  }
  reader.close();
  if (state->model.known())
    guarded([&](Memory* memory) {
      *baseline = baseline_of({raws.items, raws.count}, baseline_terms(state->model.model()), memory);
    });
  if (raws.items != nullptr) pfree(raws.items);
  state->baseline = baseline;
}

}  // namespace

extern "C" {

// (raw, model [, adjustment | praise, penalty]) OVER (PARTITION BY segment)
PG_FUNCTION_INFO_V1(health_normalize_over);
Datum health_normalize_over(PG_FUNCTION_ARGS) {
  auto* state = partition_state<NormalizePartition>(fcinfo);
  if (state->baseline == nullptr) read_partition(fcinfo, state);
  const NullableDatum raw = current_argument(fcinfo, 0);
  if (raw.isnull || !state->model.known() || current_argument(fcinfo, 1).isnull) PG_RETURN_NULL();
  NullableDatum points[2];
  const int given = PG_NARGS() - 2;
  for (int i = 0; i < given; ++i) points[i] = current_argument(fcinfo, 2 + i);
  PG_RETURN_FLOAT8(normalized_score(DatumGetFloat8(raw.value), *state->baseline, state->model.model(),
                                    {points, static_cast<std::size_t>(given)}));
}

// (raw, baseline, model [, adjustment | praise, penalty])
PG_FUNCTION_INFO_V1(health_normalize);
Datum health_normalize(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0) || PG_ARGISNULL(2)) PG_RETURN_NULL();
  const Model& model = model_argument(fcinfo, PG_GETARG_DATUM(2));
  const double raw = PG_GETARG_FLOAT8(0);
  Baseline baseline;
  if (!PG_ARGISNULL(1)) baseline = finite_argument(PG_GETARG_FLOAT8(1), "baseline");
  if (!baseline && finite_argument(raw, "raw score") > 0) PG_RETURN_NULL();
  const auto given = static_cast<std::size_t>(PG_NARGS() - 3);
  PG_RETURN_FLOAT8(normalized_score(raw, baseline, model, {fcinfo->args + 3, given}));
}
}

}  // namespace health
