// What each kind of fact says, in English and French.
#include "core/wording.hpp"

#include <cmath>

#include "core/placeholder.hpp"
#include "told.hpp"

namespace health {
namespace {

// ---------------------------------------------------------------- one sentence a kind and role

struct Sentence {
  const char* name;
  std::string options;
  std::vector<Events> events;
  std::string kind, en, fr;
  std::optional<Day> age = 400;
};

constexpr char kOften[] = R"("weight": 0.1)";  // moves less than a point
constexpr char kNeverSilent[] = R"("weight": 0.1, "inactive_days": 1000)";
constexpr char kRisk[] = R"("weight": -1, "unit": "raw")";
constexpr char kOld[] = R"("weight": 1, "inactive_days": 1000, "window_days": 90, "half_life_days": 30)";
constexpr char kStars[] = R"("weight": 5, "measure": "last", "neutral": 4, "out_of": 5)";
constexpr char kReading[] = R"("weight": 1, "measure": "last", "neutral": 7)";
constexpr char kShare[] = R"("weight": 20, "measure": "last", "neutral": 0.5, "out_of": 1)";

const Sentence kSentences[] = {
    // Penalties.
    {"RiskOnceYesterday", kRisk, {{"export", 1, 1}}, "risk", "Export 1 day ago", "Export il y a 1 jour"},
    {"RiskOnce", kRisk, {{"export", 3, 3}}, "risk", "Export 3 days ago", "Export il y a 3 jours"},
    {"RiskTimes",
     kRisk,
     {{"export", 3, 3, 12}},
     "risk",
     "Export 12 times in 28 days, the latest 3 days ago",
     "Export 12 fois en 28 jours, la dernière il y a 3 jours"},
    {"RiskBeyondTheWindowIsNotCounted",
     kRisk,
     {{"export", 29, 27}},
     "risk",
     "Export twice in 28 days, the latest 27 days ago",
     "Export 2 fois en 28 jours, la dernière il y a 27 jours"},
    {"RiskYesterday",
     kRisk,
     {{"export", 2, 1}},
     "risk",
     "Export twice in 28 days, the latest 1 day ago",
     "Export 2 fois en 28 jours, la dernière il y a 1 jour"},
    {"RiskOfANewCustomer",
     kRisk,
     {{"export", 3, 2}},
     "risk",
     "Export twice in 20 days, the latest 2 days ago",
     "Export 2 fois en 20 jours, la dernière il y a 2 jours",
     20},
    {"RiskOnDays",
     R"("weight": -1, "unit": "raw", "measure": "days")",
     {{"export", 4, 3, 5}},
     "risk",
     "Export on 2 of 28 days, the latest 3 days ago",
     "Export 2 jours sur 28, le dernier il y a 3 jours"},
    {"RiskOfSum",
     R"("weight": -1, "unit": "raw", "measure": "sum")",
     {{"export", 2, 2, 2, 12.5}},
     "risk",
     "Export 25 in 28 days, the latest 2 days ago",
     "Export 25 en 28 jours, la dernière fois il y a 2 jours"},
    {"RiskForEver",
     R"("weight": -1, "window_days": null)",
     {{"export", 301, 300}},
     "risk",
     "Export twice so far, the latest 300 days ago",
     "Export 2 fois à ce jour, la dernière il y a 300 jours"},
    {"RiskThatCountsLess",
     R"("weight": -20, "window_days": 90, "half_life_days": 30)",
     {{"export", 40, 40}},
     "risk",
     "An alert is fading (Export 40 days ago)",
     "Une alerte s’estompe (Export il y a 40 jours)"},
    {"RiskThatIsOver",
     R"("weight": -20, "window_days": 90)",
     {{"export", 95, 95}},
     "steady",
     "An alert has lapsed (Export 95 days ago)",
     "Une alerte a expiré (Export il y a 95 jours)"},
    // What is not there.
    {"Awaited",
     R"("weight": 1, "expected_within_days": 7)",
     {},
     "awaited",
     "Export not once in 20 days (expected within 7)",
     "Export pas une fois en 20 jours (attendu sous 7 jours)",
     20},
    {"AwaitedInADay",
     R"("weight": 1, "expected_within_days": 1)",
     {},
     "awaited",
     "Export not once in 1 day (expected within 1)",
     "Export pas une fois en 1 jour (attendu sous 1 jour)",
     1},
    {"Inactive",
     kOften,
     {{"export", 60, 15}},
     "inactive",
     "Export inactive for 14 days",
     "Export sans activité depuis 14 jours"},
    // Down and up, by percent and by numbers.
    {"Down",
     R"("weight": 1)",
     {{"export", 56, 29, 5}, {"export", 28, 1, 2}},
     "down",
     "Export down 60%",
     "Export en baisse de 60" NBSP "%"},
    {"DownToNothing",
     kNeverSilent,
     {{"export", 40, 40, 20}},
     "down",
     "Export at 0 in 28 days (last one 40 days ago)",
     "Export, 0 en 28 jours (la dernière fois il y a 40 jours)"},
    {"Up",
     R"("weight": 1)",
     {{"export", 56, 29, 2}, {"export", 28, 1, 5}},
     "up",
     "Export up 150%",
     "Export en hausse de 150" NBSP "%"},
    {"UpToThreefold",
     kNeverSilent,
     {{"export", 40, 40, 10}, {"export", 3, 3, 30}},
     "up",
     "Export up 200%",
     "Export en hausse de 200" NBSP "%"},
    {"UpBeyondPercent",
     kNeverSilent,
     {{"export", 40, 40, 10}, {"export", 3, 3, 31}},
     "up",
     "Export at 31 in 28 days (10 before)",
     "Export, 31 en 28 jours (contre 10 avant)"},
    {"UpFromLittle",
     kNeverSilent,
     {{"export", 40, 40, 1}, {"export", 3, 3, 8}},
     "up",
     "Export at 8 in 28 days (1 before)",
     "Export, 8 en 28 jours (contre 1 avant)"},
    {"UpThatCosts",
     kOld,
     {{"export", 60, 60, 100}, {"export", 31, 29}, {"export", 3, 3, 10}},
     "up",
     "Less weight with time for Export",
     "Export, moins de poids avec le temps"},
    {"SteadyThatCosts",
     R"("weight": 1)",
     {{"export", 56, 29}, {"export", 24, 1}},
     "steady",
     "Export at 24 in 28 days (28 before)",
     "Export, 24 en 28 jours (contre 28 avant)"},
    // Gauges.
    {"Fell",
     kStars,
     {{"export", 40, 40, 1, 5}, {"export", 9, 9, 1, 2}},
     "fell",
     "Export fell to 2 out of 5 (5 before)",
     "Export en baisse à 2 sur 5 (contre 5 avant)"},
    {"FellByADecimal",
     kStars,
     {{"export", 40, 40, 1, 4.26}, {"export", 9, 9, 1, 3.5}},
     "fell",
     "Export fell to 3.5 out of 5 (4.3 before)",
     "Export en baisse à 3,5 sur 5 (contre 4,3 avant)"},
    {"FellInPercent",
     kShare,
     {{"export", 40, 40, 1, 0.5}, {"export", 9, 9, 1, 0.404}},
     "fell",
     "Export fell to 40% (50% before)",
     "Export en baisse à 40" NBSP "% (contre 50" NBSP "% avant)"},
    {"FellThatGains",
     R"("weight": -1, "measure": "last")",
     {{"export", 40, 40, 1, 9}, {"export", 9, 9, 1, 2}},
     "fell",
     "Export 2 (9 before)",
     "Export 2 (contre 9 avant)"},
    {"Rose",
     kStars,
     {{"export", 40, 40, 1, 2}, {"export", 9, 9, 1, 5}},
     "rose",
     "Export rose to 5 out of 5 (2 before)",
     "Export en hausse à 5 sur 5 (contre 2 avant)"},
    {"RoseThatCosts",  // of negative weight: more tickets
     R"("weight": -1, "measure": "last")",
     {{"export", 40, 40, 1, 2}, {"export", 9, 9, 1, 9}},
     "rose",
     "Export rose to 9 (2 before)",
     "Export en hausse à 9 (contre 2 avant)"},
    {"RoseOfWhatIsBetterLow",
     R"("weight": 10, "measure": "last", "scale": [[2, 1], [9, 0]])",
     {{"export", 40, 40, 1, 2}, {"export", 9, 9, 1, 9}},
     "rose",
     "Export rose to 9 (2 before)",
     "Export en hausse à 9 (contre 2 avant)"},
    {"RoseAndCostsThoughItShouldNot",
     R"("weight": 10, "measure": "last", "scale": [[2, 1], [9, 0], [20, 2]])",
     {{"export", 40, 40, 1, 2}, {"export", 9, 9, 1, 9}},
     "rose",
     "Export 9 (2 before)",
     "Export 9 (contre 2 avant)"},
    {"LowAndFirst",
     kReading,
     {{"export", 9, 9, 1, 2}},
     "low",
     "Export 2 (first on record)",
     "Export 2 (première mesure connue)"},
    {"LowAndNegative",
     kReading,
     {{"export", 9, 9, 1, -2.5}},
     "low",
     "Export -2.5 (first on record)",
     "Export " MINUS "2,5 (première mesure connue)"},
    {"Low", kStars, {{"export", 99, 9, 1, 2}}, "low", "Export 2 out of 5", "Export 2 sur 5"},
    {"HighAndFirst",
     R"("weight": -1, "measure": "last", "neutral": 3000)",
     {{"export", 9, 9, 1, 2500}},
     "high",
     "Export 2500 (first on record)",
     "Export 2500 (première mesure connue)"},
    {"Old",
     R"("weight": 5, "measure": "last", "neutral": 4, "out_of": 5, "window_days": null)",
     {{"export", 120, 120, 1, 2}},
     "low",
     "Export 2 out of 5 (120 days ago)",
     "Export 2 sur 5 (il y a 120 jours)"},
    {"NotOldYet",
     R"("weight": 5, "measure": "last", "neutral": 4, "out_of": 5, "window_days": null)",
     {{"export", 90, 90, 1, 2}},
     "low",
     "Export 2 out of 5",
     "Export 2 sur 5"},
    {"AtNeutral", kReading, {{"export", 60, 9, 1, 7}}, "steady", "Export steady at 7", "Export toujours à 7"},
    {"Expired",
     kReading,
     {{"export", 30, 30, 1, 9}},
     "expired",
     "Export without a reading for 28 days",
     "Export sans mesure depuis 28 jours"},
    {"ExpiredLongAgo",
     kReading,
     {{"export", 90, 90, 1, 9}},
     "expired",
     "Export without a reading for 28 days",
     "Export sans mesure depuis 28 jours"},
    {"ExpiredInADay",
     R"("weight": 1, "measure": "last", "window_days": 1)",
     {{"export", 29, 29, 1, 9}},
     "expired",
     "Export without a reading for 1 day",
     "Export sans mesure depuis 1 jour"},
    {"ExpiredThatGains",
     kReading,
     {{"export", 30, 30, 1, 2}},
     "expired",
     "No reading in 28 days for Export (2 before)",
     "Export sans mesure depuis 28 jours (2 auparavant)"},
    {"ScaledCount",
     R"("weight": 10, "scale": [[10, -1], [20, 0], [30, 1]])",
     {{"export", 200, 1}, {"export", 3, 3}},
     "high",
     "Export at 29 in 28 days",
     "Export, 29 en 28 jours"},
    // What begins, ages and goes on.
    {"New",
     R"("weight": 1)",
     {{"export", 4, 1}},
     "new",
     "Export for the first time, 4 in 28 days",
     "Export pour la première fois, 4 en 28 jours"},
    {"NewAndOnce",
     R"("weight": 1)",
     {{"export", 4, 4}},
     "new",
     "Export for the first time, 1 in 28 days",
     "Export pour la première fois, 1 en 28 jours"},
    {"NewOfANewCustomer",
     R"("weight": 1)",
     {{"export", 4, 1}},
     "new",
     "Export already at 4 in 20 days",
     "Export, déjà 4 en 20 jours",
     20},
    {"LastOneLongAgo",
     kOld,
     {{"export", 60, 60, 10}},
     "fading",
     "Export at 0 in 28 days (last one 60 days ago)",
     "Export, 0 en 28 jours (la dernière fois il y a 60 jours)"},
    {"LessInTheWindow",
     R"("weight": 0.5, "window_days": 90)",
     {{"export", 118, 91, 5}, {"export", 90, 1}},
     "fading",
     "Export at 90 in 90 days (140 in the 90 before)",
     "Export, 90 en 90 jours (contre 140 les 90 jours précédents)"},
    {"CountsLess",
     kOld,
     {{"export", 60, 60, 20}, {"export", 3, 3}},
     "fading",
     "Less weight with time for Export",
     "Export, moins de poids avec le temps"},
    {"Steady",
     kOften,
     {{"export", 60, 1}},
     "steady",
     "Export steady at 28 in 28 days",
     "Export sans grand changement, 28 en 28 jours"},
    {"SteadyByATenth",
     kOften,
     {{"export", 56, 29}, {"export", 25, 1}},
     "steady",
     "Export at 25 in 28 days (28 before)",
     "Export, 25 en 28 jours (contre 28 avant)"},
    {"SteadyOnDays",
     R"("weight": 0.1, "measure": "days")",
     {{"export", 60, 1, 3}},
     "steady",
     "Export steady at 28 active days of 28",
     "Export sans grand changement, 28 jours actifs sur 28"},
    {"Moved",
     kOften,
     {{"export", 47, 29}, {"export", 26, 1}},
     "moved",
     "Export at 26 in 28 days (19 before)",
     "Export, 26 en 28 jours (contre 19 avant)"},
    {"MovedOnDays",
     R"("weight": 0.1, "measure": "days")",
     {{"export", 40, 29, 3}, {"export", 18, 1}},
     "moved",
     "Export at 18 active days of 28 (12 before)",
     "Export, 18 jours actifs sur 28 (contre 12 avant)"},
    {"ActiveOnADay",
     R"("weight": 0.1, "measure": "days", "inactive_days": 1000)",
     {{"export", 40, 38}, {"export", 18, 18}},
     "moved",
     "Export at 1 active day of 28 (3 before)",
     "Export, 1 jour actif sur 28 (contre 3 avant)"},
    {"NothingBeforeItWasThere",
     kOften,
     {{"export", 30, 29}, {"export", 26, 1}},
     "moved",
     "Export at 26 in 28 days",
     "Export, 26 en 28 jours",
     40},
    // A fall by chance or common to all accounts is not called down; where it costs points, it is not called steady.
    {"FewerByChance",
     R"("weight": 9, "inactive_days": 1000)",
     {{"export", 31, 29}, {"export", 2, 1}},
     "moved",
     "Export at 2 in 28 days (3 before)",
     "Export, 2 en 28 jours (contre 3 avant)"},
};

std::ostream& operator<<(std::ostream& out, const Sentence& sentence) { return out << sentence.name; }

class Sentences : public testing::TestWithParam<Sentence> {};

TEST_P(Sentences, InBothLanguages) {
  const Sentence& expected = GetParam();
  const Account account = daily(expected.events, expected.age);
  const ToldDriver en = told(model_text("en", expected.options), {account}).of("export");
  EXPECT_EQ(en.kind, expected.kind);
  EXPECT_EQ(en.text, expected.en);
  const ToldDriver fr = told(model_text("fr", expected.options), {account}).of("export");
  EXPECT_EQ(fr.kind, expected.kind);
  EXPECT_EQ(fr.text, expected.fr);
}
INSTANTIATE_TEST_SUITE_P(Kinds, Sentences, testing::ValuesIn(kSentences),
                         [](const testing::TestParamInfo<Sentence>& info) { return info.param.name; });

// ---------------------------------------------------------------- of prefixes, peers and feeds

TEST(Sentences, OfDistinct) {
  Account account = daily({{"user:1", 1, 1}, {"user:2", 3, 3}, {"user:3", 60, 1}});
  account.size = 5;
  const auto text = [&](const std::string& language, const std::string& options) {
    return told(R"({"baseline": 100, "language": ")" + language +
                    R"(", "signals": {"login": 1, "user:*": {"weight": 3, "measure": "distinct", "days": 14,
                        "label": "Users")" +
                    options + "}}}",
                {account})
        .of("user:*")
        .text;
  };
  EXPECT_EQ(text("en", ""), "Users rose to 3 (1 before)");
  EXPECT_EQ(text("fr", R"(, "min_days": 2)"), "Users 1");
  EXPECT_EQ(text("en", R"(, "neutral": 0.9, "of": "size")"), "Users rose to 60% (20% before)");
  EXPECT_EQ(text("fr", R"(, "neutral": 0.9, "of": "size")"),
            "Users en hausse à 60" NBSP "% (contre 20" NBSP "% avant)");
}

TEST(Sentences, OfASilentMember) {
  const auto text = [](const std::string& language, const std::string& more = "") {
    return told(R"({"baseline": 100, "language": ")" + language +
                    R"(", "signals": {"login": 1, "user:*": {"weight": 3, "measure": "distinct", "days": 28,
                        "label": "Users")" +
                    more + "}}}",
                {daily({{"user:ann", 90, 5}, {"user:bob", 4, 1}})})
        .of("user:*")
        .text;
  };
  EXPECT_EQ(text("en"), "ann (Users), most active so far, silent for 4 days");
  EXPECT_EQ(text("fr"), "ann (Users), en tête jusqu’ici, sans activité depuis 4 jours");
  EXPECT_EQ(text("en", R"(, "text": {"member_silent": "Call {member}, silent for {days} days"})"),
            "Call ann, silent for 4 days");
}

TEST(Sentences, OfPeers) {
  const auto report = [](const std::string& language, const Account& account, const std::vector<Account>& others,
                         const std::string& options = "") {
    std::vector<Account> all = {account};
    all.insert(all.end(), others.begin(), others.end());
    return told(R"({"curve": "linear", "baseline": 1000, "language": ")" + language +
                    R"(", "signals": {"login": 1, "form_published": {"weight": 10, "inactive_days": 1000,
                        "label": {"en": "Form published", "fr": "Formulaire publié"})" +
                    options + "}}}",
                all);
  };
  const auto text = [&](const std::string& language, const Account& account, const std::vector<Account>& others,
                        const std::string& options = "") {
    return report(language, account, others, options).of("form_published").text;
  };
  const Account peer = daily({{"form_published", 200, 1}});
  EXPECT_EQ(text("en", daily({{"form_published", 33, 31}, {"form_published", 9, 7}}), {peer, peer}),
            "Form published at 3 in 28 days (28 for more active customers)");
  EXPECT_EQ(text("fr", daily({{"form_published", 33, 31}, {"form_published", 9, 7}}), {peer, peer}),
            "Formulaire publié, 3 en 28 jours (contre 28 chez les clients plus actifs)");
  EXPECT_EQ(text("en", daily({{"form_published", 33, 31}, {"form_published", 9, 7, 2}}), {peer, peer},
                 R"(, "measure": "days")"),
            "Form published at 3 active days of 28 (28 for more active customers)");
  // Of ten seats each as the peers of two: 28 / 2 * 10.
  Account large = daily({{"form_published", 33, 31}, {"form_published", 9, 7}}), small = peer;
  large.size = 10;
  small.size = 2;
  EXPECT_EQ(text("en", large, {small, small}), "Form published at 3 in 28 days (140 for more active customers)");
  // Nearly as many recently, but less in the window: these numbers would say the opposite.
  EXPECT_EQ(text("en", daily({{"form_published", 113, 91}, {"form_published", 51, 29}, {"form_published", 23, 1}}),
                 {peer, peer}),
            "Form published below more active customers");
  EXPECT_EQ(text("fr", daily({{"form_published", 113, 91}, {"form_published", 51, 29}, {"form_published", 23, 1}}),
                 {peer, peer}),
            "Formulaire publié en dessous des clients plus actifs");
  // Nor are 20 days those of a month.
  const Account young = daily({{"form_published", 9, 7}}, 20);
  EXPECT_EQ(report("en", young, {peer, peer}).main_risk, "Form published below more active customers");
  EXPECT_EQ(text("en", daily({{"form_published", 300, 300}}), {peer, peer}),
            "Form published at 0 in 28 days (last one 300 days ago)");
  EXPECT_EQ(text("en", daily({}), {peer, peer}), "Nothing on record for Form published");
  EXPECT_EQ(text("fr", daily({}), {peer, peer}), "Formulaire publié, rien d’enregistré à ce jour");
}

TEST(Sentences, OfAFeedThatStopped) {
  const auto text = [](const std::string& language, Day last) {
    const std::vector<Account> accounts(5, daily({{"export", 200, last}}));
    return told(R"({"baseline": 100, "min_population": 5, "language": ")" + language +
                    R"(", "signals": {"login": 1, "export": 1}})",
                accounts)
        .of("export")
        .text;
  };
  EXPECT_EQ(text("en", 32), "No data for Export since 1 January (all accounts)");
  EXPECT_EQ(text("fr", 32), "Export sans données depuis le 1er janvier (tous les comptes)");
  EXPECT_EQ(text("en", 5), "No data for Export since 28 January (all accounts)");
  EXPECT_EQ(text("fr", 5), "Export sans données depuis le 28 janvier (tous les comptes)");
}

