// Window function health_report, and its scalar form against a population.
#include "core/report.hpp"

#include "pg/drivers.hpp"
#include "pg/partition.hpp"
#include "pg/population.hpp"

namespace health {

namespace {

// A column of health_report_row by its position there. New ones come at the end.
enum Column {
  kColAsOf,
  kColScore,
  kColScoreShown,
  kColBand,
  kColTrend,
  kColScoreChange,
  kColPreviousScore,
  kColReason,
  kColMainRisk,
  kColMainRiskSignal,
  kColMainRiskDimension,
  kColNextStep,
  kColMainOpportunity,
  kColMainOpportunitySignal,
  kColDimensions,
  kColDrivers,
  kColCoverage,
  kColRawScore,
  kColRawChangePct,
  kColBaseline,
  kColDaysInactive,
  kColAccountsCompared,
  kColFlags,
  kColModel,
  kColumns
};

// What the function keeps between its calls (kept_between_calls).
struct ReportCall {
  ModelCache models;
  TupleDesc row_type;
};

TupleDesc row_type(FunctionCallInfo fcinfo) {
  auto* call = kept_between_calls<ReportCall>(fcinfo);
  if (call->row_type == nullptr) {
    TupleDesc type = nullptr;
    MemoryContext caller = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
    if (get_call_result_type(fcinfo, nullptr, &type) != TYPEFUNC_COMPOSITE)
      elog(ERROR, "health_report must return a row type");
    // Of an extension that is not updated yet the row may have fewer columns: then it is filled as far as it goes.
    if (type->natts > kColumns)
      ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                      errmsg("health_report_row has %d columns, and the library in this session knows %d", type->natts,
                             static_cast<int>(kColumns)),
                      errhint("The extension was updated since this session began, or its library was not: install the "
                              "library, and connect anew.")));
    call->row_type = BlessTupleDesc(CreateTupleDescCopy(type));
    MemoryContextSwitchTo(caller);
  }
  return call->row_type;
}

struct Tuple {
  Datum values[kColumns];
  bool nulls[kColumns];
  void set(Column column, bool known, Datum value) {
    values[column] = value;
    nulls[column] = !known;
  }
};

Datum tuple_of(const ReportRow& row, const Model& model, Day as_of, TupleDesc type) {
  Tuple tuple;
  for (int i = 0; i < kColumns; ++i) tuple.set(static_cast<Column>(i), false, 0);
  const auto number = [&](Column column, std::optional<double> value) {
    tuple.set(column, value.has_value(), Float8GetDatum(value.value_or(0)));
  };
  const auto text_column = [&](Column column, std::string_view text) {
    if (!text.empty()) tuple.set(column, true, text_datum(text));
  };
  tuple.set(kColAsOf, true, DateADTGetDatum(date_of_day(as_of)));
  if (row.scored) {
    number(kColScore, row.score);
    tuple.set(kColScoreShown, true, Int32GetDatum(row.score_shown));
    number(kColRawScore, row.raw_score + 0.0);
    tuple.set(kColBand, true, text_datum(band_code(row.band, model.bands)));
    tuple.set(kColDimensions, true, JsonbPGetDatum(jsonb_of_points(model.dimensions(), row.dimensions)));
    tuple.set(kColDrivers, true, JsonbPGetDatum(jsonb_of_drivers(row.drivers)));
  }
  if (row.trend != nullptr) tuple.set(kColTrend, true, text_datum(row.trend));
  number(kColScoreChange, row.score_change);
  number(kColPreviousScore, row.previous_score);
  text_column(kColReason, row.reason);
  text_column(kColMainRisk, row.main_risk);
  text_column(kColMainRiskSignal, row.main_risk_signal);
  text_column(kColMainRiskDimension, row.main_risk_dimension);
  text_column(kColNextStep, row.next_step);
  text_column(kColMainOpportunity, row.main_opportunity);
  text_column(kColMainOpportunitySignal, row.main_opportunity_signal);
  number(kColCoverage, row.coverage);
  number(kColRawChangePct, row.raw_change_pct);
  number(kColBaseline, row.baseline);
  tuple.set(kColDaysInactive, row.days_inactive.has_value(), Int32GetDatum(row.days_inactive.value_or(0)));
  tuple.set(kColAccountsCompared, true, Int32GetDatum(row.accounts_compared));
  if (row.flags[0] != '\0') tuple.set(kColFlags, true, text_datum(row.flags));
  text_column(kColModel, row.model);
  return HeapTupleGetDatum(heap_form_tuple(type, tuple.values, tuple.nulls));
}

}  // namespace

extern "C" {

// (activity, model, as_of [, size [, since]])
PG_FUNCTION_INFO_V1(health_report);
Datum health_report(PG_FUNCTION_ARGS) {
  TupleDesc type = row_type(fcinfo);
  auto* partition = partition_state<AccountsPartition>(fcinfo);
  partition->read(Wanted::report, fcinfo, &kept_between_calls<ReportCall>(fcinfo)->models);
  if (!partition->takes_part(fcinfo)) PG_RETURN_NULL();
  const std::size_t account = current_account(fcinfo);
  ReportRow row{};
  guarded([&](Memory* memory) { row = partition->accounts().report(account, memory); });
  PG_RETURN_DATUM(tuple_of(row, partition->model(), partition->as_of(), type));
}

// (population, activity, size, since, as_of): the last three may be NULL
PG_FUNCTION_INFO_V1(health_report_of_population);
Datum health_report_of_population(PG_FUNCTION_ARGS) {
  TupleDesc type = row_type(fcinfo);
  CompiledPopulation* against = nullptr;
  EvaluatedAccount account;
  if (!evaluate_argument(Wanted::report, fcinfo, &against, &account)) PG_RETURN_NULL();
  ReportRow row{};
  guarded([&](Memory* memory) {
    std::span<const SignalReading> readings;
    Vector<KeptMember> members(memory);
    if (account.known) {  // else the evaluator holds what another one had
      readings = against->dated->evaluator.readings();
      against->dated->evaluator.keep_members(&members);
    }
    row = against->dated->report.of(account, readings, members, memory);
  });
  PG_RETURN_DATUM(tuple_of(row, *against->model, against->dated->as_of, type));
}
}

}  // namespace health
