// Baselines, normalization and winsorizing.
#include "core/normalize.hpp"

#include <algorithm>

#include "pg/aggregate.hpp"
#include "pg/plain_list.hpp"
#include "pg/window.hpp"

namespace health {

namespace {

using Numbers = PlainList<double>;

// State of health_baseline: what the model says of it, and the eligible raw scores of a group.
struct BaselineState {
  GroupModel<BaselineTerms> model;
  Numbers raws;
};

void collect(Numbers* raws, double raw, const BaselineTerms& terms, MemoryContext context) {
  raw = finite_argument(raw, "raw score");
  if (eligible(raw, terms)) raws->add(raw, context);
}

// The last arguments are an adjustment, or praise and penalty; NULL and missing ones are 0.
double normalized_score(double raw, Baseline baseline, const Model& model, std::span<const NullableDatum> points) {
  const auto given = [&](std::size_t i) {
    return i < points.size() && !points[i].isnull ? DatumGetFloat8(points[i].value) : 0;
  };
  Adjusted result{};
  guarded([&](Memory*) {
    const double e = normalized(finite(raw, "raw score"), baseline, model);
    if (points.size() < 2) result = adjusted(e, finite(given(0), "adjustment"));
    else result = adjusted(e, not_negative(given(0), "praise"), not_negative(given(1), "penalty"));
  });
  return result.score;
}

struct NormalizePartition {
  bool ready;
  PartitionModel model;
  Baseline baseline;
};

void read_partition(FunctionCallInfo fcinfo, NormalizePartition* state) {
  MemoryContext keep = GetMemoryChunkContext(state);
  Numbers raws{};
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
    guarded([&](Memory*) { state->baseline = baseline_of({raws.items, raws.count}, state->model.model()); });
  if (raws.items != nullptr) pfree(raws.items);
  state->ready = true;
}

// Lower and upper percentile of health_winsorize, the same in all rows.
struct WinsorizePartition {
  bool ready, any;
  double lower_percentile, upper_percentile, lower, upper;
};

void take_percentiles(WinsorizePartition* state, double lower, double upper) {
  if (state->any && (lower != state->lower_percentile || upper != state->upper_percentile))
    raise_mixed("percentile", "partition");
  state->any = true;
  state->lower_percentile = lower;
  state->upper_percentile = upper;
  if (!(lower >= 0 && lower <= upper && upper <= 1))
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("invalid percentiles: %g, %g", lower, upper),
                    errhint("Use two numbers from 0 to 1, the lower one first, for example 0.05 and 0.95.")));
}

void read_partition(FunctionCallInfo fcinfo, WinsorizePartition* state) {
  MemoryContext keep = GetMemoryChunkContext(state);
  Numbers values{};
  PartitionReader reader(fcinfo);
  for (std::int64_t row = 0; row < reader.rows(); ++row) {
    reader.begin_row();
    const NullableDatum x = reader.argument(0, row), lower = reader.argument(1, row), upper = reader.argument(2, row);
    if (!lower.isnull && !upper.isnull) {
      take_percentiles(state, DatumGetFloat8(lower.value), DatumGetFloat8(upper.value));
      if (!x.isnull) values.add(finite_argument(DatumGetFloat8(x.value), "x"), keep);
    }
    reader.end_row();
  }
  reader.close();
  if (values.count > 0) {
    guarded([&](Memory*) {
      state->lower = quantile({values.items, values.count}, state->lower_percentile);
      state->upper = quantile({values.items, values.count}, state->upper_percentile);
    });
    pfree(values.items);
  }
  state->ready = true;
}

}  // namespace