// ---------------------------------------------------------------- of the account

struct AccountSentence {
  const char* name;
  std::string model;  // without the opening brace and the language
  Account account;
  std::string en, fr;  // what the reason says after the score
  std::vector<Account> others = {};
};

constexpr char kUsage[] =
    R"("curve": "linear", "baseline": 600, "window_days": 28, "signals": {"a": 3, "b": 2, "c": 1, "d": 1}})";

const AccountSentence kAccountSentences[] = {
    {"Silent",
     R"("signals": {"login": 1}})",
     {{{"login", 200, 41}}},
     "nobody active for 40 days",
     "plus personne d’actif depuis 40 jours",
     {daily({})}},
    {"NeverActive",
     R"("signals": {"login": 1}})",
     {{}, {}, 59},
     "no activity on record since the start 59 days ago",
     "aucune activité connue depuis le début, il y a 59 jours"},
    {"NeverActiveForLong",
     R"("signals": {"login": 1}})",
     {{}, {}, 118},
     "no activity on record since the start 118 days ago",
     "aucune activité connue depuis le début, il y a 118 jours"},
    {"NeverActiveForLonger",
     R"("signals": {"login": 1}})",
     {{}, {}, 119},
     "no activity on record",
     "aucune activité enregistrée"},
    {"NeverActiveSinceNobodyKnowsWhen",
     R"("signals": {"login": 1}})",
     {{}, {}, {}},
     "no activity on record",
     "aucune activité enregistrée"},
    {"New",
     R"("signals": {"login": 1}})",
     {{{"login", 5, 2}}, {}, 5},
     "new, day 5; Login already at 4 in 5 days",
     "nouveau client, jour 5" NBSP "; Login, déjà 4 en 5 jours",
     {daily({})}},
    {"NewAndNotThereYet",
     R"("signals": {"login": 1}})",
     {{}, {}, 5},
     "new, day 5; no activity so far",
     "nouveau client, jour 5" NBSP "; aucune activité à ce jour"},
    {"UsageDown",  // 3 * 84 + 2 * 84 + 84 + 28 = 532 before, 3 * 28 + 2 * 56 + 56 + 28 = 280
     kUsage,
     {{{"a", 56, 29, 3},
       {"b", 56, 29, 3},
       {"c", 56, 29, 3},
       {"a", 28, 1},
       {"b", 28, 1, 2},
       {"c", 28, 1, 2},
       {"d", 56, 1}}},
     "usage down 47% in 4 weeks (above all A -67%, B -33%, C -33%)",
     "usage en baisse de 47" NBSP "% sur 4 semaines (surtout A " MINUS "67" NBSP "%, B " MINUS "33" NBSP "%, C " MINUS
     "33" NBSP "%)"},
    {"UsageUp",  // 3 * 4 + 2 * 28 + 84 = 152 before, 3 * 28 + 2 * 84 + 28 + 84 = 364; c is new
     kUsage,
     {{{"a", 40, 40, 4}, {"a", 28, 1}, {"b", 56, 29}, {"b", 28, 1, 3}, {"c", 28, 1}, {"d", 56, 1, 3}}},
     "usage up 139% in 4 weeks (above all B +200%, A from 4 to 28, C from 0 to 28)",
     "usage en hausse de 139" NBSP "% sur 4 semaines (surtout B +200" NBSP "%, A de 4 à 28, C de 0 à 28)"},
    {"UsageBeyondPercent",
     kUsage,
     {{{"a", 40, 40, 4}, {"a", 28, 1}, {"b", 40, 40, 4}, {"b", 28, 1, 3}, {"c", 28, 1}, {"d", 56, 1}}},
     "usage more than tripled in 4 weeks (above all B from 4 to 84, A from 4 to 28, C from 0 to 28)",
     "usage plus que triplé sur 4 semaines (surtout B de 4 à 84, A de 4 à 28, C de 0 à 28)"},
    {"UsageOfOddDays",
     R"("trend_days": 30, )" + std::string(kUsage),
     {{{"a", 60, 31, 3}, {"b", 60, 31, 3}, {"c", 60, 31, 3}, {"a", 30, 1}, {"b", 30, 1}, {"c", 30, 1}}},
     "usage down 67% in 30 days (above all A -67%, B -67%, C -67%)",
     "usage en baisse de 67" NBSP "% sur 30 jours (surtout A " MINUS "67" NBSP "%, B " MINUS "67" NBSP "%, C " MINUS
     "67" NBSP "%)"},
    {"UsageLow",
     R"("curve": "linear", "baseline": 250, "window_days": 28, "signals": {"login": 1}})",
     {{{"login", 200, 1}}},
     "usage at 11% of what a score of 100 takes",
     "usage à 11" NBSP "% de ce que demande un score de 100"},
    {"Override",
     R"("signals": {"login": 1, "csm": {"measure": "last", "set_score": true, "label": "CSM"}}})",
     {{{"login", 200, 1}, {"csm", 3, 3, 1, 40.5}}},
     "score set by CSM at 40",
     "score fixé par CSM à 40"},
    {"CoverageCame",
     R"("combine": "mean", "signals": {"nps": {"weight": 1, "measure": "last", "out_of": 10},
        "csat": {"weight": 1, "measure": "last", "out_of": 5}}})",
     {{{"nps", 80, 1, 1, 9}, {"csat", 3, 3, 1, 2}}},
     "Csat 2 out of 5 (first on record)",
     "Csat 2 sur 5 (première mesure connue)"},
    {"CoverageWent",
     R"("combine": "mean", "window_days": 28, "signals": {"nps": {"weight": 1, "measure": "last", "out_of": 10},
        "csat": {"weight": 1, "measure": "last", "out_of": 5}}})",
     {{{"nps", 80, 1, 1, 5}, {"csat", 30, 30, 1, 5}}},
     "Csat no longer measured",
     "Csat sans mesure désormais"},
    {"BaselineRose",
     R"("curve": "linear", "percentile": 0.5, "window_days": 28, "signals": {"login": 1}})",
     {{{"login", 200, 1}}},
     "a score of 100 takes 100% more usage than 4 weeks ago",
     "un score de 100 demande 100" NBSP "% d’usage de plus qu’il y a 4 semaines",
     {{{{"login", 200, 29, 2}, {"login", 28, 1, 4}}}, {{{"login", 200, 29, 2}, {"login", 28, 1, 4}}}}},
    {"BaselineFell",
     R"("curve": "linear", "percentile": 0.5, "window_days": 28, "signals": {"login": 1}})",
     {{{"login", 200, 1, 2}}},
     "a score of 100 takes 50% less usage than 4 weeks ago",
     "un score de 100 demande 50" NBSP "% d’usage de moins qu’il y a 4 semaines",
     {{{{"login", 200, 29, 4}, {"login", 28, 1, 2}}}, {{{"login", 200, 29, 4}, {"login", 28, 1, 2}}}}},
    {"BaselineRoseBeyondPercent",
     R"("curve": "linear", "percentile": 0.5, "window_days": 28, "signals": {"login": 1}})",
     {{{"login", 200, 1}}},
     "a score of 100 takes more usage than 4 weeks ago",
     "un score de 100 demande plus d’usage qu’il y a 4 semaines",
     {{{{"login", 200, 29}, {"login", 28, 1, 4}}}, {{{"login", 200, 29}, {"login", 28, 1, 4}}}}},
    {"BaselineFellByAHair",
     R"("curve": "linear", "percentile": 0.5, "window_days": 28, "trend_points": 0.01,
        "signals": {"login": 1}})",
     {{{"login", 200, 1, 990}}},
     "a score of 100 takes less usage than 4 weeks ago",
     "un score de 100 demande moins d’usage qu’il y a 4 semaines",
     {{{{"login", 200, 29, 1001}, {"login", 28, 1, 1000}}}, {{{"login", 200, 29, 1001}, {"login", 28, 1, 1000}}}}},
    // A label as the model has it: small like a noun, or large like a name.
    {"SmallLabel",
     R"("min_population": 1, "signals": {"login": {"weight": 1, "label": {"en": "logins", "fr": "évaluations"}}}})",
     {{{"login", 200, 1}}},
     "logins steady at 28 in 28 days",
     "évaluations sans grand changement, 28 en 28 jours"},
    {"SmallLabelInAnOwnText",
     R"("min_population": 1, "signals": {"login": {"weight": 1, "label": {"en": "logins", "fr": "évaluations"},
        "text": {"steady": {"en": "{label} as ever", "fr": "{label} comme toujours"}}}}})",
     {{{"login", 200, 1}}},
     "logins as ever",
     "évaluations comme toujours"},
    {"SmallLabelOfCoverage",
     R"("combine": "mean", "signals": {"nps": {"weight": 1, "measure": "last", "out_of": 10},
        "csat": {"weight": 1, "measure": "last", "out_of": 5, "label": "note"}}})",
     {{{"nps", 80, 1, 1, 9}, {"csat", 3, 3, 1, 2}}},
     "note 2 out of 5 (first on record)",
     "note 2 sur 5 (première mesure connue)"},
    {"PeersTwice",
     R"("curve": "linear", "baseline": 150, "window_days": 28, "signals": {"export": 1, "login": 1}})",
     {{{"login", 200, 1}, {"export", 200, 1, 2}}},
     "Login at 28 in 28 days (168 for more active customers); Export at 56 (against 84)",
     "Login, 28 en 28 jours (contre 168 chez les clients plus actifs)" NBSP "; Export, 56 (contre 84)",
     {daily({{"export", 60, 1, 3}, {"login", 60, 1, 5}}), daily({{"export", 60, 1, 3}, {"login", 60, 1, 5}})}},
    {"NothingOnRecord",
     R"("curve": "linear", "baseline": 60, "window_days": 28, "signals": {"login": 1, "export": {"weight": 1,
        "label": "exports"}}})",
     {{{"login", 200, 1}}},
     "nothing on record for exports; usage at 46% of what a score of 100 takes",
     "exports, rien d’enregistré à ce jour" NBSP "; usage à 46" NBSP "% de ce que demande un score de 100",
     {daily({{"export", 60, 1}}), daily({{"export", 60, 1}})}},
};

