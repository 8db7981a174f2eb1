// The area under the ROC curve: how well scores tell who stayed from who churned.
#pragma once

#include <optional>

#include "outcomes.hpp"

namespace health {

struct Auc {
  // The chance that an account that was kept scores above one that churned, ties one half: 0.5 where scores know
  // nothing, 1 where all kept ones lie above.
  double value;
  // At 95 %: E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, Biometrics 44 (1988), cut to 0..1. Where that says
  // nothing, since a group has one account or no pair is lost or won or each is tied, it is Wilson's interval of a
  // share of as many trials as the smaller group has accounts.
  Interval interval;
};
// Nothing where nobody churned, or everybody.
std::optional<Auc> auc_of(std::span<const Tie> ties);

void write_auc(const Auc& auc, JsonWriter* out);  // auc, auc_low, auc_high

}  // namespace health
