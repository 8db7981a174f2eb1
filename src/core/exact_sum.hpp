// Sums of floating-point numbers without rounding: integers wide enough for every bit of every term, so that neither
// order nor partition of the terms shows (a small form of Kulisch's long accumulator).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "decimal.hpp"

namespace health {

using Limb = std::uint64_t;
// A magnitude, least limb first. It is passed by reference: g++ 14 drops zeros of one that a function returns into the
// place of an argument (-O2 with other functions beside, or -O3).
using Wide = std::array<Limb, 8>;

// mantissa * 2^exponent; mantissa < 2^53.
struct Binary {
  std::uint64_t mantissa;
  int exponent;
};
// |value|, exactly where it has no bit below 2^least, else the nearest multiple of that. `value` is finite, `least`
// above -1075.
Binary binary_of(double value, int least);

// sum += or -= term * 2^shift, shift >= 0. What does not fit into the limbs is lost.
void add_term(std::span<Limb> sum, UInt128 term, int shift, bool negative);
void add_limbs(std::span<Limb> sum, std::span<const Limb> other);
Wide magnitude_of(std::span<const Limb> sum);

// The double nearest to dividend / divisor * 2^exponent, ties to even: the bits of the exact quotient. Both are below
// 2^511, the divisor is not 0, and the result is neither too large nor too small for a normal double.
double quotient(const Wide& dividend, const Wide& divisor, int exponent);
// number <= other * factor * 2^shift, which is below 2^512.
bool at_most(const Wide& number, const Wide& other, std::uint64_t factor, int shift);

// A sum in multiples of 2^place, two's complement in 64 * limbs bits. Terms need no bit below that place; the caller
// keeps the total in range.
template <std::size_t limbs, int place>
struct ExactSum {
  static_assert(limbs <= std::tuple_size_v<Wide>);
  std::array<Limb, limbs> bits;

  void add(UInt128 term, int exponent, bool negative) { add_term(bits, term, exponent - place, negative); }
  void add(const ExactSum& other) { add_limbs(bits, other.bits); }
  bool negative() const { return static_cast<std::int64_t>(bits[limbs - 1]) < 0; }
  bool operator==(const ExactSum&) const = default;
  // Whether a sum that is not negative is below 2^exponent; that bit must lie in its last limb.
  bool below(int exponent) const { return bits[limbs - 1] >> (exponent - place - 64 * (limbs - 1)) == 0; }
  Wide magnitude() const { return magnitude_of(bits); }
};

}  // namespace health
