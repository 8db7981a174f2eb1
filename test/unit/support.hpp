// What the unit tests share: JSON from text, models, random activities and the std::map that is their reference, an
// aggregate state that grows, a memory that fails.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <memory>
#include <new>
#include <numeric>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/account_parts.hpp"
#include "core/accumulator.hpp"
#include "core/activity_text.hpp"
#include "core/drivers.hpp"
#include "core/json.hpp"
#include "core/raw.hpp"

namespace health {

inline constexpr Day kAsOf = 20'485;  // 2026-02-01
inline constexpr Micros kMost = std::numeric_limits<Micros>::max(), kLeast = std::numeric_limits<Micros>::min();
// Logins alone, on a straight line to the median.
inline constexpr char kLogins[] = R"({"curve": "linear", "percentile": 0.5, "signals": {"login": 1}})";

// How often a random test that takes long goes round: an eighth as often in the debug build under sanitizers.
#ifdef __SANITIZE_ADDRESS__
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
constexpr int rounds(int all) { return kSanitized ? all / 8 : all; }

inline Memory* heap() {
  static ResourceMemory memory;
  return &memory;
}

// What `run` fails with; its sqlstate is empty if it does not.
template <class Run>
Failure failure_of(Run run) {
  try {
    run();
  } catch (const Failure& failure) {
    return failure;
  }
  return {};
}

// Expects that `run` fails with that SQLSTATE and exactly that message, and that a hint says what to do.
template <class Run>
void expect_failure(const char* sqlstate, const std::string& message, Run run) {
  const Failure failure = failure_of(run);
  EXPECT_STREQ(failure.sqlstate, sqlstate) << "for: " << message;
  EXPECT_EQ(failure.message, message);
  EXPECT_STRNE(failure.hint, "") << "for: " << message;
}

// ---------------------------------------------------------------- random numbers, the same on every machine

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  std::int64_t between(std::int64_t least, std::int64_t most) {
    const std::uint64_t choices = static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least) + 1;
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(least) + engine_() % choices);
  }
  bool one_in(int n) { return between(1, n) == 1; }
  double real(double least, double most) {
    return least + (most - least) * static_cast<double>(engine_() >> 11) * 0x1p-53;
  }
  template <class List>
  const auto& pick(const List& list) {
    return list[static_cast<std::size_t>(between(0, static_cast<std::int64_t>(std::size(list)) - 1))];
  }
  template <class List>
  void shuffle(List* list) {
    for (std::size_t i = list->size(); i > 1; --i)
      std::swap((*list)[i - 1], (*list)[static_cast<std::size_t>(between(0, static_cast<std::int64_t>(i) - 1))]);
  }

 private:
  std::mt19937_64 engine_;
};

// ---------------------------------------------------------------- JSON

// A tree read from JSON text, as the binding makes it of jsonb: numbers are their decimal text. No escapes in strings,
// and whatever ends a word may be part of a number. Throws std::invalid_argument.
class JsonTree {
 public:
  explicit JsonTree(std::string_view text) : text_(text) {
    read({}, 0);
    if (at_ != text_.size()) malformed();
  }
  JsonTree(const JsonTree&) = delete;  // the nodes point into the text
  Json root() const { return {nodes_.data(), 0}; }

 private:
  [[noreturn]] void malformed() const { throw std::invalid_argument("malformed JSON: " + text_); }
  char next() {
    while (text_[at_] == ' ' || text_[at_] == '\n') ++at_;
    return text_[at_];
  }
  bool take(char c) {
    const bool found = next() == c;
    at_ += found ? 1 : 0;
    return found;
  }
  std::string_view string() {
    const std::size_t end = text_.find('"', ++at_);
    if (end == std::string::npos) malformed();
    const std::string_view found = std::string_view(text_).substr(at_, end - at_);
    at_ = end + 1;
    return found;
  }
  std::string_view word() {
    const std::size_t end = text_.find_first_of(",]} \n", at_);
    const std::string_view found = std::string_view(text_).substr(at_, end - at_);
    at_ = std::min(end, text_.size());
    return found;
  }
  void read(std::string_view key, int depth) {
    const std::size_t index = nodes_.size();
    if (depth > 1000) malformed();
    nodes_.push_back({JsonType::null, false, 0, key, {}});
    const char first = next();
    if (first == '{' || first == '[') {
      nodes_[index].type = take('{') ? JsonType::object : (++at_, JsonType::array);
      for (const char last = first == '{' ? '}' : ']'; !take(last); take(',')) {
        std::string_view name;
        if (first == '{') {
          if (next() != '"') malformed();
          name = string();
          if (!take(':')) malformed();
        }
        read(name, depth + 1);
      }
    } else if (first == '"') {
      nodes_[index].type = JsonType::string;
      nodes_[index].text = string();
    } else if (const std::string_view scalar = word(); scalar == "true" || scalar == "false") {
      nodes_[index].type = JsonType::boolean;
      nodes_[index].boolean = scalar == "true";
    } else if (scalar.empty()) {
      malformed();
    } else if (scalar != "null") {
      nodes_[index].type = JsonType::number;
      nodes_[index].text = scalar;
    }
    nodes_[index].end = static_cast<std::uint32_t>(nodes_.size());
  }

