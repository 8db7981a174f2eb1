#include "core/exact_sum.hpp"

#include <cmath>

#include "long_integer.hpp"
#include "support.hpp"

namespace health {
namespace {

using Sum = ExactSum<8, -312>;

LongInteger integer_of(const Wide& limbs) {
  LongInteger result;
  for (std::size_t i = limbs.size(); i-- > 0;) result = result.shifted(64) + LongInteger(limbs[i]);
  return result;
}

Limb random_limb(Random* random) {
  return static_cast<Limb>(random->between(0, 0xFFFFFFFF)) << 32 | static_cast<Limb>(random->between(0, 0xFFFFFFFF));
}

// A double with its last bit at 2^least or above, of any size below 2^most.
double random_double(Random* random, int least, int most) {
  const int exponent = static_cast<int>(random->between(least, most - 53));
  return std::ldexp(static_cast<double>(random->between(1, (std::int64_t{1} << 53) - 1)), exponent);
}

TEST(ExactSum, OfADoubleAreAllItsBits) {
  Random random(1);
  for (int i = 0; i < rounds(20'000); ++i) {
    const double value = random_double(&random, -152, 100);
    const Binary binary = binary_of(random.one_in(2) ? value : -value, -152);
    ASSERT_GE(binary.exponent, -152);
    ASSERT_LT(binary.mantissa, std::uint64_t{1} << 53);
    ASSERT_EQ(std::ldexp(static_cast<double>(binary.mantissa), binary.exponent), value);
  }
}

TEST(ExactSum, BitsBelowThePlaceRoundToTheNearest) {
  const struct {
    double value;
    std::uint64_t mantissa;
  } cases[] = {{0x1p-160, 1}, {0x1p-161, 1}, {0x1.fp-162, 0}, {0x1.8p-160, 2}, {5e-324, 0}, {0, 0}, {0x1.4p-158, 5}};
  for (const auto& [value, mantissa] : cases) {
    const Binary binary = binary_of(value, -160);
    EXPECT_EQ(std::ldexp(static_cast<double>(binary.mantissa), binary.exponent),
              std::ldexp(static_cast<double>(mantissa), -160))
        << value;
  }
}

TEST(ExactSum, SumsAreThoseOfLongIntegers) {
  Random random(2);
  for (int round = 0; round < rounds(2'000); ++round) {
    Sum sum{};
    LongInteger positive, negative;
    for (auto n = random.between(1, 30); n > 0; --n) {
      const auto a = static_cast<std::uint64_t>(random.between(0, (std::int64_t{1} << 53) - 1)),
                 b = static_cast<std::uint64_t>(random.between(0, (std::int64_t{1} << 53) - 1));
      const int exponent = static_cast<int>(random.between(-312, 20));
      const bool minus = random.one_in(2);
      sum.add(UInt128{a} * b, exponent, minus);
      LongInteger* side = minus ? &negative : &positive;
      *side = *side + (LongInteger(a) * LongInteger(b)).shifted(exponent + 312);
    }
    ASSERT_EQ(sum.negative(), positive < negative);
    const LongInteger size = positive < negative ? negative - positive : positive - negative;
    ASSERT_TRUE(integer_of(sum.magnitude()) == size) << "round " << round;
  }
}

TEST(ExactSum, QuotientIsTheNearestDouble) {
  Random random(3);
  int halves = 0;
  for (int round = 0; round < rounds(5'000); ++round) {
    Wide dividend{}, divisor{};
    const auto limbs = static_cast<std::size_t>(random.between(1, 8)),
               others = static_cast<std::size_t>(random.between(1, 5));
    const auto fill = [&](Wide* number, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i)
        (*number)[i] = random.one_in(4) ? (random.one_in(2) ? ~Limb{0} : 0) : random_limb(&random);
    };
    fill(&dividend, limbs);
    fill(&divisor, others);
    dividend[7] >>= 1;
    divisor[0] |= 1;
    if (random.one_in(4)) {  // a quotient that ends half way between two doubles
      divisor = {static_cast<Limb>(random.between(1, 1000))};
      const auto odd = static_cast<Limb>(random.between(std::int64_t{1} << 53, (std::int64_t{1} << 54) - 1)) | 1;
      dividend = {};
      add_term(dividend, UInt128{odd} * divisor[0], static_cast<int>(random.between(0, 300)), false);
      ++halves;
    }
    const double result = quotient(dividend, divisor, 0);
    if (dividend == Wide{}) {
      ASSERT_EQ(result, 0);
      continue;
    }
    // |dividend - result * divisor| <= half a unit of the result's last place * divisor; at a tie the result is even.
    int exponent = 0;
    const double fraction = std::frexp(result, &exponent);
    const auto mantissa = static_cast<std::uint64_t>(std::ldexp(fraction, 53));
    exponent -= 53 + 1;  // in halves of that unit
    const LongInteger unit = integer_of(divisor).shifted(std::max(exponent, 0));
    const LongInteger exact = integer_of(dividend).shifted(std::max(-exponent, 0));
    const LongInteger near = unit * LongInteger(mantissa) + unit * LongInteger(mantissa);
    const LongInteger away = near < exact ? exact - near : near - exact;
    ASSERT_FALSE(unit < away) << "round " << round;
    if (unit == away) {
      ASSERT_EQ(mantissa % 2, 0u) << "round " << round;
    }
  }
  EXPECT_GE(halves, rounds(1'000));
}

TEST(ExactSum, ComparesProducts) {
  EXPECT_TRUE(at_most(Wide{6}, Wide{3}, 2, 0));
  EXPECT_FALSE(at_most(Wide{7}, Wide{3}, 2, 0));
  EXPECT_TRUE(at_most(Wide{~Limb{0}, 1}, Wide{1}, 1, 65));
  EXPECT_FALSE(at_most(Wide{0, 2, 1}, Wide{1}, 1, 65));
  EXPECT_TRUE(at_most(Wide{1, ~Limb{0} - 1}, Wide{~Limb{0}}, ~Limb{0}, 0));  // (2^64 - 1)^2
  EXPECT_FALSE(at_most(Wide{2, ~Limb{0} - 1}, Wide{~Limb{0}}, ~Limb{0}, 0));
}

}  // namespace
}  // namespace health
