#include "auc.hpp"

#include <algorithm>
#include <cmath>

#include "decimal.hpp"

namespace health {

namespace {

// How many pairs of a kept and a churned account the kept one wins, in halves.
Int128 half_wins(std::span<const Tie> ties) {
  Int128 wins = 0;
  std::int64_t churned_below = 0;
  for (const Tie& tie : ties) {
    wins += Int128{tie.accounts.kept} * (2 * churned_below + tie.accounts.churned);
    churned_below += tie.accounts.churned;
  }
  return wins;
}

// The variances of the placements: of each account, the share of the other group that is on the right side of it.
struct Placements {
  double kept, churned;
};
Placements variances(std::span<const Tie> ties, const ChurnCount& total, double auc) {
  Placements squares{};
  ChurnCount below{};
  for (const auto& [score, at] : ties) {
    const double of_kept =
                     static_cast<double>(2 * below.churned + at.churned) / (2.0 * static_cast<double>(total.churned)),
                 of_churned =
                     1 - static_cast<double>(2 * below.kept + at.kept) / (2.0 * static_cast<double>(total.kept));
    squares.kept += static_cast<double>(at.kept) * (of_kept - auc) * (of_kept - auc);
    squares.churned += static_cast<double>(at.churned) * (of_churned - auc) * (of_churned - auc);
    below += at;
  }
  return {squares.kept / static_cast<double>(total.kept - 1), squares.churned / static_cast<double>(total.churned - 1)};
}

}  // namespace

std::optional<Auc> auc_of(std::span<const Tie> ties) {
  const ChurnCount total = total_of(ties);
  if (total.kept == 0 || total.churned == 0) return std::nullopt;
  const double value = double_of(half_wins(ties)) / double_of(Int128{2} * total.kept * total.churned);
  const std::int64_t fewer = std::min(total.kept, total.churned);
  double variance = 0;
  if (fewer > 1) {
    const Placements of = variances(ties, total, value);
    variance = of.kept / static_cast<double>(total.kept) + of.churned / static_cast<double>(total.churned);
  }
  if (!(variance > 0)) return Auc{value, wilson_interval(value, static_cast<double>(fewer))};
  const double spread = kNormal95 * std::sqrt(variance);
  return Auc{value, {std::max(0.0, value - spread), std::min(1.0, value + spread)}};
}

void write_auc(const Auc& auc, JsonWriter* out) {
  write_rate("auc", auc.value, out);
  write_rate("auc_low", auc.interval.low, out);
  write_rate("auc_high", auc.interval.high, out);
}

}  // namespace health
