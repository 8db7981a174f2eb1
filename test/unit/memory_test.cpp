// Memory that runs out: whichever allocation fails, the core throws bad_alloc and leaks nothing. And all its memory
// comes from the resource that it is given: a server can neither bound nor account for any other.
#include "core/memory.hpp"

#include <functional>

#include "core/activity_by.hpp"
#include "core/interrupt.hpp"
#include "core/report.hpp"
#include "core/rollup.hpp"
#include "core/splice.hpp"
#include "core/without.hpp"
#include "support.hpp"

namespace {
long news = 0;  // calls of operator new in the whole program
}

// Not inlined, or the compiler takes the pairs of new and free for mistakes.
#define REPLACEMENT __attribute__((noinline))
REPLACEMENT void* operator new(std::size_t bytes) {
  ++news;
  if (void* place = std::malloc(bytes)) return place;
  throw std::bad_alloc();
}
// Not counted: std::stable_sort asks for a buffer by it, and sorts in place when there is none.
REPLACEMENT void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept { return std::malloc(bytes); }
REPLACEMENT void operator delete(void* place) noexcept { std::free(place); }
REPLACEMENT void operator delete(void* place, std::size_t) noexcept { std::free(place); }
REPLACEMENT void operator delete(void* place, const std::nothrow_t&) noexcept { std::free(place); }
#undef REPLACEMENT

namespace health {
namespace {

constexpr std::int64_t kAsOf = 20'485;

// Arguments of the calls, made beforehand with memory that never fails.
struct Material {
  Random random{1};
  Reference cells = random_reference(&random, 30, 40, 20'380, 20'485);
  Buffer a = encode(cells), b = encode(random_reference(&random, 30, 40, 20'380, 20'485));
  std::string text{R"({"login": {"2026-01-03": 4}, "b": {"2026-01-03": 1},
                    "nps": {"2026-01-03": [1, 9], "2026-01-04": [5, 3.5, 2]}})"};
  JsonTree model_text{R"({"half_life_days": 30, "max_drivers": 3, "size_exponent": 0.5, "language": "fr", "signals": {
      "a": {"weight": 2, "aliases": ["an_old_name_that_is_long", "b"], "dimension": "adoption",
            "label": {"en": "A label that is long enough"}},
      "login": {"weight": -3, "unit": "raw"},
      "z": {"weight": 1, "measure": "sum", "max_points": 40},
      "export_started": {"weight": 4, "measure": "days"},
      "user": {"weight": 2, "measure": "last", "neutral": 1},
      "ab": {"weight": 20, "unit": "score", "dimension": "outcomes"},
      "user:*": {"weight": 30, "measure": "distinct", "of": "size",
                 "text": "{missing} of {size} users, for {days} days: {label}"},
      "seventeen_letters": {"weight": 1, "next_step": "Schedule a call with them"}}})"};
  JsonTree patch{R"({"window_days": 30, "signals": {"login": null, "z": 4, "new": {"weight": 2, "label": "New"}}})"};
  std::unique_ptr<Model> model = [this] {
    auto made = std::make_unique<Model>(heap());
    made->read(model_text.root(), heap());
    return made;
  }();
  Block block;

  Material() {
    for (const auto& [name, days] : cells)
      for (const auto& [day, cell] : days) block.add({name, day, cell.count, cell.value_count, cell.value});
  }
};

void report_on(const Material& m, Memory* memory) {
  AccountReports population(*m.model, kAsOf, memory);
  for (int i = 0; i < 6; ++i) population.add_account(i != 3, i % 2 == 0 ? AccountSize(3.0 + i) : AccountSize{});
  for (std::size_t i = 0; i < 6; ++i)
    if (population.known(i)) population.evaluate_account(i, i % 2 == 0 ? m.a : m.b);
  population.close();
  // The strings of a report live as long as its memory: in the server a context, here an arena.
  Arena arena(memory);
  JsonWriter drivers(arena.memory()), dimensions(arena.memory());
  for (std::size_t i = 0; i < 6; ++i) population.report(i, &drivers, &dimensions, arena.memory());
}

void activities_by_account(const Material& m, Memory* memory) {
  ActivityBy part(AccountType::text, true, memory, 100), all(AccountType::text, true, memory);
  for (const auto& [name, days] : m.cells)
    for (const auto& [day, cell] : days) part.add({false, {0, 0}, name}, name, day, true, cell.value);
  part.finish();
  all.absorb(part.packed());
  all.absorb(part.packed());
  ActivityMerge merge(all, memory);
  AccountKey key;
  for (Bytes bytes;;) {
    ActivityWriter writer(memory);
    if (!merge.next(&key, &bytes, &writer, memory)) break;
  }
}

struct EntryPoint {
  const char* name;
  std::function<void(const Material&, Memory*)> run;
};

