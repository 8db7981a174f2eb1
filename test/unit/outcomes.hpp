// Random outcomes, for the tests of what is made of them.
#pragma once

#include "core/outcomes.hpp"
#include "support.hpp"

namespace health {

// Up to `most` outcomes, often with ties, at times all of one kind.
inline std::vector<Outcome> random_outcomes(Random* random, int most) {
  const bool ties = random->one_in(2);
  const double risk = random->one_in(8) ? static_cast<double>(random->between(0, 1)) : random->real(0.02, 0.98),
               slope = random->real(-1, 1);
  std::vector<Outcome> outcomes;
  for (auto n = random->between(1, most); n > 0; --n) {
    const double score = ties ? static_cast<double>(random->between(0, 12)) * 8 : random->real(0, 100);
    outcomes.push_back({score, random->real(0, 1) < risk + slope * (score - 50) / 100});
  }
  return outcomes;
}

}  // namespace health
