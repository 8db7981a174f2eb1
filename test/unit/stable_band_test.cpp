#include "core/stable_band.hpp"

#include <cmath>

#include "support.hpp"

namespace health {
namespace {

TEST(StableBand, NeverFlapsWithinTheMargin) {
  Random random(3);
  for (const char* text :
       {"{}", R"({"stable_readings": 1})", R"({"stable_readings": 4, "stable_margin": 6})",
        R"({"stable_margin": 9, "bands": [["a", 0], ["b", 40], ["c", 50], ["d", 60], ["e", 70]]})"}) {
    const auto model = model_of(text);
    for (std::size_t i = 1; i < model->bands.size(); ++i) {
      const double cut = model->bands[i].cut;
      StableBand band;
      band.read(model->bands[i - 1].cut, *model);
      const Band before = *band.band();
      for (int i = 0; i < 1000; ++i) {
        band.read(cut + random.real(-1, 1) * model->stable_margin, *model);
        ASSERT_EQ(*band.band(), before) << "never clears the cut by the margin";
      }
    }
  }
}

TEST(StableBand, ComesNoNearerThanWhatWasSeen) {
  const auto model = model_of(R"({"drop_points": 100, "stable_readings": 3})");
  StableBand band;
  for (const double score : {90.0, 70.0, 40.0}) {
    band.read(score, *model);
    EXPECT_EQ(*band.band(), 2);
  }
  band.read(30, *model);
  EXPECT_EQ(*band.band(), 1) << "one of the three readings was yellow";
  for (const double score : {30.0, 30.0, 30.0}) band.read(score, *model);
  EXPECT_EQ(*band.band(), 0);
}

TEST(StableBand, AHundredClearsEveryCut) {
  const auto model = model_of(R"({"green_from": 99})");
  StableBand band;
  for (const double score : {100.0, 96.0, 96.0}) band.read(score, *model);
  EXPECT_EQ(*band.band(), 1);
  for (const double score : {100.0, 100.0}) band.read(score, *model);
  EXPECT_EQ(*band.band(), 2);
}

TEST(StableBand, AFallPassesAtOnce) {
  const auto model = model_of(R"({"stable_readings": 50})");
  StableBand band;
  band.read(90, *model);
  band.read(71, *model);
  EXPECT_EQ(*band.band(), 2) << "19 points";
  band.read(70, *model);
  EXPECT_EQ(*band.band(), 1) << "20 points";
  band.read(100, *model);
  EXPECT_EQ(*band.band(), 1) << "no such short cut upwards";
}

std::string bands_of(const std::string& options, const std::vector<double>& scores) {
  const auto model =
      model_of("{\"bands\": [[\"a\", 0], [\"b\", 50], [\"c\", 60], [\"d\", 70], [\"e\", 80]]" + options + "}");
  StableBand band;
  std::string seen;
  for (const double score : scores) {
    band.read(score, *model);
    seen += band_code(*band.band(), model->bands);
  }
  return seen;
}

TEST(StableBand, GoesThroughManyBands) {
  EXPECT_EQ(bands_of("", {80, 50, 50}), "ebb") << "a fall of 20 points passes at once, into the band where it ends";
  EXPECT_EQ(bands_of("", {85, 66, 66, 66}), "eecc") << "19 points wait for a second reading";
  EXPECT_EQ(bands_of(R"(, "drop_points": 100)", {85, 75, 45, 45, 45}), "eedda") << "a step a row of readings";
  EXPECT_EQ(bands_of(R"(, "drop_points": 100)", {85, 79, 80, 75, 75}), "eeeed") << "the cut belongs to the better band";
  EXPECT_EQ(bands_of("", {45, 83, 83}), "aae") << "up through all of them";
  EXPECT_EQ(bands_of("", {45, 82.9, 82.9}), "aad") << "the best one is not cleared by the margin, the next one is";
  EXPECT_EQ(bands_of("", {45, 100, 63, 63}), "aacc");
}

TEST(StableBand, AMarginWiderThanABandHoldsBackByItsPoints) {
  const char wide[] = R"(, "stable_margin": 25, "stable_readings": 1)";
  EXPECT_EQ(bands_of(wide, {45, 74, 75, 84, 85, 94, 95, 99, 100}), "aabbccdde");
  EXPECT_EQ(bands_of(wide, {75, 75, 66, 75, 65}), "ddccc") << "a worse band needs no margin; the way back does";
}

// The reference, without a state machine: looks back over all readings since the band was entered.
Band looked_back(const std::vector<double>& scores, const Model& model) {
  const std::span bands = model.bands;
  Band band = band_of(scores[0], bands);
  std::size_t since = 0;
  for (std::size_t i = 1; i < scores.size(); ++i) {
    const Band plain = band_of(scores[i], bands);
    if (plain < band && scores[since] - scores[i] >= model.drop_points) {
      band = plain;
      since = i;
      continue;
    }
    const auto row = static_cast<std::size_t>(model.stable_readings);
    if (i - since < row) continue;
    Band worst_of_better = best_band(bands), best_of_worse = kWorstBand;
    for (std::size_t j = i - row + 1; j <= i; ++j) {
      best_of_worse = std::max(best_of_worse, band_of(scores[j], bands));
      const double cleared = scores[j] == 100 ? 100 : scores[j] - model.stable_margin;
      worst_of_better = std::min(worst_of_better, band_of(cleared, bands));
    }
    const Band target = best_of_worse < band ? best_of_worse : std::max(band, worst_of_better);
    if (target == band) continue;
    band = target;
    since = i;
  }
  return band;
}

TEST(StableBand, EqualsALookBack) {
  Random random(23);
  long moves = 0, leaps = 0;
  for (int round = 0; round < 600; ++round) {
    const auto model = model_of("{" + (round % 3 == 0 ? "" : random_bands(&random) + ", ") +
                                "\"stable_readings\": " + std::to_string(random.between(1, 4)) +
                                ", \"stable_margin\": " + std::to_string(random.between(0, random.one_in(4) ? 40 : 8)) +
                                ", \"drop_points\": " + std::to_string(random.between(10, 60)) + "}");
    StableBand band;
    std::vector<double> scores;
    double score = random.real(0, 100);
    for (int i = 0; i < 60; ++i) {
      // Quarters: scores on cuts, and exactly a margin above one.
      score = std::round(4 * std::clamp(score + random.real(-20, 20), 0.0, 100.0)) / 4;
      scores.push_back(score);
      const Band before = band.band().value_or(band_of(score, model->bands));
      band.read(score, *model);
      ASSERT_EQ(*band.band(), looked_back(scores, *model)) << "round " << round << " reading " << i;
      moves += *band.band() != before ? 1 : 0;
      leaps += std::abs(*band.band() - before) > 1 ? 1 : 0;
    }
  }
  EXPECT_GT(moves, 1000);
  EXPECT_GT(leaps, 1000);
}

}  // namespace
}  // namespace health