  std::string text_;
  std::size_t at_ = 0;
  std::vector<JsonNode> nodes_;
};

inline std::string micros_text(Micros micros) {
  char text[24];
  return {text, static_cast<std::size_t>(format_micros(micros, text))};
}

inline double number_of(Json json) { return std::stod(std::string(json->text)); }

// JSON text without spaces, keys in the order of the tree.
inline std::string text_of(Json json) {
  if (json->type == JsonType::null) return "null";
  if (json->type == JsonType::boolean) return json->boolean ? "true" : "false";
  if (json->type == JsonType::string) return '"' + std::string(json->text) + '"';
  if (json->type == JsonType::number) return std::string(json->text);
  const bool object = json->type == JsonType::object;
  std::string text;
  for (const Json item : json)
    text += (text.empty() ? "" : ",") + (object ? '"' + std::string(item->key) + "\":" : "") + text_of(item);
  return object ? '{' + text + '}' : '[' + text + ']';
}

inline Json root_of(const JsonWriter& writer) { return {writer.nodes().data(), 0}; }

// A driver with its numbers as they are written.
inline DriverRow as_written(DriverRow driver) {
  const auto round = [](std::optional<double> number, int places) -> std::optional<double> {
    if (!number || !std::isfinite(*number)) return std::nullopt;
    const Decimal decimal = decimal_of_double(*number, places);
    return std::stod(std::to_string(decimal.mantissa) + "e" + std::to_string(-decimal.scale));
  };
  driver.points = round(driver.points, kPointPlaces).value();
  for (std::optional<double>* number : {&driver.change, &driver.vs_peers}) *number = round(*number, kPointPlaces);
  for (std::optional<double>* number : {&driver.recent, &driver.prior, &driver.pct})
    *number = round(*number, kMeasurePlaces);
  driver.days_inactive = round(driver.days_inactive, 0);
  return driver;
}

// All of it, as it is written.
inline std::string text_of(const DriverRow& driver) {
  const DriverRow row = as_written(driver);
  std::string text;
  for (const std::string_view each : {row.signal, row.label, row.dimension, row.kind, row.text})
    text += std::string(each) + '|';
  for (const std::optional<double>& number :
       {std::optional(row.points), row.change, row.vs_peers, row.recent, row.prior, row.pct, row.days_inactive})
    text += (number ? NumberText(*number).text : "") + std::string("|");
  return text;
}

inline std::unique_ptr<Model> model_of(const std::string& text) {
  auto model = std::make_unique<Model>(heap());
  model->read(JsonTree(text).root(), heap());
  return model;
}

// ---------------------------------------------------------------- activities

using Buffer = std::vector<std::uint8_t>;
using Reference = std::map<std::string, std::map<Day, Cell>>;

inline bool operator==(const Cell& a, const Cell& b) {
  return a.day == b.day && a.count == b.count && a.value_count == b.value_count && a.value == b.value;
}

