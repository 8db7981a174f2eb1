// Exact decimals: integers of a millionth, and short decimal text.
#pragma once

#include <cstdint>
#include <string_view>

namespace health {

using Int128 = __int128;
using UInt128 = unsigned __int128;
using Micros = std::int64_t;  // a number in millionths
inline constexpr std::int64_t kMicro = 1'000'000;

// The nearest double; one instruction where 64 bits hold the number.
inline double double_of(Int128 number) {
  const auto low = static_cast<std::int64_t>(number);
  return low == number ? static_cast<double>(low) : static_cast<double>(number);
}

enum class Parsed { ok, not_a_number, too_precise, out_of_range };

// Plain decimal text such as "-12.5" (no exponent) to millionths. With `round` a seventh decimal is rounded half
// away from zero, without it more than six decimals are too_precise.
Parsed parse_micros(std::string_view text, bool round, Micros* out);

// Plain decimal text to the nearest double; false if the text is not a finite number.
bool parse_double(std::string_view text, double* out);

// value * 1e6, rounded half away from zero; false if it does not fit 64 bits, or is NaN or infinite.
bool micros_of_double(double value, Micros* out);

// Shortest text of a number in millionths, "1.5" or "-3"; at most 22 bytes. Returns the length.
int format_micros(Micros value, char* out);

// The shortest text that reads back as this number, for messages: "0.1", "1e+30", "nan".
struct NumberText {
  explicit NumberText(double value);
  char text[32];
};

// A decimal mantissa * 10^-scale with no trailing zeros behind the point.
struct Decimal {
  std::int64_t mantissa;
  std::int32_t scale;
};
// The nearest decimal with at most `scale` places (0..12), fewer where 64 bits do not hold them all. From 9.2e18 on in
// size the scale is negative and the digits are the fewest that read back as `value`, which is finite.
Decimal decimal_of_double(double value, int scale);

// Throws 22003 on NaN or infinity; -0 becomes 0.
double finite(double value, const char* what);
// Throws 22003 like finite(), and 22023 on a negative number.
double not_negative(double value, const char* what);

}  // namespace health
