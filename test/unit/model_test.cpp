#include "core/model.hpp"

#include <cmath>
#include <functional>
#include <sstream>

#include "core/placeholder.hpp"
#include "support.hpp"

namespace health {
namespace {

// A model with one signal: {"signals": {"<name>": <options>}}.
std::string with_signal(const std::string& name, const std::string& options) {
  return "{\"signals\": {\"" + name + "\": " + options + "}}";
}

const Signal& only_signal(const Model& model) {
  EXPECT_EQ(model.signals.size(), 1u);
  return model.signals.at(0);
}

void expect_invalid(const std::string& text, const std::string& message) {
  expect_failure("22023", message, [&] { model_of(text); });
}

std::string printed_bands(const Model& model) {
  std::ostringstream text;
  for (const BandTerms& band : model.bands)
    text << (text.view().empty() ? "" : ", ") << band.names[0] << '/' << band.names[1] << ' ' << band.cut;
  return text.str();
}

// ---------------------------------------------------------------- defaults and accepted values

TEST(Model, HasTheDocumentedDefaults) {
  const auto model = model_of("{}");
  EXPECT_EQ(model->window_days, 90);
  EXPECT_EQ(model->decay_terms.half_life_days, kNone);
  EXPECT_EQ(model->decay_terms.linear_days, kNone);
  EXPECT_EQ(model->percentile, 0.9);
  EXPECT_EQ(model->curve, Curve::exponential);
  EXPECT_EQ(model->population, Counted::active);
  EXPECT_EQ(model->baseline, kNone);
  EXPECT_EQ(model->min_population, 20);
  EXPECT_EQ(model->size_exponent, 1);
  EXPECT_EQ(printed_bands(*model), "red/rouge 0, yellow/jaune 50, green/vert 80");
  EXPECT_EQ(model->trend_days, 28);
  EXPECT_EQ(model->trend_points, 10);
  EXPECT_EQ(model->risk_points, 3);
  EXPECT_EQ(model->silent_days, 10);
  EXPECT_EQ(model->weekend, 0);
  EXPECT_EQ(model->drop_points, 20);
  EXPECT_EQ(model->drop_days, 28);
  EXPECT_EQ(model->cooldown_days, 14);
  EXPECT_EQ(model->stable_readings, 2);
  EXPECT_EQ(model->stable_margin, 3);
  EXPECT_EQ(model->max_drivers, 10);
  EXPECT_EQ(model->language, Language::en);
  EXPECT_TRUE(model->signals.empty());
}

TEST(Model, SignalsHaveTheDocumentedDefaults) {
  const auto model = model_of(with_signal("login", "1.5"));
  const Signal& signal = only_signal(*model);
  EXPECT_EQ(signal.name, "login");
  EXPECT_EQ(signal.weight, 1'500'000);
  EXPECT_EQ(signal.measure, Measure::count);
  EXPECT_EQ(signal.unit, Unit::raw);
  EXPECT_EQ(signal.neutral, 0);
  EXPECT_EQ(signal.window_days, 90);
  EXPECT_EQ(signal.daily_cap, 0);
  EXPECT_EQ(signal.max_points, kNone);
  EXPECT_EQ(signal.inactive_days, 7);
  EXPECT_EQ(signal.min_days, 1);
  EXPECT_FALSE(signal.of_size);
  EXPECT_TRUE(signal.usage);
  EXPECT_FALSE(signal.opportunity);
  EXPECT_EQ(signal.expected_within_days, 0);
  EXPECT_TRUE(signal.aliases.empty());
  for (const Language language : {Language::en, Language::fr}) {
    for (const TextsByKind* text : {&signal.next_step, &signal.text}) EXPECT_EQ(text->plain(language), "");
    EXPECT_EQ(signal.label.in(language), "Login");
  }
  EXPECT_EQ(signal.dimension, "");
}

TEST(Model, ReadsEveryOption) {
  const struct {
    const char* text;
    std::function<bool(const Model&)> holds;
  } cases[] = {
      {R"({"window_days": 1})", [](const Model& m) { return m.window_days == 1; }},
      {R"({"window_days": 36500})", [](const Model& m) { return m.window_days == 36500; }},
      {R"({"window_days": 30.0})", [](const Model& m) { return m.window_days == 30; }},
      {R"({"half_life_days": 0.5})", [](const Model& m) { return m.decay_terms.half_life_days == 0.5; }},
      {R"({"linear_days": 45})", [](const Model& m) { return m.decay_terms.linear_days == 45; }},
      {R"({"percentile": 0.5})", [](const Model& m) { return m.percentile == 0.5; }},
      {R"({"curve": "exponential"})", [](const Model& m) { return m.curve == Curve::exponential; }},
      {R"({"curve": "linear"})", [](const Model& m) { return m.curve == Curve::linear; }},
      {R"({"curve": "open"})", [](const Model& m) { return m.curve == Curve::open; }},
      {R"({"population": "active"})", [](const Model& m) { return m.population == Counted::active; }},
      {R"({"population": "all"})", [](const Model& m) { return m.population == Counted::all; }},
      {R"({"baseline": 208.2})", [](const Model& m) { return m.baseline == 208.2; }},
      {R"({"baseline": null})", [](const Model& m) { return m.baseline == kNone; }},
      {R"({"min_population": 0})", [](const Model& m) { return m.min_population == 0; }},
      {R"({"size_exponent": 0})", [](const Model& m) { return m.size_exponent == 0; }},
      {R"({"size_exponent": 0.5})", [](const Model& m) { return m.size_exponent == 0.5; }},
      {R"({"red_below": 0})", [](const Model& m) { return m.bands[1].cut == 0; }},
      {R"({"green_from": 100})", [](const Model& m) { return m.bands[2].cut == 100; }},
      {R"({"red_below": 60, "green_from": 60})",
       [](const Model& m) { return m.bands[1].cut == 60 && m.bands[2].cut == 60; }},
      {R"({"bands": [["bad", 0], [{"en": "good", "fr": "bien"}, 0.5]]})",
       [](const Model& m) { return printed_bands(m) == "bad/bad 0, good/bien 0.5"; }},
      {R"({"bands": [[{"en": "bad"}, 0], [{"fr": "bien"}, 100]]})",
       [](const Model& m) { return printed_bands(m) == "bad/bad 0, bien/bien 100"; }},
      {R"({"trend_days": 7})", [](const Model& m) { return m.trend_days == 7; }},
      {R"({"trend_points": 5})", [](const Model& m) { return m.trend_points == 5; }},
      {R"({"drop_points": 12.5})", [](const Model& m) { return m.drop_points == 12.5; }},
      {R"({"drop_days": 14})", [](const Model& m) { return m.drop_days == 14; }},
      {R"({"cooldown_days": 0})", [](const Model& m) { return m.cooldown_days == 0; }},
      {R"({"stable_readings": 1})", [](const Model& m) { return m.stable_readings == 1; }},
      {R"({"stable_margin": 0})", [](const Model& m) { return m.stable_margin == 0; }},
      {R"({"max_drivers": 3})", [](const Model& m) { return m.max_drivers == 3; }},
      {R"({"language": "en"})", [](const Model& m) { return m.language == Language::en; }},
      {R"({"language": "fr"})", [](const Model& m) { return m.language == Language::fr; }},
      {R"({"risk_points": 0.5})", [](const Model& m) { return m.risk_points == 0.5; }},
      {R"({"silent_days": 21})", [](const Model& m) { return m.silent_days == 21; }},
      {R"({"weekend": [6, 7]})", [](const Model& m) { return m.weekend == 0b110'0000 && m.silent_days == 7; }},
      {R"({"weekend": [5]})", [](const Model& m) { return m.weekend == 0b1'0000; }},
      {R"({"weekend": []})", [](const Model& m) { return m.weekend == 0 && m.silent_days == 10; }},
      {R"({"silent_days": 3, "weekend": [6, 7]})", [](const Model& m) { return m.silent_days == 3; }},
      {R"({"name": "standard", "version": "2026-01"})", [](const Model& m) { return m.title == "standard 2026-01"; }},
      {R"({"name": "standard"})", [](const Model& m) { return m.title == "standard"; }},
      {R"({"version": "2026-01"})", [](const Model& m) { return m.title.empty(); }},
      {R"({"signals": {}})", [](const Model& m) { return m.signals.empty(); }},
  };
  for (const auto& each : cases) EXPECT_TRUE(each.holds(*model_of(each.text))) << each.text;
}

TEST(Model, ReadsEverySignalOption) {
  const struct {
    const char* name;
    const char* options;
    std::function<bool(const Signal&)> holds;
  } cases[] = {
      {"a", "0", [](const Signal& s) { return s.weight == 0; }},
      {"a", "-0.000001", [](const Signal& s) { return s.weight == -1; }},
      {"a", "1000000000", [](const Signal& s) { return s.weight == 1'000'000'000 * kMicro; }},
      {"a", "-1000000000", [](const Signal& s) { return s.weight == -1'000'000'000 * kMicro; }},
      {"a", R"({"weight": 2})", [](const Signal& s) { return s.weight == 2 * kMicro; }},
      {"a", R"({"weight": 1, "measure": "count"})",
       [](const Signal& s) { return s.measure == Measure::count && s.unit == Unit::raw; }},
      {"a", R"({"weight": 1, "measure": "days"})",
       [](const Signal& s) { return s.measure == Measure::days && s.unit == Unit::raw; }},
      {"a", R"({"weight": 1, "measure": "sum"})",
       [](const Signal& s) { return s.measure == Measure::sum && s.unit == Unit::raw; }},
      {"a", R"({"weight": 1, "measure": "last"})",
       [](const Signal& s) { return s.measure == Measure::last && s.unit == Unit::score; }},
      {"a*", R"({"weight": 1, "measure": "distinct"})",
       [](const Signal& s) { return s.measure == Measure::distinct && s.unit == Unit::score; }},
      {"*", R"({"weight": 1, "measure": "distinct"})", [](const Signal& s) { return s.name == "*"; }},
      {"a", R"({"weight": 1, "unit": "score"})", [](const Signal& s) { return s.unit == Unit::score; }},
      {"a", R"({"weight": 1, "measure": "last", "unit": "raw"})", [](const Signal& s) { return s.unit == Unit::raw; }},
      {"a*", R"({"unit": "raw", "weight": 1, "measure": "distinct"})",
       [](const Signal& s) { return s.unit == Unit::raw; }},
      {"a", R"({"weight": 1, "measure": "last", "neutral": 7.5})", [](const Signal& s) { return s.neutral == 7.5; }},
      {"a*", R"({"weight": 1, "measure": "distinct", "neutral": -1})", [](const Signal& s) { return s.neutral == -1; }},
      {"a", R"({"weight": 1, "window_days": 7})", [](const Signal& s) { return s.window_days == 7; }},
      {"a", R"({"weight": 1, "measure": "last", "window_days": null})",
       [](const Signal& s) { return s.window_days == kNeverExpires; }},
      {"a", R"({"weight": 1, "measure": "last"})", [](const Signal& s) { return s.window_days == 90; }},
      {"a", R"({"weight": 1, "daily_cap": 20})", [](const Signal& s) { return s.daily_cap == 20; }},
      {"a", R"({"weight": 1, "daily_cap": 2147483647})", [](const Signal& s) { return s.daily_cap == kMaxCount; }},
      {"a", R"({"weight": 1, "max_points": 0})", [](const Signal& s) { return s.max_points == 0; }},
      {"a", R"({"weight": 1, "max_points": 50.5})", [](const Signal& s) { return s.max_points == 50.5; }},
      {"a", R"({"weight": 1, "inactive_days": 30})", [](const Signal& s) { return s.inactive_days == 30; }},
      {"a*", R"({"weight": 1, "measure": "distinct", "days": 14})",
       [](const Signal& s) { return s.window_days == 14; }},
      {"a*", R"({"weight": 1, "measure": "distinct", "window_days": 14})",
       [](const Signal& s) { return s.window_days == 14; }},
      {"a*", R"({"weight": 1, "measure": "distinct", "min_days": 3})", [](const Signal& s) { return s.min_days == 3; }},
      {"a*", R"({"weight": 1, "measure": "distinct", "of": "size"})", [](const Signal& s) { return s.of_size; }},
      {"a", R"({"weight": 1, "measure": "mean", "window_days": null, "unit": "raw"})",
       [](const Signal& s) { return s.measure == Measure::mean && s.unit == Unit::raw; }},
      {"a", R"({"weight": -1, "measure": "recency", "out_of": 1})",
       [](const Signal& s) { return s.measure == Measure::recency && s.unit == Unit::score && s.out_of == 1; }},
      {"a", R"({"weight": 1, "measure": "trend"})",
       [](const Signal& s) { return s.window_days == 28 && s.reach() == 56 && s.unit == Unit::score; }},
      {"a", R"({"weight": 1, "measure": "trend", "window_days": 7})", [](const Signal& s) { return s.reach() == 14; }},
      {"a", R"({"weight": 1, "scale": [[7, 0], [30.5, 1]]})",
       [](const Signal& s) { return s.unit == Unit::score && !s.scale.steps && s.scale.points[1].x == 30.5; }},
      {"a", R"({"weight": 1, "measure": "days", "unit": "score", "steps": [[-1e12, 1e12]], "window_days": null})",
       [](const Signal& s) { return s.scale.steps && s.scale.points[0].y == 1e12 && s.by_value() && !s.gauge(); }},
      {"a*", R"({"weight": 1, "measure": "distinct", "steps": [[0, 0], [3, 1]]})",
       [](const Signal& s) { return s.scale.points.size() == 2; }},
      {"a", R"({"weight": 1, "opportunity": true})", [](const Signal& s) { return s.opportunity; }},
      {"a", R"({"weight": 1, "expected_within_days": 30})",
       [](const Signal& s) { return s.expected_within_days == 30; }},
      {"a", R"({"weight": 1, "aliases": []})", [](const Signal& s) { return s.aliases.empty(); }},
      {"a", R"({"weight": 1, "aliases": ["b", "c"]})",
       [](const Signal& s) { return s.aliases.size() == 2 && s.aliases[1] == "c"; }},
      {"a", R"({"weight": 1, "dimension": "outcomes"})", [](const Signal& s) { return s.dimension == "outcomes"; }},
      {"a", R"({"weight": 1, "label": "Admin"})",
       [](const Signal& s) { return s.label.in(Language::en) == "Admin" && s.label.in(Language::fr) == "Admin"; }},
      {"a", R"({"weight": 1, "label": {"en": "Form", "fr": "Formulaire"}})",
       [](const Signal& s) { return s.label.in(Language::en) == "Form" && s.label.in(Language::fr) == "Formulaire"; }},
      {"a", R"({"weight": 1, "next_step": {"en": "Call"}})",
       [](const Signal& s) { return s.next_step.plain(Language::en) == "Call"; }},
      {"a", R"({"weight": 1, "text": {"fr": "Rien"}})",
       [](const Signal& s) { return s.text.plain(Language::fr) == "Rien"; }},
  };
  for (const auto& each : cases)
    EXPECT_TRUE(each.holds(only_signal(*model_of(with_signal(each.name, each.options))))) << each.options;
}

// Usage is the account being there, unless the model says otherwise: no reading, no penalty.
TEST(Model, UsageIsWhatGrowsByComing) {
  const auto usage = [](const char* name, const std::string& options) {
    return only_signal(*model_of(with_signal(name, "{" + options + "}"))).usage;
  };
  for (const char* measure : {"count", "days", "sum", "distinct", "recency"}) {
    const char* name = std::string_view(measure) == "distinct" ? "a*" : "a";
    const std::string option = std::string(R"("measure": ")") + measure + R"(", "weight": )";
    EXPECT_TRUE(usage(name, option + "0.5")) << measure;
    EXPECT_FALSE(usage(name, option + "-0.5")) << measure;
    EXPECT_FALSE(usage(name, option + "0")) << measure;
    EXPECT_FALSE(usage(name, option + R"(1, "usage": false)")) << measure;
    EXPECT_TRUE(usage(name, option + R"(0, "usage": true)")) << measure;
  }
  EXPECT_FALSE(usage("a", R"("weight": 1, "measure": "last")"));
  EXPECT_FALSE(usage("a", R"("weight": 1, "measure": "last", "unit": "raw")"));
  EXPECT_TRUE(usage("a", R"("weight": 1, "measure": "last", "usage": true)"));
  EXPECT_TRUE(model_of(R"({"signals": {"a": -1, "b": 1}})")->has_usage());
  EXPECT_FALSE(model_of(R"({"signals": {"a": -1, "b": 0}})")->has_usage());
}

TEST(Model, KnowsWhetherItNeedsAPopulation) {
  const auto has_raw = [](const char* signals) {
    return model_of(std::string("{\"signals\": {") + signals + "}}")->has_raw();
  };
  EXPECT_TRUE(has_raw(R"("a": 1, "b": {"weight": 1, "unit": "score"})"));
  EXPECT_FALSE(has_raw(R"("a": 0, "b": {"weight": 1, "unit": "score"})"));
  EXPECT_FALSE(has_raw(R"("nps": {"weight": 1, "measure": "last"})"));
}

TEST(Model, ATextInOneLanguageServesTheOther) {
  const auto model = model_of(with_signal("a", R"({"weight": 1, "label": {"en": "Form"}, "text": {"fr": "Rien"}})"));
  EXPECT_EQ(only_signal(*model).label.in(Language::fr), "Form");
  EXPECT_EQ(only_signal(*model).text.plain(Language::en), "Rien");
}

TEST(Model, TextsAndNextStepsArePlainOrByKind) {
  const auto plain = model_of(with_signal("a", R"({"weight": 1, "text": {"fr": "Rien"}, "next_step": "Call"})"));
  EXPECT_EQ(only_signal(*plain).next_step.plain(Language::fr), "Call");
  EXPECT_EQ(only_signal(*plain).next_step.of(Kind::inactive, Language::fr), "");
  const auto by_kind = model_of(with_signal("a", R"({"weight": 1, "text": {"inactive": {"en": "Gone", "fr": "Parti"},
    "new": {"fr": "Nouveau"}, "high": "{count}", "low": ""}, "next_step": {"no_data": "Ask the engineers"}})"));
  const TextsByKind& text = only_signal(*by_kind).text;
  for (const Language language : {Language::en, Language::fr}) EXPECT_EQ(text.plain(language), "");
  EXPECT_EQ(text.of(Kind::inactive, Language::en), "Gone");
  EXPECT_EQ(text.of(Kind::inactive, Language::fr), "Parti");
  EXPECT_EQ(text.of(Kind::fresh, Language::en), "Nouveau");
  EXPECT_EQ(text.of(Kind::high, Language::fr), "{count}");
  for (const Kind kind : {Kind::low, Kind::down, Kind::silent}) EXPECT_EQ(text.of(kind, Language::en), "");
  EXPECT_EQ(only_signal(*by_kind).next_step.of(Kind::no_data, Language::fr), "Ask the engineers");
  std::string all;
  for (const std::string_view kind : kSignalKinds)
    all.append(all.empty() ? "" : ", ").append("\"").append(kind).append("\": \"").append(kind).append("\"");
  const auto every = model_of(with_signal("a", "{\"weight\": 1, \"text\": {" + all + "}}"));
  for (const std::string_view kind : kSignalKinds)
    EXPECT_EQ(only_signal(*every).text.of(*signal_kind_of_name(kind), Language::en), kind);
  EXPECT_EQ(only_signal(*model_of(with_signal("a", R"({"weight": 1, "text": {}})"))).text.plain(Language::en), "");
}

TEST(Model, HasNextStepsForTheAccount) {
  const auto steps = [](const std::string& document) {
    std::string all;
    const auto model = model_of(document);
    for (const Kind kind :
         {Kind::silent, Kind::never_active, Kind::fresh, Kind::usage_down, Kind::usage_low, Kind::usage_up})
      (all += model->next_step(kind)) += "; ";
    return all;
  };
  const std::string usual =
      "Find out why nobody comes any more; Set up a first session; Follow the onboarding plan; Ask what changed; "
      "Show what they do not use yet; Ask what worked and who else needs it; ";
  for (const char* document :
       {"{}", R"({"next_steps": null})", R"({"next_steps": {}})", R"({"next_steps": {"silent": null}})"})
    EXPECT_EQ(steps(document), usual);
  EXPECT_EQ(steps(R"({"language": "fr"})"),
            "Comprendre pourquoi plus personne ne vient; Organiser une première session; Suivre le plan d’intégration; "
            "Demander ce qui a changé; Montrer ce qu’ils n’utilisent pas encore; Demander ce qui a marché et à qui "
            "d’autre cela servirait; ");
  const std::string own =
      R"("next_steps": {"silent": "a", "never_active": {"en": "b", "fr": "B"}, "new": {"fr": "C"}, "usage_down": "", "usage_low": "d", "usage_up": "e"})";
  EXPECT_EQ(steps("{" + own + "}"), "a; b; C; ; d; e; ");
  EXPECT_EQ(steps("{\"language\": \"fr\", " + own + "}"), "a; B; C; ; d; e; ");
  for (const Kind kind : {Kind::none, Kind::inactive, Kind::below_peers, Kind::other})
    EXPECT_EQ(model_of("{}")->next_step(kind), "");
}

TEST(Model, WindowOfTheModelServesSignalsWithoutOne) {
  const auto model = model_of(R"({"signals": {"a": 1, "b": {"weight": 1, "window_days": 200}}, "window_days": 30})");
  EXPECT_EQ(model->signals[0].window_days, 30);
  EXPECT_EQ(model->signals[1].window_days, 200);
  EXPECT_EQ(model->longest_window(), 200);
  EXPECT_EQ(model_of("{\"window_days\": 30}")->longest_window(), 30);
}

TEST(Model, SignalsAreInOrderOfTheirNames) {
  const auto model = model_of(R"({"signals": {"é": 1, "b": 2, "ab": 3, "a": 4, "z": 5}})");
  std::string names;
  for (const Signal& signal : model->signals) names += std::string(signal.name) + " ";
  EXPECT_EQ(names, "a ab b z é ");
}

// ---------------------------------------------------------------- rejections

TEST(Model, RejectsWhatIsNoModel) {
  expect_invalid("[]", "a health_model must be an object, not an array");
  expect_invalid("null", "a health_model must be an object, not null");
  expect_invalid("3", "a health_model must be an object, not a number");
  expect_invalid(R"({"signals": []})", "invalid signals: an array");
  expect_invalid(R"({"signals": null})", "invalid signals: null");
  expect_invalid(R"({"signals": 3})", "invalid signals: 3");
}

TEST(Model, RejectsUnknownKeysWithTheirPath) {
  expect_invalid(R"({"windows_days": 3})", "unknown key in health_model: windows_days");
  expect_invalid(R"({"": 3})", "unknown key in health_model: ");
  expect_invalid(with_signal("login", R"({"weight": 1, "wieght": 2})"),
                 "unknown key in health_model: signals.login.wieght");
  expect_invalid(with_signal("login", R"({"weight": 1, "label": {"de": "x"}})"),
                 "unknown key in health_model: signals.login.label.de");
}

std::string hint_of(const std::string& text) {
  return failure_of([&] { model_of(text); }).hint;
}

TEST(Model, HintsSayWhatWasMeantBeforeTheyListWhatIsKnown) {
  const struct {
    std::string text;
    const char* hint;
  } cases[] = {
      {R"({"half_life": 30})", "Did you mean half_life_days? Known keys: window_days, "},
      {R"({"signal": {"login": 1}})", "Did you mean signals? Known keys: "},
      {R"({"login": 1})", R"(Weights belong under "signals": {"signals": {"login": 1, "export": 5}}. Known keys: )"},
      {R"({"weights": {"login": 1}})", R"(Weights belong under "signals": )"},
      {R"({"team": "emea"})", "Known keys: window_days, "},
      {R"({"measure": "days"})",
       R"(measure is an option of a signal: {"signals": {"login": {"weight": 1, "measure": ...}}}. Known keys: )"},
      {with_signal("login", R"({"wieght": 2})"), "Did you mean weight? Known keys of a signal: weight, "},
      {with_signal("login", R"({"weight": 1, "percentile": 0.8})"),
       R"(percentile is an option of the model: it stands beside "signals". Known keys of a signal: )"},
      {with_signal("adoption", R"({"login": 1, "export": 5})"),
       "Signals are not nested; a group is a dimension: "
       R"({"login": {"weight": 1, "dimension": "adoption"}}. Known keys of a signal: )"},
      {with_signal("adoption", R"({"login": {"weight": 1}})"), "Signals are not nested; "},
      {with_signal("login", R"({"weight": 1, "boost": 3})"), "Known keys of a signal: weight, "},
  };
  for (const auto& each : cases) EXPECT_EQ(hint_of(each.text).substr(0, std::strlen(each.hint)), each.hint);
  // The lists are whole behind the longest beginning.
  const std::string long_name(255, 'n');
  EXPECT_TRUE(hint_of("{\"" + long_name + "\": 1}").ends_with(" next_steps, signals."));
  EXPECT_TRUE(
      hint_of(with_signal(long_name, "{\"" + long_name + "\": 1}")).ends_with(" opportunity, expected_within_days."));
}

TEST(Model, HintsTellNumbersInQuotes) {
  const std::string quotes = "Write the number without quotes. ";
  for (const std::string& text : {std::string(R"({"window_days": "30"})"), with_signal("login", "\"1\""),
                                  with_signal("login", R"({"weight": "-2.5"})")})
    EXPECT_EQ(hint_of(text).substr(0, quotes.size()), quotes) << text;
  EXPECT_EQ(hint_of(R"({"window_days": "many"})"), "Use a whole number of days, from 1 to 36500.");
  EXPECT_EQ(hint_of(R"({"percentile": 90})"), "Use a number between 0 and 1; the 90th percentile is 0.9.");
}

TEST(Model, RejectsUnknownPlaceholders) {
  const auto with_text = [](const std::string& text) {
    return with_signal("seats", "{\"weight\": 1, \"text\": " + text + "}");
  };
  for (const std::string_view name : kPlaceholders) model_of(with_text("\"{" + std::string(name) + "}\""));
  for (const char* braces :
       {"{", "}", "{}", "{ }", "{label", "label}", "{2}", "{a b}", "{{label}}", "{ label }", "{é}"})
    model_of(with_text("\"" + std::string(braces) + "\""));
  expect_invalid(with_text("\"{sise} seats\""), "unknown placeholder in signals.seats.text: {sise}");
  expect_invalid(with_text(R"({"en": "{size}", "fr": "{taille}"})"),
                 "unknown placeholder in signals.seats.text: {taille}");
  expect_invalid(with_text("\"{{{x}\""), "unknown placeholder in signals.seats.text: {x}");
  expect_invalid(with_text("\"{Size}\""), "unknown placeholder in signals.seats.text: {Size}");
  EXPECT_EQ(hint_of(with_text("\"{sise}\"")),
            "Did you mean size? Known placeholders: label, value, recent, prior, pct, days, missing, size, count, ago, "
            "window, trend, peers, out_of, tenure, member, left.");
}

TEST(Model, RejectsPluralsThatAreNone) {
  const auto with_text = [](const std::string& text) {
    return with_signal("seats", R"({"weight": 1, "text": ")" + text + "\"}");
  };
  for (const char* text :
       {"{missing} {missing|user has|users have} left", "{size||s}{size|a b, 1 %|é}", "{|a|b}", "{2|a}"})
    model_of(with_text(text));
  for (const char* text : {"{size|seat}", "{size|a|b|c}", "{size|a|{count}}", "{size|a|b", "{size|"})
    expect_invalid(with_text(text), "invalid plural form in signals.seats.text: {size|...");
  EXPECT_EQ(hint_of(with_text("{size|seat}")),
            "Write the form for one and the form for many, without braces in them: {size|user has|users have}.");
  expect_invalid(with_text("{sise|a|b}"), "unknown placeholder in signals.seats.text: {sise}");
  expect_invalid(with_text("{size|a|b}{x|"), "unknown placeholder in signals.seats.text: {x}");
}

TEST(Model, TheMaximumGoesWithTheLinearCurve) {
  EXPECT_EQ(model_of(R"({"percentile": 1, "curve": "linear"})")->percentile, 1);
  for (const char* text : {R"({"percentile": 1})", R"({"percentile": 1.0, "curve": "open"})"}) {
    expect_invalid(text, std::string("invalid percentile: ") + (std::strstr(text, "1.0") != nullptr ? "1.0" : "1"));
    EXPECT_EQ(hint_of(text), "1, the maximum, goes with \"curve\": \"linear\" only.");
  }
}

TEST(Model, RejectsTextsOfNoKind) {
  const auto with_text = [](const char* text) {
    return with_signal("a", std::string(R"({"weight": 1, "text": )") + text + "}");
  };
  const struct {
    const char *text, *key, *hint;
  } cases[] = {
      {R"({"inactif": "Parti"})", "inactif", "Did you mean inactive? Texts are given in en and fr, or by kind: risk, "},
      {R"({"silent": "Gone"})", "silent",
       "silent is of the account: what to do then stands in next_steps of the model. "},
      {R"({"en": "Gone", "inactive": "Gone"})", "inactive", "Texts are given in en and fr, or by kind, not both; "},
      {R"({"inactive": "Gone", "fr": "Parti"})", "inactive", "Texts are given in en and fr, or by kind, not both; "},
      {R"({"de": "Weg"})", "de", "Texts are given in en and fr, or by kind: risk, "},
      {R"({"inactive": {"down": "Gone"}})", "inactive.down", "Texts are given in en and fr."},
  };
  for (const auto& each : cases) {
    const Failure failure = failure_of([&] { model_of(with_text(each.text)); });
    EXPECT_STREQ(failure.sqlstate, "22023");
    EXPECT_EQ(failure.message, std::string("unknown key in health_model: signals.a.text.") + each.key);
    EXPECT_TRUE(std::string_view(failure.hint).starts_with(each.hint)) << failure.hint;
  }
  EXPECT_TRUE(hint_of(with_text(R"({"x": "y"})")).ends_with(" member_silent, no_data."));
  expect_invalid(with_text(R"({"inactive": null})"), "invalid signals.a.text.inactive: null");
  expect_invalid(with_text(R"({"inactive": {"en": 3}})"), "invalid signals.a.text.inactive.en: 3");
  expect_invalid(with_text(R"({"inactive": "{sise}"})"), "unknown placeholder in signals.a.text.inactive: {sise}");
  const std::string longest(4000, 't');
  model_of(with_text((R"({"inactive": ")" + longest + "\"}").c_str()));
  expect_invalid(with_text((R"({"inactive": "t)" + longest + "\"}").c_str()),
                 "invalid signals.a.text.inactive: \"" + std::string(80, 't') + "\"");
}

TEST(Model, RejectsBadNextSteps) {
  expect_invalid(R"({"next_steps": "Call"})", "invalid next_steps: \"Call\"");
  expect_invalid(R"({"next_steps": {"silent": 3}})", "invalid next_steps.silent: 3");
  expect_invalid(R"({"next_steps": {"silent": {"de": "x"}}})", "unknown key in health_model: next_steps.silent.de");
  expect_invalid(R"({"next_steps": {"en": "Call"}})", "unknown key in health_model: next_steps.en");
  expect_invalid(R"({"next_steps": {"silent": ")" + std::string(4001, 't') + "\"}}",
                 "invalid next_steps.silent: \"" + std::string(80, 't') + "\"");
  const std::string known = "Known states of an account: silent, never_active, new, usage_down, usage_low, usage_up.";
  EXPECT_EQ(hint_of(R"({"next_steps": {"silence": "x"}})"), "Did you mean silent? " + known);
  EXPECT_EQ(hint_of(R"({"next_steps": {"inactive": "x"}})"),
            "What to do about a signal stands in its own next_step. " + known);
}

TEST(Model, RejectsBadOptions) {
  const auto each = [](const std::string& key, const std::vector<std::string>& values) {
    for (const std::string& value : values) {
      const std::string shown = value[0] == '[' ? "an array" : value[0] == '{' ? "an object" : value;
      expect_invalid("{\"" + key + "\": " + value + "}", "invalid " + key + ": " + shown);
    }
  };
  const std::vector<std::string> no_number = {"null", "true", "\"3\"", "[3]", "{}"};
  for (const char* key :
       {"window_days", "half_life_days", "linear_days", "percentile", "min_population", "size_exponent", "red_below",
        "green_from", "trend_days", "trend_points", "drop_points", "drop_days", "cooldown_days", "stable_readings",
        "stable_margin", "max_drivers", "silent_days", "risk_points"})
    each(key, no_number);
  for (const char* key : {"window_days", "trend_days", "drop_days", "silent_days"})
    each(key, {"0", "-3", "1.5", "36501", "1e5"});
  for (const char* key : {"half_life_days", "linear_days"}) each(key, {"0", "-3", "1000000000001"});
  each("percentile", {"0", "1", "-0.1", "1.1", "90"});
  for (const char* key : {"curve", "population", "language"})
    each(key, {"null", "3", "true", "\"\"", "\"Linear\"", "[\"open\"]"});
  each("weekend", {"null", "6", "\"6, 7\"", "{}", "[1, 2, 3, 4, 5, 6, 7]"});
  for (const char* day : {"0", "8", "6.5", "\"6\"", "null"})
    expect_invalid("{\"weekend\": [7, " + std::string(day) + "]}", "invalid weekend: " + std::string(day));
  for (const char* key : {"name", "version"}) each(key, {"null", "3", "\"\"", "{}"});
  each("baseline", {"0", "-1", "true", "\"208\"", "[]"});
  each("min_population", {"-1", "1.5", "1000000001"});
  each("size_exponent", {"-0.1", "10.1"});
  for (const char* key : {"red_below", "green_from", "trend_points", "drop_points", "stable_margin", "risk_points"})
    each(key, {"-0.1", "100.1"});
  each("cooldown_days", {"-1", "0.5", "36501"});
  each("stable_readings", {"0", "1.5", "1001"});
  each("max_drivers", {"0", "1.5", "10001"});
}

TEST(Model, RejectsBadBands) {
  for (const char* value : {"null", "3", "\"red\"", "true", "{}"})
    expect_invalid(std::string(R"({"bands": )") + value + "}",
                   std::string("invalid bands: ") + (value[0] == '{' ? "an object" : value));
  const auto numbered = [](int count) {
    std::string bands;
    for (int i = 0; i < count; ++i)
      bands += (i == 0 ? "[\"" : ", [\"") + std::to_string(i) + "\", " + std::to_string(i) + ']';
    return "{\"bands\": [" + bands + "]}";
  };
  for (const int count : {2, 20}) EXPECT_EQ(model_of(numbered(count))->bands.size(), static_cast<std::size_t>(count));
  for (const int count : {0, 1, 21})
    expect_invalid(numbered(count), "a health_model has 2 to 20 bands, not " + std::to_string(count));
  const struct {
    const char* band;  // after ["bad", 0]
    const char* message;
  } cases[] = {
      {"\"good\"", "invalid bands: \"good\""},
      {"80", "invalid bands: 80"},
      {"{\"good\": 80}", "invalid bands: an object"},
      {"null", "invalid bands: null"},
      {"[]", "invalid bands: an array"},
      {"[\"good\"]", "invalid bands: an array"},
      {"[\"good\", 80, 90]", "invalid bands: an array"},
      {"[80, \"good\"]", "invalid bands: 80"},
      {"[null, 80]", "invalid bands: null"},
      {"[[\"good\"], 80]", "invalid bands: an array"},
      {"[\"\", 80]", "invalid bands: \"\""},
      {"[{}, 80]", "invalid bands: an object"},
      {"[{\"en\": \"\"}, 80]", "invalid bands: an object"},
      {"[{\"en\": \"good\", \"fr\": null}, 80]", "invalid bands.fr: null"},
      {"[{\"de\": \"gut\"}, 80]", "unknown key in health_model: bands.de"},
      {"[\"good\", \"80\"]", "invalid bands.good: \"80\""},
      {"[\"good\", \"NaN\"]", "invalid bands.good: \"NaN\""},
      {"[\"good\", null]", "invalid bands.good: null"},
      {"[\"good\", -1]", "invalid bands.good: -1"},
      {"[\"good\", 100.1]", "invalid bands.good: 100.1"},
      {"[\"good\", 0]", "invalid bands.good: 0"},
      {"[\"bad\", 80]", "two bands of health_model are named \"bad\""},
      {"[{\"en\": \"good\", \"fr\": \"bad\"}, 80]", "two bands of health_model are named \"bad\""},
      {"[\"fair\", 60], [\"good\", 60]", "invalid bands.good: 60"},
      {"[\"fair\", 60], [\"good\", 59.9]", "invalid bands.good: 59.9"},
  };
  for (const auto& each : cases)
    expect_invalid(std::string(R"({"bands": [["bad", 0], )") + each.band + "]}", each.message);
  expect_invalid(R"({"bands": [["bad", 10], ["good", 60]]})", "invalid bands.bad: 10");
  const auto named = [](const std::string& name) { return R"({"bands": [["bad", 0], [")" + name + R"(", 60]]})"; };
  EXPECT_EQ(model_of(named(std::string(255, 'x')))->bands[1].names[0].size(), 255);
  expect_invalid(named(std::string(256, 'x')), "invalid bands: \"" + std::string(80, 'x') + "\"");
}

TEST(Model, RejectsBadSignalOptions) {
  const auto each = [](const std::string& key, const std::vector<std::string>& values) {
    for (const std::string& value : values) {
      const std::string shown = value[0] == '[' ? "an array" : value[0] == '{' ? "an object" : value;
      const std::string weight = key == "weight" ? "" : "\"weight\": 1, ";
      expect_invalid(with_signal("login", "{" + weight + "\"" + key + "\": " + value + "}"),
                     "invalid signals.login." + key + ": " + shown);
    }
  };
  const std::vector<std::string> no_number = {"null", "true", "\"3\"", "[3]", "{}"};
  for (const char* key :
       {"weight", "neutral", "daily_cap", "max_points", "inactive_days", "days", "min_days", "expected_within_days"})
    each(key, no_number);
  for (const char* key : {"usage", "opportunity"}) each(key, {"null", "1", "\"true\"", "[]", "{}"});
  each("window_days", {"true", "\"3\"", "[3]", "{}"});
  each("weight", {"0.0000001", "1000000000.000001", "-1000000001", "99999999999999999999"});
  each("measure", {"null", "3", "\"\"", "\"Count\"", "\"total\"", "[]"});
  each("unit", {"null", "3", "\"points\"", "{}"});
  each("neutral", {"1000000000001", "-1000000000001"});
  for (const char* key : {"window_days", "inactive_days", "days", "min_days", "expected_within_days"})
    each(key, {"0", "-1", "1.5", "36501"});
  each("daily_cap", {"0", "-1", "1.5", "2147483648"});
  each("max_points", {"-1", "1000000000001"});
  each("of", {"null", "true", "\"users\"", "3"});
  each("aliases", {"null", "\"old\"", "3", "{}"});
  each("out_of", {"null", "0", "-1", "\"5\"", "1000000000001", "[]"});
  each("values", {"null", "1", "\"true\""});
  std::string many = "[0, 0]";
  for (int i = 1; i <= 100; ++i) many += ", [" + std::to_string(i) + ", 0]";
  for (const char* key : {"scale", "steps"}) {
    each(key, {"null", "7", "true", "\"7\"", "{}", "[]", "[[7]]", "[[]]", "[[7, 0, 1]]", "[" + many + "]"});
    const auto point = [&](const char* points, const char* shown) {
      expect_invalid(with_signal("a", R"({"weight": 1, ")" + std::string(key) + "\": " + points + "}"),
                     "invalid signals.a." + std::string(key) + ": " + shown);
    };
    point("[7]", "7");
    point("[{}]", "an object");
    point("[[7, 0], [7, 1]]", "7");
    point("[[7, 0], [6.5, 1]]", "6.5");
    point("[[\"x\", 0]]", "\"x\"");
    point("[[0, null]]", "null");
    point("[[0, 1000000000001]]", "1000000000001");
    point("[[-1000000000001, 0]]", "-1000000000001");
  }
  each("label", {"null", "3", "true", "[]"});
  each("next_step", {"null", "3", "[]"});
  each("text", {"null", "3", "[]"});
  each("dimension", {"null", "3", "\"\"", "{}"});
  expect_invalid(with_signal("login", R"({"weight": 1, "label": {"en": 3}})"), "invalid signals.login.label.en: 3");
  expect_invalid(with_signal("login", R"({"weight": 1, "aliases": ["ok", 3]})"), "invalid signals.login.aliases: 3");
  expect_invalid(with_signal("login", R"({"weight": 1, "aliases": [""]})"), "invalid signals.login.aliases: \"\"");
  for (const char* value : {"null", "true", "\"1\"", "[1]"})
    expect_invalid(with_signal("login", value),
                   std::string("invalid signals.login: ") + (value[0] == '[' ? "an array" : value));
  expect_invalid(with_signal("login", "0.0000001"), "invalid signals.login: 0.0000001");
  expect_invalid(with_signal("login", R"({"weight": 1, "aliases": ["user:*"]})"),
                 "invalid signals.login.aliases: \"user:*\"");
}

TEST(Model, RejectsOptionsThatDoNotGoTogether) {
  expect_invalid(R"({"half_life_days": 30, "linear_days": 30})", "half_life_days and linear_days are both given");
  expect_invalid(R"({"red_below": 80.5})", "red_below 80.5 is above green_from 80");
  expect_invalid(R"({"bands": [["a", 0], ["b", 50]], "red_below": 50})", "bands and red_below are both given");
  expect_invalid(R"({"green_from": 80, "bands": [["a", 0], ["b", 50]]})", "bands and green_from are both given");
  const struct {
    const char* name;
    const char* options;
    const char* message;
  } cases[] = {
      {"a", R"({"weight": 1, "measure": "distinct"})", "signals.a.measure is distinct, but the key does not end in *"},
      {"a*", R"({"weight": 1})", "signals.a*.measure must be distinct for a key that ends in *"},
      {"a*", "1", "signals.a*.measure must be distinct for a key that ends in *"},
      {"a", "{}", "signals.a.weight is missing"},
      {"a", R"({"measure": "days"})", "signals.a.weight is missing"},
      {"a", R"({"weight": 1, "days": 3})", "signals.a.days is for measure distinct only"},
      {"a", R"({"weight": 1, "min_days": 3})", "signals.a.min_days is for measure distinct only"},
      {"a", R"({"weight": 1, "of": "size"})", "signals.a.of is for measures distinct and ratio only"},
      {"a", R"({"weight": 1, "measure": "ratio"})", "signals.a.of is missing"},
      {"a", R"({"weight": 1, "measure": "ratio", "of": 3})", "invalid signals.a.of: 3"},
      {"a", R"({"weight": 1, "measure": "ratio", "of": "a"})",
       "signals.a.of names no other signal of the model: \"a\""},
      {"a", R"({"weight": 1, "measure": "ratio", "of": "b"})",
       "signals.a.of names no other signal of the model: \"b\""},
      {"a", R"({"weight": 1, "measure": "sum", "values": true})", "signals.a.values is for measure ratio only"},
      {"a", R"({"weight": 1, "out_of": 5})", "signals.a.out_of is for gauges only"},
      {"a", R"({"weight": 1, "scale": [[0, 1]], "out_of": 5})", "signals.a.out_of is for gauges only"},
      {"a", R"({"weight": 1, "scale": [[0, 1]], "steps": [[0, 1]]})", "signals.a.scale and steps are both given"},
      {"a", R"({"weight": 1, "measure": "last", "neutral": 0, "steps": [[0, 1]]})",
       "signals.a.steps and neutral are both given"},
      {"a", R"({"weight": 1, "unit": "raw", "steps": [[0, 1]]})", "signals.a.steps does not go with unit raw"},
      {"a", R"({"weight": 1, "half_life_days": null, "scale": [[0, 1]]})",
       "signals.a.scale does not go with a decay of its own"},
      {"a", R"({"weight": 1, "measure": "mean", "half_life_days": 3})",
       "signals.a.half_life_days does not go with a gauge"},
      {"a*", R"({"weight": 1, "measure": "distinct", "days": 3, "window_days": 3})",
       "signals.a*.days and window_days are both given"},
      {"a", R"({"weight": 1, "neutral": 0})", "signals.a.neutral is for gauges only"},
      {"a", R"({"weight": 1, "measure": "sum", "neutral": 1})", "signals.a.neutral is for gauges only"},
      {"a", R"({"weight": 1, "measure": "days", "daily_cap": 3})", "signals.a.daily_cap is for measure count only"},
      {"a", R"({"weight": 1, "measure": "last", "daily_cap": 3})", "signals.a.daily_cap is for measure count only"},
      {"a*", R"({"weight": 1, "measure": "distinct", "aliases": ["b"]})",
       "signals.a*.aliases do not go with measure distinct"},
      {"a*", R"({"weight": 1, "measure": "distinct", "window_days": null})",
       "signals.a*.window_days may not be null for measures distinct, recency, ratio and trend"},
      {"a", R"({"weight": 1, "measure": "trend", "window_days": null})",
       "signals.a.window_days may not be null for measures distinct, recency, ratio and trend"},
      {"a", R"({"weight": 1, "measure": "last", "half_life_days": 3})",
       "signals.a.half_life_days does not go with a gauge"},
      {"a*", R"({"weight": 1, "measure": "distinct", "linear_days": null})",
       "signals.a*.linear_days does not go with a gauge"},
      {"a", R"({"weight": 1, "half_life_days": 3, "linear_days": 3})",
       "signals.a.half_life_days and linear_days are both given"},
  };
  for (const auto& each : cases) expect_invalid(with_signal(each.name, each.options), each.message);
}

// Of a scorecard, of bounds and of what sets the score: what is refused, and what the hint proposes.
TEST(Model, RejectsScorecardsThatMeanNothing) {
  const struct {
    const char* text;
    const char* message;
    const char* hint;
  } cases[] = {
      {R"({"combine": "max"})", "invalid combine: \"max\"", "Use sum, or mean for a scorecard."},
      {R"({"usage_weight": 0})", "invalid usage_weight: 0",
       "Use a positive number: the weight of the raw score in a mean."},
      {R"({"usage_weight": 40, "signals": {"a": 1}})", "usage_weight is for a scorecard only",
       "Add \"combine\": \"mean\"."},
      {R"({"combine": "mean", "signals": {"a": 1}})", "a scorecard with raw signals needs usage_weight",
       "Say what the raw score counts in the mean: \"usage_weight\": 40."},
      {R"({"combine": "mean", "usage_weight": 40, "signals": {"a": 0}})", "usage_weight needs a signal of unit raw",
       "Leave usage_weight out, or add signals of unit raw such as \"login\": 1."},
      {R"({"signals": {"a": {"weight": 1, "measure": "last", "unit": "share", "out_of": 5}}})",
       "unit share is for a scorecard only", "Add \"combine\": \"mean\"."},
      {R"({"combine": "mean", "signals": {"a": {"weight": 1, "unit": "share"}}})",
       "signals.a.unit share needs a gauge or a scale", "Add \"scale\": [[0, 0], [30, 1]], or leave unit out."},
      {R"({"combine": "mean", "signals": {"a": {"weight": 1, "measure": "last"}}})",
       "signals.a.out_of is missing: what is the best value?", "Add \"out_of\": 10, or \"scale\": [[0, 0], [30, 1]]."},
      {R"({"combine": "mean", "signals": {"a*": {"weight": 1, "measure": "distinct"}}})",
       "signals.a*.out_of is missing: what is the best value?", "Add \"out_of\": 10, or \"scale\": [[0, 0], [30, 1]]."},
      {R"({"combine": "mean", "signals": {"a": {"weight": -1, "measure": "last", "unit": "share", "out_of": 5}}})",
       "signals.a.weight of a measure of a scorecard must not be below 0", "Use unit score for what takes points."},
      {R"({"combine": "mean", "signals": {"a": {"weight": 1, "measure": "last", "neutral": 3, "out_of": 5}}})",
       "signals.a.neutral does not go with unit share", "Use a scale."},
      {R"({"combine": "mean", "signals": {"a": {"weight": 1, "measure": "last", "max_points": 3, "out_of": 5}}})",
       "signals.a.max_points does not go with unit share", "Leave it out."},
      {R"({"dimension_caps": 10})", "invalid dimension_caps: 10", "Use an object of points, such as {\"email\": 10}."},
      {R"({"dimension_caps": {"other": -1}, "signals": {"a": -1}})", "invalid dimension_caps.other: -1",
       "Use how many points a dimension gives or takes at most."},
      {R"({"dimension_caps": {"emial": 10}, "signals": {"a": {"weight": 1, "dimension": "email"}}})",
       "dimension_caps.emial is no dimension of the health_model",
       "Name a dimension that a signal has, or other for those without one."},
      {R"({"signals": {"a": {"measure": "last", "set_score": 1}}})", "invalid signals.a.set_score: 1", nullptr},
      {R"({"signals": {"a": {"measure": "mean", "set_score": true}}})", "signals.a.set_score is for measure last only",
       "Add \"measure\": \"last\"."},
      {R"({"signals": {"a": {"measure": "last", "set_score": true, "unit": "raw"}}})",
       "signals.a.unit must be score where set_score is true", "Leave it out."},
      {R"({"signals": {"a": {"measure": "last", "set_score": true}, "b": {"measure": "last", "set_score": true}}})",
       "two signals of the health_model have set_score", "One signal may set the score."},
  };
  for (const auto& each : cases) {
    const Failure failure = failure_of([&] { model_of(each.text); });
    EXPECT_STREQ(failure.sqlstate, "22023") << each.text;
    EXPECT_STREQ(failure.message, each.message) << each.text;
    if (each.hint != nullptr) {
      EXPECT_STREQ(failure.hint, each.hint) << each.text;
    }
  }
}

TEST(Model, KnowsTheMeasuresOfAScorecard) {
  const auto unit = [](const std::string& options) {
    return only_signal(*model_of("{\"combine\": \"mean\", " + with_signal("a", options).substr(1))).unit;
  };
  EXPECT_EQ(unit(R"({"weight": 1, "measure": "last", "out_of": 5})"), Unit::share);
  EXPECT_EQ(unit(R"({"weight": 1, "measure": "recency"})"), Unit::share);
  EXPECT_EQ(unit(R"({"weight": 1, "scale": [[0, 0], [9, 1]]})"), Unit::share);
  EXPECT_EQ(unit(R"({"weight": -1, "measure": "last"})"), Unit::score);
  EXPECT_EQ(unit(R"({"weight": 0, "measure": "last"})"), Unit::score);
  EXPECT_EQ(unit(R"({"weight": -1})"), Unit::score);
  EXPECT_EQ(unit(R"({"measure": "last", "set_score": true})"), Unit::score);
  const auto model = model_of(R"({"combine": "mean", "usage_weight": 40, "signals": {"login": 1,
    "nps": {"weight": 2.5, "measure": "last", "out_of": 10}, "ticket": -3,
    "u*": {"weight": 1, "measure": "distinct", "of": "size"}}, "dimension_caps": {"other": 10}})");
  EXPECT_EQ(model->measure_weight(), 43.5);
  EXPECT_EQ(model->dimension_caps().size(), 1u);
  EXPECT_EQ(model->override_signal(), Model::kUnknown);
  EXPECT_STREQ(failure_of([&] { model->require_sum(); }).message,
               "a scorecard (combine mean) has no score from raw scores alone");
  // Of two that set the score, one may have weight 0.
  const auto override = model_of(R"({"signals": {"a": {"measure": "last", "set_score": true},
                                                 "b": {"weight": 0, "measure": "last", "set_score": true}}})");
  EXPECT_EQ(override->override_signal(), 0);
}

TEST(Model, ARatioIsOfASignalOfTheModel) {
  const auto model = [](const std::string& of) {
    return model_of(R"({"signals": {"errors": {"weight": -1, "measure": "ratio", "of": ")" + of +
                    R"("}, "calls": {"weight": 0, "aliases": ["old_calls"]}, "a": 1, "u*": {"weight": 1,
                       "measure": "distinct"}}})");
  };
  for (const char* of : {"calls", "old_calls"}) EXPECT_EQ(model(of)->signals[2].of_signal, 1);
  const Failure failure = failure_of([&] { model("cals"); });
  EXPECT_STREQ(failure.message, "signals.errors.of names no other signal of the model: \"cals\"");
  EXPECT_STREQ(failure.hint,
               "Did you mean calls? Name one that the model has; give it weight 0 if it should count for nothing.");
  for (const char* of : {"u*", "", "errors"}) EXPECT_STREQ(failure_of([&] { model(of); }).sqlstate, "22023") << of;
}

