// Populations of parts, in any split and order, as bytes and as documents, also wrong ones.
#include "core/population.hpp"

#include <bit>

#include "core/report.hpp"

#include "brute_force.hpp"

namespace health {
namespace {

Bytes bytes_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

std::string text_of_population(const Population& population, const Model& model) {
  Arena arena;
  const JsonTree empty("{}");
  JsonWriter writer(arena.memory());
  write_population(population, model, empty.root(), &writer);
  return text_of(root_of(writer));
}

std::string document_of(const PopulationPart& part, const Model& model) {
  Population population(heap());
  part.finish(&population);
  return text_of_population(population, model);
}

// Some accounts of one model at one date.
struct RandomFleet {
  explicit RandomFleet(Random* random, const ModelRange& range = {}) : first(random_case(random, range)) {
    for (int i = random->between(0, 30); i > 0; --i) {
      const Case each = random_case(random, range);
      activities.push_back(encode(each.activity));
      terms.push_back(each.terms);
    }
  }
  const Model& model() const { return *first.model; }
  PopulationPart part() const {
    PopulationPart part(model(), first.as_of, heap());
    AccountEvaluator evaluator(model(), first.as_of, heap());
    for (std::size_t i = 0; i < terms.size(); ++i) part.add(activities[i], terms[i], &evaluator);
    return part;
  }
  Case first;
  std::vector<Buffer> activities;
  std::vector<AccountTerms> terms;
};

std::string written(const PopulationPart& part) {
  std::string bytes(part.bytes(), '?');
  part.write(reinterpret_cast<std::uint8_t*>(bytes.data()));
  return bytes;
}

TEST(Population, PartsAddUpInAnySplitAndOrder) {
  Random random(18);
  for (int round = 0; round < rounds(400); ++round) {
    const RandomFleet fleet(&random);
    const Model& model = fleet.model();
    const std::int64_t as_of = fleet.first.as_of;
    AccountEvaluator evaluator(model, as_of, heap());
    std::vector<std::unique_ptr<PopulationPart>> parts;
    for (int i = 0; i < 3; ++i) parts.push_back(std::make_unique<PopulationPart>(model, as_of, heap()));
    for (std::size_t i = 0; i < fleet.terms.size(); ++i)
      parts[static_cast<std::size_t>(random.between(0, 2))]->add(fleet.activities[i], fleet.terms[i], &evaluator);
    PopulationPart merged(model, as_of, heap());
    merged.merge(bytes_of(written(*parts[2])));
    merged.merge(*parts[0]);
    merged.merge(bytes_of(written(*parts[1])));
    ASSERT_EQ(document_of(merged, model), document_of(fleet.part(), model)) << "round " << round;
  }
}

TEST(Population, BytesAreThoseOfThePart) {
  Random random(19);
  for (int round = 0; round < rounds(200); ++round) {
    const RandomFleet fleet(&random);
    const std::string bytes = written(fleet.part());
    ASSERT_EQ(written(fleet.part()), bytes);  // none is left to chance
    PopulationPart again(fleet.model(), fleet.first.as_of, heap());
    again.merge(bytes_of(bytes));
    ASSERT_EQ(written(again), bytes);
    PopulationPart other_date(fleet.model(), fleet.first.as_of + 1, heap());
    ASSERT_EQ(failure_of([&] { other_date.merge(bytes_of(bytes)); }).sqlstate, std::string("22P03"));
  }
}

// Wrong bytes are refused, or they are those of some part, which makes a population like any other.
TEST(Population, HostileBytesAreRefusedOrMakeAPopulation) {
  Random random(20);
  int refused = 0, taken = 0;
  for (int round = 0; round < rounds(300); ++round) {
    const RandomFleet fleet(&random);
    const std::string bytes = written(fleet.part());
    for (int change = 0; change < 20; ++change) {
      std::string wrong = bytes;
      for (int i = random.between(1, 3); i > 0; --i)
        wrong[static_cast<std::size_t>(random.between(0, static_cast<int>(wrong.size()) - 1))] =
            static_cast<char>(random.one_in(3)   ? random.between(0, 255)
                              : random.one_in(2) ? 0xFF
                                                 : 0x7F);
      if (random.one_in(4)) wrong.resize(static_cast<std::size_t>(random.between(0, static_cast<int>(wrong.size()))));
      const Buffer exact(wrong.begin(), wrong.end());  // of its exact size, so that a step beyond the end is seen
      PopulationPart part(fleet.model(), fleet.first.as_of, heap());
      const Failure failure = failure_of([&] { part.merge(exact); });
      if (failure.sqlstate[0] != '\0') {
        ASSERT_EQ(failure.sqlstate, std::string("22P03"));
        ASSERT_NE(failure.hint[0], '\0');
        ++refused;
        continue;
      }
      ++taken;
      PopulationPart merged = fleet.part();
      merged.merge(part);
      for (const PopulationPart* each : {&part, &merged}) {
        const std::string state = failure_of([&] { document_of(*each, fleet.model()); }).sqlstate;
        ASSERT_TRUE(state.empty() || state == "22003") << state;
      }
    }
  }
  EXPECT_GT(refused, 0);
  EXPECT_GT(taken, 0);
}

// ---------------------------------------------------------------- documents

Population read_document(const std::string& text, const Model& model) {
  Population population(heap());
  const JsonTree json(text);
  check_population_version(json.root());
  read_population(json.root(), model, &population);
  return population;
}

TEST(Population, DocumentsAreReadAsTheyWereWritten) {
  Random random(21);
  for (int round = 0; round < rounds(300); ++round) {
    const RandomFleet fleet(&random);
    const std::string text = document_of(fleet.part(), fleet.model());
    ASSERT_EQ(text_of_population(read_document(text, fleet.model()), fleet.model()), text);
  }
}

// JSON text with the keys of objects in order.
std::string sorted_text(Json json) {
  if (json->type == JsonType::array) {
    std::string text;
    for (const Json item : json) text += sorted_text(item) + ",";
    return "[" + text + "]";
  }
  if (json->type != JsonType::object) return text_of(json);
  std::map<std::string_view, std::string> items;
  for (const Json item : json) items[item->key] = sorted_text(item);
  std::string text;
  for (const auto& [key, item] : items) text += std::string(key) + ":" + item + ",";
  return "{" + text + "}";
}

std::string sorted_document(const Population& population, const Model& model, Json model_json) {
  Arena arena;
  JsonWriter writer(arena.memory());
  write_population(population, model, model_json, &writer);
  return sorted_text(root_of(writer));
}

TEST(Population, StoredDocumentsNeverChange) {
  const std::vector<Golden> golden = golden_values("population_v1.txt");
  ASSERT_EQ(golden.size(), 7u);
  for (const auto& [bytes, text] : golden) {
    const JsonTree json(text);
    const Json model_json = member(json.root(), "model").value();
    const std::unique_ptr<Model> model = model_of(text_of(model_json));
    EXPECT_EQ(sorted_document(read_document(text, *model), *model, model_json), sorted_text(json.root()));
  }
}

TEST(Population, StoredPartsNeverChange) {
  if (std::endian::native != std::endian::little) GTEST_SKIP() << "a part has the bytes of its kind of machine";
  const std::vector<Golden> golden = golden_values("population_part_v1.txt");
  ASSERT_EQ(golden.size(), 5u);
  for (const auto& [bytes, text] : golden) {
    struct {  // as src/pg/population.cpp writes it, without the length
      std::uint8_t version, terms;
      Day as_of;
      std::uint32_t model_bytes;
    } head;
    ASSERT_GT(bytes.size(), sizeof head);
    std::memcpy(&head, bytes.data(), sizeof head);
    EXPECT_EQ(head.version, 1);
    const auto* model_text = reinterpret_cast<const char*>(bytes.data() + sizeof head);
    const std::unique_ptr<Model> model = model_of(std::string(model_text, head.model_bytes));
    const Bytes part_bytes = Bytes(bytes).subspan(sizeof head + head.model_bytes);
    PopulationPart part(*model, head.as_of, heap());
    part.merge(part_bytes);
    EXPECT_EQ(written(part), std::string(part_bytes.begin(), part_bytes.end()));
    Population population(heap());
    part.finish(&population);
    const JsonTree json(text);
    EXPECT_EQ(sorted_document(population, *model, member(json.root(), "model").value()), sorted_text(json.root()));
  }
}

TEST(Population, DocumentsOfOtherVersions) {
  const auto check = [](const char* text) {
    const JsonTree json(text);
    return failure_of([&] { check_population_version(json.root()); });
  };
  EXPECT_STREQ(check(R"({"version": 1})").sqlstate, "");
  const Failure newer = check(R"({"new": {}, "version": 2})");
  EXPECT_STREQ(newer.message, "invalid health_population: unknown version 2");
  EXPECT_STREQ(newer.hint, kNewerHint);
  EXPECT_STREQ(check(R"({"as_of": "2026-01-01"})").message, "invalid health_population: version is missing");
}

TEST(Population, DocumentsThatAreNone) {
  const std::unique_ptr<Model> model = model_of(R"({"signals": {"login": 1, "export": 5}})");
  const std::string head = R"({"version": 1, "as_of": "2026-01-01", "model": {}, "signals": {}, )";
  const auto state = [&](const std::string& text) {
    const Failure failure = failure_of([&] { read_document(text, *model); });
    EXPECT_TRUE(failure.sqlstate[0] == '\0' || failure.hint[0] != '\0') << text;
    return std::string(failure.sqlstate);
  };
  EXPECT_EQ(state(head + R"("accounts": 3, "size": 0.5, "baseline": -1, "newest": "2025-12-31", "fell": true,
    "peers": true})"),
            "");
  EXPECT_EQ(state(R"({"version": 1, "as_of": "2026-01-01"})"), "");  // as a population of nobody
  for (const char* wrong :
       {R"({})", R"({"version": 2, "as_of": "2026-01-01"})", R"({"version": "1", "as_of": "2026-01-01"})",
        R"({"as_of": "2026-01-01"})", R"({"version": 1})", R"({"version": 1, "as_of": 5})",
        R"({"version": 1, "as_of": "2026-02-30"})", R"({"version": 1, "as_of": "1969-12-31"})",
        R"({"version": 1, "as_of": "2200-01-02"})", R"({"version": 1, "as_of": "01/02/2026"})"})
    EXPECT_EQ(state(wrong), "22023") << wrong;
  for (const char* member : {R"("accounts": -1)",
                             R"("accounts": 1.5)",
                             R"("accounts": 3000000000)",
                             R"("accounts": "3")",
                             R"("size": 0)",
                             R"("size": -4)",
                             R"("size": null)",
                             R"("baseline": null)",
                             R"("baseline": "5")",
                             R"("fell": 1)",
                             R"("peers": "true")",
                             R"("newest": 20000)",
                             R"("newest": "yesterday")",
                             R"("days_inactive": [])",
                             R"("unknown": 1)",
                             R"("signals": [])",
                             R"("signals": 5)",
                             R"("signals": {"login": 1})",
                             R"("signals": {"other": {}})",
                             R"("signals": {"login": {"recent": "1"}})",
                             R"("signals": {"login": {"stopped": "2026"}})",
                             R"("signals": {"login": {"weight": 1}})"})
    EXPECT_EQ(state(R"({"version": 1, "as_of": "2026-01-01", )" + std::string(member) + "}"), "22023") << member;
}

// ---------------------------------------------------------------- reports

// One account against the finished population, read from its document: the row that is reported among all.
TEST(Population, ReportsAgainstItAreThoseOfAllTogether) {
  Random random(22);
  for (int round = 0; round < rounds(200); ++round) {
    const RandomFleet fleet(&random);
    const Model& model = fleet.model();
    const std::int64_t as_of = fleet.first.as_of;
    Accounts together(Wanted::report, model, as_of, heap());
    for (const AccountTerms& terms : fleet.terms) together.add_account(true, terms);
    for (const bool sized : {true, false})
      for (std::size_t i = 0; i < fleet.terms.size(); ++i)
        if (fleet.terms[i].size.has_value() == sized) together.evaluate_account(i, fleet.activities[i]);
    together.close();
    const Population population = read_document(document_of(fleet.part(), model), model);
    Report report(model, population, as_of, heap());
    AccountEvaluator evaluator(model, as_of, heap());
    for (std::size_t i = 0; i < fleet.terms.size(); ++i) {
      Arena arena;
      const EvaluatedAccount account =
          population.evaluate(Wanted::report, fleet.activities[i], fleet.terms[i], &evaluator);
      Vector<KeptMember> members(heap());
      evaluator.keep_members(&members);
      const ReportRow mine = together.report(i, arena.memory());
      const ReportRow alone = report.of(account, evaluator.readings(), members, arena.memory());
      ASSERT_EQ(alone.scored, mine.scored);
      ASSERT_STREQ(alone.flags, mine.flags);
      if (!mine.scored) continue;
      ASSERT_EQ(alone.score, mine.score);
      ASSERT_EQ(alone.previous_score, mine.previous_score);
      ASSERT_EQ(alone.reason, mine.reason);
      ASSERT_TRUE(std::ranges::equal(alone.drivers, mine.drivers));
      ASSERT_TRUE(std::ranges::equal(alone.dimensions, mine.dimensions));
    }
  }
}

TEST(Population, WordsAloneAreOverridden) {
  const JsonTree population(
      R"({"version": 1, "model": {"signals": {"login": 1, "nps": {"weight": 2}}, "name": "a"}, "accounts": 3})");
  const auto told = [&](const char* words) {
    Arena arena;
    const JsonTree patch(words);
    JsonWriter writer(arena.memory());
    override_words(population.root(), patch.root(), &writer);
    return text_of(root_of(writer));
  };
  EXPECT_EQ(told(R"({"language": "fr", "name": null, "signals": {"login": {"label": "Connexion"}}})"),
            R"({"version":1,"model":{"signals":{"login":{"weight":1,"label":"Connexion"},"nps":{"weight":2}},)"
            R"("language":"fr"},"accounts":3})");
  EXPECT_EQ(told("{}"), text_of(population.root()));
  expect_failure("22023", "no word of a health_population: trend_days", [&] { told(R"({"trend_days": 7})"); });
  expect_failure("22023", "no word of a health_population: signals", [&] { told(R"({"signals": 1})"); });
  expect_failure("22023", "no word of a health_population: signals.login.weight",
                 [&] { told(R"({"signals": {"login": {"label": "L", "weight": 2}}})"); });
  expect_failure("22023", "invalid override of a health_population: signals.nps: a number",
                 [&] { told(R"({"signals": {"nps": 3}})"); });
  expect_failure("22023", "unknown signal in an override of a health_population: export",
                 [&] { told(R"({"signals": {"export": {"label": "E"}}})"); });
  expect_failure("22023", "a health_population is overridden by an object, not by an array", [&] { told("[1]"); });
}

}  // namespace
}  // namespace health
