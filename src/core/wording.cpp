#include "wording.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "label.hpp"
#include "placeholder.hpp"

namespace health {

namespace {

#define NBSP "\u00A0"  // French sets a no-break space before % : ;

// What a placeholder of a text stands for: kPlaceholders in their order, and then those of our own sentences only.
enum class Slot : std::uint8_t {
  label,
  value,
  recent,
  prior,
  pct,
  days,
  missing,
  size,
  count,
  ago,
  window,
  trend,
  peers,
  out_of,
  tenure,
  member,
  left,
  reading,
  expected,
  date,
  prior_reading,
  count_times,
  none
};
constexpr std::string_view kOwnSlots[] = {"reading", "expected", "date", "prior_reading", "count_times"};
static_assert(std::size(kPlaceholders) == static_cast<std::size_t>(Slot::reading));
static_assert(std::size(kPlaceholders) + std::size(kOwnSlots) == static_cast<std::size_t>(Slot::none));

constexpr Slot slot_of_name(std::string_view name) {
  const auto* const known = std::find(std::begin(kPlaceholders), std::end(kPlaceholders), name);
  if (known != std::end(kPlaceholders)) return static_cast<Slot>(known - kPlaceholders);
  const auto* const own = std::find(std::begin(kOwnSlots), std::end(kOwnSlots), name);
  return static_cast<Slot>(std::size(kPlaceholders) + static_cast<std::size_t>(own - kOwnSlots));  // or none
}

// Words, and the placeholder that follows them, if one does.
struct Piece {
  std::string_view words, one, many;
  Slot slot = Slot::none;
  bool plural = false;
};
// Takes a piece from the beginning of a text.
constexpr Piece take_piece(std::string_view* text) {
  for (std::size_t at = 0; (at = text->find('{', at)) != text->npos; ++at) {
    const std::optional<Placeholder> found = placeholder_at(text->substr(at));
    if (!found || !found->valid) continue;
    const Slot slot = slot_of_name(found->name);
    if (slot == Slot::none) continue;
    const Piece piece{text->substr(0, at), found->one, found->many, slot, found->plural};
    text->remove_prefix(at + found->length);
    return piece;
  }
  const Piece piece{*text, {}, {}};
  *text = {};
  return piece;
}

// A sentence in pieces, so that no time goes into reading it.
struct Sentence {
  constexpr explicit Sentence(std::string_view text) {
    while (!text.empty()) pieces[count++] = take_piece(&text);
  }
  std::array<Piece, 8> pieces{};
  std::size_t count = 0;
};
// In each language.
struct Phrase {
  constexpr Phrase(std::string_view english, std::string_view french) : en(english), fr(french) {}
  const Sentence& in(Language language) const { return language == Language::fr ? fr : en; }
  Sentence en, fr;
};

// Labels are nouns of any gender and number, and sentences hold no colon: they are told after one.
constexpr Phrase kNoData = {"No data for {label} since {date} (all accounts)",
                            "{label} sans données depuis le {date} (tous les comptes)"};
constexpr Phrase kRiskOnce = {"{label} {ago} {ago|day|days} ago", "{label} il y a {ago} {ago|jour|jours}"};
constexpr Phrase kRiskTimes = {
    "{label} {count_times} in {window} {window|day|days}, the latest {ago} {ago|day|days} ago",
    "{label} {count_times} en {window} {window|jour|jours}, la dernière il y a {ago} {ago|jour|jours}"};
constexpr Phrase kRiskDays = {
    "{label} on {count} of {window} {window|day|days}, the latest {ago} {ago|day|days} ago",
    "{label} {count} {count|jour|jours} sur {window}, le dernier il y a {ago} {ago|jour|jours}"};
constexpr Phrase kRiskSum = {
    "{label} {value} in {window} {window|day|days}, the latest {ago} {ago|day|days} ago",
    "{label} {value} en {window} {window|jour|jours}, la dernière fois il y a {ago} {ago|jour|jours}"};
constexpr Phrase kRiskEver = {"{label} {count_times} so far, the latest {ago} {ago|day|days} ago",
                              "{label} {count_times} à ce jour, la dernière il y a {ago} {ago|jour|jours}"};
constexpr Phrase kCountsLess = {"An alert is fading ({label} {ago} {ago|day|days} ago)",
                                "Une alerte s’estompe ({label} il y a {ago} {ago|jour|jours})"};
constexpr Phrase kGone = {"An alert has lapsed ({label} {ago} {ago|day|days} ago)",
                          "Une alerte a expiré ({label} il y a {ago} {ago|jour|jours})"};
constexpr Phrase kAwaited = {
    "{label} not once in {tenure} {tenure|day|days} (expected within {expected})",
    "{label} pas une fois en {tenure} {tenure|jour|jours} (attendu sous {expected} {expected|jour|jours})"};
constexpr Phrase kInactive = {"{label} inactive for {days} {days|day|days}",
                              "{label} sans activité depuis {days} {days|jour|jours}"};
constexpr Phrase kDown = {"{label} down {pct}%", "{label} en baisse de {pct}" NBSP "%"};
constexpr Phrase kUp = {"{label} up {pct}%", "{label} en hausse de {pct}" NBSP "%"};
constexpr Phrase kFell = {"{label} fell to {reading} ({prior} before)",
                          "{label} en baisse à {reading} (contre {prior} avant)"};
constexpr Phrase kRose = {"{label} rose to {reading} ({prior} before)",
                          "{label} en hausse à {reading} (contre {prior} avant)"};
constexpr Phrase kFresh = {"{label} for the first time, {recent} in {trend} {trend|day|days}",
                           "{label} pour la première fois, {recent} en {trend} {trend|jour|jours}"};
constexpr Phrase kFreshDays = {"{label} for the first time, {recent} active {recent|day|days} of {trend}",
                               "{label} pour la première fois, {recent} {recent|jour actif|jours actifs} sur {trend}"};
constexpr Phrase kAlready = {"{label} already at {recent} in {trend} {trend|day|days}",
                             "{label}, déjà {recent} en {trend} {trend|jour|jours}"};
constexpr Phrase kAlreadyDays = {"{label} already at {recent} active {recent|day|days} of {trend}",
                                 "{label}, déjà {recent} {recent|jour actif|jours actifs} sur {trend}"};
constexpr Phrase kDownFrom = {
    "{label} at {value} in {window} {window|day|days} ({left} in the {window} before)",
    "{label}, {value} en {window} {window|jour|jours} (contre {left} les {window} jours précédents)"};
constexpr Phrase kDownFromDays = {
    "{label} at {value} active {value|day|days} of {window} ({left} of the {window} before)",
    "{label}, {value} {value|jour actif|jours actifs} sur {window} (contre {left} sur les {window} précédents)"};
constexpr Phrase kLess = {"Less weight with time for {label}", "{label}, moins de poids avec le temps"};
constexpr Phrase kValue = {"{label} {reading}", "{label} {reading}"};
constexpr Phrase kWindowValue = {"{label} at {value} in {window} {window|day|days}",
                                 "{label}, {value} en {window} {window|jour|jours}"};
constexpr Phrase kWindowDays = {"{label} at {value} active {value|day|days} of {window}",
                                "{label}, {value} {value|jour actif|jours actifs} sur {window}"};
constexpr Phrase kWholeValue = {"{label} at {value} so far", "{label}, {value} à ce jour"};
constexpr Phrase kExpired = {"{label} without a reading for {window} {window|day|days}",
                             "{label} sans mesure depuis {window} {window|jour|jours}"};
constexpr Phrase kOldValue = {"No reading in {window} {window|day|days} for {label} ({prior_reading} before)",
                              "{label} sans mesure depuis {window} {window|jour|jours} ({prior_reading} auparavant)"};
constexpr Phrase kPeers = {
    "{label} at {recent} in {trend} {trend|day|days} ({peers} for more active customers)",
    "{label}, {recent} en {trend} {trend|jour|jours} (contre {peers} chez les clients plus actifs)"};
constexpr Phrase kPeersDays = {
    "{label} at {recent} active {recent|day|days} of {trend} ({peers} for more active customers)",
    "{label}, {recent} {recent|jour actif|jours actifs} sur {trend} (contre {peers} chez les clients plus actifs)"};
// After a first one in the same sentence.
constexpr Phrase kPeersToo = {"{label} at {recent} (against {peers})", "{label}, {recent} (contre {peers})"};
constexpr Phrase kPeersDaysToo = {"{label} at {recent} active {recent|day|days} (against {peers})",
                                  "{label}, {recent} {recent|jour actif|jours actifs} (contre {peers})"};
constexpr Phrase kPeersGaugeToo = {"{label} {reading} (against {peers})", "{label} {reading} (contre {peers})"};
constexpr Phrase kPeersGauge = {"{label} {reading} ({peers} for more active customers)",
                                "{label} {reading} (contre {peers} chez les clients plus actifs)"};
constexpr Phrase kBelow = {"{label} below more active customers", "{label} en dessous des clients plus actifs"};
constexpr Phrase kSteady = {"{label} steady at {recent} in {trend} {trend|day|days}",
                            "{label} sans grand changement, {recent} en {trend} {trend|jour|jours}"};
constexpr Phrase kSteadyDays = {"{label} steady at {recent} active {recent|day|days} of {trend}",
                                "{label} sans grand changement, {recent} {recent|jour actif|jours actifs} sur {trend}"};
constexpr Phrase kSteadyGauge = {"{label} steady at {reading}", "{label} toujours à {reading}"};
constexpr Phrase kMoved = {"{label} at {recent} in {trend} {trend|day|days} ({prior} before)",
                           "{label}, {recent} en {trend} {trend|jour|jours} (contre {prior} avant)"};
constexpr Phrase kMovedDays = {"{label} at {recent} active {recent|day|days} of {trend} ({prior} before)",
                               "{label}, {recent} {recent|jour actif|jours actifs} sur {trend} (contre {prior} avant)"};
constexpr Phrase kMovedGauge = {"{label} {reading} ({prior} before)", "{label} {reading} (contre {prior} avant)"};
constexpr Phrase kNow = {"{label} at {recent} in {trend} {trend|day|days}",
                         "{label}, {recent} en {trend} {trend|jour|jours}"};
constexpr Phrase kNowDays = {"{label} at {recent} active {recent|day|days} of {trend}",
                             "{label}, {recent} {recent|jour actif|jours actifs} sur {trend}"};
constexpr Phrase kLast = {"{label} at 0 in {trend} {trend|day|days} (last one {ago} {ago|day|days} ago)",
                          "{label}, 0 en {trend} {trend|jour|jours} (la dernière fois il y a {ago} {ago|jour|jours})"};
constexpr Phrase kNever = {"Nothing on record for {label}", "{label}, rien d’enregistré à ce jour"};
constexpr Phrase kNoReading = {"{label} without a reading on record", "{label} sans mesure connue"};
constexpr Phrase kNothing = {"{label} with nothing to compare", "{label} sans rien à comparer"};
constexpr Phrase kNoLonger = {"{label} no longer measured", "{label} sans mesure désormais"};
constexpr Phrase kMember = {"{member} ({label}), most active so far, silent for {days} {days|day|days}",
                            "{member} ({label}), en tête jusqu’ici, sans activité depuis {days} {days|jour|jours}"};
constexpr Phrase kFirstReading = {" (first on record)", " (première mesure connue)"};
constexpr Phrase kFewReadings = {" ({count} {count|reading|readings})", " ({count} {count|mesure|mesures})"};
constexpr Phrase kNewReading = {" (new reading)", " (nouvelle mesure)"};
constexpr Phrase kOldReading = {" ({ago} {ago|day|days} ago)", " (il y a {ago} {ago|jour|jours})"};

constexpr double kMostPct = 200;             // of more no percentage is told
constexpr double kWholePct = 100;            // sums may fall below 0, which is no part of what was
constexpr double kToldPart = 0.1;            // moved by less, a number before is not told
constexpr std::int64_t kEnoughReadings = 5;  // a mean of fewer says of how many
constexpr std::int64_t kOldDays = 90;        // a reading that is older says its age

// ---------------------------------------------------------------- numbers

bool is_whole(double value) {
  constexpr double kMost = 1e15;
  return std::fabs(value) < kMost && static_cast<double>(static_cast<std::int64_t>(value)) == value;
}

double rounded(double value, int places) {
  static constexpr double kScales[] = {1, 10, 100};
  if (is_whole(value)) return value + 0.0;
  const double scale = kScales[places], result = std::round(value * scale) / scale;
  return std::isfinite(result) ? result + 0.0 : value;
}

// A number of a placeholder as it is printed.
struct Number {
  double value;
  int places = 1;
  bool percent = false;
};

void append(ByteString* out, const Number& number, Language language) {
  append_number(out, number.value, number.places, language);
  if (number.percent) *out += language == Language::fr ? NBSP "%" : "%";
}

// Whether a form for numbers is the one for one.
bool is_one(double printed, Language language) {
  return language == Language::fr ? std::fabs(printed) < 2 : printed == 1;
}

Number measured_number(const Signal& signal, double value) {
  return {printed_value(signal, value), signal.measure == Measure::ratio ? 2 : 1, printed_as_percent(signal)};
}

bool in_percent(const SignalFacts& seen) {
  const double pct = seen.pct().value_or(kMostPct + 1);
  return seen.prior_value >= kLeastPrior && pct >= -kWholePct && pct <= kMostPct;
}

void append_date(ByteString* out, Day day, Language language) {
  static constexpr const char* kMonths[][12] = {{"January", "February", "March", "April", "May", "June", "July",
                                                 "August", "September", "October", "November", "December"},
                                                {"janvier", "février", "mars", "avril", "mai", "juin", "juillet",
                                                 "août", "septembre", "octobre", "novembre", "décembre"}};
  const CivilDate date = civil_date(day);
  append_number(out, date.day, 0, language);
  if (language == Language::fr && date.day == 1) *out += "er";
  *out += ' ';
  *out += kMonths[language == Language::fr ? 1 : 0][date.month - 1];
}

// ---------------------------------------------------------------- a signal's sentence

class SignalWords {
 public:
  SignalWords(const Situation& situation, const Driver& driver, Kind kind, Role role)
      : situation_(situation),
        model_(situation.model),
        driver_(driver),
        signal_(model_.signal(driver.signal)),
        seen_(driver.reading->facts),
        language_(model_.language),
        kind_(kind),
        role_(role) {}