TEST(Model, RejectsNamesThatStandForTwoSignals) {
  const char* message = "signal \"b\" is named twice in health_model";
  expect_invalid(R"({"signals": {"a": {"weight": 1, "aliases": ["b"]}, "b": 1}})", message);
  expect_invalid(R"({"signals": {"a": {"weight": 1, "aliases": ["b"]}, "c": {"weight": 1, "aliases": ["b"]}}})",
                 message);
  expect_invalid(R"({"signals": {"a": {"weight": 1, "aliases": ["b", "b"]}}})", message);
  expect_invalid(R"({"signals": {"b": {"weight": 1, "aliases": ["b"]}}})", message);
}

TEST(Model, RejectsBadNames) {
  expect_invalid(R"({"signals": {"": 1}})", "signal name is empty");
  expect_invalid(with_signal(std::string(256, 'n'), "1"),
                 "signal name is too long: \"" + std::string(100, 'n') + "...\" (256 bytes)");
  EXPECT_EQ(only_signal(*model_of(with_signal(std::string(255, 'n'), "1"))).name.size(), 255u);
  expect_invalid(with_signal("a", R"({"weight": 1, "aliases": [")" + std::string(256, 'n') + "\"]}"),
                 "invalid signals.a.aliases: \"" + std::string(80, 'n') + "\"");
}

