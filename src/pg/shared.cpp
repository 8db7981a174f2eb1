#include "pg/shared.hpp"

#include <cstring>

namespace health {

void raise_mixed(const char* what, const char* rows) {
  const bool group = std::strcmp(rows, "group") == 0;
  ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("%s differs between rows of one %s", what, rows),
                  errhint("Choose one %s by WHERE, or add it to %sPARTITION BY.", what, group ? "GROUP BY or " : "")));
  pg_unreachable();
}

}  // namespace health
