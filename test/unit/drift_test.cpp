#include "core/drift.hpp"

#include "support.hpp"

namespace health {
namespace {

constexpr char kTracked[] =
    R"({"weekend": [], "signals": {"login": 1, "export": 5, "fax": 1, "user:*": {"weight": 1, "measure": "distinct"},
                               "nps": {"weight": 1, "measure": "last", "neutral": 7}}})";
constexpr Day kFirst = kAsOf - 120;

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
  std::string text;
  for (const DriftFinding& each : drift.findings(heap())) {
    text += std::string(drift_name(each.kind)) + " " + std::string(each.signal);
    if (!each.alias.empty()) text += " " + std::string(each.alias);
    if (each.since) text += " " + std::to_string(kAsOf - *each.since);
    text += "; ";
  }
  return text;
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

TEST(Drift, WhatOthersDoIsNoNewName) {
  // The same day and number, but of accounts that hardly had the old one.
  const auto others = [](int account, Reference* of) {
    of->erase(account < 50 ? "none" : "login");
    if (account < 50) rename_from(kAsOf - 5, "login", "none", of), of->erase("none");
    else
      for (Day day = kAsOf - 5; day < kAsOf; ++day) (*of)["form"][day] = {day, 3, 0, 0};
  };
  EXPECT_EQ(drift_of(others), "stopped login 6; new form 5; never_seen fax; never_seen nps; ");
}

TEST(Drift, AStoppedSignalIsToldFromTheThirdDayOn) {
  const auto stop = [](int ago) {
    return drift_of([&](int, Reference* of) { rename_from(kAsOf - ago, "login", "none", of), of->erase("none"); });
  };
  EXPECT_EQ(stop(2), "never_seen fax; never_seen nps; ");
  EXPECT_EQ(stop(3), "stopped login 4; never_seen fax; never_seen nps; ");
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
  EXPECT_EQ(drift_of(gone), "stopped login 101; never_seen fax; never_seen nps; ");
}

TEST(Drift, ARareSignalMaySkipAWeek) {
  const auto rare = [](int account, Reference* of) {
    of->erase("export");
    if (account == 7)
      for (Day day = kFirst; day < kAsOf - 8; day += 3) (*of)["export"][day] = {day, 1, 0, 0};
  };
  EXPECT_EQ(drift_of(rare), "never_seen fax; never_seen nps; ");
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

TEST(Drift, IsOfNobodyWithoutAccounts) {
  const auto model = model_of(kTracked);
  const Drift drift(*model, kAsOf, heap());
  EXPECT_EQ(drift.findings(heap()).size(), 5U) << "nothing was ever seen";
  EXPECT_STREQ(failure_of([&] { const Drift late(*model, kLastDay + 2, heap()); }).sqlstate, kDateOutOfRange);
}

}  // namespace
}  // namespace health
