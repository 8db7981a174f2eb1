#include "pg/guard.hpp"

#include <cstring>

namespace health {

void raise(const Failure& failure) {
  const char* state = failure.sqlstate;
  if (std::strcmp(state, kInterrupted) == 0) CHECK_FOR_INTERRUPTS();  // which knows who interrupts and why
  ereport(ERROR, (errcode(MAKE_SQLSTATE(state[0], state[1], state[2], state[3], state[4])),
                  errmsg_internal("%s", failure.message), failure.hint[0] != '\0' ? errhint("%s", failure.hint) : 0));
  pg_unreachable();
}

}  // namespace health
