#include "pg/guard.hpp"

namespace health {

void raise(const Failure& failure) {
  const char* state = failure.sqlstate;
  ereport(ERROR, (errcode(MAKE_SQLSTATE(state[0], state[1], state[2], state[3], state[4])),
                  errmsg_internal("%s", failure.message), failure.hint[0] != '\0' ? errhint("%s", failure.hint) : 0));
  pg_unreachable();
}

}  // namespace health
