#include "core/accumulator.hpp"

#include <functional>
#include <limits>

#include "support.hpp"

namespace health {
namespace {

// The total of a list of entries, in numbers that hold any sum.
struct Total {
  Int128 count = 0, value_count = 0, value = 0;
};
using Totals = std::map<std::string, std::map<Day, Total>>;

Totals totals_of(const std::vector<Entry>& entries) {
  Totals totals;
  for (const Entry& entry : entries) {
    Total& total = totals[std::string(entry.name)][entry.day];
    total.count += entry.count;
    total.value_count += entry.value_count;
    total.value += entry.value;
  }
  return totals;
}

Buffer encode_totals(const Totals& totals) {
  Reference reference;
  for (const auto& [name, days] : totals)
    for (const auto& [day, total] : days)
      reference[name][day] = {day, static_cast<std::uint32_t>(total.count),
                              static_cast<std::uint32_t>(total.value_count), static_cast<Micros>(total.value)};
  return encode(reference);
}

Entry random_entry(Random* random, std::string_view name, Day days) {
  const Cell cell = random_cell(random, static_cast<Day>(random->between(0, days)));
  return {name, cell.day, cell.count, cell.value_count, cell.value};
}

// Names of 1 to 255 bytes, those at the borders of the inline names more often.
std::vector<std::string> many_names(Random* random, int n) {
  std::vector<std::string> names;
  for (int i = 0; i < n; ++i) {
    const std::int64_t lengths[] = {4, 15, 16, 17, 255, random->between(4, 255)};
    std::string& name = names.emplace_back(std::to_string(i));
    name.resize(std::max(name.size(), static_cast<std::size_t>(random->pick(lengths))), '.');
  }
  return names;
}

std::vector<Entry> random_entries(Random* random, const std::vector<std::string>& names, int entries, Day days) {
  std::vector<Entry> list;
  for (int i = 0; i < entries; ++i) list.push_back(random_entry(random, random->pick(names), days));
  return list;
}

// Adds the entries up in a random tree of partial states, of which some are finished on the way if `finish`.
Block added_in_parts(Random* random, const std::vector<Entry>& entries, bool finish) {
  std::vector<Block> parts;
  for (auto n = random->between(1, 5); n > 0; --n) parts.emplace_back();
  for (const Entry& entry : entries)
    parts[static_cast<std::size_t>(random->between(0, static_cast<std::int64_t>(parts.size()) - 1))].add(entry);
  while (parts.size() > 1) {
    random->shuffle(&parts);
    if (finish && random->one_in(2)) parts.front().absorb(parts.back().finish());
    else parts.front().absorb(parts.back());
    parts.pop_back();
  }
  return std::move(parts.front());
}

TEST(Accumulator, NothingAddedIsAnEmptyActivity) { EXPECT_EQ(Block().finish(), owned(kEmptyActivity)); }

TEST(Accumulator, EveryOrderAndEverySplitGiveTheSameBytes) {
  Random random(1);
  for (int round = 0; round < 120; ++round) {
    const std::vector<std::string> names = many_names(&random, static_cast<int>(random.between(1, 40)));
    std::vector<Entry> entries = random_entries(&random, names, static_cast<int>(random.between(1, 400)),
                                                static_cast<Day>(random.between(0, 60)));
    const Buffer expected = encode_totals(totals_of(entries));
    for (int order = 0; order < 4; ++order) {
      Block block;
      for (const Entry& entry : entries) block.add(entry);
      ASSERT_EQ(block.finish(), expected);
      ASSERT_EQ(added_in_parts(&random, entries, true).finish(), expected);
      random.shuffle(&entries);
      if (order == 2)  // as a table in order of time gives them
        std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.day < b.day; });
    }
    std::vector<LooseCell> loose;
    for (const Entry& entry : entries)
      loose.push_back({entry.name, {entry.day, entry.count, entry.value_count, static_cast<Micros>(entry.value)}});
    ActivityWriter writer(heap());
    ASSERT_EQ(owned(activity_of_cells(loose, &writer, heap())), expected);
  }
}