TEST(Model, MessagesStayReadable) {
  const std::string digits(500, '9');
  expect_invalid("{\"window_days\": " + digits + "}", "invalid window_days: " + digits.substr(0, 80));
  std::string accents;  // of two bytes: the quotation is cut between them
  for (int i = 0; i < 60; ++i) accents += "é";
  expect_invalid("{\"curve\": \"x" + accents + "\"}", "invalid curve: \"x" + accents.substr(0, 78) + "\"");
  const std::string name(255, 'n');
  expect_invalid(with_signal(name, R"({"weight": 1, "measure": "x"})"), "invalid signals." + name + ".measure: \"x\"");
  const Failure failure = failure_of([&] { model_of("{\"" + std::string(5000, 'k') + "\": 1}"); });
  EXPECT_EQ(failure.message, "unknown key in health_model: " + std::string(320, 'k'));
}

TEST(Model, TextsHaveAtMost4000Bytes) {
  const std::string longest(4000, 't'), shown = ": \"" + std::string(80, 't') + "\"";
  for (const std::string key : {"label", "next_step", "text", "dimension"}) {
    const auto options = [&](const std::string& text) { return R"({"weight": 1, ")" + key + "\": \"" + text + "\"}"; };
    EXPECT_STREQ(failure_of([&] { model_of(with_signal("a", options(longest))); }).sqlstate, "");
    expect_invalid(with_signal("a", options(longest + "t")), "invalid signals.a." + key + shown);
  }
  expect_invalid(with_signal("a", R"({"weight": 1, "label": {"fr": "t)" + longest + "\"}}"),
                 "invalid signals.a.label.fr" + shown);
}

