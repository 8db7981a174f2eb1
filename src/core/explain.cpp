#include "explain.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "drivers.hpp"

namespace health {

namespace {

#define NBSP "\u00A0"  // French sets a no-break space before % : ;

// A template in one language, for a count of one and for larger ones.
struct Phrase {
  const char* one;
  const char* many;
};
struct Template {
  Phrase en, fr;
  const Phrase& in(Language language) const { return language == Language::fr ? fr : en; }
};

// Templates; placeholders as in a signal's own text (kPlaceholders).
constexpr Template kRiskOnce = {{"{label} once, {ago} day ago", "{label} once, {ago} days ago"},
                                {"{label} une fois, il y a {ago} jour", "{label} une fois, il y a {ago} jours"}};
constexpr Template kRiskTimes = {
    {"{label} {count} times, last {ago} day ago", "{label} {count} times, last {ago} days ago"},
    {"{label} {count} fois, la dernière il y a {ago} jour", "{label} {count} fois, la dernière il y a {ago} jours"}};
constexpr Template kRiskDays = {
    {"{label} on {count} days, last {ago} day ago", "{label} on {count} days, last {ago} days ago"},
    {"{label} sur {count} jours, le dernier il y a {ago} jour",
     "{label} sur {count} jours, le dernier il y a {ago} jours"}};
constexpr Template kRiskSum = {
    {"{label}: {value} in {window} days, last {ago} day ago", "{label}: {value} in {window} days, last {ago} days ago"},
    {"{label}" NBSP ": {value} en {window} jours, dernière fois il y a {ago} jour",
     "{label}" NBSP ": {value} en {window} jours, dernière fois il y a {ago} jours"}};
constexpr Template kInactive = {
    {"{label} inactive for {days} day", "{label} inactive for {days} days"},
    {"{label} sans activité depuis {days} jour", "{label} sans activité depuis {days} jours"}};
constexpr Template kDown = {{"{label} down {pct}%", "{label} down {pct}%"},
                            {"{label} en baisse de {pct}" NBSP "%", "{label} en baisse de {pct}" NBSP "%"}};
constexpr Template kUp = {{"{label} up {pct}%", "{label} up {pct}%"},
                          {"{label} en hausse de {pct}" NBSP "%", "{label} en hausse de {pct}" NBSP "%"}};
constexpr Template kLeaving = {{"{label}: earlier burst is leaving the {window}-day window",
                                "{label}: earlier burst is leaving the {window}-day window"},
                               {"{label}" NBSP ": un pic antérieur sort de la fenêtre de {window} jour",
                                "{label}" NBSP ": un pic antérieur sort de la fenêtre de {window} jours"}};
constexpr Template kFresh = {
    {"{label} started: {recent} in {trend} day", "{label} started: {recent} in {trend} days"},
    {"{label}" NBSP ": début, {recent} en {trend} jour", "{label}" NBSP ": début, {recent} en {trend} jours"}};
constexpr Template kLow = {{"{label} low: {value}", "{label} low: {value}"},
                           {"{label}" NBSP ": niveau bas, {value}", "{label}" NBSP ": niveau bas, {value}"}};
constexpr Template kHigh = {{"{label} high: {value}", "{label} high: {value}"},
                            {"{label}" NBSP ": niveau élevé, {value}", "{label}" NBSP ": niveau élevé, {value}"}};
constexpr Template kOverridden = {
    {"Score set by {label}: {value}", "Score set by {label}: {value}"},
    {"Score fixé par {label}" NBSP ": {value}", "Score fixé par {label}" NBSP ": {value}"}};
constexpr Template kExpired = {
    {"{label}: no reading for {window} day", "{label}: no reading for {window} days"},
    {"{label}" NBSP ": aucune mesure depuis {window} jour", "{label}" NBSP ": aucune mesure depuis {window} jours"}};
constexpr Template kPeers = {
    {"{label}: {recent} (peers {peers})", "{label}: {recent} (peers {peers})"},
    {"{label}" NBSP ": {recent} (pairs {peers})", "{label}" NBSP ": {recent} (pairs {peers})"}};
constexpr Template kBelow = {{"{label} below peers", "{label} below peers"},
                             {"{label} sous le niveau des pairs", "{label} sous le niveau des pairs"}};
constexpr Template kSteady = {{"{label} steady", "{label} steady"}, {"{label} stable", "{label} stable"}};
// For signals that are neither down nor low, but cost points.
constexpr Template kMoved = {
    {"{label}: {recent} in {trend} day ({prior} before)", "{label}: {recent} in {trend} days ({prior} before)"},
    {"{label}" NBSP ": {recent} en {trend} jour ({prior} avant)",
     "{label}" NBSP ": {recent} en {trend} jours ({prior} avant)"}};
constexpr Template kMovedGauge = {
    {"{label}: {value} ({prior} before)", "{label}: {value} ({prior} before)"},
    {"{label}" NBSP ": {value} ({prior} avant)", "{label}" NBSP ": {value} ({prior} avant)"}};
constexpr Template kNever = {{"{label}: none so far", "{label}: none so far"},
                             {"{label}" NBSP ": rien à ce jour", "{label}" NBSP ": rien à ce jour"}};

// ---------------------------------------------------------------- numbers

void append_number(ByteString* out, double value, int places, Language language) {
  char text[std::numeric_limits<double>::max_exponent10 + 8];
  char* const end = places == 0 && std::fabs(value) < 1e18
                        ? std::to_chars(text, text + sizeof text, std::llrint(value)).ptr
                        : std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, places).ptr;
  if (language == Language::fr) std::replace(text, end, '.', ',');
  std::string_view digits(text, static_cast<std::size_t>(end - text));
  if (digits[0] == '-') {
    digits.remove_prefix(1);
    const bool zero = digits.find_first_of("123456789") == std::string_view::npos;
    if (!zero) *out += language == Language::fr ? "\u2212" : "-";
  }
  *out += digits;
}

// Events and sums: whole numbers without a decimal, others with one.
void append_amount(ByteString* out, double value, Language language) {
  append_number(out, value, value == std::floor(value) ? 0 : 1, language);
}

// A number that a signal measures: a share in percent, a reading, or an amount.
void append_measure(ByteString* out, const Signal& signal, double value, Language language) {
  if (signal.of_size || signal.measure == Measure::recency || signal.measure == Measure::trend || signal.out_of == 1) {
    append_number(out, std::floor(100 * value + 0.5), 0, language);
    out->append(language == Language::fr ? NBSP "%" : "%");
  } else if (signal.measure == Measure::last || signal.measure == Measure::mean) {
    append_number(out, value, std::fabs(value) < 1000 ? 1 : 0, language);
  } else if (signal.measure == Measure::ratio) {
    append_number(out, value, 2, language);
  } else {
    append_amount(out, value, language);
  }
}

double missing(const Situation& situation, const Signal& signal, const SignalFacts& seen) {
  if (!situation.size) return 0;
  const std::int64_t active = signal.measure == Measure::distinct ? seen.count : 0;
  return std::max(0.0, *situation.size - static_cast<double>(active));
}

// ---------------------------------------------------------------- templates

// Appends what a placeholder stands for; false if there is none of that name.
bool append_placeholder(ByteString* out, std::string_view name, const Situation& situation, const Driver& driver) {
  const Model& model = situation.model;
  const Signal& signal = model.signal(driver.signal);
  const Language language = model.language;
  const SignalFacts& seen = driver.reading->facts;
  const auto amount = [&](double value) { append_amount(out, value, language); };
  const auto measure = [&](double value) { append_measure(out, signal, value, language); };
  if (name == "label") *out += signal.label.in(language);
  else if (name == "value") measure(seen.value);
  else if (name == "recent") measure(seen.recent_value);
  else if (name == "prior") measure(seen.prior_value);
  else if (name == "pct") append_number(out, std::fabs(seen.pct().value_or(0)), 0, language);
  else if (name == "days") amount(signal.measure == Measure::distinct ? signal.window_days : seen.days_inactive);
  else if (name == "missing") amount(missing(situation, signal, seen));
  else if (name == "size") amount(situation.size.value_or(0));
  else if (name == "count") amount(static_cast<double>(seen.count));
  else if (name == "ago") amount(seen.days_inactive + 1);
  else if (name == "window") amount(model.days_of_window(signal));
  else if (name == "trend") amount(model.trend_days);
  else if (name == "peers") measure(situation.peers.of(driver.signal).recent);
  else return false;
  return true;
}

void expand(std::string_view text, const Situation& situation, const Driver& driver, ByteString* out) {
  while (!text.empty()) {
    constexpr std::size_t kLongest = sizeof "{missing}";
    const std::size_t plain = std::min(text.find('{'), text.size());
    *out += text.substr(0, plain);
    text.remove_prefix(plain);
    const std::size_t end = text.substr(0, kLongest).find('}');
    if (end != std::string_view::npos && append_placeholder(out, text.substr(1, end - 1), situation, driver)) {
      text.remove_prefix(end + 1);
    } else if (!text.empty()) {
      *out += text[0];
      text.remove_prefix(1);
    }
  }
}

const Template& risk_template(const Signal& signal, const SignalFacts& seen) {
  if (signal.measure == Measure::sum) return kRiskSum;
  if (seen.count == 1) return kRiskOnce;
  return signal.measure == Measure::days ? kRiskDays : kRiskTimes;
}

// The template of a driver; *counted is the number that its singular or plural goes by.
const Template& template_of(const Situation& situation, const Driver& driver, double* counted) {
  const Signal& signal = situation.model.signal(driver.signal);
  const SignalFacts& seen = driver.reading->facts;
  const bool silent_cost = driver.change && *driver.change <= -1 && seen.recent_known && seen.prior_known;
  if (silent_cost && (driver.kind == Kind::steady || driver.kind == Kind::low || driver.kind == Kind::high) &&
      driver.reading->contribution >= 0) {
    *counted = situation.model.trend_days;
    return signal.gauge() ? kMovedGauge : kMoved;
  }
  // Quote both recent values only where the account's is the smaller one: otherwise they contradict "below peers".
  const Template& below = seen.recent_value < situation.peers.of(driver.signal).recent ? kPeers : kBelow;
  if (driver.rank == 3 && (driver.kind == Kind::up || driver.kind == Kind::fresh || driver.kind == Kind::high))
    return below;
  switch (driver.kind) {
    case Kind::risk: *counted = seen.days_inactive + 1; return risk_template(signal, seen);
    case Kind::inactive: *counted = seen.days_inactive; return kInactive;
    case Kind::down: return kDown;
    case Kind::up: return kUp;
    case Kind::fading: *counted = situation.model.days_of_window(signal); return kLeaving;
    case Kind::fresh: *counted = situation.model.trend_days; return kFresh;
    case Kind::low: return kLow;
    case Kind::high: return kHigh;
    case Kind::overridden: return kOverridden;
    case Kind::expired: *counted = situation.model.days_of_window(signal); return kExpired;
    case Kind::below_peers: return driver.rank == 4 && &below == &kBelow ? kSteady : below;  // a strength
    default: break;
  }
  return seen.seen || driver.points != 0 ? kSteady : kNever;
}

}  // namespace

