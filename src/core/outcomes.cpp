#include "outcomes.hpp"

#include <algorithm>
#include <cmath>

#include "interrupt.hpp"

namespace health {

Vector<Tie> ties_of(std::span<const Outcome> outcomes, Memory* memory) {
  Vector<Outcome> sorted(outcomes.begin(), outcomes.end(), memory);
  Pulse pulse(memory);
  std::sort(sorted.begin(), sorted.end(),
            pulse.during([](const Outcome& a, const Outcome& b) { return a.score < b.score; }));
  Vector<Tie> ties(memory);
  for (const Outcome& outcome : sorted) {
    if (ties.empty() || ties.back().score != outcome.score) ties.push_back({outcome.score, {}});
    ++(outcome.churned ? ties.back().accounts.churned : ties.back().accounts.kept);
  }
  return ties;
}

ChurnCount total_of(std::span<const Tie> ties) {
  ChurnCount total{};
  for (const Tie& tie : ties) total += tie.accounts;
  return total;
}

Interval wilson_interval(double share, double trials) {
  const double z2 = kNormal95 * kNormal95 / trials;
  const double middle = share + z2 / 2, spread = std::sqrt(z2 * (share * (1 - share) + z2 / 4));
  return {share <= 0 ? 0 : (middle - spread) / (1 + z2), share >= 1 ? 1 : (middle + spread) / (1 + z2)};
}

}  // namespace health
