#include "account_parts.hpp"

#include <algorithm>

#include "interrupt.hpp"

namespace health {

namespace {

constexpr std::size_t kSlice = 1 << 15;  // bytes written at a time

std::size_t range_of(std::uint32_t hash) { return std::uint64_t{hash} * kRanges >> 32; }

// What stands before an account's text and activity.
struct PartHead {
  Words words;
  std::uint32_t hash, text, content;  // the last two: lengths in bytes
  bool null;
  Content kind;
  std::uint8_t unused[2];
};
static_assert(sizeof(PartHead) == 32);

std::size_t length_of(const PartHead& head) { return sizeof head + head.text + head.content; }

}  // namespace

void AccountParts::begin_part() {
  if (!parts_.empty()) {
    if (begin(count() - 1, 0) == size()) return;
    for (Begins& begins = parts_.back(); range_ < kRanges;) begins[++range_] = size();
  }
  parts_.push_back({size()});
  range_ = 0;
}

std::uint64_t AccountParts::begin(std::size_t part, std::size_t range) const {
  return part + 1 == count() && range > range_ ? size() : parts_[part][range];
}

Vector<PartRange> AccountParts::ranges(std::size_t first, std::size_t count) const {
  Vector<PartRange> ranges(memory_of(parts_));
  for (std::size_t part = first; part < first + count; ++part)
    ranges.push_back({file_, begin(part, 0), begin(part, kRanges), 0});
  return ranges;
}

void AccountParts::append(std::uint32_t hash, const AccountKey& key, Content content, Bytes bytes) {
  const PartHead head{
      key.words, hash, static_cast<std::uint32_t>(key.text.size()), static_cast<std::uint32_t>(bytes.size()), key.null,
      content,   {}};
  write(hash, {reinterpret_cast<const std::uint8_t*>(&head), sizeof head}, key.text, bytes);
}

void AccountParts::append(const PartReader& entry) { write(entry.hash(), {}, {}, entry.entry()); }

void AccountParts::write(std::uint32_t hash, Bytes head, std::string_view text, Bytes bytes) {
  while (range_ < range_of(hash)) parts_.back()[++range_] = size();
  const std::size_t more = head.size() + text.size() + bytes.size();
  if (bytes_.size() + more > kSlice) flush();
  bytes_.reserve(std::max(kSlice, more));
  append_bytes(&bytes_, head);
  bytes_.append(text);
  append_bytes(&bytes_, bytes);
}

void AccountParts::flush() {
  for (Bytes rest = bytes_in(bytes_); !rest.empty();) {
    check_interrupt(memory_of(bytes_));
    const Bytes slice = rest.first(std::min(rest.size(), kSlice));
    file_->write(slice);
    rest = rest.subspan(slice.size());
  }
  flushed_ += bytes_.size();
  bytes_.clear();
  if (bytes_.capacity() > 2 * kSlice) bytes_.shrink_to_fit();
}

std::size_t AccountParts::bytes() const {
  return std::max(bytes_.capacity(), kSlice) + parts_.capacity() * sizeof(Begins);
}

void AccountParts::drop(std::size_t first, std::size_t count) {
  const auto begin = parts_.begin() + static_cast<std::ptrdiff_t>(first);
  parts_.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
}

// ---------------------------------------------------------------- reading

PartReader::PartReader(const PartRange& range, std::size_t buffer, Memory* memory)
    : range_(range), buffer_(std::min<std::uint64_t>(buffer, range.end - range.begin), memory) {
  next();
}

// Makes rest_ at least that long.
void PartReader::need(std::size_t bytes) {
  if (bytes <= rest_.size()) return;
  check_interrupt(memory_of(buffer_));
  std::copy(rest_.begin(), rest_.end(), buffer_.begin());  // to the front
  const std::size_t kept = rest_.size();
  if (buffer_.size() < bytes) buffer_.resize(bytes);
  const auto more = std::min<std::uint64_t>(buffer_.size() - kept, range_.end - range_.begin);
  range_.file->read(range_.begin, std::span(buffer_).subspan(kept, more));
  range_.begin += more;
  rest_ = {buffer_.data(), kept + more};
}

void PartReader::next() {
  entry_ = {};
  if (rest_.empty() && range_.begin == range_.end) return;
  PartHead head;
  need(sizeof head);
  std::memcpy(&head, rest_.data(), sizeof head);
  need(length_of(head));
  entry_ = rest_.first(length_of(head));
  rest_ = rest_.subspan(entry_.size());
  hash_ = head.hash;
  const Bytes text = entry_.subspan(sizeof head, head.text);
  key_ = {head.null, head.words, {reinterpret_cast<const char*>(text.data()), text.size()}};
  bytes_ = entry_.subspan(sizeof head + head.text);
  content_ = head.kind;
}

PartMerge::PartMerge(std::span<const PartRange> ranges, AccountType type, std::size_t room, Memory* memory)
    : type_(type), readers_(memory), heap_(memory) {
  readers_.reserve(ranges.size());
  const std::size_t buffer = std::clamp(room / std::max(ranges.size(), std::size_t{1}), kLeastBuffer, kMostBuffer);
  for (const PartRange& range : ranges) {
    PartReader& reader = readers_.emplace_back(range, buffer, memory);
    if (reader.more()) heap_.push_back({reader.hash(), &reader});
  }
  for (std::size_t at = heap_.size() / 2; at-- > 0;) sink(at);
}

const PartReader* PartMerge::first_of(std::uint32_t hash, const AccountKey& key) const {
  const PartReader* reader = first();
  return reader != nullptr && reader->hash() == hash && !account_before(type_, key, reader->key()) ? reader : nullptr;
}

void PartMerge::next() {
  Place& top = heap_.front();
  top.reader->next();
  if (top.reader->more()) {
    top.hash = top.reader->hash();
  } else {
    top = heap_.back();
    heap_.pop_back();
  }
  if (!heap_.empty()) sink(0);
}

bool PartMerge::before(const Place& a, const Place& b) const {
  if (a.hash != b.hash) return a.hash < b.hash;
  if (account_before(type_, a.reader->key(), b.reader->key())) return true;
  return a.reader < b.reader && !account_before(type_, b.reader->key(), a.reader->key());
}

// Moves a place down to where those below come after it.
void PartMerge::sink(std::size_t at) {
  const Place place = heap_[at];
  for (;;) {
    std::size_t below = 2 * at + 1;
    if (below >= heap_.size()) break;
    if (below + 1 < heap_.size() && before(heap_[below + 1], heap_[below])) ++below;
    if (!before(heap_[below], place)) break;
    heap_[at] = heap_[below];
    at = below;
  }
  heap_[at] = place;
}

}  // namespace health
