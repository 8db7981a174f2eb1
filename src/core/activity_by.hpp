// Activities of many accounts from one stream of events: the grouping by account, by sorting.
//
// With many accounts a table of accounts and cells is larger than the processor's cache, and every event would wait for
// memory. So accounts and signals are numbered, each event becomes one number (account, signal, day), and when some
// millions have come together a radix sort, which reads and writes memory in order, brings those of an account
// together. Each such batch becomes a part: a list of (account, activity) in the order of the accounts. In the end all
// parts, those of parallel workers too, are merged.
#pragma once

#include <array>

#include "activity.hpp"
#include "name.hpp"

namespace health {

inline constexpr std::size_t kMaxStateBytes = std::size_t{1} << 30;  // of the parts and the names in a server
inline constexpr std::size_t kPartEvents = std::size_t{1} << 22;     // events sorted at a time
inline constexpr std::uint32_t kMaxAccountNumbers = 1U << 24, kMaxSignalNumbers = 1U << 23;

enum class AccountType : std::uint8_t { bigint, uuid, text };

struct Words {
  std::uint64_t first, last;
  bool operator==(const Words&) const = default;
};

// An account as a row names it; accounts are compared bytewise. bigint: the number is the first word. uuid: its 16
// bytes are the words. text: the bytes.
struct AccountKey {
  bool null;
  Words words;
  std::string_view text;
};
// The order of the result: numbers as such, uuid and text bytewise, NULL last.
bool account_before(AccountType type, const AccountKey& a, const AccountKey& b);

// Signal names, numbered in the order they came.
class SignalNames {
 public:
  explicit SignalNames(Memory* memory) : index_(64, 0, memory), names_(memory), bytes_(memory) {}
  std::uint32_t number_of(std::string_view name);  // throws unless 1..255 bytes
  std::string_view name(std::uint32_t number) const {
    return {bytes_.data() + names_[number].offset, names_[number].length};
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }
  std::size_t bytes() const { return index_.size() * 4 + names_.size() * sizeof(Name) + bytes_.size(); }

 private:
  struct Name {
    NameWords words;
    std::uint32_t offset, length;
  };
  Vector<std::uint32_t> index_;  // 1 + number, 0: free; a power of two
  Vector<Name> names_;
  Vector<char> bytes_;
};

// Accounts, numbered in the order they came.
class AccountNumbers {
 public:
  AccountNumbers(AccountType type, Memory* memory)
      : type_(type), index_(64, Place{}, memory), accounts_(memory), texts_(memory) {}
  // To look up many at once without waiting for memory: fetch(hash) for all, then candidate() for all, then
  // number_of().
  static std::uint32_t hash_of(const Words& words) {
    return static_cast<std::uint32_t>(mixed(mixed(words.first, words.last), 0));
  }
  void fetch(std::uint32_t hash) const { __builtin_prefetch(&index_[hash & (index_.size() - 1)]); }
  std::uint32_t candidate(std::uint32_t hash) const;  // first account with that hash, prefetched
  std::uint32_t number_of(std::uint32_t candidate, const Words& words, std::string_view text, std::uint32_t hash);
  std::uint32_t null_number();
  Words words_of(const AccountKey& key) const;  // of a text key: its hash and length

  std::uint32_t size() const { return static_cast<std::uint32_t>(accounts_.size()); }
  AccountKey key(std::uint32_t number) const;
  std::size_t bytes() const {
    return index_.size() * sizeof(Place) + accounts_.size() * sizeof(Account) + texts_.size();
  }

 private:
  static constexpr std::uint32_t kNoAccount = ~std::uint32_t{0};
  struct Account {
    Words words;
    std::size_t text;  // where a text begins
  };
  struct Place {
    std::uint32_t hash;
    std::uint32_t account;  // 1 + number, 0: free
  };
  std::string_view text(const Account& account) const {
    return {texts_.data() + account.text, type_ == AccountType::text ? account.words.last : 0};
  }
  std::uint32_t added(const Words& words, std::string_view text);

  AccountType type_;
  std::uint32_t null_ = kNoAccount;
  Vector<Place> index_;  // a power of two
  Vector<Account> accounts_;
  Vector<char> texts_;
};

// An event: account, signal and day in one number. The second kind may have a value.
struct CountRow {
  std::uint64_t key;
};
struct ValueRow {
  std::uint64_t key;
  Micros value;
  bool valued;
};

class ActivityBy {
 public:
  // `values`: events may have a value. A part has about `part_events` events, the whole state at most `limit` bytes.
  ActivityBy(AccountType type, bool values, Memory* memory, std::size_t part_events = kPartEvents,
             std::size_t limit = kMaxStateBytes);
  AccountType type() const { return type_; }
  bool values() const { return values_; }

  // Adds an event to an account, or says only that the account exists. Throws 22023 for a bad signal name, 22008 for a
  // bad day, 22003 where a count does not fit, 54000 where the state would pass its limit; since rows are processed in
  // batches, the last two may come some calls later.
  void add(const AccountKey& account, std::string_view signal, Day day, bool valued, Micros value);
  void add_account(const AccountKey& account);

  // Closes the open part, so that packed() has all events so far. More may be added afterwards.
  void finish();
  Bytes packed() const { return bytes_in(parts_); }  // the closed parts
  // Adds the parts that packed() gave in another process.
  void absorb(Bytes packed);

 private:
  static constexpr std::uint32_t kNoSignal = ~std::uint32_t{0};
  struct Waiting {  // a row whose account has no number yet
    Words words;
    std::string_view text;
    std::uint32_t hash, account, signal;
    Day day;
    bool valued;
    Micros value;
    bool null;
  };
  Waiting& waiting_row(const AccountKey& account);
  void number_rows();
  void close_part();
  template <class Row>
  void close_part(Vector<Row>* rows);
  std::size_t begin_part();
  void append(const AccountKey& key, Bytes activity);
  void end_part(std::size_t begin);
  void check_bytes(std::size_t more) const;

  AccountType type_;
  bool values_, ordered_ = true;
  Day last_day_ = 0;
  std::uint32_t waiting_ = 0;
  std::size_t part_events_, limit_;
  SignalNames signals_;
  AccountNumbers accounts_;
  Vector<std::uint8_t> has_events_;  // per account, in a part that is closed
  Vector<CountRow> counts_;
  Vector<ValueRow> valued_;
  ByteString parts_;
  Vector<char> kept_;  // texts of waiting rows, which point into it: it never moves meanwhile
  std::array<Waiting, 128> rows_;
};

// The activities of all parts of a finished state, one account after the other.
class ActivityMerge {
 public:
  ActivityMerge(const ActivityBy& state, Memory* memory);
  // The next account and its canonical bytes, empty where it has no events; false after the last. Both are valid until
  // the next call; `memory` is for this call only.
  bool next(AccountKey* account, Bytes* activity, ActivityWriter* writer, Memory* memory);

 private:
  struct Source {
    Bytes rest;  // of a part, behind the entry that was read last:
    AccountKey key;
    Bytes activity;
    bool more;
  };
  void advance(Source* source) const;
  AccountType type_;
  Vector<Source> sources_;
};

}  // namespace health