inline Buffer owned(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

// The stored values in a file of test/golden: of each line the bytes, in hex, and what follows them.
struct Golden {
  Buffer bytes;
  std::string text;
};
inline std::vector<Golden> golden_values(const char* name) {
  std::ifstream file(std::filesystem::path(__FILE__).parent_path().parent_path() / "golden" / name);
  std::vector<Golden> values;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#")) continue;
    const std::size_t hex = line.find(' ');
    Golden value{{}, line.substr(hex + 1)};
    for (std::size_t i = 0; i < hex; i += 2)
      value.bytes.push_back(static_cast<std::uint8_t>(std::stoi(line.substr(i, 2), nullptr, 16)));
    values.push_back(value);
  }
  return values;
}

inline Buffer encode(const Reference& reference) {
  ActivityWriter writer(heap());
  for (const auto& [name, days] : reference) {
    writer.begin_signal(name);
    for (const auto& [day, cell] : days) writer.add(cell);
    writer.end_signal();
  }
  return owned(writer.finish());
}

inline Reference decode(Bytes bytes) {
  Reference reference;
  for (ActivityReader reader(bytes, heap()); reader.next_signal();)
    for (Cell cell; reader.next_cell(&cell);) reference[std::string(reader.name())].emplace(cell.day, cell);
  return reference;
}

inline Buffer activity_of(std::string_view text) {
  TextFormReader reader(heap());
  reader.read(text, true);
  Buffer bytes(reader.size());
  reader.copy_to(bytes.data());
  return bytes;
}

inline std::string text_form_of(Bytes activity) {
  std::string text(text_form_size(activity, heap()), '?');
  EXPECT_EQ(write_text_form(activity, text.data(), heap()), text.data() + text.size());
  return text;
}

// Names on both sides of kShortName up to the longest, prefixes of each other, with letters of two bytes.
inline const std::vector<std::string>& signal_names() {
  static const std::vector<std::string> names = {"a",
                                                 "ab",
                                                 "login",
                                                 "user:1",
                                                 "user:2",
                                                 "user:31",
                                                 "user",
                                                 "export_started",
                                                 "sixteen_letters_",
                                                 "seventeen_letters",
                                                 "événement",
                                                 std::string(100, 'x'),
                                                 std::string(254, 'y') + "z",
                                                 "z"};
  return names;
}

inline Cell random_cell(Random* random, Day day) {
  Cell cell{day, 0, 0, 0};
  cell.count = static_cast<std::uint32_t>(random->one_in(5) ? random->between(1, 100'000) : random->between(1, 4));
  if (random->one_in(2)) return cell;
  cell.value_count = random->one_in(3) ? static_cast<std::uint32_t>(random->between(1, cell.count)) : cell.count;
  cell.value =
      random->between(-3, 3) * kMicro + (random->one_in(2) ? random->between(-10'000'000'000, 10'000'000'000) : 0);
  return cell;
}

// Up to `signals` signals with up to `cells` days of [from, to) each; empty now and then.
inline Reference random_reference(Random* random, int signals, int cells, Day from, Day to) {
  Reference reference;
  for (auto left = random->between(0, signals); left > 0; --left) {
    auto& days = reference[random->pick(signal_names())];
    const auto form = random->between(0, 5);  // no values, all values, or mixed
    for (auto more = random->between(1, cells); more > 0; --more) {
      const auto day = static_cast<Day>(random->between(from, to - 1));
      Cell cell = random_cell(random, day);
      if (form == 0) cell = {day, cell.count, 0, 0};
      if (form == 1) cell.value_count = cell.count;
      days[day] = cell;
    }
  }
  return reference;
}

// ---------------------------------------------------------------- what a map does

inline Reference without_empty(Reference reference) {
  std::erase_if(reference, [](const auto& signal) { return signal.second.empty(); });
  return reference;
}

inline Reference merged(Reference a, const Reference& b) {
  for (const auto& [name, days] : b) {
    for (const auto& [day, cell] : days) {
      Cell& total = a[name][day];
      total = {day, total.count + cell.count, total.value_count + cell.value_count, total.value + cell.value};
    }
  }
  return a;
}

inline Reference only(Reference reference, std::int64_t from, std::int64_t to) {
  for (auto& [name, days] : reference)
    std::erase_if(days, [&](const auto& cell) { return cell.first < from || cell.first >= to; });
  return without_empty(reference);
}

inline bool matches(std::string_view name, std::string_view pattern) {
  if (pattern.empty() || pattern.back() != '*') return name == pattern;
  pattern.remove_suffix(1);
  return name.substr(0, pattern.size()) == pattern;
}

inline bool matches_any(std::string_view name, const std::vector<std::string_view>& patterns) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](std::string_view pattern) { return matches(name, pattern); });
}

