// The score of one account before it is compared with others: raw score and adjustment.
//
// With x(d) of a day = min(count, daily_cap) for count, 1 for days, the sum of its values for sum, over the window:
//   c_s = w_s * sum x(d) decay(as_of-1-d)          for count, days, sum
//   c_s = w_s * (value - neutral)                  for gauges
//   c_s = w_s * scale(value)                       where there is a scale: of a gauge, or of sum x(d), undecayed
// raw is the sum over the signals of unit raw, the adjustment that over the signals of unit score.
// raw is summed from exact daily totals (integers of 10^-12), oldest day first, so its bits depend on no other order.
#pragma once

#include <algorithm>
#include <array>
#include <utility>

#include "days_inactive.hpp"
#include "model.hpp"

namespace health {

// Cells of one account in the terms of a model: decoded once, asked for any number of dates. What it costs depends on
// what the account has, not on how many signals the model knows.
class Ledger {
 public:
  explicit Ledger(Memory* memory)
      : cells_(memory),
        groups_(memory),
        present_(memory),
        signals_(memory),
        members_(memory),
        totals_(memory),
        contributions_(memory) {}
  // Days outside of `needed` are left out.
  void load(Bytes activity, const Model& model, const Span& needed = kAllDays);

  // Signals of the model, ascending, that say anything of this account; any other contributes 0 and was never seen.
  std::span<const std::int32_t> signals() const { return signals_; }
  std::span<const Cell> cells(std::int32_t signal) const;  // of a model signal, aliases included; not for distinct
  // cells(signals()[index]), without a search.
  std::span<const Cell> cells_at(std::size_t index) const { return cells_of(present_[index]); }
  std::size_t cell_count() const { return cells_.size(); }
  Span held() const { return held_; }  // all days with activity; from > to where there are none
  // Whether there is activity before a day, under whatever name.
  bool any_before(std::int64_t day) const { return held_.from < std::min(day, held_.to); }
  // Last day before `before` with activity of a usage signal of the model.
  std::optional<Day> last_usage(const Model& model, std::int64_t before) const;
  // All such days, ascending.
  void usage_days(const Model& model, std::int64_t before, Vector<Day>* days) const;
  // First and last day before `before` of one signal of the model.
  std::optional<DayRange> days_of(std::int32_t signal, std::int64_t before) const;
  // Whether there is activity in the span under a name that the model does not know.
  bool unscored(Span span) const;
  // Members of a signal of measure distinct (names with its prefix) that are active on min_days days of the span.
  std::int32_t distinct(std::int32_t signal, std::int32_t min_days, Span span) const;
  // Calls each(name, cells) for each name with the prefix of a signal of measure distinct, in order of the names, which
  // refer to the activity loaded.
  template <class Each>
  void each_member(std::int32_t signal, Each each) const {
    for (const Member& member : members(signal)) {
      const Group& group = groups_[member.group];
      each(group.name, cells_of(group));
    }
  }
  // Calls each(cells) for the cells of a model signal, aliases included, or of each of its members.
  template <class Each>
  void each_cells(std::int32_t signal, Each each) const {
    if (const std::span<const Cell> own = cells(signal); !own.empty()) each(own);
    for (const Member& member : members(signal)) each(cells_of(groups_[member.group]));
  }
  Vector<Int128>& totals() { return totals_; }                // scratch of evaluate()
  Vector<double>& contributions() { return contributions_; }  // likewise of evaluate_rest()
  Memory* memory() const { return memory_of(groups_); }

 private:
  struct Group {  // cells of one signal of the activity
    std::string_view name;
    std::size_t begin, end;
    bool unknown;
  };
  struct Present {  // cells of one signal of the model
    std::int32_t signal;
    std::size_t begin, end;
  };
  struct Member {
    std::int32_t signal;  // of the model, of measure distinct
    std::size_t group;
  };
  template <class Part>
  std::span<const Cell> cells_of(const Part& part) const {
    return {cells_.data() + part.begin, part.end - part.begin};
  }
  std::span<const Member> members(std::int32_t signal) const;
  void sort_present(const Model& model);
  void merge_aliases(const Model& model, Present* first, const Present* past);

