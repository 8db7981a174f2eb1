// Sums of weighted events by day, exact, so that what was added can be taken away again without a trace.
#pragma once

#include "raw.hpp"

namespace health {

// A weight as an integer of 10^-12, rounded to a millionth. Throws 22003 on NaN, infinity and what does not fit.
Int128 weight_total(double weight);

// Rows with a day and, perhaps, a weight, in a frame that may grow and shrink in any order.
// Memory: 32 bytes, with slack up to 64, for each day between the first and the last since it was empty; at most
// 84,006.
class SlidingSum {
 public:
  explicit SlidingSum(Memory* memory) : days_(memory) {}
  // `total` as weight_total() gives it; a row without a weight adds 0: it moves time.
  void add(Day day, Int128 total);
  void remove(Day day, Int128 total);  // of a row that was added
  bool empty() const { return rows_ == 0; }
  // The days with rows and their totals, in order: added to another sum, as one row each, they are the same to it.
  template <class Each>
  void for_each_day(Each each) const {
    for (std::size_t i = 0; i < days_.size(); ++i)
      if (days_[i].rows > 0) each(static_cast<Day>(first_ + static_cast<Day>(i)), days_[i].total);
  }
  // The sum over the window at as_of = latest day + 1. Not empty.
  double value(std::int32_t window_days, const DecayTable& decay) const;
  double value_at(std::int64_t as_of, std::int32_t window_days, const DecayTable& decay) const;

 private:
  struct Cell {
    Int128 total;
    double rounded;  // the total
    std::int64_t rows;
  };
  Cell* cell(Day day);
  Vector<Cell> days_;
  Day first_ = 0;   // day of days_[0]
  Day latest_ = 0;  // latest day with rows, if there are any
  std::int64_t rows_ = 0;
};

}  // namespace health
