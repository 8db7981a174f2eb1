#include "population.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "interrupt.hpp"

namespace health {

void Population::index(std::size_t model_signals) {
  places_.assign(model_signals, kNowhere);
  for (std::size_t i = 0; i < signals.size(); ++i)
    places_[static_cast<std::size_t>(signals[i].signal)] = static_cast<std::int32_t>(i);
}

EvaluatedAccount Population::evaluate(Wanted wanted, Bytes activity, AccountTerms terms,
                                      AccountEvaluator* evaluator) const {
  if (!size) terms.size.reset();
  return evaluator->evaluate(wanted, activity, terms, size);
}

bool Population::any_stopped() const {
  return std::any_of(signals.begin(), signals.end(), [](const PeerSignal& each) { return each.stopped.has_value(); });
}

// ---------------------------------------------------------------- parts

void PopulationPart::add(Bytes activity, const AccountTerms& terms, AccountEvaluator* evaluator) {
  add(evaluator->evaluate(Wanted::report, activity, terms), *evaluator);
  if (terms.size || !model_.needs_size()) return;
  constexpr double kAny = 1;  // what it has depends on no size
  add(evaluator->evaluate(Wanted::report, activity, terms, kAny), *evaluator);
}

void PopulationPart::add(const EvaluatedAccount& account, const AccountEvaluator& evaluator) {
  const AccountTerms& terms = account.terms;
  const std::span<const SignalReading> readings = evaluator.readings();
  accounts_.push_back({account.now.raw,
                       account.previous.raw,
                       account.size_missing ? kNone : terms.size.value_or(kNone),
                       static_cast<std::int32_t>(readings.size()),
                       account.last_usage.value_or(kNever),
                       account.scored(model_, as_of_),
                       settled(terms, model_, as_of_),
                       settled(terms, model_, as_of_ - model_.trend_days),
                       account.size_missing,
                       {}});
  const double divisor = readings.empty() ? 1 : compared_size(model_, terms.size);
  for (const SignalReading& reading : readings) {
    const Signal& signal = model_.signal(reading.signal);
    const SignalFacts& facts = reading.facts;
    const bool guessed = account.size_missing && signal.of_size;  // a share of a size that it has not
    readings_.push_back({reading.signal, facts.seen ? facts.days_inactive : kNever, reading.contribution,
                         signal.divided_by_size() ? facts.recent_value / divisor : facts.recent_value,
                         guessed ? PartReading::kNoPct : facts.pct().value_or(PartReading::kNoPct)});
    if (!signal.usage) continue;
    Feed* const feed = feed_of(reading.signal);
    if (feed->goes_on()) continue;
    const FeedTerms days{as_of_, model_.days_of_window(signal), model_.weekend};
    evaluator.ledger().each_cells(reading.signal, [&](std::span<const Cell> cells) { feed->add(days, cells); });
  }
}

Feed* PopulationPart::feed_of(std::int32_t signal) {
  if (places_.empty()) places_.assign(model_.signals.size(), kNowhere);
  std::int32_t& place = places_[static_cast<std::size_t>(signal)];
  if (place == kNowhere) {
    place = static_cast<std::int32_t>(feeds_.size());
    feeds_.emplace_back(signal, memory_of(places_));
  }
  return &feeds_[static_cast<std::size_t>(place)].feed;
}

void PopulationPart::merge(const PopulationPart& other) {
  accounts_.insert(accounts_.end(), other.accounts_.begin(), other.accounts_.end());
  readings_.insert(readings_.end(), other.readings_.begin(), other.readings_.end());
  for (const SignalFeed& each : other.feeds_) feed_of(each.signal)->merge(each.feed);
}

namespace {

// Plain data as the bytes of this kind of machine: parts are not for keeps. Of large ones so many items are copied
// between two questions whether to go on.
constexpr std::size_t kSlice = 65536;

class PartWriter {
 public:
  explicit PartWriter(std::uint8_t* to) : to_(to) {}
  template <class T>
  void put(const T& value) {
    put_items(&value, 1);
  }
  template <class T>
  void put_all(const Vector<T>& values) {
    put(values.size());
    for (std::size_t at = 0; at < values.size(); at += kSlice) {
      check_interrupt(memory_of(values));
      put_items(values.data() + at, std::min(kSlice, values.size() - at));
    }
  }

