// Errors of the core: one exception type that carries what PostgreSQL needs for its error report.
//
// The core throws; the binding catches at one place (src/pg/guard.hpp) and raises with no C++ object alive.
#pragma once

#include <algorithm>
#include <string_view>

namespace health {

// The SQLSTATEs the core can end with.
inline constexpr char kInvalidParameter[] = "22023";  // an argument or a model option is wrong
inline constexpr char kInvalidText[] = "22P02";       // text form of an activity is malformed
inline constexpr char kInvalidBinary[] = "22P03";     // binary form of an activity is malformed
inline constexpr char kUntranslatable[] = "22P05";    // a letter that the database's encoding may not have
inline constexpr char kOutOfRange[] = "22003";        // a number does not fit
inline constexpr char kInvalidTime[] = "22007";       // text that is no date and no date with time
inline constexpr char kDateOutOfRange[] = "22008";    // a day outside 1970..2199
inline constexpr char kTooLarge[] = "54000";          // a documented limit is passed
inline constexpr char kInterrupted[] = "57014";       // the caller has canceled (interrupt.hpp)
inline constexpr char kCorrupt[] = "XX001";           // stored bytes that this extension cannot have written

// What to do about a stored value of a version that is not known here.
inline constexpr char kNewerHint[] =
    "A newer version of health_score may have written it: install that on this server, too.";

struct Failure {
  char sqlstate[6];
  char message[512];
  char hint[1024];  // empty: no hint
};

// Throws a Failure with a printf-style message. Messages and quotations that are too long are cut at a byte, perhaps
// within a character; the binding, which knows the encoding, drops incomplete characters (src/pg/guard.cpp).
[[noreturn]] void fail(const char* sqlstate, const char* hint, const char* format, ...)
    __attribute__((format(printf, 3, 4)));

// How many bytes of a name a message quotes, as %.*s takes it. UTF-8 is cut between characters, since in a database of
// encoding SQL_ASCII the binding cannot tell what is incomplete.
inline int shown(std::string_view name, std::size_t most = 100) {
  std::size_t length = std::min(name.size(), most);
  constexpr int kContinuations = 3;  // most bytes of a character after its first one
  for (int i = 0; i < kContinuations && length < name.size() && length > 0 && (name[length] & 0xC0) == 0x80; ++i)
    --length;
  return static_cast<int>(length);
}

}  // namespace health
