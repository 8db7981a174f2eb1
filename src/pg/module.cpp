// What the server does when it loads the module.
#include "core/interrupt.hpp"

#include "pg/pg.hpp"

namespace {

// Is there an interrupt that ends the statement, and may it? CHECK_FOR_INTERRUPTS does not return then.
bool statement_is_over() {
  if (!InterruptPending || InterruptHoldoffCount != 0 || CritSectionCount != 0) return false;
  return ProcDiePending || (QueryCancelPending && QueryCancelHoldoffCount == 0);
}

}  // namespace

extern "C" {
HEALTH_MODULE_MAGIC;

PGDLLEXPORT void _PG_init(void);
void _PG_init(void) { health::interrupted = statement_is_over; }
}
