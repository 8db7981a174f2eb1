// Lists of drivers as JSON: of a report, and of any weighted rows. What the drivers of a report are: report.cpp,
// their kinds classify.hpp, their order telling.hpp, their sentences wording.hpp.
#pragma once

#include <optional>
#include <span>

#include "json.hpp"

namespace health {

// Largest points or change of a signal, and largest number in a sentence: beyond 2^53 = 9e15 doubles have no fraction.
inline constexpr double kMostPoints = 1e15;

// One element of the JSON array of drivers.
struct DriverJson {
  std::string_view signal, label, dimension, kind, text;
  double points;
  std::optional<double> change, vs_peers, recent, prior, pct, days_inactive;
};
void write_driver(const DriverJson& driver, JsonWriter* out);
// Points as a member of a JSON object, as exact as those of a driver.
void write_points(JsonWriter* out, std::string_view key, double points);

// A row of health_drivers: any signal with its points and, if compared, its points at an earlier date. An empty name
// stands for points that belong to no signal.
struct WeightedRow {
  std::string_view signal;
  double points, previous;
};
// The rows as a JSON array of drivers, added up per signal in sorted order; reorders them. What moved by a
// point comes first, then what costs, then what helps, and last the points of no signal, of kind other. Throws 22003
// where points or a change pass 1e15 in size.
void list_drivers(std::span<WeightedRow> rows, bool compared, JsonWriter* out, Memory* memory);

}  // namespace health
