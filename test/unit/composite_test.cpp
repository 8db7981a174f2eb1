#include "core/composite.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "long_integer.hpp"
#include "support.hpp"

namespace health {
namespace {

struct Measurement {
  bool has_score;
  double score, weight;
};

Composite composite_of(const std::vector<Measurement>& rows) {
  Composite composite;
  for (const auto& [has_score, score, weight] : rows) composite.add(has_score, score, weight);
  return composite;
}

std::array<std::uint8_t, Composite::kBytes> bytes_of(const Composite& composite) {
  std::array<std::uint8_t, Composite::kBytes> bytes{};
  composite.write(bytes.data());
  return bytes;
}

// |value| in units of 2^-400, where nothing in these tests has a lower bit.
LongInteger units_of(double value) {
  int exponent = 0;
  const double fraction = std::frexp(std::fabs(value), &exponent);
  return LongInteger(static_cast<std::uint64_t>(std::ldexp(fraction, 53))).shifted(400 + exponent - 53);
}

// Any size that a weight may have, evenly over the orders of magnitude.
double random_weight(Random* random) { return random->one_in(8) ? 0 : std::pow(10.0, random->real(-29.9, 29.9)); }
double random_score(Random* random) {
  const double size = random->one_in(2) ? random->real(0, 100) : std::pow(10.0, random->real(-20, 8.9));
  return random->one_in(4) ? -size : size;
}

TEST(Composite, MissingScoresAreLeftOut) {
  const Composite composite = composite_of({{true, 80, 3}, {false, 0, 4}, {true, 20, 1}});
  EXPECT_TRUE(composite.has_mean());
  EXPECT_EQ(composite.mean(), 65);
  EXPECT_TRUE(composite.has_coverage());
  EXPECT_EQ(composite.coverage(), 0.5);
}

TEST(Composite, WithoutScoreOrWeightThereIsNoMean) {
  EXPECT_FALSE(composite_of({}).has_mean());
  EXPECT_FALSE(composite_of({}).has_coverage());
  EXPECT_FALSE(composite_of({{false, 0, 2}}).has_mean());
  EXPECT_EQ(composite_of({{false, 0, 2}}).coverage(), 0);
  EXPECT_FALSE(composite_of({{true, 50, 0}}).has_mean());
  EXPECT_FALSE(composite_of({{true, 50, -0.0}}).has_mean());
}

TEST(Composite, WeightsCountAsTheyAre) {
  // Rounded to a millionth they would be equal, and the mean 50.
  EXPECT_EQ(composite_of({{true, 100, 1.23456e-6}, {true, 0, 1e-6}}).mean(), 55.24846054704282);
  EXPECT_EQ(composite_of({{true, 100, 1e-30}, {true, 0, 1e-30}}).mean(), 50);
  EXPECT_EQ(composite_of({{true, 100, 1e30}, {true, 0, 1e30}, {true, 40, 1e-30}}).mean(), 50);
  EXPECT_EQ(composite_of({{true, 1e9, 1e30}, {true, -1e9, 1e30}, {true, 1, 1e-30}}).mean(), 5.0000000000000005e-61);
}

TEST(Composite, MeanOfEqualScoresIsThatScore) {
  Random random(4);
  for (int round = 0; round < rounds(3'000); ++round) {
    const double score = random_score(&random);
    Composite composite = composite_of({{true, score, 0.3}});
    for (auto n = random.between(1, 20); n > 0; --n) composite.add(true, score, random_weight(&random));
    ASSERT_EQ(composite.mean(), score);
  }
}

TEST(Composite, ManyOfTheLargestDoNotOverflow) {
  // The state of 2^62 rows, by doubling.
  for (const double score : {1e9, -1e9}) {
    Composite composite = composite_of({{true, score, 1e30}, {false, 0, 1e30}});
    for (int i = 0; i < 61; ++i) composite.add(Composite(composite));
    EXPECT_EQ(composite.mean(), score);
    EXPECT_EQ(composite.coverage(), 0.5);
    EXPECT_TRUE(Composite::read(bytes_of(composite)) == composite);
    composite.add(Composite(composite));
    EXPECT_STREQ(failure_of([&] { composite.add(Composite(composite)); }).sqlstate, "22003");
  }
}

TEST(Composite, MeansAreTheNearestToThoseOfLongIntegers) {
  Random random(2);
  for (int round = 0; round < rounds(3'000); ++round) {
    Composite composite;
    LongInteger gains, losses, scored, all;
    for (auto n = random.between(1, 12); n > 0; --n) {
      const Measurement row = {!random.one_in(4), random_score(&random), random_weight(&random)};
      composite.add(row.has_score, row.score, row.weight);
      all = all + units_of(row.weight);
      if (!row.has_score) continue;
      scored = scored + units_of(row.weight);
      LongInteger* side = row.score < 0 ? &losses : &gains;
      *side = *side + units_of(row.weight) * units_of(row.score);
    }
    // |exact - mean * scored| is at most half a unit of the mean's last place times scored.
    const auto near = [](const LongInteger& dividend, const LongInteger& divisor, double result) {
      const LongInteger product = divisor * units_of(result);
      const LongInteger away = product < dividend ? dividend - product : product - dividend;
      const double half = (std::nextafter(std::fabs(result), 1e300) - std::fabs(result)) / 2;
      return !(divisor * units_of(half) < away);
    };
    ASSERT_EQ(composite.has_mean(), !(scored == LongInteger()));
    if (composite.has_mean()) {
      const double mean = composite.mean();
      ASSERT_EQ(mean < 0, gains < losses);
      ASSERT_TRUE(near(gains < losses ? losses - gains : gains - losses, scored, mean)) << mean;
    }
    if (composite.has_coverage()) {
      ASSERT_TRUE(near(scored.shifted(400), all, composite.coverage()));
    }
  }
}

TEST(Composite, OrderAndSplitDoNotShow) {
  Random random(1);
  for (int round = 0; round < 300; ++round) {
    std::vector<Measurement> rows;
    for (auto n = random.between(1, 30); n > 0; --n)
      rows.push_back({!random.one_in(4), random_score(&random), random_weight(&random)});
    const Composite whole = composite_of(rows);
    random.shuffle(&rows);
    const auto middle = rows.begin() + random.between(0, static_cast<std::int64_t>(rows.size()));
    Composite parts = composite_of({rows.begin(), middle});
    parts.add(composite_of({middle, rows.end()}));
    ASSERT_TRUE(parts == whole);
    ASSERT_EQ(bytes_of(parts), bytes_of(whole));
    ASSERT_TRUE(Composite::read(bytes_of(whole)) == whole);
  }
}

TEST(Composite, RejectsWhatIsNoWeightOrScore) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Composite composite;
  for (const double weight : {-0.1, -1e-300, 9.9e-31, 1.1e30, 1e300, kInfinity, -kInfinity, std::nan("")})
    EXPECT_STREQ(failure_of([&] { composite.add(true, 50, weight); }).sqlstate, "22023") << weight;
  for (const double score : {kInfinity, -kInfinity, std::nan(""), 1.1e9})
    EXPECT_STREQ(failure_of([&] { composite.add(true, score, 1); }).sqlstate, "22003") << score;
  expect_failure("22023", "invalid weight: 1.0000000000000002e+30",
                 [&] { composite.add(true, 50, std::nextafter(1e30, 1e31)); });
  expect_failure("22003", "invalid score: -1000000000.0000001",
                 [&] { composite.add(true, std::nextafter(-1e9, -1e10), 1); });
}

TEST(Composite, StateHasOneByteOrder) {
  const Composite composite = composite_of({{true, -1, 1}, {false, 0, 0x1p-80}});
  const auto bytes = bytes_of(composite);
  EXPECT_EQ(bytes[0], 1);
  EXPECT_EQ(bytes[1 + 312 / 8], 0xFF);  // -1 is -2^312 there
  EXPECT_EQ(bytes[1 + 312 / 8 - 1], 0);
  EXPECT_EQ(bytes[1 + 64 + 152 / 8], 1);       // scored
  EXPECT_EQ(bytes[1 + 64 + 40 + 152 / 8], 1);  // all
  EXPECT_EQ(bytes[1 + 64 + 40 + (152 - 80) / 8], 1);
}

TEST(Composite, RejectsStatesThatNoRowsHave) {
  const auto good = bytes_of(composite_of({{true, 1e9, 1e30}, {false, 0, 1}}));
  const auto state_of = [](std::span<const std::uint8_t> bytes) {
    return std::string(failure_of([&] { Composite::read(bytes); }).sqlstate);
  };
  EXPECT_EQ(state_of(good), "");
  EXPECT_EQ(state_of({}), "22P03");
  for (std::size_t length = 0; length < good.size(); ++length)
    EXPECT_EQ(state_of(std::span(good).first(length)), "22P03") << length;
  const auto with = [&](std::size_t at, std::uint8_t byte) {
    auto bad = good;
    bad[at] = byte;
    return state_of(bad);
  };
  constexpr std::size_t kWeighted = 1, kScored = kWeighted + 64, kAll = kScored + 40, kEnd = kAll + 40;
  EXPECT_EQ(with(0, 2), "22P03") << "another version";
  EXPECT_EQ(with(kScored - 1, 0x80), "22P03") << "a mean below all scores";
  EXPECT_EQ(with(kScored - 1, 1), "22P03") << "a mean above all scores";
  EXPECT_EQ(with(kWeighted, 1), "22P03") << "by the last bit";
  EXPECT_EQ(with(kAll - 1, 0x80), "22P03") << "a negative weight";
  EXPECT_EQ(with(kEnd - 1, 0x80), "22P03") << "likewise";
  EXPECT_EQ(with(kEnd - 1, 0x08), "22P03") << "more weight than 2^63 rows have";
  EXPECT_EQ(with(kScored + 30, 0xFF), "22P03") << "more with a score than in all";
  // Any state that is accepted has room for more rows and states.
  Random random(7);
  for (int round = 0; round < 20'000; ++round) {
    auto bytes = good;
    for (auto n = random.between(1, 8); n > 0; --n)
      bytes[static_cast<std::size_t>(random.between(1, kEnd - 1))] = static_cast<std::uint8_t>(random.between(0, 255));
    if (!state_of(bytes).empty()) continue;
    Composite composite = Composite::read(bytes);
    composite.add(true, -1e9, 1e30);
    if (composite.has_mean()) {
      ASSERT_LE(std::fabs(composite.mean()), 1e9);
    }
  }
}

}  // namespace
}  // namespace health
