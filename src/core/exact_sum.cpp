#include "exact_sum.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace health {

Binary binary_of(double value, int least) {
  constexpr int kDigits = 52;  // behind the leading one, which is not stored
  const auto bits = std::bit_cast<std::uint64_t>(std::fabs(value));
  const int exponent = static_cast<int>(bits >> kDigits) - 1023 - kDigits;
  constexpr std::uint64_t kOne = std::uint64_t{1} << kDigits;
  if (exponent >= least) return {(bits & (kOne - 1)) | kOne, exponent};
  return {static_cast<std::uint64_t>(std::round(std::ldexp(std::fabs(value), -least))), least};
}

void add_term(std::span<Limb> sum, UInt128 term, int shift, bool negative) {
  const int bits = shift % 64;
  const UInt128 low = term << bits;
  const Limb parts[] = {static_cast<Limb>(low), static_cast<Limb>(low >> 64),
                        bits == 0 ? 0 : static_cast<Limb>(term >> (128 - bits))};
  UInt128 carry = 0;
  std::size_t part = 0;
  for (auto i = static_cast<std::size_t>(shift / 64); i < sum.size() && (part < std::size(parts) || carry != 0);
       ++i, ++part) {
    const Limb more = part < std::size(parts) ? parts[part] : 0;
    const UInt128 total = negative ? UInt128{sum[i]} - more - carry : UInt128{sum[i]} + more + carry;
    sum[i] = static_cast<Limb>(total);
    carry = (total >> 64) & 1;
  }
}

void add_limbs(std::span<Limb> sum, std::span<const Limb> other) {
  UInt128 carry = 0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    carry += UInt128{sum[i]} + other[i];
    sum[i] = static_cast<Limb>(carry);
    carry >>= 64;
  }
}

Wide magnitude_of(std::span<const Limb> sum) {
  Wide result{};
  const bool negative = static_cast<std::int64_t>(sum.back()) < 0;
  UInt128 carry = negative ? 1 : 0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    carry += negative ? ~sum[i] : sum[i];
    result[i] = static_cast<Limb>(carry);
    carry >>= 64;
  }
  return result;
}

namespace {

int bit_length(const Wide& number) {
  for (std::size_t i = number.size(); i > 0; --i)
    if (number[i - 1] != 0) return static_cast<int>(64 * i) - std::countl_zero(number[i - 1]);
  return 0;
}

void shift_left(Wide* number, int bits) {
  const auto whole = static_cast<std::size_t>(bits / 64);
  const int rest = bits % 64;
  for (std::size_t i = number->size(); i-- > 0;) {
    const Limb high = i >= whole ? (*number)[i - whole] : 0, low = i > whole ? (*number)[i - whole - 1] : 0;
    (*number)[i] = rest == 0 ? high : high << rest | low >> (64 - rest);
  }
}

bool less(const Wide& a, const Wide& b) {
  return std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend());
}

void subtract(Wide* number, const Wide& other) {
  Limb borrow = 0;
  for (std::size_t i = 0; i < number->size(); ++i) {
    const UInt128 rest = UInt128{(*number)[i]} - other[i] - borrow;
    (*number)[i] = static_cast<Limb>(rest);
    borrow = static_cast<Limb>(rest >> 64) & 1;
  }
}

}  // namespace

// Long division, a bit a step. 63 bits at least, the last of them telling whether anything follows, are enough to round
// to 53 correctly.
double quotient(const Wide& whole, const Wide& parts, int exponent) {
  if (whole == Wide{}) return 0;
  Wide dividend = whole, divisor = parts;
  const int shift = bit_length(dividend) - bit_length(divisor);
  shift_left(shift < 0 ? &dividend : &divisor, std::abs(shift));
  std::uint64_t bits = 0;
  for (int i = 0; i < 64; ++i) {
    bits <<= 1;
    if (!less(dividend, divisor)) {
      subtract(&dividend, divisor);
      bits |= 1;
    }
    shift_left(&dividend, 1);
  }
  if (dividend != Wide{}) bits |= 1;
  return std::ldexp(static_cast<double>(bits), exponent + shift - 63);
}

bool at_most(const Wide& number, const Wide& other, std::uint64_t factor, int shift) {
  Wide product = other;
  UInt128 carry = 0;
  for (Limb& limb : product) {
    carry += UInt128{limb} * factor;
    limb = static_cast<Limb>(carry);
    carry >>= 64;
  }
  shift_left(&product, shift);
  return !less(product, number);
}

}  // namespace health
