// Memory that runs out: whichever allocation fails, the core throws bad_alloc and leaks nothing. And all its memory
// comes from the resource that it is given: a server can neither bound nor account for any other.
#include "core/memory.hpp"

#include <functional>

#include "core/backtest.hpp"
#include "core/drift.hpp"
#include "core/drivers.hpp"
#include "core/fit.hpp"
#include "core/fold_auc.hpp"
#include "core/grouping.hpp"
#include "core/interrupt.hpp"
#include "core/members.hpp"
#include "core/patterns.hpp"
#include "core/quantile.hpp"
#include "core/report.hpp"
#include "core/rollup.hpp"
#include "core/signal_power.hpp"
#include "core/slope.hpp"
#include "core/splice.hpp"
#include "core/tune.hpp"
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

// Arguments of the calls, made beforehand with memory that never fails.
struct Material {
  Random random{1};
  Reference cells = random_reference(&random, 30, 40, 20'380, 20'485);
  Buffer a = encode(cells), b = encode(random_reference(&random, 30, 40, 20'380, 20'485));
  std::string text{R"({"login": {"2026-01-03": 4}, "b": {"2026-01-03": 1},
                    "nps": {"2026-01-03": [1, 9], "2026-01-04": [5, 3.5, 2]}})"};
  JsonTree model_text{R"({"half_life_days": 30, "max_drivers": 3, "size_exponent": 0.5, "language": "fr",
    "next_steps": {"silent": "Ask who else there is", "new": "Welcome them with a call"}, "signals": {
      "a": {"weight": 2, "aliases": ["an_old_name_that_is_long", "b"], "dimension": "adoption",
            "label": {"en": "A label that is long enough"}},
      "login": {"weight": -3, "unit": "raw"},
      "z": {"weight": 1, "measure": "sum", "max_points": 40},
      "export_started": {"weight": 4, "measure": "days",
                         "text": {"down": "fewer exports than before", "inactive": "exports nothing any more"}},
      "user": {"weight": 2, "measure": "last", "neutral": 1},
      "ab": {"weight": 20, "unit": "score", "dimension": "outcomes"},
      "user:*": {"weight": 30, "measure": "distinct", "of": "size",
                 "text": "{missing} of {size} users, for {days} days: {label}"},
      "seventeen_letters": {"weight": 1, "next_step": "Schedule a call with them"}}})"};
  JsonTree patch{R"({"window_days": 30, "signals": {"login": null, "z": 4, "new": {"weight": 2, "label": "New"}}})"};
  std::unique_ptr<Model> model = read_of(model_text);
  Block block;
  // Of who logs in on more days fewer churn.
  JsonTree one_signal_text{R"({"signals": {"login": 1}})"};
  std::unique_ptr<Model> one_signal = read_of(one_signal_text);
  std::vector<Buffer> activities;
  std::vector<Outcome> outcomes;

  Material() {
    for (const auto& [name, days] : cells)
      for (const auto& [day, cell] : days) block.add({name, day, cell.count, cell.value_count, cell.value});
    for (int i = 0; i < 20; ++i) {
      Reference logins;
      for (Day day = kAsOf - 31 - i; day < kAsOf; ++day) logins["login"][day] = {day, 1, 0, 0};
      activities.push_back(encode(logins));
      outcomes.push_back({i + 0.0, i % 2 == 0});
    }
  }
  static std::unique_ptr<Model> read_of(const JsonTree& text) {
    auto made = std::make_unique<Model>(heap());
    made->read(text.root(), heap());
    return made;
  }
};

void report_on(const Material& m, Memory* memory) {
  Accounts population(Wanted::report, *m.model, kAsOf, memory);
  for (int i = 0; i < 6; ++i) population.add_account(i != 3, i % 2 == 0 ? AccountSize(3.0 + i) : AccountSize{});
  for (std::size_t i = 0; i < 6; ++i)
    if (population.known(i)) population.evaluate_account(i, i % 2 == 0 ? m.a : m.b);
  population.close();
  // What a report points at lives as long as its memory: in the server a context, here an arena.
  Arena arena(memory);
  for (std::size_t i = 0; i < 6; ++i) population.report(i, arena.memory());
}

// In lists, or with so little memory that parts go to a file and are put together in several passes.
void activities_by_account(const Material& m, Memory* memory, std::size_t limit) {
  MemoryFile file(memory);
  Grouping all(AccountType::text, true, memory, &file, limit, limit < kUnbounded ? 30 : kUnbounded);
  for (const auto& [name, days] : m.cells)
    for (const auto& [day, cell] : days) all.add({false, {0, 0}, name}, name, day, true, cell.value);
  all.finish();
  GroupingMerge merge(all, memory);
  AccountKey key;
  for (Bytes bytes; merge.next(&key, &bytes);) {
  }
}

