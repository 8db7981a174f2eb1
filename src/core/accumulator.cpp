#include "accumulator.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "interrupt.hpp"
#include "name.hpp"

namespace health {

namespace {

// A signal. A name of more than kShortName bytes lies among the names of the block, and `name` has its hash and offset.
// The open cell is the one of the day added last; it is not in a log yet.
struct Slot {
  char name[kShortName];
  std::uint32_t day : 24, length : 8;  // day of the open cell; length 0: free
  std::uint32_t count;                 // of the open cell

  std::uint32_t long_hash() const { return long_part(0); }
  std::uint32_t long_offset() const { return long_part(1); }
  void set_long(std::uint32_t hash, std::uint32_t offset) {
    std::memcpy(name, &hash, sizeof hash);
    std::memcpy(name + sizeof hash, &offset, sizeof offset);
  }

 private:
  std::uint32_t long_part(std::size_t part) const {
    std::uint32_t word;
    std::memcpy(&word, name + part * sizeof word, sizeof word);
    return word;
  }
};

// Slot, day and count of a cell in one number, in this order, so that sorting numbers sorts cells. A count of more than
// kMost takes several numbers.
class CellNumber {
 public:
  static constexpr std::uint32_t kCountBits = 26, kDayBits = 17;
  static constexpr std::uint32_t kMost = (1U << kCountBits) - 1;
  CellNumber() = default;
  CellNumber(std::uint32_t slot, Day day, std::uint32_t count)
      : number_(std::uint64_t{slot} << (kDayBits + kCountBits) |
                std::uint64_t{static_cast<std::uint32_t>(day)} << kCountBits | count) {}
  std::uint32_t slot() const { return static_cast<std::uint32_t>(number_ >> (kDayBits + kCountBits)); }
  Day day() const { return static_cast<Day>(number_ >> kCountBits & ((1U << kDayBits) - 1)); }
  std::uint32_t count() const { return static_cast<std::uint32_t>(number_ & kMost); }
  bool same_cell(CellNumber other) const { return number_ >> kCountBits == other.number_ >> kCountBits; }
  CellNumber in_slot(std::uint32_t slot) const { return {slot, day(), count()}; }
  CellNumber with_count(std::uint32_t count) const { return {slot(), day(), count}; }
  auto operator<=>(const CellNumber&) const = default;

 private:
  std::uint64_t number_;
};
static_assert(kLastDay < 1 << CellNumber::kDayBits);

// An Int128 in two words: aligned to 8 bytes, as PostgreSQL's values are.
class WideSum {
 public:
  WideSum() = default;
  explicit WideSum(Int128 sum)
      : low_(static_cast<std::uint64_t>(sum)),
        high_(static_cast<std::uint64_t>(static_cast<unsigned __int128>(sum) >> 64)) {}
  Int128 value() const { return static_cast<Int128>(static_cast<unsigned __int128>(high_) << 64 | low_); }
  void add(Int128 more) { *this = WideSum(value() + more); }

