// Signals taken out of an activity: the erasure of a user, a signal that nobody needs any more.
#pragma once

#include "activity.hpp"

namespace health {

// Without the signals that match a pattern (patterns.hpp).
Bytes activity_without(Bytes activity, std::span<const std::string_view> patterns, ActivityWriter* writer);

}  // namespace health
