// Scores a CSV file of events with the core alone: no server, no database.
//
//   score_csv EVENTS.csv AS_OF SIGNAL=WEIGHT...
//   score_csv events.csv 2026-01-01 login=1 export=5 cancel_page_visited=-25
//
// The file has a header line and the columns account, event, occurred_at (ISO 8601, UTC where it names no zone) and, if
// it likes, value. Prints account, score and band as CSV, the best first: what score.sql in this folder prints, to the
// last digit.
#include <health_score/core/grouping.hpp>
#include <health_score/core/band.hpp>
#include <health_score/core/moment.hpp>
#include <health_score/core/report.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Record = std::vector<std::string>;

// The records of a CSV text as RFC 4180 has it: a field in double quotes may hold commas, line breaks and, written
// twice, quotes. Blank lines are left out.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : rest_(text) {}

  bool next(Record* record) {
    do {
      if (rest_.empty()) return false;
      record->clear();
      do record->push_back(field());
      while (take(','));
      take('\r');
      if (!rest_.empty() && !take('\n'))
        health::fail(health::kInvalidText, "Write a quote within quotes twice.", "malformed CSV at: %.20s",
                     std::string(rest_).c_str());
    } while (record->size() == 1 && record->front().empty());
    return true;
  }

 private:
  bool take(char c) {
    const bool found = rest_.starts_with(c);
    if (found) rest_.remove_prefix(1);
    return found;
  }
  std::string field() {
    if (take('"')) return quoted();
    const std::string found(rest_.substr(0, rest_.find_first_of(",\r\n")));
    rest_.remove_prefix(found.size());
    return found;
  }
  std::string quoted() {
    std::string found;
    do {
      const std::size_t end = rest_.find('"');
      if (end == std::string_view::npos)
        health::fail(health::kInvalidText, "Close the quotes.", "CSV ends within quotes");
      found += rest_.substr(0, end);
      rest_.remove_prefix(end + 1);
      if (rest_.starts_with('"')) found += '"';
    } while (take('"'));
    return found;
  }

  std::string_view rest_;
};

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

// {"signals": {"login": 1, ...}}
void read_model(const std::vector<std::string_view>& weights, health::Model* model, health::Memory* memory) {
  health::JsonWriter json(memory);
  json.begin(health::JsonType::object);
  json.key("signals");
  json.begin(health::JsonType::object);
  for (const std::string_view weight : weights) {
    const std::size_t equals = weight.find('=');
    health::Micros micros;
    if (equals == std::string_view::npos ||
        health::parse_micros(weight.substr(equals + 1), false, &micros) != health::Parsed::ok)
      health::fail(health::kInvalidParameter, "Write login=1 or refund=-2.5.", "invalid weight: %.*s",
                   health::shown(weight), weight.data());
    json.key(weight.substr(0, equals));
    json.number_text(weight.substr(equals + 1));
  }
  json.end();
  json.end();
  model->read({json.nodes().data(), 0}, memory);
}

void add_event(const Record& record, health::Grouping* events) {
  if (record.size() < 3)
    health::fail(health::kInvalidText, "Write account,event,occurred_at or account,event,occurred_at,value.",
                 "an event has %zu columns", record.size());
  const bool valued = record.size() > 3 && !record[3].empty();
  health::Micros value = 0;
  if (valued && health::parse_micros(record[3], true, &value) != health::Parsed::ok)
    health::fail(health::kInvalidText, "Write a plain decimal number, such as 12.5.", "invalid value: %.100s",
                 record[3].c_str());
  events->add({false, {}, record[0]}, record[1], health::day_of_text(record[2], record[1]), valued, value);
}

// Where events go that would take more memory than they may.
class ScratchFile final : public health::PartFile {
 public:
  ~ScratchFile() {
    if (file_ != nullptr) std::fclose(file_);
  }
  void write(health::Bytes bytes) override {
    if (file_ == nullptr) file_ = std::tmpfile();
    if (file_ == nullptr || std::fseek(file_, 0, SEEK_END) != 0 ||
        std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size())
      fail();
  }
  void read(std::uint64_t offset, std::span<std::uint8_t> bytes) override {
    if (std::fseek(file_, static_cast<long>(offset), SEEK_SET) != 0 ||
        std::fread(bytes.data(), 1, bytes.size(), file_) != bytes.size())
      fail();
  }

 private:
  [[noreturn]] static void fail() { throw std::runtime_error("a temporary file cannot be used"); }

  std::FILE* file_ = nullptr;
};

struct Scored {
  std::string account;
  double score;
};

std::vector<Scored> scores_of(const health::Grouping& events, const health::Model& model, health::Day as_of,
                              health::Memory* memory) {
  std::vector<Scored> accounts;
  std::vector<std::vector<std::uint8_t>> activities;
  health::GroupingMerge merge(events, memory);
  health::AccountKey key;
  for (health::Bytes activity; merge.next(&key, &activity);) {
    accounts.push_back({std::string(key.text), 0});
    activities.emplace_back(activity.begin(), activity.end());
  }
  // An account is scored against all others, so each is announced before the first is evaluated.
  health::Accounts scores(health::Wanted::score, model, as_of, memory);
  for (std::size_t i = 0; i < accounts.size(); ++i) scores.add_account(true, {});
  for (std::size_t i = 0; i < accounts.size(); ++i) scores.evaluate_account(i, activities[i]);
  scores.close();
  for (std::size_t i = 0; i < accounts.size(); ++i) accounts[i].score = scores.score(i);
  std::sort(accounts.begin(), accounts.end(), [](const auto& a, const auto& b) {
    return a.score != b.score ? a.score > b.score : a.account < b.account;
  });
  return accounts;
}

void run(const char* file, std::string_view as_of, const std::vector<std::string_view>& weights) {
  health::ResourceMemory memory;
  health::Model model(&memory);
  read_model(weights, &model, &memory);
  std::ifstream in(file, std::ios::binary);
  if (!in) health::fail(health::kInvalidParameter, "Give the path of a CSV file.", "cannot read %s", file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  CsvReader csv(text);
  ScratchFile scratch;
  constexpr std::size_t kMostMemory = std::size_t{1} << 30;
  health::Grouping events(health::AccountType::text, true, &memory, &scratch, kMostMemory);
  Record record;
  csv.next(&record);  // the header
  while (csv.next(&record)) add_event(record, &events);
  events.finish();
  std::puts("account,score,band");
  for (const Scored& each : scores_of(events, model, health::day_of_text(as_of), &memory))
    std::printf(
        "%s,%s,%s\n", csv_field(each.account).c_str(), health::NumberText(each.score).text,
        csv_field(std::string(health::band_code(health::band_of(each.score, model.bands), model.bands))).c_str());
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 4) {
    std::cerr << "usage: score_csv EVENTS.csv AS_OF SIGNAL=WEIGHT...\n";
    return 2;
  }
  try {
    run(arguments[1], arguments[2], {arguments + 3, arguments + count});
  } catch (const health::Failure& failure) {
    std::cerr << "error: " << failure.message << '\n';
    if (failure.hint[0] != '\0') std::cerr << "hint: " << failure.hint << '\n';
    return 1;
  } catch (const std::exception& failure) {
    std::cerr << "error: " << failure.what() << '\n';
    return 1;
  }
}
