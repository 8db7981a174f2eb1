// What of an account, besides its activity, bears on its scores: arguments of the functions that score.
#pragma once

#include "core/raw.hpp"
#include "pg/values.hpp"

namespace health {

// A size and, after it, the day an account began; both may be NULL or missing. For use under guarded(), which turns a
// size that is no number into an error.
struct TermsArgument {
  std::optional<double> size;
  std::optional<Day> since;
  AccountTerms terms() const { return {size_of(size), since}; }
  bool started(Day as_of) const { return health::started({{}, since}, as_of); }
};
inline TermsArgument terms_argument(FunctionCallInfo fcinfo, int first) {
  TermsArgument result{optional_float8(fcinfo, first), std::nullopt};
  if (PG_NARGS() > first + 1 && !PG_ARGISNULL(first + 1)) result.since = day_of_bound(PG_GETARG_DATEADT(first + 1));
  return result;
}

}  // namespace health
