#include "nearest.hpp"

#include <algorithm>

namespace health {

namespace {

constexpr std::size_t kLongest = 40;  // letters that are compared; no known word is longer
constexpr std::size_t kShort = 5;     // letters up to which only one may differ
constexpr std::size_t kStem = 3;      // letters that suffice as the beginning of the other word

// A word without case and signs: its letters, small, and digits.
struct Letters {
  explicit Letters(std::string_view word) {
    for (const char c : word) {
      if (length == kLongest) return;
      if (c >= 'A' && c <= 'Z') text[length++] = static_cast<char>(c - 'A' + 'a');
      else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) text[length++] = c;
    }
  }
  std::string_view view() const { return {text, length}; }
  char text[kLongest];
  std::size_t length = 0;
};

// Letters to add, drop, replace or swap with a neighbour to make one word of another.
std::size_t differences(std::string_view a, std::string_view b) {
  std::size_t rows[3][kLongest + 1];
  std::size_t *before = rows[0], *last = rows[1], *row = rows[2];
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view misspelt, std::span<const std::string_view> words) {
  const Letters given(misspelt);
  std::string_view best;
  std::size_t least = (given.length <= kShort ? 1 : 2) + 1;
  for (const std::string_view word : words) {
    const Letters known(word);
    const std::size_t shorter = std::min(given.length, known.length);
    std::size_t distance = differences(given.view(), known.view());
    if (shorter >= kStem && given.view().substr(0, shorter) == known.view().substr(0, shorter))
      distance = std::min<std::size_t>(distance, 1);
    if (distance >= least || distance >= shorter) continue;
    least = distance;
    best = word;
  }
  return best;
}

}  // namespace health
