// A population of accounts scored together: one partition of health_score or health_report.
//
// Use: add_account for every row, and once all sizes are there evaluate_account for every row that has an activity, in
// their order and each once, then close(); after that score() and report() answer for any row, without the activities.
// Memory: 64 bytes an account; for reports 72 more, and 76 for each signal of the model that an account has, with the
// slack of growing arrays. Time: by what the accounts have, and once by the signals of the model.
#pragma once

#include "explain.hpp"

namespace health {

// Strings live as long as the memory passed to report(); empty stands for NULL.
struct ReportRow {
  bool scored;  // false: no activity known; then only flags and the population's columns hold
  double score;
  Band band;
  Measured previous_score, change, raw_change_pct;
  const char* trend;  // up, down or flat where there is a change
  double raw;
  Baseline baseline;
  Measured days_inactive;
  std::int32_t population;
  std::string_view reason, main_risk, main_risk_signal, next_step, dimension;
  char flags[160];  // comma-separated; there is room for all of them
};

class AccountPopulation {
 public:
  // `explain`: also prepare what report() needs.
  AccountPopulation(const Model& model, std::int64_t as_of, bool explain, Memory* memory);
  AccountPopulation(const AccountPopulation&) = delete;

  void reserve(std::size_t accounts) {
    accounts_.reserve(accounts);
    if (explain_) pasts_.reserve(accounts);
  }
  // `known`: false for a row without an activity, which is no part of the population.
  void add_account(bool known, AccountSize size);
  void evaluate_account(std::size_t account, Bytes activity);
  void close();

  bool known(std::size_t account) const { return accounts_[account].known; }
  double score(std::size_t account) const;
  // Only where `explain` was asked for. `drivers` and `dimensions` receive one JSON value each.
  ReportRow report(std::size_t account, JsonWriter* drivers, JsonWriter* dimensions, Memory* memory);

 private:
  struct Account {
    bool known, size_missing;
    AccountSize size;
    Evaluation now;
  };
  struct Past {  // what reports need besides
    bool has_previous, unscored;
    DayRange days;
    Evaluation previous;
    std::size_t first_kept, kept;  // where its signals begin in kept_, and how many they are
  };
  static_assert(sizeof(Account) == 64 && sizeof(Past) == 72);
  // Contributions and points of the account at hand at one date, of its signals_.
  struct Detail {
    explicit Detail(Memory* memory) : contributions(memory), points(memory) {}
    Vector<double> contributions, points;
  };
  // Of the raw scores that raw_of(account) gives; *median is that of the eligible ones.
  template <class RawOf>
  Baseline baseline_over(RawOf raw_of, std::int32_t* population, double* median);
  bool in_baseline(const Account& account, double raw) const;
  double score_of(const Evaluation& evaluation, Baseline baseline) const;
  void fill_missing_sizes();
  void take_signals(const Past& past);
  void take_readings(std::size_t index, const Account& account);
  double make_drivers(const Situation& situation, const Account& account, const Past& past);
  Driver make_driver(const Situation& situation, std::size_t signal) const;
  void write_drivers(const Situation& situation, double peers_moved, JsonWriter* out) const;
  void write_reason(ReportRow* row, Memory* memory) const;
  void write_flags(const Account& account, const Past& past, ReportRow* row) const;

  const Model& model_;
  std::int64_t as_of_;
  bool explain_, sizes_filled_ = false;
  Vector<Account> accounts_;
  Vector<Past> pasts_;  // of as many accounts, for reports only
  Ledger ledger_;
  Peers peers_;
  Vector<std::int32_t> kept_;  // signals whose readings the peers keep, of one account after the other
  // Of the account at hand: its signals and those of the peers' profile, ascending, and for each of them
  Vector<std::int32_t> signals_;
  Vector<SignalReading> readings_;
  Detail now_, previous_;
  Vector<double> moves_, profile_, distances_;
  Vector<Driver> drivers_;
  ByteString text_;  // scratch
  bool any_activity_ = false;
  Day newest_ = 0;
  Baseline baseline_{}, previous_baseline_{};
  std::int32_t population_ = 0;
};

}  // namespace health
