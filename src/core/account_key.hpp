// Accounts as the rows of a stream of events name them, and their order.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace health {

enum class AccountType : std::uint8_t { bigint, uuid, text };

struct Words {
  std::uint64_t first, last;
  bool operator==(const Words&) const = default;
};

// An account as a row names it; accounts are compared bytewise. bigint: the number is the first word. uuid: its 16
// bytes are the words. text: the bytes, less than 4 GB.
struct AccountKey {
  bool null;
  Words words;
  std::string_view text;
};

// The order of the result: numbers as such, uuid and text bytewise, NULL last.
inline bool account_before(AccountType type, const AccountKey& a, const AccountKey& b) {
  if (a.null || b.null) return !a.null && b.null;
  if (type == AccountType::text) return a.text < b.text;
  if (type == AccountType::uuid) return std::memcmp(&a.words, &b.words, sizeof a.words) < 0;
  return static_cast<std::int64_t>(a.words.first) < static_cast<std::int64_t>(b.words.first);
}

// A number in that order: where two differ they tell which account is before, where they are equal nothing.
inline std::uint64_t account_prefix(AccountType type, const AccountKey& key) {
  if (key.null) return ~std::uint64_t{0};
  if (type == AccountType::bigint) return key.words.first ^ std::uint64_t{1} << 63;
  std::uint64_t word = key.words.first;
  if (type == AccountType::text) {
    word = 0;
    std::memcpy(&word, key.text.data(), key.text.size() < sizeof word ? key.text.size() : sizeof word);
  }
  return std::endian::native == std::endian::little ? __builtin_bswap64(word) : word;
}

}  // namespace health