 private:
  template <class T>
  void put_items(const T* items, std::size_t count) {
    static_assert(std::is_trivially_copyable_v<T>);
    std::memcpy(to_, items, count * sizeof(T));
    to_ += count * sizeof(T);
  }
  std::uint8_t* to_;
};

class PartReader {
 public:
  explicit PartReader(Bytes bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}
  template <class T>
  T take() {
    T value;
    copy(&value, 1);
    return value;
  }
  // Appends as many as there are said to be, and returns these.
  template <class T>
  std::span<const T> take_all(Vector<T>* values) {
    const auto count = take<std::size_t>();
    if (count > left() / sizeof(T)) corrupt();
    const std::size_t had = values->size(), past = had + count;
    if (past > values->capacity()) values->reserve(std::max(past, 2 * values->capacity()));
    for (std::size_t at = had; at < past; at = values->size()) {
      check_interrupt(memory_of(*values));
      values->resize(std::min(at + kSlice, past));
      copy(values->data() + at, values->size() - at);
    }
    return std::span<const T>(*values).subspan(had);
  }
  static void expect(bool right) {
    if (!right) corrupt();
  }
  bool done() const { return at_ == end_; }

 private:
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  template <class T>
  void copy(T* to, std::size_t count) {
    if (count > left() / sizeof(T)) corrupt();
    std::memcpy(static_cast<void*>(to), at_, count * sizeof(T));
    at_ += count * sizeof(T);
  }
  [[noreturn]] static void corrupt() {
    fail(kInvalidBinary, "Parts are exchanged between servers of one build.", "invalid health_population_part");
  }
  const std::uint8_t *at_, *end_;
};

}  // namespace

std::size_t PopulationPart::bytes() const {
  std::size_t bytes = sizeof as_of_ + 3 * sizeof(std::size_t) + accounts_.size() * sizeof(PartAccount) +
                      readings_.size() * sizeof(PartReading);
  for (const SignalFeed& each : feeds_)
    bytes += sizeof each.signal + sizeof(std::uint8_t) + sizeof(std::size_t) + each.feed.days().size();
  return bytes;
}

void PopulationPart::write(std::uint8_t* to) const {
  PartWriter writer(to);
  writer.put(as_of_);
  writer.put_all(accounts_);
  writer.put_all(readings_);
  writer.put(feeds_.size());
  for (const SignalFeed& each : feeds_) {
    writer.put(each.signal);
    writer.put(static_cast<std::uint8_t>(each.feed.goes_on()));
    const Vector<bool>& days = each.feed.days();
    writer.put(days.size());
    for (const bool day : days) writer.put(static_cast<std::uint8_t>(day));
  }
}

void PopulationPart::merge(Bytes bytes) {
  PartReader reader(bytes);
  reader.expect(reader.take<std::int64_t>() == as_of_);
  const std::span<const PartAccount> accounts = reader.take_all(&accounts_);
  const std::span<const PartReading> readings = reader.take_all(&readings_);
  std::size_t count = 0;
  Memory* const memory = memory_of(accounts_);
  Pulse pulse(memory);
  for (const PartAccount& account : accounts) {
    pulse.beat();
    reader.expect(is_valid(account));
    count += static_cast<std::size_t>(account.readings);
  }
  reader.expect(count == readings.size());
  Vector<bool> has_feed(model_.signals.size(), false, memory);
  const auto feeds = reader.take<std::size_t>();
  for (std::size_t i = 0; i < feeds; ++i) {
    const auto signal = reader.take<std::int32_t>();
    reader.expect(is_signal(signal));
    has_feed[static_cast<std::size_t>(signal)] = true;
    const bool goes_on = reader.take<std::uint8_t>() != 0;
    const auto days_of = reader.take<std::size_t>();
    reader.expect(days_of == 0 || days_of == static_cast<std::size_t>(model_.days_of_window(model_.signal(signal))));
    Vector<bool> days(days_of, false, memory);
    for (std::size_t age = 0; age < days_of; ++age) {
      days[age] = reader.take<std::uint8_t>() != 0;
      reader.expect(!days[age] || static_cast<std::int64_t>(age) < as_of_);
    }
    Feed feed(memory);
    feed.set(goes_on, std::move(days));
    feed_of(signal)->merge(feed);
  }
  for (const PartReading& reading : readings) {
    pulse.beat();
    reader.expect(is_valid(reading));
    reader.expect(!model_.signal(reading.signal).usage || has_feed[static_cast<std::size_t>(reading.signal)]);
  }
  reader.expect(reader.done());
}

bool PopulationPart::is_valid(const PartAccount& account) const {
  return std::isfinite(account.raw) && std::isfinite(account.previous) && account.size > 0 && account.readings >= 0 &&
         (account.last_usage == kNever || (account.last_usage >= kFirstDay && account.last_usage < as_of_)) &&
         account.scored <= 1 && account.settled <= 1 && account.was_settled <= 1 && account.assumed <= 1 &&
         (account.assumed == 0 || account.size == kNone);
}

bool PopulationPart::is_valid(const PartReading& reading) const {
  return is_signal(reading.signal) && reading.days_inactive >= kNever && std::isfinite(reading.contribution) &&
         std::isfinite(reading.recent) && std::isfinite(reading.pct);
}

// ---------------------------------------------------------------- the whole

namespace {

constexpr std::int64_t kStaleDays = 2;  // working days without usage of anybody from which data are stale
constexpr double kFleetFell = 0.8;      // of what baseline and median were: at most that

// Median of `count` numbers of which those not listed are 0.
double median_with_zeros(Vector<double>* listed, std::size_t count) {
  if (2 * listed->size() < count) return 0;  // zeros stand in the middle
  listed->resize(count, 0.0);
  return quantile(*listed, 0.5, memory_of(*listed)) + 0.0;
}

std::optional<double> median_if_enough(Vector<double>* values, std::int32_t least) {
  if (values->empty() || values->size() < static_cast<std::size_t>(least)) return std::nullopt;
  return quantile(*values, 0.5, memory_of(*values)) + 0.0;
}

}  // namespace

bool is_stale(const Model& model, std::optional<Day> newest, std::int64_t as_of) {
  return model.has_usage() &&
         (!newest || working_days(model.weekend, {std::int64_t{*newest} + 1, as_of}) >= kStaleDays);
}

void PopulationPart::finish(Population* population) const {
  Memory* const memory = memory_of(accounts_);
  Vector<double> sizes(memory), raws(memory), previous(memory), inactive(memory);
  Roles roles{Vector<Role>(accounts_.size(), Role::none, memory)};
  population->as_of = as_of_;
  for (const PartAccount& account : accounts_)
    if (account.size != kNone) sizes.push_back(account.size);
  const bool sized = !sizes.empty();
  if (sized) population->size = quantile(sizes, 0.5, memory);
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    const PartAccount& account = accounts_[i];
    if (!takes_part(account, sized)) continue;
    roles.of[i] = Role::other;
    roles.scored += account.scored;
    if (account.last_usage != kNever) {
      inactive.push_back(static_cast<double>(as_of_ - 1 - account.last_usage));
      population->newest = std::max(population->newest, std::optional(account.last_usage));
    }
    if (counts(account, sized)) raws.push_back(account.raw);
    if (counted(account, sized)) previous.push_back(account.previous);
  }
  population->days_inactive = median_if_enough(&inactive, model_.min_population);
  const auto median = [&](Vector<double>& values) { return values.empty() ? 0 : quantile(values, 0.5, memory); };
  const double now = median(raws), before = median(previous);
  population->accounts = static_cast<std::int32_t>(model_.has_raw() ? raws.size() : roles.scored);
  population->baseline = baseline_of(raws, baseline_terms(model_), memory);
  population->previous_baseline = baseline_of(previous, baseline_terms(model_), memory);
  const Baseline &b1 = population->baseline, &b0 = population->previous_baseline;
  const bool enough = std::min(raws.size(), previous.size()) >= static_cast<std::size_t>(model_.min_population);
  population->fell = enough && model_.has_raw() && b1 && b0 && *b0 > 0 && *b1 <= kFleetFell * *b0 && before > 0 &&
                     now <= kFleetFell * before;
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    if (!counts(accounts_[i], sized) || accounts_[i].raw < now) continue;
    roles.of[i] = Role::peer;
    ++roles.peers;
  }
  population->peers = roles.peers != 0;
  finish_signals(roles, population);
}

