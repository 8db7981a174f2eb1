// What each kind of fact says, in English and French.
#include "core/wording.hpp"

#include <cmath>

#include "told.hpp"

namespace health {
namespace {

// ---------------------------------------------------------------- one sentence a kind

struct Sentence {
  const char* name;
  std::string options;
  Account account;
  std::string kind, en, fr;
};

const Sentence kSentences[] = {
    {"RiskOnceYesterday",
     R"("weight": -1, "unit": "raw")",
     {{{"export", 1, 1}}},
     "risk",
     "Export 1 day ago",
     "Export il y a 1 jour"},
    {"RiskOnce",
     R"("weight": -1, "unit": "raw")",
     {{{"export", 3, 3}}},
     "risk",
     "Export 3 days ago",
     "Export il y a 3 jours"},
    {"RiskTimesYesterday",
     R"("weight": -1, "unit": "raw")",
     {{{"export", 2, 1}}},
     "risk",
     "Export: 2 in 28 days, the last 1 day ago",
     "Export" NBSP ": 2 en 28 jours, la dernière fois il y a 1 jour"},
    {"RiskTimes",
     R"("weight": -1, "unit": "raw")",
     {{{"export", 3, 3, 12}}},
     "risk",
     "Export: 12 in 28 days, the last 3 days ago",
     "Export" NBSP ": 12 en 28 jours, la dernière fois il y a 3 jours"},
    {"RiskBeyondTheWindowIsNotCounted",
     R"("weight": -1, "unit": "raw")",
     {{{"export", 29, 27}}},
     "risk",
     "Export: 2 in 28 days, the last 27 days ago",
     "Export" NBSP ": 2 en 28 jours, la dernière fois il y a 27 jours"},
    {"RiskOnDays",
     R"("weight": -1, "unit": "raw", "measure": "days")",
     {{{"export", 4, 3, 5}}},
     "risk",
     "Export on 2 of 28 days, the last 3 days ago",
     "Export" NBSP ": 2 jours sur 28, la dernière fois il y a 3 jours"},
    {"RiskOfSum",
     R"("weight": -1, "unit": "raw", "measure": "sum")",
     {{{"export", 2, 2, 1, 12.5}}},
     "risk",
     "Export: 12.5 in 28 days, last 2 days ago",
     "Export" NBSP ": 12,5 en 28 jours, dernière fois il y a 2 jours"},
    {"RiskOfNegativeSum",
     R"("weight": 1, "measure": "sum")",
     {{{"export", 1, 1, 1, -30}}},
     "risk",
     "Export: -30 in 28 days, last 1 day ago",
     "Export" NBSP ": " MINUS "30 en 28 jours, dernière fois il y a 1 jour"},
    {"Inactive",
     R"("weight": 1)",
     {{{"export", 60, 15}}},
     "inactive",
     "Export inactive for 14 days",
     "Export" NBSP ": sans activité depuis 14 jours"},
    {"Down",
     R"("weight": 1)",
     {{{"export", 56, 29, 5}, {"export", 28, 1, 2}}},
     "down",
     "Export down 60%",
     "Export en baisse de 60" NBSP "%"},
    {"Up",
     R"("weight": 1)",
     {{{"export", 56, 29, 2}, {"export", 28, 1, 5}}},
     "up",
     "Export up 150%",
     "Export en hausse de 150" NBSP "%"},
    {"Fading",
     R"("weight": 1, "window_days": 90)",
     {{{"export", 118, 91, 5}, {"export", 90, 1}}},
     "fading",
     "Export: earlier burst is leaving the 90-day window",
     "Export" NBSP ": un pic antérieur sort de la fenêtre de 90 jours"},
    {"FadingThoughMoreThanBefore",
     R"("weight": 0.4, "window_days": 90)",
     {{{"export", 118, 91, 5}, {"export", 90, 29}, {"export", 28, 1, 2}}},
     "fading",
     "Export: earlier burst is leaving the 90-day window",
     "Export" NBSP ": un pic antérieur sort de la fenêtre de 90 jours"},
    {"New",
     R"("weight": 1)",
     {{{"login", 60, 1}, {"export", 4, 1}}},
     "new",
     "Export started: 4 in 28 days",
     "Export" NBSP ": nouveau, 4 en 28 jours"},
    {"Low",
     R"("weight": 1, "measure": "last", "neutral": 7)",
     {{{"export", 9, 9, 1, 2}}},
     "low",
     "Export 2 (first reading)",
     "Export" NBSP ": 2 (première mesure)"},
    {"LowAndNegative",
     R"("weight": 1, "measure": "last", "neutral": 7)",
     {{{"export", 9, 9, 1, -2.5}}},
     "low",
     "Export -2.5 (first reading)",
     "Export" NBSP ": " MINUS "2,5 (première mesure)"},
    {"High",
     R"("weight": -1, "measure": "last")",
     {{{"export", 9, 9, 1, 2500}}},
     "high",
     "Export 2500 (first reading)",
     "Export" NBSP ": 2500 (première mesure)"},
    {"AtNeutral",
     R"("weight": 1, "measure": "last", "neutral": 7)",
     {{{"export", 9, 9, 1, 7}}},
     "steady",
     "Export steady",
     "Export stable"},
    {"Expired",
     R"("weight": 1, "measure": "last", "neutral": 7)",
     {{{"export", 30, 30, 1, 9}}},
     "expired",
     "Export: no reading for 28 days",
     "Export" NBSP ": aucune mesure depuis 28 jours"},
    {"ExpiredInADay",
     R"("weight": 1, "measure": "last", "window_days": 1)",
     {{{"export", 29, 29, 1, 9}}},
     "expired",
     "Export: no reading for 1 day",
     "Export" NBSP ": aucune mesure depuis 1 jour"},
    {"Steady", R"("weight": 1)", {{{"export", 60, 1}}}, "steady", "Export steady", "Export stable"},
    // A fall by chance or common to all accounts is not called down; where it costs points, it is not called steady.
    {"FewerByChance",
     R"("weight": 9)",
     {{{"export", 31, 29}, {"export", 2, 1}}},
     "steady",
     "Export: 2 in 28 days (3 before)",
     "Export" NBSP ": 2 en 28 jours (3 avant)"},
    {"GaugeThatFellToNeutral",
     R"("weight": 1, "measure": "last", "neutral": 7, "unit": "raw")",
     {{{"export", 30, 30, 1, 9}, {"export", 2, 2, 1, 7}}},
     "steady",
     "Export: 7.0 (9.0 before)",
     "Export" NBSP ": 7,0 (9,0 avant)"},
    {"GaugeThatFellAndIsStillHigh",
     R"("weight": 1, "measure": "last", "neutral": 7, "unit": "raw")",
     {{{"export", 30, 30, 1, 10}, {"export", 2, 2, 1, 8}}},
     "high",
     "Export: 8.0 (10.0 before)",
     "Export" NBSP ": 8,0 (10,0 avant)"},
};

std::ostream& operator<<(std::ostream& out, const Sentence& sentence) { return out << sentence.name; }

class Sentences : public testing::TestWithParam<Sentence> {};

TEST_P(Sentences, InBothLanguages) {
  const Sentence& expected = GetParam();
  const Told en = told(model_text("en", expected.options), {expected.account}, "export");
  EXPECT_EQ(en.kind, expected.kind);
  EXPECT_EQ(en.text, expected.en);
  const Told fr = told(model_text("fr", expected.options), {expected.account}, "export");
  EXPECT_EQ(fr.kind, expected.kind);
  EXPECT_EQ(fr.text, expected.fr);
}
INSTANTIATE_TEST_SUITE_P(Kinds, Sentences, testing::ValuesIn(kSentences),
                         [](const testing::TestParamInfo<Sentence>& info) { return info.param.name; });

// ---------------------------------------------------------------- other sentences

TEST(Sentences, OfDistinct) {
  const Account account{{{"user:1", 1, 1}, {"user:2", 3, 3}, {"user:3", 20, 20}}, 5};
  const auto text = [&](const std::string& language, const std::string& options) {
    return told(R"({"language": ")" + language +
                    R"(", "signals": {"user:*": {"weight": 3, "measure": "distinct", "days": 14, "label": "Users")" +
                    options + "}}}",
                {account})
        .text;
  };
  EXPECT_EQ(text("en", ""), "Users high: 2");
  EXPECT_EQ(text("en", R"(, "neutral": 3)"), "Users low: 2");
  EXPECT_EQ(text("en", R"(, "neutral": 0.5, "of": "size")"), "Users low: 40%");
  EXPECT_EQ(text("fr", R"(, "neutral": 0.5, "of": "size")"), "Users" NBSP ": niveau bas, 40" NBSP "%");
}

TEST(Sentences, OfPeers) {
  const std::string models[] = {R"({"curve": "linear", "signals": {"login": 1, "form_published": 1}})",
                                R"({"curve": "linear", "language": "fr",
          "signals": {"login": 1, "form_published": {"weight": 1, "label": {"fr": "Formulaire publié"}}}})"};
  const Account peer{{{"login", 90, 1}, {"form_published", 90, 1}}}, low{{{"login", 90, 1}}};
  EXPECT_EQ(told(models[0], {low, peer, peer}, "form_published").text, "Form published: 0 (peers 28)");
  EXPECT_EQ(told(models[1], {low, peer, peer}, "form_published").text, "Formulaire publié" NBSP ": 0 (pairs 28)");
  // More than the peers recently, but less in the window: the recent numbers would say the opposite.
  const Account late{
      {{"login", 90, 1}, {"form_published", 90, 90}, {"form_published", 28, 1}, {"form_published", 1, 1}}};
  EXPECT_EQ(told(models[0], {late, peer, peer}, "form_published").text, "Form published below peers");
  EXPECT_EQ(told(models[1], {late, peer, peer}, "form_published").text, "Formulaire publié sous le niveau des pairs");
  // Kind up, but listed for being below the peers: the sentence has the distance, not the rise.
  const Account rising{{{"login", 90, 1}, {"form_published", 38, 34}, {"form_published", 14, 1}}};
  EXPECT_EQ(told(models[0], {rising, peer, peer}, "form_published").kind, "up");
  EXPECT_EQ(told(models[0], {rising, peer, peer}, "form_published").text, "Form published: 14 (peers 28)");
  // A little below the peers, and never seen.
  const Account fair{{{"login", 90, 1, 3}}}, rare{{{"login", 90, 1, 3}, {"form_published", 90, 89}}};
  EXPECT_EQ(told(models[0], {fair, rare, rare, rare}, "form_published").text, "Form published: none so far");
  EXPECT_EQ(told(models[1], {fair, rare, rare, rare}, "form_published").text,
            "Formulaire publié" NBSP ": rien à ce jour");
}

TEST(Sentences, OfRowsThatStandForNoSignal) {
  EXPECT_EQ(other_sentence(Language::en), "Other signals");
  EXPECT_EQ(other_sentence(Language::fr), "Autres signaux");
}

TEST(Labels, AreNamesWithSpacesUnlessGiven) {
  const auto text = [](const std::string& language, const std::string& name, const std::string& label) {
    return told(R"({"language": ")" + language + R"(", "signals": {")" + name + R"(": {"weight": 1)" + label + "}}}",
                {{{{name, 60, 1}}}})
        .text;
  };
  EXPECT_EQ(text("en", "cancel_page_visited", ""), "Cancel page visited steady");
  EXPECT_EQ(text("en", "API_call", ""), "API call steady");
  EXPECT_EQ(text("en", "événement", ""), "événement steady");
  EXPECT_EQ(text("en", "login", R"(, "label": "iOS login")"), "iOS login steady");
  EXPECT_EQ(text("fr", "login", R"(, "label": "Login")"), "Login stable");
  EXPECT_EQ(text("fr", "login", R"(, "label": {"en": "Login", "fr": "Connexion"})"), "Connexion stable");
  EXPECT_EQ(text("fr", "login", R"(, "label": {"en": "Login"})"), "Login stable");
}

// ---------------------------------------------------------------- a signal's own text

TEST(OwnText, ReplacesTheSentenceAndItsPlaceholders) {
  const auto text = [](const std::string& language, const std::string& own) {
    return told(model_text(language, R"("weight": 1, "label": "Export", "text": )" + own),
                {{{{"export", 56, 29, 5}, {"export", 28, 4, 2}}, 7.5}})
        .text;
  };
  EXPECT_EQ(text("en", R"("{label}: {value} now, {recent} and {prior} before, {pct}% less, {days} days of {size}")"),
            "Export: 50 now, 50 and 140 before, 64% less, 3 days of 7.5");
  EXPECT_EQ(text("fr", R"("{label} {size}")"), "Export 7,5");
  EXPECT_EQ(text("fr", R"({"en": "less", "fr": "moins"})"), "moins");
  EXPECT_EQ(text("fr", R"({"en": "only {recent}"})"), "only 50");
  EXPECT_EQ(text("en", R"("{{label}} {no one} { label } {label")"), "{Export} {no one} { label } {label");
  EXPECT_EQ(text("en", R"("{}{label}")"), "{}Export");
  for (const std::string_view name :
       std::span(kPlaceholders).first(13))  // the others tell facts that are still to come
    EXPECT_EQ(text("en", "\"{" + std::string(name) + "}\"").find('{'), std::string::npos) << name;
}

TEST(OwnText, CountsUsers) {
  const std::string model =
      R"({"signals": {"user:*": {"weight": 30, "measure": "distinct", "days": 14, "of": "size", "neutral": 0.5,
    "text": "{missing} of {size} licensed users have not logged in for {days} days"}}})";
  const std::vector<Events> users = {{"user:1", 1, 1}, {"user:2", 14, 14}, {"user:3", 15, 15}};
  EXPECT_EQ(told(model, {{users, 5}}).text, "3 of 5 licensed users have not logged in for 14 days");
  // More users than seats: nobody is missing.
  EXPECT_EQ(told(model, {{users, 1}}).text, "0 of 1 licensed users have not logged in for 14 days");
}

}  // namespace
}  // namespace health
