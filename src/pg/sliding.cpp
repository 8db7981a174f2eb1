// Aggregates health_weighted_sum and health_sliding_sum over tables of weighted events.
#include "core/sliding.hpp"

#include "pg/aggregate.hpp"
#include "pg/plain_list.hpp"
#include "pg/shared.hpp"

namespace health {

namespace {

struct SumTerms {
  std::int32_t window_days;
  double half_life_days, linear_days;
  DecayTerms decay() const { return {half_life_days, linear_days}; }
};
struct SumState {
  GroupModel<SumTerms> model;
  SharedDay as_of;  // of health_weighted_sum
  SlidingSum* sum;
};

SumState* sum_argument(FunctionCallInfo fcinfo) {
  MemoryContext context = aggregate_context(fcinfo);
  auto* state = aggregate_state<SumState>(fcinfo, context);
  if (state->sum == nullptr) state->sum = placed<SlidingSum>(context);
  return state;
}

// A row (weight, time) as plain data.
struct SummedRow {
  bool weighted;
  Day day;
  double weight;
};

// A row without a time or a model is skipped.
bool says_nothing(FunctionCallInfo fcinfo) { return PG_ARGISNULL(2) || PG_ARGISNULL(3); }

SummedRow row_argument(FunctionCallInfo fcinfo, TimeType type) {
  const Day day = day_of_time(PG_GETARG_DATUM(2), type, "");
  return {!PG_ARGISNULL(1), day, PG_ARGISNULL(1) ? 0 : PG_GETARG_FLOAT8(1)};
}

void take_model(FunctionCallInfo fcinfo, SumState* state) {
  const CompiledModel& model = compiled_argument(fcinfo, PG_GETARG_DATUM(3));
  const DecayTerms& decay = model.model->decay_terms;
  state->model.take(model.id, {model.model->window_days, decay.half_life_days, decay.linear_days});
}

// (state, weight, time, model, as_of)
Datum add_weighted(FunctionCallInfo fcinfo, TimeType type) {
  SumState* state = sum_argument(fcinfo);
  if (says_nothing(fcinfo) || PG_ARGISNULL(4)) PG_RETURN_POINTER(state);
  const SummedRow row = row_argument(fcinfo, type);
  take_model(fcinfo, state);
  state->as_of.take(day_of_date(PG_GETARG_DATEADT(4), "as_of"), "as_of", "group");
  const bool counts = window_before(state->as_of.day, state->model.terms.window_days).contains(row.day);
  guarded([&](Memory*) {
    const Int128 total = row.weighted ? weight_total(row.weight) : 0;
    if (counts) state->sum->add(row.day, total);
  });
  PG_RETURN_POINTER(state);
}

// (state, weight, time, model): a row enters the frame, or leaves it.
Datum slide(FunctionCallInfo fcinfo, TimeType type, bool enters) {
  SumState* state = sum_argument(fcinfo);
  // EXPLAIN does not show whether an inverse is used; test/tap/007_sliding.pl counts these.
  elog(DEBUG5, "health_sliding_sum: a row %s", enters ? "enters" : "leaves");
  if (says_nothing(fcinfo)) PG_RETURN_POINTER(state);
  const SummedRow row = row_argument(fcinfo, type);
  if (state->sum->empty()) state->model = {};  // a frame begins anew
  take_model(fcinfo, state);
  guarded([&](Memory*) {
    const Int128 total = row.weighted ? weight_total(row.weight) : 0;
    if (enters) state->sum->add(row.day, total);
    else state->sum->remove(row.day, total);
  });
  PG_RETURN_POINTER(state);
}

// The decay table that a final function keeps between groups, since mostly all have one model.
const DecayTable& decay_table(FunctionCallInfo fcinfo, DecayTerms terms) {
  auto** table = kept_between_calls<DecayTable*>(fcinfo);
  if (*table == nullptr) *table = placed<DecayTable>(fcinfo->flinfo->fn_mcxt);
  (*table)->set(terms);
  return **table;
}

// A day of a serialized health_weighted_sum.
struct DayTotal {
  DayTotal(Day on, Int128 total)
      : day(on),
        low(static_cast<std::uint64_t>(total)),
        high(static_cast<std::uint64_t>(static_cast<unsigned __int128>(total) >> 64)) {}
  Int128 total() const { return static_cast<Int128>(static_cast<unsigned __int128>(high) << 64 | low); }
  Day day;
  std::uint64_t low, high;  // in halves, since memory of the server is aligned for 64 bits
};

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(health_weighted_sum_add);
Datum health_weighted_sum_add(PG_FUNCTION_ARGS) { return add_weighted(fcinfo, TimeType::moment); }
PG_FUNCTION_INFO_V1(health_weighted_sum_add_date);
Datum health_weighted_sum_add_date(PG_FUNCTION_ARGS) { return add_weighted(fcinfo, TimeType::date); }
PG_FUNCTION_INFO_V1(health_weighted_sum_add_text);
Datum health_weighted_sum_add_text(PG_FUNCTION_ARGS) { return add_weighted(fcinfo, TimeType::text); }

PG_FUNCTION_INFO_V1(health_weighted_sum_combine);
Datum health_weighted_sum_combine(PG_FUNCTION_ARGS) {
  SumState* state = sum_argument(fcinfo);
  if (PG_ARGISNULL(1)) PG_RETURN_POINTER(state);
  const auto* other = reinterpret_cast<const SumState*>(PG_GETARG_POINTER(1));
  if (!other->as_of.known) PG_RETURN_POINTER(state);
  state->model.take(other->model.id, other->model.terms);
  state->as_of.take(other->as_of.day, "as_of", "group");
  guarded([&](Memory*) { other->sum->for_each_day([&](Day day, Int128 total) { state->sum->add(day, total); }); });
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_weighted_sum_serialize);
Datum health_weighted_sum_serialize(PG_FUNCTION_ARGS) {
  aggregate_context(fcinfo);
  SumState head = *reinterpret_cast<const SumState*>(PG_GETARG_POINTER(0));
  PlainList<DayTotal> days{};
  head.sum->for_each_day([&](Day day, Int128 total) { days.add({day, total}, CurrentMemoryContext); });
  head.sum = nullptr;
  PG_RETURN_BYTEA_P(part_bytes(head, days.items, days.count));
}

PG_FUNCTION_INFO_V1(health_weighted_sum_deserialize);
Datum health_weighted_sum_deserialize(PG_FUNCTION_ARGS) {
  aggregate_context(fcinfo);
  auto* state = static_cast<SumState*>(palloc(sizeof(SumState)));
  std::size_t count = 0;
  const DayTotal* days = part_of_bytes<DayTotal>(PG_GETARG_BYTEA_PP(0), state, &count);
  state->sum = placed<SlidingSum>(CurrentMemoryContext);
  guarded([&](Memory*) {
    for (std::size_t i = 0; i < count; ++i) state->sum->add(days[i].day, days[i].total());
  });
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_weighted_sum_final);
Datum health_weighted_sum_final(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const auto* state = reinterpret_cast<const SumState*>(PG_GETARG_POINTER(0));
  if (!state->as_of.known) PG_RETURN_NULL();
  const DecayTable& decay = decay_table(fcinfo, state->model.terms.decay());
  double result = 0;
  guarded([&](Memory*) { result = state->sum->value_at(state->as_of.day, state->model.terms.window_days, decay); });
  PG_RETURN_FLOAT8(result + 0.0);
}

PG_FUNCTION_INFO_V1(health_sliding_sum_add);
Datum health_sliding_sum_add(PG_FUNCTION_ARGS) { return slide(fcinfo, TimeType::moment, true); }
PG_FUNCTION_INFO_V1(health_sliding_sum_add_date);
Datum health_sliding_sum_add_date(PG_FUNCTION_ARGS) { return slide(fcinfo, TimeType::date, true); }
PG_FUNCTION_INFO_V1(health_sliding_sum_add_text);
Datum health_sliding_sum_add_text(PG_FUNCTION_ARGS) { return slide(fcinfo, TimeType::text, true); }
PG_FUNCTION_INFO_V1(health_sliding_sum_remove);
Datum health_sliding_sum_remove(PG_FUNCTION_ARGS) { return slide(fcinfo, TimeType::moment, false); }
PG_FUNCTION_INFO_V1(health_sliding_sum_remove_date);
Datum health_sliding_sum_remove_date(PG_FUNCTION_ARGS) { return slide(fcinfo, TimeType::date, false); }
PG_FUNCTION_INFO_V1(health_sliding_sum_remove_text);
Datum health_sliding_sum_remove_text(PG_FUNCTION_ARGS) { return slide(fcinfo, TimeType::text, false); }

PG_FUNCTION_INFO_V1(health_sliding_sum_final);
Datum health_sliding_sum_final(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const auto* state = reinterpret_cast<const SumState*>(PG_GETARG_POINTER(0));
  if (!state->model.known || state->sum->empty()) PG_RETURN_NULL();
  const DecayTable& decay = decay_table(fcinfo, state->model.terms.decay());
  double result = 0;
  guarded([&](Memory*) { result = state->sum->value(state->model.terms.window_days, decay); });
  PG_RETURN_FLOAT8(result + 0.0);
}
}

}  // namespace health
