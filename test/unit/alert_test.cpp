#include "core/alert.hpp"

#include "support.hpp"

namespace health {
namespace {

std::vector<Alert> alerts_of(const std::string& text, const std::vector<double>& scores) {
  const auto model = model_of(text);
  AlertState state(heap());
  std::vector<Alert> alerts;
  for (std::size_t i = 0; i < scores.size(); ++i) alerts.push_back(state.read(scores[i], static_cast<Day>(i), *model));
  return alerts;
}

// Against a reference that follows the band by StableBand and finds a drop by looking at all readings.
TEST(Alert, OnePerTransitionAndNoneInTheCooldown) {
  Random random(17);
  long fired[5] = {};
  for (int round = 0; round < 300; ++round) {
    std::string text = "{" + (round % 2 == 0 ? "" : random_bands(&random) + ", ");
    text += "\"stable_readings\": " + std::to_string(random.between(1, 3));
    text += ", \"cooldown_days\": " + std::to_string(random.between(0, 30));
    text += ", \"drop_days\": " + std::to_string(random.between(1, 40)) + "}";
    const auto model = model_of(text);
    AlertState state(heap());
    StableBand band{};
    std::vector<DatedScore> readings;
    std::optional<Day> last[5];
    bool falling = false;
    Day day = 0;
    double score = 60;
    for (int i = 0; i < 200; ++i) {
      day += static_cast<Day>(random.between(0, 3));
      score = std::clamp(score + random.real(-25, 25), 0.0, 100.0);
      const bool first = !band.band();
      const Band before = band.band().value_or(kWorstBand);
      band.read(score, *model);
      bool fell = false;
      for (const DatedScore& reading : readings)
        fell |= reading.day >= day - model->drop_days && reading.score - score >= model->drop_points;
      readings.push_back({day, score});
      std::vector<Alert> due;
      const bool red = *band.band() == kWorstBand;
      if (!first && *band.band() < before) due.push_back(red ? Alert::entered_red : Alert::entered_yellow);
      if (!first && *band.band() > before) due.push_back(Alert::recovered);
      if (fell && !falling) due.push_back(Alert::drop);
      falling = fell;
      Alert expected = Alert::none;
      for (const Alert alert : due) {
        auto& previous = last[static_cast<int>(alert)];
        if (previous && day - *previous < model->cooldown_days) continue;
        previous = day;
        if (expected == Alert::none || alert < expected) expected = alert;
      }
      const Alert alert = state.read(score, day, *model);
      ASSERT_EQ(alert, expected) << alert_name(alert) << ", not " << alert_name(expected) << ": round " << round
                                 << " reading " << i;
      ++fired[static_cast<int>(alert)];
    }
  }
  for (const long count : fired) EXPECT_GT(count, 100);
}

TEST(Alert, FivePointsAreSilent) {
  for (const Alert alert : alerts_of("{}", {75, 70, 75, 70, 72, 70})) EXPECT_EQ(alert, Alert::none);
}

TEST(Alert, TheWorstBandIsRedAndAnyOtherFallYellow) {
  using enum Alert;
  using Alerts = std::vector<Alert>;
  const std::string many = R"("bands": [["a", 0], ["b", 20], ["c", 40], ["d", 60], ["e", 80]], "stable_readings": 1, )"
                           R"("stable_margin": 0, "drop_points": 100)";
  EXPECT_EQ(alerts_of("{" + many + "}", {90, 70, 50, 30, 10, 30, 90}),
            (Alerts{none, entered_yellow, none, none, entered_red, recovered, none}))
      << "further falls of a kind are told after the cooldown only";
  EXPECT_EQ(alerts_of("{" + many + R"(, "cooldown_days": 0})", {90, 70, 50, 30, 10, 30, 90}),
            (Alerts{none, entered_yellow, entered_yellow, entered_yellow, entered_red, recovered, recovered}));
  EXPECT_EQ(alerts_of("{" + many + "}", {90, 30, 19}), (Alerts{none, entered_yellow, entered_red}))
      << "several bands at once are one fall";
  const std::string two = R"({"bands": [["bad", 0], ["good", 50]], "stable_readings": 1, "drop_points": 100})";
  EXPECT_EQ(alerts_of(two, {90, 49, 53}), (Alerts{none, entered_red, recovered}));
}

TEST(Alert, NoFallNoDrop) {
  const std::vector<Alert> alerts = alerts_of(R"({"drop_points": 0})", {90, 90, 89});
  EXPECT_EQ(alerts, (std::vector<Alert>{Alert::none, Alert::none, Alert::drop}));
}

TEST(Alert, WantsReadingsInOrder) {
  const auto model = model_of("{}");
  AlertState state(heap());
  state.read(50, 10, *model);
  expect_failure("22023", "readings are not in order of the day", [&] { state.read(50, 9, *model); });
}

}  // namespace
}  // namespace health
