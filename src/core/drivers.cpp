#include "drivers.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "classify.hpp"
#include "interrupt.hpp"
#include "label.hpp"

namespace health {

namespace {

constexpr int kPointPlaces = 12;   // so that the printed points still sum to the score within 1e-9
constexpr int kMeasurePlaces = 6;  // values are millionths

void put_number(JsonWriter* out, std::string_view key, std::optional<double> number, int places) {
  out->key(key);
  if (number && std::isfinite(*number)) out->number(decimal_of_double(*number, places));
  else out->null();
}

void put_string(JsonWriter* out, std::string_view key, std::string_view text) {
  out->key(key);
  if (text.empty()) out->null();
  else out->string(text);
}

}  // namespace

void write_points(JsonWriter* out, std::string_view key, double points) { put_number(out, key, points, kPointPlaces); }

void write_driver(const DriverJson& driver, JsonWriter* out) {
  // Keys in the order in which jsonb stores them, so that it has nothing to sort.
  out->begin(JsonType::object);
  put_number(out, "pct", driver.pct, kMeasurePlaces);
  put_string(out, "kind", driver.kind);
  put_string(out, "text", driver.text);
  put_string(out, "label", driver.label);
  put_number(out, "prior", driver.prior, kMeasurePlaces);
  put_number(out, "change", driver.change, kPointPlaces);
  write_points(out, "points", driver.points);
  put_number(out, "recent", driver.recent, kMeasurePlaces);
  put_string(out, "signal", driver.signal);
  put_number(out, "vs_peers", driver.vs_peers, kPointPlaces);
  put_string(out, "dimension", driver.dimension);
  put_number(out, "days_inactive", driver.days_inactive, 0);
  out->end();
}

namespace {

void write_weighted(const WeightedRow& row, bool compared, JsonWriter* out, Memory* memory) {
  const double change = compared ? row.points - row.previous : 0;
  if (!(std::fabs(row.points) <= kMostPoints && std::fabs(change) <= kMostPoints))
    fail(kOutOfRange, "Points and changes of a signal go up to 1e15 in size.", "points out of range");
  DriverJson driver{};
  driver.points = row.points;
  if (compared) driver.change = change;
  if (row.signal.empty()) {
    driver.kind = kind_name(Kind::other);
    return write_driver(driver, out);
  }
  driver.signal = row.signal;
  driver.label = kept(label_of_name(row.signal, memory), memory);
  driver.kind = kind_name(row.points < 0            ? Kind::risk
                          : change <= -kMovedPoints ? Kind::down
                          : change >= kMovedPoints  ? Kind::up
                                                    : Kind::steady);
  const double pct = 100 * change / std::fabs(row.previous);
  if (compared && row.previous != 0 && std::fabs(pct) < kMostPoints) driver.pct = pct;
  write_driver(driver, out);
}

}  // namespace

void list_drivers(std::span<WeightedRow> rows, bool compared, JsonWriter* out, Memory* memory) {
  Pulse pulse(memory);
  std::sort(rows.begin(), rows.end(), pulse.during([](const WeightedRow& a, const WeightedRow& b) {
    return std::tie(a.signal, a.points, a.previous) < std::tie(b.signal, b.points, b.previous);
  }));
  Vector<WeightedRow> sums(memory);
  for (const WeightedRow& row : rows) {
    pulse.beat();
    if (sums.empty() || sums.back().signal != row.signal) sums.push_back({row.signal, 0, 0});
    sums.back().points += row.points;
    sums.back().previous += row.previous;
  }
  // Movers come first, most moved first; then what costs, and what helps; points of no signal last.
  const auto key = [&](const WeightedRow& row) {
    const double change = compared ? std::fabs(row.points - row.previous) : 0;
    const bool moved = change >= kMovedPoints;
    return std::tuple(row.signal.empty(), !moved, moved ? -change : 0, row.points >= 0,
                      row.points >= 0 ? -row.points : row.points, row.signal);
  };
  std::sort(sums.begin(), sums.end(),
            pulse.during([&](const WeightedRow& a, const WeightedRow& b) { return key(a) < key(b); }));
  out->begin(JsonType::array);
  for (const WeightedRow& row : sums) {
    pulse.beat();
    write_weighted(row, compared, out, memory);
  }
  out->end();
}

}  // namespace health
