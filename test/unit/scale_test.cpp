#include "core/scale.hpp"

#include "support.hpp"

namespace health {
namespace {

Scale scale_of(std::initializer_list<Scale::Point> points, bool steps) {
  Scale scale(heap());
  scale.points.assign(points);
  scale.steps = steps;
  return scale;
}

TEST(Scale, LinesBetweenPointsFlatOutside) {
  const Scale scale = scale_of({{7, 0}, {30, 1}, {40, -1}}, false);
  const struct {
    double value, mapped;
  } cases[] = {{-100, 0}, {7, 0}, {18.5, 0.5}, {30, 1}, {35, 0}, {40, -1}, {1e300, -1}};
  for (const auto& each : cases) EXPECT_EQ(scale.at(each.value), each.mapped) << each.value;
}

TEST(Scale, StepsAtPoints) {
  const Scale scale = scale_of({{7, 0}, {30, 1}, {40, -1}}, true);
  const struct {
    double value, mapped;
  } cases[] = {{-100, 0}, {7, 0}, {29.999, 0}, {30, 1}, {39.999, 1}, {40, -1}, {1e300, -1}};
  for (const auto& each : cases) EXPECT_EQ(scale.at(each.value), each.mapped) << each.value;
}

TEST(Scale, OnePointIsAConstant) {
  for (const bool steps : {false, true})
    for (const double value : {-1e12, 3.0, 1e12}) EXPECT_EQ(scale_of({{3, 5}}, steps).at(value), 5);
}

TEST(Scale, LargestNumbers) {
  EXPECT_EQ(scale_of({{-1e12, -1e12}, {1e12, 1e12}}, false).at(0), 0);
  EXPECT_FALSE(Scale(heap()).given());
}

}  // namespace
}  // namespace health
