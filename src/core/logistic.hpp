// Logistic regression: the chance of being kept, by features of accounts, with an intercept for each date.
#pragma once

#include <cstdint>

#include "memory.hpp"

namespace health {

// Rows of features, those of one date together.
struct Observations {
  explicit Observations(Memory* memory) : x(memory), kept(memory), group(memory), strata(memory) {}
  std::size_t features = 0;
  Vector<double> x;            // finite, row by row
  Vector<std::uint8_t> kept;   // 1: yes
  Vector<std::uint8_t> group;  // of accounts, for validation
  Vector<std::size_t> strata;  // where the rows of each date begin, and the end
  std::size_t rows() const { return kept.size(); }
  const double* row(std::size_t i) const { return x.data() + i * features; }
};

struct LogisticFit {
  explicit LogisticFit(Memory* memory) : slopes(memory), intercepts(memory), dropped(memory) {}
  Vector<double> slopes;
  Vector<double> intercepts;  // of the strata; 0 of those that say nothing: where nobody was left out or nobody kept
  // A slope of the other sign than that of its feature alone, at the same dates: taken out (0), as nobody could defend
  // it. It happens where another feature says the same.
  Vector<std::uint8_t> dropped;
};

inline constexpr int kNoGroup = -1;

// Ridge: maximizes sum of log likelihoods - penalty * rows / 2 * sum of squared slopes, by Newton's method, over the
// rows that are not of group `without`. The features should have one scale. `fit` is where it begins; it is made
// new where its size differs. With a penalty above 0 there is always one solution, also where features separate who was
// kept, repeat each other or never vary. A. E. Hoerl and R. W. Kennard, Technometrics 12 (1970); S. le Cessie and J. C.
// van Houwelingen, Appl. Statist. 41 (1992).
void fit_logistic(const Observations& of, double penalty, int without, LogisticFit* fit, Memory* memory);

// -2 log likelihood of the rows of one group.
double deviance_of(const Observations& of, const LogisticFit& fit, int group);

}  // namespace health
