// What one account is at a date: the facts of its signals, its days, its members.
#include "core/account.hpp"

#include "brute_force.hpp"

namespace health {
namespace {

TEST(Account, ReadingsAreWhatFactsAndEvaluationsSay) {
  Random random(17);
  for (int round = 0; round < rounds(1000); ++round) {
    const Case each = random_case(&random);
    const Model& model = *each.model;
    AccountEvaluator evaluator(model, each.as_of, heap());
    const Buffer bytes = encode(each.activity);
    const EvaluatedAccount account = evaluator.evaluate(Wanted::report, bytes, each.terms);
    Ledger ledger = ledger_of(each.activity, model);
    std::vector<double> contributions(ledger.signals().size());
    if (!started(each.terms, each.as_of)) continue;
    const Evaluation expected = evaluate(&ledger, model, each.as_of, each.terms, contributions.data());
    ASSERT_EQ(account.now.raw, expected.raw);
    ASSERT_EQ(account.scored(model, each.as_of), has_score(expected, model));
    ASSERT_EQ(account.last_usage, ledger.last_usage(model, each.as_of));
    for (const SignalReading& reading : evaluator.readings()) {
      const std::span<const std::int32_t> signals = ledger.signals();
      const auto at = std::find(signals.begin(), signals.end(), reading.signal);
      ASSERT_NE(at, signals.end());
      ASSERT_EQ(reading.contribution, contributions[static_cast<std::size_t>(at - signals.begin())]);
      const SignalFacts facts =
          facts_of(ledger, model, reading.signal, ledger.cells(reading.signal), each.as_of, each.terms.size);
      ASSERT_EQ(reading.facts.recent_value, facts.recent_value);
      ASSERT_EQ(reading.facts.prior_value, facts.prior_value);
      ASSERT_EQ(reading.facts.seen, facts.seen);
    }
  }
}

// What evaluate() says of the account itself, against the reference; and an evaluator keeps nothing of the one before.
TEST(Account, IsThatOfItsDaysWhateverCameBefore) {
  Random random(23);
  for (int round = 0; round < rounds(600); ++round) {
    const Case first = random_case(&random), second = random_case(&random);
    const Model& model = *first.model;
    AccountEvaluator used(model, first.as_of, heap()), fresh(model, first.as_of, heap());
    used.evaluate(Wanted::report, encode(second.activity), second.terms);
    const Buffer bytes = encode(first.activity);
    const EvaluatedAccount account = used.evaluate(Wanted::report, bytes, first.terms),
                           alone = fresh.evaluate(Wanted::report, bytes, first.terms);
    ASSERT_EQ(account.now.raw, alone.now.raw);
    ASSERT_EQ(account.previous.raw, alone.previous.raw);
    ASSERT_EQ(account.silent, alone.silent);
    ASSERT_EQ(used.readings().size(), fresh.readings().size());
    ASSERT_EQ(used.members().size(), fresh.members().size());
    for (std::size_t i = 0; i < used.readings().size(); ++i)
      ASSERT_EQ(used.readings()[i].previous, fresh.readings()[i].previous);
    std::optional<Day> day;
    for (const auto& [name, cells] : first.activity)
      if (cells.begin()->first < first.as_of) day = std::min(day.value_or(kLastDay), cells.begin()->first);
    ASSERT_EQ(account.first, day);
    ASSERT_TRUE(account.known);
    ASSERT_FALSE(account.size_missing);
    ASSERT_TRUE(account.scored(model, first.as_of) || used.readings().empty());
  }
}

TEST(Account, BeginsAndFallsSilent) {
  const std::unique_ptr<Model> model = model_of(R"({"trend_days": 28, "min_tenure_days": 14, "silent_days": 5,
    "signals": {"login": 1, "user:*": {"weight": 2, "measure": "distinct"}}})");
  AccountEvaluator evaluator(*model, kAsOf, heap());  // 2026-02-01
  const auto at = [&](const char* activity, std::optional<Day> since = {}) {
    return evaluator.evaluate(Wanted::report, activity_of(activity), {{}, since});
  };
  EvaluatedAccount account = at("{}");
  EXPECT_TRUE(account.scored(*model, kAsOf));
  EXPECT_FALSE(account.first || account.last_usage || account.has_previous || account.silent || account.unscored);
  account = at(R"({"login": {"2026-01-31": 1, "2026-02-01": 9}})");  // the day itself is not over
  EXPECT_EQ(account.first, kAsOf - 1);
  EXPECT_EQ(account.last_usage, kAsOf - 1);
  EXPECT_EQ(account.now.raw, 1);
  EXPECT_FALSE(account.has_previous);
  account = at(R"({"login": {"2026-01-03": 1}, "other": {"2026-01-31": 1}})");
  EXPECT_TRUE(account.has_previous && account.unscored && account.silent);
  // Since when it is there counts, where that is known: a day more or less than min_tenure_days before the earlier
  // date.
  EXPECT_TRUE(at(R"({"login": {"2026-01-31": 1}})", kAsOf - 28 - 14).has_previous);
  EXPECT_FALSE(at(R"({"login": {"2025-01-31": 1}})", kAsOf - 28 - 13).has_previous);
  // Before it began there is nothing to say of its signals.
  EXPECT_FALSE(at(R"({"login": {"2026-01-31": 1}})", kAsOf).scored(*model, kAsOf));
  EXPECT_TRUE(evaluator.readings().empty());
  // Who came every day until ten days ago.
  std::string text;
  for (int day = 10; day < 23; ++day)
    text += std::string(text.empty() ? "" : ", ") + "\"2026-01-" + std::to_string(day) + "\": 1";
  const Buffer bytes = activity_of("{\"user:ada\": {" + text + "}, \"user:bob\": {\"2026-01-31\": 1}}");
  evaluator.evaluate(Wanted::report, bytes, {});
  ASSERT_EQ(evaluator.members().size(), 1U);
  EXPECT_EQ(evaluator.members()[0].member.name, "ada");
  EXPECT_EQ(evaluator.members()[0].member.days_inactive, 9);
}

}  // namespace
}  // namespace health