void PopulationPart::finish_signals(const Roles& roles, Population* population) const {
  Memory* const memory = memory_of(accounts_);
  const auto each_reading = [&](auto take) {
    const PartReading* reading = readings_.data();
    for (std::size_t i = 0; i < accounts_.size(); ++i)
      for (const PartReading* const end = reading + accounts_[i].readings; reading != end; ++reading)
        if (roles.of[i] != Role::none) take(reading, roles.of[i] == Role::peer);
  };
  Vector<std::size_t> begins(model_.signals.size() + 1, 0, memory);
  each_reading([&](const PartReading* reading, bool) { ++begins[static_cast<std::size_t>(reading->signal) + 1]; });
  for (std::size_t i = 1; i < begins.size(); ++i) begins[i] += begins[i - 1];
  Vector<std::size_t> next(begins, memory);
  Vector<RoleReading> by_signal(begins.back(), memory);
  each_reading([&](const PartReading* reading, bool of_peer) {
    by_signal[next[static_cast<std::size_t>(reading->signal)]++] = {reading, of_peer};
  });
  const bool stale = is_stale(model_, population->newest, as_of_);
  for (std::size_t signal = 0; signal + 1 < begins.size(); ++signal) {
    const std::span<const RoleReading> own(by_signal.data() + begins[signal], begins[signal + 1] - begins[signal]);
    if (own.empty()) continue;
    check_interrupt(memory);
    PeerSignal& result = population->signals.emplace_back();
    result.signal = static_cast<std::int32_t>(signal);
    finish_signal(own, roles.peers, &result);
    if (!stale) result.stopped = stopped(result.signal, own, roles.scored);
    population->peers_raw = finite(population->peers_raw + result.contribution, "raw score of the peers");
  }
  population->index(model_.signals.size());
}

