// Activities of many accounts in parts: a part is a list of (account, activity) in the order of the accounts, and
// complete in itself. Parts stand one behind the other in a stream of bytes, whose end is in memory, and of which the
// rest, where memory ended, is in a file. In the end the parts are merged.
//
// Instead of an activity an entry may have events as they are, whose signals only its process knows: a small part that
// goes to the file is written and read faster so, and each account's events are made an activity once.
//
// Neither stream nor file leaves the server, so numbers are in the machine's own byte order.
#pragma once

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

inline constexpr std::size_t kLeastBuffer = 1 << 13, kMostBuffer = 1 << 18;  // of a part that is read from a file

enum class Content : std::uint8_t { activity, events };
class PartReader;

class AccountParts {
 public:
  AccountParts(Memory* memory, PartFile* file) : file_(file), bytes_(memory), begins_(memory) {}

  // What is appended next belongs to a new part.
  void begin_part();
  // The accounts of a part come in their order; one may come several times. `room`: how many bytes of the stream may be
  // in memory; beyond these it goes to the file, or without a file fails with 54000.
  void append(const AccountKey& key, Content content, Bytes bytes, std::size_t room);
  void append(const PartReader& entry, std::size_t room);
  // Appends the parts that in_memory() or PartPieces gave in another process.
  void absorb(Bytes packed, std::size_t room);
  void spill();                  // all to the file
  void drop(std::size_t parts);  // the first ones

  bool has_file() const { return file_ != nullptr; }
  std::size_t count() const { return begins_.size(); }
  std::uint64_t begin(std::size_t part) const { return begins_[part]; }
  std::uint64_t end(std::size_t part) const { return part + 1 < count() ? begins_[part + 1] : size(); }
  std::uint64_t size() const { return filed_ + bytes_.size(); }
  std::uint64_t filed() const { return filed_; }
  std::size_t bytes() const { return bytes_.capacity() + begins_.capacity() * sizeof(std::uint64_t); }
  Bytes in_memory() const { return bytes_in(bytes_); }
  void read(std::uint64_t offset, std::span<std::uint8_t> bytes) const;

 private:
  void append(Bytes entry, std::size_t room);
  void make_room(std::size_t more, std::size_t room);

  PartFile* file_;
  std::uint64_t filed_ = 0;  // bytes of the stream that are in the file
  ByteString bytes_;         // the others
  Vector<std::uint64_t> begins_;
};

// Walks entries of a stream, which must not change meanwhile, or only grow if they are in its file.
class PartReader {
 public:
  // `buffer`: bytes read from the file at a time.
  PartReader(const AccountParts& parts, std::uint64_t begin, std::uint64_t end, std::size_t buffer, Memory* memory);
  // The entry it stands on. In a file: until next().
  bool more() const { return !entry_.empty(); }
  const AccountKey& key() const { return key_; }
  Content content() const { return content_; }
  Bytes bytes() const { return bytes_; }
  Bytes entry() const { return entry_; }
  bool filed() const { return filed_; }
  void next();

 private:
  void need(std::size_t bytes);

  const AccountParts* parts_;
  bool filed_;
  std::uint64_t at_, end_;       // what has not been read
  Vector<std::uint8_t> buffer_;  // what has
  Bytes rest_, entry_, bytes_;
  AccountKey key_{};
  Content content_ = Content::activity;
};

// The entries of the first parts in the order of the accounts; those of one account in the order of the parts.
class PartMerge {
 public:
  // `room`: bytes for buffers.
  PartMerge(const AccountParts& parts, AccountType type, std::size_t count, std::size_t room, Memory* memory);
  const PartReader* first() const { return heap_.empty() ? nullptr : heap_.front().reader; }
  void next();

 private:
  struct Place {
    std::uint64_t prefix;
    PartReader* reader;
  };
  bool before(const Place& a, const Place& b) const {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    if (account_before(type_, a.reader->key(), b.reader->key())) return true;
    return a.reader < b.reader && !account_before(type_, b.reader->key(), a.reader->key());
  }
  void sink(std::size_t at);

  AccountType type_;
  Vector<PartReader> readers_;
  Vector<Place> heap_;  // the first on top
};

// All parts, for another process, in pieces of about `most` bytes or of one account. Each is for absorb(), in any
// order.
class PartPieces {
 public:
  PartPieces(const AccountParts& parts, std::size_t most, Memory* memory);
  bool next(Bytes* piece);  // valid until the next call

 private:
  std::size_t most_;
  PartReader reader_;
  ByteString piece_;
};

}  // namespace health
