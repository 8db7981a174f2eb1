#include "core/drift.hpp"

#include "support.hpp"

namespace health {
namespace {

constexpr char kTracked[] =
    R"({"weekend": [], "signals": {"login": 1, "export": 5, "fax": 1, "user:*": {"weight": 1, "measure": "distinct"},
                               "nps": {"weight": 1, "measure": "last", "neutral": 7}}})";
constexpr Day kFirst = kAsOf - 120;

std::string text_of(const Drift& drift) {
  std::string text;
  for (const DriftFinding& each : drift.findings(heap())) {
    text += std::string(drift_name(each.kind)) + " " + std::string(each.signal);
    if (!each.alias.empty()) text += " " + std::string(each.alias);
    if (each.since) text += " " + std::to_string(kAsOf - *each.since);
    text += "; ";
  }
  return text;
}

// A hundred accounts, each with its own rate of logins, exports and users. `change` edits one of them.
template <class Change>
std::string drift_of(Change change, const char* model = kTracked) {
  const auto compiled = model_of(model);
  Random random(51);
  Drift drift(*compiled, kAsOf, heap());
  for (int account = 0; account < 100; ++account) {
    Reference reference;
    const double level = random.real(0.2, 1);
    for (Day day = kFirst; day < kAsOf + 30; ++day) {
      if (random.real(0, 1) < level)
        reference["login"][day] = {day, static_cast<std::uint32_t>(random.between(1, 5)), 0, 0};
      if (random.real(0, 1) < level / 5) reference["export"][day] = {day, 1, 0, 0};
      if (random.real(0, 1) < level) reference["user:" + std::to_string(account)][day] = {day, 1, 0, 0};
    }
    change(account, &reference);
    drift.add(encode(reference));
  }
  return text_of(drift);
}

// So many events of each day from <= day < kAsOf.
void add_daily(const std::string& name, Day from, std::uint32_t events, Reference* reference) {
  for (Day day = from; day < kAsOf; ++day) (*reference)[name][day] = {day, events, 0, 0};
}

void rename_from(Day from, const std::string& old, const std::string& name, Reference* reference) {
  auto& days = (*reference)[old];
  for (auto each = days.lower_bound(from); each != days.end(); each = days.erase(each))
    (*reference)[name].insert(*each);
  if (days.empty()) reference->erase(old);
  if (reference->contains(name) && (*reference)[name].empty()) reference->erase(name);
}

TEST(Drift, OfASteadyFleetIsWhatIsNeverSeen) {
  EXPECT_EQ(drift_of([](int, Reference*) {}), "never_seen fax; never_seen nps; ");
}

TEST(Drift, ARenamedSignalIsFoundTheNextDay) {
  for (const int ago : {1, 2, 5, 20})
    EXPECT_EQ(drift_of([&](int, Reference* of) { rename_from(kAsOf - ago, "login", "signed_in", of); }),
              "renamed login signed_in " + std::to_string(ago) + "; never_seen fax; never_seen nps; ");
}

// The day of the change has both names.
TEST(Drift, ARenamedSignalMayEndAtNoon) {
  const auto at_noon = [](int account, Reference* of) {
    rename_from(kAsOf - 3, "login", "signed_in", of);
    if (account % 2 == 0) (*of)["login"][kAsOf - 3] = {kAsOf - 3, 1, 0, 0};
  };
  EXPECT_EQ(drift_of(at_noon), "renamed login signed_in 3; never_seen fax; never_seen nps; ");
}

// Forty accounts search and upload each day. One half searches much, the other uploads much: by that the new names are
// told apart, although each has as many events as the other old name had.
TEST(Drift, TwoThatAreRenamedOnOneDayGetEachItsOwnName) {
  const auto model = model_of(R"({"signals": {"search": 1, "upload": 1}})");
  Drift drift(*model, kAsOf, heap());
  for (int account = 0; account < 40; ++account) {
    const bool searches = account < 20;
    Reference reference;
    add_daily("search", kFirst, searches ? 6 : 2, &reference);  // 160 a day
    add_daily("upload", kFirst, searches ? 2 : 8, &reference);  // 200 a day
    rename_from(kAsOf - 4, "search", "put", &reference);
    rename_from(kAsOf - 4, "upload", "find", &reference);
    add_daily("find", kAsOf - 4, searches ? 8 : 2, &reference);  // 200 a day
    add_daily("put", kAsOf - 4, searches ? 2 : 6, &reference);   // 160 a day
    drift.add(encode(reference));
  }
  EXPECT_EQ(text_of(drift), "renamed search find 4; renamed upload put 4; ");
}

