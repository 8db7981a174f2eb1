#include "composite.hpp"

#include <bit>
#include <cmath>
#include <cstring>

#include "decimal.hpp"

namespace health {

namespace {

constexpr double kMostScore = 1e9;
constexpr std::uint8_t kVersion = 1;

// A limb with its least byte first, on any machine.
Limb ordered(Limb limb) { return std::endian::native == std::endian::little ? limb : __builtin_bswap64(limb); }

void write_limbs(std::span<const Limb> limbs, std::uint8_t** out) {
  for (const Limb limb : limbs) {
    const Limb bytes = ordered(limb);
    std::memcpy(*out, &bytes, sizeof bytes);
    *out += sizeof bytes;
  }
}

void read_limbs(const std::uint8_t** in, std::span<Limb> limbs) {
  for (Limb& limb : limbs) {
    std::memcpy(&limb, *in, sizeof limb);
    limb = ordered(limb);
    *in += sizeof limb;
  }
}

}  // namespace

void Composite::add(bool has_score, double score, double weight) {
  if (!(weight == 0 || (weight >= 1e-30 && weight <= 1e30)))
    fail(kInvalidParameter, "Use 0 or a number from 1e-30 to 1e30.", "invalid weight: %s", NumberText(weight).text);
  const Binary w = binary_of(weight, kWeightPlace);
  all_.add(w.mantissa, w.exponent, false);
  if (!has_score) return;
  if (!(std::fabs(score) <= kMostScore))
    fail(kOutOfRange, "Scores go up to 1e9 in size; pass NULL for a missing one.", "invalid score: %s",
         NumberText(score).text);
  const Binary s = binary_of(score, kScorePlace);
  scored_.add(w.mantissa, w.exponent, false);
  weighted_.add(UInt128{w.mantissa} * s.mantissa, w.exponent + s.exponent, score < 0);
}

void Composite::add(const Composite& other) {
  weighted_.add(other.weighted_);
  scored_.add(other.scored_);
  all_.add(other.all_);
  if (!possible()) fail(kOutOfRange, "Use smaller weights.", "sum of weights out of range");
}

double Composite::mean() const {
  const double size = quotient(weighted_.magnitude(), scored_.magnitude(), kScorePlace);
  return weighted_.negative() ? -size : size;
}

double Composite::coverage() const { return quotient(scored_.magnitude(), all_.magnitude(), 0); }

void Composite::write(std::uint8_t* bytes) const {
  *bytes++ = kVersion;
  write_limbs(weighted_.bits, &bytes);
  write_limbs(scored_.bits, &bytes);
  write_limbs(all_.bits, &bytes);
}

Composite Composite::read(std::span<const std::uint8_t> bytes) {
  Composite result;
  const std::uint8_t* in = bytes.data();
  const bool readable = bytes.size() == kBytes && *in++ == kVersion;
  if (readable) {
    read_limbs(&in, result.weighted_.bits);
    read_limbs(&in, result.scored_.bits);
    read_limbs(&in, result.all_.bits);
  }
  if (!readable || !result.possible()) fail(kInvalidBinary, "", "invalid state of health_composite");
  return result;
}

// What is true of the sums of any rows. A state from outside is held to it, too, so that there is room to add a row or
// another state.
bool Composite::possible() const {
  if (scored_.negative() || all_.negative() || !all_.below(kMostWeight)) return false;
  const Wide scored = scored_.magnitude();
  return at_most(scored, all_.magnitude(), 1, 0) &&
         at_most(weighted_.magnitude(), scored, static_cast<std::uint64_t>(kMostScore), -kScorePlace);
}

}  // namespace health
