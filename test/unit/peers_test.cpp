#include "core/peers.hpp"

#include "brute_force.hpp"

namespace health {
namespace {

void expect_same(const Observation& found, const Observation& expected) {
  ASSERT_EQ(found.recent_known, expected.recent_known);
  ASSERT_EQ(found.prior_known, expected.prior_known);
  ASSERT_EQ(found.seen, expected.seen);
  ASSERT_EQ(found.count, expected.count);
  ASSERT_DOUBLE_EQ(found.recent_value, expected.recent_value);
  ASSERT_DOUBLE_EQ(found.prior_value, expected.prior_value);
  ASSERT_DOUBLE_EQ(found.value, expected.value);
  if (!found.seen) return;
  ASSERT_EQ(found.days_inactive, expected.days_inactive);
  ASSERT_EQ(found.active_days, expected.active_days);
  ASSERT_EQ(found.first, expected.first);
}

// First and last day before as_of, of a signal or of all names with a prefix.
DayRange range_of(const Reference& activity, const Signal& signal, std::int64_t as_of) {
  DayRange range{};
  const auto widen = [&](Day day) {
    if (day >= as_of) return;
    range = {true, range.any ? std::min(range.first, day) : day, range.any ? std::max(range.last, day) : day};
  };
  if (signal.measure == Measure::distinct) {
    const std::string prefix(signal.name.begin(), signal.name.end() - 1);
    for (const auto& [name, days] : activity)
      if (name.substr(0, prefix.size()) == prefix)
        for (const auto& [day, cell] : days) widen(day);
  } else {
    for (const auto& [day, cell] : cells_of(activity, signal)) widen(day);
  }
  return range;
}

Observation expected_of(const Reference& activity, const Model& model, const Signal& signal, std::int64_t as_of,
                        AccountSize size) {
  Observation result{};
  const DayRange range = range_of(activity, signal, as_of);
  result.seen = range.any;
  result.first = range.first;
  result.days_inactive = static_cast<std::int32_t>(as_of - 1 - range.last);
  if (signal.gauge()) {
    const auto now = gauge_of(activity, signal, as_of, size);
    const auto before = gauge_of(activity, signal, as_of - model.trend_days, size);
    result.recent_known = now.has_value();
    result.prior_known = before.has_value();
    result.recent_value = result.value = static_cast<double>(now.value_or(0));
    result.prior_value = static_cast<double>(before.value_or(0));
    if (signal.measure == Measure::distinct) result.count = members_of(activity, signal, as_of);
    else
      for (const auto& [day, cell] : cells_of(activity, signal))
        result.count += in_window(day, signal, as_of) ? cell.count : 0;
    return result;
  }
  result.recent_known = result.prior_known = true;
  Int128 recent = 0, prior = 0, value = 0;
  for (const auto& [day, cell] : cells_of(activity, signal)) {
    const std::int64_t count =
        signal.daily_cap == 0 ? cell.count : std::min<std::int64_t>(cell.count, signal.daily_cap);
    const Micros x = signal.measure == Measure::count  ? count * kMicro
                     : signal.measure == Measure::days ? kMicro
                                                       : cell.value;
    if (window_before(as_of, model.trend_days).contains(day)) recent += x;
    if (window_before(as_of - model.trend_days, model.trend_days).contains(day)) prior += x;
    if (range.any && window_before(std::int64_t{range.last} + 1, signal.window_days).contains(day))
      ++result.active_days;
    if (!window_before(as_of, signal.window_days).contains(day)) continue;
    value += x;
    result.count += signal.measure == Measure::days ? 1 : cell.count;
  }
  result.recent_value = static_cast<double>(recent) / 1e6;
  result.prior_value = static_cast<double>(prior) / 1e6;
  result.value = static_cast<double>(value) / 1e6;
  return result;
}

TEST(Peers, ObservationsAgreeWithBruteForce) {
  Random random(6);
  for (int round = 0; round < 4000; ++round) {
    const Case each = random_case(&random);
    each.model->trend_days = static_cast<std::int32_t>(random.between(1, 90));
    const Ledger ledger = ledger_of(each.activity, *each.model), nothing = ledger_of({}, *each.model);
    for (std::size_t i = 0; i < each.model->signals.size(); ++i) {
      const Signal& signal = each.model->signals[i];
      const auto number = static_cast<std::int32_t>(i);
      expect_same(observe(ledger, *each.model, number, each.as_of, each.size),
                  expected_of(each.activity, *each.model, signal, each.as_of, each.size));
      expect_same(observe(nothing, *each.model, number, each.as_of, each.size), unseen(signal, each.size));
      if (HasFatalFailure()) FAIL() << "round " << round << ", signal " << signal.name;
    }
  }
}

TEST(Peers, ReadingsAreFoundInAnyOrder) {
  const auto model = model_of(R"({"signals": {"often": 1, "seldom": 1, "never": 1}})");
  Peers peers(*model, heap());
  const std::int32_t never = 0, often = 1, seldom = 2;  // signals are in order of their names
  for (std::uint32_t account = 0; account < 50; ++account) {
    SignalReading reading{};
    reading.observation.seen = true;
    reading.contribution = account;
    peers.add(account, often, reading);
    if (account % 7 == 3) peers.add(account, seldom, reading);
    peers.add(account, never, {});  // says nothing
  }
  const Vector<std::uint8_t> is_peer(50, 1, heap());
  peers.close(is_peer, 50);
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