 private:
  std::uint64_t low_, high_;
};

struct ValueEntry {
  CellNumber cell;
  WideSum sum;
};
static_assert(sizeof(Slot) == 32 && sizeof(CellNumber) == 8 && sizeof(ValueEntry) == 24);

constexpr std::uint32_t kFrequentSlots = 32;  // of an account with 15 to 28 signals

// Where the parts of a block stand, so that each is aligned: slots, counts, values, the latest entry of each slot in
// the log of values (1 + index, 0: none), names.
template <class T>
T* at(const Accumulator& state, std::size_t offset) {
  return reinterpret_cast<T*>(const_cast<char*>(reinterpret_cast<const char*>(&state)) + offset);
}
std::size_t counts_offset(const Room& room) { return sizeof(Accumulator) + std::size_t{room.slots} * sizeof(Slot); }
std::size_t values_offset(const Room& room) {
  return counts_offset(room) + std::size_t{room.counts} * sizeof(CellNumber);
}
std::size_t latest_offset(const Room& room) {
  return values_offset(room) + std::size_t{room.values} * sizeof(ValueEntry);
}
std::size_t names_offset(const Room& room) {
  return latest_offset(room) + (room.values > 0 ? std::size_t{room.slots} * sizeof(std::uint32_t) : 0);
}

Slot* slots_of(const Accumulator& state) { return at<Slot>(state, sizeof(Accumulator)); }
CellNumber* counts_of(const Accumulator& state) { return at<CellNumber>(state, counts_offset(state.room)); }
ValueEntry* values_of(const Accumulator& state) { return at<ValueEntry>(state, values_offset(state.room)); }
std::uint32_t* latest_of(const Accumulator& state) { return at<std::uint32_t>(state, latest_offset(state.room)); }
char* names_of(const Accumulator& state) { return at<char>(state, names_offset(state.room)); }

std::string_view name_of(const Accumulator& state, const Slot& slot) {
  return {slot.length <= kShortName ? slot.name : names_of(state) + slot.long_offset(), slot.length};
}

bool is_at(const Accumulator& state, const Slot& slot, const NameKey& key) {
  if (slot.length != key.name.size()) return false;
  if (key.is_short()) return short_name_words(slot.name, slot.length) == key.words;
  return slot.long_hash() == key.hash && name_of(state, slot) == key.name;
}

// The slot of a name, or the free slot where it belongs.
Slot* find(const Accumulator& state, const NameKey& key) {
  Slot* slots = slots_of(state);
  const std::uint32_t mask = state.room.slots - 1;
  for (std::uint32_t i = key.hash & mask;; i = (i + 1) & mask)
    if (slots[i].length == 0 || is_at(state, slots[i], key)) return &slots[i];
}

// Needs a free slot and room for the name.
void occupy(Accumulator* state, Slot* slot, const NameKey& key) {
  *slot = {};
  slot->length = static_cast<std::uint8_t>(key.name.size());
  if (key.is_short()) {
    std::memcpy(slot->name, key.name.data(), key.name.size());
  } else {
    slot->set_long(key.hash, state->names);
    std::memcpy(names_of(*state) + state->names, key.name.data(), key.name.size());
    state->names += static_cast<std::uint32_t>(key.name.size());
  }
  ++state->signals;
}

void open_count(const Accumulator& state, Slot* slot, std::uint32_t more) {
  if (more > kMaxCount - slot->count) fail_count(name_of(state, *slot));
  slot->count += more;
}

// numbers_of(): most CellNumbers that a count takes. for_each_number() calls put() for each of them.
std::size_t numbers_of(std::uint32_t count) { return 1 + count / CellNumber::kMost; }
template <class Put>
void for_each_number(std::uint32_t slot, Day day, std::uint32_t count, Put put) {
  for (; count > CellNumber::kMost; count -= CellNumber::kMost) put(CellNumber(slot, day, CellNumber::kMost));
  put(CellNumber(slot, day, count));
}

CellNumber number_of(const CellNumber& entry) { return entry; }
CellNumber number_of(const ValueEntry& entry) { return entry.cell; }
void set_slot(CellNumber* entry, std::uint32_t slot) { *entry = entry->in_slot(slot); }
void set_slot(ValueEntry* entry, std::uint32_t slot) { set_slot(&entry->cell, slot); }
void merge_into(CellNumber* entry, const CellNumber& more) {
  *entry = entry->with_count(entry->count() + more.count());
}
void merge_into(ValueEntry* entry, const ValueEntry& more) {
  merge_into(&entry->cell, more.cell);
  entry->sum.add(more.sum.value());
}

// Sorts a log and adds up entries of the same signal and day; returns how many remain.
template <class E>
std::uint32_t compact(E* entries, std::uint32_t used, const Memory* memory) {
  if (used == 0) return 0;
  Pulse pulse(memory);
  std::sort(entries, entries + used, pulse.during([](const E& a, const E& b) { return number_of(a) < number_of(b); }));
  std::uint32_t kept = 0;
  for (std::uint32_t i = 1; i < used; ++i) {
    pulse.beat();
    const CellNumber a = number_of(entries[kept]), b = number_of(entries[i]);
    if (a.same_cell(b) && a.count() + b.count() <= CellNumber::kMost) merge_into(&entries[kept], entries[i]);
    else entries[++kept] = entries[i];
  }
  return kept + 1;
}

std::uint32_t grown(std::uint32_t capacity, std::uint64_t needed, std::uint32_t least) {
  const auto doubled = std::max<std::uint64_t>({std::uint64_t{capacity} * 2, needed, least});
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(doubled, std::numeric_limits<std::uint32_t>::max()));
}

// True when seven eighths of the slots, at most, are in use with that many signals.
bool fits(std::size_t signals, std::uint32_t slots) { return signals * 8 <= std::size_t{slots} * 7; }

// What is to be added to a block.
struct Need {
  std::size_t signals = 0, counts = 0, values = 0, names = 0;
};

// True when the block has room for `need`, if necessary after compacting its logs; else *wanted is the room to grow to.
bool reserve(Accumulator* state, const Need& need, Room* wanted, const Memory* memory) {
  *wanted = state->room;
  bool enough = true;
  while (!fits(state->signals + need.signals, wanted->slots)) {
    wanted->slots *= 2;
    enough = false;
  }
  if (state->counts + need.counts > state->room.counts) {
    if (state->unordered) state->counts = compact(counts_of(*state), state->counts, memory);
    // Less than half free after compaction: double, or the next one would come too soon.
    if (state->counts + need.counts > state->room.counts || state->counts > state->room.counts / 2) {
      wanted->counts = grown(state->room.counts, state->counts + need.counts, 16);
      enough = false;
    }
  }
  if (state->values + need.values > state->room.values) {
    if (state->unordered && state->values > 0) {
      state->values = compact(values_of(*state), state->values, memory);
      std::fill_n(latest_of(*state), state->room.slots, 0);
    }
    if (state->values + need.values > state->room.values || state->values > state->room.values / 2) {
      wanted->values = grown(state->room.values, state->values + need.values, 8);
      enough = false;
    }
  }
  if (state->names + need.names > state->room.names) {
    wanted->names = grown(state->room.names, state->names + need.names, 128);
    enough = false;
  }
  if (!enough && accumulator_bytes(*wanted) > kMaxActivityBytes)
    fail(kTooLarge, "Aggregate fewer days or fewer signals at once, then merge with health_rollup.",
         "activity is too large to build");
  return enough;
}

void check_signals(std::size_t signals) {
  if (signals > kMaxSignals)
    fail(kTooLarge, "An activity holds at most 1000000 signals.", "too many signals in one activity");
}

// Appends to the logs; they must have room.
void log_count(Accumulator* state, std::uint32_t slot, Day day, std::uint32_t count) {
  for_each_number(slot, day, count, [&](CellNumber number) { counts_of(*state)[state->counts++] = number; });
}
void log_value(Accumulator* state, std::uint32_t slot, Day day, std::uint32_t count, Int128 sum) {
  for_each_number(slot, day, count, [&](CellNumber number) {
    values_of(*state)[state->values++] = {number, WideSum(0)};
  });
  values_of(*state)[state->values - 1].sum = WideSum(sum);
}

// add_to_slot() and add_value() need room in the logs.
void add_to_slot(Accumulator* state, Slot* slot, Day day, std::uint32_t count) {
  const auto open_day = static_cast<Day>(slot->day);
  if (open_day == day || slot->count == 0) {
    slot->day = static_cast<std::uint32_t>(day) & 0xFFFFFF;
    open_count(*state, slot, count);
    return;
  }
  state->unordered = state->unordered || day < open_day;
  log_count(state, static_cast<std::uint32_t>(slot - slots_of(*state)), open_day, slot->count);
  slot->day = static_cast<std::uint32_t>(day) & 0xFFFFFF;
  slot->count = count;
}

void add_value(Accumulator* state, const Slot* slot, Day day, std::uint32_t count, Int128 value) {
  const auto index = static_cast<std::uint32_t>(slot - slots_of(*state));
  std::uint32_t& latest = latest_of(*state)[index];
  if (latest != 0) {
    ValueEntry& entry = values_of(*state)[latest - 1];
    if (entry.cell.day() == day && count <= CellNumber::kMost - entry.cell.count()) {
      merge_into(&entry, {{index, day, count}, WideSum(value)});
      return;
    }
  }
  log_value(state, index, day, count, value);
  latest = state->values;
}

Slot* slot_for(Accumulator* state, const NameKey& key) {
  Slot* slot = find(*state, key);
  if (slot->length == 0) {
    check_signals(state->signals + std::size_t{1});
    occupy(state, slot, key);
  }
  return slot;
}

// Adds what a signal of another activity needs besides its cells: a slot, or log entries for the slot's open cell.
void need_signal(const Accumulator& state, const NameKey& key, Need* need) {
  const Slot* slot = find(state, key);
  if (slot->length != 0) {
    need->counts += numbers_of(slot->count);
    return;
  }
  ++need->signals;
  if (!key.is_short()) need->names += key.name.size();
}

}  // namespace

