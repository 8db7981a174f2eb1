// Collecting the raw scores of a group or of a partition for a baseline.
#pragma once

#include "core/baseline.hpp"
#include "pg/plain_list.hpp"
#include "pg/values.hpp"

namespace health {

using Numbers = PlainList<double>;

// Takes a raw score where it is eligible; raises 22003 on NaN or infinity.
inline void collect(Numbers* raws, double raw, const BaselineTerms& terms, MemoryContext context) {
  raw = finite_argument(raw, "raw score");
  if (eligible(raw, terms)) raws->add(raw, context);
}

}  // namespace health