TEST(Model, HoldsTenThousandSignals) {
  std::string signals;
  for (std::size_t i = 0; i < kMaxModelSignals; ++i)
    signals += (i == 0 ? "\"s" : ", \"s") + std::to_string(i) + "\": 1";
  const auto model = model_of("{\"signals\": {" + signals + "}}");
  EXPECT_EQ(model->signals.size(), kMaxModelSignals);
  expect_failure("54000", "too many signals in one health_model",
                 [&] { model_of("{\"signals\": {" + signals + ", \"x\": 1}}"); });
}

TEST(Model, ScoringNeedsSignals) {
  expect_failure("22023", "health_model has no signals", [] { model_of("{}")->require_signals(); });
  EXPECT_STREQ(failure_of([] { model_of(with_signal("a", "0"))->require_signals(); }).sqlstate, "");
}

// ---------------------------------------------------------------- names and decay

TEST(Model, FindsSignalsByNameAndAlias) {
  const auto model =
      model_of(R"({"signals": {"login": {"weight": 1, "aliases": ["old_login", "connexion"]}, "export": 2,
                                              "user:*": {"weight": 1, "measure": "distinct"}}})");
  const auto name_of = [&](std::string_view name) {
    const std::int32_t index = Model::Walk(*model).find(name);
    return index == Model::kUnknown ? std::string("unknown")
                                    : std::string(model->signals[static_cast<std::size_t>(index)].name);
  };
  for (const char* name : {"login", "old_login", "connexion"}) EXPECT_EQ(name_of(name), "login");
  EXPECT_EQ(name_of("export"), "export");
  for (const char* name : {"", "logi", "login2", "user:*", "user:1", "zzz"})
    EXPECT_EQ(name_of(name), "unknown") << name;
  Model::Walk walk(*model);
  for (const char* name : {"", "connexion", "export", "exporter", "login", "old_login", "zzz"})
    EXPECT_EQ(walk.find(name), Model::Walk(*model).find(name)) << name;
  std::vector<std::int32_t> found;
  model->find_prefixes("user:bob", [&](std::int32_t signal) { found.push_back(signal); });
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(model->signals[static_cast<std::size_t>(found[0])].name, "user:*");
}

