#include "pg/guard.hpp"

#include <cstring>

namespace health {

namespace {

// The core cuts texts at a byte, perhaps within a character: drops what is left of such characters.
void drop_cut_characters(char* text) {
  char* out = text;
  const char* from = text;
  for (int left = static_cast<int>(std::strlen(text)); left > 0;) {
    const int whole = pg_encoding_verifymbstr(GetDatabaseEncoding(), from, left);
    std::memmove(out, from, static_cast<std::size_t>(whole));
    out += whole;
    from += whole + 1;
    left -= whole + 1;
  }
  *out = '\0';
}

}  // namespace

void raise(const Failure& thrown) {
  Failure failure = thrown;
  drop_cut_characters(failure.message);
  drop_cut_characters(failure.hint);
  const char* state = failure.sqlstate;
  if (std::strcmp(state, kInterrupted) == 0) CHECK_FOR_INTERRUPTS();  // raises the reason
  ereport(ERROR, (errcode(MAKE_SQLSTATE(state[0], state[1], state[2], state[3], state[4])),
                  errmsg_internal("%s", failure.message), failure.hint[0] != '\0' ? errhint("%s", failure.hint) : 0));
  pg_unreachable();
}

}  // namespace health
