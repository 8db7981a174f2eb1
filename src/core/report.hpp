// Scores with their reasons, drivers and flags: one partition of health_report.
#pragma once

#include "explain.hpp"
#include "share.hpp"

namespace health {

// Strings live as long as the memory passed to report(); empty stands for NULL.
struct ReportRow {
  bool scored;  // false: no activity known, or not begun; then only flags and the population's columns hold
  double score;
  std::int32_t score_shown;  // as sentences say it
  Band band;
  const char* trend;  // up, down or flat where there is a change
  std::optional<double> score_change, previous_score, raw_change_pct;
  std::optional<double> coverage;  // of a scorecard: the share of the weights whose measures have a value
  double raw_score;
  Baseline baseline;
  std::optional<std::int32_t> days_inactive;
  std::int32_t accounts_compared;
  std::string_view reason, main_risk, main_risk_signal, main_risk_dimension, next_step, model;
  std::string_view main_opportunity, main_opportunity_signal;
  char flags[192];  // comma-separated; there is room for all of them
};

// Accounts that are reported together. Used as AccountScores are (score.hpp); report() answers for any row, without the
// activities.
// Memory: 216 bytes an account, 76 for each signal of the model that it has, and 56 and the name for each member that
// fell silent, with the slack of growing arrays. Of each usage signal that no account had lately, a bit for each day of
// its window: 46 MB for 10,000 of them over 36,500 days, before rounding.
// Time: by what the accounts have, and once by the signals of the model.
class AccountReports {
 public:
  AccountReports(const Model& model, std::int64_t as_of, Memory* memory);
  AccountReports(const AccountReports&) = delete;

  void reserve(std::size_t accounts) {
    scores_.reserve(accounts);
    pasts_.reserve(accounts);
  }
  void add_account(bool known, const AccountTerms& terms) {
    scores_.add_account(known, terms);
    pasts_.push_back({});
  }
  void evaluate_account(std::size_t account, Bytes activity);
  void close();

  bool known(std::size_t account) const { return scores_.known(account); }
  bool scored(std::size_t account) const { return scores_.scored(account); }
  double score(std::size_t account) const { return scores_.score(account); }
  // `drivers` and `dimensions` receive one JSON value each.
  ReportRow report(std::size_t account, JsonWriter* drivers, JsonWriter* dimensions, Memory* memory);

 private:
  using Account = AccountScores::Account;
  struct Past {
    bool has_previous, unscored;
    bool silent;               // its usage, by its rhythm
    std::optional<Day> first;  // day with activity, under whatever name
    std::optional<Day> last_usage;
    Evaluation previous;
    std::size_t first_kept, kept;  // where its signals begin in kept_, and how many they are
  };
  static_assert(sizeof(Past) == 112);
  void take_signals(const Past& past);
  void take_readings(std::size_t index, AccountSize size);
  bool is_silent(Day last);
  std::span<const KeptMember> members_of(std::size_t index) const;
  bool fleet_fell() const;
  std::string_view worst_dimension() const;
  void keep_silent_member(std::size_t index, std::int32_t signal);
  Situation situation_of(std::size_t index) const;
  void make_drivers(Situation* situation);
  Driver make_driver(const Situation& situation, std::size_t signal) const;
  std::string_view sentence_of(const Wording& wording, Driver* driver, Memory* memory);
  void write_drivers(const Situation& situation, const Wording& wording, JsonWriter* out, Memory* memory);
  void write_dimensions(const Unowned& unowned, JsonWriter* out, Memory* memory) const;
  std::string_view within(std::string_view text, bool word, Memory* memory);
  void write_reason(const Situation& situation, const Wording& wording, ReportRow* row, Memory* memory);
  bool is_new(const AccountTerms& terms, const Past& past) const;
  void write_flags(const Account& account, const Past& past, ReportRow* row) const;
  const Model& model() const { return scores_.model(); }
  std::int64_t as_of() const { return scores_.as_of(); }

  AccountScores scores_;
  Vector<Past> pasts_;  // one for each of the accounts
  Ledger ledger_;
  Peers peers_;
  AccountScores::Standing previous_standing_;
  std::optional<double> days_inactive_;  // median over the accounts that ever were active, if there are enough
  Vector<KeptMember> members_;           // in order of the accounts
  Vector<Day> days_;                     // scratch
  Vector<std::int32_t> kept_;            // signals whose readings the peers keep, of one account after the other
  bool stale_ = false;                   // nobody's usage is recent: the feed is cut
  std::optional<Day> newest_;            // latest day with usage of any account
  // Of the account that is being reported: its signals and those of the peers' profile, ascending, and vectors with an
  // element for each of them.
  Vector<std::int32_t> signals_, joined_;
  Vector<SignalReading> readings_;
  Vector<double> now_, previous_, profile_;  // contributions: at both dates, and of the profile
  Vector<double> points_, changes_, distances_;
  Vector<Driver> drivers_;
  Telling telling_;
  ByteString text_;  // scratch
};

}  // namespace health
