// Scores of one account at many dates, in one pass over its activity.
#pragma once

#include "raw.hpp"

namespace health {

// Prepared once for a range of dates, then asked for any of them. raw and adjustment equal those of evaluate() to the bit.
class History {
 public:
  // For the dates from..to, both inclusive.
  History(const Ledger& ledger, const Model& model, Size size, std::int64_t from, std::int64_t to, Memory* memory);
  Evaluation at(std::int64_t as_of) const;

 private:
  struct Window {  // the plain signals that share a window
    std::int32_t days;
    Vector<Int128> totals;  // per day, from first_ on
  };
  Window* window(std::int32_t days, Memory* memory);
  Int128 total(std::int64_t as_of, std::int64_t day) const;
  const Ledger& ledger_;
  const Model& model_;
  Size size_;
  Span held_;  // days of the totals
  Vector<Window> windows_;
};

inline constexpr std::int64_t kMaxHistoryDays = 100'000;

}  // namespace health
