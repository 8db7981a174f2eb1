// Signal names as keys of hash tables. A name of up to 24 bytes is three words: loaded, mixed and compared without a
// loop.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string_view>

namespace health {

inline constexpr std::size_t kShortName = 24;

inline std::uint64_t load_word(const char* from, std::size_t bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, bytes);
  return word;
}

struct NameWords {
  std::uint64_t first, middle, last;
  bool operator==(const NameWords&) const = default;
};

// The bytes of a short name in three words, which overlap where it does not fill them. With its length they determine
// the name.
inline NameWords short_name_words(const char* name, std::size_t length) {
  if (length >= 16) return {load_word(name, 8), load_word(name + 8, 8), load_word(name + length - 8, 8)};
  if (length >= 8) return {load_word(name, 8), load_word(name + length - 8, 8), 0};
  if (length >= 4) return {load_word(name, 4), load_word(name + length - 4, 4), 0};
  if (length == 0) return {0, 0, 0};
  return {load_word(name, 1), load_word(name + length / 2, 1), load_word(name + length - 1, 1)};
}

// Mixes two words into one: the halves of their product XORed, as in wyhash, plus the words themselves, since a factor
// of 0 or 1 would lose one of them.
inline std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
  const unsigned __int128 product =
      static_cast<unsigned __int128>(a ^ 0xFFE7'0376'5B1F'A9C3) * (b ^ 0xFFA2'11D4'936C'085D);
  return (static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64)) + a + std::rotl(b, 32);
}

// A name prepared for look-ups.
struct NameKey {
  explicit NameKey(std::string_view text) : name(text) {
    if (text.size() <= kShortName) {
      words = short_name_words(text.data(), text.size());
      hash = static_cast<std::uint32_t>(mixed(mixed(words.first, words.middle), words.last));
    } else {
      hash = static_cast<std::uint32_t>(std::hash<std::string_view>{}(text));
      words = {hash, 0, 0};
    }
  }
  bool is_short() const { return name.size() <= kShortName; }

  std::string_view name;
  NameWords words;
  std::uint32_t hash;
};

}  // namespace health
