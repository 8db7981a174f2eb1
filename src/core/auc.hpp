// The area under the ROC curve: how well scores tell who stayed from who churned.
#pragma once

#include <optional>

#include "outcomes.hpp"

namespace health {

struct Auc {
  // The chance that an account that was kept scores above one that churned, ties one half: 0.5 where scores know
  // nothing, 1 where all kept ones lie above.
  double value;
  // At 95 %: that of E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, Biometrics 44 (1988), cut to 0..1, and at
  // least that of R. G. Newcombe, Statist. Med. 25 (2006), method 5. DeLong's alone misses the true value in up to a
  // third of the samples where few churned or the scores tell all; of hundreds in each group the two are the same.
  Interval interval;
};
// Nothing where nobody churned, or everybody.
std::optional<Auc> auc_of(std::span<const Tie> ties);

// Newcombe's interval of an AUC of so many accounts.
Interval newcombe_interval(double auc, const ChurnCount& accounts);
// As far as `reach` on both sides, cut to 0..1, and at least that of Newcombe.
Interval auc_interval(double auc, double reach, const ChurnCount& accounts);

// An outcome of one of some accounts, 0, 1, ..., that may have several: at several dates.
struct AccountOutcome {
  double score;
  std::uint32_t account;
  bool churned;
};
// auc_of() where outcomes of one account hang together. DeLong's interval becomes that of N. A. Obuchowski, Biometrics
// 53 (1997), which with one outcome an account is the same; Newcombe's is of as many as there are accounts with an
// outcome of the kind, as if further outcomes of an account told nothing new, which is the least that they tell. Sorts
// the outcomes.
std::optional<Auc> auc_of_accounts(std::span<AccountOutcome> outcomes, std::size_t accounts, Memory* memory);

void write_auc(const Auc& auc, JsonWriter* out);  // auc, auc_low, auc_high

}  // namespace health