  void write(ByteString* out) const {
    out->clear();
    std::string_view own = own_text();
    const bool small = is_small(own), says_when = own.find("{prior}") != own.npos || own.find("{ago}") != own.npos;
    if (own.empty()) write(phrase(), out);
    while (!own.empty()) append_piece(take_piece(&own), out);
    if (small) begin_large(out, alphabet_of(language_));
    if (tells_value() && !says_when) append_age(out);
  }
  // Whether it compares with peers by numbers, and the same in short.
  bool compares_with_peers() const {
    const Phrase* const said = &phrase();
    return own_text().empty() && (said == &kPeers || said == &kPeersDays || said == &kPeersGauge);
  }
  void write_in_short(ByteString* out) const {
    out->clear();
    write(of_measure(kPeersToo, kPeersDaysToo, kPeersGaugeToo), out);
  }
  bool is_small_within() const { return is_small(own_text()); }
  void write(const Phrase& phrase, ByteString* out) const {
    const Sentence& sentence = phrase.in(language_);
    for (std::size_t i = 0; i < sentence.count; ++i) append_piece(sentence.pieces[i], out);
  }

 private:
  // Of the sentence, or of an own text.
  bool is_small(std::string_view own) const {
    const bool ours = own.empty();
    const Piece first = ours ? phrase().in(language_).pieces[0] : take_piece(&own);
    if (first.words.empty())
      return first.slot == Slot::label && begins_small(signal_.label.in(language_), alphabet_of(language_));
    return ours || begins_small(first.words, alphabet_of(language_));
  }
  std::string_view own_text() const {
    std::string_view own = signal_.text.of(kind_, language_);
    // A plain one is about all members, and not about one of them.
    const bool plain =
        kind_ != Kind::no_data && kind_ != Kind::member_silent && (role_ == Role::costs || is_bad(kind_, signal_));
    if (own.empty() && plain) own = signal_.text.plain(language_);
    // Of what never was nothing says how long ago it was.
    const bool says_when = own.find("{ago}") != own.npos || (!situation_.age && own.find("{days}") != own.npos);
    return !seen_.seen && says_when ? std::string_view() : own;
  }

