#include "core/history.hpp"

#include "support.hpp"

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
    const AccountSize size = random.one_in(2) ? AccountSize{} : size_of(random.real(0.5, 40));
    const std::int64_t from = kFrom + random.between(-150, 150), to = from + random.between(0, 120);
    const History history(ledger, *model, size, from, to, heap());
    for (std::int64_t first = from; first <= to; first += random.between(1, 9)) {
      Evaluation together[History::kDates];
      const auto dates =
          static_cast<std::size_t>(random.between(1, std::min<std::int64_t>(History::kDates, to - first + 1)));
      history.at(first, {together, dates});
      for (std::size_t i = 0; i < dates; ++i) {
        const std::int64_t as_of = first + static_cast<std::int64_t>(i);
        const Evaluation &mine = together[i], alone = evaluate(&ledger, *model, as_of, size, nullptr);
        ASSERT_EQ(mine.raw, alone.raw) << text << " as of " << as_of;
        ASSERT_EQ(mine.praise, alone.praise) << text << " as of " << as_of;
        ASSERT_EQ(mine.penalty, alone.penalty) << text << " as of " << as_of;
      }
    }
  }
}

TEST(History, HasLimits) {
  const Buffer activity = activity_of(R"({"a": {"1990-01-01": 1, "2089-12-31": 1}, "b": {"1990-01-01": 1}})");
  const auto model = model_of(R"({"signals": {"a": 1}})");
  Ledger ledger(heap());
  ledger.load(activity, *model);
  expect_failure("54000", "history of more than 100000 days",
                 [&] { History(ledger, *model, {}, -50'000, 50'000, heap()); });

  std::string text = R"({"signals": {)";
  for (int i = 0; i < 700; ++i)
    text += (i == 0 ? "" : ", ") + ("\"s" + std::to_string(i)) + R"(": {"weight": 1, "window_days": )" +
            std::to_string(36'500 - i) + R"(, "aliases": ["x)" + std::to_string(i) + "\"]}";
  const auto wide = model_of(text + "}}");
  Reference reference;
  for (int i = 0; i < 700; ++i) reference["s" + std::to_string(i)][7'300] = {7'300, 1, 0, 0};
  reference["s0"][43'000] = {43'000, 1, 0, 0};
  const Buffer many = encode(reference);
  ledger.load(many, *wide);
  expect_failure("54000", "history too large", [&] { History(ledger, *wide, {}, 20'000, 44'000, heap()); });
}

}  // namespace
}  // namespace health
