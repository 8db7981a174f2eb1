#include "core/nearest.hpp"

#include "support.hpp"

namespace health {
namespace {

constexpr std::string_view kWords[] = {"window_days", "half_life_days", "percentile", "weight",
                                       "of",          "days",           "red_below"};

TEST(Nearest, FindsWhatWasMeant) {
  const struct {
    const char *misspelt, *meant;
  } cases[] = {{"half_life", "half_life_days"},
               {"halfLifeDays", "half_life_days"},
               {"half-life-days", "half_life_days"},
               {"half_live_days", "half_life_days"},
               {"window", "window_days"},
               {"windwo_days", "window_days"},
               {"weigth", "weight"},
               {"weights", "weight"},
               {"Weight", "weight"},
               {"percentil", "percentile"},
               {"day", "days"},
               {"redbelow", "red_below"},
               {"weight_of_it", "weight"}};
  for (const auto& each : cases) EXPECT_EQ(nearest(each.misspelt, kWords), each.meant) << each.misspelt;
}

TEST(Nearest, SaysNothingWhereNothingIsClose) {
  for (const char* word : {"", "?", "login", "export", "we", "o", "x", "nps", "événement", "dais_y", "1"})
    EXPECT_EQ(nearest(word, kWords), "") << word;
  EXPECT_EQ(nearest(std::string(1000, 'w'), kWords), "");
  EXPECT_EQ(nearest("login", {}), "");
}

TEST(Nearest, PrefersTheClosest) {
  constexpr std::string_view words[] = {"drop_points", "drop_days", "trend_points"};
  EXPECT_EQ(nearest("drop_day", words), "drop_days");
  EXPECT_EQ(nearest("trend_point", words), "trend_points");
  EXPECT_EQ(nearest("drop", words), "drop_points");  // the first of several
}

// One mistake in a word of six letters or more never hides it.
TEST(Nearest, OneMistakeIsForgiven) {
  Random random(8);
  for (int round = 0; round < rounds(20'000); ++round) {
    const std::string word(kWords[random.between(0, 3)]);
    std::string text = word;
    const auto at = static_cast<std::size_t>(random.between(0, std::ssize(word) - 1));
    const char letter = static_cast<char>(random.between('a', 'z'));
    switch (random.between(0, 3)) {
      case 0: text[at] = letter; break;
      case 1: text.insert(at, 1, letter); break;
      case 2: text.erase(at, 1); break;
      default: std::swap(text[at], text[(at + 1) % text.size()]);
    }
    if (at + 1 == word.size()) continue;
    EXPECT_EQ(nearest(text, kWords), word) << text;
  }
}

}  // namespace
}  // namespace health
