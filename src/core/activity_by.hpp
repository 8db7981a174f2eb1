// Activities of many accounts from one stream of rows: the grouping by account and the adding up in one place.
//
// Each account has an open-addressing table of its cells, keyed by signal and day, so the order of the rows does not
// matter. Rows wait in a batch, and the memory that they touch is fetched for all of them before it is needed. The
// activities have the bytes that an Accumulator gives each account alone: here, too, sums have 128 bits.
#pragma once

#include <array>

#include "activity.hpp"
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

// Events of a signal and day: without values, and with them.
struct CountTally {
  std::uint32_t count;
  void add(const CountTally& more) { count += more.count; }
  Cell cell(std::string_view name, Day day) const { return cell_of_sum(name, day, count, 0, 0); }
};
struct ValueTally {
  std::uint32_t count, value_count;
  WideSum sum;
  void add(const ValueTally& more) {
    count += more.count;
    value_count += more.value_count;
    sum.add(more.sum.value());
  }
  Cell cell(std::string_view name, Day day) const { return cell_of_sum(name, day, count, value_count, sum.value()); }
};

// Signal names, numbered in the order they came.
class SignalNames {
 public:
  explicit SignalNames(Memory* memory) : index_(16, 0, memory), names_(memory), bytes_(memory) {}
  std::uint32_t number_of(const NameKey& key) {  // Throws unless 1..255 bytes
    const std::size_t mask = index_.size() - 1;
    for (std::size_t i = key.hash & mask; index_[i] != 0; i = (i + 1) & mask)
      if (is(names_[index_[i] - 1], key)) return index_[i] - 1;
    return added(key);
  }
  std::string_view name(std::uint32_t number) const {
    return {bytes_.data() + names_[number].offset, names_[number].length};
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }
  std::size_t bytes() const { return index_.capacity() * 4 + names_.capacity() * sizeof(Name) + bytes_.capacity(); }

 private:
  struct Name {
    Words words;
    std::uint32_t offset, length;
  };
  bool is(const Name& name, const NameKey& key) const {
    return name.length == key.name.size() && name.words == key.words &&
           (key.is_short() || std::memcmp(bytes_.data() + name.offset, key.name.data(), name.length) == 0);
  }
  std::uint32_t added(const NameKey& key);

  Vector<std::uint32_t> index_;  // 1 + number, 0: free; a power of two
  Vector<Name> names_;
  Vector<char> bytes_;
};

template <class Tally>
class ActivityBy {
 public:
  ActivityBy(AccountType type, Memory* memory, std::size_t limit = kMaxStateBytes);
  ~ActivityBy();
  ActivityBy(const ActivityBy&) = delete;
  AccountType type() const { return type_; }

  // Adds events of an account, or with add_account says only that it exists. Both may throw: 22023 for a bad name,
  // 22003 where a count of a day does not fit, 54000 where the state would pass the limit (in bytes).
  void add(const AccountKey& account, std::string_view signal, Day day, const Tally& tally) {
    const std::uint32_t number = signals_.number_of(NameKey(signal));
    check_event_day(signal, day);
    wait(account, number, day, tally);
  }
  void add_account(const AccountKey& account) { wait(account, kNoSignal, 0, {}); }
  void flush();  // adds the rows that wait; before anything below

  std::uint32_t accounts() const { return static_cast<std::uint32_t>(accounts_.size()); }
  // The numbers of the accounts in the order of their keys; NULL comes last.
  Vector<std::uint32_t> sorted_accounts(Memory* memory) const;
  AccountKey key(std::uint32_t account) const;
  // Canonical bytes; none for an account without events.
  Bytes activity(std::uint32_t account, ActivityWriter* writer, Memory* memory) const;

  // The state as bytes for another process of the same server: its names, then its accounts one by one. Each call
  // writes one part and returns the end of what it wrote.
  std::size_t packed_bytes() const;
  std::uint8_t* pack_names(std::uint8_t* to) const;
  std::uint8_t* pack_account(std::uint32_t account, std::uint8_t* to) const;
  class Parcel;
  // Adds the next account of a parcel; false when there was none.
  bool absorb(Parcel* parcel);

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0}, kNoSignal = kNone;
  struct Slot {
    std::uint32_t signal;  // 1 + its number, 0: free
    Day day;
    Tally tally;
  };
  struct Account {
    Words words;  // of a text: its hash
    Slot* slots;
    std::uint32_t capacity, used;
  };
  struct Place {  // of an account in the index
    std::uint32_t hash;
    std::uint32_t account;  // 1 + its number, 0: free
  };
  struct Text {
    std::size_t offset, length;
  };
  struct Row {
    Words words;
    Text text;
    std::uint32_t hash, account, signal;
    Day day;
    Tally tally;
  };

  void wait(const AccountKey& account, std::uint32_t signal, Day day, const Tally& tally);
  std::uint32_t candidate(std::uint32_t hash) const;
  bool is(std::uint32_t account, const Words& words, std::string_view text) const;
  std::uint32_t account_of(const Words& words, std::string_view text, std::uint32_t hash);
  std::uint32_t null_account();
  std::uint32_t new_account(const Words& words, std::string_view text);
  std::uint32_t account_of(const AccountKey& key);
  static Words words_of(AccountType type, const AccountKey& key);
  void add_cell(Account* account, std::uint32_t signal, Day day, const Tally& tally);
  void grow(Account* account, std::uint32_t used);
  void check_bytes(std::size_t more) const;
  std::string_view text(std::uint32_t account) const {
    return {text_bytes_.data() + texts_[account].offset, texts_[account].length};
  }
  // Where the search for a cell begins.
  static Slot* first_slot(const Account& account, std::uint32_t signal, Day day) {
    const auto hash = static_cast<std::uint32_t>(mixed(signal, static_cast<std::uint32_t>(day)));
    return account.slots + (std::uint64_t{hash} * account.capacity >> 32);
  }

  AccountType type_;
  std::uint32_t null_account_ = kNone, waiting_ = 0;
  std::size_t limit_;
  Memory* memory_;
  SignalNames signals_;
  Vector<Place> index_;  // a power of two
  Vector<Account> accounts_;
  Vector<Text> texts_;  // of the accounts, where they are text
  Vector<char> text_bytes_, waiting_text_;
  std::size_t slot_bytes_ = 0;
  std::array<Row, 256> rows_;  // that wait
};

// A packed state that is being absorbed.
template <class Tally>
class ActivityBy<Tally>::Parcel {
 public:
  // The bytes must outlive it. Throws XX001 where they are not a packed state.
  Parcel(Bytes bytes, Memory* memory);

 private:
  friend ActivityBy;
  template <class T>
  T take();
  std::string_view take_text(std::size_t length);

  Bytes left_;
  Vector<std::string_view> names_;
  Vector<std::uint32_t> numbers_;  // of its signals, in the state that absorbs it
  std::uint32_t accounts_left_ = 0;
};

extern template class ActivityBy<CountTally>;
extern template class ActivityBy<ValueTally>;

}  // namespace health
