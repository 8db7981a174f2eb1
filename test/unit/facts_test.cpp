#include "core/facts.hpp"

#include "brute_force.hpp"

namespace health {
namespace {

void expect_same(const SignalFacts& found, const SignalFacts& expected) {
  ASSERT_EQ(found.recent_known, expected.recent_known);
  ASSERT_EQ(found.prior_known, expected.prior_known);
  ASSERT_EQ(found.seen, expected.seen);
  ASSERT_EQ(found.count, expected.count);
  ASSERT_DOUBLE_EQ(found.recent_value, expected.recent_value);
  ASSERT_DOUBLE_EQ(found.prior_value, expected.prior_value);
  ASSERT_DOUBLE_EQ(found.value, expected.value);
  if (!found.seen) return;
  ASSERT_EQ(found.days_inactive, expected.days_inactive);
  ASSERT_EQ(found.silent, expected.silent);
  ASSERT_EQ(found.first, expected.first);
}

// First and last day before as_of, of a signal or of all names with a prefix.
std::optional<DayRange> range_of(const Reference& activity, const Signal& signal, std::int64_t as_of) {
  std::optional<DayRange> range;
  const auto widen = [&](Day day) {
    if (day >= as_of) return;
    range = range ? DayRange{std::min(range->first, day), std::max(range->last, day)} : DayRange{day, day};
  };
  if (signal.measure == Measure::distinct) {
    const std::string prefix(signal.name.begin(), signal.name.end() - 1);
    for (const auto& [name, days] : activity)
      if (name.substr(0, prefix.size()) == prefix)
        for (const auto& [day, cell] : days) widen(day);
  } else {
    for (const auto& [day, cell] : cells_of(activity, signal))
      if (cell.value_count > 0 || !is_reading(signal.measure)) widen(day);
  }
  return range;
}

bool off(const Model& model, std::int64_t day) { return (model.weekend >> (day + 3) % 7 & 1) != 0; }

bool better_with_more(const Signal& signal) {
  const bool falls = !signal.scale.points.empty() && signal.scale.points.back().y < signal.scale.points.front().y;
  return falls ? signal.weight <= 0 : signal.weight > 0;
}

// Day by day: for `least` days, three times the rhythm, and longer than any silence before.
bool silent(const std::map<Day, Cell>& days, const Model& model, std::int64_t most, Day last, std::int64_t as_of,
            std::int64_t least) {
  const std::int64_t window = std::min<std::int64_t>(most, last - days.begin()->first + 1);
  std::int64_t working = 0, active = 0, run = 0, gap = 0, silence = 0;
  for (std::int64_t day = last - window + 1; day <= last; ++day) {
    const bool there = days.count(static_cast<Day>(day)) != 0;
    working += off(model, day) ? 0 : 1;
    active += there ? 1 : 0;
    run = there ? 0 : run + (off(model, day) ? 0 : 1);
    gap = std::max(gap, run);
  }
  for (std::int64_t day = last + 1; day < as_of; ++day) silence += off(model, day) ? 0 : 1;
  const double rhythm = std::max(1.0, static_cast<double>(working) / static_cast<double>(active));
  return silence >= least && static_cast<double>(silence) >= 3 * rhythm && silence > gap;
}

SignalFacts expected_of(const Reference& activity, const Model& model, const Signal& signal, std::int64_t as_of,
                        AccountSize size) {
  SignalFacts result{};
  const std::optional<DayRange> range = range_of(activity, signal, as_of);
  result.seen = range.has_value();
  if (range) {
    result.first = range->first;
    result.days_inactive = static_cast<std::int32_t>(as_of - 1 - range->last);
  }
  if (signal.gauge()) {
    const auto now = gauge_of(activity, model, signal, as_of, size);
    const auto before = gauge_of(activity, model, signal, as_of - model.trend_days, size);
    result.recent_known = now.has_value();
    result.prior_known = before.has_value();
    result.recent_value = result.value = static_cast<double>(now.value_or(0));
    result.prior_value = static_cast<double>(before.value_or(0));
    if (signal.measure == Measure::distinct) result.count = members_of(activity, signal, as_of);
    else
      for (const auto& [day, cell] : cells_of(activity, signal))
        if (in_window(day, signal, as_of)) result.count += is_reading(signal.measure) ? cell.value_count : cell.count;
    return result;
  }
  result.recent_known = result.prior_known = true;
  const bool once = range && range->first == range->last;
  result.silent =
      range && !once && better_with_more(signal) &&
      silent(cells_of(activity, signal), model, model.days_of_window(signal), range->last, as_of, signal.inactive_days);
  Int128 recent = 0, prior = 0, value = 0;
  for (const auto& [day, cell] : cells_of(activity, signal)) {
    const Micros x = signal.measure == Measure::count  ? std::int64_t{cell.count} * kMicro
                     : signal.measure == Measure::days ? kMicro
                                                       : cell.value;
    if (window_before(as_of, model.trend_days).contains(day)) recent += x;
    if (window_before(as_of - model.trend_days, model.trend_days).contains(day)) prior += x;
    if (!in_window(day, signal, as_of)) continue;
    value += x;
    result.count += signal.measure == Measure::days ? 1 : cell.count;
  }
  result.recent_value = static_cast<double>(recent) / 1e6;
  result.prior_value = static_cast<double>(prior) / 1e6;
  result.value = static_cast<double>(value) / 1e6;
  return result;
}

// The member with most active days in the trend_days that end with the last day of any: its name and its silence.
std::optional<std::pair<std::string, std::int64_t>> expected_member(const Reference& activity, const Model& model,
                                                                    const Signal& signal, std::int64_t as_of) {
  const std::optional<DayRange> range = range_of(activity, signal, as_of);
  const std::string prefix(signal.name.begin(), signal.name.end() - 1);
  std::int64_t all = 0, most = 0;
  Day last = 0;
  std::string foremost;
  for (const auto& [name, days] : activity) {  // in order of the names
    if (!range || name.substr(0, prefix.size()) != prefix) continue;
    std::int64_t active = 0;
    Day latest = 0;
    for (const auto& [day, cell] : days) {
      if (day >= as_of) break;
      active += day > range->last - model.trend_days ? 1 : 0;
      latest = day;
    }
    all += active;
    if (active == 0 || active < most || (active == most && latest <= last)) continue;
    most = active;
    last = latest;
    foremost = name;
  }
  if (most == 0 || 5 * most < all) return std::nullopt;
  if (!silent(activity.at(foremost), model, model.window_days, last, as_of, 3)) return std::nullopt;
  return std::pair(foremost.substr(prefix.size()), as_of - 1 - last);
}

// Events (of measure days, days) in as many days before the window.
std::uint64_t expected_left(const Reference& activity, const Signal& signal, std::int64_t as_of) {
  std::uint64_t left = 0;
  for (const auto& [day, cell] : cells_of(activity, signal))
    if (signal.window_days != kNeverExpires && in_window(day, signal, as_of - signal.window_days))
      left += signal.measure == Measure::days ? 1 : cell.count;
  return left;
}

TEST(Facts, AgreeWithBruteForce) {
  long left = 0;
  Random random(6);
  for (int round = 0; round < rounds(4000); ++round) {
    const Case each = random_case(&random);
    each.model->trend_days = static_cast<std::int32_t>(random.between(1, 90));
    each.model->weekend = static_cast<std::uint8_t>(random.between(0, 126));
    for (Signal& signal : each.model->signals) signal.inactive_days = static_cast<std::int32_t>(random.between(1, 20));
    const Ledger ledger = ledger_of(each.activity, *each.model), nothing = ledger_of({}, *each.model);
    for (std::size_t i = 0; i < each.model->signals.size(); ++i) {
      const Signal& signal = each.model->signals[i];
      const auto number = static_cast<std::int32_t>(i);
      expect_same(facts_of(ledger, *each.model, number, ledger.cells(number), each.as_of, each.terms.size),
                  expected_of(each.activity, *each.model, signal, each.as_of, each.terms.size));
      expect_same(facts_of(nothing, *each.model, number, {}, each.as_of, each.terms.size),
                  facts_of_unseen(signal, each.terms.size));
      if (!signal.gauge()) {
        const std::uint64_t expected = expected_left(each.activity, signal, each.as_of);
        ASSERT_EQ(events_left(ledger.cells(number), signal, each.as_of),
                  std::min<std::uint64_t>(expected, std::numeric_limits<std::uint32_t>::max()));
        left += expected > 0 ? 1 : 0;
      }
      if (HasFatalFailure()) FAIL() << "round " << round << ", signal " << signal.name;
    }
  }
  EXPECT_GT(left, 10);
}

// A few members, some of whom are there daily.
Reference random_members(Random* random, Day first, Day last) {
  Reference activity;
  for (auto members = random->between(1, 7); members > 0; --members) {
    auto& days = activity["user:" + std::to_string(random->between(1, 20))];
    const auto every = random->between(1, random->one_in(2) ? 2 : 9);
    const Day until = static_cast<Day>(last - (random->one_in(2) ? random->between(0, 20) : 0));
    for (Day day = first; day <= until; ++day)
      if (random->one_in(static_cast<int>(every))) days[day] = {day, 1, 0, 0};
  }
  return without_empty(activity);
}

TEST(Facts, SilentMembersAgreeWithBruteForce) {
  Random random(7);
  long found = 0, none = 0;
  for (int round = 0; round < rounds(8000); ++round) {
    const auto model = model_of(R"({"signals": {"user:*": {"weight": 1, "measure": "distinct"}}})");
    model->trend_days = static_cast<std::int32_t>(random.between(1, 60));
    model->window_days = static_cast<std::int32_t>(random.between(1, 90));
    model->weekend = random.one_in(2) ? 0b1100000 : static_cast<std::uint8_t>(random.between(0, 126));
    const Reference activity = random_members(&random, kAsOf - 80, kAsOf + 3);
    const Buffer bytes = encode(activity);  // names refer to it
    Ledger ledger(heap());
    ledger.load(bytes, *model);
    const auto expected = expected_member(activity, *model, model->signals[0], kAsOf);
    const auto member = silent_member(ledger, *model, 0, kAsOf);
    ASSERT_EQ(member.has_value(), expected.has_value()) << "round " << round;
    (member ? found : none) += 1;
    if (!member) continue;
    ASSERT_EQ(member->name, expected->first) << "round " << round;
    ASSERT_EQ(member->days_inactive, expected->second) << "round " << round;
  }
  EXPECT_GT(found, 50);
  EXPECT_GT(none, 50);
}

}  // namespace
}  // namespace health
