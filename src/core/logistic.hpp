// Logistic regression: the chance of being kept, by features of accounts, with an intercept for each date.
#pragma once

#include <cstdint>

#include "memory.hpp"

namespace health {

// Rows of features, those of one date together.
struct Observations {
  Observations(std::size_t of_each, Memory* memory)
      : features(of_each), x(memory), kept(memory), group(memory), strata(memory) {}
  void add_row(std::span<const double> values, bool was_kept, int of_group) {
    x.insert(x.end(), values.begin(), values.end());
    x.resize((rows() + 1) * width());
    kept.push_back(was_kept ? 1 : 0);
    group.push_back(static_cast<std::uint8_t>(of_group));
  }
  std::size_t rows() const { return kept.size(); }
  const double* row(std::size_t i) const { return x.data() + i * width(); }
  std::size_t width() const { return (features + kLanes - 1) / kLanes * kLanes; }

  static constexpr std::size_t kLanes = 4;
  std::size_t features;
  Vector<double> x;            // finite, row by row, each filled up with 0 to whole lanes of the processor
  Vector<std::uint8_t> kept;   // 1: yes
  Vector<std::uint8_t> group;  // of accounts, for validation
  Vector<std::size_t> strata;  // where the rows of each date begin, and the end
};

struct LogisticFit {
  explicit LogisticFit(Memory* memory) : slopes(memory), intercepts(memory), dropped(memory) {}
  Vector<double> slopes;
  Vector<double> intercepts;  // of the strata; 0 of those that say nothing: where nobody was left out or nobody kept
  // A slope of another sign than that of its feature alone, at the same dates: taken out (0), as nobody could defend
  // it. It happens where another feature says the same, or where the feature alone says nothing.
  Vector<std::uint8_t> dropped;
};

inline constexpr int kNoGroup = -1;

// Ridge: maximizes sum of log likelihoods - penalty * rows / 2 * sum of squared slopes, by Newton's method, over the
// rows that are not of group `without`. The features should have one scale. `fit` is where it begins; it is made
// new where its size differs. With a penalty above 0 there is always one solution, also where features separate who was
// kept, repeat each other or never vary. `near`: how much the likelihood of a row may still rise, on average, where the
// last step begins. A. E. Hoerl and R. W. Kennard, Technometrics 12 (1970); S. le Cessie and
// J. C. van Houwelingen, Appl. Statist. 41 (1992).
void fit_logistic(const Observations& of, double penalty, int without, LogisticFit* fit, Memory* memory,
                  double near = 1e-13);

// -2 log likelihood of the rows of one group.
double deviance_of(const Observations& of, const LogisticFit& fit, int group);

}  // namespace health