TEST(Drift, ANewNameIsOfOneSignalOnly) {
  const auto both = [](int, Reference* of) {
    rename_from(kAsOf - 5, "login", "signed_in", of);
    rename_from(kAsOf - 5, "user:*", "none", of), of->erase("none");
    for (auto each = of->begin(); each != of->end();) {
      if (each->first.starts_with("user:")) each->second.erase(each->second.lower_bound(kAsOf - 5), each->second.end());
      each = each->second.empty() ? of->erase(each) : std::next(each);
    }
  };
  EXPECT_EQ(drift_of(both), "renamed login signed_in 5; stopped user:* 5; never_seen fax; never_seen nps; ");
}

TEST(Drift, ARenameMayHaveStragglersAndEarlyAdopters) {
  const auto nearly = [](int account, Reference* of) {
    rename_from(kAsOf - 20, "login", "signed_in", of);
    for (Day day = kAsOf - 19; account == 3 && day < kAsOf; day += 2) (*of)["login"][day] = {day, 1, 0, 0};
    for (Day day = kAsOf - 90; account == 5 && day < kAsOf - 20; day += 3) (*of)["signed_in"][day] = {day, 2, 0, 0};
  };
  EXPECT_EQ(drift_of(nearly), "renamed login signed_in 20; never_seen fax; never_seen nps; ");
}

TEST(Drift, WhereAThirdGoesOnNothingWasRenamed) {
  const auto some = [](int account, Reference* of) {
    if (account % 3 > 0) rename_from(kAsOf - 10, "login", "signed_in", of);
  };
  EXPECT_EQ(drift_of(some), "new signed_in 10; never_seen fax; never_seen nps; ");
}

TEST(Drift, WhatWasSplitHasSeveralNames) {
  const auto halves = [](int account, Reference* of) {
    rename_from(kAsOf - 5, "login", account % 5 < 3 ? "login web" : "login app", of);
  };
  EXPECT_EQ(drift_of(halves), "renamed login login web 5; renamed login login app 5; never_seen fax; never_seen nps; ");
  const auto thirds = [](int account, Reference* of) {
    rename_from(kAsOf - 5, "login", "login " + std::to_string(account % 3), of);
  };
  const std::string found = drift_of(thirds);
  for (const char* const name : {"0", "1", "2"})
    EXPECT_NE(found.find("renamed login login " + std::string(name) + " 5; "), std::string::npos) << found;
}

// The same accounts and day, but nothing is missing that it could be a part of.
TEST(Drift, WhatIsNewOnTheDayOfARenameIsNoPart) {
  const auto release = [](int account, Reference* of) {
    rename_from(kAsOf - 5, "login", "signed_in", of);
    if (account % 2 == 0) add_daily("tour", kAsOf - 5, 1, of);
  };
  EXPECT_EQ(drift_of(release), "renamed login signed_in 5; new tour 5; never_seen fax; never_seen nps; ");
}

TEST(Drift, AFamilyMayBeTheNewName) {
  const auto into_family = [](int account, Reference* of) {
    rename_from(kAsOf - 5, "login", account % 2 == 0 ? "auth:web" : "auth:app", of);
  };
  EXPECT_EQ(drift_of(into_family), "renamed login auth:* 5; never_seen fax; never_seen nps; ");
  const auto of_family = [](int account, Reference* of) {
    const std::string id = std::to_string(account);
    rename_from(kAsOf - 5, "user:" + id, "member:" + id, of);
  };
  EXPECT_EQ(drift_of(of_family), "renamed user:* member:* 5; never_seen fax; never_seen nps; ");
}

// From `from` on for so many days `accounts` are there, and no others.
auto holiday(Day from, int days, int accounts) {
  return [=](int account, Reference* of) {
    for (auto each = of->begin(); account >= accounts && each != of->end();) {
      auto& cells = each->second;
      cells.erase(cells.lower_bound(from), cells.lower_bound(from + days));
      each = cells.empty() ? of->erase(each) : std::next(each);
    }
  };
}

TEST(Drift, WhereMostStopOnOneDayTheFleetIsQuiet) {
  for (const int accounts : {0, 10})
    for (const int ago : {1, 3, 14})
      EXPECT_EQ(drift_of(holiday(kAsOf - ago, ago, accounts)),
                "quiet * " + std::to_string(ago) + "; never_seen fax; never_seen nps; ");
}