void driver_sentence(const Situation& situation, const Driver& driver, ByteString* out) {
  const Signal& signal = situation.model.signal(driver.signal);
  const Language language = situation.model.language;
  out->clear();
  if (!signal.text.plain(language).empty()) return expand(signal.text.plain(language), situation, driver, out);
  double counted = 2;
  const Phrase& phrase = template_of(situation, driver, &counted).in(language);
  expand(counted < 2 ? phrase.one : phrase.many, situation, driver, out);
}

std::string_view other_sentence(Language language) {
  return language == Language::fr ? "Autres signaux" : "Other signals";
}

std::string_view baseline_sentence(Language language) {
  return language == Language::fr ? "Les autres comptes ont évolué" : "Other accounts moved";
}

std::string_view coverage_sentence(Language language) {
  return language == Language::fr ? "D’autres mesures disponibles" : "Other measures available";
}

// ---------------------------------------------------------------- the score

double shown_score(double score) { return std::floor(score); }

ByteString explain_score(const Headline& headline, std::span<const std::string_view> sentences, Memory* memory) {
  const bool french = headline.language == Language::fr;
  const double previous = headline.previous.value_or(headline.score), change = headline.score - previous;
  const double shown = shown_score(headline.score), before = shown_score(previous);
  const bool moved = std::fabs(change) >= headline.trend_points && shown != before;
  ByteString out(memory);
  out = "Score";
  if (moved && change < 0) out += french ? " tombé à" : " fell to";
  if (moved && change > 0) out += french ? " monté à" : " rose to";
  out += ' ';
  append_number(&out, shown, 0, headline.language);
  if (moved) {
    out += " (";
    out += change > 0 ? "+" : french ? "\u2212" : "-";
    append_number(&out, std::fabs(shown - before), 0, headline.language);
    out += ')';
  }
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    if (french) out += NBSP;
    out += i == 0 ? ": " : "; ";
    out += sentences[i];
  }
  if (sentences.empty() || !sentences.back().ends_with('.')) out += '.';
  return out;
}

