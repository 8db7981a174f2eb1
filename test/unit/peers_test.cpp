#include "core/peers.hpp"

#include "brute_force.hpp"

namespace health {
namespace {

TEST(Peers, ReadingsAreFoundInAnyOrder) {
  const auto model = model_of(R"({"signals": {"often": 1, "seldom": 1, "never": 1}})");
  Peers peers(*model, heap());
  const std::int32_t never = 0, often = 1, seldom = 2;  // signals are in order of their names
  for (std::uint32_t account = 0; account < 50; ++account) {
    SignalReading reading{};
    reading.facts.seen = true;
    reading.contribution = account;
    peers.add(account, often, reading);
    if (account % 7 == 3) peers.add(account, seldom, reading);
    peers.add(account, never, {});  // not kept: no activity, no contribution
  }
  const Vector<std::uint8_t> is_peer(50, 1, heap());
  const Vector<double> divisors(50, 1, heap());
  peers.close({kAsOf, 50, is_peer, 50, divisors, false});
  const auto check = [&](std::uint32_t account) {
    ASSERT_EQ(peers.find(account, never), nullptr);
    for (const std::int32_t signal : {often, seldom}) {
      const SignalReading* found = peers.find(account, signal);
      const bool there = account < 50 && (signal != seldom || account % 7 == 3);
      ASSERT_EQ(found != nullptr, there) << "account " << account;
      if (there) {
        ASSERT_EQ(found->contribution, account);
      }
    }
  };
  for (std::uint32_t account = 0; account < 60; ++account) check(account);
  for (std::uint32_t account = 60; account-- > 0;) check(account);
  Random random(1);
  for (int i = 0; i < 2000; ++i) check(static_cast<std::uint32_t>(random.between(0, 55)));
}

// A population of which each account had one signal so many days ago.
struct Silences {
  std::vector<std::int32_t> days_inactive;
  std::vector<double> recent = {}, prior = {};
  int least = 3;  // min_population
  bool stale = false;
};
PeerSignal medians_of(const Silences& each) {
  const auto model = model_of("{\"min_population\": " + std::to_string(each.least) + R"(, "signals": {"login": 1}})");
  Peers peers(*model, heap());
  const auto accounts = static_cast<std::uint32_t>(each.days_inactive.size());
  for (std::uint32_t i = 0; i < accounts; ++i) {
    SignalReading reading{};
    reading.facts.seen = true;
    reading.facts.days_inactive = each.days_inactive[i];
    reading.facts.recent_known = reading.facts.prior_known = true;
    if (!each.recent.empty()) reading.facts.recent_value = each.recent[i];
    if (!each.prior.empty()) reading.facts.prior_value = each.prior[i];
    const Cell last{static_cast<Day>(kAsOf - 1 - each.days_inactive[i]), 1, 0, 0};
    peers.add(i, 0, reading)->add({kAsOf, model->window_days, model->weekend}, {&last, 1});
  }
  const Vector<std::uint8_t> is_peer(accounts, 1, heap());
  const Vector<double> divisors(accounts, 1, heap());
  peers.close({kAsOf, accounts, is_peer, accounts, divisors, each.stale});
  EXPECT_EQ(peers.any_stopped(), peers.of(0).stopped.has_value());
  return peers.of(0);
}

TEST(Peers, MediansNeedAPopulation) {
  EXPECT_EQ(medians_of({{0, 4, 9}}).days_inactive, 4);
  EXPECT_EQ(medians_of({{0, 4, 9}, {}, {}, 4}).days_inactive, std::nullopt);
  EXPECT_EQ(medians_of({{0, 0, 0}, {5, 10, 30}, {10, 10, 10}}).pct, 0);
  EXPECT_EQ(medians_of({{0, 0, 0}, {5, 10, 30}, {10, 10, 0}}).pct, std::nullopt) << "two of them have a percentage";
  EXPECT_EQ(medians_of({{0, 0, 0}, {5, 10, 30}}).recent, 10);
}

TEST(Peers, AStoppedSignalTellsTheFirstDayWithoutIt) {
  EXPECT_EQ(medians_of({{3, 5, 5}}).stopped, kAsOf - 3);
  EXPECT_EQ(medians_of({{2, 5, 5}}).stopped, std::nullopt);
  EXPECT_EQ(medians_of({{3, 5, 5}, {}, {}, 4}).stopped, std::nullopt) << "too few to tell";
  EXPECT_EQ(medians_of({{3, 5, 5}, {}, {}, 3, true}).stopped, std::nullopt) << "everything did";
  // A fifth of the accounts had it in the 28 days that end with the last one.
  EXPECT_EQ(medians_of({{3, 95, 95, 95, 95}}).stopped, kAsOf - 3);
  EXPECT_EQ(medians_of({{3, 95, 95, 95, 95, 95}}).stopped, std::nullopt);
  EXPECT_EQ(medians_of({{10, 15, 26}}).stopped, std::nullopt) << "ten days, as before";
  EXPECT_EQ(medians_of({{10, 15, 25}}).stopped, kAsOf - 10);
}

}  // namespace
}  // namespace health