TEST(Accumulator, ManySignalsAndManyDays) {
  Random random(2);
  const std::vector<std::string> names = many_names(&random, 3000);
  const std::vector<Entry> entries = random_entries(&random, names, 30'000, kLastDay);
  const Buffer expected = encode_totals(totals_of(entries));
  EXPECT_EQ(added_in_parts(&random, entries, false).finish(), expected);
  EXPECT_EQ(added_in_parts(&random, entries, true).finish(), expected);
}

TEST(Accumulator, FinishDoesNotChangeTheBlock) {
  Random random(3);
  const std::vector<std::string> names = many_names(&random, 20);
  Block block;
  std::vector<Entry> entries;
  for (int i = 0; i < 300; ++i) {
    entries.push_back(random_entry(&random, random.pick(names), 30));
    block.add(entries.back());
    const std::string before(block.bytes());
    ASSERT_EQ(block.finish(), encode_totals(totals_of(entries)));
    ASSERT_TRUE(block.bytes() == before) << "after " << i + 1 << " entries";
  }
}

TEST(Accumulator, AbsorbDoesNotChangeTheOther) {
  Random random(4);
  const std::vector<std::string> names = many_names(&random, 20);
  Block block, other;
  for (const Entry& entry : random_entries(&random, names, 200, 30)) block.add(entry);
  for (const Entry& entry : random_entries(&random, names, 200, 30)) other.add(entry);
  const std::string before(other.bytes());
  block.absorb(other);
  EXPECT_TRUE(other.bytes() == before);
}

TEST(Accumulator, CopiesIntoAnyLargerRoom) {
  Random random(5);
  for (int round = 0; round < rounds(200); ++round) {
    const std::vector<std::string> names = many_names(&random, static_cast<int>(random.between(1, 30)));
    Block block;
    for (const Entry& entry : random_entries(&random, names, static_cast<int>(random.between(1, 100)), 20))
      block.add(entry);
    Room room = block.view().room;
    room.slots <<= random.between(0, 3);
    room.counts += static_cast<std::uint32_t>(random.between(0, 20));
    room.values += static_cast<std::uint32_t>(random.between(0, 20));
    room.names += static_cast<std::uint32_t>(random.between(0, 20));
    Block larger(room);
    accumulator_copy(larger.state(), block.view(), heap());
    ASSERT_EQ(larger.finish(), block.finish());
    const Entry more = random_entry(&random, random.pick(names), 20);
    larger.add(more);
    block.add(more);
    ASSERT_EQ(larger.finish(), block.finish()) << "the copy goes on as the original would";
  }
}

TEST(Accumulator, WithoutRoomNothingHasChanged) {
  Random random(6);
  int refused = 0;
  for (int round = 0; round < rounds(2000); ++round) {
    const std::vector<std::string> names = many_names(&random, 8);
    Block block, other;
    for (const Entry& entry : random_entries(&random, names, static_cast<int>(random.between(0, 40)), 10))
      block.add(entry);
    for (const Entry& entry : random_entries(&random, names, static_cast<int>(random.between(1, 40)), 10))
      other.add(entry);
    const Buffer before = block.finish();
    Room wanted{};
    const bool done =
        round % 3 == 0 ? accumulator_add(block.state(), random_entry(&random, random.pick(names), 10), &wanted, heap())
        : round % 3 == 1 ? accumulator_absorb(block.state(), other.finish(), &wanted, heap())
                         : accumulator_absorb(block.state(), other.view(), &wanted, heap());
    if (done) continue;
    ++refused;
    ASSERT_EQ(block.finish(), before);
    ASSERT_GT(accumulator_bytes(wanted), accumulator_bytes(block.view().room));
  }
  EXPECT_GT(refused, rounds(300));
}

TEST(Accumulator, LeavesTheKeepersBytesAlone) {
  Block block;
  block.state()->owner_header = 0x12345678;
  accumulator_init(block.state(), kFirstRoom);
  EXPECT_EQ(block.state()->owner_header, 0x12345678u);
  EXPECT_EQ(block.state()->format, kInFlight);
}

TEST(Accumulator, RowsInOrderOfTimeNeedNoMoreRoom) {
  Block block;
  for (int i = 0; i < 50'000; ++i) block.add({i % 2 == 0 ? "login" : "export", 20'000, 1, 0, 0});
  EXPECT_EQ(block.bytes().size(), accumulator_bytes(kFirstRoom));
}