std::optional<Language> language_of_name(std::string_view name) {
  if (name == "en") return Language::en;
  if (name == "fr") return Language::fr;
  return std::nullopt;
}

namespace {

constexpr char kTold[] = "Sentences tell numbers up to 1e15 in size.";

void check_told(double number, const char* what) {
  if (!(std::fabs(number) <= kMostPoints))
    fail(kOutOfRange, kTold, "%s out of range: %s", what, NumberText(number).text);
}

struct JsonDriver {
  std::string_view signal, label, kind, text;
  double points = 0, change = 0, vs_peers = 0;

  // Whether order_drivers() ranks it as a risk, as far as the numbers in the JSON tell.
  bool risk(bool green) const {
    return std::min(points, change) <= kRiskPoints || kind == "inactive" || kind == "down" || kind == "fading" ||
           (!green && vs_peers <= kBelowPeers);
  }
};

JsonDriver read_driver(Json json) {
  constexpr char hint[] = "Pass the drivers of health_report or health_drivers.";
  if (json->type != JsonType::object)
    fail(kInvalidParameter, hint, "a driver must be an object, not %s", json_type_name(json->type));
  JsonDriver driver;
  for (const Json item : json) {
    double* number = item->key == "points"     ? &driver.points
                     : item->key == "change"   ? &driver.change
                     : item->key == "vs_peers" ? &driver.vs_peers
                                               : nullptr;
    std::string_view* text = item->key == "signal"  ? &driver.signal
                             : item->key == "label" ? &driver.label
                             : item->key == "kind"  ? &driver.kind
                             : item->key == "text"  ? &driver.text
                                                    : nullptr;
    if (item->type == JsonType::null || (number == nullptr && text == nullptr)) continue;
    const auto key_size = static_cast<int>(item->key.size());
    if (number != nullptr && item->type != JsonType::number)
      fail(kInvalidParameter, hint, "a driver's %.*s must be a number", key_size, item->key.data());
    if (number != nullptr && !(parse_double(item->text, number) && std::fabs(*number) <= kMostPoints))
      fail(kOutOfRange, kTold, "a driver's %.*s out of range: %.*s", key_size, item->key.data(), shown(item->text),
           item->text.data());
    if (text != nullptr && item->type != JsonType::string)
      fail(kInvalidParameter, hint, "a driver's %.*s must be a string", key_size, item->key.data());
    if (text != nullptr) *text = item->text;
  }
  return driver;
}

// The driver's own text, or else its label and its points; of a risk its change, where that is worse.
std::string_view sentence_of(const JsonDriver& driver, bool risk, Language language, Memory* memory) {
  if (!driver.text.empty()) return driver.text;
  ByteString out(driver.label.empty() ? driver.signal : driver.label, memory);
  const double points = risk ? std::min(driver.points, driver.change) : driver.points;
  out += points < 0 ? (language == Language::fr ? " \u2212" : " -") : " +";
  append_number(&out, std::fabs(points), 1, language);
  return kept(out, memory);
}

}  // namespace

ByteString explain_json(const Headline& headline, Json drivers, Memory* memory) {
  if (drivers->type != JsonType::array)
    fail(kInvalidParameter, "Pass the drivers of health_report or health_drivers.", "drivers must be an array, not %s",
         json_type_name(drivers->type));
  check_told(headline.score, "score");
  if (headline.previous) check_told(*headline.previous, "previous score");
  Vector<std::string_view> risks(memory), strengths(memory);
  bool leading = true;
  const bool green = band_of(headline.score, kDefaultBands) == best_band(kDefaultBands);
  for (const Json item : drivers) {
    const JsonDriver driver = read_driver(item);
    if (driver.signal.empty()) continue;  // kinds other and baseline
    leading = leading && driver.risk(green);
    if (leading && risks.size() < kMaxReasons) risks.push_back(sentence_of(driver, true, headline.language, memory));
    if (driver.points > 0 && strengths.size() < kMaxReasons)
      strengths.push_back(sentence_of(driver, false, headline.language, memory));
  }
  return explain_score(headline, risks.empty() ? strengths : risks, memory);
}

}  // namespace health
