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

namespace {

// Where |value - end| is kNormal95 standard errors of an AUC of `end`, on the side of `bound`.
double newcombe_end(double value, double bound, const ChurnCount& total) {
  const double kept = static_cast<double>(total.kept), churned = static_cast<double>(total.churned);
  const double more = (kept + churned) / 2 - 1;
  const auto beyond = [&](double end) {
    const double variance =
        end * (1 - end) * (1 + more * (1 - end) / (2 - end) + more * end / (1 + end)) / (kept * churned);
    return (value - end) * (value - end) > kNormal95 * kNormal95 * variance;
  };
  double inside = value, outside = bound;
  if (!beyond(outside)) return outside;
  constexpr int kHalvings = 60;  // more than a double has digits
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = inside + (outside - inside) / 2;
    (beyond(middle) ? outside : inside) = middle;
  }
  return inside;
}

}  // namespace

std::optional<Auc> auc_of(std::span<const Tie> ties) {
  const ChurnCount total = total_of(ties);
  if (total.kept == 0 || total.churned == 0) return std::nullopt;
  const double value = double_of(half_wins(ties)) / double_of(Int128{2} * total.kept * total.churned);
  double spread = 0;
  if (total.kept > 1 && total.churned > 1) {
    const Placements of = variances(ties, total, value);
    spread = kNormal95 *
             std::sqrt(of.kept / static_cast<double>(total.kept) + of.churned / static_cast<double>(total.churned));
  }
  return Auc{value,
             {std::min(std::max(0.0, value - spread), newcombe_end(value, 0, total)),
              std::max(std::min(1.0, value + spread), newcombe_end(value, 1, total))}};
}

void write_auc(const Auc& auc, JsonWriter* out) {
  write_rate("auc", auc.value, out);
  write_rate("auc_low", auc.interval.low, out);
  write_rate("auc_high", auc.interval.high, out);
}

}  // namespace health
