// A population of accounts scored together: one partition of health_score or health_report.
//
// Use: add_account for every row, then evaluate every row that has an activity, then close(); after that score() and
// report() answer for any row. The caller keeps the activities; between the steps only some 100 bytes an account stay.
#pragma once

#include "band.hpp"
#include "drivers.hpp"

namespace health {

struct ReportRow {
  bool scored;  // false: no activity known; then only flags and the population's columns hold
  double score;
  Band band;
  bool compared;  // an earlier score exists
  double previous_score, change;
  const char* trend;  // up, down or flat, if compared
  double raw;
  bool raw_changed;  // raw_change_pct holds
  double raw_change_pct;
  Baseline baseline;
  bool seen;
  std::int32_t days_inactive;
  std::int32_t population;
  char flags[160];  // comma-separated, empty: none
};

class AccountPopulation {
 public:
  // `compare`: also evaluate trend_days earlier, as report() needs.
  AccountPopulation(const Model& model, std::int64_t as_of, bool compare, Memory* memory);
  AccountPopulation(const AccountPopulation&) = delete;

  // `known`: false for a row without an activity, which is no part of the population.
  void add_account(bool known, Size size);
  void evaluate_account(std::size_t account, Bytes activity);
  void close();

  bool known(std::size_t account) const { return accounts_[account].known; }
  double score(std::size_t account) const;
  // `drivers` and `dimensions` receive one JSON value each; `scratch` holds strings of theirs.
  ReportRow report(std::size_t account, Bytes activity, JsonWriter* drivers, JsonWriter* dimensions, Memory* scratch);

 private:
  struct Moment {
    double raw, praise, penalty;
  };
  struct Account {
    bool known, size_missing, has_previous;
    Size size;
    Moment now, previous;
  };
  Baseline baseline_at(Moment Account::*moment, std::int32_t* population);
  double score_of(const Moment& moment, Baseline baseline) const;
  void fill_missing_sizes();
  void write_flags(const Account& account, const DayRange& days, bool unscored, ReportRow* row) const;

  const Model& model_;
  std::int64_t as_of_;
  bool compare_, sizes_filled_ = false;
  Vector<Account> accounts_;
  Ledger ledger_;
  Vector<double> contributions_, points_;
  Vector<Driver> drivers_;
  bool any_activity_ = false;
  Day newest_ = 0;
  Baseline baseline_{}, previous_baseline_{};
  std::int32_t population_ = 0;
};

}  // namespace health
