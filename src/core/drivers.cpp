#include "drivers.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "classify.hpp"
#include "interrupt.hpp"
#include "label.hpp"

namespace health {

namespace {

DriverRow driver_of_row(const WeightedRow& row, bool compared, Memory* memory) {
  const double change = compared ? row.points - row.previous : 0;
  if (!(std::fabs(row.points) <= kMostPoints && std::fabs(change) <= kMostPoints))
    fail(kOutOfRange, "Points and changes of a signal go up to 1e15 in size.", "points out of range");
  DriverRow driver{};
  driver.points = row.points;
  if (compared) driver.change = change;
  if (row.signal.empty()) {
    driver.kind = kind_name(Kind::other);
    return driver;
  }
  driver.signal = row.signal;
  driver.label = kept(label_of_name(row.signal, memory), memory);
  driver.kind = kind_name(row.points < 0            ? Kind::risk
                          : change <= -kMovedPoints ? Kind::down
                          : change >= kMovedPoints  ? Kind::up
                                                    : Kind::steady);
  const double pct = 100 * change / std::fabs(row.previous);
  if (compared && row.previous != 0 && std::fabs(pct) < kMostPoints) driver.pct = pct;
  return driver;
}

}  // namespace

std::span<const DriverRow> list_drivers(std::span<WeightedRow> rows, bool compared, Memory* memory) {
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
  const std::span<DriverRow> drivers = kept_room<DriverRow>(sums.size(), memory);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    pulse.beat();
    drivers[i] = driver_of_row(sums[i], compared, memory);
  }
  return drivers;
}

}  // namespace health
