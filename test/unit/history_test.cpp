#include "core/history.hpp"

#include "brute_force.hpp"

namespace health {
namespace {

constexpr Day kFrom = 20'000;

// Any model, any activity: the history gives the bits of each date's own evaluation.
TEST(History, EqualsTheScoreOfEachDay) {
  Random random(11);
  for (int round = 0; round < rounds(400); ++round) {
    const std::string text = random_model(&random);
    const auto model = model_of(text);
    const Buffer activity = encode(random_reference(&random, 8, 60, kFrom - 100, kFrom + 100));
    Ledger ledger(heap());
    ledger.load(activity, *model);
    const std::int64_t from = kFrom + random.between(-150, 150), to = from + random.between(0, 120);
    const AccountTerms terms = random_terms(&random, from + random.between(1, 60));
    const History history(&ledger, *model, terms, from, to, heap());
    for (std::int64_t first = from; first <= to; first += random.between(1, 9)) {
      Evaluation together[History::kDates];
      const auto dates =
          static_cast<std::size_t>(random.between(1, std::min<std::int64_t>(History::kDates, to - first + 1)));
      history.at(first, {together, dates});
      for (std::size_t i = 0; i < dates; ++i) {
        const std::int64_t as_of = first + static_cast<std::int64_t>(i);
        const Evaluation &mine = together[i], alone = started(terms, as_of)
                                                          ? evaluate(&ledger, *model, as_of, terms, nullptr)
                                                          : Evaluation{};
        ASSERT_EQ(mine.raw, alone.raw) << text << " as of " << as_of;
        ASSERT_EQ(mine.praise, alone.praise) << text << " as of " << as_of;
        ASSERT_EQ(mine.penalty, alone.penalty) << text << " as of " << as_of;
      }
    }
  }
}

// Few days far apart, of several decays: each date is evaluated alone, and no day in between costs anything.
TEST(History, FewDaysFarApart) {
  const auto model = model_of(R"({"half_life_days": 9000, "signals": {"a": {"weight": 1, "window_days": null},
    "b": {"weight": -1, "unit": "raw", "window_days": null, "half_life_days": null}}})");
  const Buffer activity = activity_of(R"({"a": {"1970-01-01": 3, "2025-12-31": 1}, "b": {"1990-01-01": 1}})");
  Ledger ledger(heap());
  ledger.load(activity, *model);
  FaultyMemory memory(0);
  const History history(&ledger, *model, {}, 20'450, 20'460, &memory);
  EXPECT_EQ(memory.outstanding(), 0u);
  Evaluation dates[2];
  history.at(20'453, dates);
  for (std::int64_t i = 0; i < 2; ++i) EXPECT_EQ(dates[i].raw, evaluate(&ledger, *model, 20'453 + i, {}, nullptr).raw);
}

TEST(History, HasLimits) {
  const Buffer activity = activity_of(R"({"a": {"1990-01-01": 1, "2089-12-31": 1}, "b": {"1990-01-01": 1}})");
  const auto model = model_of(R"({"signals": {"a": 1}})");
  Ledger ledger(heap());
  ledger.load(activity, *model);
  expect_failure("54000", "history of more than 100000 days",
                 [&] { History(&ledger, *model, {}, -50'000, 50'000, heap()); });

  std::string text = R"({"signals": {)";
  for (int i = 0; i < 700; ++i)
    text += (i == 0 ? "" : ", ") + ("\"s" + std::to_string(i)) + R"(": {"weight": 1, "window_days": )" +
            std::to_string(36'500 - i) + R"(, "aliases": ["x)" + std::to_string(i) + "\"]}";
  const auto wide = model_of(text + "}}");
  Reference reference;
  for (int i = 0; i < 700; ++i) reference["s" + std::to_string(i)][7'300] = {7'300, 1, 0, 0};
  for (Day day = 7'300; day <= 43'000; ++day) reference["s0"][day] = {day, 1, 0, 0};
  const Buffer many = encode(reference);
  ledger.load(many, *wide);
  expect_failure("54000", "history too large", [&] { History(&ledger, *wide, {}, 20'000, 44'000, heap()); });
}

}  // namespace
}  // namespace health
