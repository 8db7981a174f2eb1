// Set-returning function health_cells.
#include "core/cells.hpp"

#include "pg/values.hpp"

namespace health {

namespace {

// All cells of an activity as plain rows.
struct Row {
  std::string_view name;
  Cell cell;
};
struct Rows {
  Row* rows;
  std::size_t count;
};
Rows rows_of(const varlena* value) {
  Rows result{};
  guarded([&](Memory* memory) {
    const Bytes bytes = canonical(value, memory);
    std::size_t cells = 0;
    for (ActivityReader reader(bytes, memory); reader.next_signal();) cells += reader.cells();
    result.rows = static_cast<Row*>(memory->allocate(sizeof(Row) * (cells + 1), alignof(Row)));
    for (ActivityReader reader(bytes, memory); reader.next_signal();)
      for (Cell cell; reader.next_cell(&cell);) result.rows[result.count++] = {reader.name(), cell};
  });
  return result;
}

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(health_cells);
Datum health_cells(PG_FUNCTION_ARGS) {
  const Rows all = rows_of(activity_argument(PG_GETARG_DATUM(0)));
  InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
  auto* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
  text* name = nullptr;
  for (std::size_t i = 0; i < all.count; ++i) {
    CHECK_FOR_INTERRUPTS();
    const Row& row = all.rows[i];
    if (i == 0 || row.name != all.rows[i - 1].name)
      name = cstring_to_text_with_len(row.name.data(), static_cast<int>(row.name.size()));
    Datum values[] = {PointerGetDatum(name), DateADTGetDatum(date_of_day(row.cell.day)),
                      Int32GetDatum(static_cast<std::int32_t>(row.cell.count)),
                      Int32GetDatum(static_cast<std::int32_t>(row.cell.value_count)),
                      Float8GetDatum(static_cast<double>(row.cell.value) / 1e6)};
    bool nulls[] = {false, false, false, false, row.cell.value_count == 0};
    tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
  }
  return static_cast<Datum>(0);
}
}

}  // namespace health
