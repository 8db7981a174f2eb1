#include "scale.hpp"

#include <algorithm>

namespace health {

double Scale::at(double value) const {
  const auto past = std::upper_bound(points.begin(), points.end(), value,
                                     [](double wanted, const Point& point) { return wanted < point.x; });
  if (past == points.begin()) return points.front().y;
  const Point& from = past[-1];
  if (steps || past == points.end()) return from.y;
  return from.y + (past->y - from.y) * ((value - from.x) / (past->x - from.x));
}

}  // namespace health
