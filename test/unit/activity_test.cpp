#include "core/activity.hpp"

#include <limits>

#include "core/grouping.hpp"
#include "core/days_inactive.hpp"
#include "core/measure.hpp"
#include "core/rollup.hpp"
#include "core/splice.hpp"
#include "support.hpp"

namespace health {
namespace {

// ---------------------------------------------------------------- the stored form

const std::vector<Golden>& golden() {
  static const std::vector<Golden> lines = golden_values("activity_v1.txt");
  return lines;
}

// SQLSTATE with which validate_activity() refuses bytes; empty if it does not.
std::string refusal(const Buffer& bytes) {
  return failure_of([&] { validate_activity(bytes, heap()); }).sqlstate;
}

TEST(Activity, StoredBytesNeverChange) {
  ASSERT_EQ(golden().size(), 10u) << "test/golden/activity_v1.txt is not where the test looks for it";
  for (const auto& [bytes, text] : golden()) {
    EXPECT_EQ(activity_of(text), bytes) << text;
    EXPECT_EQ(refusal(bytes), "") << text;
    EXPECT_EQ(encode(decode(bytes)), bytes) << text;
  }
}

// Adds the events of a cell one by one.
void add_events(Grouping* all, std::string_view name, const Cell& cell) {
  for (std::uint32_t i = 0; i < cell.count; ++i)
    all->add({false, {7, 7}, {}}, name, cell.day, i < cell.value_count, i == 0 ? cell.value : 0);
}

TEST(Activity, EveryWayOfBuildingEndsInTheStoredBytes) {
  Random random(20);
  for (const auto& [bytes, text] : golden()) {
    Reference thirds[3];
    std::vector<Entry> entries;
    std::int64_t events = 0;
    MemoryFile file;
    Grouping grouped(AccountType::uuid, true, heap(), &file, kUnbounded);
    const Reference reference = decode(bytes);
    for (const auto& [name, days] : reference)
      for (const auto& [day, cell] : days) {
        thirds[random.between(0, 2)][name].emplace(day, cell);
        entries.push_back({name, day, cell.count, cell.value_count, cell.value});
        if ((events += cell.count) < 100'000) add_events(&grouped, name, cell);
      }

    random.shuffle(&entries);
    Block block, absorbed;
    for (const Entry& entry : entries) block.add(entry);
    EXPECT_EQ(block.finish(), bytes) << text;
    for (const Reference& third : thirds) absorbed.absorb(encode(third));
    EXPECT_EQ(absorbed.finish(), bytes) << text;

    ActivityWriter writer(heap());
    const Buffer parts[] = {encode(thirds[0]), encode(thirds[1]), encode(thirds[2])};
    const Bytes views[] = {parts[0], parts[1], parts[2]};
    EXPECT_EQ(owned(merge_activities(views, &writer)), bytes) << text;

    for (const Entry& entry : entries) {
      Reference before;
      for (const auto& [name, days] : reference)
        for (const auto& [day, cell] : days)
          if (day < entry.day) before[name].emplace(day, cell);
      writer.begin();
      const Buffer tail = owned(trim_activity(bytes, entry.day, &writer));
      writer.begin();
      EXPECT_EQ(owned(splice_activity(encode(before), tail, entry.day, &writer)), bytes) << text;
    }

    if (events == 0 || events >= 100'000) continue;
    grouped.finish();
    GroupingMerge merge(grouped, heap());
    AccountKey account;
    Bytes built;
    ASSERT_TRUE(merge.next(&account, &built));
    EXPECT_EQ(owned(built), bytes) << text;
  }
}

// A digest of the bytes of many random activities: it must be this number on every machine.
TEST(Activity, BytesAreTheSameOnEveryMachine) {
  Random random(21);
  std::uint64_t digest = 0xCBF2'9CE4'8422'2325;  // FNV-1a
  for (int i = 0; i < 2000; ++i) {
    Block block;
    for (auto n = random.between(0, 200); n > 0; --n) {
      const std::string& name = random.pick(signal_names());
      const auto day = static_cast<Day>(random.between(kFirstDay, random.one_in(2) ? 40 : kLastDay));
      const auto count = static_cast<std::uint32_t>(random.between(1, random.one_in(3) ? 1'000'000 : 2));
      const auto values = static_cast<std::uint32_t>(random.between(0, random.one_in(2) ? 0 : count));
      const Micros value = values == 0 ? 0 : random.between(-1'000'000'000'000, 1'000'000'000'000);
      block.add({name, day, count, values, value});
    }
    for (const std::uint8_t byte : block.finish()) digest = (digest ^ byte) * 0x100'0000'01B3;
  }
  EXPECT_EQ(digest, 5'615'670'746'047'918'672U);
}

TEST(Activity, FormatIsAsDescribed) {
  const Buffer bytes = activity_of(R"({"nps": {"2026-01-03": [1, 9], "2026-01-04": 300}, "a": {"1970-01-01": 1}})");
  EXPECT_EQ(bytes, (Buffer{1,    2,                                      // version, signals
                           1,    'a',  1 << 2 | 0, 2,                    // one cell, no values, two bytes
                           0,    1,                                      // the first day, once
                           3,    'n',  'p',        's', 2 << 2 | 2, 13,  // two cells, some values
                           0xE8, 0x9F, 0x01,       1,   1,          0x80,
                           0xD1, 0xCA, 0x08,              // day 20456, 1 event, 1 value, 9 = zigzag 18000000
                           1,    0xAC, 0x02,       0}));  // the next day, 300 events, no value
}

TEST(Activity, RandomCellsComeBack) {
  Random random(1);
  for (int i = 0; i < rounds(3000); ++i) {
    const Reference reference = random_reference(&random, 8, 30, kFirstDay, random.one_in(2) ? 100 : kLastDay + 1);
    const Buffer bytes = encode(reference);
    EXPECT_EQ(decode(bytes), reference);
    EXPECT_EQ(refusal(bytes), "");
  }
}

TEST(Activity, CellsAreAddedUpInAnyOrder) {
  Random random(2);
  for (int i = 0; i < 1000; ++i) {
    Reference reference;
    std::vector<LooseCell> loose;
    for (auto n = random.between(0, 60); n > 0; --n) {
      const std::string_view name = random.pick(signal_names());
      const Cell cell = random_cell(&random, static_cast<Day>(random.between(0, 20)));
      loose.push_back({name, cell});
      Cell& total = reference[std::string(name)][cell.day];
      total = {cell.day, total.count + cell.count, total.value_count + cell.value_count, total.value + cell.value};
    }
    ActivityWriter writer(heap());
    EXPECT_EQ(decode(activity_of_cells(loose, &writer, heap())), reference);
  }
}

TEST(Activity, WriterLeavesOutSignalsWithoutCells) {
  ActivityWriter writer(heap());
  for (const char* name : {"a", "b", "c"}) {
    writer.begin_signal(name);
    if (*name == 'b') writer.add({5, 1, 0, 0});
    writer.end_signal();
  }
  EXPECT_EQ(owned(writer.finish()), activity_of(R"({"b": {"1970-01-06": 1}})"));
  EXPECT_EQ(encode({}), owned(kEmptyActivity));
}

TEST(Activity, ReaderSkipsCellsNotAskedFor) {
  const Buffer bytes =
      activity_of(R"({"a": {"1970-01-01": 1, "1970-01-02": 2}, "b": {"1970-01-03": [2, 1]}, "c": {"1970-01-04": 3}})");
  ActivityReader reader(bytes, heap());
  EXPECT_EQ(reader.signals(), 3u);
  Cell cell;
  ASSERT_TRUE(reader.next_signal() && reader.next_cell(&cell) && reader.next_signal());
  EXPECT_EQ(reader.name(), "b");
  EXPECT_EQ(reader.cells(), 1u);
  EXPECT_EQ(reader.mode(), 1u);
  ASSERT_TRUE(reader.next_signal() && reader.next_cell(&cell));
  EXPECT_EQ(cell, (Cell{3, 3, 0, 0}));
  EXPECT_FALSE(reader.next_cell(&cell));
  EXPECT_FALSE(reader.next_signal());
}

// ---------------------------------------------------------------- hostile bytes

// Changed bytes are refused with 22P03, or they are canonical, too: decoding and encoding gives the same bytes.
void check_hostile(const Buffer& bytes) {
  const Failure failure = failure_of([&] { validate_activity(bytes, heap()); });
  if (failure.sqlstate[0] != '\0') {
    ASSERT_STREQ(failure.sqlstate, "22P03");
    ASSERT_TRUE(std::string_view(failure.message).starts_with("invalid health_activity: ")) << failure.message;
  } else {
    ASSERT_EQ(encode(decode(bytes)), bytes);
  }
}

// The cells of all signals within a span, in the order of the bytes.
std::vector<Cell> cells_between(const Buffer& bytes, const Span& span) {
  Scratch<Cell> cells(heap());
  for (ActivityReader reader(bytes, heap()); reader.next_signal();) reader.read_cells(&cells, span);
  return {cells.begin(), cells.end()};
}

// All functions that read activities, on bytes that were not validated: a result or a proper error.
void check_readers(const Buffer& bytes, const Buffer& other) {
  const auto check = [](auto run) {
    const std::string state = failure_of(run).sqlstate;
    ASSERT_TRUE(state.empty() || state == "XX001" || state == "22003") << state;
  };
  check([&] { decode(bytes); });
  check([&] { cells_between(bytes, {10'000, 20'000}); });
  check([&] {
    ActivityWriter writer(heap());
    merge_activities(bytes, other, &writer);
  });
  check([&] {
    ActivityWriter writer(heap());
    splice_activity(other, bytes, 10'000, &writer);
  });
  check([&] { day_range(bytes, kLastDay, std::nullopt, heap()); });
  check([&] { measure_signal(bytes, "nps", {0, kLastDay}, Measure::sum, heap()); });
  check([&] { Block().absorb(bytes); });
}

TEST(Activity, CellsOfASpanAreThoseOfAllThatLieInIt) {
  Random random(9);
  for (int round = 0; round < rounds(4000); ++round) {
    Reference reference;
    const int most_step = random.one_in(2) ? 5 : 200, most_count = random.one_in(2) ? 3 : 300;
    for (const char* name : {"a", "b", "c"}) {
      Day day = static_cast<Day>(random.between(10'000, 10'100));
      for (auto cells = random.between(0, 20); cells > 0;
           --cells, day += static_cast<Day>(random.between(1, most_step)))
        reference[name][day] = {day, static_cast<std::uint32_t>(random.between(1, most_count)), 0, 0};
    }
    const Buffer bytes = encode(reference);
    const Span span{random.one_in(8) ? 0 : random.between(9'900, 11'000), random.between(9'900, 12'000)};
    std::vector<Cell> expected;
    for (const auto& [name, days] : reference)
      for (const auto& [day, cell] : days)
        if (span.contains(day)) expected.push_back(cell);
    const std::vector<Cell> found = cells_between(bytes, span);
    ASSERT_EQ(found.size(), expected.size()) << "round " << round;
    for (std::size_t i = 0; i < found.size(); ++i) {
      ASSERT_EQ(found[i].day, expected[i].day);
      ASSERT_EQ(found[i].count, expected[i].count);
    }
  }
}

TEST(Activity, EverySingleByteMutationIsRefusedOrCanonical) {
  for (const auto& [bytes, text] : golden()) {
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      if (bytes[at] == 'n' && at % 16 != 0) continue;  // of the long names one letter in 16 will do
      for (int byte = 0; byte < 256; ++byte) {
        Buffer changed = bytes;
        changed[at] = static_cast<std::uint8_t>(byte);
        check_hostile(changed);
        if (byte % 16 == static_cast<int>(at) % 16) check_readers(changed, bytes);
        if (HasFatalFailure()) FAIL() << "byte " << at << " = " << byte << " of " << text;
      }
    }
  }
}

TEST(Activity, EveryTruncationIsRefused) {
  for (const auto& [bytes, text] : golden()) {
    for (std::size_t kept = 0; kept < bytes.size(); ++kept) {
      const Buffer cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(kept));
      EXPECT_EQ(refusal(cut), "22P03") << kept << " of " << text;
      check_readers(cut, bytes);
    }
  }
}

TEST(Activity, EveryExtensionIsRefused) {
  for (const auto& [bytes, text] : golden()) {
    for (std::size_t at = 0; at <= bytes.size(); ++at) {
      for (const int byte : {0, 1, 4, 0x61, 0x7F, 0x80, 0xFF}) {
        Buffer longer = bytes;
        longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(at), static_cast<std::uint8_t>(byte));
        check_hostile(longer);
        if (HasFatalFailure()) FAIL() << byte << " inserted at " << at << " of " << text;
      }
    }
    for (int byte = 0; byte < 256; ++byte) {
      Buffer longer = bytes;
      longer.push_back(static_cast<std::uint8_t>(byte));
      EXPECT_EQ(refusal(longer), "22P03") << byte << " after " << text;
    }
  }
}

TEST(Activity, RandomBytesDoNoHarm) {
  Random random(3);
  for (int i = 0; i < 10'000; ++i) {
    Buffer bytes =
        random.one_in(3) ? Buffer(static_cast<std::size_t>(random.between(0, 40)), 0) : random.pick(golden()).bytes;
    for (auto n = random.between(1, 6); n > 0 && !bytes.empty(); --n)
      bytes[static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(bytes.size()) - 1))] =
          static_cast<std::uint8_t>(random.one_in(2) ? random.between(0, 8) : random.between(0, 255));
    if (!bytes.empty() && random.one_in(2)) bytes[0] = kActivityVersion;
    check_hostile(bytes);
    check_readers(bytes, golden()[1].bytes);
    if (HasFatalFailure()) FAIL() << "round " << i;
  }
}