extern "C" {

// Transition of health_baseline(raw, model).
PG_FUNCTION_INFO_V1(health_baseline_add);
Datum health_baseline_add(PG_FUNCTION_ARGS) {
  MemoryContext context = aggregate_context(fcinfo);
  if (PG_ARGISNULL(1) || PG_ARGISNULL(2)) return unchanged(fcinfo);
  auto* state = aggregate_state<BaselineState>(fcinfo, context);
  const CompiledModel& model = compiled_argument(fcinfo, PG_GETARG_DATUM(2));
  state->model.take(model.id, baseline_terms(*model.model));
  collect(&state->raws, PG_GETARG_FLOAT8(1), state->model.terms, context);
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_baseline_combine);
Datum health_baseline_combine(PG_FUNCTION_ARGS) {
  MemoryContext context = aggregate_context(fcinfo);
  if (PG_ARGISNULL(1)) return unchanged(fcinfo);
  const auto* other = reinterpret_cast<const BaselineState*>(PG_GETARG_POINTER(1));
  auto* state = aggregate_state<BaselineState>(fcinfo, context);
  state->model.take(other->model.id, other->model.terms);
  state->raws.append(other->raws.items, other->raws.count, context);
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_baseline_serialize);
Datum health_baseline_serialize(PG_FUNCTION_ARGS) {
  aggregate_context(fcinfo);
  BaselineState head = *reinterpret_cast<const BaselineState*>(PG_GETARG_POINTER(0));
  const Numbers raws = head.raws;
  head.raws = {};
  PG_RETURN_BYTEA_P(part_bytes(head, raws.items, raws.count));
}

PG_FUNCTION_INFO_V1(health_baseline_deserialize);
Datum health_baseline_deserialize(PG_FUNCTION_ARGS) {
  aggregate_context(fcinfo);
  auto* state = static_cast<BaselineState*>(palloc(sizeof(BaselineState)));
  std::size_t count = 0;
  double* raws = part_of_bytes<double>(PG_GETARG_BYTEA_PP(0), state, &count);
  state->raws = {raws, count, count};
  PG_RETURN_POINTER(state);
}

// Reads the state only: a window may go on adding to it.
PG_FUNCTION_INFO_V1(health_baseline_final);
Datum health_baseline_final(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const auto* state = reinterpret_cast<const BaselineState*>(PG_GETARG_POINTER(0));
  Baseline result{};
  guarded([&](Memory* memory) {
    Vector<double> raws(state->raws.items, state->raws.items + state->raws.count, memory);
    result = baseline_of(raws, state->model.terms);
  });
  if (!result.known) PG_RETURN_NULL();
  PG_RETURN_FLOAT8(result.value);
}

// (raw, model [, adjustment | praise, penalty]) OVER (PARTITION BY segment)
PG_FUNCTION_INFO_V1(health_normalize_over);
Datum health_normalize_over(PG_FUNCTION_ARGS) {
  auto* state = partition_state<NormalizePartition>(fcinfo);
  if (!state->ready) read_partition(fcinfo, state);
  const NullableDatum raw = current_argument(fcinfo, 0);
  if (raw.isnull || !state->model.known() || current_argument(fcinfo, 1).isnull) PG_RETURN_NULL();
  NullableDatum points[2];
  const int given = PG_NARGS() - 2;
  for (int i = 0; i < given; ++i) points[i] = current_argument(fcinfo, 2 + i);
  PG_RETURN_FLOAT8(normalized_score(DatumGetFloat8(raw.value), state->baseline, state->model.model(),
                                    {points, static_cast<std::size_t>(given)}));
}

// (raw, baseline, model [, adjustment | praise, penalty])
PG_FUNCTION_INFO_V1(health_normalize);
Datum health_normalize(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0) || PG_ARGISNULL(2)) PG_RETURN_NULL();
  const Model& model = model_argument(fcinfo, PG_GETARG_DATUM(2));
  const double raw = PG_GETARG_FLOAT8(0);
  Baseline baseline{false, 0};
  if (!PG_ARGISNULL(1)) baseline = {true, finite_argument(PG_GETARG_FLOAT8(1), "baseline")};
  if (!baseline.known && finite_argument(raw, "raw score") > 0) PG_RETURN_NULL();
  const auto given = static_cast<std::size_t>(PG_NARGS() - 3);
  PG_RETURN_FLOAT8(normalized_score(raw, baseline, model, {fcinfo->args + 3, given}));
}

// (x, lower_percentile, upper_percentile) OVER (PARTITION BY segment)
PG_FUNCTION_INFO_V1(health_winsorize);
Datum health_winsorize(PG_FUNCTION_ARGS) {
  auto* state = partition_state<WinsorizePartition>(fcinfo);
  if (!state->ready) read_partition(fcinfo, state);
  const NullableDatum x = current_argument(fcinfo, 0);
  if (x.isnull || current_argument(fcinfo, 1).isnull || current_argument(fcinfo, 2).isnull) PG_RETURN_NULL();
  PG_RETURN_FLOAT8(std::clamp(finite_argument(DatumGetFloat8(x.value), "x"), state->lower, state->upper) + 0.0);
}
}

}  // namespace health
