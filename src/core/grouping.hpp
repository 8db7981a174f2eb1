// Activities of many accounts from one stream of events: the grouping by account.
//
// With many accounts a table of accounts and cells is larger than the processor's cache, and every event would wait for
// memory. So accounts and signals are numbered, and an event is a number (signal, day) that is appended to the list of
// its account, in batches which fetch the places where they will write beforehand (event_lists.hpp). In the end each
// list is sorted, in cache, and makes the activity of its account. Where the lists have grown to what memory allows
// before, they become a part in a temporary file (account_parts.hpp), and in the end all parts are merged.
//
// Processes that share a stream each group what they read of it, and leave all of it in parts. Then they merge ranges
// of the accounts side by side.
#pragma once

#include <array>
#include <variant>

#include "account_events.hpp"
#include "account_parts.hpp"
#include "tally.hpp"

namespace health {

inline constexpr std::size_t kUnbounded = ~std::size_t{0};  // bytes of memory, events of a part

// Accounts, numbered in the order they came, each with its list of events.
class AccountNumbers {
 public:
  AccountNumbers(AccountType type, Memory* memory)
      : type_(type), index_(64, Place{}, memory), accounts_(memory), texts_(memory) {}
  AccountType type() const { return type_; }
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
  std::uint32_t hash(std::uint32_t number) const { return hash_of(accounts_[number].words); }
  EventLists::List* list(std::uint32_t number) { return &accounts_[number].list; }
  const EventLists::List& list(std::uint32_t number) const { return accounts_[number].list; }
  void fetch_account(std::uint32_t number) const { __builtin_prefetch(&accounts_[number]); }
  bool full(std::size_t more) const { return accounts_.size() + more >= kNoAccount; }  // for so many more
  Vector<std::uint32_t> in_order() const;      // numbers, in the order of a part
  std::size_t bytes(std::size_t more) const {  // to hold so many more
    return bytes_to_hold(index_, (size() + more) * 2 > index_.size() ? index_.size() : 0) +
           bytes_to_hold(accounts_, more) + bytes_to_hold(texts_, 1);
  }

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
  // at most. `tallies`: what each row has, which stays.
  Grouping(AccountType type, bool values, Memory* memory, PartFile* file, std::size_t limit,
           std::size_t part_events = kUnbounded, std::span<const TallyKind> tallies = {});
  AccountType type() const { return accounts_.type(); }
  bool values() const { return values_; }

  // Adds an event to an account, or says only that the account exists. Throws 22023 for a bad signal name, 22008 for a
  // bad day, 22003 where a count does not fit; since rows are processed in batches, the last may come some calls later.
  // What the file throws is passed on.
  void add(const AccountKey& account, std::string_view signal, Day day, bool valued, Micros value,
           const Tally* tallies = nullptr);
  void add_account(const AccountKey& account, const Tally* tallies = nullptr);

  // The end of the stream: for a GroupingMerge of this state.
  void finish();
  // Or for one in each of so many processes: all goes to the file, behind it the directory, of which this returns the
  // size in bytes.
  std::size_t finish_shared(std::size_t processes);

  std::size_t limit() const { return limit_; }
  std::size_t most_bytes() const { return most_bytes_; }      // the most that it took so far
  std::uint64_t file_bytes() const { return parts_.size(); }  // in the file
  std::size_t parts() const { return closed_; }               // that the lists became there

 private:
  friend class GroupingMerge;
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
  using Rows = std::array<Waiting, 128>;
  void make_room(const AccountKey& account);
  Waiting& waiting_row(const AccountKey& account, const Tally* tallies);
  void tally_rows(std::span<const Waiting> rows);
  void number_rows();
  template <class Run>
  auto with_event(Run run);
  std::size_t open_bytes(std::size_t more) const;
  bool full() const;
  std::size_t most_parts(std::size_t processes) const;
  void close_part();
  void close_all(std::size_t processes);
  void widen();
  void forget_signals();
  void merge_parts(std::size_t first, std::size_t count, std::size_t most_events);

  bool values_;
  bool wide_ = false;  // more signals than the narrow kind of an event can have
  std::uint32_t waiting_ = 0;
  std::size_t limit_, part_events_, events_ = 0, closed_ = 0, most_bytes_ = 0;
  std::size_t named_parts_ = 0;  // the first ones, without numbers of signals
  SignalNames signals_;
  AccountNumbers accounts_;
  EventLists lists_;
  AccountParts parts_;
  std::span<const TallyKind> kinds_;
  Vector<Tally> tallies_, waiting_tallies_;  // of each account; of each waiting row
  Vector<char> kept_;                        // texts of waiting rows, which point into it: it never moves meanwhile
  Rows rows_;
};

// What finish_shared() left in a file: `directory_bytes` at its end.
struct SharedGrouping {
  PartFile* file;
  std::uint64_t parts_bytes;
  std::size_t directory_bytes;
};

// The activities of finished states, one account after the other.
class GroupingMerge {
 public:
  // All accounts of one state, which must stay.
  GroupingMerge(const Grouping& state, Memory* memory);
  // Of shared ones: nothing before open(). `room`: bytes for buffers.
  GroupingMerge(AccountType type, bool values, std::span<const SharedGrouping> states, std::size_t room, Memory* memory,
                std::span<const TallyKind> tallies = {});
  // The accounts of one of kRanges ranges.
  void open(std::size_t range);
  // The next account and its canonical bytes, empty where it has no events; false after the last. Both are valid until
  // the next call.
  bool next(AccountKey* account, Bytes* activity);
  const Tally* tallies() const { return tallies_; }  // of that account

 private:
  using Events = std::variant<AccountEvents<ListEvent<false, false>>, AccountEvents<ListEvent<false, true>>,
                              AccountEvents<ListEvent<true, false>>, AccountEvents<ListEvent<true, true>>>;
  struct Directory {
    PartFile* file;
    bool wide;
    Vector<std::uint64_t> begins;  // of each part's ranges, and their end
    SignalNames names;
  };
  static Vector<Directory> read(std::span<const SharedGrouping> states, Memory* memory);
  static Events events_of(bool wide, bool values, const SignalOrder& order, Memory* memory);
  bool next_in_lists(AccountKey* account, Bytes* activity);
  bool next_in_parts(AccountKey* account, Bytes* activity);
  void keep(Bytes activity);
  Bytes made();

  AccountType type_;
  bool values_;
  std::size_t room_;
  const Grouping* lists_ = nullptr;  // whose lists are all there is
  std::uint32_t account_ = 0;        // of these, the next one
  Vector<Directory> directories_;
  SignalOrder order_;
  Events events_;
  std::optional<PartMerge> merge_;
  std::span<const TallyKind> kinds_;
  Vector<Tally> merged_;            // of an account in parts
  const Tally* tallies_ = nullptr;  // of the account
  ByteString text_, kept_;          // of the account: its text, its activities
  Vector<std::size_t> sizes_;       // of these
  Vector<Bytes> activities_;
  ActivityWriter writer_;
};

}  // namespace health
