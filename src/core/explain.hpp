// Sentences: one per driver, and one that a person can read out. English and French, from one table of templates.
#pragma once

#include "classify.hpp"

namespace health {

// `out` becomes the sentence of a driver in the model's language: the signal's own text, or the template of its kind.
void driver_sentence(const Situation& situation, const Driver& driver, ByteString* out);
// The sentences of the two kinds of drivers that stand for no signal.
std::string_view other_sentence(Language language);
std::string_view baseline_sentence(Language language);
std::string_view coverage_sentence(Language language);

// A score as sentences say it: rounded down, so that it never contradicts the band.
double shown_score(double score);
// "Score 45: ...; ...", or where the change reaches trend_points "Score fell to 45 (-22): ...". The change
// shown is the difference of the scores shown.
struct Headline {
  Language language;
  double score;
  std::optional<double> previous;
  double trend_points;
};
ByteString explain_score(const Headline& headline, std::span<const std::string_view> sentences, Memory* memory);

// explain_score() with the sentences of a JSON array of drivers: its leading risks, at most three, or else strengths.
// Throws 22023 unless it is an array of drivers, 22003 on scores, points or changes beyond 1e15 in size.
ByteString explain_json(const Headline& headline, Json drivers, Memory* memory);
std::optional<Language> language_of_name(std::string_view name);

inline constexpr std::size_t kMaxReasons = 3;  // sentences after the score

}  // namespace health
