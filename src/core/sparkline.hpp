// A line of blocks for a series of scores, on the fixed scale 0..100, so that lines compare.
#pragma once

#include "memory.hpp"

namespace health {

// Appends the block of a score (clamped to 0..100), or a space for a missing reading. UTF-8.
void append_spark(ByteString* out, bool known, double score);

}  // namespace health
