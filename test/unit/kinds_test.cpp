// Names of kinds.
#include "core/kinds.hpp"

#include <string_view>

#include <gtest/gtest.h>

namespace health {
namespace {

TEST(Kinds, ASignalsKindsAreFoundByTheirNames) {
  for (const std::string_view name : kSignalKinds) EXPECT_EQ(kind_name(signal_kind_of_name(name).value()), name);
  for (const char* name : {"", "silent", "baseline", "New"}) EXPECT_FALSE(signal_kind_of_name(name).has_value());
}

}  // namespace
}  // namespace health
