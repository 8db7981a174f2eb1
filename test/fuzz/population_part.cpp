// Bytes of a part of a population from outside: refused, or those of a part that finishes, alone and with others, as a
// population whose document is read as it was written.
#include "core/population.hpp"

#include "fuzz.hpp"

using namespace health;

namespace {

constexpr std::int64_t kDate = kAsOf;

const Model& fuzzed_model() {
  static const std::unique_ptr<Model> model = model_of(R"({"min_population": 1, "trend_days": 7, "window_days": 30,
    "signals": {"login": 1, "export": {"weight": 2, "measure": "sum"}, "nps": {"weight": 2, "measure": "last"},
    "user:*": {"weight": 3, "measure": "distinct", "of": "size"}, "ticket": {"weight": -5, "unit": "score"}}})");
  return *model;
}

std::string document_of(const Population& population) {
  Arena arena;
  const JsonTree empty("{}");
  JsonWriter writer(arena.memory());
  write_population(population, fuzzed_model(), empty.root(), &writer);
  return text_of(root_of(writer));
}

// Where the sums are finite.
void finishes(const PopulationPart& part) {
  Population population(heap()), again(heap());
  if (!outcome([&] { part.finish(&population); }).empty()) return;
  const std::string text = document_of(population);
  const JsonTree json(text);
  read_population(json.root(), fuzzed_model(), &again);
  REQUIRE(document_of(again) == text);
}

// Two accounts, one with a size.
PopulationPart some_part() {
  PopulationPart part(fuzzed_model(), kDate, heap());
  AccountEvaluator evaluator(fuzzed_model(), kDate, heap());
  const Buffer first = activity_of(R"({"login": {"2026-01-03": 4, "2026-01-31": 1}, "user:a": {"2026-01-03": 1}})"),
               second = activity_of(R"({"login": {"2025-12-03": 4}, "nps": {"2026-01-03": [1, 9]}})");
  part.add(evaluator.evaluate(Wanted::report, first, {AccountSize(4), {}}), evaluator);
  part.add(evaluator.evaluate(Wanted::report, second, {}), evaluator);
  return part;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Buffer bytes(data, data + size);  // of its exact size, so that a step beyond the end is seen
  PopulationPart part(fuzzed_model(), kDate, heap());
  const std::string refusal = outcome([&] { part.merge(bytes); });
  REQUIRE(refusal.empty() || refusal == "22P03");
  if (!refusal.empty()) return 0;
  finishes(part);
  PopulationPart merged = some_part();
  merged.merge(part);
  finishes(merged);
  Buffer written(part.bytes());
  part.write(written.data());
  PopulationPart again(fuzzed_model(), kDate, heap());
  again.merge(written);
  return 0;
}
