// Days of an activity replaced by those of another one, or dropped.
#pragma once

#include "activity.hpp"

namespace health {

// Days >= from_day replaced by those of `tail`; days of `tail` before it are ignored.
Bytes splice_activity(Bytes activity, Bytes tail, Day from_day, ActivityWriter* writer);
// Days before from_day dropped.
Bytes trim_activity(Bytes activity, Day from_day, ActivityWriter* writer);

}  // namespace health
