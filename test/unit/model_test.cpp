#include "core/model.hpp"

#include <cmath>
#include <functional>

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

// ---------------------------------------------------------------- defaults and accepted values

TEST(Model, HasTheDocumentedDefaults) {
  const auto model = model_of("{}");
  EXPECT_EQ(model->window_days, 90);
  EXPECT_EQ(model->decay_terms.half_life_days, kNone);
  EXPECT_EQ(model->decay_terms.linear_days, kNone);
  EXPECT_EQ(model->percentile, 0.9);
  EXPECT_EQ(model->curve, Curve::exponential);
  EXPECT_EQ(model->population, Population::active);
  EXPECT_EQ(model->baseline, kNone);
  EXPECT_EQ(model->min_population, 20);
  EXPECT_EQ(model->size_exponent, 1);
  EXPECT_EQ(model->red_below, 50);
  EXPECT_EQ(model->green_from, 80);
  EXPECT_EQ(model->trend_days, 28);
  EXPECT_EQ(model->trend_points, 10);
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
  EXPECT_TRUE(signal.aliases.empty());
  for (const Language language : {Language::en, Language::fr}) {
    for (const Text* text : {&signal.next_step, &signal.text}) EXPECT_EQ(text->in(language), "");
    EXPECT_EQ(signal.label.in(language), "login");
  }
  EXPECT_FALSE(signal.has_label);
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
      {R"({"population": "active"})", [](const Model& m) { return m.population == Population::active; }},
      {R"({"population": "all"})", [](const Model& m) { return m.population == Population::all; }},
      {R"({"baseline": 208.2})", [](const Model& m) { return m.baseline == 208.2; }},
      {R"({"baseline": null})", [](const Model& m) { return m.baseline == kNone; }},
      {R"({"min_population": 0})", [](const Model& m) { return m.min_population == 0; }},
      {R"({"size_exponent": 0})", [](const Model& m) { return m.size_exponent == 0; }},
      {R"({"size_exponent": 0.5})", [](const Model& m) { return m.size_exponent == 0.5; }},
      {R"({"red_below": 0})", [](const Model& m) { return m.red_below == 0; }},
      {R"({"green_from": 100})", [](const Model& m) { return m.green_from == 100; }},
      {R"({"red_below": 60, "green_from": 60})",
       [](const Model& m) { return m.red_below == 60 && m.green_from == 60; }},
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
      {"a", R"({"weight": 1, "aliases": []})", [](const Signal& s) { return s.aliases.empty(); }},
      {"a", R"({"weight": 1, "aliases": ["b", "c"]})",
       [](const Signal& s) { return s.aliases.size() == 2 && s.aliases[1] == "c"; }},
      {"a", R"({"weight": 1, "dimension": "outcomes"})", [](const Signal& s) { return s.dimension == "outcomes"; }},
      {"a", R"({"weight": 1, "label": "Admin"})",
       [](const Signal& s) { return s.label.in(Language::en) == "Admin" && s.label.in(Language::fr) == "Admin"; }},
      {"a", R"({"weight": 1, "label": {"en": "Form", "fr": "Formulaire"}})",
       [](const Signal& s) { return s.label.in(Language::en) == "Form" && s.label.in(Language::fr) == "Formulaire"; }},
      {"a", R"({"weight": 1, "next_step": {"en": "Call"}})",
       [](const Signal& s) { return s.next_step.in(Language::en) == "Call"; }},
      {"a", R"({"weight": 1, "text": {"fr": "Rien"}})",
       [](const Signal& s) { return s.text.in(Language::fr) == "Rien"; }},
  };
  for (const auto& each : cases)
    EXPECT_TRUE(each.holds(only_signal(*model_of(with_signal(each.name, each.options))))) << each.options;
}

TEST(Model, ATextInOneLanguageServesTheOther) {
  const auto model = model_of(with_signal("a", R"({"weight": 1, "label": {"en": "Form"}, "text": {"fr": "Rien"}})"));
  EXPECT_EQ(only_signal(*model).label.in(Language::fr), "Form");
  EXPECT_EQ(only_signal(*model).text.in(Language::en), "Rien");
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
      {with_signal("login", R"({"weight": 1, "half_life_days": 2})"),
       R"(half_life_days is an option of the model: it stands beside "signals". Known keys of a signal: )"},
      {with_signal("adoption", R"({"login": 1, "export": 5})"),
       "Signals are not nested; a group is a dimension: "
       R"({"login": {"weight": 1, "dimension": "adoption"}}. Known keys of a signal: )"},
      {with_signal("adoption", R"({"login": {"weight": 1}})"), "Signals are not nested; "},
      {with_signal("login", R"({"weight": 1, "boost": 3})"), "Known keys of a signal: weight, "},
  };
  for (const auto& each : cases) EXPECT_EQ(hint_of(each.text).substr(0, std::strlen(each.hint)), each.hint);
  // The lists are whole behind the longest beginning.
  const std::string long_name(255, 'n');
  EXPECT_TRUE(hint_of("{\"" + long_name + "\": 1}").ends_with(" language, signals."));
  EXPECT_TRUE(hint_of(with_signal(long_name, "{\"" + long_name + "\": 1}")).ends_with(" next_step, text."));
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
            "window, trend, peers.");
}