void PopulationPart::finish_signal(std::span<const RoleReading> readings, std::size_t peers, PeerSignal* result) const {
  Memory* const memory = memory_of(accounts_);
  Vector<double> contributions(memory), recents(memory), days_inactive(memory), pcts(memory);
  Pulse pulse(memory);
  for (const auto& [reading, of_peer] : readings) {
    pulse.beat();
    if (reading->days_inactive != kNever) days_inactive.push_back(reading->days_inactive);
    if (reading->pct != PartReading::kNoPct) pcts.push_back(reading->pct);
    if (!of_peer) continue;
    contributions.push_back(reading->contribution);
    recents.push_back(reading->recent);
  }
  result->days_inactive = median_if_enough(&days_inactive, model_.min_population);
  result->pct = median_if_enough(&pcts, model_.min_population);
  if (peers == 0) return;
  if (model_.signal(result->signal).unit == Unit::raw) result->contribution = median_with_zeros(&contributions, peers);
  result->recent = median_with_zeros(&recents, peers);
}

// A fifth of the accounts had it in the trend_days that end with its last day, nobody since, and others go on.
std::optional<Day> PopulationPart::stopped(std::int32_t signal, std::span<const RoleReading> readings,
                                           std::size_t scored) const {
  constexpr std::size_t kLeastShare = 5;
  const Signal& option = model_.signal(signal);
  if (!option.usage || scored < static_cast<std::size_t>(model_.min_population)) return std::nullopt;
  const FeedTerms terms{as_of_, model_.days_of_window(option), model_.weekend};
  const Feed& feed = feeds_[static_cast<std::size_t>(places_[static_cast<std::size_t>(signal)])].feed;
  const std::optional<Day> last = feed.stopped(terms, memory_of(accounts_));
  if (!last) return std::nullopt;
  const std::int64_t since = as_of_ - 1 - *last + model_.trend_days;  // days without it for those who had it then
  const auto had =
      static_cast<std::size_t>(std::count_if(readings.begin(), readings.end(), [&](const RoleReading& each) {
        return each.reading->days_inactive != kNever && each.reading->days_inactive < since;
      }));
  return had * kLeastShare >= scored ? std::optional(*last + 1) : std::nullopt;
}

