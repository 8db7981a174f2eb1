#include "core/moment.hpp"

#include "support.hpp"

namespace health {
namespace {

constexpr Day kJanuary31 = 20484;  // 2026-01-31

std::string date_text(Day day) {
  const CivilDate date = civil_date(day);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", date.year, date.month, date.day);
  return text;
}

TEST(Moment, IsReadAsItIsPrinted) {
  for (const char* text :
       {"2026-01-31", "2026-01-31 10:00", "2026-01-31T10:00", "2026-01-31 10:00:00", "2026-01-31 10:00:00+00",
        "2026-01-31 10:00:00.123456", "2026-01-31T10:00:00.123Z", "2026-01-31t10:00:00.1234567z",
        "2026-01-31 10:00:00.123456+05:30", "2026-01-31T10:00:00+0530", "2026-01-31 10:00:00-08",
        "2026-01-31 10:00:00-00:44:30", "2026-01-31 10:00:00-004430", " 2026-01-31 ", "\t2026-01-31 10:00\n"})
    EXPECT_EQ(parse_moment(text), kJanuary31) << text;
}

TEST(Moment, AnOffsetMovesItToItsDayInUtc) {
  EXPECT_EQ(parse_moment("2026-01-31 23:59:59.999999999"), kJanuary31);
  EXPECT_EQ(parse_moment("2026-01-31 23:59:59-00:00:01"), kJanuary31 + 1);
  EXPECT_EQ(parse_moment("2026-01-31 23:30-01"), kJanuary31 + 1);
  EXPECT_EQ(parse_moment("2026-01-31 08:59:59+09:00"), kJanuary31 - 1);
  EXPECT_EQ(parse_moment("2026-01-31 09:00+09"), kJanuary31);
  EXPECT_EQ(parse_moment("2026-01-31 00:00+15:59:59"), kJanuary31 - 1);
  EXPECT_EQ(parse_moment("1970-01-01 00:00+00:01"), -1);
}

TEST(Moment, TheEndOfADayAndALeapSecondAreTheNextDay) {
  EXPECT_EQ(parse_moment("2026-01-31 24:00"), kJanuary31 + 1);
  EXPECT_EQ(parse_moment("2026-01-31 24:00:00.000+00"), kJanuary31 + 1);
  EXPECT_EQ(parse_moment("2026-01-31T23:59:60Z"), kJanuary31 + 1);
  EXPECT_EQ(parse_moment("2026-01-31T23:58:60Z"), kJanuary31);
}

TEST(Moment, NothingElseIsOne) {
  for (const char* text : {"",
                           " ",
                           "now",
                           "today",
                           "infinity",
                           "-infinity",
                           "epoch",
                           "2026",
                           "2026-01",
                           "2026-1-1",
                           "20260131",
                           "2026-01-32",
                           "2026-02-29",
                           "0000-01-01",
                           "12026-01-31",
                           "31/01/2026",
                           "2026-01-31 BC",
                           "2026-01-31Z",
                           "2026-01-31+02",
                           "2026-01-31T",
                           "2026-01-31 10",
                           "2026-01-31 1:00",
                           "2026-01-31  10:00",
                           "2026-01-31_10:00",
                           "2026-01-31 10:60",
                           "2026-01-31 25:00",
                           "2026-01-31 24:01",
                           "2026-01-31 24:00:00.1",
                           "2026-01-31 10:00:61",
                           "2026-01-31 10:00:",
                           "2026-01-31 10:00:00.",
                           "2026-01-31 10:00:00,5",
                           "2026-01-31 10:00.5",
                           "2026-01-31 10:00 AM",
                           "2026-01-31 10:00:00  UTC",
                           "2026-01-31 10:00:00 utc",
                           "2026-01-31 10:00:00 UTC+1",
                           "2026-01-31 UTC",
                           "2026-01-31 +01",
                           "2026-01-31 10:00:00  +02",
                           "20260131T100000Z",
                           "2026-01-31 10:00:00 Europe/Paris",
                           "2026-01-31 10:00:00+2",
                           "2026-01-31 10:00:00+16",
                           "2026-01-31 10:00:00+02:",
                           "2026-01-31 10:00:00+02:60",
                           "2026-01-31 10:00:00+02:3",
                           "2026-01-31 10:00:00+0230:00",
                           "2026-01-31 10:00:00+02:3000",
                           "2026-01-31 10:00:00+02:30:00:00",
                           "2026-01-31 10:00:00ZZ",
                           "2026-01-31 10:00:00Z+02",
                           "\xC2\xA0"
                           "2026-01-31"})
    EXPECT_EQ(parse_moment(text), std::nullopt) << text;
}

TEST(Moment, AnOffsetMayStandAfterASpace) {
  for (const char* text : {"2026-01-31 10:00:00 UTC", "2026-01-31 10:00:00UTC", "2026-01-31 10:00:00 Z",
                           "2026-02-01 01:00:00 +0200", "2026-01-31 22:00:00 -01:00"})
    EXPECT_EQ(parse_moment(text), kJanuary31) << text;
}

TEST(Moment, WhatIsNoneIsAnErrorThatQuotesIt) {
  EXPECT_EQ(day_of_text("2026-01-31"), kJanuary31);
  expect_failure("22007", "invalid time: \"2026-1-1\"", [] { day_of_text("2026-1-1"); });
  expect_failure("22007", "signal \"login\": invalid time: \"now\"", [] { day_of_text("now", "login"); });
  expect_failure("22007", "invalid time: \"" + std::string(100, 'x') + "\"",
                 [] { day_of_text(std::string(900, 'x')); });
}

// Every way to write a random moment at a random offset gives the day that it has in UTC.
TEST(Moment, EveryFormGivesTheDayInUtc) {
  Random random(14);
  for (int round = 0; round < rounds(200'000); ++round) {
    const std::int64_t second = random.between(-3'000'000'000, 7'300'000'000);  // 1874 to 2201
    const bool date_only = random.one_in(10), offset = !date_only && random.one_in(2);
    std::int64_t ahead = offset ? random.between(-57'599, 57'599) : 0;
    const int precision = static_cast<int>(random.between(0, 2));  // of the offset: hours, minutes, seconds
    ahead -= ahead % (precision == 0 ? 3600 : precision == 1 ? 60 : 1);
    const std::int64_t local = (second + ahead) * 1'000'000;
    const auto local_day = static_cast<Day>(day_of_microseconds(local));
    const auto clock = (second + ahead) - std::int64_t{local_day} * 86'400;
    std::string text = date_text(local_day);
    if (!date_only) {
      char part[64];
      std::snprintf(part, sizeof part, "%c%02d:%02d:%02d", random.one_in(2) ? 'T' : ' ', static_cast<int>(clock / 3600),
                    static_cast<int>(clock / 60 % 60), static_cast<int>(clock % 60));
      text += part;
      if (random.one_in(2)) text += "." + std::string(static_cast<std::size_t>(random.between(1, 9)), '9');
    }
    if (offset) {
      const auto size = static_cast<int>(std::abs(ahead));
      const char* colon = random.one_in(2) ? ":" : "";
      char part[64];
      int length = std::snprintf(part, sizeof part, "%c%02d", ahead < 0 ? '-' : '+', size / 3600);
      if (precision > 0) length += std::snprintf(part + length, 16, "%s%02d", colon, size / 60 % 60);
      if (precision > 1) std::snprintf(part + length, 16, "%s%02d", colon, size % 60);
      text += part;
    } else if (!date_only && random.one_in(2)) {
      text += 'Z';
    }
    const auto expected = date_only ? local_day : static_cast<Day>(day_of_microseconds(second * 1'000'000));
    ASSERT_EQ(parse_moment(text), expected) << text;
  }
}

// Cut, lengthened or with a wrong letter it is refused or another moment, and nothing is read beyond its end.
TEST(Moment, DamagedTextsAreReadWithinTheirBounds) {
  Random random(15);
  const std::string whole = "2026-01-31T10:00:00.123456+05:30:15";
  for (int round = 0; round < rounds(100'000); ++round) {
    std::string text = whole.substr(0, static_cast<std::size_t>(random.between(0, std::ssize(whole))));
    for (auto changes = random.between(0, 3); changes > 0 && !text.empty(); --changes)
      text[static_cast<std::size_t>(random.between(0, std::ssize(text) - 1))] =
          static_cast<char>(random.one_in(2) ? random.between('0', '9') : random.between(0, 255));
    const std::vector<char> exact(text.begin(), text.end());  // a sanitizer watches its end
    const std::optional<Day> day = parse_moment({exact.data(), exact.size()});
    ASSERT_TRUE(!day || (*day > -800'000 && *day < 3'000'000)) << text;
  }
}

}  // namespace
}  // namespace health
