// Sentences: what each kind of driver says in English and French, the headline of a score, and health_explain.
#include "core/explain.hpp"

#include <cmath>

#include "core/placeholder.hpp"
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
     "Export once, 1 day ago",
     "Export une fois, il y a 1 jour"},
    {"RiskOnce",
     R"("weight": -1, "unit": "raw")",
     {{{"export", 3, 3}}},
     "risk",
     "Export once, 3 days ago",
     "Export une fois, il y a 3 jours"},
    {"RiskTimesYesterday",
     R"("weight": -1, "unit": "raw")",
     {{{"export", 2, 1}}},
     "risk",
     "Export 2 times, last 1 day ago",
     "Export 2 fois, la dernière il y a 1 jour"},
    {"RiskTimes",
     R"("weight": -1, "unit": "raw")",
     {{{"export", 3, 3, 12}}},
     "risk",
     "Export 12 times, last 3 days ago",
     "Export 12 fois, la dernière il y a 3 jours"},
    {"RiskBeyondTheWindowIsNotCounted",
     R"("weight": -1, "unit": "raw")",
     {{{"export", 29, 27}}},
     "risk",
     "Export 2 times, last 27 days ago",
     "Export 2 fois, la dernière il y a 27 jours"},
    {"RiskOnDays",
     R"("weight": -1, "unit": "raw", "measure": "days")",
     {{{"export", 4, 3, 5}}},
     "risk",
     "Export on 2 days, last 3 days ago",
     "Export sur 2 jours, le dernier il y a 3 jours"},
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
     "Export sans activité depuis 14 jours"},
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
     "Export" NBSP ": début, 4 en 28 jours"},
    {"Low",
     R"("weight": 1, "measure": "last", "neutral": 7)",
     {{{"export", 9, 9, 1, 2}}},
     "low",
     "Export low: 2.0",
     "Export" NBSP ": niveau bas, 2,0"},
    {"LowAndNegative",
     R"("weight": 1, "measure": "last", "neutral": 7)",
     {{{"export", 9, 9, 1, -2.5}}},
     "low",
     "Export low: -2.5",
     "Export" NBSP ": niveau bas, " MINUS "2,5"},
    {"High",
     R"("weight": -1, "measure": "last")",
     {{{"export", 9, 9, 1, 2500}}},
     "high",
     "Export high: 2500",
     "Export" NBSP ": niveau élevé, 2500"},
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
  EXPECT_EQ(baseline_sentence(Language::en), "Other accounts moved");
  EXPECT_EQ(baseline_sentence(Language::fr), "Les autres comptes ont évolué");
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

// ---------------------------------------------------------------- the score

std::string headline(Language language, double score, std::optional<double> previous, double trend_points = 10,
                     std::vector<std::string_view> sentences = {"A"}) {
  return std::string(explain_score({language, score, previous, trend_points}, sentences, heap()));
}

TEST(Headline, NamesAMoveOfTrendPoints) {
  EXPECT_EQ(headline(Language::en, 45, std::nullopt), "Score 45: A.");
  EXPECT_EQ(headline(Language::en, 45, 54.9), "Score 45: A.");
  EXPECT_EQ(headline(Language::en, 45, 55), "Score fell to 45 (-10): A.");
  EXPECT_EQ(headline(Language::en, 45, 35), "Score rose to 45 (+10): A.");
  EXPECT_EQ(headline(Language::fr, 45, 45), "Score 45" NBSP ": A.");
  EXPECT_EQ(headline(Language::fr, 45, 67), "Score tombé à 45 (" MINUS "22)" NBSP ": A.");
  EXPECT_EQ(headline(Language::fr, 45, 23), "Score monté à 45 (+22)" NBSP ": A.");
}

