#include "account.hpp"

namespace health {

EvaluatedAccount AccountEvaluator::evaluate(Bytes activity, const AccountTerms& terms) {
  ledger_.load(activity, model_);
  const std::size_t signals = ledger_.signals().size();
  const std::int64_t before = as_of_ - model_.trend_days;
  now_.assign(signals, 0);
  previous_.assign(signals, 0);
  const EvaluationAtBoth both = evaluate_both(&ledger_, model_, as_of_, before, terms, now_.data(), previous_.data());
  EvaluatedAccount account;
  account.known = true;
  account.terms = terms;
  account.now = both.now;
  account.previous = both.before;
  account.unscored = ledger_.unscored(window_before(as_of_, model_.window_days));
  if (ledger_.any_before(as_of_)) account.first = static_cast<Day>(ledger_.held().from);
  account.has_previous = terms.since ? settled(terms, model_, before) : ledger_.any_before(before);
  account.last_usage = ledger_.last_usage(model_, as_of_);
  account.silent = account.last_usage && is_silent(*account.last_usage);
  readings_.clear();
  members_.clear();
  if (account.scored(model_, as_of_)) read_signals(terms);
  return account;
}

void AccountEvaluator::read_signals(const AccountTerms& terms) {
  const std::span<const std::int32_t> signals = ledger_.signals();
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const Signal& signal = model_.signal(signals[i]);
    if (signal.weight == 0) continue;
    SignalReading reading{signals[i], facts_of(ledger_, model_, signals[i], ledger_.cells_at(i), as_of_, terms.size),
                          now_[i], previous_[i]};
    SignalFacts& facts = reading.facts;
    if (!facts.seen && reading.contribution == 0 && reading.previous == 0) continue;
    if (!signal.gauge() && now_[i] < previous_[i] && facts.recent_value >= facts.prior_value)  // it may be fading
      facts.left = events_left(ledger_.cells_at(i), signal, as_of_);
    if (signal.measure == Measure::distinct && signal.weight > 0) {
      if (const auto member = silent_member(ledger_, model_, signals[i], as_of_))
        members_.push_back({signals[i], *member});
    }
    readings_.push_back(reading);
  }
}

bool AccountEvaluator::is_silent(Day last) {
  if (as_of_ - 1 - last < model_.silent_days) return false;  // days are more than working days
  ledger_.usage_days(model_, as_of_, &days_);
  const SilenceTerms terms{as_of_, model_.window_days, model_.silent_days, model_.weekend};
  return health::is_silent(terms, days_.size(), [&](std::size_t i) { return days_[i]; });
}

}  // namespace health
