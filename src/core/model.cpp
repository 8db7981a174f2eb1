#include "model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <optional>
#include <tuple>

#include "label.hpp"
#include "nearest.hpp"
#include "placeholder.hpp"

namespace health {

namespace {

constexpr std::string_view kModelKeys[] = {
    "window_days",     "half_life_days", "linear_days",     "percentile",    "curve",        "population",
    "baseline",        "min_population", "min_tenure_days", "size_exponent", "red_below",    "green_from",
    "bands",           "trend_days",     "trend_points",    "drop_points",   "drop_days",    "cooldown_days",
    "stable_readings", "stable_margin",  "max_drivers",     "language",      "name",         "version",
    "weekend",         "silent_days",    "risk_points",     "combine",       "usage_weight", "dimension_caps",
    "next_steps",      "signals"};
constexpr std::string_view kSignalKeys[] = {"weight",
                                            "measure",
                                            "unit",
                                            "neutral",
                                            "window_days",
                                            "daily_cap",
                                            "max_points",
                                            "inactive_days",
                                            "half_life_days",
                                            "linear_days",
                                            "days",
                                            "min_days",
                                            "of",
                                            "values",
                                            "scale",
                                            "steps",
                                            "out_of",
                                            "set_score",
                                            "aliases",
                                            "label",
                                            "dimension",
                                            "next_step",
                                            "text",
                                            "usage",
                                            "opportunity",
                                            "expected_within_days"};
constexpr char kWeightHint[] = "Use a number with at most 6 decimals, up to 1e9 in size; 0 is not scored.";
constexpr char kBandsHint[] =
    "Use an array of 2 to 20 bands from worst to best: [[\"critical\", 0], [\"fair\", 50], [\"good\", 80]].";
constexpr char kTextHint[] =
    "Use a string, or an object such as {\"en\": \"Form published\", \"fr\": \"Formulaire en ligne\"}.";

// Of the account: kinds of facts that the option next_steps is for, and the steps where it says nothing.
constexpr struct {
  Kind kind;
  std::string_view text[2];  // by Language
} kDefaultSteps[] = {
    {Kind::silent, {"Find out why nobody comes any more", "Comprendre pourquoi plus personne ne vient"}},
    {Kind::never_active, {"Set up a first session", "Organiser une première session"}},
    {Kind::fresh, {"Follow the onboarding plan", "Suivre le plan d’intégration"}},
    {Kind::usage_down, {"Ask what changed", "Demander ce qui a changé"}},
    {Kind::usage_low, {"Show what they do not use yet", "Montrer ce qu’ils n’utilisent pas encore"}},
    {Kind::usage_up,
     {"Ask what worked and who else needs it", "Demander ce qui a marché et à qui d’autre cela servirait"}}};
constexpr auto kStepNames = [] {
  std::array<std::string_view, std::size(kDefaultSteps)> names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kind_name(kDefaultSteps[i].kind);
  return names;
}();

// The path of a key, for messages: signals.login.weight.
struct Path {
  const Path* parent;
  std::string_view key;

  int print(char* out, int room) const {
    int used = 0;
    if (parent != nullptr) {
      used = parent->print(out, room);
      if (used < room) out[used++] = '.';
    }
    const int length = shown(key, static_cast<std::size_t>(std::max(0, room - used)));
    std::memcpy(out + used, key.data(), static_cast<std::size_t>(length));
    return used + length;
  }
};

// The value as a person wrote it, cut to a readable length.
void print_value(Json value, char* out, std::size_t room) {
  const JsonNode& node = value.node();
  constexpr std::size_t kMost = 80;
  const int length = shown(node.text, kMost);
  switch (node.type) {
    case JsonType::number: std::snprintf(out, room, "%.*s", length, node.text.data()); break;
    case JsonType::string: std::snprintf(out, room, "\"%.*s\"", length, node.text.data()); break;
    case JsonType::boolean: std::snprintf(out, room, "%s", node.boolean ? "true" : "false"); break;
    default: std::snprintf(out, room, "%s", json_type_name(node.type)); break;
  }
}

[[noreturn]] void invalid(const Path& path, Json value, const char* hint) {
  char where[320], what[120];
  const int length = path.print(where, sizeof where);
  print_value(value, what, sizeof what);
  fail(kInvalidParameter, hint, "invalid %.*s: %s", length, where, what);
}

// A hint of several sentences, cut where it does not fit.
class Hint {
 public:
  // Printf-style.
  Hint& add(const char* format, ...) __attribute__((format(printf, 2, 3))) {
    std::va_list arguments;
    va_start(arguments, format);
    const int length = std::vsnprintf(text_ + used_, sizeof text_ - used_, format, arguments);
    va_end(arguments);
    used_ = std::min(sizeof text_ - 1, used_ + static_cast<std::size_t>(length));
    return *this;
  }
  Hint& add_list(std::span<const std::string_view> words) {
    for (const std::string_view& word : words)
      add("%.*s%s", static_cast<int>(word.size()), word.data(), &word == &words.back() ? "." : ", ");
    return *this;
  }
  bool add_nearest(std::string_view word, std::span<const std::string_view> words) {
    const std::string_view meant = nearest(word, words);
    if (!meant.empty()) add("Did you mean %.*s? ", static_cast<int>(meant.size()), meant.data());
    return !meant.empty();
  }
  const char* text() const { return text_; }

