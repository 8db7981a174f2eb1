// Activities of many accounts in parts: a part is a list of (account, activity) in the order of the accounts' hashes,
// and complete in itself. Parts stand one behind the other in a temporary file. In the end the parts are merged: those
// of one process or of several, all accounts or a range of the hashes, so that processes can merge side by side.
//
// Instead of an activity an entry may have events as they are, whose signals are numbers of its process: a part is
// written and read faster so, and each account's events are made an activity once.
//
// The file does not leave the server, so numbers are in the machine's own byte order.
#pragma once

#include <array>

#include "account_key.hpp"
#include "activity.hpp"

namespace health {

// A temporary file, which the caller opens and closes. Both functions throw a Failure where they cannot do it; they may
// be called in turns.
class PartFile {
 public:
  virtual void write(Bytes bytes) = 0;                                         // behind what has been written
  virtual void read(std::uint64_t offset, std::span<std::uint8_t> bytes) = 0;  // as many as there is room for

 protected:
  ~PartFile() = default;
};

inline constexpr std::size_t kLeastBuffer = 1 << 13, kMostBuffer = 1 << 18;  // of a part that is read
inline constexpr std::size_t kRanges = 32;                                   // of hashes, equally wide

// Of accounts: activities, events, which are narrow or wide (event_lists.hpp), or tallies (tally.hpp).
enum class Content : std::uint8_t { activity, narrow_events, wide_events, tallies };
class PartReader;

// Where entries stand in a file. `source`: whose signals they have.
struct PartRange {
  PartFile* file;
  std::uint64_t begin, end;
  std::uint32_t source;
};

class AccountParts {
 public:
  AccountParts(Memory* memory, PartFile* file) : file_(file), bytes_(memory), parts_(memory) {}

  // What is appended next belongs to a new part.
  void begin_part();
  // The accounts of a part come by their hashes, those of one hash in their order; one may come several times.
  void append(std::uint32_t hash, const AccountKey& key, Content content, Bytes bytes);
  void append(const PartReader& entry);
  void flush();                                     // what is read must be in the file
  void drop(std::size_t first, std::size_t count);  // not the last one

  PartFile* file() const { return file_; }
  std::size_t count() const { return parts_.size(); }
  Vector<PartRange> ranges(std::size_t first, std::size_t count) const;  // so many parts, whole
  std::uint64_t begin(std::size_t part, std::size_t range) const;        // range = kRanges: its end
  std::uint64_t size() const { return flushed_ + bytes_.size(); }
  std::size_t bytes() const;  // of memory that it takes, at least what it needs to write

 private:
  using Begins = std::array<std::uint64_t, kRanges + 1>;
  void write(std::uint32_t hash, Bytes head, std::string_view text, Bytes bytes);

  PartFile* file_;
  std::uint64_t flushed_ = 0;
  ByteString bytes_;       // what is not in the file yet
  Vector<Begins> parts_;   // where each of their ranges begins, and their ends
  std::size_t range_ = 0;  // the last one that has begun in the last part
};

// Walks the entries of a range.
class PartReader {
 public:
  // `buffer`: bytes read at a time.
  PartReader(const PartRange& range, std::size_t buffer, Memory* memory);
  // The entry it stands on: valid until next().
  bool more() const { return !entry_.empty(); }
  std::uint32_t hash() const { return hash_; }
  const AccountKey& key() const { return key_; }
  Content content() const { return content_; }
  Bytes bytes() const { return bytes_; }
  Bytes entry() const { return entry_; }
  std::uint32_t source() const { return range_.source; }
  void next();

 private:
  void need(std::size_t bytes);

  PartRange range_;              // what has not been read
  Vector<std::uint8_t> buffer_;  // what has
  Bytes rest_, entry_, bytes_;
  std::uint32_t hash_ = 0;
  AccountKey key_{};
  Content content_ = Content::activity;
};

// The entries of some ranges in the order of the accounts; those of one account in the order of the ranges.
class PartMerge {
 public:
  // `room`: bytes for buffers.
  PartMerge(std::span<const PartRange> ranges, AccountType type, std::size_t room, Memory* memory);
  const PartReader* first() const { return heap_.empty() ? nullptr : heap_.front().reader; }
  void next();
  // Calls each(entry) for all entries of the account that stands first, and returns its hash. `key` becomes that
  // account, of which `text` holds the text.
  template <class Each>
  std::uint32_t take_account(AccountKey* key, ByteString* text, Each each) {
    const std::uint32_t hash = first()->hash();
    text->assign(first()->key().text);
    *key = first()->key();
    key->text = *text;
    for (const PartReader* entry; (entry = first_of(hash, *key)) != nullptr; next()) each(*entry);
    return hash;
  }

 private:
  struct Place {
    std::uint32_t hash;
    PartReader* reader;
  };
  // The next entry, where it is of that account.
  const PartReader* first_of(std::uint32_t hash, const AccountKey& key) const;
  bool before(const Place& a, const Place& b) const;
  void sink(std::size_t at);

  AccountType type_;
  Vector<PartReader> readers_;
  Vector<Place> heap_;  // the first on top
};

}  // namespace health
