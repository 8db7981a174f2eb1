// Aggregate health_drivers: a driver list for any weighted rows.
#include "core/drivers.hpp"

#include "pg/aggregate.hpp"
#include "pg/json.hpp"
#include "pg/plain_list.hpp"
#include "pg/values.hpp"

namespace health {

namespace {

// The rows as they came; they are sorted before they are added up, so that their order does not show.
struct Row {
  std::size_t name;    // offset
  std::size_t length;  // 0: no signal
  double points, previous;
};
struct DriversState {
  PlainList<Row> rows;
  PlainList<char> names;
  bool compared;
};

double number_argument(FunctionCallInfo fcinfo, int number, const char* what) {
  return PG_ARGISNULL(number) ? 0 : finite_argument(PG_GETARG_FLOAT8(number), what);
}

}  // namespace

extern "C" {

// (state, signal, points [, previous]): rows without any number are skipped.
PG_FUNCTION_INFO_V1(health_drivers_add);
Datum health_drivers_add(PG_FUNCTION_ARGS) {
  MemoryContext context = aggregate_context(fcinfo);
  const bool compared = PG_NARGS() > 3;
  if (PG_ARGISNULL(2) && (!compared || PG_ARGISNULL(3))) return unchanged(fcinfo);
  auto* state = aggregate_state<DriversState>(fcinfo, context);
  const std::string_view name = PG_ARGISNULL(1) ? std::string_view() : view_of(PG_GETARG_TEXT_PP(1));
  const double points = number_argument(fcinfo, 2, "points");
  const double previous = compared ? number_argument(fcinfo, 3, "previous points") : 0;
  state->compared = compared;
  state->rows.add({state->names.count, name.size(), points, previous}, context);
  state->names.append(name.data(), name.size(), context);
  PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(health_drivers_final);
Datum health_drivers_final(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const auto* state = reinterpret_cast<const DriversState*>(PG_GETARG_POINTER(0));
  const JsonNode* nodes = nullptr;
  guarded([&](Memory* memory) {
    Vector<WeightedRow> rows(memory);
    for (std::size_t i = 0; i < state->rows.count; ++i) {
      const Row& row = state->rows.items[i];
      rows.push_back({{state->names.items + row.name, row.length}, row.points, row.previous});
    }
    JsonWriter writer(memory);
    list_drivers(rows, state->compared, &writer, memory);
    nodes = kept_nodes(writer, memory);
  });
  PG_RETURN_JSONB_P(jsonb_of_nodes(nodes));
}
}

}  // namespace health