TEST(Model, AWalkLeapsOverWhatIsNotAskedFor) {
  Random random(5);
  std::string text = R"({"signals": {)";
  for (int i = 0; i < 1000; ++i) text += (i == 0 ? "\"n" : ", \"n") + std::to_string(2 * i + 1'000) + "\": 1";
  const auto model = model_of(text + "}}");
  for (int round = 0; round < rounds(300); ++round) {
    std::vector<std::string> asked;
    for (std::int64_t i = random.between(0, round % 3 == 0 ? 400 : 4); i >= 0; --i)
      asked.push_back("n" + std::to_string(random.between(990, 3'010)));
    std::sort(asked.begin(), asked.end());
    asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
    Model::Walk walk(*model);
    for (const std::string& name : asked) {
      std::int32_t expected = Model::kUnknown;
      for (std::size_t i = 0; i < model->signals.size(); ++i)
        if (std::string_view(model->signals[i].name) == name) expected = static_cast<std::int32_t>(i);
      ASSERT_EQ(walk.find(name), expected) << name;
    }
  }
}

TEST(Model, FindsEveryPrefixOfAName) {
  const auto model = model_of(R"({"signals": {"*": {"weight": 1, "measure": "distinct"}, "user": 1,
      "user:*": {"weight": 1, "measure": "distinct"}, "user:a*": {"weight": 1, "measure": "distinct"},
      "user:b*": {"weight": 1, "measure": "distinct"}, "z*": {"weight": 1, "measure": "distinct"}}})");
  const auto prefixes_of = [&](std::string_view name) {
    std::string found;
    model->find_prefixes(name, [&](std::int32_t signal) {
      found += std::string(model->signals[static_cast<std::size_t>(signal)].name) + " ";
    });
    return found;
  };
  EXPECT_EQ(prefixes_of("user:anna"), "user:a* user:* * ");
  EXPECT_EQ(prefixes_of("user:"), "user:* * ");
  EXPECT_EQ(prefixes_of("user"), "* ");
  EXPECT_EQ(prefixes_of("zoe"), "z* * ");
}

TEST(Model, PrefixesAgreeWithBruteForce) {
  Random random(9);
  for (int round = 0; round < 300; ++round) {
    const auto word = [&](std::int64_t longest) {
      std::string text;
      for (auto left = random.between(0, longest); left > 0; --left) text += random.one_in(3) ? 'b' : 'a';
      return text;
    };
    std::map<std::string, int> prefixes;
    for (auto left = random.between(1, 30); left > 0; --left) prefixes[word(6)] = 0;
    std::string text;
    for (const auto& [prefix, unused] : prefixes)
      text += (text.empty() ? "\"" : ", \"") + prefix + R"(*": {"weight": 1, "measure": "distinct"})";
    const auto model = model_of(R"({"signals": {)" + text + "}}");
    for (int i = 0; i < 50; ++i) {
      const std::string name = word(8);
      std::vector<std::string> found, expected;
      model->find_prefixes(name, [&](std::int32_t signal) {
        found.emplace_back(model->signals[static_cast<std::size_t>(signal)].name);
      });
      for (const auto& [prefix, unused] : prefixes)
        if (name.starts_with(prefix)) expected.insert(expected.begin(), prefix + "*");
      ASSERT_EQ(found, expected) << name;
    }
  }
}

TEST(Model, DecayIsOneWithoutOption) {
  const auto model = model_of("{}");
  for (const int age : {0, 1, 89}) EXPECT_EQ(model->decays()[0].at(age), 1);
}

TEST(Model, HalfLifeHalves) {
  const auto model = model_of(R"({"half_life_days": 30, "signals": {"a": {"weight": 1, "window_days": 120}}})");
  EXPECT_EQ(model->decays()[0].at(0), 1);
  EXPECT_EQ(model->decays()[0].at(30), 0.5);
  EXPECT_EQ(model->decays()[0].at(90), 0.125);
  EXPECT_DOUBLE_EQ(model->decays()[0].at(119), std::pow(0.5, 119 / 30.0));
  for (int age = 1; age < 120; ++age) EXPECT_LT(model->decays()[0].at(age), model->decays()[0].at(age - 1));
}

TEST(Model, LinearDecayEndsAtZero) {
  const auto model = model_of(R"({"linear_days": 40})");
  EXPECT_EQ(model->decays()[0].at(0), 1);
  EXPECT_EQ(model->decays()[0].at(10), 0.75);
  EXPECT_NEAR(model->decays()[0].at(39), 0.025, 1e-15);
  EXPECT_EQ(model->decays()[0].at(40), 0);
  EXPECT_EQ(model->decays()[0].at(89), 0);
}

// ---------------------------------------------------------------- override

std::string merged(const std::string& base, const std::string& patch) {
  const JsonTree base_tree(base), patch_tree(patch);
  JsonWriter writer(heap());
  merge_model(base_tree.root(), patch_tree.root(), &writer);
  return text_of(root_of(writer));
}

TEST(Model, OverridesAreMergedDeeply) {
  const struct {
    const char *base, *patch, *result;
  } cases[] = {
      {R"({})", R"({})", R"({})"},
      {R"({"window_days": 90, "curve": "open"})", R"({"window_days": 30})", R"({"window_days":30,"curve":"open"})"},
      {R"({"window_days": 90})", R"({"percentile": 0.5})", R"({"window_days":90,"percentile":0.5})"},
      {R"({"half_life_days": 30, "window_days": 90})", R"({"half_life_days": null})", R"({"window_days":90})"},
      {R"({"window_days": 90})", R"({"half_life_days": null})", R"({"window_days":90})"},
      {R"({"signals": {"a": 1, "b": 2}})", R"({"signals": {"b": 3, "c": 4}})", R"({"signals":{"a":1,"b":3,"c":4}})"},
      {R"({"signals": {"a": 1, "b": 2}})", R"({"signals": {"a": null}})", R"({"signals":{"b":2}})"},
      {R"({"window_days": 30})", R"({"signals": {"a": 1}})", R"({"window_days":30,"signals":{"a":1}})"},
  };
  for (const auto& each : cases) EXPECT_EQ(merged(each.base, each.patch), each.result);
}

TEST(Model, ABareWeightKeepsTheOtherOptions) {
  EXPECT_EQ(merged(R"({"signals": {"a": {"weight": 9, "daily_cap": 20}}})", R"({"signals": {"a": 2}})"),
            R"({"signals":{"a":{"daily_cap":20,"weight":2}}})");
  EXPECT_EQ(merged(R"({"signals": {"a": {"measure": "days"}}})", R"({"signals": {"a": 2}})"),
            R"({"signals":{"a":{"measure":"days","weight":2}}})");
}

TEST(Model, OptionsAreAddedToABareWeight) {
  EXPECT_EQ(merged(R"({"signals": {"a": 9}})", R"({"signals": {"a": {"daily_cap": 20}}})"),
            R"({"signals":{"a":{"weight":9,"daily_cap":20}}})");
  EXPECT_EQ(merged(R"({"signals": {"a": 9}})", R"({"signals": {"a": {"daily_cap": 20, "weight": 3}}})"),
            R"({"signals":{"a":{"daily_cap":20,"weight":3}}})");
}

TEST(Model, NullRemovesFromABareWeightToo) {
  EXPECT_EQ(merged(R"({"signals": {"a": 9}})", R"({"signals": {"a": {"daily_cap": null, "unit": "score"}}})"),
            R"({"signals":{"a":{"weight":9,"unit":"score"}}})");
}

std::string settled(const std::string& text) {
  const JsonTree tree(text);
  JsonWriter writer(heap());
  const bool any = settle_units(tree.root(), &writer);
  EXPECT_EQ(any, text_of(root_of(writer)) != text_of(tree.root()));
  return text_of(root_of(writer));
}

Unit unit_of(const std::string& options) { return model_of(R"({"signals": {"a": )" + options + "}}")->signals[0].unit; }

TEST(Model, ANegativeWeightMeansPoints) {
  EXPECT_EQ(unit_of("-5"), Unit::score);
  EXPECT_EQ(unit_of("5"), Unit::raw);
  EXPECT_EQ(unit_of("0"), Unit::raw);
  EXPECT_EQ(unit_of("-0.0"), Unit::raw);
  EXPECT_EQ(unit_of(R"({"weight": -5, "unit": "raw"})"), Unit::raw);
  EXPECT_EQ(unit_of(R"({"weight": -5, "measure": "sum"})"), Unit::score);
  EXPECT_EQ(unit_of(R"({"weight": -5, "measure": "last", "unit": "raw"})"), Unit::raw);
}

TEST(Model, UnitsThatTheWeightDecidedAreStored) {
  EXPECT_EQ(settled(R"({"curve": "open", "signals": {"a": -5, "b": 5, "c": {"weight": -1, "label": "C"}, "d": 0,
      "e": {"weight": -1, "measure": "last"}, "f": {"weight": -1, "unit": "raw"},
      "g*": {"weight": -1, "measure": "distinct"},
      "h": {"weight": -0.000001, "measure": "days"}, "i": {"weight": -1, "scale": [[0, 1]]}}})"),
            R"({"curve":"open","signals":{"a":{"weight":-5,"unit":"score"},"b":5,)"
            R"("c":{"weight":-1,"label":"C","unit":"score"},"d":0,"e":{"weight":-1,"measure":"last"},)"
            R"("f":{"weight":-1,"unit":"raw"},"g*":{"weight":-1,"measure":"distinct"},)"
            R"("h":{"weight":-0.000001,"measure":"days","unit":"score"},"i":{"weight":-1,"scale":[[0,1]]}}})");
  EXPECT_EQ(settled("{}"), "{}");
  EXPECT_EQ(
      settled(R"({"combine": "mean", "signals": {"a": {"weight": 1, "measure": "last", "out_of": 5}, "b": -1, "c": 0,
      "d": {"weight": -1, "measure": "last"}, "e": {"weight": 0, "measure": "last"}, "f": {"weight": 1, "scale": [[0, 1]]},
      "g": {"measure": "last", "set_score": true}}})"),
      R"({"combine":"mean","signals":{"a":{"weight":1,"measure":"last","out_of":5,"unit":"share"},)"
      R"("b":{"weight":-1,"unit":"score"},"c":0,"d":{"weight":-1,"measure":"last","unit":"score"},)"
      R"("e":{"weight":0,"measure":"last"},"f":{"weight":1,"scale":[[0,1]],"unit":"share"},)"
      R"("g":{"measure":"last","set_score":true}}})");
}

