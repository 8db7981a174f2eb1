#include "core/failure.hpp"

#include "support.hpp"

namespace health {
namespace {

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

TEST(Failure, CutsLongTexts) {
  const std::string text(1500, 'x');
  const Failure failure = failure_of([&] { fail(kOutOfRange, text.c_str(), "%s", text.c_str()); });
  EXPECT_EQ(failure.message, text.substr(0, sizeof failure.message - 1));
  EXPECT_EQ(failure.hint, text.substr(0, sizeof failure.hint - 1));
}

TEST(Failure, QuotesAtMostAHundredBytes) {
  EXPECT_EQ(shown("login"), 5);
  EXPECT_EQ(shown(std::string(100, 'x')), 100);
  EXPECT_EQ(shown(std::string(101, 'x')), 100);
}

}  // namespace
}  // namespace health
