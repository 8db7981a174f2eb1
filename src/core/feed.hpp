// Feeds: on which days any account of a population had a usage signal, and whether it stopped for all of them, as it
// does where an event was renamed.
#pragma once

#include <optional>
#include <span>

#include "cells.hpp"
#include "memory.hpp"

namespace health {

struct FeedTerms {
  std::int64_t as_of, window;  // the latter in days
  std::uint8_t weekend;        // days that no silence counts, as in rhythm.hpp
};

// Days are kept until an account turns up that had the signal lately: nearly always soon.
class Feed {
 public:
  explicit Feed(Memory* memory) : days_(memory) {}
  bool goes_on() const { return goes_on_; }
  void add(const FeedTerms& terms, std::span<const Cell> cells);
  void merge(const Feed& other);
  // Days by age, of the window; empty where there are none or it goes on.
  const Vector<bool>& days() const { return days_; }
  void set(bool goes_on, Vector<bool> days) {
    goes_on_ = goes_on;
    days_ = std::move(days);
  }
  // The last day with it, if it has been silent for 3 working days or more, and for longer than ever before in the
  // window.
  std::optional<Day> stopped(const FeedTerms& terms, Memory* memory) const;

 private:
  bool goes_on_ = false;
  Vector<bool> days_;  // of the window, by age
};

}  // namespace health
