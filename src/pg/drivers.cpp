// Drivers as jsonb, and the aggregate health_drivers: a driver list for any weighted rows.
#include "pg/drivers.hpp"

#include <algorithm>
#include <cmath>

#include "pg/aggregate.hpp"
#include "pg/json.hpp"
#include "pg/plain_list.hpp"
#include "pg/values.hpp"

namespace health {

// ---------------------------------------------------------------- as jsonb

namespace {

// In jsonb's order; put_driver() has their values.
constexpr std::string_view kKeys[] = {"pct",    "kind",   "text",   "label",    "prior",     "change",
                                      "points", "recent", "signal", "vs_peers", "dimension", "days_inactive"};
constexpr std::uint32_t kKeyCount = std::size(kKeys);
static_assert(std::is_sorted(std::begin(kKeys), std::end(kKeys), jsonb_before));
constexpr std::size_t kKeyBytes = [] {
  std::size_t bytes = 0;
  for (const std::string_view key : kKeys) bytes += key.size();
  return bytes;
}();

// What the object of a driver begins with, whatever its values are: they only fill the entries of values.
struct DriverHead {
  JEntry header, keys[kKeyCount], values[kKeyCount];
  char names[kKeyBytes];
};
constexpr DriverHead kHead = [] {
  DriverHead head{kKeyCount | JB_FOBJECT, {}, {}, {}};
  JsonbEntries entries{head.keys, 0, 0};
  char* name = head.names;
  for (const std::string_view key : kKeys) {
    entries.add(JENTRY_ISSTRING | static_cast<JEntry>(key.size()));
    name = std::copy(key.begin(), key.end(), name);
  }
  return head;
}();
static_assert(2 * kKeyCount <= JB_OFFSET_STRIDE, "else an entry of a value holds an offset");

JEntry put_number(std::optional<double> number, int places, JsonbBytes* bytes) {
  if (!number || !std::isfinite(*number)) return JENTRY_ISNULL;
  return bytes->put_number(decimal_of_double(*number, places));
}

JEntry put_driver(const DriverRow& driver, JsonbBytes* bytes) {
  const char* start = bytes->out;
  bytes->align();
  auto* value = reinterpret_cast<JEntry*>(bytes->out + offsetof(DriverHead, values));
  bytes->put_bytes(&kHead, offsetof(DriverHead, names) + sizeof kHead.names);
  const auto add_text = [&](std::string_view text) {
    *value++ = text.empty() ? JENTRY_ISNULL : bytes->put_string(text);
  };
  const auto add_number = [&](std::optional<double> number, int places) {
    *value++ = put_number(number, places, bytes);
  };
  add_number(driver.pct, kMeasurePlaces);
  add_text(driver.kind);
  add_text(driver.text);
  add_text(driver.label);
  add_number(driver.prior, kMeasurePlaces);
  add_number(driver.change, kPointPlaces);
  add_number(driver.points, kPointPlaces);
  add_number(driver.recent, kMeasurePlaces);
  add_text(driver.signal);
  add_number(driver.vs_peers, kPointPlaces);
  add_text(driver.dimension);
  add_number(driver.days_inactive, 0);
  return JENTRY_ISCONTAINER | bytes->length_since(start);
}

}  // namespace

Jsonb* jsonb_of_drivers(std::span<const DriverRow> drivers) {
  constexpr std::size_t kMostOfDriver =
      sizeof(JEntry) + ALIGNOF_INT + sizeof(DriverHead) + kKeyCount * JsonbBytes::kMostOfNumber;
  std::size_t room = sizeof(JEntry);
  for (const DriverRow& driver : drivers)
    room += kMostOfDriver + driver.kind.size() + driver.text.size() + driver.label.size() + driver.signal.size() +
            driver.dimension.size();
  JsonbBytes bytes = JsonbBytes::with_room(room);
  JsonbEntries entries = JsonbEntries::begin(static_cast<std::uint32_t>(drivers.size()), JB_FARRAY, &bytes);
  for (const DriverRow& driver : drivers) entries.add(put_driver(driver, &bytes));
  return bytes.finished();
}

Jsonb* jsonb_of_points(std::span<const std::string_view> names, std::span<const double> points) {
  const auto count = static_cast<std::uint32_t>(names.size());
  std::size_t room = sizeof(JEntry);
  for (const std::string_view name : names) room += 2 * sizeof(JEntry) + name.size() + JsonbBytes::kMostOfNumber;
  JsonbBytes bytes = JsonbBytes::with_room(room);
  auto* order = static_cast<std::uint32_t*>(palloc(sizeof(std::uint32_t) * count));
  for (std::uint32_t i = 0; i < count; ++i) order[i] = i;
  std::sort(order, order + count, [&](std::uint32_t a, std::uint32_t b) { return jsonb_before(names[a], names[b]); });
  JsonbEntries entries = JsonbEntries::begin(count, JB_FOBJECT, &bytes);
  for (std::uint32_t i = 0; i < count; ++i) entries.add(bytes.put_string(names[order[i]]));
  for (std::uint32_t i = 0; i < count; ++i) entries.add(put_number(points[order[i]], kPointPlaces, &bytes));
  pfree(order);
  return bytes.finished();
}

// ---------------------------------------------------------------- the aggregate

namespace {

// The rows as they came; they are sorted before they are added up, so that their order does not show.
struct ListedRow {
  std::size_t name;    // offset
  std::size_t length;  // 0: no signal
  double points, previous;
};
struct DriversState {
  PlainList<ListedRow> rows;
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
  std::span<const DriverRow> drivers;
  guarded([&](Memory* memory) {
    Vector<WeightedRow> rows(memory);
    for (std::size_t i = 0; i < state->rows.count; ++i) {
      const ListedRow& row = state->rows.items[i];
      rows.push_back({{state->names.items + row.name, row.length}, row.points, row.previous});
    }
    drivers = list_drivers(rows, state->compared, memory);
  });
  PG_RETURN_JSONB_P(jsonb_of_drivers(drivers));
}
}

}  // namespace health
