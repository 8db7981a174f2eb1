// A value mapped to points before it is weighed: straight lines between given points, or steps at them.
#pragma once

#include "memory.hpp"

namespace health {

struct Scale {
  struct Point {
    double x, y;
  };
  explicit Scale(Memory* memory) : points(memory) {}
  bool given() const { return !points.empty(); }
  // What a value is mapped to; there must be points. Lines are flat outside of the points. In steps a value takes the y
  // of the last point that it reaches, and below the first x the first y.
  double at(double value) const;

  Vector<Point> points;  // x strictly rising
  bool steps = false;
};

}  // namespace health
