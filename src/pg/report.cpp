// The window functions health_score and health_report.
#include "core/report.hpp"

#include <new>

#include "pg/json.hpp"
#include "pg/window.hpp"

namespace health {

namespace {

// Arguments of both functions.
enum Argument { kActivity, kModel, kAsOf, kSize };

// What both functions keep between their calls.
struct ScoreCall {
  ModelCache models;
  TupleDesc row_type;  // of health_report
};

struct ScorePartition {
  bool ready;
  PartitionModel model;
  SharedDay as_of;
  ContextMemory* memory;
  AccountPopulation* accounts;       // one account a row
  JsonWriter *drivers, *dimensions;  // of the row at hand
};

void evaluate_account(ScorePartition* state, std::size_t account, NullableDatum argument) {
  // The second pass, where there are sizes, evaluates it again; only a volatile one can have become NULL.
  if (argument.isnull)
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("activity changed while its partition was read"),
                    errhint("Arguments of health_score and health_report must not be volatile.")));
  const varlena* activity = activity_argument(argument.value);
  guarded([&](Memory* memory) { state->accounts->evaluate_account(account, canonical(activity, memory)); });
}

// First pass: the model and the date; the sizes, which the raw scores depend on; where there are none, the activities.
void read_accounts(FunctionCallInfo fcinfo, ScorePartition* state, PartitionReader* reader, bool compare) {
  MemoryContext keep = GetMemoryChunkContext(state);
  const bool sized = PG_NARGS() > kSize;
  std::int64_t skipped = 0;  // rows without a model, before the first one with it
  for (std::int64_t row = 0; row < reader->rows(); ++row) {
    reader->begin_row();
    const NullableDatum as_of = reader->argument(kAsOf, row);
    const NullableDatum model = reader->argument(kModel, row);
    const bool takes_part = !as_of.isnull && !model.isnull;
    if (takes_part) {
      state->model.take(&kept_between_calls<ScoreCall>(fcinfo)->models, fcinfo, model.value);
      state->as_of.take(day_of_date(DatumGetDateADT(as_of.value), "as_of"), "as_of", "partition");
    }
    const NullableDatum activity = takes_part ? reader->argument(kActivity, row) : NullableDatum{0, true};
    const NullableDatum size = sized ? reader->argument(kSize, row) : NullableDatum{0, true};
    if (!state->model.known()) {
      ++skipped;
    } else {
      if (state->memory == nullptr)
        state->memory = new (MemoryContextAlloc(keep, sizeof(ContextMemory))) ContextMemory(keep);
      guarded([&](Memory*) {
        if (state->accounts == nullptr) {
          void* place = state->memory->allocate(sizeof(AccountPopulation), alignof(AccountPopulation));
          state->accounts =
              new (place) AccountPopulation(state->model.model(), state->as_of.day, compare, state->memory);
          state->accounts->reserve(static_cast<std::size_t>(reader->rows()));
          for (; skipped > 0; --skipped) state->accounts->add_account(false, {});
        }
        state->accounts->add_account(!activity.isnull,
                                     size_of(size.isnull, size.isnull ? 0 : DatumGetFloat8(size.value)));
      });
      if (!sized && !activity.isnull) evaluate_account(state, static_cast<std::size_t>(row), activity);
    }
    reader->end_row();
  }
}

// Second pass, once the sizes are known.
void evaluate_accounts(ScorePartition* state, PartitionReader* reader) {
  for (std::int64_t row = 0; row < reader->rows(); ++row) {
    const auto account = static_cast<std::size_t>(row);
    if (!state->accounts->known(account)) continue;
    reader->begin_row();
    evaluate_account(state, account, reader->argument(kActivity, row));
    reader->end_row();
  }
}

// State of the partition, read as a whole when its first row is asked for.
ScorePartition* partition(FunctionCallInfo fcinfo, bool compare) {
  auto* state = partition_state<ScorePartition>(fcinfo);
  if (state->ready) return state;
  PartitionReader reader(fcinfo);
  read_accounts(fcinfo, state, &reader, compare);
  if (state->accounts != nullptr) {
    if (PG_NARGS() > kSize) evaluate_accounts(state, &reader);
    guarded([&](Memory*) { state->accounts->close(); });
  }
  reader.close();
  state->ready = true;
  return state;
}

// False where the row at hand has no model or no date, so that its result is NULL.
bool takes_part(FunctionCallInfo fcinfo, const ScorePartition* state) {
  return state->accounts != nullptr && !current_argument(fcinfo, kModel).isnull &&
         !current_argument(fcinfo, kAsOf).isnull;
}

