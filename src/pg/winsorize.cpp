// Window function health_winsorize.
#include "core/winsorize.hpp"

#include "pg/plain_list.hpp"
#include "pg/window.hpp"

namespace health {

namespace {

// The percentiles are the same in all rows that have some.
struct WinsorizePartition {
  bool ready, any;
  Percentiles percentiles;
  WinsorLimits limits;
};

void take_percentiles(WinsorizePartition* state, const Percentiles& percentiles) {
  if (state->any && percentiles != state->percentiles) raise_mixed("percentile", "partition");
  if (!state->any) guarded([&](Memory*) { check_percentiles(percentiles); });
  state->any = true;
  state->percentiles = percentiles;
}

void read_partition(FunctionCallInfo fcinfo, WinsorizePartition* state) {
  MemoryContext keep = GetMemoryChunkContext(state);
  PlainList<double> values{};
  PartitionReader reader(fcinfo);
  for (std::int64_t row = 0; row < reader.rows(); ++row) {
    reader.begin_row();
    const NullableDatum x = reader.argument(0, row), lower = reader.argument(1, row), upper = reader.argument(2, row);
    if (!lower.isnull && !upper.isnull) {
      take_percentiles(state, {DatumGetFloat8(lower.value), DatumGetFloat8(upper.value)});
      if (!x.isnull) values.add(finite_argument(DatumGetFloat8(x.value), "x"), keep);
    }
    reader.end_row();
  }
  reader.close();
  if (values.count > 0) {
    guarded([&](Memory* memory) {
      state->limits = winsor_limits({values.items, values.count}, state->percentiles, memory);
    });
    pfree(values.items);
  }
  state->ready = true;
}

}  // namespace

extern "C" {

// (x, lower_percentile, upper_percentile) OVER (PARTITION BY segment)
PG_FUNCTION_INFO_V1(health_winsorize);
Datum health_winsorize(PG_FUNCTION_ARGS) {
  auto* state = partition_state<WinsorizePartition>(fcinfo);
  if (!state->ready) read_partition(fcinfo, state);
  const NullableDatum x = current_argument(fcinfo, 0);
  if (x.isnull || current_argument(fcinfo, 1).isnull || current_argument(fcinfo, 2).isnull) PG_RETURN_NULL();
  PG_RETURN_FLOAT8(state->limits.clamp(finite_argument(DatumGetFloat8(x.value), "x")));
}
}

}  // namespace health