std::size_t accumulator_bytes(const Room& room) { return names_offset(room) + room.names; }

void accumulator_init(Accumulator* fresh, const Room& room) {
  const std::uint32_t owner_header = fresh->owner_header;
  *fresh = {owner_header, kInFlight, false, {}, room, 0, 0, 0, 0};
  for (std::uint32_t i = 0; i < room.slots; ++i) slots_of(*fresh)[i].length = 0;
  if (room.values > 0) std::fill_n(latest_of(*fresh), room.slots, 0);
}

void accumulator_copy(Accumulator* fresh, const Accumulator& old, const Memory* memory) {
  std::memcpy(counts_of(*fresh), counts_of(old), old.counts * sizeof(CellNumber));
  std::memcpy(values_of(*fresh), values_of(old), old.values * sizeof(ValueEntry));
  std::memcpy(names_of(*fresh), names_of(old), old.names);
  fresh->counts = old.counts;
  fresh->values = old.values;
  fresh->names = old.names;
  fresh->signals = old.signals;
  fresh->unordered = old.unordered;
  if (fresh->room.slots == old.room.slots) {
    std::memcpy(slots_of(*fresh), slots_of(old), old.room.slots * sizeof(Slot));
    if (fresh->room.values > 0 && old.room.values > 0) std::copy_n(latest_of(old), old.room.slots, latest_of(*fresh));
    return;
  }
  // The logs refer to slots by index, and slots move: the new index is found by the signal's name.
  const auto moved = [&](std::uint32_t index) {
    const NameKey key(name_of(old, slots_of(old)[index]));
    return static_cast<std::uint32_t>(find(*fresh, key) - slots_of(*fresh));
  };
  for (std::uint32_t i = 0; i < old.room.slots; ++i) {
    const Slot& slot = slots_of(old)[i];
    if (slot.length == 0) continue;
    const std::uint32_t to = moved(i);
    slots_of(*fresh)[to] = slot;
    if (fresh->room.values > 0 && old.room.values > 0) latest_of(*fresh)[to] = latest_of(old)[i];
  }
  Pulse pulse(memory);
  const auto move = [&](auto* entries, std::uint32_t used) {
    for (std::uint32_t i = 0; i < used; ++i, pulse.beat()) set_slot(&entries[i], moved(number_of(entries[i]).slot()));
  };
  move(counts_of(*fresh), fresh->counts);
  move(values_of(*fresh), fresh->values);
}