TEST(Accumulator, RoomFollowsTheCellsNotTheRows) {
  Random random(7);
  Block block;
  for (int i = 0; i < 100'000; ++i)
    block.add({i % 2 == 0 ? "login" : "export", static_cast<Day>(random.between(0, 9)), 1, 1,
               random.between(-kMicro, kMicro)});
  EXPECT_LE(block.view().room.counts, 80u) << "20 cells";
  EXPECT_LE(block.view().room.values, 80u) << "20 cells";
}

// ---------------------------------------------------------------- overflow

TEST(Accumulator, LargeCountsTakeSeveralEntries) {
  Random random(9);
  for (int round = 0; round < rounds(200); ++round) {
    std::vector<Entry> entries;
    for (auto n = random.between(1, 30); n > 0; --n) {
      const Day day = static_cast<Day>(random.between(0, 20));
      const auto count = static_cast<std::uint32_t>(random.between(1, kMaxCount / (random.one_in(2) ? 30 : 1'000'000)));
      const auto values = static_cast<std::uint32_t>(random.one_in(2) ? random.between(0, count) : 0);
      entries.push_back({n % 2 == 0 ? "login" : "export", day, count, values, values > 0 ? random.between(-9, 9) : 0});
    }
    const Buffer expected = encode_totals(totals_of(entries));
    Block block;
    for (const Entry& entry : entries) block.add(entry);
    ASSERT_EQ(block.finish(), expected);
    ASSERT_EQ(added_in_parts(&random, entries, false).finish(), expected);
    ASSERT_EQ(added_in_parts(&random, entries, true).finish(), expected);
  }
}

// Message and SQLSTATE, or the bytes.
std::string outcome(const std::function<Buffer()>& run) {
  Buffer bytes;
  const Failure failure = failure_of([&] { bytes = run(); });
  if (failure.sqlstate[0] != '\0') return std::string(failure.sqlstate) + " " + failure.message;
  return {bytes.begin(), bytes.end()};
}

std::string expected_outcome(const std::vector<Entry>& entries) {
  const Totals totals = totals_of(entries);
  for (const auto& [name, days] : totals)
    for (const auto& [day, total] : days)
      if (total.count > kMaxCount) return "22003 signal \"" + name + "\": count out of range";
  for (const auto& [name, days] : totals)
    for (const auto& [day, total] : days)
      if (total.value != static_cast<Micros>(total.value))
        return "22003 signal \"" + name + "\": sum of values out of range";
  return outcome([&] { return encode_totals(totals); });
}

TEST(Accumulator, OverflowDependsOnTheTotalsAlone) {
  Random random(8);
  int counts = 0, sums = 0, fine = 0;
  for (int round = 0; round < rounds(600); ++round) {
    std::vector<Entry> entries;
    for (auto n = random.between(0, 40); n > 0; --n) {
      const std::string_view names[] = {"login", "a_name_of_more_than_16_bytes", "x"};
      entries.push_back({random.pick(names), static_cast<Day>(random.between(0, 5)), 1, 1, random.between(-5, 5)});
    }
    // One cell near the limits.
    const Entry large[] = {{"nps", 3, kMaxCount / 2, 1, 0},
                           {"nps", 3, 1, 1, kMost},
                           {"nps", 3, 1, 1, -kMost},
                           {"nps", 3, 2, 2, kMost / 2}};
    for (auto n = random.between(1, 4); n > 0; --n) entries.push_back(random.pick(large));
    const std::string expected = expected_outcome(entries);
    counts += expected.ends_with("count out of range") ? 1 : 0;
    sums += expected.ends_with("values out of range") ? 1 : 0;
    fine += expected.starts_with("22003") ? 0 : 1;
    for (int order = 0; order < 4; ++order) {
      random.shuffle(&entries);
      ASSERT_EQ(outcome([&] {
                  Block block;
                  for (const Entry& entry : entries) block.add(entry);
                  return block.finish();
                }),
                expected);
      ASSERT_EQ(outcome([&] { return added_in_parts(&random, entries, false).finish(); }), expected);
    }
  }
  EXPECT_GT(counts, rounds(20));
  EXPECT_GT(sums, rounds(20));
  EXPECT_GT(fine, 20);
}

TEST(Accumulator, SumsMayPassTheLimitOnTheWay) {
  const Entry plus{"nps", 3, 1, 1, kMost}, minus{"nps", 3, 1, 1, -kMost};
  Block block;
  for (const Entry& entry : {plus, plus, plus, minus, minus}) block.add(entry);
  EXPECT_EQ(block.finish(), encode(Reference{{"nps", {{3, {3, 5, 5, kMost}}}}}));
}

TEST(Accumulator, OverflowNamesTheSignal) {
  const std::string name(60, 'n');
  Block counts;
  counts.add({name, 3, kMaxCount, 0, 0});
  expect_failure("22003", "signal \"" + name + "\": count out of range", [&] { counts.add({name, 3, 1, 0, 0}); });
  Block sums;
  for (int i = 0; i < 2; ++i) sums.add({name, 3, 1, 1, -kMost});
  expect_failure("22003", "signal \"" + name + "\": sum of values out of range", [&] { sums.finish(); });
}

TEST(Accumulator, OverflowInTheLogsNamesTheSignal) {
  Block counts, values;
  for (int i = 0; i < 2; ++i) {
    for (const Day day : {3, 4}) {
      counts.add({"first", day, 1, 0, 0});
      counts.add({"second", day, kMaxCount, 0, 0});
      values.add({"second", day, kMaxCount / 2 + 1, kMaxCount / 2 + 1, 1});
    }
  }
  expect_failure("22003", "signal \"second\": count out of range", [&] { counts.finish(); });
  expect_failure("22003", "signal \"second\": count out of range", [&] { values.finish(); });
}

// ---------------------------------------------------------------- limits

TEST(Accumulator, RefusesBadEntriesAndStaysAsItWas) {
  Block block;
  block.add({"login", 3, 1, 0, 0});
  const std::string before(block.bytes());
  expect_failure("22023", "signal name is empty", [&] { block.add({"", 3, 1, 0, 0}); });
  expect_failure("22023", "signal name is too long: \"" + std::string(100, 'n') + "...\" (256 bytes)", [&] {
    block.add({std::string(256, 'n'), 3, 1, 0, 0});
  });
  for (const char* name : {"login", "export"})
    for (const Day day : {-1, kLastDay + 1})
      expect_failure("22008", "signal \"" + std::string(name) + "\": date out of range: " + DateText(day).text, [&] {
        block.add({name, day, 1, 0, 0});
      });
  EXPECT_TRUE(block.bytes() == before);
  block.add({"login", kFirstDay, 1, 0, 0});
  block.add({"login", kLastDay, 1, 0, 0});
  EXPECT_EQ(block.finish(), activity_of(R"({"login": {"1970-01-01": 1, "1970-01-04": 1, "2199-12-31": 1}})"));
}

TEST(Accumulator, HoldsAMillionSignals) {
  Block block;
  const auto name_of = [](std::size_t number) {
    char name[16];
    return std::string(name, static_cast<std::size_t>(std::snprintf(name, sizeof name, "user:%zu", number)));
  };
  for (std::size_t i = 0; i < kMaxSignals; ++i) block.add({name_of(i), 3, 1, 0, 0});
  block.add({name_of(0), 3, 1, 0, 0});  // one that is known
  const char* message = "too many signals in one activity";
  expect_failure("54000", message, [&] { block.add({"one_more", 3, 1, 0, 0}); });
  expect_failure("54000", message, [&] { block.absorb(activity_of(R"({"one_more": {"1970-01-01": 1}})")); });
  Block other;
  other.add({"one_more", 3, 1, 0, 0});
  expect_failure("54000", message, [&] { block.absorb(other); });
  EXPECT_EQ(block.view().signals, kMaxSignals);
}

TEST(Accumulator, RefusesAnActivityWhoseStateWouldNotFit) {
  Block block, other;
  block.add({"login", 3, 1, 0, 0});
  other.add({"login", 3, 1, 0, 0});
  other.state()->counts = 200'000'000;  // refused by this number, before the cells are read
  expect_failure("54000", "activity is too large to build", [&] { block.absorb(other); });
  EXPECT_EQ(block.finish(), activity_of(R"({"login": {"1970-01-04": 1}})"));
}

}  // namespace
}  // namespace health
