// Sums of weighted events by day, as exact integers, so that removing a row undoes adding it to the bit.
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
  // `total` is weight_total() of the row's weight, or 0 for a row without one, which only moves the latest day.
  void add(Day day, Int128 total);
  void remove(Day day, Int128 total);  // of a row that was added
  bool empty() const { return rows_ == 0; }
  // Calls each(day, total) for the days with rows, in order. Added to another sum as one row each, they have the effect
  // of all the rows.
  template <class Each>
  void for_each_day(Each each) const {
    for (std::size_t i = 0; i < days_.size(); ++i)
      if (days_[i].rows > 0) each(static_cast<Day>(first_ + static_cast<Day>(i)), days_[i].total);
  }
  // The sum over the window at as_of = latest day + 1. There must be rows.
  double value(std::int32_t window_days, const DecayTable& decay) const;
  double value_at(std::int64_t as_of, std::int32_t window_days, const DecayTable& decay) const;

 private:
  struct Cell {
    Int128 total;
    double rounded;  // total as a double
    std::int64_t rows;
  };
  Cell* cell(Day day);
  Vector<Cell> days_;
  Day first_ = 0;   // day of days_[0]
  Day latest_ = 0;  // latest day with rows, if there are any
  std::int64_t rows_ = 0;
};

}  // namespace health
