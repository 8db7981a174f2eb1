// Activities of many accounts from one stream of rows: the grouping by account, around an Accumulator for each.
//
// With many accounts a row finds nothing that it needs in the processor's cache. So rows wait in a batch, and the
// memory that they touch is fetched for all of them, step by step, before it is needed.
#pragma once

#include <array>

#include "accumulator.hpp"
#include "name.hpp"

namespace health {

// What one state may take of memory in a server.
inline constexpr std::size_t kMaxStateBytes = std::size_t{1} << 30;

enum class AccountType : std::uint8_t { bigint, uuid, text };

// An account as a row names it; accounts are compared bytewise. bigint: the number is the first word. uuid: its 16
// bytes are the words. text: the bytes.
struct AccountKey {
  bool null;
  Words words;
  std::string_view text;
};

class ActivityBy {
 public:
  ActivityBy(AccountType type, Memory* memory, std::size_t limit = kMaxStateBytes);
  ~ActivityBy();
  ActivityBy(const ActivityBy&) = delete;
  AccountType type() const { return type_; }

  // Adds an entry to an account, or says only that the account exists. Throws what accumulator_add throws, and 54000
  // where the state would pass its limit (in bytes); perhaps some rows later, or in flush.
  void add(const AccountKey& account, const Entry& entry) { wait(account, &entry); }
  void add_account(const AccountKey& account) { wait(account, nullptr); }
  void flush();  // adds the rows that wait; to be called before anything below

  std::uint32_t accounts() const { return static_cast<std::uint32_t>(accounts_.size()); }
  // The numbers of the accounts in the order of their keys; NULL comes last.
  Vector<std::uint32_t> sorted_accounts(Memory* memory) const;
  AccountKey key(std::uint32_t account) const;
  // Canonical bytes; none for an account without entries.
  Bytes activity(std::uint32_t account, ActivityWriter* writer, Memory* memory) const;

  // An account as bytes for another process of the same server, to be written at a multiple of 8; returns their end,
  // another multiple of 8. Absorbing them adds the account.
  std::size_t packed_bytes(std::uint32_t account) const;
  std::uint8_t* pack(std::uint32_t account, std::uint8_t* to) const;
  // Absorbs the first of some packed accounts; returns the rest. Throws XX001 where they end too early.
  Bytes absorb(Bytes packed);

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  struct Account {
    Words words;         // of a text: its hash
    Accumulator* block;  // none without entries
    std::size_t text;    // where a text begins; its length is in words
  };
  struct Place {  // of an account in the index
    std::uint32_t hash;
    std::uint32_t account;  // 1 + its number, 0: free
  };
  struct Row {
    Words words;
    std::string_view text;
    std::uint32_t hash, account;
    bool empty;
    char short_name[kShortName];
    Entry entry;
  };

  Words words_of(const AccountKey& key) const;
  std::string_view text(const Account& account) const {
    return {texts_.data() + account.text, type_ == AccountType::text ? account.words.last : 0};
  }
  bool is(const Account& account, const Words& words, std::string_view key) const {
    return account.words == words && text(account) == key;
  }
  std::uint32_t candidate(std::uint32_t hash) const;
  std::uint32_t account_of(const Words& words, std::string_view key, std::uint32_t hash);
  std::uint32_t null_account();
  std::uint32_t new_account(const Words& words, std::string_view key);
  void wait(const AccountKey& account, const Entry* entry);
  std::string_view keep(std::string_view text);
  Accumulator* new_block(const Room& room);
  void grow(Account* account, const Room& room);
  void check_bytes(std::size_t more) const;

  AccountType type_;
  std::uint32_t null_account_ = kNone, waiting_ = 0;
  std::size_t limit_, block_bytes_ = 0;
  Memory* memory_;
  Vector<Place> index_;  // a power of two
  Vector<Account> accounts_;
  Vector<char> texts_;         // of the accounts
  Vector<char> kept_;          // texts of the rows that wait; it does not move as long as they do
  std::array<Row, 128> rows_;  // that wait
};

}  // namespace health