void accumulator_prefetch(const Accumulator* state, std::string_view name) {
  __builtin_prefetch(state);
  __builtin_prefetch(slots_of(*state) + (NameKey(name).hash & (kFrequentSlots - 1)));
}

bool accumulator_add(Accumulator* state, const Entry& entry, Room* wanted, const Memory* memory) {
  const NameKey key(entry.name);
  Slot* slot = find(*state, key);
  if (slot->length == 0) {
    check_signal_name(entry.name);
    check_signals(state->signals + std::size_t{1});
  }
  check_event_day(entry.name, entry.day);
  // The common case first: the signal is known, the day is its open one, no value.
  if (slot->length != 0 && static_cast<Day>(slot->day) == entry.day && entry.value_count == 0) {
    open_count(*state, slot, entry.count);
    return true;
  }
  const bool fresh = slot->length == 0;
  Need need{fresh ? 1U : 0U, numbers_of(slot->length == 0 ? 0 : slot->count), 0, 0};
  if (entry.value_count > 0) need.values = numbers_of(entry.value_count);
  if (fresh && !key.is_short()) need.names = entry.name.size();
  if (!reserve(state, need, wanted, memory)) return false;
  if (fresh) occupy(state, slot, key);
  add_to_slot(state, slot, entry.day, entry.count);
  if (entry.value_count > 0) add_value(state, slot, entry.day, entry.value_count, entry.value);
  return true;
}

