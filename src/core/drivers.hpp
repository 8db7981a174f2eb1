// Lists of drivers: of a report, and of any weighted rows. The binding writes them as JSON. What the drivers of a
// report are: report.cpp, their kinds classify.hpp, their order telling.hpp, their sentences wording.hpp.
#pragma once

#include <optional>
#include <span>

#include "memory.hpp"

namespace health {

// Largest points or change of a signal, and largest number in a sentence: beyond 2^53 = 9e15 doubles have no fraction.
inline constexpr double kMostPoints = 1e15;

// Decimal places of the numbers that are written of drivers.
inline constexpr int kPointPlaces = 12;  // points, changes: so that what is written still sums to the score within 1e-9
inline constexpr int kMeasurePlaces = 6;  // the others: values are millionths

// One element of the list. What is empty or not finite is written as null.
struct DriverRow {
  std::string_view signal, label, dimension, kind, text;
  double points;
  std::optional<double> change, vs_peers, recent, prior, pct, days_inactive;
  bool operator==(const DriverRow&) const = default;
};

// A row of health_drivers: any signal with its points and, if compared, its points at an earlier date. An empty name
// stands for points that belong to no signal.
struct WeightedRow {
  std::string_view signal;
  double points, previous;
};
// The rows as drivers that live as long as `memory`, added up per signal in sorted order; reorders them. What moved by
// a point comes first, then what costs, then what helps, and last the points of no signal, of kind other. Throws 22003
// where points or a change pass 1e15 in size.
std::span<const DriverRow> list_drivers(std::span<WeightedRow> rows, bool compared, Memory* memory);

}  // namespace health
