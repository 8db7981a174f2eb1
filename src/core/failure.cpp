#include "failure.hpp"

#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace health {

std::size_t utf8_prefix(const char* text, std::size_t length, std::size_t limit) {
  if (length <= limit) return length;
  std::size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return end;
}

void fail(const char* sqlstate, const char* hint, const char* format, ...) {
  Failure failure{};
  std::snprintf(failure.sqlstate, sizeof failure.sqlstate, "%s", sqlstate);
  char text[1024];
  std::va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  std::size_t kept = utf8_prefix(text, std::strlen(text), sizeof failure.message - 1);
  std::memcpy(failure.message, text, kept);
  if (hint != nullptr) {
    kept = utf8_prefix(hint, std::strlen(hint), sizeof failure.hint - 1);
    std::memcpy(failure.hint, hint, kept);
  }
  throw failure;
}

}  // namespace health
