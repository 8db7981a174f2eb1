// Activities added together: days, accounts or shards into one.
#pragma once

#include "activity.hpp"

namespace health {

Bytes merge_activities(Bytes a, Bytes b, ActivityWriter* writer);
// Any number of them; only the sums of all must fit.
Bytes merge_activities(std::span<const Bytes> activities, ActivityWriter* writer);

}  // namespace health
