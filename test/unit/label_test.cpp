#include "core/label.hpp"

#include "support.hpp"

namespace health {
namespace {

TEST(Label, ComesFromTheName) {
  const struct {
    const char *name, *label;
  } cases[] = {
      {"login", "Login"},
      {"form_published", "Form published"},
      {"formPublished", "Form published"},
      {"FormPublished", "Form published"},
      {"ExportCSV", "Export CSV"},
      {"CSVExport", "CSV export"},
      {"exportURLs", "Export URLs"},
      {"NPS", "NPS"},
      {"nps", "Nps"},
      {"userID", "User ID"},
      {"step2Done", "Step2 done"},
      {"B2BUsers", "B2B users"},
      {"2fa_enabled", "2fa enabled"},
      {"planA", "Plan A"},
      {"billing.invoice-paid", "Billing invoice paid"},
      {"Order Completed", "Order Completed"},
      {"user:*", "User"},
      {"admin._-:*", "Admin"},
      {"app:user:*", "App user"},
      {"a*b", "A*b"},
      {"__login__seen_", "Login seen"},
      {"école_ouverte", "école ouverte"},
      {"tauxÉlevé", "TauxÉlevé"},
  };
  for (const auto& each : cases) EXPECT_EQ(label_of_name(each.name, heap()), each.label);
}

TEST(Label, OfSeparatorsAloneIsTheName) {
  for (const char* name : {"", "*", "_", "_*", "..", "-:_."}) EXPECT_EQ(label_of_name(name, heap()), name);
}

TEST(Label, BeginsAsTheSentenceWantsIt) {
  const struct {
    const char *small, *large;
  } cases[] = {{"logins", "Logins"},  {"x", "X"}, {"z", "Z"}, {"à faire", "À faire"}, {"écart", "Écart"}, {"þ", "Þ"},
               {"the CSM", "The CSM"}};
  for (const auto& each : cases) {
    EXPECT_TRUE(begins_small(each.small, Alphabet::latin)) << each.small;
    EXPECT_FALSE(begins_small(each.large, Alphabet::latin)) << each.large;
    ByteString text(each.small, heap());
    begin_large(&text, Alphabet::latin);
    EXPECT_EQ(text, each.large);
    begin_large(&text, Alphabet::latin);
    EXPECT_EQ(text, each.large);
    begin_small(&text, Alphabet::latin);
    EXPECT_EQ(text, each.small);
    begin_small(&text, Alphabet::latin);
    EXPECT_EQ(text, each.small);
  }
  for (const char* neither : {"", "3 seats", "÷", "×", "ß", "\xC3", "œuvre", "{a}", "用户"}) {
    ByteString text(neither, heap());
    EXPECT_FALSE(begins_small(text, Alphabet::latin)) << neither;
    begin_large(&text, Alphabet::latin);
    begin_small(&text, Alphabet::latin);
    EXPECT_EQ(text, neither);
  }
  ByteString name("iOS logins", heap());
  begin_large(&name, Alphabet::latin);
  EXPECT_EQ(name, "iOS logins");
}

// In EUC_KR and its like the first byte of É is that of another letter.
TEST(Label, LettersBeyondAsciiAreNotTouchedInUnknownEncodings) {
  for (const char* text : {"\xC3\xBB\xB1\xB8", "\xC3\xBB", "\xC3\x89tape"}) {
    ByteString kept(text, heap());
    EXPECT_FALSE(begins_small(kept, Alphabet::ascii));
    begin_large(&kept, Alphabet::ascii);
    begin_small(&kept, Alphabet::ascii);
    EXPECT_EQ(kept, text);
  }
}

// Every byte that is no separator is kept, but for its case.
TEST(Label, KeepsWhatIsNoSeparator) {
  const auto bare = [](std::string_view text) {
    std::string out;
    for (const char c : text)
      if (std::string_view(" :_.-").find(c) == std::string_view::npos)
        out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
  };
  Random random(16);
  for (int round = rounds(20'000); round > 0; --round) {
    std::string name;
    for (std::int64_t i = random.between(1, 12); i > 0; --i) name += random.pick(std::string("aabsXYZ19_:.- \xC3\xA9"));
    name += "z";
    const ByteString label = label_of_name(name, heap());
    ASSERT_EQ(bare(label), bare(name));
    ASSERT_EQ(label.find_first_of("_:.-"), label.npos) << label;
    ASSERT_FALSE(label.ends_with(' ')) << label;
  }
}

}  // namespace
}  // namespace health
