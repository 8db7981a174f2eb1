#include "composite.hpp"

#include <bit>
#include <cmath>
#include <cstring>

namespace health {

namespace {

std::uint64_t lowest_first(std::uint64_t word) {
  return std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
}

void put(Int128 number, std::uint8_t* out) {
  const auto bits = static_cast<unsigned __int128>(number);
  const std::uint64_t words[] = {lowest_first(static_cast<std::uint64_t>(bits)),
                                 lowest_first(static_cast<std::uint64_t>(bits >> 64))};
  std::memcpy(out, words, sizeof words);
}

Int128 number_at(const std::uint8_t* bytes) {
  std::uint64_t words[2];
  std::memcpy(words, bytes, sizeof words);
  return static_cast<Int128>(static_cast<unsigned __int128>(lowest_first(words[1])) << 64 | lowest_first(words[0]));
}

}  // namespace

void Composite::add(bool has_score, double score, double weight) {
  constexpr double kMost = 1e9;
  Micros micros = 0;
  if (!(weight >= 0 && weight <= kMost) || !micros_of_double(weight, &micros))
    fail(kInvalidParameter, "Use a number from 0 to 1e9.", "invalid weight: %g", weight);
  all += micros;
  if (!has_score) return;
  if (!(std::fabs(score) <= kMost))
    fail(kOutOfRange, "Filter such rows out, or pass NULL for a missing score.", "invalid score: %g", score);
  add(Composite{static_cast<Int128>(std::round(score * 1e12)) * micros, micros, 0});
}

void Composite::add(const Composite& other) {
  if (__builtin_add_overflow(weighted, other.weighted, &weighted))
    fail(kOutOfRange, "Use smaller weights.", "weighted sum out of range");
  scored += other.scored;
  all += other.all;
}

void write_composite(const Composite& composite, std::uint8_t* out) {
  put(composite.weighted, out);
  put(composite.scored, out + 16);
  put(composite.all, out + 32);
}

Composite read_composite(const std::uint8_t* bytes) {
  return {number_at(bytes), number_at(bytes + 16), number_at(bytes + 32)};
}

}  // namespace health
