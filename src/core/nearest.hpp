// The known word that was meant, for "Did you mean ...?".
#pragma once

#include <span>
#include <string_view>

namespace health {

// The word of a list that a misspelt one is closest to; empty where none is close. Capitals, blanks and signs make no
// difference (halfLifeDays); close is what begins a word or is begun by one, and what differs in few letters: one in
// words of up to five, else two, where two letters that changed places are one difference.
std::string_view nearest(std::string_view misspelt, std::span<const std::string_view> words);

}  // namespace health