TEST(Activity, RefusesWhatIsNotCanonical) {
  const struct {
    const char* what;
    Buffer bytes;
  } cases[] = {
      {"no bytes", {}},
      {"another version", {2, 0}},
      {"a state in flight", {kInFlight, 0}},
      {"a longer number", {1, 0x80, 0}},
      {"a number past 64 bits", {1, 1, 1, 'a', 4, 11, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02, 1}},
      {"an empty name", {1, 1, 0, 4, 2, 0, 1}},
      {"a signal without cells", {1, 1, 1, 'a', 0, 0}},
      {"signals out of order", {1, 2, 1, 'b', 4, 2, 0, 1, 1, 'a', 4, 2, 0, 1}},
      {"a signal twice", {1, 2, 1, 'a', 4, 2, 0, 1, 1, 'a', 4, 2, 1, 1}},
      {"a day twice", {1, 1, 1, 'a', 8, 4, 0, 1, 0, 1}},
      {"a day past 2199", {1, 1, 1, 'a', 4, 4, 0xA6, 0x90, 0x05, 1}},
      {"a day after 2199-12-31", {1, 1, 1, 'a', 8, 6, 0xA5, 0x90, 0x05, 1, 1, 1}},
      {"a count of 0", {1, 1, 1, 'a', 4, 2, 0, 0}},
      {"a count past 2^31-1", {1, 1, 1, 'a', 4, 6, 0, 0x80, 0x80, 0x80, 0x80, 0x08}},
      {"mode 3", {1, 1, 1, 'a', 7, 2, 0, 1}},
      {"mode 2 where all have values", {1, 1, 1, 'a', 6, 4, 0, 1, 1, 2}},
      {"mode 2 where none has", {1, 1, 1, 'a', 6, 3, 0, 1, 0}},
      {"more values than events", {1, 1, 1, 'a', 6, 4, 0, 1, 2, 2}},
      {"cells longer than announced", {1, 1, 1, 'a', 4, 1, 0, 1}},
      {"cells shorter than announced", {1, 1, 1, 'a', 4, 3, 0, 1, 0}},
      {"one more byte", {1, 1, 1, 'a', 4, 2, 0, 1, 0}}};
  for (const auto& [what, bytes] : cases) EXPECT_EQ(refusal(bytes), "22P03") << what;
  EXPECT_EQ(refusal({1, 1, 1, 'a', 4, 2, 0, 1}), "") << "for comparison";
}

