// Activities of many accounts from one stream of events: the grouping by account.
//
// With many accounts a table of accounts and cells is larger than the processor's cache, and every event would wait for
// memory. So accounts and signals are numbered, and an event is a number (signal, day) that is appended to the list of
// its account, in batches which fetch the places where they will write beforehand (event_lists.hpp). When the lists
// have grown to what memory allows, or at the end, each is sorted, in cache, and makes the activity of its account: all
// of them, in the order of the accounts, are a part (account_parts.hpp). In the end all parts, those of parallel
// workers too, are merged.
#pragma once

#include <array>

#include "account_parts.hpp"
#include "event_lists.hpp"
#include "name.hpp"

namespace health {

inline constexpr std::size_t kMaxStateBytes = std::size_t{1} << 30;  // without a file
inline constexpr std::size_t kPartEvents = ~std::size_t{0};          // no bound but memory
inline constexpr std::uint32_t kMaxSignalNumbers = 1U << 23;         // of a part

// Bytes of a vector, or of the old and the new one where it must grow for `more` elements.
template <class T>
std::size_t bytes_to_hold(const Vector<T>& vector, std::size_t more) {
  return vector.capacity() * sizeof(T) * (vector.size() + more > vector.capacity() ? 3 : 1);
}

// Signal names, numbered in the order they came.
class SignalNames {
 public:
  explicit SignalNames(Memory* memory) : index_(64, 0, memory), names_(memory), bytes_(memory) {}
  std::uint32_t number_of(std::string_view name);  // throws unless 1..255 bytes
  std::string_view name(std::uint32_t number) const {
    return {bytes_.data() + names_[number].offset, names_[number].length};
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }
  std::size_t bytes(std::size_t more) const {  // to hold so many more
    return bytes_to_hold(index_, (size() + more) * 2 > index_.size() ? index_.size() : 0) +
           bytes_to_hold(names_, more) + bytes_to_hold(bytes_, more * kShortName);
  }

 private:
  struct Name {
    NameWords words;
    std::uint32_t offset, length;
  };
  Vector<std::uint32_t> index_;  // 1 + number, 0: free; a power of two
  Vector<Name> names_;
  Vector<char> bytes_;
};

// Accounts, numbered in the order they came, each with its list of events.
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
  std::size_t common_text() const;  // bytes with which all texts begin
  EventLists::List* list(std::uint32_t number) { return &accounts_[number].list; }
  std::size_t bytes(std::size_t more) const {  // to hold so many more
    return bytes_to_hold(index_, (size() + more) * 2 > index_.size() ? index_.size() : 0) +
           bytes_to_hold(accounts_, more) + bytes_to_hold(texts_, 1);
  }
  void clear();  // keeps memory

 private:
  static constexpr std::uint32_t kNoAccount = ~std::uint32_t{0};
  struct Account {
    Words words;
    std::size_t text;  // where a text begins
    EventLists::List list;
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

class Grouping {
 public:
  // `values`: events may have a value. The state takes at most `limit` bytes, but for one account that takes more:
  // parts beyond it go to the file, which the caller keeps as long as the state. A part has about `part_events` events
  // at most.
  Grouping(AccountType type, bool values, Memory* memory, std::size_t part_events = kPartEvents,
           std::size_t limit = kMaxStateBytes, PartFile* file = nullptr);
  AccountType type() const { return type_; }
  bool values() const { return values_; }

  // Adds an event to an account, or says only that the account exists. Throws 22023 for a bad signal name, 22008 for a
  // bad day, 22003 where a count does not fit, 54000 where without a file the state would pass its limit; since rows
  // are processed in batches, the last two may come some calls later. What the file throws is passed on.
  void add(const AccountKey& account, std::string_view signal, Day day, bool valued, Micros value);
  void add_account(const AccountKey& account);

  // Closes the open part, so that parts() has all events so far, and gives its memory back. More may be added
  // afterwards.
  void finish();
  const AccountParts& parts() const { return parts_; }
  Bytes packed() const { return parts_.in_memory(); }  // all of them where there is no file
  // Adds the parts that packed() or PartPieces gave in another process.
  void absorb(Bytes packed);

  std::size_t limit() const { return limit_; }
  std::size_t most_bytes() const { return most_bytes_; }  // the most that it took so far

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
  struct Place {  // of an account in the order of the accounts
    std::uint64_t prefix;
    std::uint32_t account;
  };
  using Rows = std::array<Waiting, 128>;
  void make_room(const AccountKey& account);
  Waiting& waiting_row(const AccountKey& account);
  void number_rows();
  template <class Run>
  auto with_event(Run run);
  std::size_t open_bytes(std::size_t more) const;
  std::size_t room_of_parts() const;
  bool full();
  void close_part(Content content);
  void merge_parts();
  template <class Event>
  void merge_parts(std::size_t count, std::size_t most_events);
  Vector<Place> sorted_accounts() const;

  AccountType type_;
  bool values_;
  bool wide_ = false;        // more signals than the narrow kind of an event can have
  bool has_events_ = false;  // a closed part has events as they are
  std::uint32_t waiting_ = 0;
  std::size_t part_events_, limit_, events_ = 0, most_bytes_ = 0;
  SignalNames signals_;
  AccountNumbers accounts_;
  EventLists lists_;
  AccountParts parts_;
  Vector<char> kept_;  // texts of waiting rows, which point into it: it never moves meanwhile
  Rows rows_;
};

// The activities of all parts of a finished state, one account after the other.
class GroupingMerge {
 public:
  GroupingMerge(const Grouping& state, Memory* memory);
  // The next account and its canonical bytes, empty where it has no events; false after the last. Both are valid until
  // the next call; `memory` is for this call only.
  bool next(AccountKey* account, Bytes* activity, ActivityWriter* writer, Memory* memory);

 private:
  AccountType type_;
  PartMerge merge_;
  ByteString text_, kept_;  // of the account, where it was read from a file: its text, its activities
};

}  // namespace health
