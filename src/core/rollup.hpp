// Activities added together: days, accounts or shards into one.
#pragma once

#include "activity.hpp"

namespace health {

Bytes merge_activities(Bytes a, Bytes b, ActivityWriter* writer);
// Throws 22003 where a count or sum over all activities does not fit; sums over some of them need not.
Bytes merge_activities(std::span<const Bytes> activities, ActivityWriter* writer);

}  // namespace health