// As one of several processes.
void activities_of_ranges(const Material& m, Memory* memory) {
  MemoryFile file(memory);
  Grouping part(AccountType::text, true, memory, &file, 1 << 20, 100);
  for (const auto& [name, days] : m.cells)
    for (const auto& [day, cell] : days) part.add({false, {0, 0}, name}, name, day, true, cell.value);
  const std::size_t directory = part.finish_shared(2);
  const SharedGrouping shared[] = {{&file, part.file_bytes(), directory}, {&file, part.file_bytes(), directory}};
  GroupingMerge merge(AccountType::text, true, shared, 1 << 19, memory);
  AccountKey key;
  for (std::size_t range = 0; range < kRanges; ++range) {
    merge.open(range);
    for (Bytes bytes; merge.next(&key, &bytes);) {
    }
  }
}

// Accounts at two dates.
template <class Add>
void learn(const Material& m, Add add) {
  for (const Day as_of : {kAsOf - 30, kAsOf})
    for (std::size_t i = 0; i < m.outcomes.size(); ++i) add(m.activities[i], m.outcomes[i].churned, as_of);
}

template <class Learner, class Result, class Write>
void learn_and_tell(const Material& m, Write write, Memory* memory) {
  Arena arena(memory);  // as a document
  Learner learner(m.one_signal_text.root(), arena.memory());
  learn(m, [&](const Buffer& activity, bool churned, Day as_of) { learner.add(activity, churned, as_of, {}); });
  Result result(arena.memory());
  learner.finish(&result, arena.memory());
  EXPECT_GT(result.folds, 0);
  JsonWriter writer(arena.memory());
  write(result, learner, &writer);
}

void test_scores(const Material& m, Memory* memory) {
  Backtest test(memory);
  backtest(m.outcomes, m.one_signal->bands, &test, memory);
  Arena arena(memory);
  JsonWriter writer(arena.memory());
  write_backtest(test, m.one_signal->bands, &writer);
}

void tell_signal_power(const Material& m, Memory* memory) {
  SignalPower power(*m.one_signal, memory);
  learn(m, [&](const Buffer& activity, bool churned, Day as_of) { power.add(activity, as_of, churned); });
  Arena arena(memory);
  JsonWriter writer(arena.memory());
  power.write(&writer);
}