  const KeptMember* member() const { return situation_.member_of(driver_.signal); }
  double peers() const {
    const double size = compared_size(model_, signal_, situation_.terms.size);
    const double peers = situation_.peers.of(driver_.signal).recent * size;
    return signal_.gauge() ? peers : std::round(peers);
  }
  double days() const {
    if (kind_ == Kind::member_silent && member() != nullptr)
      return static_cast<double>(situation_.at_most_age(member()->days_inactive));
    if (signal_.measure == Measure::distinct) return static_cast<double>(situation_.at_most_known(signal_.window_days));
    if (!seen_.seen) return static_cast<double>(situation_.age.value_or(0));
    return static_cast<double>(situation_.at_most_age(seen_.days_inactive));
  }
  double missing() const {
    if (!situation_.terms.size) return 0;
    const std::int64_t active = signal_.measure == Measure::distinct ? seen_.count : 0;
    return std::max(0.0, *situation_.terms.size - static_cast<double>(active));
  }

  // Of a slot that is one.
  Number number(Slot slot) const {
    const auto amount = [](double value) { return Number{rounded(value, 1)}; };
    const auto days = [&](std::int64_t value) {
      return Number{static_cast<double>(situation_.at_most_known(value)), 0};
    };
    switch (slot) {
      case Slot::value: return measured_number(signal_, seen_.value);
      case Slot::recent: return measured_number(signal_, seen_.recent_value);
      case Slot::prior: return measured_number(signal_, seen_.prior_value);
      case Slot::pct: return {rounded(std::fabs(seen_.pct().value_or(0)), 0), 0};
      case Slot::days: return amount(this->days());
      case Slot::missing: return amount(missing());
      case Slot::size: return amount(situation_.terms.size.value_or(0));
      case Slot::count:
      case Slot::count_times: return amount(static_cast<double>(seen_.count));
      case Slot::ago: return {seen_.days_inactive + 1.0, 0};
      case Slot::window: return days(model_.days_of_window(signal_));
      case Slot::trend: return days(model_.trend_days);
      case Slot::peers: return measured_number(signal_, peers());
      case Slot::out_of: return amount(signal_.out_of == kNone ? 0 : signal_.out_of);
      case Slot::tenure: return {static_cast<double>(situation_.age.value_or(0)), 0};
      case Slot::left: return {static_cast<double>(seen_.left), 0};
      case Slot::expected: return {static_cast<double>(signal_.expected_within_days), 0};
      case Slot::label:
      case Slot::member:
      case Slot::prior_reading:
      case Slot::reading:
      case Slot::date:
      case Slot::none: break;
    }
    return {0};
  }

