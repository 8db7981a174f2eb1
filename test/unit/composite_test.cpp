#include "core/composite.hpp"

#include <cmath>
#include <limits>

#include "support.hpp"

namespace health {
namespace {

struct Measurement {
  bool has_score;
  double score, weight;
};

Composite composite_of(const std::vector<Measurement>& rows) {
  Composite composite{};
  for (const auto& [has_score, score, weight] : rows) composite.add(has_score, score, weight);
  return composite;
}

TEST(Composite, MissingScoresAreLeftOut) {
  const Composite composite = composite_of({{true, 80, 3}, {false, 0, 4}, {true, 20, 1}});
  EXPECT_TRUE(composite.has_mean());
  EXPECT_DOUBLE_EQ(composite.mean(), 65);
  EXPECT_TRUE(composite.has_coverage());
  EXPECT_DOUBLE_EQ(composite.coverage(), 0.5);
}

TEST(Composite, WithoutScoreOrWeightThereIsNoMean) {
  EXPECT_FALSE(composite_of({}).has_mean());
  EXPECT_FALSE(composite_of({}).has_coverage());
  EXPECT_FALSE(composite_of({{false, 0, 2}}).has_mean());
  EXPECT_EQ(composite_of({{false, 0, 2}}).coverage(), 0);
  EXPECT_FALSE(composite_of({{true, 50, 0}}).has_mean());
}

TEST(Composite, MeanOfEqualScoresIsThatScore) {
  for (const double score : {0.1, 33.3, 66.7, 100.0, -0.7})
    EXPECT_EQ(composite_of({{true, score, 0.3}, {true, score, 7}, {true, score, 0.000001}}).mean(), score);
}

TEST(Composite, OrderAndSplitDoNotShow) {
  Random random(1);
  for (int round = 0; round < 300; ++round) {
    std::vector<Measurement> rows;
    for (auto n = random.between(1, 30); n > 0; --n)
      rows.push_back({!random.one_in(4), random.real(0, 100), random.real(0, 10)});
    const Composite whole = composite_of(rows);
    long double weighted = 0, scored = 0;
    for (const auto& [has_score, score, weight] : rows) {
      weighted += has_score ? static_cast<long double>(score) * weight : 0;
      scored += has_score ? weight : 0;
    }
    if (scored > 5) {
      ASSERT_NEAR(whole.mean(), weighted / scored, 1e-3);  // weights are rounded to a millionth
    }
    random.shuffle(&rows);
    const auto middle = rows.begin() + random.between(0, static_cast<std::int64_t>(rows.size()));
    Composite parts = composite_of({rows.begin(), middle});
    parts.add(composite_of({middle, rows.end()}));
    ASSERT_TRUE(parts.weighted == whole.weighted && parts.scored == whole.scored && parts.all == whole.all);
  }
}

TEST(Composite, TravelsInTheSameBytesEverywhere) {
  const Composite composite = composite_of({{true, -80.25, 3.5}, {false, 0, 260}});
  std::uint8_t bytes[kCompositeBytes];
  write_composite(composite, bytes);
  const std::uint8_t expected[kCompositeBytes] = {
      0x00, 0x80, 0x28, 0xB8, 0xA3, 0x8B, 0x13, 0xC6, 0xF0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,  //
      0xE0, 0x67, 0x35, 0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,     //
      0xE0, 0xB0, 0xB4, 0x0F, 0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0};
  EXPECT_TRUE(std::equal(bytes, std::end(bytes), expected));
  const Composite read = read_composite(bytes);
  EXPECT_TRUE(read.weighted == composite.weighted && read.scored == composite.scored && read.all == composite.all);
}

TEST(Composite, RejectsWhatIsNoWeightOrScore) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Composite composite{};
  for (const double weight : {-0.1, 1.1e9, kInfinity, std::nan("")})
    EXPECT_STREQ(failure_of([&] { composite.add(true, 50, weight); }).sqlstate, "22023") << weight;
  for (const double score : {kInfinity, -kInfinity, std::nan(""), 1.1e9})
    EXPECT_STREQ(failure_of([&] { composite.add(true, score, 1); }).sqlstate, "22003") << score;
}

}  // namespace
}  // namespace health