void tell_drift(const Material& m, Memory* memory) {
  Drift drift(*m.one_signal, kAsOf, memory);
  for (const Buffer& activity : m.activities) drift.add(activity);
  Arena arena(memory);
  JsonWriter writer(arena.memory());
  drift.write(&writer);
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
      {"list_members",
       [](const Material& m, Memory* memory) {
         Vector<Member> members(memory);
         list_members(m.a, "*", kAsOf, 30, &members);
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
      {"Grouping", [](const Material& m, Memory* memory) { activities_by_account(m, memory, kUnbounded); }},
      {"Grouping in a file", [](const Material& m, Memory* memory) { activities_by_account(m, memory, 1 << 15); }},
      {"Grouping shared", activities_of_ranges},
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
      {"Accounts", report_on},
      {"backtest", test_scores},
      {"SignalPower", tell_signal_power},
      {"Tuner", [](const Material& m, Memory* memory) { learn_and_tell<Tuner, TuneResult>(m, write_tuned, memory); }},
      {"Fitter", [](const Material& m, Memory* memory) { learn_and_tell<Fitter, FitResult>(m, write_fitted, memory); }},
      {"Drift", tell_drift},
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

// Three signals on the same days, each with one event and its value.
Buffer three_signals(int days) {
  ActivityWriter writer(heap());
  for (const char* name : {"a", "b", "c"}) {
    writer.begin_signal(name);
    for (Day day = 0; day < days; ++day) writer.add({day, 1, 1, day * kMicro});
    writer.end_signal();
  }
  return owned(writer.finish());
}
Block block_of(int days) {
  Block block;
  for (Day day = 0; day < days; ++day)
    for (const char* name : {"c", "a", "b"}) block.add({name, day, 1, 0, 0});
  return block;
}
std::vector<std::string> many_names(int count) {
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.push_back(std::to_string(i * 7919L % 1'000'003));
  return names;
}

// Work on 3n cells, accounts, rows or names.
struct LongWork {
  const char* name;
  std::function<void(int n, Memory*)> run;
};

const std::vector<LongWork>& long_works() {
  static const std::vector<LongWork> list = {
      {"TextFormReader",
       [](int n, Memory* memory) {
         TextFormReader reader(memory);
         reader.read(text_form_of(three_signals(n)), true);
       }},
      {"text_form_size", [](int n, Memory* memory) { text_form_size(three_signals(n), memory); }},
      {"write_text_form",
       [](int n, Memory* memory) {
         const Buffer activity = three_signals(n);
         std::string text(text_form_size(activity, heap()), '?');
         write_text_form(activity, text.data(), memory);
       }},
      {"merge_activities",
       [](int n, Memory* memory) {
         const Buffer activity = three_signals(n);
         ActivityWriter writer(memory);
         merge_activities(activity, activity, &writer);
       }},
      {"activity_of_cells",
       [](int n, Memory* memory) {
         std::vector<LooseCell> cells;
         for (Day day = n; day-- > 0;)
           for (const char* name : {"c", "a", "b"}) cells.push_back({name, {day, 1, 0, 0}});
         ActivityWriter writer(memory);
         activity_of_cells(cells, &writer, memory);
       }},
      {"accumulator_finish",
       [](int n, Memory* memory) {
         const Block block = block_of(n);
         ActivityWriter writer(memory);
         accumulator_finish(block.view(), &writer, memory);
       }},
      {"accumulator_absorb",
       [](int n, Memory* memory) {
         const Block block = block_of(n);
         Block larger(block.view().room);
         Room wanted{};
         ASSERT_TRUE(accumulator_absorb(larger.state(), block.view(), &wanted, memory));
       }},
      {"accumulator_copy",
       [](int n, Memory* memory) {
         const Block block = block_of(n);
         Room room = block.view().room;
         room.slots *= 2;  // else the logs are copied as they are
         accumulator_copy(Block(room).state(), block.view(), memory);
       }},
      {"Grouping",
       [](int n, Memory* memory) {
         MemoryFile file;
         Grouping accounts(AccountType::bigint, false, memory, &file, kUnbounded);
         for (std::uint64_t i = 0; i < 3 * static_cast<std::uint64_t>(n); ++i)
           accounts.add({false, {i, 0}, {}}, "login", 0, false, 0);
         accounts.finish();
       }},
      {"Grouping of one account",
       [](int n, Memory* memory) {
         MemoryFile file;
         Grouping accounts(AccountType::bigint, false, memory, &file, kUnbounded);
         for (int i = 0; i < 3 * n; ++i) accounts.add({false, {7, 0}, {}}, "login", 0, false, 0);
         accounts.finish();
         AccountKey key;
         Bytes bytes;
         GroupingMerge(accounts, memory).next(&key, &bytes);
       }},
      {"Grouping in a file",
       [](int n, Memory* memory) {
         MemoryFile file;
         Grouping accounts(AccountType::bigint, false, memory, &file, 1 << 20);
         for (std::uint64_t i = 0; i < 3 * static_cast<std::uint64_t>(n); ++i)
           accounts.add({false, {i, 0}, {}}, "login", 0, false, 0);
         accounts.finish();
       }},
      {"Ledger of aliases",
       [](int n, Memory* memory) {
         const auto model = model_of(R"({"signals": {"a": {"weight": 1, "aliases": ["b", "c"]}}})");
         Ledger ledger(memory);
         ledger.load(three_signals(n), *model);
       }},
      {"list_drivers",
       [](int n, Memory* memory) {
         const std::vector<std::string> names = many_names(3 * n);
         std::vector<WeightedRow> rows;
         for (const std::string& name : names) rows.push_back({name, 1, 0});
         Arena arena(memory);
         list_drivers(rows, false, arena.memory());
       }},
      {"NamePatterns",
       [](int n, Memory* memory) {
         const std::vector<std::string> names = many_names(3 * n);
         const std::vector<std::string_view> views(names.begin(), names.end());
         const NamePatterns patterns(views, memory);
       }},
      {"ties_of",
       [](int n, Memory* memory) {
         std::vector<Outcome> outcomes;
         for (int i = 0; i < 3 * n; ++i) outcomes.push_back({i * 7919L % 1'000'003 + 0.0, i % 3 == 0});
         ties_of(outcomes, memory);
       }},
      {"auc_of_accounts",
       [](int n, Memory* memory) {
         std::vector<AccountOutcome> outcomes;
         for (std::uint32_t i = 0; i < 3 * static_cast<std::uint32_t>(n); ++i)
           outcomes.push_back({i * 7919L % 1'000'003 + 0.0, i, i % 3 == 0});
         auc_of_accounts(outcomes, outcomes.size(), memory);
       }},
      {"fold_auc_of",
       [](int n, Memory* memory) {
         std::vector<FoldedScore> scores;
         for (int i = 0; i < 3 * n; ++i) scores.push_back({i * 7919L % 1'000'003 + 0.0, i % 20, i % 3 == 0});
         fold_auc_of(scores, memory);
       }},
      {"quantile",
       [](int n, Memory* memory) {
         std::vector<double> values(static_cast<std::size_t>(3 * n));
         std::iota(values.begin(), values.end(), 0.0);
         quantile(values, 0.5, memory);
       }},
      {"slope_of",
       [](int n, Memory* memory) {  // of the root of as many readings, since it goes through all pairs
         std::vector<DatedScore> readings;
         for (Day day = 0; day * day < 3 * n; ++day) readings.push_back({day, day % 7 + 0.0});
         slope_of(readings, memory);
       }},
  };
  return list;
}

// A round that is short asks once in 65,536 times (interrupt.hpp).
TEST(Memory, LongWorkAsksAsOftenAsItIsLong) {
  constexpr int kMany = kSanitized ? 22'000 : 80'000;
  for (const LongWork& work : long_works()) {
    FaultyMemory little(0), much(0);
    work.run(1, &little);
    work.run(kMany, &much);
    EXPECT_GE(much.asked() - little.asked(), 3 * kMany / 65'536) << work.name;
  }
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
