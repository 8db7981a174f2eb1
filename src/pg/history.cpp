// Set-returning function health_history.
#include "core/history.hpp"

#include <algorithm>

#include "pg/model.hpp"
#include "pg/raw.hpp"

namespace health {

extern "C" {

// (activity, model, from_day, to_day, size, since, step) -> rows of as_of, raw, adjustment, praise, penalty
PG_FUNCTION_INFO_V1(health_history);
Datum health_history(PG_FUNCTION_ARGS) {
  InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
  for (const int i : {0, 1, 2, 3, 6})
    if (PG_ARGISNULL(i)) return static_cast<Datum>(0);
  const varlena* activity = activity_argument(PG_GETARG_DATUM(0));
  const Model& model = model_argument(fcinfo, PG_GETARG_DATUM(1));
  const Day from = day_of_date(PG_GETARG_DATEADT(2), "from_day"), to = day_of_date(PG_GETARG_DATEADT(3), "to_day");
  const TermsArgument given = terms_argument(fcinfo, 4);
  const std::int32_t step = days_argument(PG_GETARG_INT32(6), "step");
  if (to < from)
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("from_day %s is after to_day %s", DateText(from).text, DateText(to).text),
                    errhint("Pass the earlier date first.")));

  // Memory for all dates; the query can be canceled between them.
  Memory* memory = new (palloc(sizeof(ContextMemory))) ContextMemory(CurrentMemoryContext);
  const History* history = nullptr;
  guarded([&](Memory*) {
    model.require_signals();
    model.require_sum();
    auto* ledger = new (memory->allocate(sizeof(Ledger), alignof(Ledger))) Ledger(memory);
    ledger->load(canonical(activity, memory), model, {model.scored_days(from).from, to});
    void* place = memory->allocate(sizeof(History), alignof(History));
    history = new (place) History(ledger, model, given.terms(), from, to, memory);
  });
  auto* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
  const std::int64_t together = step == 1 ? History::kDates : 1;
  for (std::int64_t first = from; first <= to; first += together * step) {
    CHECK_FOR_INTERRUPTS();
    Evaluation evaluations[History::kDates];
    const std::span dates(evaluations, static_cast<std::size_t>(std::min(together, to - first + 1)));
    guarded([&](Memory*) { history->at(first, dates); });
    for (std::size_t i = 0; i < dates.size(); ++i) {
      const Evaluation& at = dates[i];
      const Day day = static_cast<Day>(first) + static_cast<Day>(i);
      Datum values[] = {DateADTGetDatum(date_of_day(day)), Float8GetDatum(at.raw + 0.0),
                        Float8GetDatum(at.adjustment() + 0.0), Float8GetDatum(at.praise), Float8GetDatum(at.penalty)};
      bool nulls[std::size(values)] = {};
      if (!given.started(day)) std::fill(nulls + 1, std::end(nulls), true);
      tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
    }
  }
  return static_cast<Datum>(0);
}

// Tells the planner how many rows there will be, where the dates and the step are known when it plans.
PG_FUNCTION_INFO_V1(health_history_support);
Datum health_history_support(PG_FUNCTION_ARGS) {
  auto* request = reinterpret_cast<SupportRequestRows*>(PG_GETARG_POINTER(0));
  if (!IsA(request, SupportRequestRows) || !is_funcclause(request->node)) PG_RETURN_POINTER(nullptr);
  List* arguments = reinterpret_cast<FuncExpr*>(request->node)->args;
  if (list_length(arguments) != 7) PG_RETURN_POINTER(nullptr);
  Datum known[7] = {};
  for (const int i : {2, 3, 6}) {
    Node* value = estimate_expression_value(request->root, static_cast<Node*>(list_nth(arguments, i)));
    if (!IsA(value, Const) || castNode(Const, value)->constisnull) PG_RETURN_POINTER(nullptr);
    known[i] = castNode(Const, value)->constvalue;
  }
  const DateADT from = DatumGetDateADT(known[2]), to = DatumGetDateADT(known[3]);
  const std::int32_t step = DatumGetInt32(known[6]);
  if (DATE_NOT_FINITE(from) || DATE_NOT_FINITE(to) || step < 1) PG_RETURN_POINTER(nullptr);
  request->rows = to < from ? 0 : 1 + (static_cast<double>(to) - from) / step;
  PG_RETURN_POINTER(request);
}
}

}  // namespace health
