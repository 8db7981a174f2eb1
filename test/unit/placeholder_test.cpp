#include "core/placeholder.hpp"

#include <string>

#include <gtest/gtest.h>

namespace health {
namespace {

// name, and for a plural |one|many, in <>; ! where that is not valid; then what follows.
std::string parsed(std::string_view text) {
  const std::optional<Placeholder> found = placeholder_at(text);
  if (!found) return "none";
  std::string out = "<" + std::string(found->name);
  if (found->plural) out += "|" + std::string(found->one) + "|" + std::string(found->many);
  return out + (found->valid ? ">" : "!>") + std::string(text.substr(found->length));
}

TEST(Placeholder, IsANameInBraces) {
  EXPECT_EQ(parsed("{days}"), "<days>");
  EXPECT_EQ(parsed("{out_of} of {size}"), "<out_of> of {size}");
  EXPECT_EQ(parsed("{Days}}"), "<Days>}");
  for (const char* text :
       {"", "days", "{", "{}", "{ }", "{days", "{day s}", "{2}", "{{days}}", "{days-}", "{é}", " {a}"})
    EXPECT_EQ(parsed(text), "none") << text;
}

TEST(Placeholder, HasTwoFormsForNumbers) {
  EXPECT_EQ(parsed("{missing|user has|users have} not"), "<missing|user has|users have> not");
  EXPECT_EQ(parsed("{size||s}"), "<size||s>");
  EXPECT_EQ(parsed("{size|s|}"), "<size|s|>");
  EXPECT_EQ(parsed("{size||}"), "<size||>");
  EXPECT_EQ(parsed("{size|utilisateur n’a, 1 %|é}."), "<size|utilisateur n’a, 1 %|é>.");
  EXPECT_EQ(parsed("{|a|b}"), "none");
}

TEST(Placeholder, OtherFormsAreTold) {
  EXPECT_EQ(parsed("{size|user} x"), "<size||!>} x");
  EXPECT_EQ(parsed("{size|a|b|c}"), "<size||!>}");
  EXPECT_EQ(parsed("{size|}"), "<size||!>}");
  EXPECT_EQ(parsed("{size|a|{b}}"), "<size||!>{b}}");
  for (const char* text : {"{size|", "{size|a", "{size|a|", "{size|a|b"}) EXPECT_EQ(parsed(text), "<size||!>") << text;
}

}  // namespace
}  // namespace health
