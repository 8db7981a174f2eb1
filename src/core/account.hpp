// One account at one date, in the terms of a model: what its report tells, and what a population takes of it.
#pragma once

#include "facts.hpp"
#include "score.hpp"

namespace health {

// Of one signal: the facts, and the contribution c_s (raw.hpp) at as_of and trend_days before.
struct SignalReading {
  std::int32_t signal;  // index in the model
  SignalFacts facts;
  double contribution, previous;
};

// The silent member of a signal of measure distinct.
struct KeptMember {
  std::int32_t signal;
  std::int32_t days_inactive;
  ByteString name;
};
static_assert(sizeof(KeptMember) == 48);  // as documented in report.hpp

struct EvaluatedAccount {
  bool known = false;  // it has an activity
  bool size_missing = false;
  bool has_previous = false;  // it was there long enough trend_days before
  bool unscored = false;      // activity in the window under names that the model does not know
  bool silent = false;        // its usage, by its rhythm
  std::optional<Day> first;   // day with activity, under whatever name
  std::optional<Day> last_usage;
  AccountTerms terms;
  Evaluation now, previous;

  bool scored(const Model& model, std::int64_t as_of) const {
    return known && started(terms, as_of) && has_score(now, model);
  }
};

// How much of an account is asked: its score at as_of alone, or all that a report tells.
enum class Wanted : std::uint8_t { score, report };

// Evaluates one account after the other.
class AccountEvaluator {
 public:
  AccountEvaluator(const Model& model, std::int64_t as_of, Memory* memory)
      : model_(model),
        as_of_(as_of),
        ledger_(memory),
        now_(memory),
        previous_(memory),
        readings_(memory),
        members_(memory),
        days_(memory) {}
  // The account, its readings (of the signals that it had or that contribute, ascending; none without a score) and its
  // silent members hold until the next call, names as long as the activity. Where the score alone is wanted there are
  // none of these, and of the account known, size_missing, terms and now. `assumed`: its size where the terms have
  // none.
  EvaluatedAccount evaluate(Wanted wanted, Bytes activity, AccountTerms terms, AccountSize assumed = {});
  std::span<const SignalReading> readings() const { return readings_; }
  struct MemberOfSignal {
    std::int32_t signal;
    SilentMember member;
  };
  std::span<const MemberOfSignal> members() const { return members_; }
  // Appends the members, with names of their own.
  void keep_members(Vector<KeptMember>* kept) const;
  const Ledger& ledger() const { return ledger_; }

 private:
  void evaluate_for_report(Bytes activity, EvaluatedAccount* account);
  void read_signals(const AccountTerms& terms);
  bool is_silent(Day last);

  const Model& model_;
  std::int64_t as_of_;
  Ledger ledger_;
  Vector<double> now_, previous_;  // contributions
  Vector<SignalReading> readings_;
  Vector<MemberOfSignal> members_;
  Vector<Day> days_;  // scratch
};

}  // namespace health
