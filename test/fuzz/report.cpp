// Reports over hostile models and activities: an error, or points that add up to the score and changes to the change,
// in sentences of words and plain numbers; the same for accounts in another order, and in both languages.
#include "core/report.hpp"

#include <cctype>
#include <cmath>

#include "fuzz.hpp"

using namespace health;

namespace {

struct Row {
  bool known;
  AccountTerms terms;
  Buffer activity;
};

// ---------------------------------------------------------------- models that reach far

using Words = std::vector<const char*>;
const std::string kTiny = "0." + std::string(299, '0') + '1', kHuge = '1' + std::string(300, '0');

const char* pick(FuzzedDataProvider* in, const Words& words) {
  return words[in->ConsumeIntegralInRange<std::size_t>(0, words.size() - 1)];
}
bool one_in(FuzzedDataProvider* in, int n) { return in->ConsumeIntegralInRange(1, n) == 1; }

// Own texts use every placeholder.
const char* some_text(FuzzedDataProvider* in) {
  return pick(in, {R"("{label}: {value}, {recent} ({prior}), {pct}%")",
                   R"("{missing} of {size} {missing|seat|seats}, {days} {days|day|days}")",
                   R"({"low": "{count} in {window}", "down": "{ago} {ago|day|days} ago", "moved": "{peers} of peers"})",
                   R"({"awaited": {"en": "{tenure} {tenure|day|days}", "fr": "{tenure} {tenure|jour|jours}"}})",
                   R"({"member_silent": "{member} of {out_of}", "fading": "{left} {left|one|ones}", "no_data": "!"})",
                   R"({"below_peers": "{peers} {peers|time|times}", "new": "{trend}", "steady": "{value}, {trend}"})"});
}

// The rest of a signal's object. `measure` suits its name.
void add_options(FuzzedDataProvider* in, const std::string& measure, bool scorecard, std::string* text) {
  const auto add = [&](const char* key, const std::string& value) {
    *text += std::string(", \"") + key + "\": " + value;
  };
  const bool gauge = measure != "count" && measure != "days" && measure != "sum";
  if (one_in(in, 4)) add(in->ConsumeBool() ? "scale" : "steps", pick(in, {"[[0, 0], [30, 1]]", "[[1, -1], [2, 1]]"}));
  else if (gauge && (scorecard || one_in(in, 6))) add("out_of", pick(in, {"1", "10", "0.000001", "1000000000000"}));
  else if (one_in(in, 3)) add("unit", pick(in, {"\"raw\"", "\"score\""}));
  if (measure == "ratio") add("of", "\"login\"");
  if (measure == "distinct" && one_in(in, 3)) add("of", "\"size\"");
  if (one_in(in, 3)) add("text", some_text(in));
  if (one_in(in, 4))
    add("next_step", pick(in, {R"("Ask")", R"({"silent": "?"})", R"({"inactive": "Who", "high": "More"})"}));
  if (one_in(in, 4)) add("expected_within_days", pick(in, {"1", "7", "365", "36500"}));
  if (one_in(in, 4)) add("usage", in->ConsumeBool() ? "true" : "false");
  if (one_in(in, 4)) add("opportunity", "true");
  if (one_in(in, 4)) add("inactive_days", pick(in, {"1", "3", "36500"}));
  if (one_in(in, 6)) add("dimension", pick(in, {"\"adoption\"", "\"support\""}));
  const bool endless = !gauge || measure == "last" || measure == "mean";
  if (one_in(in, 4))
    add(measure == "distinct" ? "days" : "window_days", pick(in, {"1", "14", "36500", endless ? "null" : "90"}));
}

// Options, and signals that some_activity() knows; `language` comes last, and ends it.
std::string some_model(FuzzedDataProvider* in) {
  std::string text = "{\"version\": \"1\"";
  const auto add = [&](const char* key, const std::string& value) {
    text += std::string(", \"") + key + "\": " + value;
  };
  const bool scorecard = one_in(in, 3);
  if (scorecard) add("combine", "\"mean\"");
  if (scorecard) add("usage_weight", pick(in, {"1", "40", "1000000000"}));  // where no signal is raw, an error
  if (in->ConsumeBool()) add("trend_days", pick(in, {"1", "7", "14", "36500"}));
  if (in->ConsumeBool()) add("window_days", pick(in, {"1", "28", "36500"}));
  if (in->ConsumeBool()) add("weekend", pick(in, {"[]", "[6, 7]", "[1, 2, 3, 4, 5, 6]", "[7]"}));
  if (in->ConsumeBool()) add("silent_days", pick(in, {"1", "5", "36500"}));
  if (in->ConsumeBool()) add("min_population", pick(in, {"0", "1", "3"}));
  if (in->ConsumeBool()) add("min_tenure_days", pick(in, {"1", "30", "36500"}));
  if (in->ConsumeBool()) add("curve", pick(in, {"\"linear\"", "\"open\""}));
  if (one_in(in, 3)) add("baseline", pick(in, {kTiny.c_str(), "1", "100", kHuge.c_str()}));
  if (in->ConsumeBool()) add("trend_points", pick(in, {"0", "1", "100"}));
  if (in->ConsumeBool()) add("risk_points", pick(in, {"0", "1", "100"}));
  if (in->ConsumeBool()) add("max_drivers", pick(in, {"1", "2", "10000"}));
  if (in->ConsumeBool()) add("size_exponent", pick(in, {"0", "0.5", "10"}));
  if (one_in(in, 3)) add("half_life_days", pick(in, {"0.001", "14", "1000000000000"}));
  if (one_in(in, 3))
    add("bands", pick(in, {"[[\"a\", 0], [\"b\", 100]]", "[[\"a\", 0], [\"b\", 0.000001], [\"c\", 1], [\"d\", 50]]"}));
  if (one_in(in, 4))
    add("next_steps", pick(in, {"{}", R"({"silent": "", "new": {"fr": "Suivre"}, "usage_low": "Show"})"}));
  text += ", \"signals\": {\"login\": ";
  text += pick(in, {"0", "1", "-1", "1000000000", "0.000001", "20"});
  for (const char* name : {"a", "ab", "nps", "ticket", "user:*", "user:1", "u*", "*"}) {
    if (in->ConsumeBool()) continue;
    const bool star = std::string_view(name).ends_with('*');
    const std::string measure =
        star ? "distinct" : pick(in, {"count", "days", "sum", "last", "mean", "recency", "ratio", "trend"});
    text += std::string(", \"") + name + R"(": {"measure": ")" + measure + "\", \"weight\": ";
    text += pick(in, {"1", "20", "-20", "0.000001", "1000000000", "-1000000000"});
    add_options(in, measure, scorecard, &text);
    text += '}';
  }
  if (one_in(in, 4)) text += R"(, "set": {"measure": "last", "set_score": true})";
  return text + "}, \"language\": ";
}

// Of those signals and members: some days of the last months, or a rhythm that ends.
Reference some_activity(FuzzedDataProvider* in, Day as_of, bool wild) {
  Reference reference;
  for (const char* name : {"login", "a", "ab", "nps", "ticket", "user:1", "user:2", "user:31", "set", "unknown"}) {
    if (in->ConsumeBool()) continue;
    const int every = in->ConsumeIntegralInRange(1, 40);
    std::int64_t day = std::int64_t{as_of} + in->ConsumeIntegralInRange(-120, 2);
    for (int left = in->ConsumeIntegralInRange(1, 40); left > 0; --left, day -= every) {
      if (day < kFirstDay || day > kLastDay) continue;
      Cell cell = some_cell(in, wild);
      cell.day = static_cast<Day>(day);
      reference[name][cell.day] = cell;
    }
  }
  return reference;
}

// ---------------------------------------------------------------- what reports promise

bool holds_word(std::string_view text, std::string_view word) {
  const auto letter = [&](std::size_t at) {
    return at < text.size() && std::isalpha(static_cast<unsigned char>(text[at]));
  };
  for (std::size_t at = 0; (at = text.find(word, at)) != text.npos; ++at)
    if ((at == 0 || !letter(at - 1)) && !letter(at + word.size())) return true;
  return false;
}

// Numbers are numbers, and nothing is left in braces.
void check_words(std::string_view text) {
  REQUIRE(!holds_word(text, "nan") && !holds_word(text, "inf"));
  REQUIRE(text.find_first_of("{}") == text.npos);
  for (std::size_t at = 0; (at = text.find("-0", at)) != text.npos; at += 2)
    REQUIRE(at + 2 < text.size() && std::string_view("0123456789.,").find(text[at + 2]) != text.npos);
}

struct Reported {
  Arena arena;
  ReportRow row;
  std::string words() const {
    if (!row.scored) return row.flags;
    std::string words = std::string(row.reason) + '|' + std::string(row.main_risk) + '|' +
                        std::string(row.main_opportunity) + '|' + std::string(row.next_step) + '|' + row.flags;
    for (const DriverRow& driver : row.drivers) words += text_of(driver);
    return words;
  }
  // What no language changes.
  std::string facts() const {
    if (!row.scored) return row.flags;
    std::string facts =
        std::string(row.main_risk_signal) + '|' + std::string(row.main_opportunity_signal) + '|' + row.flags;
    for (const DriverRow& driver : row.drivers)
      facts += '|' + std::string(driver.kind) + '|' + std::string(driver.signal);
    return facts;
  }
};

void check(const Reported& reported, bool made) {
  const ReportRow& row = reported.row;
  REQUIRE(row.score >= 0 && std::isfinite(row.score));
  const double exact = 1e-9 * std::max(1.0, std::fabs(row.score));
  long double points = 0, change = 0;
  for (const DriverRow& driver : row.drivers) {
    const DriverRow written = as_written(driver);
    points += written.points;
    change += written.change.value_or(0);
  }
  REQUIRE(std::fabs(static_cast<double>(points) - row.score) <= exact);
  if (row.score_change) REQUIRE(std::fabs(static_cast<double>(change) - *row.score_change) <= exact * 10);
  REQUIRE(!row.reason.empty());
  if (made)
    for (const std::string_view text : {row.reason, row.main_risk, row.main_opportunity, row.next_step})
      check_words(text);
  for (const DriverRow& driver : row.drivers) {
    REQUIRE(!driver.text.empty());
    if (made) check_words(driver.text);
  }
}

// All accounts, in one order or the other.
std::vector<Reported> report_all(const Model& model, Day as_of, const std::vector<Row>& rows, bool backwards) {
  Accounts reports(Wanted::report, model, as_of, heap());
  const auto at = [&](std::size_t i) { return backwards ? rows.size() - 1 - i : i; };
  for (std::size_t i = 0; i < rows.size(); ++i) reports.add_account(rows[at(i)].known, rows[at(i)].terms);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[at(i)].known) reports.evaluate_account(i, rows[at(i)].activity);
  reports.close();
  std::vector<Reported> all(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Reported& one = all[at(i)];
    one.row = reports.report(i, one.arena.memory());
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider in(data, size);
  std::string text = in.ConsumeRandomLengthString(3000);
  const bool made = text.empty() || text[0] != '{';  // else it is a model itself
  if (made) text = some_model(&in);
  Model model(heap()), french(heap());
  try {
    const JsonTree json(made ? text + "\"en\"}" : text);
    if (!outcome([&] { model.read(json.root(), heap()); }).empty() || model.signals.empty()) return 0;
    if (made) french.read(JsonTree(text + "\"fr\"}").root(), heap());
  } catch (const std::invalid_argument&) {
    return 0;
  }
  const bool wild = in.ConsumeBool(), raw_bytes = in.ConsumeBool();
  const Day as_of = some_day(&in);
  std::vector<Row> rows;
  for (int count = in.ConsumeIntegralInRange(1, 12); count > 0; --count) {
    Row row{in.ConsumeIntegralInRange(0, 9) != 0, {}, {}};
    if (in.ConsumeBool()) row.terms.size = in.ConsumeFloatingPointInRange<double>(1e-300, wild ? 1e300 : 1e4);
    if (in.ConsumeBool())
      row.terms.since = in.ConsumeBool() ? as_of - in.ConsumeIntegralInRange(-2, 100) : in.ConsumeIntegral<Day>();
    if (raw_bytes) row.activity = in.ConsumeBytes<std::uint8_t>(in.ConsumeIntegralInRange<std::size_t>(0, 200));
    else row.activity = encode(made ? some_activity(&in, as_of, wild) : some_reference(&in, wild));
    rows.push_back(row);
  }

  outcome(
      [&] {
        Accounts scores(Wanted::score, model, as_of, heap());
        for (const Row& row : rows) scores.add_account(row.known, row.terms);
        for (std::size_t i = 0; i < rows.size(); ++i)
          if (rows[i].known) scores.evaluate_account(i, rows[i].activity);
        scores.close();
        const std::vector<Reported> reports = report_all(model, as_of, rows, false),
                                    backwards = report_all(model, as_of, rows, true);
        for (std::size_t i = 0; i < rows.size(); ++i) {
          const ReportRow& row = reports[i].row;
          REQUIRE(row.scored == scores.scored(i));
          REQUIRE(reports[i].words() == backwards[i].words());
          if (!row.scored) continue;
          REQUIRE(row.score == scores.score(i));
          check(reports[i], made);
        }
        if (!made) return;
        const std::vector<Reported> others = report_all(french, as_of, rows, false);
        for (std::size_t i = 0; i < rows.size(); ++i) {
          REQUIRE(others[i].facts() == reports[i].facts());
          if (others[i].row.scored) check(others[i], made);
        }
      },
      !raw_bytes);
  return 0;
}
