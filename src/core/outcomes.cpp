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
    ties.back().accounts.count(outcome.churned);
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

void write_rate(std::string_view key, double rate, JsonWriter* out) { out->number(key, std::round(rate * 1e6) / 1e6); }

void write_counts(std::string_view of, const ChurnCount& accounts, JsonWriter* out) {
  out->number(of, static_cast<double>(accounts.all()));
  out->number("churned", static_cast<double>(accounts.churned));
}

void write_churn_rate(const ChurnCount& accounts, JsonWriter* out) {
  if (accounts.all() == 0) return;
  const Interval interval = churn_interval(accounts);
  write_rate("churn_rate", accounts.churn_rate(), out);
  write_rate("low", interval.low, out);
  write_rate("high", interval.high, out);
}

}  // namespace health
