#include "core/failure.hpp"

#include "support.hpp"

namespace health {
namespace {

bool whole_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if ((lead & 0xC0) == 0x80 || i + length > text.size()) return false;
    for (std::size_t k = 1; k < length; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
    i += length;
  }
  return true;
}

TEST(Failure, CarriesStateMessageAndHint) {
  const Failure failure = failure_of([] { fail(kOutOfRange, "Try %d.", "value %d of \"%s\"", 7, "nps"); });
  EXPECT_STREQ(failure.sqlstate, "22003");
  EXPECT_STREQ(failure.message, "value 7 of \"nps\"");
  EXPECT_STREQ(failure.hint, "Try %d.") << "a hint is no format";
}

TEST(Failure, MayHaveNoHint) {
  const Failure failure = failure_of([] { fail(kCorrupt, nullptr, "x"); });
  EXPECT_STREQ(failure.hint, "");
}

TEST(Failure, CutsLongTextsBetweenCharacters) {
  for (const char* letter : {"x", "é", "€", "😀"}) {
    for (int shift = 0; shift < 4; ++shift) {
      std::string text(static_cast<std::size_t>(shift), '-');
      while (text.size() < 1500) text += letter;
      const Failure failure = failure_of([&] { fail(kOutOfRange, text.c_str(), "%s", text.c_str()); });
      for (const std::string kept : {failure.message, failure.hint}) {
        EXPECT_TRUE(whole_utf8(kept)) << letter << shift;
        EXPECT_EQ(kept, text.substr(0, kept.size()));
        EXPECT_LE(kept.size(), 511u);
        EXPECT_GT(kept.size() + std::strlen(letter), 511u) << "cut more than needed";
      }
    }
  }
}

TEST(Failure, PrefixesAreCutBetweenCharacters) {
  const std::string text = "aé€😀b";  // characters at 0, 1, 3, 6 and 10; 11 bytes
  const std::size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
  for (std::size_t limit = 0; limit < std::size(expected); ++limit)
    EXPECT_EQ(utf8_prefix(text.data(), text.size(), limit), expected[limit]) << limit;
  EXPECT_EQ(utf8_prefix("\x80\x80\x80", 3, 2), 0u) << "bytes that are no UTF-8 do no harm";
}

}  // namespace
}  // namespace health
