#include "core/members.hpp"

#include "support.hpp"

namespace health {
namespace {

std::vector<Member> members_of(Bytes activity, std::string_view prefix, std::int64_t as_of, std::int32_t days) {
  Vector<Member> members(heap());
  list_members(activity, prefix, as_of, days, &members);
  return {members.begin(), members.end()};
}

// A row as text, to compare: name, active days, days of silence, rhythm, share.
std::string row(std::string_view name, std::int64_t active_days, std::int64_t days_inactive, double rhythm,
                double share) {
  char numbers[200];
  std::snprintf(numbers, sizeof numbers, " %ld %ld %.17g %.17g", static_cast<long>(active_days),
                static_cast<long>(days_inactive), rhythm, share);
  return std::string(name) + numbers;
}
std::vector<std::string> rows(const std::vector<Member>& members) {
  std::vector<std::string> result;
  for (const Member& each : members)
    result.push_back(row(each.name, each.active_days, each.days_inactive, each.rhythm, each.share));
  return result;
}

// The same day by day.
std::vector<std::string> rows_by_brute_force(const Reference& activity, const std::string& prefix, Day as_of,
                                             int days) {
  struct Counts {
    int active = 0, in_rhythm = 0;
    Day first = -1, last = -1;
  };
  std::map<std::string, Counts> members;
  int all = 0;
  for (const auto& [name, cells] : activity) {
    if (name.substr(0, prefix.size()) != prefix || name.size() <= prefix.size()) continue;
    Counts member;
    for (Day day = 0; day < as_of; ++day) {
      if (cells.count(day) == 0) continue;
      if (member.first < 0) member.first = day;
      member.last = day;
      member.active += day >= as_of - days ? 1 : 0;
    }
    if (member.last < 0) continue;
    member.first = std::max(member.first, member.last - days + 1);
    for (Day day = member.first; day <= member.last; ++day) member.in_rhythm += cells.count(day) > 0 ? 1 : 0;
    members[name.substr(prefix.size())] = member;
    all += member.active;
  }
  std::vector<std::string> result;
  for (int active = days; active >= 0; --active)
    for (Day last = as_of - 1; last >= 0; --last)
      for (const auto& [name, member] : members)
        if (member.active == active && member.last == last)
          result.push_back(row(name, active, as_of - 1 - last,
                               (member.last - member.first + 1) / static_cast<double>(member.in_rhythm),
                               all == 0 ? 0 : active / static_cast<double>(all)));
  return result;
}

TEST(Members, AgreeWithBruteForce) {
  Random random(16);
  std::size_t listed = 0;
  for (int i = 0; i < rounds(3000); ++i) {
    const Reference activity = random_reference(&random, 12, 20, 0, 60);
    const std::string prefix = random.pick(std::vector<std::string>{"user:", "user", "u", "", "s", "user:3", "none"});
    const auto as_of = static_cast<Day>(random.between(-5, 70));
    const auto days = static_cast<std::int32_t>(random.between(1, 80));
    const std::vector<std::string> expected = rows_by_brute_force(activity, prefix, as_of, days);
    ASSERT_EQ(rows(members_of(encode(activity), prefix, as_of, days)), expected);
    ASSERT_EQ(rows(members_of(encode(activity), prefix + '*', as_of, days)), expected);
    listed += expected.size();
  }
  EXPECT_GT(listed, static_cast<std::size_t>(rounds(1500)));
}

TEST(Members, HaveARhythmAndFallSilent) {
  Reference activity;
  for (Day day = 0; day < 90; ++day) {
    if (day % 7 == 0) activity["u:weekly"][day] = {day, 1, 0, 0};
    if (day < 60) activity["u:daily"][day] = {day, 5, 0, 0};
  }
  EXPECT_EQ(rows(members_of(encode(activity), "u:", 90, 35)),
            (std::vector<std::string>{row("weekly", 5, 5, 7, 0.5), row("daily", 5, 30, 1, 0.5)}));
}

TEST(Members, AMillionOfThem) {
  constexpr int kMany = kSanitized ? 20'000 : static_cast<int>(kMaxSignals);
  ActivityWriter writer(heap());
  for (int i = 0; i < kMany; ++i) {
    char name[32];
    std::snprintf(name, sizeof name, "user:%08d", i);
    writer.begin_signal(name);
    for (Day day = 0; day <= i % 3; ++day) writer.add({day, 1, 0, 0});
    writer.end_signal();
  }
  const std::vector<Member> members = members_of(writer.finish(), "user:", 10, 30);
  ASSERT_EQ(members.size(), static_cast<std::size_t>(kMany));
  EXPECT_EQ(members.front().name, "00000002");
  EXPECT_EQ(members.back().active_days, 1);
  double share = 0;
  for (const Member& each : members) share += each.share;
  EXPECT_NEAR(share, 1, 1e-9);
}

}  // namespace
}  // namespace health