TEST(Model, RejectsBadOptions) {
  const auto each = [](const std::string& key, const std::vector<std::string>& values) {
    for (const std::string& value : values) {
      const std::string shown = value[0] == '[' ? "an array" : value[0] == '{' ? "an object" : value;
      expect_invalid("{\"" + key + "\": " + value + "}", "invalid " + key + ": " + shown);
    }
  };
  const std::vector<std::string> no_number = {"null", "true", "\"3\"", "[3]", "{}"};
  for (const char* key : {"window_days", "half_life_days", "linear_days", "percentile", "min_population",
                          "size_exponent", "red_below", "green_from", "trend_days", "trend_points", "drop_points",
                          "drop_days", "cooldown_days", "stable_readings", "stable_margin", "max_drivers"})
    each(key, no_number);
  for (const char* key : {"window_days", "trend_days", "drop_days"}) each(key, {"0", "-3", "1.5", "36501", "1e5"});
  for (const char* key : {"half_life_days", "linear_days"}) each(key, {"0", "-3", "1000000000001"});
  each("percentile", {"0", "1", "-0.1", "1.1", "90"});
  for (const char* key : {"curve", "population", "language"})
    each(key, {"null", "3", "true", "\"\"", "\"Linear\"", "[\"open\"]"});
  each("baseline", {"0", "-1", "true", "\"208\"", "[]"});
  each("min_population", {"-1", "1.5", "1000000001"});
  each("size_exponent", {"-0.1", "10.1"});
  for (const char* key : {"red_below", "green_from", "trend_points", "drop_points", "stable_margin"})
    each(key, {"-0.1", "100.1"});
  each("cooldown_days", {"-1", "0.5", "36501"});
  each("stable_readings", {"0", "1.5", "1001"});
  each("max_drivers", {"0", "1.5", "10001"});
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
  for (const char* key : {"weight", "neutral", "daily_cap", "max_points", "inactive_days", "days", "min_days"})
    each(key, no_number);
  each("window_days", {"true", "\"3\"", "[3]", "{}"});
  each("weight", {"0.0000001", "1000000000.000001", "-1000000001", "99999999999999999999"});
  each("measure", {"null", "3", "\"\"", "\"Count\"", "\"total\"", "[]"});
  each("unit", {"null", "3", "\"points\"", "{}"});
  each("neutral", {"1000000000001", "-1000000000001"});
  for (const char* key : {"window_days", "inactive_days", "days", "min_days"}) each(key, {"0", "-1", "1.5", "36501"});
  each("daily_cap", {"0", "-1", "1.5", "2147483648"});
  each("max_points", {"-1", "1000000000001"});
  each("of", {"null", "true", "\"users\"", "3"});
  each("aliases", {"null", "\"old\"", "3", "{}"});
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
      {"a", R"({"weight": 1, "of": "size"})", "signals.a.of is for measure distinct only"},
      {"a*", R"({"weight": 1, "measure": "distinct", "days": 3, "window_days": 3})",
       "signals.a*.days and window_days are both given"},
      {"a", R"({"weight": 1, "neutral": 0})", "signals.a.neutral is for measures last and distinct only"},
      {"a", R"({"weight": 1, "measure": "sum", "neutral": 1})",
       "signals.a.neutral is for measures last and distinct only"},
      {"a", R"({"weight": 1, "measure": "days", "daily_cap": 3})", "signals.a.daily_cap is for measure count only"},
      {"a", R"({"weight": 1, "measure": "last", "daily_cap": 3})", "signals.a.daily_cap is for measure count only"},
      {"a*", R"({"weight": 1, "measure": "distinct", "aliases": ["b"]})",
       "signals.a*.aliases do not go with measure distinct"},
      {"a", R"({"weight": 1, "window_days": null})", "signals.a.window_days may be null for measure last only"},
      {"a*", R"({"weight": 1, "measure": "distinct", "window_days": null})",
       "signals.a*.window_days may be null for measure last only"},
  };
  for (const auto& each : cases) expect_invalid(with_signal(each.name, each.options), each.message);
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
  for (const int age : {0, 1, 89}) EXPECT_EQ(model->decay().at(age), 1);
}

TEST(Model, HalfLifeHalves) {
  const auto model = model_of(R"({"half_life_days": 30, "signals": {"a": {"weight": 1, "window_days": 120}}})");
  EXPECT_EQ(model->decay().at(0), 1);
  EXPECT_EQ(model->decay().at(30), 0.5);
  EXPECT_EQ(model->decay().at(90), 0.125);
  EXPECT_DOUBLE_EQ(model->decay().at(119), std::pow(0.5, 119 / 30.0));
  for (int age = 1; age < 120; ++age) EXPECT_LT(model->decay().at(age), model->decay().at(age - 1));
}

TEST(Model, LinearDecayEndsAtZero) {
  const auto model = model_of(R"({"linear_days": 40})");
  EXPECT_EQ(model->decay().at(0), 1);
  EXPECT_EQ(model->decay().at(10), 0.75);
  EXPECT_NEAR(model->decay().at(39), 0.025, 1e-15);
  EXPECT_EQ(model->decay().at(40), 0);
  EXPECT_EQ(model->decay().at(89), 0);
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
  EXPECT_EQ(model->signals[1].label.in(Language::en), "form published");
}

}  // namespace
}  // namespace health