inline std::vector<std::string_view> random_patterns(Random* random) {
  static const std::vector<std::string> stars = {"user:*",  "user*",   "us*",      "user:3*", "user:31*",
                                                 "z*",      "a*",      "ab*",      "e*",      "export_started*",
                                                 "export*", "nothing", "nothing*", "sixteen*"};
  std::vector<std::string_view> patterns;
  if (random->one_in(20)) patterns.push_back("*");
  for (auto n = random->between(0, random->one_in(2) ? 3 : 9); n > 0; --n)
    patterns.push_back(random->pick(random->one_in(2) ? stars : signal_names()));
  return patterns;
}

// ---------------------------------------------------------------- random models

struct ModelRange {
  std::int64_t weight = 20;  // largest, in size
  std::int32_t window = 60;  // largest, in days
  bool gauges = true;        // and scales
};

// The option: 2 to 20 bands, with cuts in quarters, in places narrower than any margin.
inline std::string random_bands(Random* random) {
  const auto count = random->between(2, static_cast<std::int64_t>(kMaxBands));
  std::set<std::int64_t> quarters = {0};
  for (const bool narrow = random->one_in(3); static_cast<std::int64_t>(quarters.size()) < count;)
    quarters.insert(random->between(1, narrow ? 40 : 400));
  std::string bands;
  for (const std::int64_t quarter : quarters) {
    const std::string name = "band " + std::to_string(quarter);
    bands += bands.empty() ? "" : ", ";
    bands += random->one_in(3) ? R"([{"en": ")" + name + R"(", "fr": "tranche )" + std::to_string(quarter) + "\"}"
                               : "[\"" + name + '"';
    bands += ", " + micros_text(quarter * kMicro / 4) + ']';
  }
  return "\"bands\": [" + bands + ']';
}

// Points of a scale or steps; not steep.
inline std::string random_points(Random* random) {
  std::string points;
  Micros x = random->between(-2, 3) * kMicro / 2;
  for (auto left = random->between(1, 4); left > 0; --left, x += random->between(1, 20) * kMicro / 2)
    points += (points.empty() ? "[" : ", [") + micros_text(x) + ", " +
              micros_text(random->one_in(3) ? 0 : random->between(-2 * kMicro, 2 * kMicro)) + "]";
  return "[" + points + "]";
}

// `others`: names of the model's other signals that are no prefixes.
inline std::string random_signal(Random* random, const std::string& name, const std::vector<std::string>& others,
                                 const ModelRange& range) {
  const bool star = name.back() == '*';
  static const std::vector<std::string> adding = {"count", "count", "days", "sum"};
  static const std::vector<std::string> gauges = {"last", "mean", "recency", "ratio", "trend"};
  std::string measure = star ? "distinct" : random->pick(range.gauges && random->one_in(2) ? gauges : adding);
  if (measure == "ratio" && others.empty()) measure = "last";
  const bool gauge = measure_of_name(measure) >= Measure::last;
  const bool scaled = range.gauges && random->one_in(gauge ? 3 : 6);
  const Micros weight = random->one_in(12)  ? 0
                        : random->one_in(2) ? random->between(-range.weight, range.weight) * kMicro
                                            : random->between(-range.weight * kMicro, range.weight * kMicro);
  std::string text = "\"" + name + "\": {\"weight\": " + micros_text(weight) + ", \"measure\": \"" + measure + "\"";
  const auto add = [&](const std::string& key, const std::string& value) { text += ", \"" + key + "\": " + value; };
  if (scaled) add(random->one_in(2) ? "scale" : "steps", random_points(random));
  else if (random->one_in(weight < 0 ? 2 : 3)) add("unit", random->one_in(4) ? "\"score\"" : "\"raw\"");
  if (measure == "ratio") add("of", '"' + random->pick(others) + '"');
  if (measure == "ratio" && random->one_in(2)) add("values", "true");
  if (gauge && random->one_in(6)) add("out_of", random->one_in(2) ? "1" : "5");
  if (gauge && !scaled && random->one_in(2)) add("neutral", micros_text(random->between(-2 * kMicro, 2 * kMicro)));
  if (random->one_in(4)) add("max_points", random->pick(std::vector<std::string>{"0", "0.5", "3", "40"}));
  if (measure == "count" && random->one_in(3)) add("daily_cap", std::to_string(random->between(1, 5)));
  const std::string days = std::to_string(random->between(1, range.window));
  const bool may_last = !gauge || measure == "last" || measure == "mean";
  if (may_last && random->one_in(gauge ? 4 : 8)) add("window_days", "null");
  else if (random->one_in(3)) add(star ? "days" : "window_days", days);
  if (!gauge && !scaled && random->one_in(4))
    add(random->one_in(2) ? "half_life_days" : "linear_days",
        random->one_in(4) ? "null" : micros_text(random->between(kMicro, 60 * kMicro)));
  if (star && random->one_in(2)) add("min_days", std::to_string(random->between(1, 4)));
  if (star && random->one_in(2)) add("of", "\"size\"");
  if (random->one_in(4)) add("usage", random->one_in(2) ? "true" : "false");
  if (random->one_in(2)) add("dimension", random->pick(std::vector<std::string>{"\"adoption\"", "\"outcomes\""}));
  // Old names never collide: a name of the pool and the new names of a few signals.
  if (!star && name == "login" && random->one_in(2)) add("aliases", "[\"ab\", \"old_login\"]");
  return text + "}";
}