bool accumulator_absorb(Accumulator* state, Bytes activity, Room* wanted, Memory* memory) {
  Need need;
  for (ActivityReader reader(activity, memory); reader.next_signal();) {
    need_signal(*state, NameKey(reader.name()), &need);
    for (Cell cell; reader.next_cell(&cell);) {
      need.counts += numbers_of(cell.count);
      need.values += cell.value_count > 0 ? numbers_of(cell.value_count) : 0;
    }
  }
  if (!reserve(state, need, wanted, memory)) return false;
  for (ActivityReader reader(activity, memory); reader.next_signal();) {
    Slot* slot = slot_for(state, NameKey(reader.name()));
    for (Cell cell; reader.next_cell(&cell);) {
      add_to_slot(state, slot, cell.day, cell.count);
      if (cell.value_count > 0) add_value(state, slot, cell.day, cell.value_count, cell.value);
    }
  }
  return true;
}

bool accumulator_absorb(Accumulator* state, const Accumulator& other, Room* wanted, Memory* memory) {
  Need need{0, other.counts, other.values, 0};
  for (std::uint32_t i = 0; i < other.room.slots; ++i) {
    const Slot& slot = slots_of(other)[i];
    if (slot.length != 0) need_signal(*state, NameKey(name_of(other, slot)), &need);
  }
  if (!reserve(state, need, wanted, memory)) return false;
  Vector<std::uint32_t> moved(other.room.slots, memory);  // slot of `other` -> slot of `state`
  for (std::uint32_t i = 0; i < other.room.slots; ++i) {
    const Slot& slot = slots_of(other)[i];
    if (slot.length == 0) continue;
    Slot* mine = slot_for(state, NameKey(name_of(other, slot)));
    moved[i] = static_cast<std::uint32_t>(mine - slots_of(*state));
    add_to_slot(state, mine, static_cast<Day>(slot.day), slot.count);
  }
  Pulse pulse(memory);
  const auto append = [&](auto* log, std::uint32_t* used, const auto* entries, std::uint32_t more) {
    for (std::uint32_t i = 0; i < more; ++i) {
      pulse.beat();
      log[*used] = entries[i];
      set_slot(&log[(*used)++], moved[number_of(entries[i]).slot()]);
    }
  };
  append(counts_of(*state), &state->counts, counts_of(other), other.counts);
  append(values_of(*state), &state->values, values_of(other), other.values);
  state->unordered = true;
  return true;
}

