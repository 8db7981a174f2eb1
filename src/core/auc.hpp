// The area under the ROC curve: how well scores tell who stayed from who churned.
#pragma once

#include <optional>

#include "outcomes.hpp"

namespace health {

// The chance that an account that was kept scores above one that churned, ties one half: 0.5 where scores know nothing,
// 1 where all kept ones lie above. Nothing where either group is empty.
std::optional<double> auc_of(std::span<const Tie> ties);

// Its interval at 95 %: E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, Biometrics 44 (1988), cut to 0..1. Where
// that says nothing, since a group has one account or no pair is lost or won or each is tied, it is Wilson's interval
// of a share of as many trials as the smaller group has accounts.
std::optional<Interval> auc_interval(std::span<const Tie> ties);

}  // namespace health
