#include "core/grouping.hpp"

#include <limits>
#include <optional>

#include "core/rollup.hpp"
#include "support.hpp"

namespace health {
namespace {

constexpr std::size_t kNoLimit = std::size_t{1} << 30;

struct Event {
  std::optional<std::string> account;  // none: NULL
  std::optional<std::string> signal;   // none: the row says only that the account exists
  Day day;
  bool valued;
  Micros value;
};

AccountKey key_of(AccountType type, const std::optional<std::string>& account) {
  AccountKey key{!account, {0, 0}, {}};
  if (!account) return key;
  if (type == AccountType::text) key.text = *account;
  if (type == AccountType::bigint) key.words.first = static_cast<std::uint64_t>(std::stoll(*account));
  if (type == AccountType::uuid) std::memcpy(&key.words, account->data(), sizeof key.words);
  return key;
}
std::optional<std::string> account_of(AccountType type, const AccountKey& key) {
  if (key.null) return {};
  if (type == AccountType::text) return std::string(key.text);
  if (type == AccountType::bigint) return std::to_string(static_cast<std::int64_t>(key.words.first));
  return std::string(reinterpret_cast<const char*>(&key.words), sizeof key.words);
}

void add(Grouping* all, const Event& event) {
  const AccountKey key = key_of(all->type(), event.account);
  if (event.signal) all->add(key, *event.signal, event.day, event.valued, event.value);
  else all->add_account(key);
}

// The result: accounts and the bytes of their activities, each account once.
using Result = std::map<std::optional<std::string>, Buffer>;

void take(GroupingMerge* merge, AccountType type, Result* result) {
  AccountKey key;
  for (Bytes bytes; merge->next(&key, &bytes);)
    ASSERT_TRUE(result->emplace(account_of(type, key), Buffer(bytes.begin(), bytes.end())).second);
}

Result result_of(Grouping* all, Memory* memory = heap()) {
  all->finish();
  GroupingMerge merge(*all, memory);
  Result result;
  take(&merge, all->type(), &result);
  return result;
}

// By several processes, each of which merges the ranges that are its turn.
Result result_of_shared(std::span<Grouping* const> states, std::span<MemoryFile> files) {
  std::vector<SharedGrouping> shared;
  for (std::size_t i = 0; i < states.size(); ++i) {
    const std::size_t directory = states[i]->finish_shared(states.size());
    shared.push_back({&files[i], states[i]->file_bytes(), directory});
  }
  Result result;
  for (std::size_t process = 0; process < 2; ++process) {
    const Grouping& any = *states.front();
    GroupingMerge merge(any.type(), any.values(), shared, any.limit() / 2, heap());
    for (std::size_t range = process; range < kRanges; range += 2) {
      merge.open(range);
      take(&merge, any.type(), &result);
    }
  }
  return result;
}

// The reference: an Accumulator for each account.
Result one_by_one(const std::vector<Event>& events) {
  std::map<std::optional<std::string>, std::optional<Block>> blocks;
  for (const Event& event : events) {
    std::optional<Block>& block = blocks[event.account];
    if (!event.signal) continue;
    if (!block) block.emplace();
    block->add({*event.signal, event.day, 1, event.valued ? 1U : 0U, event.value});
  }
  Result result;
  for (auto& [account, block] : blocks) result.emplace(account, block ? block->finish() : Buffer());
  return result;
}

std::vector<Event> random_events(Random* random, AccountType type, int n, bool values) {
  std::vector<std::optional<std::string>> accounts = {std::nullopt};
  for (auto left = random->between(1, 60); left > 0; --left) {
    if (type == AccountType::bigint) {
      accounts.emplace_back(std::to_string(random->between(-40, 40) << (left % 3 * 20)));
      accounts.emplace_back(random->one_in(2) ? "-9223372036854775808" : "9223372036854775807");
    }
    std::string bytes(type == AccountType::uuid ? 16 : static_cast<std::size_t>(random->between(0, 30)), '\0');
    for (char& byte : bytes) byte = static_cast<char>(random->between(-2, 2));
    if (type != AccountType::bigint) accounts.emplace_back(bytes);
  }
  std::vector<std::string> signals;
  for (auto left = random->between(1, 30); left > 0; --left)
    signals.emplace_back(static_cast<std::size_t>(random->between(1, random->one_in(5) ? 255 : 20)),
                         static_cast<char>('a' + random->between(0, 3)));
  const std::int64_t days = random->between(1, 100);
  std::vector<Event> events;
  for (; n > 0; --n) {
    Event event{random->pick(accounts), random->pick(signals), static_cast<Day>(random->between(0, days)), false, 0};
    if (random->one_in(20)) event.signal.reset();
    if (values && random->one_in(2)) {
      event.valued = true;
      event.value = random->between(-kMicro, kMicro);
    }
    events.push_back(event);
  }
  return events;
}

void expect_like_one_by_one(Random* random, AccountType type, bool values) {
  std::vector<Event> events = random_events(random, type, static_cast<int>(random->between(0, 3000)), values);
  if (random->one_in(3))  // as a table in order of time gives them
    std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.day < b.day; });
  const Result expected = one_by_one(events);
  // A part of a few events, of many, of all.
  const std::size_t part_events = static_cast<std::size_t>(random->between(1, 4000));
  const std::size_t limit = random->one_in(2) ? kNoLimit : static_cast<std::size_t>(random->between(0, 400'000));
  MemoryFile file;
  Grouping whole(type, values, heap(), &file, limit, part_events);
  for (const Event& event : events) add(&whole, event);
  ASSERT_EQ(result_of(&whole), expected);
  ASSERT_EQ(result_of(&whole), expected) << "asking does not change it";
  // By several processes, in another order.
  random->shuffle(&events);
  std::array<MemoryFile, 3> files;
  std::array<std::optional<Grouping>, 3> states;
  std::array<Grouping*, 3> all;
  for (std::size_t i = 0; i < states.size(); ++i)
    all[i] = &states[i].emplace(type, values, heap(), &files[i], limit, part_events);
  for (const Event& event : events) add(random->pick(std::vector(all.begin(), all.end())), event);
  ASSERT_EQ(result_of_shared(all, files), expected);
}

TEST(Grouping, GivesEachAccountWhatAStateOfItsOwnWould) {
  Random random(1);
  for (int round = 0; round < rounds(40); ++round)
    for (const AccountType type : {AccountType::bigint, AccountType::uuid, AccountType::text}) {
      expect_like_one_by_one(&random, type, false);
      expect_like_one_by_one(&random, type, true);
    }
}

// What is tallied, of rows with and without events, in lists, in parts, by processes.
TEST(Grouping, TalliesWhatStandsBeside) {
  constexpr TallyKind kKinds[] = {TallyKind::count, TallyKind::least, TallyKind::most};
  Random random(5);
  for (int round = 0; round < rounds(60); ++round) {
    using Tallies = std::array<Tally, 3>;
    std::map<std::uint64_t, Tallies> expected;
    const std::size_t limit = random.one_in(2) ? kNoLimit : static_cast<std::size_t>(random.between(0, 300'000));
    const std::size_t part_events = static_cast<std::size_t>(random.between(1, 3000));
    std::array<MemoryFile, 3> files;
    std::array<std::optional<Grouping>, 3> states;
    for (std::size_t i = 0; i < 3; ++i)
      states[i].emplace(AccountType::bigint, false, heap(), &files[i], limit, part_events, kKinds);
    const bool shared = random.one_in(2);
    for (auto n = random.between(0, 4000); n > 0; --n) {
      const auto account = static_cast<std::uint64_t>(random.between(0, 50));
      const std::int64_t value = random.one_in(9) ? kLeast : random.between(-1000, 1000);
      const bool known = !random.one_in(3);
      const Tallies row = {Tally{1, known}, {value, known}, {value, known}};
      take(kKinds, row.data(), expected.try_emplace(account).first->second.data());
      Grouping& state = *states[shared ? static_cast<std::size_t>(random.between(0, 2)) : 0];
      const AccountKey key{false, {account, 0}, {}};
      if (random.one_in(4)) state.add_account(key, row.data());
      else state.add(key, "login", static_cast<Day>(random.between(0, 9)), false, 0, row.data());
    }
    std::vector<SharedGrouping> parts;
    for (std::size_t i = 0; shared && i < 3; ++i) {
      const std::size_t directory = states[i]->finish_shared(3);
      parts.push_back({&files[i], states[i]->file_bytes(), directory});
    }
    if (!shared) states[0]->finish();
    std::optional<GroupingMerge> merge;
    if (shared) merge.emplace(AccountType::bigint, false, parts, limit / 2, heap(), kKinds);
    else merge.emplace(*states[0], heap());
    std::size_t accounts = 0;
    for (std::size_t range = 0; range < (shared ? kRanges : 1); ++range) {
      if (shared) merge->open(range);
      AccountKey key;
      for (Bytes bytes; merge->next(&key, &bytes); ++accounts) {
        const Tallies& each = expected.at(key.words.first);
        for (std::size_t i = 0; i < each.size(); ++i) {
          ASSERT_EQ(merge->tallies()[i].known, each[i].known);
          if (each[i].known) ASSERT_EQ(merge->tallies()[i].value, each[i].value);
        }
      }
    }
    ASSERT_EQ(accounts, expected.size());
  }
}

TEST(Grouping, NothingAddedIsNoAccount) {
  std::array<MemoryFile, 2> files;
  Grouping all(AccountType::text, false, heap(), &files[0], kNoLimit);
  EXPECT_EQ(result_of(&all), Result());
  Grouping other(AccountType::text, false, heap(), &files[1], kNoLimit);
  Grouping* const both[] = {&all, &other};
  EXPECT_EQ(result_of_shared(both, files), Result());
}

TEST(Grouping, ManyAccountsAndManySignals) {
  std::vector<Event> events;
  for (int i = 0; i < 20'000; ++i)
    events.push_back(
        {"account " + std::to_string(i * 7919 % 20'000), "user:" + std::to_string(i % 6000), i % 9, false, 0});
  const Result expected = one_by_one(events);
  for (const std::size_t limit : {kNoLimit, std::size_t{1'000'000}, std::size_t{300'000}}) {
    MemoryFile file;
    Grouping all(AccountType::text, false, heap(), &file, limit);
    for (const Event& event : events) add(&all, event);
    EXPECT_EQ(result_of(&all), expected) << limit;
    EXPECT_EQ(file.calls() > 0, limit < kNoLimit) << limit;
  }
}

// The narrow kind of an event holds 16,384 signals: more of them change the kind on the way.
TEST(Grouping, MoreSignalsThanTheNarrowKindHolds) {
  for (const bool values : {false, true}) {
    std::vector<Event> events;
    for (int i = 0; i < 60'000; ++i)
      events.push_back({std::to_string(i % 7), "user:" + std::to_string(i * 31 % (i < 20'000 ? 500 : 17'000)), i % 50,
                        values && i % 3 == 0, i % 3 == 0 ? i : 0});
    const Result expected = one_by_one(events);
    for (const std::size_t limit : {kNoLimit, std::size_t{6'000'000}, std::size_t{500'000}}) {
      MemoryFile file;
      Grouping all(AccountType::bigint, values, heap(), &file, limit, 9000);
      for (const Event& event : events) add(&all, event);
      EXPECT_EQ(result_of(&all), expected) << limit;
    }
  }
}

// What is written again, to forget signals, is written only once more.
TEST(Grouping, SignalsThatAreAllDifferent) {
  std::vector<Event> events;
  for (int i = 0; i < 60'000; ++i)
    events.push_back({std::to_string(i % 50), std::to_string(i) + " signed up", i % 9, false, 0});
  MemoryFile file;
  Grouping all(AccountType::bigint, false, heap(), &file, 100'000);
  for (const Event& event : events) add(&all, event);
  EXPECT_EQ(result_of(&all), one_by_one(events));
  EXPECT_LT(all.file_bytes(), 15'000'000U);
}

// One account with more events than its part is given to the file with as they are, and many with few.
TEST(Grouping, LongListsBesideShortOnes) {
  Random random(4);
  for (const bool values : {false, true}) {
    std::vector<Event> events;
    for (int i = 0; i < 100'000; ++i) {
      const bool valued = values && random.one_in(2);
      events.push_back({random.one_in(2) ? "1" : std::to_string(random.between(2, 900)),
                        "s" + std::to_string(random.between(1, 5)), static_cast<Day>(random.between(0, 300)), valued,
                        valued ? random.between(-5, 5) : 0});
    }
    MemoryFile file;
    Grouping all(AccountType::bigint, values, heap(), &file, 300'000);
    for (const Event& event : events) add(&all, event);
    EXPECT_EQ(result_of(&all), one_by_one(events));
    EXPECT_GT(file.calls(), 0);
  }
}

TEST(Grouping, WithAFileTheLimitIsKept) {
  constexpr std::size_t kLimit = 1 << 20, kSlack = 1 << 17;
  for (const AccountType type : {AccountType::bigint, AccountType::text})
    for (const int accounts : {3, 5000, 100'000}) {
      FaultyMemory memory(0);
      MemoryFile file;
      Grouping all(type, accounts == 5000, &memory, &file, kLimit);
      for (int i = 0; i < 200'000; ++i)
        add(&all, {std::to_string(i * 7919L % accounts), "signal " + std::to_string(i % 30), i / 1000, i % 2 == 0, i});
      EXPECT_EQ(result_of(&all, &memory).size(), static_cast<std::size_t>(accounts));
      EXPECT_LE(memory.most(), kLimit + kSlack) << accounts;
      EXPECT_GT(memory.most(), kLimit / 2) << accounts;
    }
}

TEST(Grouping, AFileThatFailsIsAnErrorAndLeavesNothingBehind) {
  const auto run = [](Memory* memory, MemoryFile* file) {
    Grouping all(AccountType::text, false, memory, file, 100'000);
    for (int i = 0; i < 12'000; ++i) add(&all, {std::to_string(i * 7919 % 3000), "login", i % 90, false, 0});
    result_of(&all, memory);
  };
  MemoryFile working;
  run(heap(), &working);
  ASSERT_GT(working.calls(), 20);
  for (long fatal = 1; fatal <= working.calls(); ++fatal) {
    FaultyMemory memory(0);
    MemoryFile file(heap(), fatal);
    EXPECT_STREQ(failure_of([&] { run(&memory, &file); }).sqlstate, "53100") << fatal;
    EXPECT_EQ(memory.outstanding(), 0u) << fatal;
  }
}

TEST(Grouping, LongAccountNames) {
  MemoryFile file;
  Grouping all(AccountType::text, false, heap(), &file, 1'000'000);
  std::vector<Event> events;
  for (int i = 0; i < 20; ++i)
    events.push_back({std::string(static_cast<std::size_t>(300'000 / (i + 1)), 'x'), "login", 7, false, 0});
  for (const Event& event : events) add(&all, event);
  EXPECT_EQ(result_of(&all), one_by_one(events));
}

TEST(Grouping, SumsMayPassTheLimitOnTheWay) {
  Random random(3);
  for (int round = 0; round < 50; ++round) {
    // The values cancel, so that the final sum fits 64 bits, while sums of parts and workers do not.
    std::vector<Event> events;
    for (auto n = random.between(1, 40); n > 0; --n)
      for (const Micros value : {kMost, kLeast, random.between(-9, 9)}) events.push_back({"1", "nps", 3, true, value});
    const Result expected = one_by_one(events);
    random.shuffle(&events);
    if (random.one_in(2))
      std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.value < b.value; });
    MemoryFile file;
    Grouping all(AccountType::bigint, true, heap(), &file, kNoLimit, static_cast<std::size_t>(random.between(1, 80)));
    for (const Event& event : events) add(&all, event);
    ASSERT_EQ(result_of(&all), expected);
  }
}

// Rows are processed in batches, so an error may come some rows late.
TEST(Grouping, RefusesWhatAnActivityCannotHold) {
  const auto adding = [&](std::initializer_list<Event> events) {
    return [list = std::vector<Event>(events)] {
      MemoryFile file;
      Grouping all(AccountType::bigint, true, heap(), &file, kNoLimit, 1);
      for (const Event& event : list) add(&all, event);
      result_of(&all);
    };
  };
  expect_failure("22003", "signal \"nps\": sum of values out of range",
                 adding({{"1", "nps", 3, true, kMost}, {"1", "nps", 3, true, 1}}));
  expect_failure("22023", "signal name is empty", adding({{"1", "", 3, false, 0}}));
  expect_failure("22008", "signal \"x\": date out of range: 1969-12-31", adding({{"1", "x", -1, false, 0}}));
  EXPECT_STREQ(failure_of(adding({{"1", std::string(256, 'x'), 3, false, 0}})).sqlstate, "22023");
}

TEST(Grouping, CountsOfPartsMustFitTogether) {
  Block block;
  block.add({"login", 3, kMaxCount / 2 + 1, 0, 0});
  const Buffer half = block.finish();
  const Bytes twice[] = {half, half};
  ActivityWriter writer(heap());
  expect_failure("22003", "signal \"login\": count out of range", [&] { merge_activities(twice, &writer); });
}

}  // namespace
}  // namespace health
