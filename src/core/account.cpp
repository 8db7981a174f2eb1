#include "account.hpp"

namespace health {

EvaluatedAccount AccountEvaluator::evaluate(Wanted wanted, Bytes activity, AccountTerms terms, AccountSize assumed) {
  EvaluatedAccount account;
  account.known = true;
  account.size_missing = !terms.size && assumed;
  if (account.size_missing) terms.size = assumed;
  account.terms = terms;
  readings_.clear();
  members_.clear();
  if (wanted == Wanted::report) {
    evaluate_for_report(activity, &account);
  } else {
    ledger_.load(activity, model_, model_.scored_days(as_of_));
    account.now = health::evaluate(&ledger_, model_, as_of_, terms, nullptr);
  }
  return account;
}

void AccountEvaluator::evaluate_for_report(Bytes activity, EvaluatedAccount* account) {
  ledger_.load(activity, model_);
  const AccountTerms& terms = account->terms;
  const std::size_t signals = ledger_.signals().size();
  const std::int64_t before = as_of_ - model_.trend_days;
  now_.assign(signals, 0);
  previous_.assign(signals, 0);
  const EvaluationAtBoth both = evaluate_both(&ledger_, model_, as_of_, before, terms, now_.data(), previous_.data());
  account->now = both.now;
  account->previous = both.before;
  account->unscored = ledger_.unscored(window_before(as_of_, model_.window_days));
  if (ledger_.any_before(as_of_)) account->first = static_cast<Day>(ledger_.held().from);
  account->has_previous = terms.since ? settled(terms, model_, before) : ledger_.any_before(before);
  account->last_usage = ledger_.last_usage(model_, as_of_);
  account->silent = account->last_usage && is_silent(*account->last_usage);
  if (account->scored(model_, as_of_)) read_signals(terms);
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

void AccountEvaluator::keep_members(Vector<KeptMember>* kept) const {
  for (const auto& [signal, member] : members_)
    kept->push_back({signal, member.days_inactive, ByteString(member.name, memory_of(*kept))});
}

bool AccountEvaluator::is_silent(Day last) {
  if (as_of_ - 1 - last < model_.silent_days) return false;  // days are more than working days
  ledger_.usage_days(model_, as_of_, &days_);
  const SilenceTerms terms{as_of_, model_.window_days, model_.silent_days, model_.weekend};
  return health::is_silent(terms, days_.size(), [&](std::size_t i) { return days_[i]; });
}

}  // namespace health
