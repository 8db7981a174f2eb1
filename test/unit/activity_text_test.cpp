#include "core/activity_text.hpp"

#include <limits>

#include "support.hpp"

namespace health {
namespace {

TEST(TextForm, IsRead) {
  const Day day = 20456;  // 2026-01-03
  const struct {
    const char* text;
    Cell cell;
  } cases[] = {{"4", {day, 4, 0, 0}},
               {"4.000", {day, 4, 0, 0}},
               {"2147483647", {day, kMaxCount, 0, 0}},
               {"[1, 9]", {day, 1, 1, 9 * kMicro}},
               {"[3, -0.5]", {day, 3, 3, -kMicro / 2}},
               {"[3, 0, 2]", {day, 3, 2, 0}},
               {"[3, 7.5, 3]", {day, 3, 3, 7'500'000}},
               {"4e0", {day, 4, 0, 0}},
               {"0.4E+1", {day, 4, 0, 0}},
               {"4000e-3", {day, 4, 0, 0}},
               {"2.147483647e9", {day, kMaxCount, 0, 0}},
               {"[1, 1e-6]", {day, 1, 1, 1}},
               {"[1, 5e-7]", {day, 1, 1, 1}},
               {"[1, 4e-7]", {day, 1, 1, 0}},
               {"[1, -12.5e-1000000000000000000000]", {day, 1, 1, 0}},
               {"[1, 0e1000000000000000000000]", {day, 1, 1, 0}},
               {"[1, -1.25e3]", {day, 1, 1, -1250 * kMicro}},
               {"[1, 9.2e12]", {day, 1, 1, 9'200'000'000'000 * kMicro}},
               {" [ 1\t,\n2\r, 1 ] ", {day, 1, 1, 2 * kMicro}},
               {"[1, 0.0000005]", {day, 1, 1, 1}},
               {"[1, -9223372036854.775807]", {day, 1, 1, -std::numeric_limits<Micros>::max()}}};
  for (const auto& [text, cell] : cases)
    EXPECT_EQ(decode(activity_of(std::string("{\"nps\": {\"2026-01-03\": ") + text + "}}")),
              (Reference{{"nps", {{day, cell}}}}))
        << text;
  EXPECT_EQ(activity_of("{}"), owned(kEmptyActivity));
  EXPECT_EQ(activity_of(R"({"a": {}, "b": {}})"), owned(kEmptyActivity));
  EXPECT_EQ(decode(activity_of(R"({"b": {"2199-12-31": 1, "1970-01-01": 2}, "a": {"1970-01-01": 3}})")),
            (Reference{{"a", {{0, {0, 3, 0, 0}}}}, {"b", {{0, {0, 2, 0, 0}}, {kLastDay, {kLastDay, 1, 0, 0}}}}}));
}

TEST(TextForm, RefusesWhatItIsNot) {
  const std::string prefix = "invalid input for type health_activity: ";
  const char* count = "a count must be a whole number from 1 to 2147483647";
  const char* array = "an array must be [count, sum] or [count, sum, values]";
  const char* sum = "a sum must be a number of at most 9.2e12 in size";
  const struct {
    std::string text;
    const char* what;
  } cases[] = {
      {R"({"nps": 3})", "expected an object of days"},
      {R"({"nps": []})", "expected an object of days"},
      {R"({"nps": {"2026-01-3": 1}})", "\"2026-01-3\" is no day from 1970-01-01 to 2199-12-31, written YYYY-MM-DD"},
      {R"({"nps": {"2026-02-30": 1}})", "\"2026-02-30\" is no day from 1970-01-01 to 2199-12-31, written YYYY-MM-DD"},
      {R"({"nps": {"1969-12-31": 1}})", "\"1969-12-31\" is no day from 1970-01-01 to 2199-12-31, written YYYY-MM-DD"},
      {R"({"nps": {"2200-01-01": 1}})", "\"2200-01-01\" is no day from 1970-01-01 to 2199-12-31, written YYYY-MM-DD"},
      {R"({"nps": {"": 1}})", "\"\" is no day from 1970-01-01 to 2199-12-31, written YYYY-MM-DD"},
      {R"({"nps": {"2026-01-03": 0}})", count},
      {R"({"nps": {"2026-01-03": -1}})", count},
      {R"({"nps": {"2026-01-03": 1.5}})", count},
      {R"({"nps": {"2026-01-03": 2147483648}})", count},
      {R"({"nps": {"2026-01-03": 99999999999999999999}})", count},
      {R"({"nps": {"2026-01-03": "1"}})", count},
      {R"({"nps": {"2026-01-03": null}})", count},
      {R"({"nps": {"2026-01-03": {}}})", count},
      {R"({"nps": {"2026-01-03": 1e10}})", count},
      {R"({"nps": {"2026-01-03": 1e1000000}})", count},
      {R"({"nps": {"2026-01-03": 15e-1}})", count},
      {R"({"nps": {"2026-01-03": 01}})", count},
      {R"({"nps": {"2026-01-03": +1}})", count},
      {R"({"nps": {"2026-01-03": 1.}})", count},
      {R"({"nps": {"2026-01-03": 1e}})", count},
      {R"({"nps": {"2026-01-03": [0, 1]}})", count},
      {R"({"nps": {"2026-01-03": []}})", array},
      {R"({"nps": {"2026-01-03": [1]}})", array},
      {R"({"nps": {"2026-01-03": [1, 2, 0]}})", count},
      {R"({"nps": {"2026-01-03": [2, 2, 1, 1]}})", array},
      {R"({"nps": {"2026-01-03": [1, "2"]}})", sum},
      {R"({"nps": {"2026-01-03": [1, null]}})", sum},
      {R"({"nps": {"2026-01-03": [1, 9223372036854.775808]}})", sum},
      {R"({"nps": {"2026-01-03": [1, 9.3e12]}})", sum},
      {R"({"nps": {"2026-01-03": [1, .5]}})", sum},
      {R"({"nps": {"2026-01-03": [1, -]}})", sum},
      {R"({"nps": {"2026-01-03": [1, NaN]}})", sum},
      {R"({"nps": {"2026-01-03": [2, 2, 3]}})", "more values than events"}};
  for (const auto& each : cases)
    expect_failure(
        "22P02",
        prefix +
            (each.text.find("2026-01-03") == std::string::npos ? "signal \"nps\": " : "signal \"nps\", 2026-01-03: ") +
            each.what,
        [&] { activity_of(each.text); });
  expect_failure("22P02", prefix + "expected an object, got an array", [] { activity_of("[]"); });
  expect_failure("22P02", prefix + "expected an object, got null", [] { activity_of("null"); });
  expect_failure("22P02", prefix + "expected an object, got a string", [] { activity_of("\"x\""); });
}

TEST(TextForm, SaysWhereItIsNoJson) {
  const std::string prefix = "invalid input for type health_activity: expected ";
  const struct {
    const char *text, *what;
  } cases[] = {{"", "an object, but the text ends"},
               {"  ", "an object, but the text ends"},
               {"x", "an object at byte 1, near \"x\""},
               {"{", "a string, but the text ends"},
               {"{\"a\"", ":, but the text ends"},
               {"{\"a\" {}}", ": at byte 6, near \"{}}\""},
               {"{\"a\": {}", "}, but the text ends"},
               {"{\"a\": {},}", "a string at byte 10, near \"}\""},
               {"{\"a\": {} \"b\": {}}", "} at byte 10, near \"\"b\": {}}\""},
               {"{a: {}}", "a string at byte 2, near \"a: {}}\""},
               {"{} {}", "the end at byte 4, near \"{}\""},
               {"{\"a", "\", but the text ends"},
               {"{\"a\\", "a valid escape in a string at byte 4, near \"\\\""},
               {"{\"a\\x\": {}}", "a valid escape in a string at byte 4, near \"\\x\": {}}\""},
               {"{\"\\u12\": {}}", "a valid escape in a string at byte 3, near \"\\u12\": {}}\""},
               {"{\"\\u0000\": {}}", "a valid escape in a string at byte 3, near \"\\u0000\": {}}\""},
               {"{\"\\ud800\": {}}", "a valid escape in a string at byte 3, near \"\\ud800\": {}}\""},
               {"{\"\\ud800\\u0041\": {}}", "a valid escape in a string at byte 3, near \"\\ud800\\u0041\": {}}\""},
               {"{\"\\udc00\": {}}", "a valid escape in a string at byte 3, near \"\\udc00\": {}}\""},
               {"{\"a\nb\": {}}", "no control character in a string at byte 4, near \"\nb\": {}}\""}};
  for (const auto& each : cases) expect_failure("22P02", prefix + each.what, [&] { activity_of(each.text); });
}

TEST(TextForm, NothingComesTwice) {
  const std::string prefix = "invalid input for type health_activity: signal \"a\"";
  for (const char* text : {R"({"a": {"2026-01-03": 1}, "a": {"2026-01-04": 1}})",
                           R"({"a": {"2026-01-03": 1}, "b": {"2026-01-03": 1}, "a": {"2026-01-04": 1}})",
                           R"({"c": {"2026-01-03": 1}, "a": {"2026-01-03": 1}, "\u0061": {"2026-01-04": 1}})",
                           R"({"a": {}, "b": {}, "a": {}})", R"({"a": {}, "b": {}, "a": {"2026-01-03": 1}})",
                           R"({"a": {"2026-01-03": 1}, "a": {}})"})
    expect_failure("22023", prefix + " comes twice", [&] { activity_of(text); });
  for (const char* text : {R"({"a": {"2026-01-03": 1, "2026-01-03": 1}})",
                           R"({"a": {"2026-01-03": 1, "2026-01-02": 1, "2026\u002d01-03": 2}})"})
    expect_failure("22023", prefix + ": 2026-01-03 comes twice", [&] { activity_of(text); });
  // More days than there are: found out before they fill the memory.
  std::string flood = R"({"a": {)";
  for (int i = 0; i < 84'007; ++i) flood += R"("2026-01-03":1,)";
  expect_failure("22023", prefix + ": 2026-01-03 comes twice", [&] { activity_of(flood); });
}

TEST(TextForm, EscapesStandForLetters) {
  const auto name_of = [](std::string_view escaped) {
    return decode(activity_of("{\"" + std::string(escaped) + "\": {\"2026-01-03\": 1}}")).begin()->first;
  };
  EXPECT_EQ(name_of(R"(\"\\\/\b\f\n\r\t)"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(name_of(R"(caf\u00e9 \u20AC \ud83d\ude80)"), "café € 🚀");
  EXPECT_EQ(name_of("café € 🚀"), "café € 🚀");
  TextFormReader reader(heap());
  reader.read(R"({"\u0041": {"2026-01-03": 1}})", false);
  expect_failure(
      "22P05", "invalid input for type health_activity: a \\u escape beyond ASCII needs a database with encoding UTF8",
      [&] { reader.read(R"({"caf\u00e9": {"2026-01-03": 1}})", false); });
}

TEST(TextForm, IsWrittenAsItIsRead) {
  const char* text =
      R"({"a\"b\\c\n\u001f/": {"1970-01-01": 1}, "nps": {"2026-01-03": [1, 9], "2026-01-04": [3, -2.5, 1], "2199-12-31": 2147483647}})";
  EXPECT_EQ(text_form_of(activity_of(text)), text);
  EXPECT_EQ(text_form_of(kEmptyActivity), "{}");
}

std::string strange_name(Random* random) {
  std::string name;
  for (auto left = random->between(1, random->one_in(10) ? 255 : 6); left > 0; --left)
    name += static_cast<char>(random->one_in(2) ? random->between(1, 127)
                                                : random->pick(std::vector<int>{'"', '\\', 'a', '\n'}));
  return name;
}

TEST(TextForm, RoundTrips) {
  Random random(1);
  for (int round = 0; round < rounds(3000); ++round) {
    Reference reference =
        random_reference(&random, 6, 30, random.one_in(2) ? 20'000 : kFirstDay, random.one_in(2) ? 20'040 : kLastDay);
    if (random.one_in(3)) reference[strange_name(&random)][7] = {7, 1, 0, 0};
    const Buffer bytes = encode(reference);
    const std::string text = text_form_of(bytes);
    ASSERT_EQ(activity_of(text), bytes) << text;
  }
}

// Signals and days in any order, with spaces anywhere, are the same activity.
TEST(TextForm, OrderAndSpacesDoNotMatter) {
  Random random(2);
  for (int round = 0; round < rounds(1000); ++round) {
    const Reference reference = random_reference(&random, 8, 12, 20'000, 20'040);
    std::vector<std::string> signals;
    const auto space = [&] {
      return std::string(static_cast<std::size_t>(random.between(0, 2)),
                         random.pick(std::vector<char>{' ', '\n', '\t', '\r'}));
    };
    const auto joined = [&](const std::vector<std::string>& parts) {
      std::string text = "{";
      for (const std::string& part : parts) text += (text.size() > 1 ? "," : "") + space() + part + space();
      return text + "}";
    };
    for (const auto& [name, days] : reference) {
      std::vector<std::string> cells;
      for (const auto& [day, cell] : days) {
        const std::string one = text_form_of(encode({{"x", {{day, cell}}}}));
        cells.push_back(one.substr(7, one.size() - 9));
      }
      random.shuffle(&cells);
      signals.push_back("\"" + name + "\"" + space() + ":" + space() + joined(cells));
    }
    random.shuffle(&signals);
    ASSERT_EQ(activity_of(space() + joined(signals) + space()), encode(reference));
  }
}

// Activities of any shape take a bounded multiple of their stored size.
TEST(TextForm, ReadingTakesLessThanThreeTimesTheStoredSize) {
  const struct { int signals, cells; } shapes[] = {{100, 1000}, {20'000, 5}, {rounds(200'000), 1}};
  for (const auto& [signals, cells] : shapes) {
    Reference reference;
    for (Day day = 10'000; day < 10'000 + cells; ++day) reference["x"][day] = {day, 1, 0, 0};
    const std::string one = text_form_of(encode(reference)), days = one.substr(6, one.size() - 7);
    for (const bool backwards : {false, true}) {
      std::string text = "{";
      for (int i = 0; i < signals; ++i) {
        const int number = 100'000 + (backwards ? signals - i : i);
        text += (i == 0 ? "\"" : ", \"") + std::to_string(number) + "\": " + days;
      }
      text += "}";
      FaultyMemory memory(0);
      std::size_t size = 0;
      {
        TextFormReader reader(&memory);
        reader.read(text, true);
        size = reader.size();
        auto* value = static_cast<std::uint8_t*>(memory.allocate(size));
        reader.copy_to(value);
        EXPECT_EQ(text_form_of({value, size}).size(), text.size());
        memory.deallocate(value, size);
      }
      EXPECT_EQ(memory.outstanding(), 0u);
      // Plus the days of one signal, and a block of 1 MB that may be empty.
      const std::size_t signal = static_cast<std::size_t>(cells) * 200;
      EXPECT_LT(memory.most(), 3 * size + signal + (std::size_t{1} << 20)) << signals << " signals";
    }
  }
}

TEST(TextForm, NoByteIsWrittenAsMoreThanTwelve) {
  Reference reference;
  for (Day day = 1; day < 1000; ++day) reference["x"][day] = {day, 127, 127, -63};
  reference[std::string(255, '\1')][1] = {1, 127, 0, 0};
  const Buffer bytes = encode(reference);
  EXPECT_LT(text_form_size(bytes, heap()), 12 * bytes.size());
  EXPECT_GT(text_form_size(bytes, heap()), 10 * bytes.size());
}

TEST(TextForm, IsBoundedSoThatItCanBeDumped) {
  // Without encoding 900 MB: the writer copies the cells of one signal into many.
  EXPECT_EQ(text_form_size(activity_of(R"({"a": {"2026-01-03": 1}})"), heap()),
            std::string_view(R"({"a": {"2026-01-03": 1}})").size());
  Reference reference;
  for (Day day = 0; day < 84'000; ++day) reference["x"][day] = {day, 1, 0, 0};
  const Buffer one = encode(reference);
  const auto too_many = [&](int signals) {
    ActivityWriter writer(heap());
    ActivityReader reader(one, heap());
    reader.next_signal();
    const auto run = reader.run_before();
    for (int i = 0; i < signals; ++i) {
      const std::string name = std::to_string(1000 + i);
      writer.begin_signal(name);
      writer.add(run);
      writer.end_signal();
    }
    return writer.finish().size();
  };
  // 84,000 cells of 17 bytes, less the last one's comma, and a name: 630 of them stay below.
  if (!kSanitized) {
    EXPECT_GT(too_many(630), 100'000'000u);
  }
  expect_failure("54000", "activity is too large: its text form would have more than 900 MB", [&] { too_many(631); });
}

}  // namespace
}  // namespace health