namespace {

// Sorts a log by name and day; rank[slot], the slot's place among the names, replaces the slot. A counting sort by
// signal, then a sort of those few signals whose entries are not in order of the day.
template <class E>
void sort_by_name(Vector<E>* log, const Vector<std::uint32_t>& rank, std::size_t signals, Memory* memory) {
  Vector<std::uint32_t> ends(signals + 1, 0, memory);
  Pulse pulse(memory);
  for (const E& entry : *log) {
    pulse.beat();
    ++ends[rank[number_of(entry).slot()] + 1];
  }
  for (std::size_t i = 1; i <= signals; ++i) ends[i] += ends[i - 1];
  Vector<E> sorted(log->size(), memory);
  for (const E& entry : *log) {
    pulse.beat();
    const std::uint32_t place = rank[number_of(entry).slot()];
    E& to = sorted[ends[place]++];
    to = entry;
    set_slot(&to, place);
  }
  auto begin = sorted.begin();
  const auto less = pulse.during([](const E& a, const E& b) { return number_of(a) < number_of(b); });
  for (std::size_t i = 0; i < signals; ++i) {
    const auto end = sorted.begin() + ends[i];
    if (!std::is_sorted(begin, end, less)) std::sort(begin, end, less);
    begin = end;
  }
  log->swap(sorted);
}

}  // namespace

Bytes accumulator_finish(const Accumulator& state, ActivityWriter* writer, Memory* memory) {
  Vector<std::uint32_t> order(memory);  // slots in order of their names
  order.reserve(state.signals);
  for (std::uint32_t i = 0; i < state.room.slots; ++i)
    if (slots_of(state)[i].length != 0) order.push_back(i);
  Pulse pulse(memory);
  std::sort(order.begin(), order.end(), pulse.during([&](std::uint32_t a, std::uint32_t b) {
    return name_of(state, slots_of(state)[a]) < name_of(state, slots_of(state)[b]);
  }));
  Vector<std::uint32_t> rank(state.room.slots, memory);
  for (std::uint32_t i = 0; i < order.size(); ++i) rank[order[i]] = i;

  Vector<CellNumber> counts(memory);
  counts.reserve(state.counts + order.size());
  counts.assign(counts_of(state), counts_of(state) + state.counts);
  for (const std::uint32_t index : order) {
    const Slot& slot = slots_of(state)[index];
    for_each_number(index, static_cast<Day>(slot.day), slot.count,
                    [&](CellNumber number) { counts.push_back(number); });
  }
  Vector<ValueEntry> values(values_of(state), values_of(state) + state.values, memory);
  sort_by_name(&counts, rank, order.size(), memory);
  sort_by_name(&values, rank, order.size(), memory);

  const auto name_at = [&](std::uint32_t place) { return name_of(state, slots_of(state)[order[place]]); };
  std::uint64_t count = 0;  // all counts before any sum: which error comes must not depend on the order of the rows
  for (std::size_t i = 0; i < counts.size(); ++i) {
    count = i > 0 && counts[i].same_cell(counts[i - 1]) ? count + counts[i].count() : counts[i].count();
    if (count > kMaxCount) fail_count(name_at(counts[i].slot()));
  }

  auto value = values.begin();
  for (auto entry = counts.begin(); entry != counts.end();) {
    const std::uint32_t place = entry->slot();
    const std::string_view name = name_at(place);
    writer->begin_signal(name);
    while (entry != counts.end() && entry->slot() == place) {
      const CellNumber first = *entry;
      std::uint32_t events = 0, valued = 0;
      Int128 sum = 0;
      for (; entry != counts.end() && entry->same_cell(first); ++entry) events += entry->count();
      for (; value != values.end() && value->cell.same_cell(first); ++value) {
        valued += value->cell.count();
        sum += value->sum.value();
      }
      writer->add(cell_of_sum(name, first.day(), events, valued, sum));
    }
    writer->end_signal();
  }
  return writer->finish();
}

}  // namespace health
