#include "core/name.hpp"

#include <set>

#include "support.hpp"

namespace health {
namespace {

// Users are signals too: `user:` and a number, in as many digits as their source gives.
TEST(NameKey, NumberedNamesOfAllLengthsSpread) {
  for (std::size_t digits = 5; digits <= 40; ++digits) {
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
