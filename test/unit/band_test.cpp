#include "core/band.hpp"

#include <algorithm>
#include <cmath>

#include "support.hpp"

namespace health {
namespace {

std::string code_at(double score, const Model& model) {
  return std::string(band_code(band_of(score, model.bands), model.bands));
}

TEST(Band, IsLowerInclusive) {
  const auto model = model_of("{}");
  EXPECT_EQ(code_at(0, *model), "red");
  EXPECT_EQ(code_at(std::nextafter(50, 0), *model), "red");
  EXPECT_EQ(code_at(50, *model), "yellow");
  EXPECT_EQ(code_at(std::nextafter(80, 0), *model), "yellow");
  EXPECT_EQ(code_at(80, *model), "green");
  EXPECT_EQ(code_at(100, *model), "green");
}

TEST(Band, FollowsTheModel) {
  const auto model = model_of(R"({"red_below": 30, "green_from": 30})");
  EXPECT_EQ(code_at(29.9, *model), "red");
  EXPECT_EQ(code_at(30, *model), "green") << "equal cuts leave no yellow";
  const auto never_red = model_of(R"({"red_below": 0})");
  EXPECT_EQ(code_at(0, *never_red), "yellow");
}

TEST(Band, HasACodeAndALabelInEachLanguage) {
  const auto model = model_of(R"({"bands": [[{"en": "critical", "fr": "critique"}, 0], [{"fr": "à surveiller"}, 30],
                                            ["bon", 60], [{"en": "100", "fr": "plein"}, 100]]})");
  const struct {
    double score;
    const char *code, *label;
  } cases[] = {{-5, "critical", "critique"},
               {29.9, "critical", "critique"},
               {30, "à surveiller", "à surveiller"},
               {59.9, "à surveiller", "à surveiller"},
               {60, "bon", "bon"},
               {99.9, "bon", "bon"},
               {100, "100", "plein"}};
  for (const auto& each : cases) {
    const Band band = band_of(each.score, model->bands);
    EXPECT_EQ(band_code(band, model->bands), each.code) << each.score;
    EXPECT_EQ(band_label(band, model->bands, Language::en), each.code) << each.score;
    EXPECT_EQ(band_label(band, model->bands, Language::fr), each.label) << each.score;
  }
  EXPECT_EQ(band_label(kWorstBand, kDefaultBands, Language::fr), "rouge");
}

TEST(Band, IsTheLastOneThatBegan) {
  Random random(5);
  std::vector<int> sizes(kMaxBands + 1);
  for (int round = 0; round < 500; ++round) {
    const auto model = model_of("{" + random_bands(&random) + "}");
    const std::size_t count = model->bands.size();
    ++sizes[count];
    EXPECT_EQ(best_band(model->bands), static_cast<Band>(count) - 1);
    std::vector<double> scores = {0, 100};
    for (const BandTerms& band : model->bands) {
      scores.push_back(band.cut);
      scores.push_back(std::nextafter(band.cut, 0));
      scores.push_back(random.real(0, 100));
    }
    for (const double score : scores) {
      const auto begun = std::count_if(model->bands.begin(), model->bands.end(),
                                       [&](const BandTerms& band) { return band.cut <= score; });
      ASSERT_EQ(band_of(score, model->bands), static_cast<Band>(begun) - 1) << "round " << round << " score " << score;
    }
  }
  for (std::size_t count = 2; count <= kMaxBands; ++count) EXPECT_GT(sizes[count], 0) << count;
}

}  // namespace
}  // namespace health
