#include "core/stable_band.hpp"

#include "support.hpp"

namespace health {
namespace {

TEST(StableBand, NeverFlapsWithinTheMargin) {
  Random random(3);
  for (const char* text : {"{}", R"({"stable_readings": 1})", R"({"stable_readings": 4, "stable_margin": 6})"}) {
    const auto model = model_of(text);
    for (const double cut : {model->red_below, model->green_from}) {
      StableBand band;
      band.read(cut - 30, *model);
      const Band before = *band.band();
      for (int i = 0; i < 1000; ++i) {
        band.read(cut + random.real(-5, 1) * model->stable_margin, *model);
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
    EXPECT_EQ(*band.band(), Band::green);
  }
  band.read(30, *model);
  EXPECT_EQ(*band.band(), Band::yellow) << "one of the three readings was yellow";
  for (const double score : {30.0, 30.0, 30.0}) band.read(score, *model);
  EXPECT_EQ(*band.band(), Band::red);
}

TEST(StableBand, AHundredClearsEveryCut) {
  const auto model = model_of(R"({"green_from": 99})");
  StableBand band;
  for (const double score : {100.0, 96.0, 96.0}) band.read(score, *model);
  EXPECT_EQ(*band.band(), Band::yellow);
  for (const double score : {100.0, 100.0}) band.read(score, *model);
  EXPECT_EQ(*band.band(), Band::green);
}

TEST(StableBand, AFallPassesAtOnce) {
  const auto model = model_of(R"({"stable_readings": 50})");
  StableBand band;
  band.read(90, *model);
  band.read(71, *model);
  EXPECT_EQ(*band.band(), Band::green) << "19 points";
  band.read(70, *model);
  EXPECT_EQ(*band.band(), Band::yellow) << "20 points";
  band.read(100, *model);
  EXPECT_EQ(*band.band(), Band::yellow) << "no such short cut upwards";
}

// The reference, without a state machine: looks back over all readings since the band was entered.
Band looked_back(const std::vector<double>& scores, const Model& model) {
  Band band = band_of(scores[0], model);
  std::size_t since = 0;
  for (std::size_t i = 1; i < scores.size(); ++i) {
    const Band plain = band_of(scores[i], model);
    if (plain < band && scores[since] - scores[i] >= model.drop_points) {
      band = plain;
      since = i;
      continue;
    }
    const auto row = static_cast<std::size_t>(model.stable_readings);
    if (i - since < row) continue;
    Band worst_of_better = Band::green, best_of_worse = Band::red;
    for (std::size_t j = i - row + 1; j <= i; ++j) {
      best_of_worse = std::max(best_of_worse, band_of(scores[j], model));
      worst_of_better = std::min(worst_of_better, band_of(scores[j] - model.stable_margin, model));
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
  long moves = 0;
  for (int round = 0; round < 300; ++round) {
    const auto model = model_of("{\"stable_readings\": " + std::to_string(random.between(1, 4)) +
                                ", \"stable_margin\": " + std::to_string(random.between(0, 8)) +
                                ", \"drop_points\": " + std::to_string(random.between(10, 60)) + "}");
    StableBand band;
    std::vector<double> scores;
    double score = random.real(0, 100);
    for (int i = 0; i < 60; ++i) {
      score = std::clamp(score + random.real(-20, 20), 0.0, 100.0);
      scores.push_back(score);
      const Band before = band.band().value_or(band_of(score, *model));
      band.read(score, *model);
      ASSERT_EQ(*band.band(), looked_back(scores, *model)) << "round " << round << " reading " << i;
      moves += *band.band() != before ? 1 : 0;
    }
  }
  EXPECT_GT(moves, 1000);
}

}  // namespace
}  // namespace health
