// Sums of weighted events by day, exact, so that what was added can be taken away again without a trace.
#pragma once

#include "model.hpp"

namespace health {

// Sum of daily totals (integers of 10^-12, as double) times their decay, oldest day first. `at(day)` gives the total of a
// day of the span. The one place where decay meets a total: raw scores, histories and sliding sums get the same bits.
template <class Total>
double decayed_total(const Model& model, std::int64_t as_of, Span span, Total at) {
  double sum = 0;
  for (std::int64_t day = span.from; day < span.to; ++day) sum += at(day) * model.decay(as_of - 1 - day);
  return sum / 1e12;
}

// A weight as an integer of 10^-12, rounded to a millionth. Throws 22003 on NaN, infinity and what does not fit.
Int128 weight_total(double weight);

// Rows with a day and, perhaps, a weight, in a frame that may grow and shrink in any order.
// Memory: 32 bytes for each day between the first and the last, at most 84,006 of them.
class SlidingSum {
 public:
  explicit SlidingSum(Memory* memory) : days_(memory) {}
  void add(Day day, Int128 total);     // a row without a weight adds 0: it moves time
  void remove(Day day, Int128 total);  // of a row that was added
  bool empty() const { return rows_ == 0; }
  // The sum over the model's window at as_of = latest day + 1. Not empty.
  double value(const Model& model) const;
  double value_at(const Model& model, std::int64_t as_of) const;

 private:
  struct Cell {
    Int128 total;
    double rounded;  // the total
    std::int64_t rows;
  };
  Cell* cell(Day day);
  Vector<Cell> days_;
  Day first_ = 0;       // day of days_[0]
  Day latest_ = 0;      // latest day with rows, if there are any
  std::int64_t rows_ = 0;
};

}  // namespace health
