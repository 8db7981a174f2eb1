// Scores of one account at many dates, in one pass over its activity.
#pragma once

#include <tuple>

#include "raw.hpp"

namespace health {

inline constexpr std::int64_t kMaxHistoryDays = 100'000;
inline constexpr std::size_t kMaxHistoryTotals = std::size_t{1} << 24;  // doubles: 128 MB

// Prepared once for a range of dates, then asked for any of them. raw, praise and penalty equal those of evaluate() to
// the bit. Memory: 8 bytes for each day held and each decay and window of a plain signal that has activity; none where
// such days are few and far between.
class History {
 public:
  // For the dates from..to, both inclusive. Throws 54000 beyond the limits above.
  History(Ledger* ledger, const Model& model, const AccountTerms& terms, std::int64_t from, std::int64_t to,
          Memory* memory);
  static constexpr std::size_t kDates = 8;  // as many cost little more than one
  // One evaluation each of as_of and the days that follow it, kDates at most; empty where the account had not begun.
  void at(std::int64_t as_of, std::span<Evaluation> out) const;

 private:
  struct Window {  // of plain signals with one decay; longest first
    std::size_t decay;
    std::int64_t days;
    // Per day held, of the signals with this window or a longer one; kDates - 1 zeros before the first and after the
    // last day, for dates that are asked for together.
    Vector<double> totals;
  };
  using Windows = std::span<const Window>;
  struct Plain {  // a plain signal that has activity
    const Signal* signal;
    std::span<const Cell> cells;
    auto key() const { return std::tuple(signal->decay, -signal->reach()); }
  };
  Vector<Plain> plain_signals() const;
  void fill_windows(const Vector<Plain>& plain);
  bool one_by_one(std::int64_t as_of) const;
  std::array<double, kDates> plain_at(std::int64_t as_of, Windows windows) const;
  Ledger* ledger_;
  const Model& model_;
  AccountTerms terms_;
  Span held_;            // days of the totals
  bool sparse_ = false;  // there are none: each date is evaluated alone
  Vector<Window> windows_;
};

}  // namespace health
