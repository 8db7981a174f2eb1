// Activity of one account: per signal and UTC day, how many events and how much value. The codec.
//
// Canonical bytes, version 1 (one activity has exactly one encoding, so equality is equality of bytes):
//
//   u8 version = 1, varint signals, then per signal, in bytewise order of the names:
//     u8 length, name, varint (cells << 2 | mode), varint bytes of the cells, cells in order of the day:
//       varint day (the first: days since 1970-01-01; the others: distance to the one before, >= 1)
//       varint count (1 .. 2^31-1)
//       mode 1, every event of every cell has a value:  zigzag varint sum
//       mode 2, only some have:                         varint values (<= count), and if > 0: zigzag varint sum
//   A varint is LEB128 without superfluous bytes; sums are in millionths. A plain cell takes about 2 bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "cells.hpp"
#include "memory.hpp"

namespace health {

inline constexpr std::uint8_t kActivityVersion = 1;
inline constexpr std::uint8_t kInFlight = 0xF1;  // first byte of an aggregate state (accumulator.hpp)
inline constexpr std::size_t kMaxSignals = 1'000'000;
inline constexpr std::size_t kMaxActivityBytes = 0x3FFFFFFF - 64;  // 1 GB less room for the header of a stored value

using Bytes = std::span<const std::uint8_t>;
inline constexpr std::size_t kMaxVarintBytes = 10;
// LEB128; returns the end of what it wrote.
inline std::uint8_t* put_varint(std::uint8_t* to, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) *to++ = static_cast<std::uint8_t>(value | 0x80);
  *to++ = static_cast<std::uint8_t>(value);
  return to;
}
// Growing bytes are kept in a string, which is copied by memcpy; a std::pmr vector constructs one byte after the other.
inline void append_bytes(ByteString* out, Bytes bytes) {
  out->append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}
inline Bytes bytes_in(const ByteString& bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

inline constexpr std::uint8_t kEmptyBytes[] = {kActivityVersion, 0};
inline constexpr Bytes kEmptyActivity{kEmptyBytes};  // {}

// The first cells of one signal in their encoded form, which can be copied without decoding them.
struct Run {
  Bytes bytes;
  std::uint32_t cells = 0, mode = 0;
  Day last = 0;  // day of the last cell
};

// Walks canonical bytes. Every read is bounds-checked; malformed bytes throw `sqlstate`.
class ActivityReader {
 public:
  ActivityReader(Bytes bytes, Memory* memory, const char* sqlstate = kCorrupt);
  ActivityReader(const Run& run, Memory* memory);  // inside the only signal: next_cell() reads the run
  std::size_t signals() const { return signals_; }
  bool next_signal();  // false past the last; skips the cells not read
  std::string_view name() const { return name_; }
  std::uint32_t cells() const { return cells_; }
  std::uint32_t mode() const { return mode_; }
  bool next_cell(Cell* cell);
  // Appends the signal's cells of these days, and ends the signal.
  void read_cells(Scratch<Cell>* out, const Span& days);
  // The signal's cells before a day, and ends the signal. To be called before next_cell().
  Run run_before(std::int64_t before = kAllDays.to);

 private:
  std::uint64_t varint() {  // most fit one byte
    if (pos_ != end_ && *pos_ < 0x80) [[likely]]
      return *pos_++;
    return long_varint();
  }
  std::uint64_t long_varint();
  template <class Each>
  void short_cells(std::int64_t before, Each each);
  static Micros unzigzag(std::uint64_t value) { return static_cast<Micros>((value >> 1) ^ (0 - (value & 1))); }
  [[noreturn]] void corrupt(const char* what) const;
  const std::uint8_t* pos_;
  const std::uint8_t* end_;
  Memory* memory_;
  const char* sqlstate_;
  std::size_t signals_ = 0, seen_ = 0;
  std::string_view name_;
  std::uint32_t cells_ = 0, cells_left_ = 0, mode_ = 0;
  const std::uint8_t* cells_end_ = nullptr;
  Day day_ = 0;
};

inline bool ActivityReader::next_cell(Cell* cell) {
  if (cells_left_ == 0) return false;
  const bool first = cells_left_ == cells_;
  --cells_left_;
  const std::uint64_t step = varint();
  if (step > static_cast<std::uint64_t>(kLastDay) || (!first && step == 0)) corrupt("bad day");
  day_ += static_cast<Day>(step);
  if (day_ > kLastDay) corrupt("bad day");
  const std::uint64_t count = varint();
  if (count == 0 || count > kMaxCount) corrupt("bad count");
  *cell = {day_, static_cast<std::uint32_t>(count), 0, 0};
  if (mode_ == 1) cell->value_count = cell->count;
  if (mode_ == 2) {
    const std::uint64_t values = varint();
    if (values > count) corrupt("bad count");
    cell->value_count = static_cast<std::uint32_t>(values);
  }
  if (cell->value_count > 0) cell->value = unzigzag(varint());
  if (pos_ > cells_end_) corrupt("bad cells");
  return true;
}

// Writes the canonical bytes of one activity. Signals must come in bytewise order, cells in order of the day, and a run
// before any cell of its signal; signals without cells are left out.
class ActivityWriter {
 public:
  explicit ActivityWriter(Memory* memory) : bytes_(memory), scratch_(memory), cells_(memory) { begin(); }
  Memory* memory() const { return memory_of(cells_); }
  void begin() {  // drops what was written: for the next activity
    bytes_.assign(kHeadBytes, '\0');
    signals_ = 0;
  }
  void begin_signal(std::string_view name);
  void add(const Run& run) { run_ = run; }
  void add(const Cell& cell) { cells_.push_back(cell); }
  void end_signal();
  Bytes finish();  // valid until the writer is used again

 private:
  static constexpr std::size_t kHeadBytes = 1 + kMaxVarintBytes;  // room for the version and the number of signals
  ByteString bytes_, scratch_;
  Run run_;
  Scratch<Cell> cells_;
  std::string_view name_;
  std::size_t signals_ = 0;
};

// Canonical bytes of cells in any order; cells of the same signal and day are added up.
Bytes activity_of_cells(std::span<LooseCell> cells, ActivityWriter* writer, Memory* memory);
// The activity of one signal alone, under the name `as`; empty where there is none of that name.
std::optional<Bytes> activity_of_signal(Bytes activity, std::string_view name, std::string_view as,
                                        ActivityWriter* writer);
// Throws 22P03 unless the bytes are canonical.
void validate_activity(Bytes bytes, Memory* memory);
// The activity with its signals renamed: names[i] is the i-th signal's in another encoding. Throws 22P03 where two
// names become equal, 54000 where one gets more than 255 bytes; neither message quotes a name, since it may not be in
// the encoding of messages.
Bytes rename_signals(Bytes activity, std::span<const std::string_view> names, ActivityWriter* writer);

}  // namespace health
