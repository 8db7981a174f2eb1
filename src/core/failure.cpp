#include "failure.hpp"

#include <cstdarg>
#include <cstdio>

namespace health {

void fail(const char* sqlstate, const char* hint, const char* format, ...) {
  Failure failure{};
  std::snprintf(failure.sqlstate, sizeof failure.sqlstate, "%s", sqlstate);
  std::va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(failure.message, sizeof failure.message, format, arguments);
  va_end(arguments);
  std::snprintf(failure.hint, sizeof failure.hint, "%s", hint != nullptr ? hint : "");
  throw failure;
}

}  // namespace health