  void append_piece(const Piece& piece, ByteString* out) const {
    *out += piece.words;
    if (piece.plural) {
      *out += is_one(number(piece.slot).value, language_) ? piece.one : piece.many;
      return;
    }
    switch (piece.slot) {
      case Slot::none: return;
      case Slot::prior_reading: return append_reading(seen_.prior_value, out);
      case Slot::label: *out += signal_.label.in(language_); return;
      case Slot::member: *out += member() != nullptr ? std::string_view(member()->name) : ""; return;
      case Slot::reading: return append_reading(seen_.value, out);
      case Slot::date: return append_date(out, situation_.peers.of(driver_.signal).stopped.value_or(0), language_);
      case Slot::count_times: return append_times(number(piece.slot), out);
      default: append(out, number(piece.slot), language_);
    }
  }
  // Once, twice, 5 times.
  void append_times(const Number& number, ByteString* out) const {
    const bool french = language_ == Language::fr;
    if (number.value == 1) {
      *out += french ? "une fois" : "once";
    } else if (number.value == 2 && !french) {
      *out += "twice";
    } else {
      append(out, number, language_);
      *out += french ? " fois" : " times";
    }
  }
  void append_reading(double value, ByteString* out) const {
    append(out, measured_number(signal_, value), language_);
    if (signal_.out_of == kNone || printed_as_percent(signal_)) return;
    *out += language_ == Language::fr ? " sur " : " out of ";
    append(out, Number{rounded(signal_.out_of, 1)}, language_);
  }

