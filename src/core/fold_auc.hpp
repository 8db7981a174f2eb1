// The AUC of scores that are compared within a date, and how sure it is, from its spread between folds of accounts.
#pragma once

#include <optional>

#include "auc.hpp"
#include "folds.hpp"

namespace health {

struct FoldedScore {
  double score;
  std::int32_t fold;
  bool churned;
};

// Pairs of a kept and a churned account: won by the kept one, in halves, and all.
struct PairsWon {
  double half_wins = 0, pairs = 0;
  double auc() const { return half_wins / (2 * pairs); }
  PairsWon& operator+=(const PairsWon& other);
};
// All pairs within a date, and those within a fold.
struct FoldAuc {
  PairsWon all;
  PairsWon by_fold[Folds::kMostFolds];
  FoldAuc& operator+=(const FoldAuc& other);
};
// Of the scores of one date, which are sorted.
FoldAuc fold_auc_of(std::span<FoldedScore> scores, Memory* memory);

// How many standard errors of a mean of so many numbers its interval at 95 % reaches, both ways: Student's t; infinite
// for less than two.
double student95(int numbers);

// Mean and standard error of a number of each fold; folds of which it is not known are left out.
struct FoldSpread {
  double mean = 0, error = 0;
  int folds = 0;
  // Half of the interval at 95 %, by Student's t; infinite of one fold and of none.
  double reach() const;
};
FoldSpread spread_of(const FoldAuc& auc, int folds);
// How much `b` is above `a`, fold by fold.
FoldSpread gain_of(const FoldAuc& a, const FoldAuc& b, int folds);

// Both there must be pairs. At least Newcombe's interval of as many accounts (auc.hpp), since few folds may be all the
// same.
Interval auc_interval(const FoldAuc& auc, int folds, const ChurnCount& accounts);
// Where all folds gain the same, of Newcombe's intervals of both, as if they were of other accounts: G. Y. Zou and A.
// Donner, Statist. Med. 27 (2008).
Interval gain_interval(const FoldAuc& a, const FoldAuc& b, int folds, const ChurnCount& accounts);

void write_gain(double gain, const Interval& interval, JsonWriter* out);  // gain, gain_low, gain_high

// Why no other model is proposed than the given one, as documents say it.
inline constexpr char kTooFew[] = "too few accounts left or stayed", kNoGain[] = "no gain beyond chance";

}  // namespace health
