#include "explain.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "drivers.hpp"

namespace health {

namespace {

#define NBSP "\u00A0"  // French sets a no-break space before : ; and what follows a sentence

int move_of(const Headline& headline) {
  return headline.previous ? told_move(headline.score, *headline.previous, headline.trend_points) : 0;
}

}  // namespace

ByteString explain_score(const Headline& headline, std::span<const std::string_view> sentences, Memory* memory) {
  const bool french = headline.language == Language::fr;
  const int move = move_of(headline);
  ByteString out(memory);
  out = "Score";
  if (move < 0) out += french ? " tombé à" : " fell to";
  if (move > 0) out += french ? " monté à" : " rose to";
  out += ' ';
  append_number(&out, shown_score(headline.score), 0, headline.language);
  if (move != 0) {
    out += move > 0 ? " (+" : " (";
    append_number(&out, shown_score(headline.score) - shown_score(*headline.previous), 0, headline.language);
    out += ')';
  }
  for (const std::string_view& sentence : sentences) {
    const bool still = headline.still && &sentence == &sentences.back();
    const char* const separator = &sentence == &sentences.front() ? ":" : ";";
    if (french) out += NBSP;
    out += separator;
    if (still) out += french ? " mais" : " but";
    out += ' ';
    out += sentence;
  }
  if (sentences.empty() && headline.state && move == 0) out += french ? NBSP ": rien de nouveau" : ": nothing new";
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
  std::size_t place = 0;  // in the list
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

// The driver's own text, or else its label and a number of points.
std::string_view sentence_of(const JsonDriver& driver, double points, Language language, Memory* memory) {
  if (!driver.text.empty()) return driver.text;
  ByteString out(driver.label.empty() ? driver.signal : driver.label, memory);
  if (out.empty()) out = other_sentence(language);
  out += points < 0 ? " " : " +";
  append_number(&out, points, 1, language);
  return kept(out, memory);
}

// Ties stay as they are listed. Not std::stable_sort, which takes memory of its own.
template <class Key>
void sort_by(Vector<JsonDriver>* drivers, Key key) {
  std::sort(drivers->begin(), drivers->end(), [&](const JsonDriver& a, const JsonDriver& b) {
    return std::pair(key(a), a.place) < std::pair(key(b), b.place);
  });
}

// What moved that way, most first; nothing smaller than a twentieth of it all.
void choose_movers(Vector<JsonDriver>* drivers, int sign) {
  const auto along = [&](const JsonDriver& driver) { return sign * driver.change; };
  sort_by(drivers, [&](const JsonDriver& driver) { return -along(driver); });
  double all = 0;
  for (const JsonDriver& driver : *drivers) all += std::max(0.0, along(driver));
  const bool any = !drivers->empty() && along(drivers->front()) >= kMovedPoints;
  const auto told = std::find_if(drivers->begin(), drivers->end(), [&](const JsonDriver& driver) {
    return along(driver) <= 0 || (any && along(driver) < kMovedPoints) || along(driver) < kLeastPart * all;
  });
  drivers->erase(told, drivers->end());
  if (drivers->size() > kMaxReasons) drivers->resize(kMaxReasons);
}

// What costs, in the order of the list, and then what helps, most first; where the score is green, only that.
void choose_state(Vector<JsonDriver>* drivers, bool green) {
  const auto costs = [&](const JsonDriver& driver) {
    return !green && (std::min(driver.points, driver.change) <= -kMovedPoints || driver.vs_peers <= kBelowPeers);
  };
  sort_by(drivers, [&](const JsonDriver& driver) {
    return costs(driver) ? -std::numeric_limits<double>::infinity() : -driver.points;
  });
  const auto told = std::find_if(drivers->begin(), drivers->end(),
                                 [&](const JsonDriver& driver) { return !costs(driver) && driver.points <= 0; });
  drivers->erase(told, drivers->end());
  if (drivers->size() > kMaxReasons) drivers->resize(kMaxReasons);
}

}  // namespace

ByteString explain_json(const Headline& headline, Json drivers, Memory* memory) {
  if (drivers->type != JsonType::array)
    fail(kInvalidParameter, "Pass the drivers of health_report or health_drivers.", "drivers must be an array, not %s",
         json_type_name(drivers->type));
  check_told(headline.score, "score");
  if (headline.previous) check_told(*headline.previous, "previous score");
  Vector<JsonDriver> told(memory);
  for (const Json item : drivers) {
    told.push_back(read_driver(item));
    told.back().place = told.size() - 1;
  }
  const bool compared = std::any_of(told.begin(), told.end(), [](const JsonDriver& row) { return row.change != 0; });
  const int move = compared ? move_of(headline) : 0;
  if (move != 0) choose_movers(&told, move);
  else choose_state(&told, band_of(headline.score, kDefaultBands) == best_band(kDefaultBands));
  Vector<std::string_view> sentences(memory);
  for (const JsonDriver& driver : told) {
    const bool by_change = move != 0 || driver.change < std::min(0.0, driver.points);
    sentences.push_back(sentence_of(driver, by_change ? driver.change : driver.points, headline.language, memory));
  }
  return explain_score(headline, sentences, memory);
}

}  // namespace health
