#include "core/name.hpp"

#include <set>

#include "core/grouping.hpp"
#include "support.hpp"

namespace health {
namespace {

// Signals named `user:` and a number of any length must not collide.
TEST(NameKey, NumberedNamesOfAllLengthsSpread) {
  for (std::size_t digits = 5; digits <= 40; digits += kSanitized ? 4 : 1) {
    std::set<std::uint32_t> hashes;
    for (int i = 0; i < 20'000; ++i) {
      std::string number = std::to_string(i * 7);
      if (number.size() < digits) number.insert(0, digits - number.size(), '0');
      const std::string name = "user:" + number;
      hashes.insert(NameKey(name).hash);
    }
    EXPECT_GT(hashes.size(), 19'900u) << digits << " digits";
  }
}

// No value of one word makes the hash lose the others.
TEST(NameKey, NoWordHidesTheOthers) {
  const std::uint64_t words[] = {0xFFE7'0376'5B1F'A9C3, 0xFFE7'0376'5B1F'A9C2, 0xFFA2'11D4'936C'085D, 0, 1};
  for (const std::uint64_t word : words) {
    std::set<std::uint32_t> first, last;
    for (std::uint64_t i = 0; i < 20'000; ++i) {
      first.insert(AccountNumbers::hash_of({word, i << 44}));
      last.insert(AccountNumbers::hash_of({i, word}));
    }
    EXPECT_GT(first.size(), 19'900u) << word;
    EXPECT_GT(last.size(), 19'900u) << word;
  }
}

TEST(NameKey, WordsTellShortNamesOfALengthApart) {
  for (std::size_t length = 1; length <= kShortName; ++length)
    for (std::size_t i = 0; i < length; ++i) {
      const std::string a(length, 'x');
      std::string b = a;
      b[i] = 'y';
      EXPECT_FALSE(NameKey(a).words == NameKey(b).words) << "byte " << i << " of " << length;
      EXPECT_TRUE(NameKey(a).words == NameKey(std::string(length, 'x')).words);
    }
}

}  // namespace
}  // namespace health
