#include "composite.hpp"

#include <cmath>

namespace health {

void Composite::add(bool has_score, double score, double weight) {
  constexpr double kMost = 1e9;
  Micros micros = 0;
  if (!(weight >= 0 && weight <= kMost) || !micros_of_double(weight, &micros))
    fail(kInvalidParameter, "Use a number from 0 to 1e9.", "invalid weight: %g", weight);
  all += micros;
  if (!has_score) return;
  if (!(std::fabs(score) <= kMost))
    fail(kOutOfRange, "Filter such rows out, or pass NULL for a missing score.", "invalid score: %g", score);
  add(Composite{static_cast<Int128>(std::round(score * 1e12)) * micros, micros, 0});
}

void Composite::add(const Composite& other) {
  if (__builtin_add_overflow(weighted, other.weighted, &weighted))
    fail(kOutOfRange, "Use smaller weights.", "weighted sum out of range");
  scored += other.scored;
  all += other.all;
}

}  // namespace health