TEST(Drift, AHolidayThatIsOverIsNoJump) {
  for (const int accounts : {0, 10})
    for (const int ago : {1, 7, 20, 28, 40})
      EXPECT_EQ(drift_of(holiday(kAsOf - ago - 14, 14, accounts)), "never_seen fax; never_seen nps; ") << ago;
}

TEST(Drift, ARenameAtTheEndOfAHolidayIsFound) {
  const auto after = [](int account, Reference* of) {
    holiday(kAsOf - 16, 14, 0)(account, of);
    rename_from(kAsOf - 2, "login", "signed_in", of);
  };
  EXPECT_EQ(drift_of(after), "renamed login signed_in 2; never_seen fax; never_seen nps; ");
}

TEST(Drift, AFleetOfWhichAllNamesChangeIsNotQuiet) {
  const auto all = [](int account, Reference* of) {
    const std::string id = std::to_string(account);
    rename_from(kAsOf - 5, "login", "signed_in", of);
    rename_from(kAsOf - 5, "export", "exported", of);
    rename_from(kAsOf - 5, "user:" + id, "member:" + id, of);
  };
  EXPECT_EQ(drift_of(all),
            "renamed export exported 5; renamed login signed_in 5; renamed user:* member:* 5; never_seen fax; "
            "never_seen nps; ");
}

TEST(Drift, WhatOthersDoIsNoNewName) {
  // The same day and number, but of accounts that hardly had the old one.
  const auto others = [](int account, Reference* of) {
    of->erase(account < 50 ? "none" : "login");
    if (account < 50) rename_from(kAsOf - 5, "login", "none", of), of->erase("none");
    else
      for (Day day = kAsOf - 5; day < kAsOf; ++day) (*of)["form"][day] = {day, 3, 0, 0};
  };
  EXPECT_EQ(drift_of(others), "stopped login 5; new form 5; never_seen fax; never_seen nps; ");
}

TEST(Drift, AStoppedSignalIsToldFromTheThirdDayOn) {
  const auto stop = [](int ago) {
    return drift_of([&](int, Reference* of) { rename_from(kAsOf - ago, "login", "none", of), of->erase("none"); });
  };
  EXPECT_EQ(stop(2), "never_seen fax; never_seen nps; ");
  EXPECT_EQ(stop(3), "stopped login 3; never_seen fax; never_seen nps; ");
}

TEST(Drift, EachEventTwiceIsSeenByItsNumbers) {
  const auto twice = [](int, Reference* of) {
    for (auto& [day, cell] : (*of)["login"])
      if (day >= kAsOf - 6) cell.count *= 2;
  };
  EXPECT_EQ(drift_of(twice), "duplicated login 6; never_seen fax; never_seen nps; ");
}

TEST(Drift, AJumpIsTwiceOrHalf) {
  const auto times = [](std::uint32_t factor) {
    return [=](int, Reference* of) {
      for (auto& [day, cell] : (*of)["login"])
        if (day >= kAsOf - 28) cell.count = cell.count * factor + 1;
    };
  };
  EXPECT_EQ(drift_of(times(3)), "jumped login; never_seen fax; never_seen nps; ");
}

TEST(Drift, AJumpIsNotOfOneAccount) {
  const auto one = [](int account, Reference* of) {
    if (account == 7) add_daily("login", kAsOf - 28, 1000, of);
  };
  EXPECT_EQ(drift_of(one), "never_seen fax; never_seen nps; ");
}

TEST(Drift, NamesThatTheModelDoesNotKnow) {
  const auto more = [](int account, Reference* of) {
    for (Day day = kAsOf - 100; day < kAsOf; day += 7) (*of)["old_name"][day] = {day, 1, 0, 0};
    for (Day day = kAsOf - 10; day < kAsOf; ++day) (*of)["team:" + std::to_string(account)][day] = {day, 1, 0, 0};
    for (Day day = kAsOf - 100; day < kAsOf - 40; ++day) (*of)["gone"][day] = {day, 1, 0, 0};
  };
  EXPECT_EQ(drift_of(more), "new team:* 10; unscored old_name; never_seen fax; never_seen nps; ");
}

TEST(Drift, ReadsNothingOfLaterDays) {
  EXPECT_EQ(drift_of([](int, Reference* of) { rename_from(kAsOf, "login", "signed_in", of); }),
            "never_seen fax; never_seen nps; ");
}