const std::vector<EntryPoint>& entry_points() {
  static const std::vector<EntryPoint> list = {
      {"TextFormReader",
       [](const Material& m, Memory* memory) {
         TextFormReader reader(memory);
         reader.read(m.text, true);
       }},
      {"validate_activity", [](const Material& m, Memory* memory) { validate_activity(m.a, memory); }},
      {"merge_activities",
       [](const Material& m, Memory* memory) {
         ActivityWriter writer(memory);
         merge_activities(m.a, m.b, &writer);
       }},
      {"splice_activity",
       [](const Material& m, Memory* memory) {
         ActivityWriter writer(memory);
         splice_activity(m.a, m.b, 20'420, &writer);
       }},
      {"trim_activity",
       [](const Material& m, Memory* memory) {
         ActivityWriter writer(memory);
         trim_activity(m.a, 20'420, &writer);
       }},
      {"activity_without",
       [](const Material& m, Memory* memory) {
         const std::string_view patterns[] = {"user:*", "login"};
         ActivityWriter writer(memory);
         activity_without(m.a, patterns, &writer);
       }},
      {"accumulator_finish",
       [](const Material& m, Memory* memory) {
         ActivityWriter writer(memory);
         accumulator_finish(m.block.view(), &writer, memory);
       }},
      {"accumulator_absorb",
       [](const Material& m, Memory* memory) {
         Room room = m.block.view().room;
         room.counts *= 2;
         Vector<std::uint64_t> place(accumulator_bytes(room) / 8 + 1, memory);
         auto* block = reinterpret_cast<Accumulator*>(place.data());
         accumulator_init(block, room);
         accumulator_absorb(block, m.block.view(), &room, memory);
       }},
      {"ActivityBy", activities_by_account},
      {"Model::read",
       [](const Material& m, Memory* memory) {
         Model model(memory);
         model.read(m.model_text.root(), memory);
       }},
      {"merge_model",
       [](const Material& m, Memory* memory) {
         JsonWriter writer(memory);
         merge_model(m.model_text.root(), m.patch.root(), &writer);
       }},
      {"Ledger and evaluate",
       [](const Material& m, Memory* memory) {
         Ledger ledger(memory);
         ledger.load(m.a, *m.model);
         evaluate(&ledger, *m.model, kAsOf, AccountSize(4), nullptr);
         evaluate(&ledger, *m.model, kAsOf - 28, {}, nullptr);
       }},
      {"AccountReports", report_on},
  };
  return list;
}

TEST(Memory, RunningOutIsAnErrorAndLeavesNothingBehind) {
  const Material material;
  for (const EntryPoint& entry : entry_points()) {
    FaultyMemory enough(0);
    entry.run(material, &enough);
    ASSERT_EQ(enough.outstanding(), 0u) << entry.name;
    ASSERT_GT(enough.allocations(), 0) << entry.name;
    for (long fatal = 1; fatal <= enough.allocations(); ++fatal) {
      FaultyMemory memory(fatal);
      EXPECT_THROW(entry.run(material, &memory), std::bad_alloc) << entry.name << ", allocation " << fatal;
      EXPECT_EQ(memory.outstanding(), 0u) << entry.name << ", allocation " << fatal;
    }
  }
}

TEST(Memory, AnInterruptEndsTheWorkAndLeavesNothingBehind) {
  const Material material;
  int asking = 0;
  for (const EntryPoint& entry : entry_points()) {
    FaultyMemory enough(0);
    entry.run(material, &enough);
    const long times = enough.asked();
    asking += times > 0 ? 1 : 0;
    for (long last = 1; last <= times; ++last) {
      FaultyMemory memory(0, last);
      EXPECT_STREQ(failure_of([&] { entry.run(material, &memory); }).sqlstate, "57014")
          << entry.name << ", time " << last;
      EXPECT_EQ(memory.outstanding(), 0u) << entry.name << ", time " << last;
    }
  }
  EXPECT_GE(asking, 10) << "only work that is always short never asks";
}

TEST(Memory, AllOfItComesFromTheResource) {
  const Material material;
  for (const EntryPoint& entry : entry_points()) {
    FaultyMemory memory(0);
    const long before = news;
    entry.run(material, &memory);
    EXPECT_EQ(news, before) << entry.name;
  }
}

TEST(Memory, AStateInFlightTakesNone) {
  Block block;
  const Buffer activity = activity_of(R"({"login": {"2026-01-03": 4, "2026-01-04": [1, 2]}})");
  const long before = news;
  FaultyMemory none(1);
  Room wanted{};
  ASSERT_TRUE(accumulator_add(block.state(), {"login", 3, 1, 0, 0}, &wanted, &none));
  ASSERT_FALSE(accumulator_add(block.state(), {"login", 3, 1, 1, 5}, &wanted, &none)) << "no room for values at first";
  accumulator_absorb(block.state(), activity, &wanted, &none);
  EXPECT_EQ(news, before);
}

TEST(Memory, TheTestSeesWhatItLooksFor) {
  const long before = news;
  { const std::vector<int> strays(100); }
  EXPECT_GT(news, before);
  FaultyMemory memory(2);
  Vector<int> first(10, &memory);
  EXPECT_THROW(Vector<int>(10, &memory), std::bad_alloc);
  EXPECT_EQ(memory.outstanding(), 10 * sizeof(int));
}

}  // namespace
}  // namespace health
