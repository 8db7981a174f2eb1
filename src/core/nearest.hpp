// The known word closest to a misspelt one, for "Did you mean ...?".
#pragma once

#include <span>
#include <string_view>

namespace health {

// The closest of the words; empty where none is close. Only letters and digits count, without case (halfLifeDays is
// half_life_days). Close: one word begins with the other, or they differ by at most two letters (one where the misspelt
// word has up to five); two neighbours that changed places are one difference.
std::string_view nearest(std::string_view misspelt, std::span<const std::string_view> words);

}  // namespace health