// Whole fleets of even numbers are no duplicates unless the numbers are twice those before.
TEST(Drift, EvenNumbersAloneAreNoDuplicates) {
  const auto even = [](int, Reference* of) {
    for (auto& [day, cell] : (*of)["login"]) cell.count = day >= kAsOf - 6 ? 4 : 3;
  };
  EXPECT_EQ(drift_of(even), "never_seen fax; never_seen nps; ");
}

TEST(Drift, WhatIsSilentForTheWholeWindowIsNotForgotten) {
  const auto gone = [](int, Reference* of) { rename_from(kAsOf - 100, "login", "none", of), of->erase("none"); };
  EXPECT_EQ(drift_of(gone), "stopped login 100; never_seen fax; never_seen nps; ");
}

TEST(Drift, ARareSignalMaySkipAWeek) {
  const auto rare = [](int account, Reference* of) {
    of->erase("export");
    if (account == 7)
      for (Day day = kFirst; day < kAsOf - 8; day += 3) (*of)["export"][day] = {day, 1, 0, 0};
  };
  EXPECT_EQ(drift_of(rare), "never_seen fax; never_seen nps; ");
}

TEST(Drift, WhatOneAccountAloneHadMayEnd) {
  const auto alone = [](int account, Reference* of) {
    of->erase("export");
    if (account == 7)
      for (Day day = kFirst; day < kAsOf - 20; ++day) (*of)["export"][day] = {day, 1, 0, 0};
  };
  EXPECT_EQ(drift_of(alone), "never_seen fax; never_seen nps; ");
}

TEST(Drift, WhatIsOfOnceAMonthDoesNotJump) {
  const auto monthly = [](int, Reference* of) {
    for (Day day = kAsOf - 30; day >= kFirst; day -= 30) (*of)["fax"][day] = {day, 1, 0, 0};
  };
  EXPECT_EQ(drift_of(monthly), "never_seen nps; ");
}

TEST(Drift, TakesSoManyNames) {
  const auto model = model_of(kTracked);
  Drift drift(*model, kAsOf, heap());
  Reference pages, users;
  for (int i = 0; i <= 100'000; ++i) {
    const std::string id = std::to_string(i);
    pages["page " + id][kAsOf - 1] = users["page:" + id][kAsOf - 1] = {kAsOf - 1, 1, 0, 0};
  }
  drift.add(encode(users));
  EXPECT_STREQ(failure_of([&] { drift.add(encode(pages)); }).sqlstate, kTooLarge);
}

TEST(Drift, KeepsTheDaysThatThereAreAndNoMore) {
  const auto model = model_of(R"({"trend_days": 3650, "signals": {"login": 1}})");
  const auto bytes_of_a_name = [&](Day from, int names) {
    FaultyMemory memory(0);
    Drift drift(*model, kAsOf, &memory);
    Reference pages;
    for (int i = 0; i < names; ++i) add_daily("page " + std::to_string(i), from, 1, &pages);
    drift.add(encode(pages));
    return memory.most() / static_cast<std::size_t>(names);
  };
  EXPECT_LT(bytes_of_a_name(kAsOf - 1, 10'000), 300U) << "of one day";
  EXPECT_LT(bytes_of_a_name(kAsOf - 3650, 500), 12'000U) << "of every day: those of 30 weeks";
}

TEST(Drift, CanBeCanceledWithManyNames) {
  const auto model = model_of(kTracked);
  Drift drift(*model, kAsOf, heap());
  Reference pages;
  constexpr long kNames = 20'000;
  for (long i = 0; i < kNames; ++i) add_daily("page " + std::to_string(i), kAsOf - 1, 1, &pages);
  drift.add(encode(pages));
  const auto write = [&](Memory* asked) {
    Arena arena(asked);
    JsonWriter out(arena.memory());
    drift.write(&out);
  };
  FaultyMemory whole(0);
  write(&whole);
  EXPECT_GE(whole.asked(), 2 * kNames / 1000) << "while findings and signals are written";
  for (const long last : {1L, whole.asked() / 2, whole.asked()}) {
    FaultyMemory memory(0, last);
    EXPECT_STREQ(failure_of([&] { write(&memory); }).sqlstate, kInterrupted) << last;
  }
}

TEST(Drift, IsOfNobodyWithoutAccounts) {
  const auto model = model_of(kTracked);
  const Drift drift(*model, kAsOf, heap());
  EXPECT_EQ(drift.findings(heap()).size(), 5U) << "nothing was ever seen";
  EXPECT_STREQ(failure_of([&] { const Drift late(*model, kLastDay + 2, heap()); }).sqlstate, kDateOutOfRange);
}

}  // namespace
}  // namespace health
