// How many signals (users, features) of an account were active.
#pragma once

#include "activity.hpp"
#include "patterns.hpp"

namespace health {

// Number of signals with activity on at least min_days days of the span: of those that match, or of all where
// `patterns` is null.
std::int32_t active_count(Bytes activity, Span span, std::int32_t min_days, const NamePatterns* patterns,
                          Memory* memory);

}  // namespace health