TEST(Model, AnotherWeightKeepsTheUnit) {
  const auto of_a = [](const std::string& base, const std::string& patch) {
    return settled(merged(R"({"signals": {"a": )" + base + "}}", R"({"signals": {"a": )" + patch + "}}"));
  };
  const std::string raw = R"({"signals":{"a":{"weight":-5,"unit":"raw"}}})";
  EXPECT_EQ(of_a(R"({"weight": -5, "unit": "score"})", "5"), R"({"signals":{"a":{"unit":"score","weight":5}}})");
  EXPECT_EQ(of_a("5", "-5"), raw);
  EXPECT_EQ(of_a("0", "-5"), raw);
  EXPECT_EQ(of_a("5", R"({"weight": -5})"), raw);
  EXPECT_EQ(of_a(R"({"weight": 5})", "-5"), raw);
  EXPECT_EQ(of_a(R"({"weight": 5})", R"({"weight": -5})"), raw);
  EXPECT_EQ(of_a("5", "6"), R"({"signals":{"a":6}})");
  EXPECT_EQ(of_a("5", R"({"weight": -5, "unit": null})"), R"({"signals":{"a":{"weight":-5,"unit":"score"}}})");
  EXPECT_EQ(of_a(R"({"weight": 5, "measure": "last"})", "-5"), R"({"signals":{"a":{"measure":"last","weight":-5}}})");
  EXPECT_EQ(of_a(R"({"weight": 5, "measure": "last"})", R"({"weight": -5, "measure": "count"})"),
            R"({"signals":{"a":{"weight":-5,"measure":"count","unit":"score"}}})");
}

