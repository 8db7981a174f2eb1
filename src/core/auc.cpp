#include "auc.hpp"

#include <algorithm>
#include <cmath>

#include "decimal.hpp"
#include "interrupt.hpp"

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

// Where |value - end| is kNormal95 standard errors of an AUC of `end`, on the side of `bound`.
double newcombe_end(double value, double bound, const ChurnCount& total) {
  const auto kept = static_cast<double>(total.kept), churned = static_cast<double>(total.churned);
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

Auc with_interval(double value, double variance, const ChurnCount& accounts) {
  return {value, auc_interval(value, kNormal95 * std::sqrt(variance), accounts)};
}

// The outcomes of one account: how many, and the sums of their placements, in halves of outcomes.
struct AccountPlacements {
  ChurnCount outcomes;
  std::int64_t kept, churned;
};

void add_placements(std::span<const AccountOutcome> sorted, const ChurnCount& total, std::span<AccountPlacements> to,
                    Pulse* pulse) {
  ChurnCount below{};
  for (auto tie = sorted.begin(); tie != sorted.end();) {
    ChurnCount at{};
    auto past = tie;
    for (; past != sorted.end() && past->score == tie->score; ++past) at.count(past->churned);
    for (; tie != past; ++tie) {
      pulse->beat();
      AccountPlacements& of = to[tie->account];
      of.outcomes.count(tie->churned);
      if (tie->churned) of.churned += 2 * (total.kept - below.kept) - at.kept;
      else of.kept += 2 * below.churned + at.churned;
    }
    below += at;
  }
}

// S10 / M + S01 / N + 2 S11 / (M N), as there, M and N being the outcomes of each kind and `with` the accounts that
// have such.
double obuchowski_variance(std::span<const AccountPlacements> accounts, const ChurnCount& with, const ChurnCount& total,
                           double auc) {
  const auto more = [](std::int64_t n) { return static_cast<double>(n) / static_cast<double>(n - 1); };
  const auto kept = static_cast<double>(total.kept), churned = static_cast<double>(total.churned);
  double squares_kept = 0, squares_churned = 0, products = 0;
  std::int64_t count = 0;
  for (const AccountPlacements& of : accounts) {
    if (of.outcomes.all() == 0) continue;
    ++count;
    const double k = static_cast<double>(of.kept) / (2 * churned) - static_cast<double>(of.outcomes.kept) * auc;
    const double c = static_cast<double>(of.churned) / (2 * kept) - static_cast<double>(of.outcomes.churned) * auc;
    squares_kept += k * k;
    squares_churned += c * c;
    products += k * c;
  }
  return std::max(0.0, more(with.kept) * squares_kept / (kept * kept) +
                           more(with.churned) * squares_churned / (churned * churned) +
                           2 * more(count) * products / (kept * churned));
}

}  // namespace

Interval newcombe_interval(double auc, const ChurnCount& accounts) {
  return {newcombe_end(auc, 0, accounts), newcombe_end(auc, 1, accounts)};
}

Interval auc_interval(double auc, double reach, const ChurnCount& accounts) {
  const Interval newcombe = newcombe_interval(auc, accounts);
  return {std::min(std::max(0.0, auc - reach), newcombe.low), std::max(std::min(1.0, auc + reach), newcombe.high)};
}

std::optional<Auc> auc_of(std::span<const Tie> ties) {
  const ChurnCount total = total_of(ties);
  if (total.kept == 0 || total.churned == 0) return std::nullopt;
  const double value = double_of(half_wins(ties)) / double_of(Int128{2} * total.kept * total.churned);
  double variance = 0;
  if (total.kept > 1 && total.churned > 1) {
    const Placements of = variances(ties, total, value);
    variance = of.kept / static_cast<double>(total.kept) + of.churned / static_cast<double>(total.churned);
  }
  return with_interval(value, variance, total);
}

std::optional<Auc> auc_of_accounts(std::span<AccountOutcome> outcomes, std::size_t accounts, Memory* memory) {
  Pulse pulse(memory);
  std::sort(outcomes.begin(), outcomes.end(),
            pulse.during([](const AccountOutcome& a, const AccountOutcome& b) { return a.score < b.score; }));
  ChurnCount total{};
  for (const AccountOutcome& outcome : outcomes) total.count(outcome.churned);
  if (total.kept == 0 || total.churned == 0) return std::nullopt;
  Vector<AccountPlacements> placements(accounts, AccountPlacements{}, memory);
  add_placements(outcomes, total, placements, &pulse);
  Int128 wins = 0;
  ChurnCount with{};
  for (const AccountPlacements& of : placements) {
    wins += of.kept;
    with.kept += of.outcomes.kept > 0 ? 1 : 0;
    with.churned += of.outcomes.churned > 0 ? 1 : 0;
  }
  const double value = double_of(wins) / double_of(Int128{2} * total.kept * total.churned);
  const bool varied = with.kept > 1 && with.churned > 1;
  return with_interval(value, varied ? obuchowski_variance(placements, with, total, value) : 0, with);
}

void write_auc(const Auc& auc, JsonWriter* out) {
  write_rate("auc", auc.value, out);
  write_rate("auc_low", auc.interval.low, out);
  write_rate("auc_high", auc.interval.high, out);
}

}  // namespace health
