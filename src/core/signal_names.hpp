// Signals as numbers: the names that a stream of events has, in the order they came, and their order among those of
// other streams.
#pragma once

#include "activity.hpp"
#include "interrupt.hpp"
#include "name.hpp"

namespace health {

inline constexpr std::uint32_t kMaxSignalNumbers = 1U << 23;

// Bytes of a vector, or of the old and the new one where it must grow for `more` elements.
template <class T>
std::size_t bytes_to_hold(const Vector<T>& vector, std::size_t more) {
  return vector.capacity() * sizeof(T) * (vector.size() + more > vector.capacity() ? 3 : 1);
}

// Doubles an open-addressing table; `hash_of` gives the hash of an entry that is not free.
template <class Entry, class Free, class Hash>
void grow_index(Vector<Entry>* index, Free is_free, Hash hash_of) {
  Vector<Entry> larger(index->size() * 2, Entry{}, index->get_allocator());
  const std::size_t mask = larger.size() - 1;
  Pulse pulse(memory_of(*index));
  for (const Entry& entry : *index) {
    pulse.beat();
    if (is_free(entry)) continue;
    std::size_t i = hash_of(entry) & mask;
    while (!is_free(larger[i])) i = (i + 1) & mask;
    larger[i] = entry;
  }
  *index = std::move(larger);
}

class SignalNames {
 public:
  explicit SignalNames(Memory* memory) : index_(64, 0, memory), names_(memory), bytes_(memory) {}
  std::uint32_t number_of(std::string_view name);  // throws 22023 unless 1..255 bytes
  std::string_view name(std::uint32_t number) const {
    return {bytes_.data() + names_[number].offset, names_[number].length};
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }
  std::size_t bytes(std::size_t more) const {  // to hold so many more
    return bytes_to_hold(index_, (size() + more) * 2 > index_.size() ? index_.size() : 0) +
           bytes_to_hold(names_, more) + bytes_to_hold(bytes_, more * kShortName);
  }
  // For another process: all names, for read().
  void write(ByteString* out) const;
  void read(Bytes written);

 private:
  struct Name {
    NameWords words;
    std::uint32_t offset, length;
  };
  Vector<std::uint32_t> index_;  // 1 + number, 0: free; a power of two
  Vector<Name> names_;
  Vector<char> bytes_;
};

// The names of some streams in their order, and the place in it of each stream's numbers.
class SignalOrder {
 public:
  // Names are views into the streams, which must stay.
  SignalOrder(std::span<const SignalNames* const> streams, Memory* memory);
  std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }
  std::string_view name(std::uint32_t place) const { return names_[place]; }
  const std::uint32_t* places(std::size_t stream) const { return places_[stream].data(); }

 private:
  Vector<std::string_view> names_;
  Vector<Vector<std::uint32_t>> places_;
};

}  // namespace health