TEST(Model, OverridesHaveAtMostTenThousandKeys) {
  std::string keys;
  for (std::size_t i = 0; i < kMaxModelSignals; ++i) keys += (i == 0 ? "\"s" : ", \"s") + std::to_string(i) + "\": 1";
  EXPECT_STREQ(failure_of([&] { merged("{}", "{\"signals\": {" + keys + "}}"); }).sqlstate, "");
  expect_failure("54000", "too many keys in one override of a health_model",
                 [&] { merged(R"({"signals": {}})", "{\"signals\": {" + keys + ", \"x\": 1}}"); });
}

TEST(Model, SignalOptionsAreMergedToo) {
  EXPECT_EQ(merged(R"({"signals": {"a": {"weight": 9, "label": {"en": "A", "fr": "B"}, "daily_cap": 3}}})",
                   R"({"signals": {"a": {"label": {"fr": "C"}, "daily_cap": null, "unit": "score"}}})"),
            R"({"signals":{"a":{"weight":9,"label":{"en":"A","fr":"C"},"unit":"score"}}})");
  EXPECT_EQ(merged(R"({"signals": {"a": {"weight": 9, "aliases": ["b", "c"]}}})",
                   R"({"signals": {"a": {"aliases": ["d"]}}})"),
            R"({"signals":{"a":{"weight":9,"aliases":["d"]}}})")
      << "arrays are replaced as a whole";
}