TEST(Activity, BrokenStoredBytesAreReportedAsCorruption) {
  const struct {
    const char* what;
    Buffer bytes;
  } cases[] = {
      {"it ends too early", {1, 1, 1, 'a'}},
      {"unknown version 2", {2, 0}},
      {"too many signals", {1, 0xC1, 0x84, 0x3D}},
      {"number too long", {1, 1, 1, 'a', 5, 12, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02}}};
  for (const auto& each : cases) {
    const Failure failure = failure_of([&] { decode(each.bytes); });
    EXPECT_STREQ(failure.sqlstate, "XX001");
    EXPECT_EQ(failure.message, std::string("invalid health_activity: ") + each.what);
  }
}

// ---------------------------------------------------------------- names

TEST(Activity, HoldsAMillionSignals) {
  ActivityWriter writer(heap());
  const auto add = [&](std::size_t number) {
    char name[16];
    const int length = std::snprintf(name, sizeof name, "%07zu", number);
    writer.begin_signal({name, static_cast<std::size_t>(length)});
    writer.add({1, 1, 0, 0});
    writer.end_signal();
  };
  for (std::size_t i = 0; i < kMaxSignals; ++i) add(i);
  EXPECT_EQ(ActivityReader(writer.finish(), heap()).signals(), kMaxSignals);
  expect_failure("54000", "too many signals in one activity", [&] { add(kMaxSignals); });
}