// Scores are rounded down, so that 49.99 prints as 49, which is red as well; the change is that of the printed numbers.
TEST(Headline, RoundsScoresDown) {
  EXPECT_EQ(headline(Language::en, 49.999999999999, std::nullopt), "Score 49: A.");
  EXPECT_EQ(headline(Language::en, 45.9, 56), "Score fell to 45 (-11): A.");
  EXPECT_EQ(headline(Language::en, 45, 55.9), "Score fell to 45 (-10): A.");
  EXPECT_EQ(headline(Language::en, 0.5, 100), "Score fell to 0 (-100): A.");
  // Nothing to print where the numbers printed are the same.
  EXPECT_EQ(headline(Language::en, 45.1, 45.9, 0.5), "Score 45: A.");
  EXPECT_EQ(headline(Language::en, 45, 45, 0), "Score 45: A.");
}

TEST(Headline, JoinsSentences) {
  EXPECT_EQ(headline(Language::en, 45, {}, 10, {}), "Score 45.");
  EXPECT_EQ(headline(Language::en, 45, {}, 10, {"A", "B", "C"}), "Score 45: A; B; C.");
  EXPECT_EQ(headline(Language::fr, 45, {}, 10, {"A", "B", "C"}), "Score 45" NBSP ": A" NBSP "; B" NBSP "; C.");
  EXPECT_EQ(headline(Language::en, 45, {}, 10, {"A", "Call Ann."}), "Score 45: A; Call Ann.");
}

TEST(Reason, ReadsOutThreeRisksOrElseStrengths) {
  const std::string model =
      R"({"curve": "linear", "baseline": 100, "window_days": 28,
          "signals": {"a": {"weight": -5, "unit": "raw"}, "b": {"weight": -6, "unit": "raw"},
                      "c": {"weight": -7, "unit": "raw"}, "d": {"weight": -8, "unit": "raw"}, "login": 2, "form": 1}})";
  const Events login{"login", 90, 1}, form{"form", 90, 1};
  EXPECT_EQ(told(model, {{{login, form, {"a", 1, 1}, {"b", 2, 2}, {"c", 3, 3}, {"d", 4, 4}}}}).reason,
            "Score fell to 58 (-26): D once, 4 days ago; C once, 3 days ago; B once, 2 days ago.");
  EXPECT_EQ(told(model, {{{login, form, {"a", 1, 1}}}}).reason, "Score 79: A once, 1 day ago.");
  EXPECT_EQ(told(model, {{{login, form}}}).reason, "Score 84: Login steady; Form steady.");
  EXPECT_EQ(told(model, {{{}}}).reason, "Score 0.");
}

// ---------------------------------------------------------------- health_explain

std::string explain(const std::string& drivers, Language language = Language::en) {
  const JsonTree tree(drivers);
  Arena arena;
  return std::string(explain_json({language, 45.5, 67.2, 10}, tree.root(), arena.memory()));
}

TEST(ExplainJson, ReadsTheDriversOfAReport) {
  EXPECT_EQ(
      explain(R"([{"signal": "a", "points": 10, "change": -9, "kind": "inactive", "text": "Admin inactive for 14 days"},
                        {"signal": "b", "points": -3, "change": null, "kind": "risk", "text": "B"},
                        {"signal": "c", "points": 9, "change": 0, "kind": "down", "text": "C"},
                        {"signal": "d", "points": -1, "change": 0, "kind": "risk", "text": "D"},
                        {"signal": null, "points": -9, "change": -9, "kind": "other", "text": "Other signals"}])"),
      "Score fell to 45 (-22): Admin inactive for 14 days; B; C.");
  // Risks are the drivers before the first strength.
  EXPECT_EQ(explain(
                R"([{"signal": "a", "points": -5, "text": "A"}, {"signal": "b", "points": 5, "text": "B"},
                        {"signal": "c", "points": -5, "text": "C"}])"),
            "Score fell to 45 (-22): A.");
  // Without a risk, strengths; rows that stand for no signal are not read out.
  EXPECT_EQ(
      explain(R"([{"signal": "a", "points": 30, "change": 0, "text": "A"}, {"signal": "b", "points": 0, "text": "B"},
                        {"signal": "c", "points": 5, "text": "C"},
                        {"kind": "baseline", "points": 0, "change": -20, "text": "Other accounts moved"}])"),
      "Score fell to 45 (-22): A; C.");
  EXPECT_EQ(explain(R"([{"kind": "baseline", "points": 0, "change": -20, "text": "Other accounts moved"}])"),
            "Score fell to 45 (-22).");
  EXPECT_EQ(
      explain(
          R"([{"signal": "a", "points": 0, "vs_peers": -5, "text": "A"}, {"signal": "b", "points": 5, "text": "B"}])"),
      "Score fell to 45 (-22): A.");
  EXPECT_EQ(explain("[]"), "Score fell to 45 (-22).");
}