std::ostream& operator<<(std::ostream& out, const AccountSentence& sentence) { return out << sentence.name; }

class AccountSentences : public testing::TestWithParam<AccountSentence> {};

TEST_P(AccountSentences, InBothLanguages) {
  const AccountSentence& expected = GetParam();
  std::vector<Account> accounts = {expected.account};
  accounts.insert(accounts.end(), expected.others.begin(), expected.others.end());
  EXPECT_EQ(told("{" + expected.model, accounts).news(), expected.en);
  EXPECT_EQ(told(R"({"language": "fr", )" + expected.model, accounts).news(), expected.fr);
}
INSTANTIATE_TEST_SUITE_P(Kinds, AccountSentences, testing::ValuesIn(kAccountSentences),
                         [](const testing::TestParamInfo<AccountSentence>& info) { return info.param.name; });

TEST(Sentences, OfRowsThatStandForNoSignal) {
  EXPECT_EQ(other_sentence(Language::en), "Other signals");
  EXPECT_EQ(other_sentence(Language::fr), "Autres signaux");
}

TEST(Labels, AreNamesWithSpacesUnlessGiven) {
  const auto text = [](const std::string& language, const std::string& name, const std::string& label) {
    return told(R"({"language": ")" + language + R"(", "signals": {")" + name + R"(": {"weight": 1)" + label + "}}}",
                {{{{name, 60, 1}}}})
        .drivers.at(0)
        .text;
  };
  EXPECT_EQ(text("en", "cancel_page_visited", ""), "Cancel page visited steady at 28 in 28 days");
  EXPECT_EQ(text("en", "API_call", ""), "API call steady at 28 in 28 days");
  EXPECT_EQ(text("en", "login", R"(, "label": "iOS login")"), "iOS login steady at 28 in 28 days");
  EXPECT_EQ(text("en", "login", R"(, "label": "the login")"), "The login steady at 28 in 28 days");
  EXPECT_EQ(text("fr", "login", R"(, "label": "évaluation")"), "Évaluation sans grand changement, 28 en 28 jours");
  EXPECT_EQ(text("fr", "login", R"(, "label": "Login")"), "Login sans grand changement, 28 en 28 jours");
  EXPECT_EQ(text("fr", "login", R"(, "label": {"en": "Login", "fr": "Connexion"})"),
            "Connexion sans grand changement, 28 en 28 jours");
  EXPECT_EQ(text("fr", "login", R"(, "label": {"en": "Login"})"), "Login sans grand changement, 28 en 28 jours");
}

