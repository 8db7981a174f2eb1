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

}  // namespace
}  // namespace health
