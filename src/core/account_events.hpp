// The events of one account, from a list or from parts, which become its activity.
#pragma once

#include <algorithm>
#include <limits>

#include "event_lists.hpp"
#include "interrupt.hpp"
#include "signal_names.hpp"

namespace health {

template <class Event>
class AccountEvents {
 public:
  AccountEvents(const SignalOrder& order, Memory* memory)
      : order_(&order),
        events_(memory),
        spare_(memory),
        ends_(memory),
        streams_(memory),
        writer_(memory),
        single_(memory),
        pulse_(memory) {}

  // A list of the only stream, where nothing was read yet.
  void read(const EventLists& lists, const EventLists::List& list) {
    lists.read(list, &events_, &pulse_);
    streams_.push_back({0, events_.size()});
  }
  // What raw() gave of a stream: `From` is its kind of event.
  template <class From>
  void read(Bytes events, std::uint32_t stream) {
    if (events.empty()) return;
    const std::size_t before = events_.size(), count = events.size() / sizeof(From);
    events_.resize(before + count);
    if constexpr (std::is_same_v<From, Event>) {
      std::memcpy(events_.data() + before, events.data(), count * sizeof(From));
    } else {
      for (std::size_t i = 0; i < count; ++i) {
        From event;
        std::memcpy(&event, events.data() + i * sizeof event, sizeof event);
        events_[before + i] = Event(event.key(), event.value());
      }
    }
    streams_.push_back({stream, events_.size()});
  }

  std::size_t size() const { return events_.size(); }
  Bytes raw() const { return {reinterpret_cast<const std::uint8_t*>(events_.data()), events_.size() * sizeof(Event)}; }
  void clear() {
    events_.clear();
    streams_.clear();
  }
  // The activity, valid until the next call. A sum beyond 64 bits may fit once all activities of the account are
  // merged: the excess goes into activities of one event each, with which excess(Bytes) is called.
  template <class Excess>
  Bytes activity(Excess excess) {
    sort();
    writer_.begin();
    for (auto at = events_.cbegin(); at != events_.cend();) at = write_signal(at, excess);
    clear();
    return writer_.finish();
  }

 private:
  struct Stream {
    std::uint32_t number;
    std::size_t end;  // of its events
  };
  using At = typename Scratch<Event>::const_iterator;

  template <class Excess>
  At write_signal(At at, Excess excess) {
    const std::uint32_t place = signal_in(at->key());
    const std::string_view name = order_->name(place);
    writer_.begin_signal(name);
    while (at != events_.cend() && signal_in(at->key()) == place) {
      const Day day = day_in(at->key());
      std::uint64_t count = 0;
      std::uint32_t values = 0;
      Int128 sum = 0;
      at = add_up(at, name, &count, &values, &sum);
      constexpr Micros kMost = std::numeric_limits<Micros>::max(), kLeast = std::numeric_limits<Micros>::min();
      for (; sum > kMost || sum < kLeast; --count, --values) {
        const Cell cell{day, 1, 1, sum > 0 ? kMost : kLeast};
        sum -= cell.value;
        single_.begin();
        single_.begin_signal(name);
        single_.add(cell);
        single_.end_signal();
        excess(single_.finish());
      }
      writer_.add({day, static_cast<std::uint32_t>(count), values, static_cast<Micros>(sum)});
    }
    writer_.end_signal();
    return at;
  }

  // Adds up the events of one signal and day; returns the first that is not of it.
  At add_up(At at, std::string_view name, std::uint64_t* count, std::uint32_t* values, Int128* sum) {
    for (const std::uint64_t cell = cell_in(at->key()); at != events_.cend() && cell_in(at->key()) == cell; ++at) {
      pulse_.beat();
      ++*count;
      *values += valued_in(at->key()) ? 1 : 0;
      *sum += at->value();
    }
    if (*count > kMaxCount) fail_count(name);
    return at;
  }

  // By the names of their signals, and by day.
  void sort() {
    Day least = kLastDay, most = 0, last = 0;
    bool ordered = true;
    std::size_t i = 0;
    for (const Stream& stream : streams_) {
      for (const std::uint32_t* const places = order_->places(stream.number); i < stream.end; ++i) {
        pulse_.beat();
        Event& event = events_[i];
        const Day day = day_in(event.key());
        ordered = ordered && day >= last;
        last = day;
        least = std::min(least, day);
        most = std::max(most, day);
        event = event.in_signal(places[signal_in(event.key())]);
      }
    }
    const auto days = static_cast<std::size_t>(most - least) + 1, many = events_.size() * 2;
    if (order_->size() > many || (!ordered && days > many)) {
      std::sort(events_.begin(), events_.end(),
                pulse_.during([](const Event& a, const Event& b) { return a.key() < b.key(); }));
      return;
    }
    if (!ordered)
      scatter(days, [least](const Event& event) { return static_cast<std::size_t>(day_in(event.key()) - least); });
    scatter(order_->size(), [](const Event& event) { return std::size_t{signal_in(event.key())}; });
  }
  // Sorts by `digit`, which is below `digits`, and leaves equal ones in their order.
  template <class Digit>
  void scatter(std::size_t digits, Digit digit) {
    ends_.assign(digits + 1, 0);
    for (const Event& event : events_) ++ends_[digit(event) + 1];
    for (std::size_t i = 1; i <= digits; ++i) ends_[i] += ends_[i - 1];
    spare_.resize(events_.size());
    for (const Event& event : events_) {
      pulse_.beat();
      spare_[ends_[digit(event)]++] = event;
    }
    events_.swap(spare_);
  }

  const SignalOrder* order_;
  Scratch<Event> events_, spare_;
  Vector<std::uint32_t> ends_;
  Vector<Stream> streams_;  // what was read, in turn
  ActivityWriter writer_, single_;
  Pulse pulse_;
};

}  // namespace health