  bool tells_value() const {
    return is_reading(signal_.measure) && seen_.recent_known && kind_ != Kind::expired && kind_ != Kind::no_data &&
           kind_ != Kind::awaited;
  }
  void append_age(ByteString* out) const {
    if (!seen_.prior_known && situation_.is_fresh(seen_)) write(kFirstReading, out);
    else if (signal_.measure == Measure::mean && seen_.count < kEnoughReadings && !out->ends_with(')'))
      write(kFewReadings, out);
    else if (seen_.days_inactive + 1 > kOldDays) write(kOldReading, out);
  }

  const Phrase& of_measure(const Phrase& events, const Phrase& days, const Phrase& gauge) const {
    return signal_.gauge() ? gauge : signal_.measure == Measure::days ? days : events;
  }
  const Phrase& value_phrase() const {
    if (signal_.gauge() && seen_.recent_known) return kValue;
    if (signal_.gauge()) return !is_reading(signal_.measure) ? kNothing : seen_.seen ? kExpired : kNoReading;
    if (signal_.window_days == kNeverExpires) return kWholeValue;
    return signal_.measure == Measure::days ? kWindowDays : kWindowValue;
  }
  bool moved_by_a_tenth() const {
    return situation_.compares() &&
           std::fabs(seen_.recent_value - seen_.prior_value) >= kToldPart * seen_.prior_value &&
           seen_.recent_value != seen_.prior_value;
  }
  // Of a gauge: it was there, and prints what it printed.
  bool stayed() const {
    return seen_.prior_known && situation_.was_there() &&
           printed_value(signal_, seen_.recent_value) == printed_value(signal_, seen_.prior_value);
  }
  const Phrase& numbers() const {
    const bool strength = role_ == Role::strength;
    if (!signal_.gauge() && (!situation_.compares() || (strength && !moved_by_a_tenth())))
      return signal_.measure == Measure::days ? kNowDays : kNow;
    const bool compares = seen_.prior_known && seen_.recent_known && situation_.was_there();
    return of_measure(kMoved, kMovedDays, strength || !compares || stayed() ? value_phrase() : kMovedGauge);
  }
  const Phrase& risk() const {
    if (seen_.count == 1) return kRiskOnce;
    if (signal_.window_days == kNeverExpires) return kRiskEver;
    return signal_.measure == Measure::sum ? kRiskSum : signal_.measure == Measure::days ? kRiskDays : kRiskTimes;
  }
  const Phrase& below_peers() const {
    constexpr double kClearly = 0.8;  // of the peers' number: else the two would contradict the sentence
    const bool clearly =
        seen_.recent_value <= kClearly * peers() && situation_.at_most_known(model_.trend_days) == model_.trend_days;
    return clearly ? of_measure(kPeers, kPeersDays, seen_.recent_known ? kPeersGauge : value_phrase()) : kBelow;
  }
  const Phrase& steady() const {
    if (signal_.gauge()) return stayed() ? kSteadyGauge : value_phrase();
    if (moved_by_a_tenth()) return numbers();
    return signal_.measure == Measure::days ? kSteadyDays : kSteady;
  }
  const Phrase& phrase() const {
    const bool gauge = signal_.gauge(), percent = signal_.measure != Measure::days && in_percent(seen_);
    switch (kind_) {
      case Kind::no_data: return kNoData;
      case Kind::risk: return risk();
      case Kind::awaited: return kAwaited;
      case Kind::inactive: return kInactive;
      default: break;
    }
    const bool gains = role_ == Role::gains;
    if (gains && driver_.kind == Kind::expired) return kOldValue;
    if (gains && !gauge && signal_.weight < 0 && seen_.count == 0) return kGone;
    if (gains && driver_.kind == Kind::risk && seen_.recent_value == 0) return kCountsLess;
    if (!gauge && seen_.recent_value == 0 && kind_ != Kind::low && kind_ != Kind::high)
      return seen_.seen ? kLast : kNever;
    switch (kind_) {
      case Kind::down: return percent ? kDown : numbers();
      case Kind::up: return percent ? kUp : numbers();
      case Kind::fell: return kFell;
      case Kind::rose: return kRose;
      case Kind::fresh:
        if (situation_.at_most_known(model_.trend_days) < model_.trend_days)
          return signal_.measure == Measure::days ? kAlreadyDays : kAlready;
        return signal_.measure == Measure::days ? kFreshDays : kFresh;
      case Kind::fading:
        if (signal_.measure == Measure::sum || seen_.left <= seen_.value)
          return signal_.by_value() ? value_phrase() : kLess;
        return signal_.measure == Measure::days ? kDownFromDays : kDownFrom;
      case Kind::low:
      case Kind::high: return value_phrase();
      case Kind::expired: return kExpired;
      case Kind::below_peers: return below_peers();
      case Kind::steady: return steady();
      case Kind::member_silent: return kMember;
      default: return numbers();
    }
  }