 private:
  char text_[sizeof Failure::hint] = "";
  std::size_t used_ = 0;
};

[[noreturn]] void unknown_key(const Path& path, const char* hint) {
  char where[320];
  const int length = path.print(where, sizeof where);
  fail(kInvalidParameter, hint, "unknown key in health_model: %.*s", length, where);
}

bool has_key(Json object, std::string_view key) { return member(object, key).has_value(); }

bool knows(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// `model` is the object that has the key.
[[noreturn]] void unknown_model_key(const Path& path, Json value, Json model) {
  const int length = shown(path.key, 60);
  Hint hint;
  if (has_key(model, "model"))
    hint.add("What health_tune and health_fit find is no model, but has one: (found -> 'model')::health_model. ");
  else if (knows(kSignalKeys, path.key))
    hint.add("%.*s is an option of a signal: {\"signals\": {\"login\": {\"weight\": 1, \"%.*s\": ...}}}. ", length,
             path.key.data(), length, path.key.data());
  else if (!hint.add_nearest(path.key, kModelKeys) &&
           (value->type == JsonType::number || value->type == JsonType::object))
    hint.add("Weights belong under \"signals\": {\"signals\": {\"login\": 1, \"export\": 5}}. ");
  unknown_key(path, hint.add("Known keys: ").add_list(kModelKeys).text());
}

// `signal` is the object that has the key.
[[noreturn]] void unknown_signal_key(const Path& path, Json value, Json signal) {
  const int length = shown(path.key, 60);
  Hint hint;
  if (knows(kModelKeys, path.key))
    hint.add("%.*s is an option of the model: it stands beside \"signals\". ", length, path.key.data());
  else if (!hint.add_nearest(path.key, kSignalKeys) && !has_key(signal, "weight") &&
           (value->type == JsonType::number || (value->type == JsonType::object && has_key(value, "weight"))))
    hint.add("Signals are not nested; a group is a dimension: {\"%.*s\": {\"weight\": 1, \"dimension\": \"%.*s\"}}. ",
             length, path.key.data(), shown(signal->key, 60), signal->key.data());
  unknown_key(path, hint.add("Known keys of a signal: ").add_list(kSignalKeys).text());
}

// The error for what should be a number; a number in quotes gets a hint of its own.
[[noreturn]] void invalid_number(const Path& path, Json value, const char* hint) {
  double number = 0;
  const bool quoted = value->type == JsonType::string && parse_double(value->text, &number);
  invalid(path, value, Hint().add("%s%s", quoted ? "Write the number without quotes. " : "", hint).text());
}

double read_number(const Path& path, Json value, double least, double most, const char* hint) {
  double number = 0;
  if (value->type != JsonType::number || !parse_double(value->text, &number) || !(number >= least && number <= most))
    invalid_number(path, value, hint);
  return number;
}

double read_positive(const Path& path, Json value, const char* hint) {
  const double number = read_number(path, value, 0, 1e12, hint);
  if (number == 0) invalid(path, value, hint);
  return number;
}

std::int64_t read_whole(const Path& path, Json value, std::int64_t least, std::int64_t most, const char* hint) {
  const double number = read_number(path, value, static_cast<double>(least), static_cast<double>(most), hint);
  if (number != std::floor(number)) invalid(path, value, hint);
  return static_cast<std::int64_t>(number);
}

std::int32_t read_days(const Path& path, Json value) {
  return static_cast<std::int32_t>(
      read_whole(path, value, 1, kMaxWindow, "Use a whole number of days, from 1 to 36500."));
}

bool read_bool(const Path& path, Json value) {
  if (value->type != JsonType::boolean) invalid(path, value, "Use true or false.");
  return value->boolean;
}

// Days of the week as Model::weekend.
std::uint8_t read_weekend(const Path& path, Json value) {
  constexpr char hint[] = "Use an array of days from 1 (Monday) to 7, such as [6, 7]; not all of them.";
  if (value->type != JsonType::array) invalid(path, value, hint);
  unsigned days = 0;
  for (const Json item : value) days |= 1U << (read_whole(path, item, 1, 7, hint) - 1);
  if (days == 0x7f) invalid(path, value, hint);
  return static_cast<std::uint8_t>(days);
}

// The enum value of a word; `words` are in the order of the enum.
template <class E, std::size_t N>
E read_word(const Path& path, Json value, const std::string_view (&words)[N], const char* hint) {
  for (std::size_t i = 0; i < N; ++i)
    if (value->type == JsonType::string && value->text == words[i]) return static_cast<E>(i);
  invalid(path, value, hint);
}

void check_text_length(const Path& path, Json value) {
  if (value->text.size() > kMaxTextBytes) invalid(path, value, "A text has at most 4000 bytes.");
}

std::string_view read_string(const Path& path, Json value) {
  if (value->type != JsonType::string || value->text.empty()) invalid(path, value, "Use a string.");
  check_text_length(path, value);
  return value->text;
}

constexpr char kLanguages[] = "Texts are given in en and fr.";

// `languages` is the hint for other keys.
void read_text(const Path& path, Json value, Text* text, const char* languages = kLanguages) {
  if (value->type == JsonType::string) {
    check_text_length(path, value);
    for (ByteString& each : text->by_language) each = value->text;
    return;
  }
  if (value->type != JsonType::object) invalid(path, value, kTextHint);
  for (const Json item : value) {
    const Path here{&path, item->key};
    if (item->key != "en" && item->key != "fr") unknown_key(here, languages);
    if (item->type != JsonType::string) invalid(here, item, kTextHint);
    check_text_length(here, item);
    text->by_language[item->key == "fr" ? 1 : 0] = item->text;
  }
  // A text in one language only serves the other one too.
  for (int i = 0; i < 2; ++i)
    if (text->by_language[i].empty()) text->by_language[i] = text->by_language[1 - i];
}

void check_placeholder(const Path& path, const Placeholder& found) {
  char where[320];
  const int length = path.print(where, sizeof where);
  Hint hint;
  if (!knows(kPlaceholders, found.name)) {
    hint.add_nearest(found.name, kPlaceholders);
    fail(kInvalidParameter, hint.add("Known placeholders: ").add_list(kPlaceholders).text(),
         "unknown placeholder in %.*s: {%.*s}", length, where, shown(found.name), found.name.data());
  }
  const auto name = static_cast<int>(found.name.size());
  if (!found.valid)
    fail(kInvalidParameter,
         hint.add("Write the form for one and the form for many, without braces in them: {%.*s|user has|users have}.",
                  name, found.name.data())
             .text(),
         "invalid plural form in %.*s: {%.*s|...", length, where, name, found.name.data());
}

void check_placeholders(const Path& path, std::string_view text) {
  for (std::size_t at = 0; (at = text.find('{', at)) != text.npos;) {
    const std::optional<Placeholder> found = placeholder_at(text.substr(at));
    if (found) check_placeholder(path, *found);
    at += found ? found->length : 1;
  }
}

[[noreturn]] void unknown_kind(const Path& path) {
  Hint hint;
  if (knows(kStepNames, path.key))
    hint.add("%.*s is of the account: what to do then stands in next_steps of the model. ", shown(path.key),
             path.key.data());
  else hint.add_nearest(path.key, kSignalKinds);
  unknown_key(path, hint.add("Texts are given in en and fr, or by kind: ").add_list(kSignalKinds).text());
}

enum class Braces { text, placeholders };

// A text, or one for each kind.
void read_texts(const Path& path, Json value, Braces braces, TextsByKind* texts) {
  const auto read = [&](const Path& here, Json item, Kind kind, const char* languages) {
    Text* const text = texts->at(kind);
    read_text(here, item, text, languages);
    if (braces == Braces::placeholders)
      for (const ByteString& each : text->by_language) check_placeholders(here, each);
  };
  if (value->type != JsonType::object || has_key(value, "en") || has_key(value, "fr"))
    return read(path, value, Kind::none,
                "Texts are given in en and fr, or by kind, not both; in an override null takes a key away.");
  for (const Json item : value) {
    const Path here{&path, item->key};
    const std::optional<Kind> kind = signal_kind_of_name(item->key);
    if (!kind) unknown_kind(here);
    read(here, item, *kind, kLanguages);
  }
}

std::size_t count_of(Json container) {
  std::size_t count = 0;
  for ([[maybe_unused]] const Json item : container) ++count;
  return count;
}

// One of several bands: [name, cut]. It refers to `name`.
BandTerms read_band(const Path& path, Json value, Text* name) {
  if (value->type != JsonType::array || count_of(value) != 2) invalid(path, value, kBandsHint);
  const Json name_json = *value.begin(), cut_json = *++value.begin();
  if (name_json->type != JsonType::string && name_json->type != JsonType::object) invalid(path, name_json, kBandsHint);
  read_text(path, name_json, name);
  BandTerms band{};
  for (const Language language : {Language::en, Language::fr}) {
    const std::string_view text = name->in(language);
    if (text.empty() || text.size() > kMaxBandNameBytes)
      invalid(path, name_json, "The name of a band has 1 to 255 bytes.");
    band.names[static_cast<int>(language)] = text;
  }
  band.cut = read_number(Path{&path, band.names[0]}, cut_json, 0, 100, "A band begins at a number from 0 to 100.");
  return band;
}

void read_bands(const Path& path, Json value, Vector<BandTerms>* bands, Vector<Text>* names) {
  if (value->type != JsonType::array) invalid(path, value, kBandsHint);
  const std::size_t count = count_of(value);
  if (count < 2 || count > kMaxBands)
    fail(kInvalidParameter, kBandsHint, "a health_model has 2 to 20 bands, not %zu", count);
  bands->clear();
  names->reserve(count);
  for (const Json item : value) {
    const BandTerms band = read_band(path, item, &names->emplace_back(memory_of(*names)));
    const Path here{&path, band.names[0]};
    const Json cut = *++item.begin();
    if (bands->empty() && band.cut != 0) invalid(here, cut, "The first band is the worst one: it begins at 0.");
    if (!bands->empty() && band.cut <= bands->back().cut)
      invalid(here, cut, "Bands stand from worst to best: each begins above the one before it.");
    for (const BandTerms& other : *bands)
      for (int language = 0; language < 2; ++language)
        if (other.names[language] == band.names[language])
          fail(kInvalidParameter, "Give each band a name of its own, in each language.",
               "two bands of health_model are named \"%.*s\"", shown(band.names[language]),
               band.names[language].data());
    bands->push_back(band);
  }
}

Micros read_weight(const Path& path, Json value) {
  Micros weight = 0;
  if (value->type != JsonType::number || parse_micros(value->text, false, &weight) != Parsed::ok ||
      std::abs(weight) > 1'000'000'000 * kMicro)
    invalid_number(path, value, kWeightHint);
  return weight;
}

void read_aliases(const Path& path, Json value, Signal* signal) {
  constexpr char hint[] = "Use an array of signal names, such as [\"old_name\"].";
  if (value->type != JsonType::array) invalid(path, value, hint);
  for (const Json item : value) {
    if (item->type != JsonType::string || item->text.empty() || item->text.size() > kMaxSignalBytes ||
        item->text.back() == '*')
      invalid(path, item, hint);
    signal->aliases.emplace_back(item->text);
  }
}

void read_scale(const Path& path, Json value, Scale* scale) {
  constexpr char hint[] = "Use 1 to 100 points [value, points], their values rising, such as [[7, 0], [30, 1]].";
  constexpr std::size_t kMostPoints = 100;
  const auto read = [&](Json number) { return read_number(path, number, -1e12, 1e12, hint); };
  if (value->type != JsonType::array) invalid(path, value, hint);
  for (const Json point : value) {
    const bool pair = point->type == JsonType::array && count_of(point) == 2;
    if (!pair || scale->points.size() == kMostPoints) invalid(path, point, hint);
    const Json x = *point.begin(), y = *++point.begin();
    const Scale::Point next{read(x), read(y)};
    if (!scale->points.empty() && next.x <= scale->points.back().x) invalid(path, x, hint);
    scale->points.push_back(next);
  }
  if (scale->points.empty()) invalid(path, value, hint);
}

// A number of days, or null for none.
double read_decay(const Path& path, Json value) {
  return value->type == JsonType::null
             ? kNone
             : read_positive(path, value, "Use a positive number of days, or null for no decay.");
}

constexpr std::string_view kUnits[] = {"raw", "score", "share"};

// Which options were written, for the checks that need several of them.
struct Written {
  bool weight, unit, window, days, min_days, of, values, neutral, scale, steps, half_life, linear, usage;
};

void read_signal_option(const Path& path, Json value, Json parent, Signal* signal, Written* written) {
  const std::string_view key = value->key;
  if (key == "weight") {
    signal->weight = read_weight(path, value);
    written->weight = true;
  } else if (key == "measure") {
    const auto measure = value->type == JsonType::string ? measure_of_name(value->text) : std::nullopt;
    if (!measure) invalid(path, value, "Use count, days, sum, last, mean, distinct, recency, ratio or trend.");
    signal->measure = *measure;
  } else if (key == "unit") {
    signal->unit = read_word<Unit>(path, value, kUnits, "Use raw, score, or in a scorecard share.");
    written->unit = true;
  } else if (key == "neutral") {
    signal->neutral = read_number(path, value, -1e12, 1e12, "Use a number, up to 1e12 in size.");
    written->neutral = true;
  } else if (key == "window_days") {
    signal->window_days = value->type == JsonType::null ? kNeverExpires : read_days(path, value);
    written->window = true;
  } else if (key == "daily_cap") {
    signal->daily_cap =
        read_whole(path, value, 1, kMaxCount, "Use a whole number from 1 to 2147483647, or leave it out for no cap.");
  } else if (key == "max_points") {
    signal->max_points =
        read_number(path, value, 0, 1e12, "Use a number from 0 to 1e12, or leave it out for no bound.");
  } else if (key == "inactive_days") {
    signal->inactive_days = read_days(path, value);
  } else if (key == "days") {
    signal->window_days = read_days(path, value);
    written->days = true;
  } else if (key == "min_days") {
    signal->min_days = read_days(path, value);
    written->min_days = true;
  } else if (key == "of") {
    written->of = true;
    const std::optional<Json> measure = member(parent, "measure");
    if (measure && (*measure)->text == "ratio") {
      if (value->type != JsonType::string) invalid(path, value, "Name the signal of the model that it is divided by.");
      signal->of = value->text;
    } else {
      constexpr std::string_view words[] = {"size"};
      read_word<int>(path, value, words, "The only share is of \"size\"; leave it out for a plain number.");
      signal->of_size = true;
    }
  } else if (key == "values") {
    if (value->type != JsonType::boolean) invalid(path, value, "Use true for the sums of values, false for events.");
    signal->of_values = value->boolean;
    written->values = true;
  } else if (key == "scale" || key == "steps") {
    signal->scale.steps = key == "steps";
    (signal->scale.steps ? written->steps : written->scale) = true;
    signal->scale.points.clear();
    read_scale(path, value, &signal->scale);
  } else if (key == "out_of") {
    signal->out_of = read_positive(path, value, "Use the top of its range, a positive number.");
  } else if (key == "half_life_days") {
    signal->own_decay.half_life_days = read_decay(path, value);
    written->half_life = signal->has_own_decay = true;
  } else if (key == "linear_days") {
    signal->own_decay.linear_days = read_decay(path, value);
    written->linear = signal->has_own_decay = true;
  } else if (key == "usage") {
    signal->usage = read_bool(path, value);
    written->usage = true;
  } else if (key == "opportunity") {
    signal->opportunity = read_bool(path, value);
  } else if (key == "expected_within_days") {
    signal->expected_within_days = read_days(path, value);
  } else if (key == "set_score") {
    signal->set_score = read_bool(path, value);
  } else if (key == "aliases") {
    read_aliases(path, value, signal);
  } else if (key == "label") {
    read_text(path, value, &signal->label);
  } else if (key == "next_step") {
    read_texts(path, value, Braces::text, &signal->next_step);
  } else if (key == "text") {
    read_texts(path, value, Braces::placeholders, &signal->text);
  } else if (key == "dimension") {
    signal->dimension = read_string(path, value);
  } else {
    unknown_signal_key(path, value, parent);
  }
}

[[noreturn]] void misplaced(const Path& path, const char* key, const char* why, const char* hint) {
  char where[320];
  const int length = Path{&path, key}.print(where, sizeof where);
  fail(kInvalidParameter, hint, "%.*s %s", length, where, why);
}

constexpr bool needs_window(Measure measure) {
  return measure == Measure::distinct || measure == Measure::recency || measure == Measure::ratio ||
         measure == Measure::trend;
}

void check_scale(const Path& path, const Signal& signal, const Written& written) {
  if (!signal.scale.given()) return;
  const char* const key = written.steps ? "steps" : "scale";
  if (written.scale && written.steps) misplaced(path, "scale", "and steps are both given", "Leave one of them out.");
  if (written.neutral)
    misplaced(path, key, "and neutral are both given", "A scale says what each value counts for: leave neutral out.");
  if (written.unit && signal.unit == Unit::raw)
    misplaced(path, key, "does not go with unit raw", "What it gives is points: leave unit out, or use score.");
  if (signal.has_own_decay)
    misplaced(path, key, "does not go with a decay of its own", "It takes the whole window: leave one of them out.");
}

// The rules between options of one signal.
void check_signal(const Path& path, const Signal& signal, const Written& written) {
  const bool distinct = signal.measure == Measure::distinct;
  const bool ratio = signal.measure == Measure::ratio;
  const bool star = signal.name.back() == '*';
  if (distinct && !star)
    misplaced(path, "measure", "is distinct, but the key does not end in *",
              "Distinct counts all signals with a prefix: name it \"user:*\".");
  if (star && !distinct)
    misplaced(path, "measure", "must be distinct for a key that ends in *",
              "Add \"measure\": \"distinct\", or name one signal.");
  if (signal.set_score && signal.measure != Measure::last)
    misplaced(path, "set_score", "is for measure last only", "Add \"measure\": \"last\".");
  if (signal.set_score && written.unit && signal.unit != Unit::score)
    misplaced(path, "unit", "must be score where set_score is true", "Leave it out.");
  if (!written.weight && !signal.set_score) misplaced(path, "weight", "is missing", kWeightHint);
  if (written.days && !distinct) misplaced(path, "days", "is for measure distinct only", "Use window_days.");
  if (written.min_days && !distinct) misplaced(path, "min_days", "is for measure distinct only", "Leave it out.");
  if (written.of && !distinct && !ratio)
    misplaced(path, "of", "is for measures distinct and ratio only", "Leave it out.");
  if (ratio && !written.of)
    misplaced(path, "of", "is missing", "Name the signal that it is divided by: \"of\": \"login\".");
  if (written.values && !ratio) misplaced(path, "values", "is for measure ratio only", "Leave it out.");
  if (written.days && written.window)
    misplaced(path, "days", "and window_days are both given", "For measure distinct use days.");
  if (written.neutral && !signal.gauge())
    misplaced(path, "neutral", "is for gauges only",
              "Gauges are last, mean, distinct, recency, ratio and trend. Leave it out, or use scale.");
  if (signal.out_of != kNone && !signal.gauge())
    misplaced(path, "out_of", "is for gauges only",
              "Gauges are last, mean, distinct, recency, ratio and trend. Leave it out.");
  if (signal.daily_cap != 0 && signal.measure != Measure::count)
    misplaced(path, "daily_cap", "is for measure count only", "Leave it out, or bound the signal with max_points.");
  if (distinct && !signal.aliases.empty())
    misplaced(path, "aliases", "do not go with measure distinct", "Rename the signals when the activity is built.");
  if (written.window && signal.window_days == kNeverExpires && needs_window(signal.measure))
    misplaced(path, "window_days", "may not be null for measures distinct, recency, ratio and trend",
              "Use a whole number of days, from 1 to 36500.");
  if (signal.has_own_decay && signal.gauge())
    misplaced(path, written.half_life ? "half_life_days" : "linear_days", "does not go with a gauge",
              "What is in force does not fade; give it a window_days after which it is too old.");
  if (signal.own_decay.half_life_days != kNone && signal.own_decay.linear_days != kNone)
    misplaced(path, "half_life_days", "and linear_days are both given", "Leave one of them out.");
  check_scale(path, signal, written);
}

// A measure of a scorecard is a part of its best.
void check_share(const Path& path, const Signal& signal, const Written& written) {
  const bool best_is_one =
      signal.measure == Measure::recency || (signal.measure == Measure::distinct && signal.of_size);
  if (!signal.by_value())
    misplaced(path, "unit", "share needs a gauge or a scale", "Add \"scale\": [[0, 0], [30, 1]], or leave unit out.");
  if (!signal.scale.given() && signal.out_of == kNone && !best_is_one)
    misplaced(path, "out_of", "is missing: what is the best value?",
              "Add \"out_of\": 10, or \"scale\": [[0, 0], [30, 1]].");
  if (signal.weight < 0)
    misplaced(path, "weight", "of a measure of a scorecard must not be below 0",
              "Use unit score for what takes points.");
  if (written.neutral) misplaced(path, "neutral", "does not go with unit share", "Use a scale.");
  if (signal.max_points != kNone) misplaced(path, "max_points", "does not go with unit share", "Leave it out.");
}

Signal read_signal(const Path& parent, Json value, const Model& model, Memory* memory) {
  const Path path{&parent, value->key};
  check_signal_name(value->key);
  Signal signal(memory);
  signal.name = value->key;
  Written written{};
  if (value->type == JsonType::number) {
    signal.weight = read_weight(path, value);
    written.weight = true;
  } else if (value->type == JsonType::object) {
    for (const Json option : value) read_signal_option(Path{&path, option->key}, option, value, &signal, &written);
  } else {
    invalid_number(path, value, "Use a weight, or an object such as {\"weight\": 9, \"measure\": \"days\"}.");
  }
  check_signal(path, signal, written);
  if (signal.set_score && !written.weight) signal.weight = kMicro;  // it weighs nothing: its value is the score
  if (!written.unit && (signal.by_value() || signal.weight < 0))
    signal.unit = model.scorecard() && signal.weight > 0 && !signal.set_score ? Unit::share : Unit::score;
  if (signal.unit == Unit::share) check_share(path, signal, written);
  if (!written.usage) signal.usage = signal.weight > 0 && shows_presence(signal.measure);
  if (signal.label.in(Language::en).empty())
    for (ByteString& label : signal.label.by_language) label = label_of_name(signal.name, memory);
  if (!written.window && !written.days)
    signal.window_days = signal.measure == Measure::trend ? model.trend_days : model.window_days;
  return signal;
}

}  // namespace

const Text* TextsByKind::find(Kind kind) const {
  for (const OfKind& each : texts_)
    if (each.kind == kind) return &each.text;
  return nullptr;
}

Text* TextsByKind::at(Kind kind) {
  for (OfKind& each : texts_)
    if (each.kind == kind) return &each.text;
  return &texts_.emplace_back(OfKind{kind, Text(memory_of(texts_))}).text;
}

void Model::read(Json json, Memory* memory) {
  if (json->type != JsonType::object)
    fail(kInvalidParameter, "Write for example {\"half_life_days\": 30, \"signals\": {\"login\": 1, \"export\": 5}}.",
         "a health_model must be an object, not %s", json_type_name(json->type));
  constexpr char hint_points[] = "Use a number from 0 to 100.";
  constexpr char hint_decay[] = "Use a positive number of days, or leave it out for no decay.";
  bands.assign(std::begin(kDefaultBands), std::end(kDefaultBands));
  std::optional<Json> signals_json, bands_json, cut_json, caps_json, maximum_json;
  std::string_view name, version;
  std::optional<std::int32_t> silent;
  for (const Json item : json) {
    const std::string_view key = item->key;
    const Path path{nullptr, key};
    if (key == "signals") {
      if (item->type != JsonType::object)
        invalid(path, item, "Use an object of weights, such as {\"login\": 1, \"export\": 5}.");
      signals_json = item;
    } else if (key == "window_days") {
      window_days = read_days(path, item);
    } else if (key == "half_life_days") {
      decay_terms.half_life_days = read_positive(path, item, hint_decay);
    } else if (key == "linear_days") {
      decay_terms.linear_days = read_positive(path, item, hint_decay);
    } else if (key == "percentile") {
      constexpr char hint[] = "Use a number between 0 and 1; the 90th percentile is 0.9.";
      percentile = read_number(path, item, 0, 1, hint);
      if (percentile == 0) invalid(path, item, hint);
      if (percentile == 1) maximum_json = item;
    } else if (key == "curve") {
      constexpr std::string_view words[] = {"exponential", "linear", "open"};
      curve = read_word<Curve>(path, item, words, "Use exponential, linear or open.");
    } else if (key == "population") {
      constexpr std::string_view words[] = {"active", "all"};
      population = read_word<Counted>(path, item, words, "Use active or all.");
    } else if (key == "baseline") {
      constexpr char hint[] = "Use a positive number to freeze the baseline, or null to take it from the accounts.";
      if (item->type != JsonType::null) {
        baseline = read_number(path, item, 0, 1e300, hint);
        if (baseline == 0) invalid(path, item, hint);
      }
    } else if (key == "min_population") {
      min_population = static_cast<std::int32_t>(
          read_whole(path, item, 0, 1'000'000'000, "Use a whole number of accounts, 0 or more."));
    } else if (key == "combine") {
      constexpr std::string_view words[] = {"sum", "mean"};
      combine = read_word<Combine>(path, item, words, "Use sum, or mean for a scorecard.");
    } else if (key == "usage_weight") {
      constexpr char hint[] = "Use a positive number: the weight of the raw score in a mean.";
      usage_weight = read_number(path, item, 0, 1e9, hint);
      if (usage_weight == 0) invalid(path, item, hint);
    } else if (key == "dimension_caps") {
      if (item->type != JsonType::object) invalid(path, item, "Use an object of points, such as {\"email\": 10}.");
      caps_json = item;
    } else if (key == "min_tenure_days") {
      min_tenure_days = static_cast<std::int32_t>(
          read_whole(path, item, 1, kMaxWindow, "Use a whole number of days, from 1 to 36500."));
    } else if (key == "size_exponent") {
      size_exponent = read_number(path, item, 0, 10, "Use a number from 0 (ignore the size) to 10; 1 is per seat.");
    } else if (key == "red_below") {
      bands[1].cut = read_number(path, item, 0, 100, hint_points);
      cut_json = item;
    } else if (key == "green_from") {
      bands[2].cut = read_number(path, item, 0, 100, hint_points);
      cut_json = item;
    } else if (key == "bands") {
      bands_json = item;
    } else if (key == "trend_days") {
      trend_days = read_days(path, item);
    } else if (key == "trend_points") {
      trend_points = read_number(path, item, 0, 100, hint_points);
    } else if (key == "drop_points") {
      drop_points = read_number(path, item, 0, 100, hint_points);
    } else if (key == "drop_days") {
      drop_days = read_days(path, item);
    } else if (key == "cooldown_days") {
      cooldown_days = static_cast<std::int32_t>(
          read_whole(path, item, 0, kMaxWindow, "Use a whole number of days, from 0 to 36500."));
    } else if (key == "stable_readings") {
      stable_readings =
          static_cast<std::int32_t>(read_whole(path, item, 1, 1000, "Use a whole number of readings, from 1 to 1000."));
    } else if (key == "stable_margin") {
      stable_margin = read_number(path, item, 0, 100, hint_points);
    } else if (key == "max_drivers") {
      max_drivers = static_cast<std::int32_t>(
          read_whole(path, item, 1, kMaxModelSignals, "Use a whole number of drivers, from 1 to 10000."));
    } else if (key == "language") {
      constexpr std::string_view words[] = {"en", "fr"};
      language = read_word<Language>(path, item, words, "Use en or fr.");
    } else if (key == "name") {
      name = read_string(path, item);
    } else if (key == "version") {
      version = read_string(path, item);
    } else if (key == "next_steps") {
      if (item->type != JsonType::null) read_next_steps(item);
    } else if (key == "weekend") {
      weekend = read_weekend(path, item);
    } else if (key == "silent_days") {
      silent = read_days(path, item);
    } else if (key == "risk_points") {
      risk_points = read_number(path, item, 0, 100, hint_points);
    } else {
      unknown_model_key(path, item, json);
    }
  }
  if (decay_terms.half_life_days != kNone && decay_terms.linear_days != kNone)
    fail(kInvalidParameter, "Leave one of them out.", "half_life_days and linear_days are both given");
  if (maximum_json && curve != Curve::linear)
    invalid(Path{nullptr, "percentile"}, *maximum_json, "1, the maximum, goes with \"curve\": \"linear\" only.");
  silent_days = silent.value_or(weekend != 0 ? 7 : 10);
  title = name;
  if (!name.empty() && !version.empty()) title.append(" ").append(version);
  if (bands[1].cut > bands[2].cut)
    fail(kInvalidParameter, "Bands are [0, red_below) red, up to green_from yellow, then green.",
         "red_below %g is above green_from %g", bands[1].cut, bands[2].cut);
  if (bands_json && cut_json)
    fail(kInvalidParameter,
         "The bands have their own cuts: leave out red_below and green_from; in an override, set them to null.",
         "bands and %.*s are both given", shown((*cut_json)->key), (*cut_json)->key.data());
  if (bands_json) read_bands(Path{nullptr, "bands"}, *bands_json, &bands, &band_names_);
  own_bands = bands_json.has_value();
  if (signals_json) {
    const Path path{nullptr, "signals"};
    for (const Json item : *signals_json) {
      if (signals.size() == kMaxModelSignals)
        fail(kTooLarge, "A model holds at most 10000 signals.", "too many signals in one health_model");
      signals.push_back(read_signal(path, item, *this, memory));
    }
  }
  index();
  if (caps_json) read_caps(*caps_json);
}

void Model::index() {
  std::sort(signals.begin(), signals.end(), [](const Signal& a, const Signal& b) { return a.name < b.name; });
  const auto dimension_of = [](const Signal& signal) {
    return signal.dimension.empty() ? std::string_view("other") : signal.dimension;
  };
  for (const Signal& signal : signals)
    if (signal.weight != 0) dimensions_.push_back(dimension_of(signal));
  std::sort(dimensions_.begin(), dimensions_.end());
  dimensions_.erase(std::unique(dimensions_.begin(), dimensions_.end()), dimensions_.end());
  for (std::size_t i = 0; i < signals.size(); ++i) {
    Signal& signal = signals[i];
    signal.dimension_index = static_cast<std::size_t>(
        std::lower_bound(dimensions_.begin(), dimensions_.end(), dimension_of(signal)) - dimensions_.begin());
    const auto number = static_cast<std::int32_t>(i);
    const std::string_view name = signal.name;
    if (signal.measure == Measure::distinct) prefixes_.push_back({name.substr(0, name.size() - 1), number, -1});
    else by_name_.push_back({name, number});
    for (const ByteString& alias : signal.aliases) by_name_.push_back({alias, number});
    for (const bool sized : {false, true})
      only_plain_[sized] = only_plain_[sized] && (signal.weight == 0 || signal.plain(sized));
    if (signal.weight != 0 && signal.by_value() && zero_without_activity(signal.measure) &&
        (signal.unit == Unit::share || signal.effect(0) != 0))
      present_.push_back(number);
    if (signal.weight != 0 && signal.expected_within_days != 0) awaited_.push_back(number);
    has_usage_ = has_usage_ || signal.usage;
    needs_size_ = needs_size_ || (signal.weight != 0 && signal.of_size);
    has_raw_ = has_raw_ || (signal.weight != 0 && signal.unit == Unit::raw);
    reach_ = std::max(reach_, signal.reach());
    if (signal.by_value()) continue;
    longest_window_ = std::max(longest_window_, signal.reach());
    if (signal.scaled_by_tenure()) longest_scaled_ = std::max(longest_scaled_, signal.reach());
  }
  const auto by_name = [](const Name& a, const Name& b) { return a.name < b.name; };
  std::sort(by_name_.begin(), by_name_.end(), by_name);
  std::sort(prefixes_.begin(), prefixes_.end(), [](const Prefix& a, const Prefix& b) { return a.text < b.text; });
  for (std::size_t i = 1; i < prefixes_.size(); ++i) {
    auto outer = static_cast<std::int32_t>(i) - 1;
    while (outer >= 0 && !prefixes_[i].text.starts_with(prefixes_[static_cast<std::size_t>(outer)].text))
      outer = prefixes_[static_cast<std::size_t>(outer)].outer;
    prefixes_[i].outer = outer;
  }
  for (std::size_t i = 1; i < by_name_.size(); ++i) {
    if (by_name_[i].name != by_name_[i - 1].name) continue;
    fail(kInvalidParameter, "An alias is an old name: it stands for one signal and is no signal itself.",
         "signal \"%.*s\" is named twice in health_model", shown(by_name_[i].name), by_name_[i].name.data());
  }
  longest_window_ = std::max<std::int64_t>(longest_window_, window_days);
  index_decays();
  index_ratios();
  index_scorecard();
}

void Model::read_next_steps(Json steps) {
  const Path path{nullptr, "next_steps"};
  if (steps->type != JsonType::object)
    invalid(path, steps, "Use an object of steps, such as {\"silent\": \"Call the sponsor\"}.");
  for (const Json item : steps) {
    const Path here{&path, item->key};
    const auto* const step = std::find_if(std::begin(kDefaultSteps), std::end(kDefaultSteps),
                                          [&](const auto& each) { return kind_name(each.kind) == item->key; });
    if (step == std::end(kDefaultSteps)) {
      Hint hint;
      if (signal_kind_of_name(item->key)) hint.add("What to do about a signal stands in its own next_step. ");
      else hint.add_nearest(item->key, kStepNames);
      unknown_key(here, hint.add("Known states of an account: ").add_list(kStepNames).text());
    }
    if (item->type != JsonType::null) read_text(here, item, next_steps_.at(step->kind));
  }
}

std::string_view Model::next_step(Kind kind) const {
  const Text* const given = next_steps_.find(kind);
  if (given != nullptr) return given->in(language);
  for (const auto& step : kDefaultSteps)
    if (step.kind == kind) return step.text[static_cast<int>(language)];
  return {};
}

// The bounds of dimensions that some signal of unit score is in; others bound nothing.
void Model::read_caps(Json caps) {
  const Path path{nullptr, "dimension_caps"};
  for (const Json item : caps) {
    const double points =
        read_number(Path{&path, item->key}, item, 0, 1e12, "Use how many points a dimension gives or takes at most.");
    const auto at = std::lower_bound(dimensions_.begin(), dimensions_.end(), item->key);
    if (at == dimensions_.end() || *at != item->key) {
      char where[320];
      const int length = Path{&path, item->key}.print(where, sizeof where);
      fail(kInvalidParameter, "Name a dimension that a signal has, or other for those without one.",
           "%.*s is no dimension of the health_model", length, where);
    }
    caps_.push_back({static_cast<std::size_t>(at - dimensions_.begin()), points});
  }
}

void Model::index_scorecard() {
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const Signal& signal = signals[i];
    if (signal.weight == 0) continue;
    if (signal.set_score) {
      if (override_signal_ != kUnknown)
        fail(kInvalidParameter, "One signal may set the score.", "two signals of the health_model have set_score");
      override_signal_ = static_cast<std::int32_t>(i);
    }
    if (signal.unit == Unit::share) measure_weight_ += signal.w();
  }
  measure_weight_ += usage_weight;
  if (!scorecard()) {
    if (usage_weight != 0)
      fail(kInvalidParameter, "Add \"combine\": \"mean\".", "usage_weight is for a scorecard only");
    if (measure_weight_ > 0)
      fail(kInvalidParameter, "Add \"combine\": \"mean\".", "unit share is for a scorecard only");
    return;
  }
  if (has_raw_ != (usage_weight != 0))
    fail(kInvalidParameter,
         has_raw_ ? "Say what the raw score counts in the mean: \"usage_weight\": 40."
                  : "Leave usage_weight out, or add signals of unit raw such as \"login\": 1.",
         has_raw_ ? "a scorecard with raw signals needs usage_weight" : "usage_weight needs a signal of unit raw");
}

void Model::index_ratios() {
  for (Signal& signal : signals) {
    if (signal.measure != Measure::ratio) continue;
    const auto at = std::lower_bound(by_name_.begin(), by_name_.end(), signal.of,
                                     [](const Name& each, std::string_view wanted) { return each.name < wanted; });
    if (at != by_name_.end() && at->name == signal.of && &signals[static_cast<std::size_t>(at->signal)] != &signal) {
      signal.of_signal = at->signal;
      continue;
    }
    Vector<std::string_view> others(memory_of(signals));
    for (const Name& each : by_name_)
      if (&signals[static_cast<std::size_t>(each.signal)] != &signal) others.push_back(each.name);
    Hint hint;
    hint.add_nearest(signal.of, others);
    hint.add("Name one that the model has; give it weight 0 if it should count for nothing.");
    fail(kInvalidParameter, hint.text(), "signals.%.*s.of names no other signal of the model: \"%.*s\"",
         shown(signal.name), signal.name.data(), shown(signal.of), signal.of.data());
  }
}

void Model::index_decays() {
  const auto terms_of = [this](const Signal& signal) { return signal.has_own_decay ? signal.own_decay : decay_terms; };
  Vector<DecayTerms> own(memory_of(decays_));
  for (const Signal& signal : signals)
    if (terms_of(signal) != decay_terms) own.push_back(signal.own_decay);
  // Infinite is what is left out: no decay comes first, then half-lives, then linear ones.
  const auto order = [](const DecayTerms& terms) {
    const int kind = terms.half_life_days != kNone ? 1 : terms.linear_days != kNone ? 2 : 0;
    return std::tuple(kind, std::min(terms.half_life_days, terms.linear_days));
  };
  const auto before = [&](const DecayTerms& a, const DecayTerms& b) { return order(a) < order(b); };
  std::sort(own.begin(), own.end(), before);
  own.erase(std::unique(own.begin(), own.end()), own.end());
  const std::size_t tables = own.size() + 1;
  decays_.reserve(tables);
  decays_.emplace_back(memory_of(decays_)).set(decay_terms, tables);
  for (const DecayTerms& terms : own) decays_.emplace_back(memory_of(decays_)).set(terms, tables);
  for (Signal& signal : signals) {
    if (terms_of(signal) == decay_terms) continue;
    const auto place = std::lower_bound(own.begin(), own.end(), signal.own_decay, before);
    signal.decay = static_cast<std::size_t>(place - own.begin()) + 1;
  }
}

void Model::require_signals() const {
  if (signals.empty())
    fail(kInvalidParameter, "Add weights: {\"signals\": {\"login\": 1, \"export\": 5}}.",
         "health_model has no signals");
}

void Model::require_sum() const {
  if (scorecard())
    fail(kInvalidParameter, "Score the dates with health_score(...) OVER (PARTITION BY segment, as_of).",
         "a scorecard (combine mean) has no score from raw scores alone");
}

// ---------------------------------------------------------------- override

namespace {

constexpr int kMaxDepth = 16;  // a model is five levels deep

// The members of an object by their keys.
class Members {
 public:
  Members(Json object, Memory* memory) : sorted_(memory) {
    for (const Json item : object) sorted_.push_back(item);
    std::sort(sorted_.begin(), sorted_.end(), [](const Json& a, const Json& b) { return a->key < b->key; });
  }
  std::optional<Json> find(std::string_view key) const {
    const auto at = std::lower_bound(sorted_.begin(), sorted_.end(), key,
                                     [](const Json& item, std::string_view wanted) { return item->key < wanted; });
    if (at == sorted_.end() || (*at)->key != key) return std::nullopt;
    return *at;
  }

 private:
  Vector<Json> sorted_;
};

enum class Level { model, signals, signal, below };

Level child_level(Level level, std::string_view key) {
  if (level == Level::model) return key == "signals" ? Level::signals : Level::below;
  return level == Level::signals ? Level::signal : Level::below;
}

void write(std::string_view key, Json value, JsonWriter* out) {
  out->key(key);
  out->copy(value);
}

Micros weight_of(Json signal) {
  const Json weight = signal->type == JsonType::number ? signal : member(signal, "weight").value_or(signal);
  Micros micros = 0;
  const bool known = weight->type == JsonType::number && parse_micros(weight->text, false, &micros) == Parsed::ok;
  return known ? micros : 0;
}

// Whether the sign of a signal's weight decides its unit: nothing else of it does.
bool unit_by_weight(Json signal) {
  if (signal->type == JsonType::number) return true;
  if (signal->type != JsonType::object) return false;
  for (const char* key : {"unit", "scale", "steps"})
    if (has_key(signal, key)) return false;
  const std::optional<Json> measure = member(signal, "measure");
  return !measure || !is_gauge(measure_of_name((*measure)->text).value_or(Measure::count));
}

// Whether a signal joined the raw score by its weight, and would not by the weight that the patch gives it.
bool stays_raw(Json base, Json patch) {
  return unit_by_weight(base) && weight_of(base) >= 0 && unit_by_weight(patch) && weight_of(patch) < 0 &&
         !has_key(patch, "measure");
}

void write_unit(Unit unit, JsonWriter* out) {
  out->key("unit");
  out->string(kUnits[static_cast<int>(unit)]);
}

void merge_value(Json base, Json patch, Level level, int depth, JsonWriter* out) {
  if (depth > kMaxDepth) fail(kInvalidParameter, "A model is five levels deep.", "health_model is nested too deeply");
  if (count_of(patch) > kMaxModelSignals)
    fail(kTooLarge, "A model holds at most 10000 signals.", "too many keys in one override of a health_model");
  const bool bare_base = base->type == JsonType::number, bare_patch = patch->type == JsonType::number;
  const bool raw = level == Level::signal && stays_raw(base, patch);
  if (level == Level::signal && bare_base && patch->type == JsonType::object) {
    // The base is a bare weight: the patch adds options to it.
    out->begin(JsonType::object);
    if (!has_key(patch, "weight")) write("weight", base, out);
    for (const Json item : patch)
      if (item->type != JsonType::null) write(item->key, item, out);
  } else if (level == Level::signal && bare_patch && (raw || base->type == JsonType::object)) {
    // The patch is a bare weight: the other options of the base stay.
    out->begin(JsonType::object);
    for (const Json item : base)
      if (item->key != "weight") write(item->key, item, out);
    write("weight", patch, out);
  } else if (base->type == JsonType::object && patch->type == JsonType::object) {
    const Members in_base(base, out->memory()), in_patch(patch, out->memory());
    out->begin(JsonType::object);
    for (const Json item : base) {
      const std::optional<Json> other = in_patch.find(item->key);
      if (!other) {
        write(item->key, item, out);
      } else if ((*other)->type != JsonType::null) {
        out->key(item->key);
        merge_value(item, *other, child_level(level, item->key), depth + 1, out);
      }
    }
    for (const Json item : patch)
      if (item->type != JsonType::null && !in_base.find(item->key)) write(item->key, item, out);
  } else {
    out->copy(patch);
    return;
  }
  if (raw) write_unit(Unit::raw, out);
  out->end();
}

// The unit that follows from the weight, or from being a measure of a scorecard, where none is written.
std::optional<Unit> unit_to_settle(Json signal, bool scorecard) {
  const Micros weight = weight_of(signal);
  if (unit_by_weight(signal)) return weight < 0 ? std::optional(Unit::score) : std::nullopt;
  if (!scorecard || weight == 0 || has_key(signal, "unit") || has_key(signal, "set_score")) return std::nullopt;
  return weight > 0 ? Unit::share : Unit::score;
}

}  // namespace

bool settle_units(Json model, JsonWriter* out) {
  bool settled = false;
  const std::optional<Json> combine = member(model, "combine");
  const bool scorecard = combine && (*combine)->text == "mean";
  out->begin(JsonType::object);
  for (const Json item : model) {
    if (item->key != "signals") {
      write(item->key, item, out);
      continue;
    }
    out->key(item->key);
    out->begin(JsonType::object);
    for (const Json signal : item) {
      const std::optional<Unit> unit = unit_to_settle(signal, scorecard);
      if (!unit) {
        write(signal->key, signal, out);
        continue;
      }
      settled = true;
      out->key(signal->key);
      out->begin(JsonType::object);
      if (signal->type == JsonType::number) write("weight", signal, out);
      for (const Json option : signal) write(option->key, option, out);
      write_unit(*unit, out);
      out->end();
    }
    out->end();
  }
  out->end();
  return settled;
}

void merge_model(Json base, Json patch, JsonWriter* out) {
  if (patch->type != JsonType::object)
    fail(kInvalidParameter, "Write for example model || '{\"signals\": {\"login\": 2}}'.",
         "a health_model is overridden by an object, not by %s", json_type_name(patch->type));
  merge_value(base, patch, Level::model, 0, out);
}

}  // namespace health