TEST(Activity, RenamedSignalsKeepTheirCells) {
  Random random(15);
  for (int i = 0; i < 1000; ++i) {
    const Reference a = random_reference(&random, 8, 5, 0, 40);
    Reference expected;
    std::vector<std::string> names;
    for (const auto& [name, days] : a) {
      // Any order, since encodings sort differently.
      names.push_back(std::to_string(random.between(0, 9)) + name.substr(0, 200) + std::to_string(names.size()));
      expected[names.back()] = days;
    }
    ActivityWriter writer(heap());
    const std::vector<std::string_view> views(names.begin(), names.end());
    EXPECT_EQ(owned(rename_signals(encode(a), views, &writer)), encode(expected));
  }
  const Buffer two = activity_of(R"({"a": {"1970-01-01": 1}, "b": {"1970-01-01": 2}})");
  ActivityWriter writer(heap());
  expect_failure("22P03", "two signals of a health_activity have one name in another encoding", [&] {
    rename_signals(two, std::vector<std::string_view>{"x", "x"}, &writer);
  });
  const std::string longest(255, 'x'), longer = longest + "x";
  rename_signals(two, std::vector<std::string_view>{"a", longest}, &writer);
  expect_failure("54000", "a signal of a health_activity has a name of more than 255 bytes in another encoding", [&] {
    rename_signals(two, std::vector<std::string_view>{"x", longer}, &writer);
  });
}

TEST(Activity, OfOneSignalAlone) {
  Random random(31);
  for (int i = 0; i < 500; ++i) {
    const Reference a = random_reference(&random, 8, 5, 0, 40);
    const std::string& name = random.pick(signal_names());
    ActivityWriter writer(heap());
    const std::optional<Bytes> found = activity_of_signal(encode(a), name, "x", &writer);
    ASSERT_EQ(found.has_value(), a.contains(name));
    if (found) {
      ASSERT_EQ(owned(*found), encode(Reference{{"x", a.at(name)}}));
    }
  }
}

}  // namespace
}  // namespace health
