#include "account_parts.hpp"

#include <algorithm>

#include "interrupt.hpp"

namespace health {

namespace {

constexpr std::size_t kSlice = 1 << 16;  // bytes moved at a time

// What stands before an account's text and activity.
struct PartHead {
  Words words;
  std::uint32_t text, content;  // lengths in bytes
  bool null;
  bool first;  // of its part
  Content kind;
  std::uint8_t unused[5];
};
static_assert(sizeof(PartHead) == 32);

PartHead head_of(Bytes entry) {
  PartHead head;
  std::memcpy(&head, entry.data(), sizeof head);
  return head;
}
std::size_t length_of(const PartHead& head) { return sizeof head + head.text + head.content; }

}  // namespace

void AccountParts::begin_part() {
  if (begins_.empty() || begins_.back() != size()) begins_.push_back(size());
}

void AccountParts::make_room(std::size_t more, std::size_t room) {
  if (bytes_.size() + more <= bytes_.capacity()) return;
  const auto larger = [&] { return std::max({bytes_.size() + more, bytes_.capacity() * 2, kSlice}); };
  // While it grows both the old and the new bytes take memory.
  if (file_ != nullptr && !bytes_.empty() && bytes_.capacity() + larger() > room) spill();
  if (file_ == nullptr && bytes_.size() + more > room)
    fail(kTooLarge,
         "Take fewer accounts or days at once, or use health_activity with GROUP BY, which can spill to disk.",
         "too many accounts, signals and days for health_activity_by");
  bytes_.reserve(larger());
}

void AccountParts::append(const AccountKey& key, Content content, Bytes bytes, std::size_t room) {
  const PartHead head{key.words,
                      static_cast<std::uint32_t>(key.text.size()),
                      static_cast<std::uint32_t>(bytes.size()),
                      key.null,
                      begins_.back() == size(),
                      content,
                      {}};
  make_room(length_of(head), room);
  bytes_.append(reinterpret_cast<const char*>(&head), sizeof head);
  bytes_.append(key.text);
  append_bytes(&bytes_, bytes);
}

void AccountParts::append(Bytes entry, std::size_t room) {
  PartHead head = head_of(entry);
  head.first = begins_.back() == size();
  make_room(entry.size(), room);
  bytes_.append(reinterpret_cast<const char*>(&head), sizeof head);
  append_bytes(&bytes_, entry.subspan(sizeof head));
}

void AccountParts::append(const PartReader& entry, std::size_t room) { append(entry.entry(), room); }

void AccountParts::absorb(Bytes packed, std::size_t room) {
  Pulse pulse(memory_of(bytes_));
  for (bool first = true; !packed.empty(); first = false, pulse.beat()) {
    const PartHead head = head_of(packed);
    if (first || head.first) begin_part();
    append(packed.first(length_of(head)), room);
    packed = packed.subspan(length_of(head));
  }
}

void AccountParts::spill() {
  for (Bytes rest = in_memory(); !rest.empty();) {
    check_interrupt(memory_of(bytes_));
    const Bytes slice = rest.first(std::min(rest.size(), kSlice));
    file_->write(slice);
    rest = rest.subspan(slice.size());
  }
  filed_ += bytes_.size();
  ByteString(bytes_.get_allocator()).swap(bytes_);
}

void AccountParts::drop(std::size_t parts) {
  begins_.erase(begins_.begin(), begins_.begin() + static_cast<std::ptrdiff_t>(parts));
}

void AccountParts::read(std::uint64_t offset, std::span<std::uint8_t> bytes) const {
  if (offset < filed_) {
    const auto filed = bytes.first(std::min<std::uint64_t>(bytes.size(), filed_ - offset));
    file_->read(offset, filed);
    offset += filed.size();
    bytes = bytes.subspan(filed.size());
  }
  if (!bytes.empty()) std::memcpy(bytes.data(), in_memory().data() + (offset - filed_), bytes.size());
}

// ---------------------------------------------------------------- reading

PartReader::PartReader(const AccountParts& parts, std::uint64_t begin, std::uint64_t end, std::size_t buffer,
                       Memory* memory)
    : parts_(&parts), filed_(begin < parts.filed()), at_(filed_ ? begin : end), end_(end), buffer_(memory) {
  if (filed_) buffer_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(buffer, end - begin)));
  else rest_ = parts.in_memory().subspan(begin - parts.filed(), end - begin);
  next();
}

// Makes rest_ at least that long.
void PartReader::need(std::size_t bytes) {
  if (bytes <= rest_.size()) return;
  check_interrupt(memory_of(buffer_));
  std::copy(rest_.begin(), rest_.end(), buffer_.begin());  // to the front
  const std::size_t kept = rest_.size();
  if (buffer_.size() < bytes) buffer_.resize(bytes);
  const auto more = std::min<std::uint64_t>(buffer_.size() - kept, end_ - at_);
  parts_->read(at_, std::span(buffer_).subspan(kept, more));
  at_ += more;
  rest_ = {buffer_.data(), kept + more};
}

void PartReader::next() {
  entry_ = {};
  if (rest_.empty() && at_ == end_) return;
  need(sizeof(PartHead));
  const PartHead head = head_of(rest_);
  need(length_of(head));
  entry_ = rest_.first(length_of(head));
  rest_ = rest_.subspan(entry_.size());
  const Bytes text = entry_.subspan(sizeof head, head.text);
  key_ = {head.null != 0, head.words, {reinterpret_cast<const char*>(text.data()), text.size()}};
  bytes_ = entry_.subspan(sizeof head + head.text);
  content_ = head.kind;
}

PartMerge::PartMerge(const AccountParts& parts, AccountType type, std::size_t count, std::size_t room, Memory* memory)
    : type_(type), readers_(memory), heap_(memory) {
  readers_.reserve(count);
  const std::size_t buffer = std::clamp(room / std::max(count, std::size_t{1}), kLeastBuffer, kMostBuffer);
  for (std::size_t part = 0; part < count; ++part) {
    PartReader& reader = readers_.emplace_back(parts, parts.begin(part), parts.end(part), buffer, memory);
    if (reader.more()) heap_.push_back({account_prefix(type, reader.key()), &reader});
  }
  for (std::size_t at = heap_.size() / 2; at-- > 0;) sink(at);
}

void PartMerge::next() {
  Place& top = heap_.front();
  top.reader->next();
  if (top.reader->more()) {
    top.prefix = account_prefix(type_, top.reader->key());
  } else {
    top = heap_.back();
    heap_.pop_back();
  }
  if (!heap_.empty()) sink(0);
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

PartPieces::PartPieces(const AccountParts& parts, std::size_t most, Memory* memory)
    : most_(most),
      reader_(parts, parts.count() == 0 ? parts.size() : parts.begin(0), parts.size(), std::min(most, kSlice), memory),
      piece_(memory) {}

bool PartPieces::next(Bytes* piece) {
  piece_.clear();
  for (; reader_.more() && (piece_.empty() || piece_.size() + reader_.entry().size() <= most_); reader_.next())
    append_bytes(&piece_, reader_.entry());
  *piece = bytes_in(piece_);
  return !piece_.empty();
}

}  // namespace health