TupleDesc row_type(FunctionCallInfo fcinfo) {
  auto* call = kept_between_calls<ScoreCall>(fcinfo);
  if (call->row_type == nullptr) {
    TupleDesc type = nullptr;
    MemoryContext caller = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
    if (get_call_result_type(fcinfo, nullptr, &type) != TYPEFUNC_COMPOSITE)
      elog(ERROR, "health_report must return a row type");
    call->row_type = BlessTupleDesc(CreateTupleDescCopy(type));
    MemoryContextSwitchTo(caller);
  }
  return call->row_type;
}

Datum text_datum(const char* text) { return PointerGetDatum(cstring_to_text(text)); }

// A column of health_report_row by its position there.
enum Column {
  kColAsOf,
  kColScore,
  kColBand,
  kColTrend,
  kColChange,
  kColPreviousScore,
  kColReason,
  kColMainRisk,
  kColMainRiskSignal,
  kColNextStep,
  kColDimension,
  kColDimensions,
  kColDrivers,
  kColRaw,
  kColRawChangePct,
  kColBaseline,
  kColDaysInactive,
  kColPopulation,
  kColFlags,
  kColumns
};

struct Tuple {
  Datum values[kColumns];
  bool nulls[kColumns];
  void set(Column column, bool known, Datum value) {
    values[column] = value;
    nulls[column] = !known;
  }
};

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(health_score);
Datum health_score(PG_FUNCTION_ARGS) {
  const ScorePartition* state = partition(fcinfo, false);
  const auto account = static_cast<std::size_t>(WinGetCurrentPosition(PG_WINDOW_OBJECT()));
  if (!takes_part(fcinfo, state) || !state->accounts->known(account)) PG_RETURN_NULL();
  PG_RETURN_FLOAT8(state->accounts->score(account));
}

PG_FUNCTION_INFO_V1(health_report);
Datum health_report(PG_FUNCTION_ARGS) {
  TupleDesc type = row_type(fcinfo);
  if (type->natts != kColumns) elog(ERROR, "health_report_row has %d columns, expected %d", type->natts, kColumns);
  ScorePartition* state = partition(fcinfo, true);
  if (!takes_part(fcinfo, state)) PG_RETURN_NULL();
  const auto account = static_cast<std::size_t>(WinGetCurrentPosition(PG_WINDOW_OBJECT()));
  if (state->drivers == nullptr) {
    state->drivers = placed<JsonWriter>(GetMemoryChunkContext(state));
    state->dimensions = placed<JsonWriter>(GetMemoryChunkContext(state));
  }
  ReportRow row{};
  guarded([&](Memory* memory) {
    state->drivers->clear();
    state->dimensions->clear();
    row = state->accounts->report(account, state->drivers, state->dimensions, memory);
  });

  Tuple tuple;
  for (int i = 0; i < kColumns; ++i) tuple.set(static_cast<Column>(i), false, 0);
  const auto number = [&](Column column, bool set, double value) { tuple.set(column, set, Float8GetDatum(value)); };
  const auto text_column = [&](Column column, std::string_view text) {
    if (text.empty()) return;
    tuple.set(column, true, PointerGetDatum(cstring_to_text_with_len(text.data(), static_cast<int>(text.size()))));
  };
  tuple.set(kColAsOf, true, DateADTGetDatum(date_of_day(state->as_of.day)));
  number(kColScore, row.scored, row.score);
  if (row.scored) {
    tuple.set(kColBand, true, text_datum(band_name(row.band)));
    tuple.set(kColDimensions, true, JsonbPGetDatum(jsonb_of_nodes(state->dimensions->nodes().data())));
    tuple.set(kColDrivers, true, JsonbPGetDatum(jsonb_of_nodes(state->drivers->nodes().data())));
  }
  if (row.trend != nullptr) tuple.set(kColTrend, true, text_datum(row.trend));
  number(kColChange, row.change.known, row.change.value);
  number(kColPreviousScore, row.previous_score.known, row.previous_score.value);
  text_column(kColReason, row.reason);
  text_column(kColMainRisk, row.main_risk);
  text_column(kColMainRiskSignal, row.main_risk_signal);
  text_column(kColNextStep, row.next_step);
  text_column(kColDimension, row.dimension);
  number(kColRaw, row.scored, row.raw + 0.0);
  number(kColRawChangePct, row.raw_change_pct.known, row.raw_change_pct.value);
  number(kColBaseline, row.baseline.known, row.baseline.value);
  tuple.set(kColDaysInactive, row.days_inactive.known,
            Int32GetDatum(static_cast<std::int32_t>(row.days_inactive.value)));
  tuple.set(kColPopulation, true, Int32GetDatum(row.population));
  if (row.flags[0] != '\0') tuple.set(kColFlags, true, text_datum(row.flags));
  PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(type, tuple.values, tuple.nulls)));
}
}

}  // namespace health