inline std::string random_model(Random* random, const ModelRange& range = {}) {
  std::string text = "{\"window_days\": " + std::to_string(random->between(1, range.window));
  if (random->one_in(3)) text += ", \"half_life_days\": " + micros_text(random->between(kMicro / 10, 60 * kMicro));
  else if (random->one_in(3)) text += ", \"linear_days\": " + micros_text(random->between(kMicro / 2, 90 * kMicro));
  if (random->one_in(2)) text += ", \"size_exponent\": " + random->pick(std::vector<std::string>{"0", "0.5", "1", "2"});
  if (random->one_in(2)) text += ", \"percentile\": " + random->pick(std::vector<std::string>{"0.5", "0.75", "0.99"});
  if (random->one_in(2)) text += ", \"curve\": " + random->pick(std::vector<std::string>{"\"linear\"", "\"open\""});
  if (random->one_in(3)) text += ", \"population\": \"all\"";
  if (random->one_in(3)) text += ", \"min_tenure_days\": " + std::to_string(random->between(1, 30));
  std::vector<std::string> names = {"a", "login", "user:1", "export_started", "seventeen_letters", "z", "absent"};
  if (range.gauges) names.insert(names.end(), {"user:*", "*"});
  random->shuffle(&names);
  names.resize(static_cast<std::size_t>(random->between(1, static_cast<std::int64_t>(names.size()))));
  text += ", \"signals\": {";
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::vector<std::string> others;
    std::copy_if(names.begin(), names.end(), std::back_inserter(others),
                 [&](const std::string& each) { return each != names[i] && each.back() != '*'; });
    text += (i == 0 ? "" : ", ") + random_signal(random, names[i], others, range);
  }
  return text + "}}";
}

// ---------------------------------------------------------------- states and memory

// An aggregate state that grows as in the binding: the old block is copied into a larger one. A block's memory has its
// exact size and is filled with garbage, so that sanitizers see accesses outside and nothing relies on zeros.
class Block {
 public:
  explicit Block(const Room& room = kFirstRoom) { renew(room); }

  Accumulator* state() { return reinterpret_cast<Accumulator*>(memory_.get()); }
  const Accumulator& view() const { return *reinterpret_cast<const Accumulator*>(memory_.get()); }
  std::string_view bytes() const { return {memory_.get(), accumulator_bytes(view().room)}; }

  void add(const Entry& entry) {
    with_room([&](Room* wanted) { return accumulator_add(state(), entry, wanted, heap()); });
  }
  void absorb(Bytes activity) {
    with_room([&](Room* wanted) { return accumulator_absorb(state(), activity, wanted, heap()); });
  }
  void absorb(const Block& other) {
    with_room([&](Room* wanted) { return accumulator_absorb(state(), other.view(), wanted, heap()); });
  }
  Buffer finish() const {
    ActivityWriter writer(heap());
    return owned(accumulator_finish(view(), &writer, heap()));
  }

