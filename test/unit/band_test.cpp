#include "core/band.hpp"

#include <algorithm>
#include <cmath>

#include "support.hpp"

namespace health {
namespace {

TEST(Band, IsLowerInclusive) {
  const auto model = model_of("{}");
  EXPECT_EQ(band_of(0, *model), Band::red);
  EXPECT_EQ(band_of(std::nextafter(50, 0), *model), Band::red);
  EXPECT_EQ(band_of(50, *model), Band::yellow);
  EXPECT_EQ(band_of(std::nextafter(80, 0), *model), Band::yellow);
  EXPECT_EQ(band_of(80, *model), Band::green);
  EXPECT_EQ(band_of(100, *model), Band::green);
}

TEST(Band, FollowsTheModel) {
  const auto model = model_of(R"({"red_below": 30, "green_from": 30})");
  EXPECT_EQ(band_of(29.9, *model), Band::red);
  EXPECT_EQ(band_of(30, *model), Band::green) << "equal cuts leave no yellow";
  const auto never_red = model_of(R"({"red_below": 0})");
  EXPECT_EQ(band_of(0, *never_red), Band::yellow);
}

TEST(Band, HasANameEach) {
  EXPECT_STREQ(band_name(Band::red), "red");
  EXPECT_STREQ(band_name(Band::yellow), "yellow");
  EXPECT_STREQ(band_name(Band::green), "green");
}

}  // namespace
}  // namespace health