// ---------------------------------------------------------------- as a document

namespace {

constexpr double kDocumentVersion = 1;
constexpr char kHint[] = "A population is made by health_population(activity, model, as_of).";

// The shortest decimal that is this number.
void write_nonzero(std::string_view key, double number, JsonWriter* out) {
  if (number != 0) out->number(key, number);
}
void write_number(std::string_view key, std::optional<double> number, JsonWriter* out) {
  if (number) out->number(key, *number);
}
void write_true(std::string_view key, bool value, JsonWriter* out) {
  if (!value) return;
  out->key(key);
  out->boolean(true);
}

[[noreturn]] void invalid(Json value) {
  fail(kInvalidParameter, kHint, "invalid health_population: %.*s", shown(value->key), value->key.data());
}
double number_of(Json value) {
  double number = 0;
  if (value->type != JsonType::number || !parse_double(value->text, &number)) invalid(value);
  return number;
}
std::int32_t accounts_of(Json value) {
  constexpr double kMost = 2147483647;
  const double number = number_of(value);
  if (number < 0 || number > kMost || number != std::floor(number)) invalid(value);
  return static_cast<std::int32_t>(number);
}
double positive_of(Json value) {
  const double number = number_of(value);
  if (number <= 0) invalid(value);
  return number;
}
Day day_of(Json value) {
  Day day = 0;
  const bool date = value->type == JsonType::string && value->text.size() <= 10 &&
                    parse_date(value->text.data(), static_cast<unsigned>(value->text.size()), &day);
  if (!date || day < kFirstDay || day > kLastDay + 1) invalid(value);
  return day;
}
bool true_of(Json value) {
  if (value->type != JsonType::boolean) invalid(value);
  return value->boolean;
}

PeerSignal read_signal(Json json, const Model& model) {
  if (json->type != JsonType::object) invalid(json);
  const auto at = std::lower_bound(model.signals.begin(), model.signals.end(), json->key,
                                   [](const Signal& each, std::string_view name) { return each.name < name; });
  if (at == model.signals.end() || at->name != json->key) invalid(json);
  PeerSignal signal;
  signal.signal = static_cast<std::int32_t>(at - model.signals.begin());
  for (const Json item : json) {
    if (item->key == "contribution") signal.contribution = number_of(item);
    else if (item->key == "recent") signal.recent = number_of(item);
    else if (item->key == "days_inactive") signal.days_inactive = number_of(item);
    else if (item->key == "pct") signal.pct = number_of(item);
    else if (item->key == "stopped") signal.stopped = day_of(item);
    else invalid(item);
  }
  return signal;
}

}  // namespace

void write_population(const Population& population, const Model& model, Json model_json, JsonWriter* out) {
  out->begin(JsonType::object);
  write_nonzero("version", kDocumentVersion, out);
  out->day("as_of", static_cast<Day>(population.as_of));
  out->key("model");
  out->copy(model_json);
  write_number("accounts", population.accounts, out);
  write_number("baseline", population.baseline, out);
  write_number("previous_baseline", population.previous_baseline, out);
  write_number("size", population.size, out);
  write_number("days_inactive", population.days_inactive, out);
  out->day("newest", population.newest);
  write_true("fell", population.fell, out);
  write_true("peers", population.peers, out);
  out->key("signals");
  out->begin(JsonType::object);
  for (const PeerSignal& signal : population.signals) {
    if (signal.contribution == 0 && signal.recent == 0 && !signal.days_inactive && !signal.pct && !signal.stopped)
      continue;
    out->key(model.signal(signal.signal).name);
    out->begin(JsonType::object);
    write_nonzero("contribution", signal.contribution, out);
    write_nonzero("recent", signal.recent, out);
    write_number("days_inactive", signal.days_inactive, out);
    write_number("pct", signal.pct, out);
    out->day("stopped", signal.stopped);
    out->end();
  }
  out->end();
  out->end();
}