 private:
  void renew(const Room& room) {
    memory_.reset(new char[accumulator_bytes(room)]);
    std::memset(memory_.get(), 0xA5, accumulator_bytes(room));
    accumulator_init(state(), room);
  }
  template <class Add>
  void with_room(Add add) {
    for (Room wanted{}; !add(&wanted);) {
      const std::unique_ptr<char[]> old = std::move(memory_);
      renew(wanted);
      accumulator_copy(state(), *reinterpret_cast<const Accumulator*>(old.get()), heap());
    }
  }

  std::unique_ptr<char[]> memory_;
};

// malloc, except that allocation number `fatal` fails, and that interrupted() is true when asked for the `last`-th time
// (0: never). Counts the bytes that have not been given back.
class FaultyMemory final : public Memory {
 public:
  explicit FaultyMemory(long fatal, long last = 0) : fatal_(fatal), last_(last) {}
  long asked() const { return asked_; }
  bool interrupted() const override { return ++asked_ == last_; }
  long allocations() const { return allocations_; }
  std::size_t outstanding() const { return outstanding_; }
  std::size_t most() const { return most_; }  // the largest outstanding()

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    void* place = ++allocations_ == fatal_ || alignment > alignof(std::max_align_t) ? nullptr : std::malloc(bytes);
    if (place == nullptr) throw std::bad_alloc();
    outstanding_ += bytes;
    most_ = std::max(most_, outstanding_);
    return place;
  }
  void do_deallocate(void* place, std::size_t bytes, std::size_t) override {
    outstanding_ -= bytes;
    std::free(place);
  }
  bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override { return this == &other; }

  long fatal_, last_, allocations_ = 0;
  mutable long asked_ = 0;
  std::size_t outstanding_ = 0, most_ = 0;
};

// A PartFile in memory, whose call number `fatal` fails (0: none).
class MemoryFile final : public PartFile {
 public:
  explicit MemoryFile(Memory* memory = heap(), long fatal = 0) : bytes_(memory), fatal_(fatal) {}
  void write(Bytes bytes) override {
    called();
    append_bytes(&bytes_, bytes);
  }
  void read(std::uint64_t offset, std::span<std::uint8_t> bytes) override {
    called();
    if (offset > bytes_.size() || bytes.size() > bytes_.size() - offset) throw std::out_of_range("read past the end");
    std::copy_n(bytes_in(bytes_).begin() + static_cast<std::ptrdiff_t>(offset), bytes.size(), bytes.begin());
  }
  long calls() const { return calls_; }

 private:
  void called() {
    if (++calls_ == fatal_) fail("53100", nullptr, "disk is full");
  }

  ByteString bytes_;
  long fatal_, calls_ = 0;
};

// A Memory whose allocations are all freed at its end, and which is interrupted as `from` is.
class Arena {
 public:
  explicit Arena(Memory* from = heap()) : resource_(from), memory_(&resource_, from) {}
  Memory* memory() { return &memory_; }

 private:
  class Asking : public ResourceMemory {
   public:
    Asking(std::pmr::memory_resource* resource, const Memory* from) : ResourceMemory(resource), from_(from) {}
    bool interrupted() const override { return from_->interrupted(); }

   private:
    const Memory* from_;
  };
  std::pmr::monotonic_buffer_resource resource_;
  Asking memory_;
};

// All signals of a model, ascending.
inline std::vector<std::int32_t> all_signals(const Model& model) {
  std::vector<std::int32_t> signals(model.signals.size());
  std::iota(signals.begin(), signals.end(), 0);
  return signals;
}

// evaluate() with one contribution for each signal of the model.
inline Evaluation evaluate_all(Ledger* ledger, const Model& model, std::int64_t as_of, const AccountTerms& terms,
                               std::vector<double>* contributions) {
  std::vector<double> present(ledger->signals().size());
  const Evaluation evaluation = evaluate(ledger, model, as_of, terms, present.data());
  contributions->assign(model.signals.size(), 0.0);
  for (std::size_t i = 0; i < present.size(); ++i)
    (*contributions)[static_cast<std::size_t>(ledger->signals()[i])] = present[i];
  return evaluation;
}

}  // namespace health