TEST(Model, NamesOfSignalsAreNoOptions) {
  EXPECT_EQ(merged(R"({"signals": {"signals": 1, "weight": 2}})",
                   R"({"signals": {"signals": {"unit": "score"}, "weight": 3}})"),
            R"({"signals":{"signals":{"weight":1,"unit":"score"},"weight":3}})");
}

TEST(Model, NewSignalsAreTakenAsTheyStand) {
  EXPECT_EQ(
      merged(R"({"signals": {}})", R"({"signals": {"nps": {"weight": 2, "measure": "last", "window_days": null}}})"),
      R"({"signals":{"nps":{"weight":2,"measure":"last","window_days":null}}})");
}

TEST(Model, OverridesAreObjectsOfReasonableDepth) {
  expect_failure("22023", "a health_model is overridden by an object, not by an array", [] { merged("{}", "[]"); });
  expect_failure("22023", "a health_model is overridden by an object, not by null", [] { merged("{}", "null"); });
  std::string deep = "1";
  for (int i = 0; i < 200; ++i) deep = "{\"x\": " + deep + "}";
  expect_failure("22023", "health_model is nested too deeply", [&] { merged(deep, deep); });
  EXPECT_NE(merged(deep, "{}"), "") << "what is only copied may be deep; the model's validation sees it";
}

TEST(Model, LabelIsTheModelsOrTheName) {
  const auto model = model_of(
      R"({"signals": {"form_published": 1, "a": {"weight": 1, "label": {"en": "Form", "fr": "Formulaire"}}}})");
  EXPECT_EQ(model->signals[0].label.in(Language::en), "Form");
  EXPECT_EQ(model->signals[0].label.in(Language::fr), "Formulaire");
  EXPECT_EQ(model->signals[1].label.in(Language::en), "Form published");
}

}  // namespace
}  // namespace health
