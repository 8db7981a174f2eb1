#include "core/decimal.hpp"

#include <cmath>
#include <limits>

#include "support.hpp"

namespace health {
namespace {

TEST(Decimal, ReadsPlainDecimals) {
  const struct {
    const char* text;
    Micros micros;
  } cases[] = {{"0", 0},
               {"-0", 0},
               {"1", kMicro},
               {"+1", kMicro},
               {"-12.5", -12'500'000},
               {"5.", 5 * kMicro},
               {".5", kMicro / 2},
               {"0.000001", 1},
               {"-0.000001", -1},
               {"007", 7 * kMicro},
               {"1.50000000000", 1'500'000},
               {"9223372036854.775807", kMost},
               {"-9223372036854.775808", kLeast}};
  for (const auto& [text, micros] : cases) {
    for (const bool round : {false, true}) {
      Micros read = 42;
      EXPECT_EQ(parse_micros(text, round, &read), Parsed::ok) << text;
      EXPECT_EQ(read, micros) << text;
    }
  }
}

TEST(Decimal, RoundsTheSeventhDecimalHalfAwayFromZero) {
  const struct {
    const char* text;
    Micros micros;
  } cases[] = {{"0.0000005", 1},          {"-0.0000005", -1}, {"0.00000049999", 0},
               {"-0.00000049999", 0},     {"0.0000025", 3},   {"-0.0000025", -3},
               {"1.9999995", 2 * kMicro}, {"0.00000150", 2},  {"0.0000014999999999999999999999", 1}};
  for (const auto& [text, micros] : cases) {
    Micros read = 42;
    EXPECT_EQ(parse_micros(text, true, &read), Parsed::ok) << text;
    EXPECT_EQ(read, micros) << text;
    EXPECT_EQ(parse_micros(text, false, &read), Parsed::too_precise) << text;
  }
}

TEST(Decimal, RejectsWhatIsNoPlainDecimal) {
  for (const char* text :
       {"", "-", "+", ".", "-.", "1e5", "1,5", " 1", "1 ", "0x1", "NaN", "Infinity", "1.2.3", "--1", "+-1", "1-"}) {
    Micros read = 0;
    EXPECT_EQ(parse_micros(text, true, &read), Parsed::not_a_number) << text;
  }
}

TEST(Decimal, RejectsWhatDoesNotFit) {
  for (const char* text : {"9223372036854.775808", "9223372036854.7758075", "-9223372036854.775809", "9300000000000",
                           "99999999999999999999999999999999999999999999999999", "-1000000000000000000000"}) {
    Micros read = 0;
    EXPECT_EQ(parse_micros(text, true, &read), Parsed::out_of_range) << text;
  }
}

TEST(Decimal, WritesTheShortestText) {
  const struct {
    Micros micros;
    const char* text;
  } cases[] = {{0, "0"},
               {kMicro, "1"},
               {-3 * kMicro, "-3"},
               {1'500'000, "1.5"},
               {1, "0.000001"},
               {-100, "-0.0001"},
               {10 * kMicro, "10"},
               {kMost, "9223372036854.775807"},
               {kLeast, "-9223372036854.775808"}};
  for (const auto& [micros, text] : cases) EXPECT_EQ(micros_text(micros), text);
}

TEST(Decimal, EveryNumberIsReadBackFromItsText) {
  Random random(1);
  std::vector<Micros> numbers = {0, 1, -1, kMost, kLeast, kLeast + 1};
  for (int i = 0; i < 20'000; ++i) {
    const int bits = static_cast<int>(random.between(1, 62));
    numbers.push_back(random.between(-(std::int64_t{1} << bits), std::int64_t{1} << bits));
  }
  for (const Micros micros : numbers) {
    const std::string text = micros_text(micros);
    ASSERT_LE(text.size(), 22u);
    Micros read = 0;
    EXPECT_EQ(parse_micros(text, false, &read), Parsed::ok) << text;
    EXPECT_EQ(read, micros) << text;
  }
}

TEST(Decimal, RoundsDoublesHalfAwayFromZero) {
  const struct {
    double value;
    Micros micros;
  } cases[] = {{0, 0},
               {-0.0, 0},
               {1.5, 1'500'000},
               {0.1, 100'000},
               {0.0000005, 1},
               {-0.0000005, -1},
               {0.0000025, 3},
               {-0.0000025, -3},
               {0.0000004, 0},
               {1e-300, 0},
               {9.2e12, 9'200'000'000'000'000'000},
               {-9.2e12, -9'200'000'000'000'000'000}};
  for (const auto& [value, micros] : cases) {
    Micros read = 42;
    EXPECT_TRUE(micros_of_double(value, &read)) << value;
    EXPECT_EQ(read, micros) << value;
  }
  Random random(2);
  for (int i = 0; i < 20'000; ++i) {
    const double value = std::ldexp(random.real(-1, 1), static_cast<int>(random.between(-20, 42)));
    Micros read = 0;
    ASSERT_TRUE(micros_of_double(value, &read)) << value;
    const long double exact = static_cast<long double>(value) * 1e6L;
    EXPECT_LE(std::fabs(static_cast<long double>(read) - exact), 0.5L + std::fabs(exact) * 0x1p-52L) << value;
  }
}

TEST(Decimal, RejectsDoublesThatDoNotFit) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const double value : {9.3e12, -9.3e12, 1e300, -1e300, kInfinity, -kInfinity, std::nan("")}) {
    Micros read = 0;
    EXPECT_FALSE(micros_of_double(value, &read)) << value;
  }
}

TEST(Decimal, ReadsDoubles) {
  double value = 0;
  EXPECT_TRUE(parse_double("0.1", &value));
  EXPECT_EQ(value, 0.1);
  EXPECT_TRUE(parse_double("-12500000000000000000000", &value));
  EXPECT_EQ(value, -1.25e22);
  for (const std::string& text : {std::string(), std::string("1x"), std::string(" 1"), std::string("NaN"),
                                  std::string("inf"), std::string(400, '9'), "0." + std::string(400, '0') + "1"})
    EXPECT_FALSE(parse_double(text, &value)) << text;
}

TEST(Decimal, OfADoubleHasNoTrailingZeros) {
  const struct {
    double value;
    int scale;
    std::int64_t mantissa;
    std::int32_t kept;
  } cases[] = {{0, 12, 0, 0},
               {-0.0, 12, 0, 0},
               {0.1, 12, 1, 1},
               {100, 12, 100, 0},
               {-2.5, 6, -25, 1},
               {2.5, 0, 3, 0},
               {-2.5, 0, -3, 0},
               {1e-13, 12, 0, 0},
               {5e-7, 6, 1, 6},
               {1.0 / 3, 3, 333, 3},
               {2.0 / 3, 3, 667, 3},
               {1e18, 12, 1'000'000'000'000'000'000, 0},
               {4e18, 6, 4'000'000'000'000'000'000, 0},
               {-98765432.125, 12, -98765432125, 3}};
  for (const auto& [value, scale, mantissa, kept] : cases) {
    const Decimal decimal = decimal_of_double(value, scale);
    EXPECT_EQ(decimal.mantissa, mantissa) << value;
    EXPECT_EQ(decimal.scale, kept) << value;
  }
}

TEST(Decimal, OfALargeDoubleHasTheFewestDigits) {
  const struct {
    double value;
    std::int64_t mantissa;
    std::int32_t scale;
  } cases[] = {{9.2e18, 92, -17},
               {-1e19, -1, -19},
               {1.5e300, 15, -299},
               {9.2e26, 92, -25},
               {1.7976931348623157e308, 17'976'931'348'623'157, -292}};
  for (const auto& [value, mantissa, scale] : cases) {
    const Decimal decimal = decimal_of_double(value, 6);
    EXPECT_EQ(decimal.mantissa, mantissa) << value;
    EXPECT_EQ(decimal.scale, scale) << value;
  }
  Random random(4);
  for (int i = 0; i < 20'000; ++i) {
    const double value = std::ldexp(random.real(-1, 1), static_cast<int>(random.between(40, 1023)));
    const Decimal decimal = decimal_of_double(value, 0);
    const std::string text = std::to_string(decimal.mantissa) + "e" + std::to_string(-decimal.scale);
    ASSERT_EQ(std::stod(text), std::fabs(value) < 9.2e18 ? std::round(value) : value);
  }
}

TEST(Decimal, NumbersInMessagesAreTheShortest) {
  EXPECT_STREQ(NumberText(0.1).text, "0.1");
  EXPECT_STREQ(NumberText(-1e300).text, "-1e+300");
  EXPECT_STREQ(NumberText(-2.2250738585072014e-308).text, "-2.2250738585072014e-308");
  EXPECT_STREQ(NumberText(std::nan("")).text, "nan");
}

TEST(Decimal, OfADoubleIsTheNearest) {
  Random random(3);
  for (int i = 0; i < 20'000; ++i) {
    const double value = std::ldexp(random.real(-1, 1), static_cast<int>(random.between(-40, 62)));
    const int scale = static_cast<int>(random.between(0, 12));
    const Decimal decimal = decimal_of_double(value, scale);
    ASSERT_GE(decimal.scale, 0);
    ASSERT_LE(decimal.scale, scale);
    EXPECT_TRUE(decimal.scale == 0 || decimal.mantissa % 10 != 0) << value;
    // Large numbers have fewer places than asked for: what 63 bits hold, at least 18 digits.
    const long double unit =
        std::max(std::pow(10.0L, -scale), std::fabs(static_cast<long double>(value)) * 1e-18L * 10);
    const long double read = static_cast<long double>(decimal.mantissa) / std::pow(10.0L, decimal.scale);
    EXPECT_LE(std::fabs(read - value), 0.5L * unit + std::fabs(value) * 0x1p-53L) << value;
  }
}

// A number of at most six decimals comes back, as long as a double tells them apart.
TEST(Decimal, MicrosOfADoubleAreThoseOfItsText) {
  Random random(8);
  Micros micros = 0;
  ASSERT_TRUE(micros_of_double(4329903352.375321, &micros));
  EXPECT_EQ(micros, 4329903352375321);
  for (int i = 0; i < 200'000; ++i) {
    const Micros expected = random.between(-8'000'000'000'000'000, 8'000'000'000'000'000) >> random.between(0, 50);
    ASSERT_TRUE(micros_of_double(static_cast<double>(expected) / 1e6, &micros));
    ASSERT_EQ(micros, expected);
  }
  for (const double large : {9.3e12, -9.3e12, 1e300, 9223372036854.78})
    EXPECT_FALSE(micros_of_double(large, &micros)) << large;
  ASSERT_TRUE(micros_of_double(-9223372036854.77, &micros));
}

TEST(Numbers, OnlyFiniteOnesPass) {
  EXPECT_EQ(finite(1.5, "raw"), 1.5);
  EXPECT_FALSE(std::signbit(finite(-0.0, "raw")));
  for (const double value :
       {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(), std::nan("")})
    expect_failure("22003", "raw must be a finite number", [&] { finite(value, "raw"); });
}

}  // namespace
}  // namespace health
