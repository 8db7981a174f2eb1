// Scores with their reasons, drivers and flags: one account against a population, and accounts against all of them.
#pragma once

#include "drivers.hpp"
#include "explain.hpp"

namespace health {

// Strings and lists live as long as the memory passed to report(); an empty string stands for NULL.
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
  std::span<const DriverRow> drivers;
  std::span<const double> dimensions;  // points of each of the model's dimensions()
  char flags[192];                     // comma-separated; there is room for all of them
};

// What a population says of one account after the other.
class Report {
 public:
  // `population`: of the same model. At its own date; or at a later one, for which it is a frozen one.
  Report(const Model& model, const Population& population, std::int64_t as_of, Memory* memory);
  ReportRow of(const EvaluatedAccount& account, std::span<const SignalReading> readings,
               std::span<const KeptMember> members, Memory* memory);

 private:
  void take_signals(std::span<const SignalReading> readings, AccountSize size);
  std::string_view worst_dimension() const;
  Situation situation_of(const EvaluatedAccount& account, std::span<const KeptMember> members) const;
  void make_drivers(Situation* situation);
  Driver make_driver(const Situation& situation, std::size_t signal) const;
  std::string_view sentence_of(const Wording& wording, Driver* driver, Memory* memory);
  std::span<const DriverRow> list_drivers(const Situation& situation, const Wording& wording, Memory* memory);
  std::span<const double> sum_dimensions(const Unowned& unowned, Memory* memory) const;
  std::string_view large(std::string_view text, Memory* memory);
  std::string_view within(std::string_view text, bool small, Memory* memory);
  void write_reason(const Situation& situation, const Wording& wording, ReportRow* row, Memory* memory);
  bool is_new(const EvaluatedAccount& account) const;
  void write_flags(const EvaluatedAccount& account, ReportRow* row) const;

  const Model& model_;
  const Population& population_;
  const std::int64_t as_of_;
  const bool kept_;  // the population is older than the report
  const bool stale_, stopped_;
  Vector<std::int32_t> common_;  // signals of every report: those of the peers' profile, and those that are awaited
  // Of the account that is being reported: its signals and the common ones, ascending, and vectors with an element for
  // each of them.
  Vector<std::int32_t> signals_;
  Vector<SignalReading> readings_;
  Vector<double> now_, previous_, profile_;  // contributions: at both dates, and of the profile
  Vector<double> points_, changes_, distances_;
  Vector<Driver> drivers_;
  Telling telling_;
  ByteString text_;  // scratch
};

// Accounts that are compared with each other: one partition of health_score or health_report, as rows.
//
// Use: add_account for every row; evaluate_account for every row that has an activity, in their order and each once,
// those without a size after all sizes are there; then close(). After that score(), and report() where reports are
// wanted, answer for any row, without the activities.
// Memory: 272 bytes an account; for reports, 104 more for each signal of the model that it has, with the slack of
// growing arrays.
// Time: by what the accounts have, and once by the signals of the model.
class Accounts {
 public:
  // Throws 22023 when the model has no signals.
  Accounts(Wanted wanted, const Model& model, std::int64_t as_of, Memory* memory);
  Accounts(const Accounts&) = delete;

  // Accounts that are to be added, at least.
  void reserve(std::size_t accounts) {
    rows_.reserve(accounts);
    part_.reserve(accounts, 0);
  }
  // `known`: false for a row without an activity, which is no part of the population.
  void add_account(bool known, const AccountTerms& terms);
  void evaluate_account(std::size_t account, Bytes activity);
  void close();

  bool known(std::size_t account) const { return rows_[account].account.known; }
  // It came with a size.
  bool sized(std::size_t account) const {
    const EvaluatedAccount& each = rows_[account].account;
    return each.terms.size && !each.size_missing;
  }
  bool scored(std::size_t account) const { return rows_[account].account.scored(model_, as_of_); }
  double score(std::size_t account) const { return score_of(rows_[account].account.now, population_.baseline, model_); }
  ReportRow report(std::size_t account, Memory* memory);

 private:
  struct Row {
    EvaluatedAccount account;
    std::size_t first_reading, readings, first_member, members;
  };
  static_assert(sizeof(Row) == 224);  // with one of a part and a size as documented
  void make_room(std::size_t evaluated);
  const Wanted wanted_;
  const Model& model_;
  const std::int64_t as_of_;
  Vector<Row> rows_;
  Vector<double> sizes_;
  AccountSize median_size_;  // once it is asked for
  AccountEvaluator evaluator_;
  Vector<SignalReading> readings_;  // of one account after the other
  Vector<KeptMember> members_;      // likewise
  PopulationPart part_;
  Population population_;
  std::optional<Report> report_;
};

}  // namespace health
