// Lists of events, one for each of many accounts, that grow at once: an event is a number of 4 bytes, with a value of
// 12, appended to its account's list.
//
// A list is a chain of chunks, each twice as large as the one before up to a bound, so that an account with one event
// takes 24 bytes. All of them lie in one store of words of 4 bytes.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>

#include "cells.hpp"
#include "interrupt.hpp"
#include "memory.hpp"

namespace health {

// Signal, day and whether there is a value, in one number: sorted by it, events are sorted by signal and day.
inline constexpr int kDayShift = 1, kSignalShift = 18;
inline constexpr std::uint32_t kNarrowSignals = 1U << (32 - kSignalShift);  // so many fit the narrow kind
static_assert(kLastDay < 1 << (kSignalShift - kDayShift));
inline std::uint64_t event_key(std::uint32_t signal, Day day, bool valued) {
  return std::uint64_t{signal} << kSignalShift | static_cast<std::uint32_t>(day) << kDayShift | (valued ? 1U : 0U);
}
inline std::uint32_t signal_in(std::uint64_t key) { return static_cast<std::uint32_t>(key >> kSignalShift); }
inline Day day_in(std::uint64_t key) {
  return static_cast<Day>(key >> kDayShift & ((1U << (kSignalShift - kDayShift)) - 1));
}
inline bool valued_in(std::uint64_t key) { return (key & 1) != 0; }
inline std::uint64_t cell_in(std::uint64_t key) { return key >> kDayShift; }  // signal and day

template <bool wide, bool values>
struct ListEvent {
  static constexpr bool kWide = wide, kValues = values;
  std::array<std::uint32_t, (wide ? 2 : 1) + (values ? 2 : 0)> words;

  ListEvent() = default;
  ListEvent(std::uint64_t key, Micros value) {
    words[0] = static_cast<std::uint32_t>(key);
    if constexpr (wide) words[1] = static_cast<std::uint32_t>(key >> 32);
    if constexpr (values) std::memcpy(&words[wide ? 2 : 1], &value, sizeof value);
  }
  std::uint64_t key() const {
    if constexpr (wide) return words[0] | std::uint64_t{words[1]} << 32;
    else return words[0];
  }
  Micros value() const {
    Micros value = 0;
    if constexpr (values) std::memcpy(&value, &words[wide ? 2 : 1], sizeof value);
    return value;
  }
  ListEvent in_signal(std::uint32_t signal) const {
    return {std::uint64_t{signal} << kSignalShift | (key() & ((1U << kSignalShift) - 1)), value()};
  }
};

class EventLists {
 public:
  // A list, in the store: where its next event goes, and where its last chunk ends (0: no events).
  struct List {
    std::uint32_t at = 0, end = 0;
  };

  explicit EventLists(Memory* memory) : blocks_(memory) {}
  EventLists(const EventLists&) = delete;
  ~EventLists() { release(); }

  void fetch(const List& list) const {
    if (list.end != 0) __builtin_prefetch(word(list.at), 1);
  }
  template <class Event>
  void append(List* list, const Event& event) {
    if (list->at == list->end) grow(list, sizeof event / sizeof(Word));
    std::memcpy(word(list->at), &event, sizeof event);
    list->at += sizeof event / sizeof(Word);
  }
  template <class Event>
  void read(const List& list, Scratch<Event>* events, Pulse* pulse) const;

  bool full() const { return blocks_.size() + kBatchBlocks >= std::size_t{1} << (32 - kBlockBits); }
  std::uint32_t longest() const { return longest_; }  // bounds the events of a list
  std::size_t bytes() const { return blocks_.size() * kBlockWords * sizeof(Word) + blocks_.capacity() * sizeof(Word*); }
  void release();  // all lists and their memory

 private:
  using Word = std::uint32_t;
  static constexpr int kBlockBits = 13;
  static constexpr std::uint32_t kBlockWords = 1U << kBlockBits, kBatchBlocks = 128;
  static constexpr std::uint32_t kLeastEvents = 4, kMostEvents = 256;  // of a chunk
  struct Link {                                                        // behind a chunk
    std::uint32_t previous;                                            // where the one before ends
    std::uint32_t before;                                              // how many events are before this one
  };
  static constexpr std::uint32_t kLinkWords = sizeof(Link) / sizeof(Word);
  static_assert(kMostEvents * 4 + kLinkWords <= kBlockWords);

  static std::uint32_t room_of(std::uint32_t before) { return std::clamp(before, kLeastEvents, kMostEvents); }
  Word* word(std::uint32_t at) const { return blocks_[at >> kBlockBits] + (at & (kBlockWords - 1)); }
  Link link(std::uint32_t end) const {
    Link link;
    std::memcpy(&link, word(end), sizeof link);
    return link;
  }
  void grow(List* list, std::uint32_t event_words);

  Vector<Word*> blocks_;
  std::uint32_t used_ = 0;  // words of the store
  std::uint32_t longest_ = 0;
};

inline void EventLists::grow(List* list, std::uint32_t event_words) {
  Link next{list->end, 0};
  if (list->end != 0) {
    const std::uint32_t before = link(list->end).before;
    next.before = before + room_of(before);
  }
  const std::uint32_t words = room_of(next.before) * event_words;
  if (kBlockWords - used_ % kBlockWords < words + kLinkWords) used_ = (used_ | (kBlockWords - 1)) + 1;
  if (used_ >> kBlockBits == blocks_.size()) {
    blocks_.reserve(blocks_.size() + 1 > blocks_.capacity() ? blocks_.size() * 2 + 8 : 0);
    blocks_.push_back(static_cast<Word*>(memory_of(blocks_)->allocate(kBlockWords * sizeof(Word), alignof(Word))));
  }
  *list = {used_, used_ + words};
  std::memcpy(word(list->end), &next, sizeof next);
  used_ += words + kLinkWords;
  longest_ = std::max(longest_, next.before + room_of(next.before));
}

inline void EventLists::release() {
  for (Word* block : blocks_) memory_of(blocks_)->deallocate(block, kBlockWords * sizeof(Word), alignof(Word));
  blocks_.clear();
  blocks_.shrink_to_fit();
  used_ = longest_ = 0;
}

// The events of a list in the order they came.
template <class Event>
void EventLists::read(const List& list, Scratch<Event>* events, Pulse* pulse) const {
  constexpr std::uint32_t kWords = sizeof(Event) / sizeof(Word);
  events->clear();
  for (std::uint32_t at = list.at, end = list.end; end != 0;) {
    const Link chunk = link(end);
    const std::uint32_t count = room_of(chunk.before) - (end - at) / kWords;
    if (events->empty()) events->resize(chunk.before + count);
    if (chunk.previous != 0) __builtin_prefetch(word(chunk.previous));
    pulse->beat(count);
    std::memcpy(events->data() + chunk.before, word(at - count * kWords), count * sizeof(Event));
    at = end = chunk.previous;
  }
}

}  // namespace health
