#include "core/patterns.hpp"

#include "support.hpp"

namespace health {
namespace {

TEST(Patterns, EndInAStar) {
  EXPECT_TRUE(name_matches("user:1", "user:1"));
  EXPECT_FALSE(name_matches("user:12", "user:1"));
  EXPECT_FALSE(name_matches("user:1", "user:12"));
  EXPECT_TRUE(name_matches("user:12", "user:*"));
  EXPECT_TRUE(name_matches("user:", "user:*"));
  EXPECT_FALSE(name_matches("user", "user:*"));
  EXPECT_TRUE(name_matches("anything", "*"));
  EXPECT_FALSE(name_matches("user:1", "us*1"));
  EXPECT_FALSE(name_matches("a", ""));
}

TEST(Patterns, ListsMatchWhatAnyOfThemDoes) {
  Random random(5);
  for (int i = 0; i < 3000; ++i) {
    const std::vector<std::string_view> patterns = random_patterns(&random);
    const NamePatterns list(patterns, heap());
    for (const std::string& name : signal_names()) EXPECT_EQ(list.match(name), matches_any(name, patterns)) << name;
  }
}

}  // namespace
}  // namespace health