void check_population_version(Json document) {
  const std::optional<Json> version = member(document, "version");
  if (!version) fail(kInvalidParameter, kHint, "invalid health_population: version is missing");
  if (number_of(*version) != kDocumentVersion)
    fail(kInvalidParameter, kNewerHint, "invalid health_population: unknown version %.*s", shown((*version)->text),
         (*version)->text.data());
}

void read_population(Json document, const Model& model, Population* population) {
  bool as_of = false;
  for (const Json item : document) {
    if (item->key == "as_of") as_of = true, population->as_of = day_of(item);
    else if (item->key == "accounts") population->accounts = accounts_of(item);
    else if (item->key == "baseline") population->baseline = number_of(item);
    else if (item->key == "previous_baseline") population->previous_baseline = number_of(item);
    else if (item->key == "size") population->size = positive_of(item);
    else if (item->key == "days_inactive") population->days_inactive = number_of(item);
    else if (item->key == "newest") population->newest = day_of(item);
    else if (item->key == "fell") population->fell = true_of(item);
    else if (item->key == "peers") population->peers = true_of(item);
    else if (item->key == "signals" && item->type == JsonType::object)
      for (const Json signal : item) population->signals.push_back(read_signal(signal, model));
    else if (item->key != "model" && item->key != "version") invalid(item);
  }
  if (!as_of) fail(kInvalidParameter, kHint, "invalid health_population: as_of is missing");
  std::sort(population->signals.begin(), population->signals.end(),
            [](const PeerSignal& a, const PeerSignal& b) { return a.signal < b.signal; });
  population->peers_raw = 0;
  for (const PeerSignal& signal : population->signals)
    population->peers_raw = finite(population->peers_raw + signal.contribution, "raw score of the peers");
  population->index(model.signals.size());
}

// ---------------------------------------------------------------- in other words

namespace {

constexpr std::string_view kModelWords[] = {"language", "name", "version", "next_steps"};
constexpr std::string_view kSignalWords[] = {"label", "text", "next_step"};
constexpr char kWordsHint[] =
    "Words can be overridden: language, name, version, next_steps, and under signals label, text, next_step. For "
    "another model build another population.";

bool among(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// `signals` are those of the model.
void check_signal_words(std::optional<Json> signals, Json words) {
  const int length = shown(words->key);
  if (words->type != JsonType::object)
    fail(kInvalidParameter, kWordsHint, "invalid override of a health_population: signals.%.*s: %s", length,
         words->key.data(), json_type_name(words->type));
  if (!signals || !member(*signals, words->key))
    fail(kInvalidParameter, "Only signals of its model can be given other words.",
         "unknown signal in an override of a health_population: %.*s", length, words->key.data());
  for (const Json item : words)
    if (!among(kSignalWords, item->key))
      fail(kInvalidParameter, kWordsHint, "no word of a health_population: signals.%.*s.%.*s", length,
           words->key.data(), shown(item->key), item->key.data());
}

void check_words(Json model, Json words) {
  if (words->type != JsonType::object)
    fail(kInvalidParameter, "Write for example population || '{\"language\": \"fr\"}'.",
         "a health_population is overridden by an object, not by %s", json_type_name(words->type));
  for (const Json item : words) {
    if (item->key == "signals" && item->type == JsonType::object)
      for (const Json signal : item) check_signal_words(member(model, "signals"), signal);
    else if (!among(kModelWords, item->key))
      fail(kInvalidParameter, kWordsHint, "no word of a health_population: %.*s", shown(item->key), item->key.data());
  }
}

}  // namespace

void override_words(Json population, Json words, JsonWriter* out) {
  out->begin(JsonType::object);
  for (const Json item : population) {
    out->key(item->key);
    if (item->key != "model") {
      out->copy(item);
      continue;
    }
    check_words(item, words);
    merge_model(item, words, out);
  }
  out->end();
}

}  // namespace health
