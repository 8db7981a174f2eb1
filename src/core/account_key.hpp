// Accounts as the rows of a stream of events name them, and their order.
#pragma once

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

// Among accounts of the same hash, the order in which parts have them (account_parts.hpp): NULL is last.
inline bool account_before(AccountType type, const AccountKey& a, const AccountKey& b) {
  if (a.null || b.null) return !a.null && b.null;
  if (type == AccountType::text) return a.text < b.text;
  return a.words.first != b.words.first ? a.words.first < b.words.first : a.words.last < b.words.last;
}

}  // namespace health
