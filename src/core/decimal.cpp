#include "decimal.hpp"

#include "failure.hpp"

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

namespace health {

Parsed parse_micros(std::string_view text, bool round, Micros* out) {
  std::size_t i = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (negative || (!text.empty() && text[0] == '+')) ++i;
  const Int128 most = Int128{std::numeric_limits<Micros>::max()} + (negative ? 1 : 0);
  Int128 total = 0;
  bool any = false, point = false, round_up = false;
  int decimals = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9') return Parsed::not_a_number;
    any = true;
    if (point && ++decimals > 6) {
      if (c != '0' && !round) return Parsed::too_precise;
      if (decimals == 7) round_up = c >= '5';
      continue;
    }
    total = total * 10 + (c - '0');
    if (total > most) return Parsed::out_of_range;
  }
  if (!any) return Parsed::not_a_number;
  for (; decimals < 6; ++decimals) total *= 10;
  total += round_up ? 1 : 0;
  if (total > most) return Parsed::out_of_range;
  *out = static_cast<Micros>(negative ? -total : total);
  return Parsed::ok;
}

bool parse_double(std::string_view text, double* out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(*out);
}

bool micros_of_double(double value, Micros* out) {
  constexpr double kMost = 9.3e12;  // 9.2e12 is the most that fits
  if (!(std::fabs(value) < kMost)) return false;
  // The fraction apart: a large value * 1e6 would be rounded to a double before it is rounded to an integer.
  const double whole = std::trunc(value), rest = std::round((value - whole) * 1e6);
  const Int128 micros = Int128{static_cast<std::int64_t>(whole)} * kMicro + static_cast<std::int64_t>(rest);
  *out = static_cast<Micros>(micros);
  return *out == micros;
}

int format_micros(Micros value, char* out) {
  const bool negative = value < 0;
  std::uint64_t magnitude = negative ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  char* p = out;
  if (negative) *p++ = '-';
  p = std::to_chars(p, p + 20, magnitude / kMicro).ptr;
  std::uint64_t rest = magnitude % kMicro;
  if (rest != 0) {
    *p++ = '.';
    for (std::uint64_t unit = kMicro / 10; rest != 0; unit /= 10) {
      *p++ = static_cast<char>('0' + rest / unit);
      rest %= unit;
    }
  }
  return static_cast<int>(p - out);
}

NumberText::NumberText(double value) { *std::to_chars(text, text + sizeof text - 1, value).ptr = '\0'; }

namespace {

// "d.ddde+xx", the shortest text of a number, as an integer and a power of ten.
Decimal shortest_decimal(double value) {
  char text[32];
  const char* const end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
  Decimal decimal{0, 0};
  const char* p = text + (value < 0 ? 1 : 0);
  for (bool point = false; *p != 'e'; ++p) {
    if (*p == '.') {
      point = true;
      continue;
    }
    decimal.mantissa = decimal.mantissa * 10 + (*p - '0');
    decimal.scale += point ? 1 : 0;
  }
  std::int32_t exponent = 0;
  std::from_chars(p + 2, end, exponent);  // behind "e+"
  decimal.scale -= exponent;
  if (value < 0) decimal.mantissa = -decimal.mantissa;
  return decimal;
}

}  // namespace

Decimal decimal_of_double(double value, int scale) {
  static constexpr double kPowers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12};
  constexpr double kLimit = 9.2e18;
  if (!(std::fabs(value) < kLimit)) return shortest_decimal(value);
  // Most numbers of a report are whole: counts, nothing gained, nothing lost.
  if (const auto whole = static_cast<std::int64_t>(value); static_cast<double>(whole) == value) return {whole, 0};
  while (scale > 0 && !(std::fabs(value) * kPowers[scale] < kLimit)) --scale;
  Decimal decimal{static_cast<std::int64_t>(std::round(value * kPowers[scale])), scale};
  while (decimal.scale > 0 && decimal.mantissa % 10 == 0) {
    decimal.mantissa /= 10;
    --decimal.scale;
  }
  return decimal;
}

double finite(double value, const char* what) {
  if (!std::isfinite(value))
    fail(kOutOfRange, "Filter such rows out, or pass NULL for them.", "%s must be a finite number", what);
  return value + 0.0;
}

double not_negative(double value, const char* what) {
  if (finite(value, what) < 0)
    fail(kInvalidParameter, "Pass how many points, as a positive number.", "%s below 0", what);
  return value + 0.0;
}

}  // namespace health