  Span held_{};
  Scratch<Cell> cells_;
  Vector<Group> groups_;
  Vector<Present> present_;  // by signal
  Scratch<std::int32_t> signals_;
  Vector<Member> members_;  // by signal
  Vector<Int128> totals_;
  Vector<double> contributions_;
};

// Licensed seats or the like, above 0. Without one, count and sum are not divided.
using AccountSize = std::optional<double>;
// A size that is 0 or less counts as none; throws 22023 on NaN or infinity.
AccountSize size_of(std::optional<double> given);

// What of an account, besides its activity, bears on its scores.
struct AccountTerms {
  AccountTerms(AccountSize with_size = {}, std::optional<Day> began = {}) : size(with_size), since(began) {}
  AccountSize size;
  std::optional<Day> since;  // the day it began
};
// Whether it had begun before that date. Scores are of accounts that have.
inline bool started(const AccountTerms& terms, std::int64_t as_of) { return !terms.since || *terms.since < as_of; }
// How many days it is old enough for: its age, or min_tenure_days where it is younger; kForever where nobody says.
std::int64_t tenure_of(const AccountTerms& terms, const Model& model, std::int64_t as_of);
// Whether it had been there for min_tenure_days by then.
bool settled(const AccountTerms& terms, const Model& model, std::int64_t as_of);

struct Evaluation {
  double raw = 0;                     // P - N, exactly summed
  double positive = 0, negative = 0;  // P and N >= 0: sums of the positive and negative c_s of raw signals
  double praise = 0, penalty = 0;     // the same sums of the signals of unit score, both >= 0
  // Of a scorecard, over its measures but the raw score: sum of w m, m being 0..100, and of w, of those with a value.
  double measures = 0, weights = 0;
  std::optional<double> override_score;  // 0..100: in force instead of the score that is computed
  double adjustment() const { return praise - penalty; }
};

// `contributions`: null, or room for the c_s of each of ledger->signals(), before dimension_caps; P and N are only
// complete when it is given.
Evaluation evaluate(Ledger* ledger, const Model& model, std::int64_t as_of, const AccountTerms& terms,
                    double* contributions);

// Both of evaluate() at a date and at an earlier one, to the same bits; of an account that had not begun, nothing.
struct EvaluationAtBoth {
  Evaluation now, before;
};
EvaluationAtBoth evaluate_both(Ledger* ledger, const Model& model, std::int64_t as_of, std::int64_t before,
                               const AccountTerms& terms, double* now, double* previous);

// The same for those who have the plain signals' share of raw already, before division by the size; `contributions`
// holds their own shares, each its sum of w_s x(d) decay.
Evaluation evaluate_rest(double plain, Ledger* ledger, const Model& model, std::int64_t as_of,
                         const AccountTerms& terms, double* contributions);

// What the signals of unit score give and what they take, both >= 0, each dimension within its bound (dimension_caps).
// `contributions`, of `signals`, become what the bounds leave: a bound takes from all in proportion.
struct Adjustments {
  double praise = 0, penalty = 0;
};
Adjustments bound_adjustments(const Model& model, std::span<const std::int32_t> signals, double* contributions);

// x(d) of a cell, in millionths.
inline Micros measured(const Signal& signal, const Cell& cell) {
  switch (signal.measure) {
    case Measure::count: {
      const std::int64_t count = cell.count;
      return (signal.daily_cap != 0 ? std::min(count, signal.daily_cap) : count) * kMicro;
    }
    case Measure::days: return kMicro;
    case Measure::sum:
    case Measure::last:
    case Measure::mean:
    case Measure::distinct:
    case Measure::recency:
    case Measure::ratio:
    case Measure::trend: break;
  }
  return cell.value;
}
// Calls each(cell, weight * x(d)), in 10^-12, exact. Nearly always 64 bits hold the product.
template <class Each>
void for_each_weighted(const Signal& signal, std::span<const Cell> cells, Each each) {
  for (const Cell& cell : cells) {
    const Micros x = measured(signal, cell);
    std::int64_t product = 0;
    if (__builtin_mul_overflow(signal.weight, x, &product)) [[unlikely]]
      each(cell, Int128{signal.weight} * x);
    else each(cell, Int128{product});
  }
}
[[noreturn]] void fail_score();  // 22003, score out of range
// Adds a product to a day's total. Throws 22003 when it does not fit.
inline void add_to_total(Int128 weighted, Int128* total) {
  if (__builtin_add_overflow(*total, weighted, total)) fail_score();
}

// Sums of daily totals (integers of 10^-12, as double) times their decay, oldest day first, for as_of and the dates
// that follow it. `at(day, i)` gives the total of day + i, which at as_of + i is as old as day is at as_of. Raw scores,
// histories and sliding sums all use this function, so they get the same bits. Several dates at once keep the processor
// from waiting for each addition.
inline constexpr double kTotalScale = 1e12;
template <std::size_t Dates = 1, class Total>
std::array<double, Dates> decayed_totals(const DecayTable& decay, std::int64_t as_of, Span span, Total at) {
  std::array<double, Dates> sums{};
  if (span.from >= span.to) return sums;
  const double* const by_age = decay.first(as_of - span.from);
  for (std::int64_t day = span.from; day < span.to; ++day) {
    const double now = by_age != nullptr ? by_age[as_of - 1 - day] : decay.at(as_of - 1 - day);
    // Unrolled at compile time, so that the sums stay in registers.
    [&]<std::size_t... i>(std::index_sequence<i...>) { ((sums[i] += at(day, i) * now), ...); }
    (std::make_index_sequence<Dates>());
  }
  for (double& sum : sums) sum /= kTotalScale;
  return sums;
}

// The cells of a span.
std::span<const Cell> cells_in(std::span<const Cell> cells, Span span);
// The days whose activity counts for a signal at as_of.
Span window_of(const Signal& signal, std::int64_t as_of);
// The same for an account of that tenure: where it is shorter than the window, the days since, and the factor that
// makes of their sum what the whole window would have had the account gone on so: Delta(W) / Delta(T), Delta(n) being
// the sum of the decay over n days.
struct ScaledWindow {
  Span days;
  double factor;
};
ScaledWindow scaled_window(const Signal& signal, const Model& model, std::int64_t as_of, std::int64_t tenure);

// The value of a gauge at as_of (measure.hpp); empty where there is none.
std::optional<double> in_force(const Ledger& ledger, const Model& model, std::int32_t signal, std::int64_t as_of,
                               AccountSize size);
// The value that a signal by_value() counts by: of a gauge in force, or what another signal with a scale adds up to
// over its window; empty where there is none.
std::optional<double> value_of(const Ledger& ledger, const Model& model, std::int32_t signal, std::int64_t as_of,
                               const AccountTerms& terms);
// The value of a signal of measure distinct: the number of members, or their share of the size; empty without a size.
std::optional<double> value_of_members(const Signal& signal, std::int32_t members, AccountSize size);

}  // namespace health