// Drivers of health_drivers have no text: the sentence is their label and points.
TEST(ExplainJson, WritesPointsWhereThereIsNoText) {
  const std::string drivers =
      R"([{"signal": "late_payment", "label": "late payment", "points": -12.34, "text": null},
          {"signal": "x", "points": 2}])";
  EXPECT_EQ(explain(drivers), "Score fell to 45 (-22): late payment -12.3.");
  EXPECT_EQ(explain(drivers, Language::fr), "Score tombé à 45 (" MINUS "22)" NBSP ": late payment " MINUS "12,3.");
  EXPECT_EQ(explain(R"([{"signal": "x", "points": 2, "change": -3}])"), "Score fell to 45 (-22): x -3.0.");
  EXPECT_EQ(explain(R"([{"signal": "x", "points": 2.04, "change": 1}])"), "Score fell to 45 (-22): x +2.0.");
}

TEST(ExplainJson, RefusesNumbersThatNoSentenceCanTell) {
  expect_failure("22003", "a driver's points out of range: 1000000000000001",
                 [] { explain(R"([{"signal": "x", "points": 1000000000000001}])"); });
  expect_failure("22003", "a driver's change out of range: -1e400",
                 [] { explain(R"([{"signal": "x", "change": -1e400}])"); });
  EXPECT_EQ(explain(R"([{"signal": "x", "points": 1000000000000000}])"),
            "Score fell to 45 (-22): x +1000000000000000.0.");
  const JsonTree none("[]");
  const auto told = [&](double score, double previous) {
    return [&, score, previous] { explain_json({Language::en, score, previous, 10}, none.root(), heap()); };
  };
  expect_failure("22003", "score out of range: 1e+300", told(1e300, 0));
  expect_failure("22003", "previous score out of range: -1.7e+308", told(0, -1.7e308));
}

TEST(ExplainJson, RefusesWhatIsNoListOfDrivers) {
  const auto refused = [](const std::string& drivers, const std::string& message) {
    expect_failure("22023", message, [&] { explain(drivers); });
  };
  refused("{}", "drivers must be an array, not an object");
  refused("null", "drivers must be an array, not null");
  refused("[5]", "a driver must be an object, not a number");
  refused("[[]]", "a driver must be an object, not an array");
  refused(R"([{"signal": "a", "points": "5"}])", "a driver's points must be a number");
  refused(R"([{"signal": "a", "change": true}])", "a driver's change must be a number");
  refused(R"([{"signal": "a", "vs_peers": []}])", "a driver's vs_peers must be a number");
  refused(R"([{"signal": 5}])", "a driver's signal must be a string");
  refused(R"([{"signal": "a", "text": {}}])", "a driver's text must be a string");
  refused(R"([{"signal": "a"}, {"kind": 1}])", "a driver's kind must be a string");
  refused(R"([{"label": 1}])", "a driver's label must be a string");
}

TEST(ExplainJson, KnowsTwoLanguages) {
  EXPECT_EQ(language_of_name("fr"), Language::fr);
  EXPECT_EQ(language_of_name("en"), Language::en);
  for (const char* other : {"", "FR", "de", "french"}) EXPECT_FALSE(language_of_name(other)) << other;
}

}  // namespace
}  // namespace health
