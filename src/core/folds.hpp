// Rows of accounts at dates: which of them are of one account, and folds of accounts for cross-validation, so that no
// account is in two.
//
// Aggregates are not told whose row they see, so an account is told by its traces: its `since`, and what it did in its
// first days of activity, under all names, whether the model knows them or not. Assumed is that these stay the same
// from date to date: an activity may end at each date, or hold what came later, but must not lose its first days, as
// one of the latest year alone does. Accounts that began alike are told apart by how much they did by then: by their
// place in that order at each date. So one is taken for its neighbour where it overtook it, or where another one of
// them came or went. That an account without activity before a date is one with some at a later date is not seen.
#pragma once

#include <algorithm>
#include <iterator>

#include "outcomes.hpp"
#include "raw.hpp"

namespace health {

// The first days that are compared, from the first one with activity. As many as all rows of the account know: an
// account that began ten days before the first date after it is told by its first 7.
inline constexpr std::int32_t kFirstDays[] = {1, 7, 28, 90, 365};

// Of an activity before a date; no event of that day or later shows.
struct Traces {
  std::uint64_t beginnings[std::size(kFirstDays)];  // hashes of `since` and of all cells of the first days
  std::uint64_t all;                                // of all cells, of `since` and of the size
  std::int64_t events;
  Day first;  // with activity; kLastDay where there is none
};
Traces traces_of(Bytes activity, const AccountTerms& terms, std::int64_t as_of, Memory* memory);

struct FoldRow {
  Traces traces;
  Day as_of;
  bool churned;
};

// What does not depend on the order of the rows; equal rows stand for each other.
class Folds {
 public:
  // Memory: 8 bytes a row and one an account, and 16 a row more while it is made. Refers to the rows.
  Folds(std::span<const FoldRow> rows, Memory* memory);
  const ChurnCount& total() const { return total_; }  // rows, an account counts once a date
  // Up to kMostFolds, each with kAccountsOfFold accounts on average that left at a date, and as many that stayed at
  // one, and kAccountsOfDate of either a date; 0 where it would be one.
  int count() const { return count_; }
  std::size_t dates() const { return dates_.size() - 1; }  // ascending
  // The first of the later third of the dates, at which is tried what the earlier ones would have chosen; dates() where
  // there is one.
  std::size_t later() const { return std::max<std::size_t>(1, 2 * dates() / 3); }
  Day date(std::size_t date) const { return rows_[of_date(date).front()].as_of; }
  std::span<const std::uint32_t> rows() const { return order_; }  // by date, and in an order that is always the same
  std::size_t before(std::size_t date) const { return dates_[date]; }  // how many of rows() are of earlier dates
  std::span<const std::uint32_t> of_date(std::size_t date) const {
    return rows().subspan(dates_[date], dates_[date + 1] - dates_[date]);
  }
  std::uint32_t account(std::uint32_t row) const { return accounts_[row]; }  // 0, 1, ...
  std::size_t accounts() const { return folds_.size(); }
  // Accounts that have such a row at some of the dates; some have both.
  ChurnCount accounts_with(std::size_t first_date, std::size_t past_date) const;
  std::int32_t fold(std::uint32_t row) const { return folds_[accounts_[row]]; }  // 0 where there are no folds

  static constexpr int kMostFolds = 20, kAccountsOfFold = 5, kAccountsOfDate = 2;

 private:
  Vector<std::uint64_t> told_accounts();

  std::span<const FoldRow> rows_;
  Vector<std::uint32_t> order_;
  Vector<std::size_t> dates_;       // where in order_ each begins, and the end
  Vector<std::uint32_t> accounts_;  // of each row
  Vector<std::uint8_t> folds_;      // of each account
  ChurnCount total_{};
  int count_;
};

}  // namespace health
