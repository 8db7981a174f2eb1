#include "pg/shared.hpp"

#include <cstring>

namespace health {

void raise_mixed(const char* what, const char* rows) {
  const bool group = std::strcmp(rows, "group") == 0;
  ereport(ERROR,
          (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("%s differs between rows of one %s", what, rows),
           errhint("Add it to %sPARTITION BY, so that every %s has one %s.", group ? "GROUP BY or " : "", rows, what)));
  pg_unreachable();
}

}  // namespace health