  const Situation& situation_;
  const Model& model_;
  const Driver& driver_;
  const Signal& signal_;
  const SignalFacts& seen_;
  const Language language_;
  const Kind kind_;
  const Role role_;
};

void append(ByteString* out, Language language, const char* en, const char* fr) {
  *out += language == Language::fr ? fr : en;
}

// 1 day, 30 days.
void append_days(ByteString* out, std::int64_t days, Language language) {
  append_number(out, static_cast<double>(days), 0, language);
  if (is_one(static_cast<double>(days), language)) append(out, language, " day", " jour");
  else append(out, language, " days", " jours");
}

// 4 weeks, 30 days.
void append_span(ByteString* out, std::int64_t days, Language language) {
  constexpr std::int64_t kWeek = 7, kLeastWeeks = 2, kMostWeeks = 8;
  if (days % kWeek != 0 || days < kLeastWeeks * kWeek || days > kMostWeeks * kWeek)
    return append_days(out, days, language);
  const std::int64_t weeks = days / kWeek;
  append_number(out, static_cast<double>(weeks), 0, language);
  append(out, language, " weeks", " semaines");
}

double score_of_baseline(const Model& model) { return model.curve == Curve::open ? 100 * model.percentile : 100; }

}  // namespace

void append_number(ByteString* out, double value, int places, Language language) {
  char text[std::numeric_limits<double>::max_exponent10 + 8];
  const double printed = rounded(value, places);
  char* end = text;
  if (is_whole(printed)) {  // nearly always
    end = std::to_chars(text, text + sizeof text, static_cast<std::int64_t>(printed)).ptr;
  } else {
    end = std::to_chars(text, text + sizeof text, printed, std::chars_format::fixed, places).ptr;
    if (std::find(text, end, '.') != end) {
      while (end[-1] == '0') --end;
      if (end[-1] == '.') --end;
    }
  }
  if (language == Language::fr) std::replace(text, end, '.', ',');
  std::string_view digits(text, static_cast<std::size_t>(end - text));
  if (digits[0] == '-') {
    digits.remove_prefix(1);
    if (digits.find_first_of("123456789") != digits.npos) *out += language == Language::fr ? "\u2212" : "-";
  }
  *out += digits;
}

std::string_view other_sentence(Language language) {
  return language == Language::fr ? "Autres signaux" : "Other signals";
}

// ---------------------------------------------------------------- facts

void Wording::write(const Driver& driver, ByteString* out) const {
  SignalWords(situation_, driver, driver.told_as, driver.role).write(out);
}

namespace {

SignalWords words_of(const Situation& situation, std::span<const Driver> drivers, const Fact& fact) {
  return {situation, drivers[static_cast<std::size_t>(fact.driver)], fact.kind, fact.role};
}

}  // namespace

void Wording::write(const Fact& fact, ByteString* out) const {
  if (fact.driver < 0) write_account(fact, out);
  else words_of(situation_, drivers_, fact).write(out);
}

bool Wording::compares_with_peers(const Fact& fact) const {
  return fact.driver >= 0 && words_of(situation_, drivers_, fact).compares_with_peers();
}

void Wording::write_in_short(const Fact& fact, ByteString* out) const {
  words_of(situation_, drivers_, fact).write_in_short(out);
}

bool Wording::is_small_within(const Fact& fact) const {
  if (fact.driver >= 0) return words_of(situation_, drivers_, fact).is_small_within();
  const Driver* const read = fact.kind == Kind::coverage ? told_of_coverage(situation_, drivers_) : nullptr;
  const Model& model = situation_.model;
  return read == nullptr ||
         begins_small(model.signal(read->signal).label.in(model.language), alphabet_of(model.language));
}

// Facts without a signal.
void Wording::write_account(const Fact& fact, ByteString* out) const {
  const Language language = situation_.model.language;
  out->clear();
  switch (fact.kind) {
    case Kind::silent:
      append(out, language, "Nobody active for ", "Plus personne d’actif depuis ");
      return append_days(out, situation_.at_most_age(situation_.days_inactive), language);
    case Kind::never_active: return write_never_active(out);
    case Kind::fresh:
      append(out, language, "New, day ", "Nouveau client, jour ");
      return append_number(out, static_cast<double>(situation_.age.value_or(0)), 0, language);
    case Kind::usage_down:
    case Kind::usage_up: return write_usage(fact.kind == Kind::usage_down, out);
    case Kind::usage_low: return write_usage_low(out);
    case Kind::baseline: return write_baseline(out);
    case Kind::coverage: return write_coverage(out);
    case Kind::overridden: return write_override(out);
    default: *out += other_sentence(language);
  }
}

void Wording::write_never_active(ByteString* out) const {
  const Model& model = situation_.model;
  const std::int64_t age = situation_.age.value_or(0);
  if (situation_.young()) return append(out, model.language, "No activity so far", "Aucune activité à ce jour");
  if (!situation_.terms.since || age > model.longest_window() + model.trend_days)
    return append(out, model.language, "No activity on record", "Aucune activité enregistrée");
  append(out, model.language, "No activity on record since the start ",
         "Aucune activité connue depuis le début, il y a ");
  append_days(out, age, model.language);
  append(out, model.language, " ago", "");
}

void Wording::write_usage_low(ByteString* out) const {
  const Model& model = situation_.model;
  const Language language = model.language;
  append(out, language, "Usage at ", "Usage à ");
  const double reached = std::floor(100 * std::max(0.0, situation_.now.raw) / situation_.baseline.value_or(1));
  append(out, {reached, 0, true}, language);
  const double share = rounded(100 - 100 * model.percentile, 1);
  if (model.baseline != kNone) {
    append(out, language, " of what a score of ", " de ce que demande un score de ");
    append_number(out, score_of_baseline(model), 1, language);
    return append(out, language, " takes", "");
  }
  if (share == 0) return append(out, language, " of the most active customer", " de celui du client le plus actif");
  append(out, language, " of what the most active ", " de ce qu’atteignent les ");
  append(out, {share, 1, true}, language);
  append(out, language, " of customers reach", " de clients les plus actifs");
}

void Wording::write_baseline(ByteString* out) const {
  const Model& model = situation_.model;
  const Language language = model.language;
  const double now = situation_.baseline.value_or(0), before = situation_.previous_baseline.value_or(0);
  const double pct = before > 0 ? rounded(std::fabs(change_pct(now, before)), 0) : 0;
  append(out, language, "A score of ", "Un score de ");
  append_number(out, score_of_baseline(model), 1, language);
  append(out, language, " takes ", " demande ");
  const bool more = now >= before;
  if (pct >= 1 && pct <= kMostPct) {
    append(out, {pct, 0, true}, language);
    if (more) append(out, language, " more usage", " d’usage de plus");
    else append(out, language, " less usage", " d’usage de moins");
  } else if (more) {
    append(out, language, "more usage", "plus d’usage");
  } else {
    append(out, language, "less usage", "moins d’usage");
  }
  append(out, language, " than ", " qu’il y a ");
  append_span(out, model.trend_days, language);
  append(out, language, " ago", "");
}

void Wording::write_override(ByteString* out) const {
  const Model& model = situation_.model;
  const std::optional<double>& set = situation_.now.override_score;
  if (set) append(out, model.language, "Score set by ", "Score fixé par ");
  else append(out, model.language, "Score no longer set by ", "Score qui n’est plus fixé par ");
  *out += model.signal(model.override_signal()).label.in(model.language);
  if (!set) return;
  append(out, model.language, " at ", " à ");
  append_number(out, std::floor(*set), 0, model.language);
}

void Wording::write_usage(bool down, ByteString* out) const {
  const Language language = situation_.model.language;
  const double pct = std::fabs(usage_.pct);
  if (!down && pct > kMostPct) {
    append(out, language, "Usage more than tripled", "Usage plus que triplé");
  } else {
    if (down) append(out, language, "Usage down", "Usage en baisse");
    else append(out, language, "Usage up", "Usage en hausse");
    if (!down || pct <= kWholePct) {
      append(out, language, " ", " de ");
      append(out, Number{rounded(pct, 0), 0, true}, language);
    }
  }
  append(out, language, " in ", " sur ");
  append_span(out, situation_.at_most_known(situation_.model.trend_days), language);
  for (std::size_t i = 0; i < usage_.names; ++i) {
    if (i == 0) append(out, language, " (above all ", " (surtout ");
    else *out += ", ";
    write_usage_signal(drivers_[static_cast<std::size_t>(usage_.named[i])], out);
  }
  if (usage_.names > 0) *out += ')';
}

void Wording::write_usage_signal(const Driver& driver, ByteString* out) const {
  const Language language = situation_.model.language;
  const Signal& signal = situation_.model.signal(driver.signal);
  const SignalFacts& seen = driver.reading->facts;
  *out += signal.label.in(language);
  if (in_percent(seen)) {
    const double pct = *seen.pct();
    if (pct > 0) *out += " +";
    else append(out, language, " -", " \u2212");
    return append(out, Number{rounded(std::fabs(pct), 0), 0, true}, language);
  }
  append(out, language, " from ", " de ");
  append(out, measured_number(signal, seen.prior_value), language);
  append(out, language, " to ", " à ");
  append(out, measured_number(signal, seen.recent_value), language);
}

void Wording::write_coverage(ByteString* out) const {
  const Driver* const largest = told_of_coverage(situation_, drivers_);
  if (largest == nullptr) {
    *out += situation_.model.language == Language::fr ? "D’autres mesures qu’avant" : "Other measures than before";
    return;
  }
  const SignalWords words(situation_, *largest, Kind::coverage, Role::plain);
  const SignalFacts& seen = largest->reading->facts;
  words.write(seen.recent_known ? kValue : kNoLonger, out);
  begin_large(out, alphabet_of(situation_.model.language));
  if (!seen.recent_known) return;
  words.write(situation_.is_fresh(seen) ? kFirstReading : kNewReading, out);
}

}  // namespace health