// ---------------------------------------------------------------- a signal's own text

std::string own_text(const std::string& own, const std::string& language = "en",
                     const std::string& options = R"("weight": 1)",
                     const std::vector<Events>& events = {{"export", 56, 29, 5}, {"export", 28, 4, 2}}) {
  Account account = daily(events);
  account.size = 7.5;
  std::string model = model_text(language, options + R"(, "label": "Export", "text": )" + own);
  return told(model.insert(1, R"("size_exponent": 0, )"), {account}).of("export").text;
}

TEST(OwnText, ReplacesTheSentenceAndItsPlaceholders) {
  EXPECT_EQ(own_text(R"("{label}: {value} now, {recent} and {prior} before, {pct}% less, {days} days of {size}")"),
            "Export: 50 now, 50 and 140 before, 64% less, 3 days of 7.5");
  EXPECT_EQ(
      own_text(R"("{count} in {window}, {recent} in {trend} days, the last {ago} days ago, customer for {tenure}")"),
      "50 in 28, 50 in 28 days, the last 4 days ago, customer for 400");
  EXPECT_EQ(own_text(R"("{label} {size}")", "fr"), "Export 7,5");
  EXPECT_EQ(own_text(R"({"en": "less", "fr": "Moins"})", "fr"), "Moins");
  EXPECT_EQ(own_text(R"({"en": "only {recent}"})", "fr"), "Only 50");
  EXPECT_EQ(own_text(R"("{{label}} {no one} { label } {label")"), "{Export} {no one} { label } {label");
  EXPECT_EQ(own_text(R"("{}{label}")"), "{}Export");
  for (const std::string_view name : kPlaceholders)
    EXPECT_EQ(own_text("\"{" + std::string(name) + "}\"").find('{'), std::string::npos) << name;
}

TEST(OwnText, HasFormsForNumbers) {
  const auto text = [](const std::string& language, const std::string& own, std::uint32_t recent) {
    return own_text(own, language, R"("weight": 1)", {{"export", 56, 29, 5}, {"export", 2, 2, recent}});
  };
  const std::string forms = R"("{recent} {recent|export|exports}")";
  EXPECT_EQ(text("en", forms, 1), "1 export");
  EXPECT_EQ(text("en", forms, 2), "2 exports");
  EXPECT_EQ(text("fr", forms, 1), "1 export");
  EXPECT_EQ(text("fr", forms, 2), "2 exports");
  EXPECT_EQ(own_text(R"("{count} {count|export|exports}")", "en", R"("weight": -1)", {{"export", 28, 28}}), "1 export");
  // Exactly one in English, below two in French.
  const auto rating = [](const std::string& language, double value) {
    return own_text(R"("{value} {value|star|stars}")", language, R"("weight": 1, "measure": "last", "neutral": 4)",
                    {{"export", 60, 2, 1, value}});
  };
  EXPECT_EQ(rating("en", 0), "0 stars");
  EXPECT_EQ(rating("en", 1.5), "1.5 stars");
  EXPECT_EQ(rating("en", 1.01), "1 star") << "as it is printed";
  EXPECT_EQ(rating("fr", 0), "0 star");
  EXPECT_EQ(rating("fr", 1.5), "1,5 star");
  EXPECT_EQ(rating("fr", 2), "2 stars");
  EXPECT_EQ(rating("fr", -1.5), MINUS "1,5 star");
}

TEST(OwnText, APlainOneIsForWhatIsBad) {
  const std::string reading = R"("weight": 1, "measure": "last", "neutral": 7)", own = R"("Call them")";
  const auto gauge = [&](double before, double now, const std::string& weight = "1") {
    return own_text(own, "en", R"("measure": "last", "neutral": 7, "weight": )" + weight,
                    {{"export", 40, 40, 1, before}, {"export", 3, 3, 1, now}});
  };
  EXPECT_EQ(own_text(own), "Call them") << "down";
  EXPECT_EQ(own_text(own, "en", kOften, {{"export", 60, 15}}), "Call them") << "inactive";
  EXPECT_EQ(own_text(own, "en", kRisk, {{"export", 3, 3}}), "Call them") << "risk";
  EXPECT_EQ(own_text(own, "en", kOld, {{"export", 60, 60, 20}, {"export", 3, 3}}), "Call them") << "fading";
  EXPECT_EQ(own_text(own, "en", reading, {{"export", 30, 30, 1, 9}}), "Call them") << "expired";
  EXPECT_EQ(own_text(own, "en", reading, {{"export", 60, 3, 1, 2}}), "Call them") << "low";
  EXPECT_EQ(own_text(own, "en", R"("weight": 1, "expected_within_days": 7, "inactive_days": 1000)", {}), "")
      << "no more awaited";
  EXPECT_EQ(gauge(9, 8), "Call them") << "fell";
  EXPECT_EQ(gauge(6, 8, "-1"), "Call them") << "rose, of negative weight";
  EXPECT_EQ(own_text(own, "en", R"("weight": 1)", {{"export", 56, 29}, {"export", 24, 1}}), "Call them") << "it costs";
  // Not where things are good.
  EXPECT_EQ(gauge(6, 8), "Export rose to 8 (6 before)");
  EXPECT_EQ(gauge(9, 8, "-1"), "Export 8 (9 before)");
  EXPECT_EQ(own_text(own, "en", R"("weight": 1)", {{"export", 56, 29, 2}, {"export", 28, 1, 5}}), "Export up 150%");
  EXPECT_EQ(own_text(own, "en", kOften, {{"export", 60, 1}}), "Export steady at 28 in 28 days");
  EXPECT_EQ(own_text(own, "en", reading, {{"export", 60, 3, 1, 9}}), "Export 9");
  EXPECT_EQ(own_text(own, "en", R"("weight": 1)", {{"export", 4, 1}}), "Export for the first time, 4 in 28 days");
}

TEST(OwnText, ByKindIsForThatKindAlone) {
  const std::string own = R"({"down": "Fewer: {recent}", "up": {"en": "More: {recent}", "fr": "Plus : {recent}"}})";
  const std::vector<Events> up = {{"export", 56, 29, 2}, {"export", 28, 1, 5}};
  EXPECT_EQ(own_text(own), "Fewer: 50");
  EXPECT_EQ(own_text(own, "fr"), "Fewer: 50");
  EXPECT_EQ(own_text(own, "en", R"("weight": 1)", up), "More: 140");
  EXPECT_EQ(own_text(own, "fr", R"("weight": 1)", up), "Plus : 140");
  EXPECT_EQ(own_text(own, "en", kOften, {{"export", 60, 15}}), "Export inactive for 14 days");
}

TEST(OwnText, SaysHowOldAReadingIsUnlessItSaysItself) {
  const auto text = [](const std::string& own, Day ago) {
    return own_text(own, "en", R"("weight": 1, "measure": "last", "neutral": 7, "window_days": null)",
                    {{"export", ago, ago, 1, 2}});
  };
  EXPECT_EQ(text(R"("NPS of {value}")", 9), "NPS of 2 (first on record)");
  EXPECT_EQ(text(R"("NPS of {value}")", 120), "NPS of 2 (120 days ago)");
  EXPECT_EQ(text(R"("NPS of {value}, {ago} days ago")", 9), "NPS of 2, 9 days ago");
  EXPECT_EQ(text(R"("NPS of {value}, {ago} days ago")", 120), "NPS of 2, 120 days ago");
  EXPECT_EQ(text(R"("NPS of {value} after {prior}")", 120), "NPS of 2 after 2");
}

TEST(OwnText, CountsUsers) {
  const auto text = [](std::vector<Events> users, double size, Day age = 400) {
    Account account = daily(std::move(users), age);
    account.size = size;
    return told(R"({"baseline": 100, "signals": {"login": 1,
        "user:*": {"weight": 30, "measure": "distinct", "days": 14, "of": "size", "neutral": 0.9,
                   "text": "{missing} of {size} licensed {missing|user has|users have} not logged in for {days} days"}}})",
                {account})
        .of("user:*")
        .text;
  };
  // Those of a month ago came in the last two weeks, too.
  const std::vector<Events> users = {{"user:1", 60, 1}, {"user:2", 60, 14}, {"user:3", 15, 15}};
  EXPECT_EQ(text(users, 5), "3 of 5 licensed users have not logged in for 14 days");
  EXPECT_EQ(text(users, 3), "1 of 3 licensed user has not logged in for 14 days");
  EXPECT_EQ(text({{"user:1", 9, 1}}, 3, 9), "2 of 3 licensed users have not logged in for 9 days");
}

// ---------------------------------------------------------------- numbers

TEST(Numbers, AreRoundedAndThenWhole) {
  const auto number = [](double value, int places, Language language = Language::en) {
    ByteString out(heap());
    append_number(&out, value, places, language);
    return std::string(out);
  };
  EXPECT_EQ(number(35, 1), "35");
  EXPECT_EQ(number(35.04, 1), "35");
  EXPECT_EQ(number(35.05, 1), "35.1");
  EXPECT_EQ(number(100, 0), "100");
  EXPECT_EQ(number(-0.04, 1), "0");
  EXPECT_EQ(number(-2.5, 1), "-2.5");
  EXPECT_EQ(number(-1234.5, 1, Language::fr), MINUS "1234,5");
  EXPECT_EQ(number(1e15, 1), "1000000000000000");
}

}  // namespace
}  // namespace health
