// Drivers as jsonb, straight from their rows: most of what a report writes.
#pragma once

#include <span>

#include "core/drivers.hpp"
#include "pg/pg.hpp"

namespace health {

// The array of drivers.
Jsonb* jsonb_of_drivers(std::span<const DriverRow> drivers);
// An object with the points of each name, as exact as those of drivers; no name comes twice.
Jsonb* jsonb_of_points(std::span<const std::string_view> names, std::span<const double> points);

}  // namespace health
