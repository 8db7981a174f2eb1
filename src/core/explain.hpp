// A score and what is told of it as one sentence that a person can read out.
#pragma once

#include "wording.hpp"

namespace health {

// "Score 45: ...; ...", or where the change reaches trend_points "Score fell to 45 (-22): ...". The change
// shown is the difference of the scores shown. `still`: the last sentence is no cause, but a risk that is left.
struct Headline {
  Language language;
  double score;
  std::optional<double> previous;
  double trend_points;
  bool still = false;
  bool state = false;  // it is told how things stand: that is nothing new where there are no sentences
};
ByteString explain_score(const Headline& headline, std::span<const std::string_view> sentences, Memory* memory);

// explain_score() with the sentences of a JSON array of drivers, chosen as a report does as far as they tell: movers
// where the score moved, else what costs before what helps. Throws 22023 unless it is an array of drivers, 22003 on
// scores, points or changes beyond 1e15 in size.
ByteString explain_json(const Headline& headline, Json drivers, Memory* memory);
std::optional<Language> language_of_name(std::string_view name);

}  // namespace health
