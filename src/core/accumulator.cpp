#include "accumulator.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>

namespace health {

namespace {

constexpr std::size_t kInlineName = 16;

struct Slot {
  std::uint32_t hash, length;  // length 0: free
  Day day;                     // of the open cell
  std::uint32_t count;         // of the open cell
  std::uint32_t value;         // 1 + index of the signal's latest entry in the log of values, 0: none
  std::uint32_t name;          // offset of a name longer than kInlineName
  char inline_name[kInlineName];
};
struct CountEntry {
  std::uint32_t slot;
  Day day;
  std::uint32_t count;
};
struct ValueEntry {
  std::uint32_t slot;
  Day day;
  std::uint32_t count, unused;
  std::uint64_t low, high;  // the sum, 128 bits

  Int128 sum() const { return static_cast<Int128>(static_cast<unsigned __int128>(high) << 64 | low); }
  void set(Int128 sum) {
    low = static_cast<std::uint64_t>(sum);
    high = static_cast<std::uint64_t>(static_cast<unsigned __int128>(sum) >> 64);
  }
};
static_assert(sizeof(Slot) == 40 && sizeof(CountEntry) == 12 && sizeof(ValueEntry) == 32);

// Where the parts of a block stand: values, slots, counts, names, so that each is aligned.
template <class T>
T* at(const Accumulator& state, std::size_t offset) {
  return reinterpret_cast<T*>(const_cast<char*>(reinterpret_cast<const char*>(&state)) + offset);
}
std::size_t slots_offset(const Room& room) {
  return sizeof(Accumulator) + std::size_t{room.values} * sizeof(ValueEntry);
}
std::size_t counts_offset(const Room& room) { return slots_offset(room) + std::size_t{room.slots} * sizeof(Slot); }
std::size_t names_offset(const Room& room) {
  return counts_offset(room) + std::size_t{room.counts} * sizeof(CountEntry);
}

ValueEntry* values_of(const Accumulator& state) { return at<ValueEntry>(state, sizeof(Accumulator)); }
Slot* slots_of(const Accumulator& state) { return at<Slot>(state, slots_offset(state.room)); }
CountEntry* counts_of(const Accumulator& state) { return at<CountEntry>(state, counts_offset(state.room)); }
char* names_of(const Accumulator& state) { return at<char>(state, names_offset(state.room)); }

std::string_view name_of(const Accumulator& state, const Slot& slot) {
  if (slot.length <= kInlineName) return {slot.inline_name, slot.length};
  return {names_of(state) + slot.name, slot.length};
}

std::uint32_t hash_of(std::string_view name) {
  const std::size_t hash = std::hash<std::string_view>{}(name);
  return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

// The slot of a name, or the free slot where it belongs.
Slot* find(const Accumulator& state, std::string_view name, std::uint32_t hash) {
  Slot* slots = slots_of(state);
  const std::uint32_t mask = state.room.slots - 1;
  for (std::uint32_t i = hash & mask;; i = (i + 1) & mask) {
    Slot& slot = slots[i];
    if (slot.length == 0) return &slot;
    if (slot.hash == hash && slot.length == name.size() && name_of(state, slot) == name) return &slot;
  }
}

// Needs a free slot and room for the name.
void occupy(Accumulator* state, Slot* slot, std::string_view name, std::uint32_t hash) {
  *slot = {hash, static_cast<std::uint32_t>(name.size()), 0, 0, 0, 0, {}};
  if (name.size() <= kInlineName) {
    std::memcpy(slot->inline_name, name.data(), name.size());
  } else {
    slot->name = state->names;
    std::memcpy(names_of(*state) + state->names, name.data(), name.size());
    state->names += static_cast<std::uint32_t>(name.size());
  }
  ++state->signals;
}

template <class E>
bool before(const E& a, const E& b) {
  return a.slot != b.slot ? a.slot < b.slot : a.day < b.day;
}

[[noreturn]] void count_overflow(std::string_view name) {
  Cell cell{0, kMaxCount, 0, 0};
  add_cell(name, &cell, Cell{0, 1, 0, 0});
  __builtin_unreachable();
}

void add_count(const Accumulator& state, std::uint32_t slot, std::uint32_t* count, std::uint32_t more) {
  if (more > kMaxCount - *count) count_overflow(name_of(state, slots_of(state)[slot]));
  *count += more;
}

// Sorts a log and adds up entries of the same signal and day; returns how many remain.
template <class E, class Add>
std::uint32_t compact(E* entries, std::uint32_t used, Add add) {
  if (used == 0) return 0;
  std::sort(entries, entries + used, [](const E& a, const E& b) { return before(a, b); });
  std::uint32_t kept = 0;
  for (std::uint32_t i = 1; i < used; ++i) {
    if (before(entries[kept], entries[i])) entries[++kept] = entries[i];
    else add(&entries[kept], entries[i]);
  }
  return kept + 1;
}

std::uint32_t compact_counts(const Accumulator& state, CountEntry* entries, std::uint32_t used) {
  return compact(entries, used,
                 [&](CountEntry* to, const CountEntry& from) { add_count(state, to->slot, &to->count, from.count); });
}

std::uint32_t compact_values(const Accumulator& state, ValueEntry* entries, std::uint32_t used) {
  return compact(entries, used, [&](ValueEntry* to, const ValueEntry& from) {
    add_count(state, to->slot, &to->count, from.count);
    to->set(to->sum() + from.sum());
  });
}

std::uint32_t grown(std::uint32_t capacity, std::uint64_t needed, std::uint32_t least) {
  const std::uint64_t doubled = std::max<std::uint64_t>({std::uint64_t{capacity} * 2, needed, least});
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(doubled, std::numeric_limits<std::uint32_t>::max()));
}

// True when the block has room for that many more; else compacts what is full, and if that is not enough says what to
// grow.
bool reserve(Accumulator* state, std::size_t signals, std::size_t counts, std::size_t values, std::size_t names,
             Room* wanted) {
  *wanted = state->room;
  bool enough = true;
  if ((state->signals + signals) * 4 > std::size_t{state->room.slots} * 3) {
    do {
      wanted->slots *= 2;
    } while ((state->signals + signals) * 4 > std::size_t{wanted->slots} * 3);
    enough = false;
  }
  if (state->counts + counts > state->room.counts) {
    if (state->unordered) state->counts = compact_counts(*state, counts_of(*state), state->counts);
    // Less than half free after compaction: double, or the next one would come too soon.
    if (state->counts + counts > state->room.counts || state->counts > state->room.counts / 2) {
      wanted->counts = grown(state->room.counts, state->counts + counts, 16);
      enough = false;
    }
  }
  if (state->values + values > state->room.values) {
    if (state->unordered) {
      state->values = compact_values(*state, values_of(*state), state->values);
      for (std::uint32_t i = 0; i < state->room.slots; ++i) slots_of(*state)[i].value = 0;
    }
    if (state->values + values > state->room.values || state->values > state->room.values / 2) {
      wanted->values = grown(state->room.values, state->values + values, 8);
      enough = false;
    }
  }
  if (state->names + names > state->room.names) {
    wanted->names = grown(state->room.names, state->names + names, 128);
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

// Both need room in the logs.
void add_to_slot(Accumulator* state, Slot* slot, Day day, std::uint32_t count) {
  const auto index = static_cast<std::uint32_t>(slot - slots_of(*state));
  if (slot->day == day || slot->count == 0) {
    slot->day = day;
    add_count(*state, index, &slot->count, count);
    return;
  }
  state->unordered = state->unordered || day < slot->day;
  counts_of(*state)[state->counts++] = {index, slot->day, slot->count};
  slot->day = day;
  slot->count = count;
  slot->value = 0;
}

void add_value(Accumulator* state, Slot* slot, Day day, std::uint32_t count, Int128 value) {
  const auto index = static_cast<std::uint32_t>(slot - slots_of(*state));
  if (slot->value != 0 && values_of(*state)[slot->value - 1].day == day) {
    ValueEntry& entry = values_of(*state)[slot->value - 1];
    add_count(*state, index, &entry.count, count);
    entry.set(entry.sum() + value);
    return;
  }
  ValueEntry entry{index, day, count, 0, 0, 0};
  entry.set(value);
  values_of(*state)[state->values++] = entry;
  slot->value = state->values;
}

Slot* slot_for(Accumulator* state, std::string_view name, std::uint32_t hash) {
  Slot* slot = find(*state, name, hash);
  if (slot->length == 0) {
    check_signals(state->signals + std::size_t{1});
    occupy(state, slot, name, hash);
  }
  return slot;
}

// What the names of another activity need: slots, and bytes of those that are long.
struct NewNames {
  std::size_t signals = 0, bytes = 0;
  void count(const Accumulator& state, std::string_view name, std::uint32_t hash) {
    if (find(state, name, hash)->length != 0) return;
    ++signals;
    if (name.size() > kInlineName) bytes += name.size();
  }
};

}  // namespace

std::size_t accumulator_bytes(const Room& room) { return names_offset(room) + room.names; }

void accumulator_init(Accumulator* fresh, const Room& room) {
  const std::uint32_t varlena = fresh->varlena;
  *fresh = {varlena, kInFlight, false, {}, room, 0, 0, 0, 0};
  for (std::uint32_t i = 0; i < room.slots; ++i) slots_of(*fresh)[i].length = 0;
}

void accumulator_copy(Accumulator* fresh, const Accumulator& old) {
  std::memcpy(values_of(*fresh), values_of(old), old.values * sizeof(ValueEntry));
  std::memcpy(counts_of(*fresh), counts_of(old), old.counts * sizeof(CountEntry));
  std::memcpy(names_of(*fresh), names_of(old), old.names);
  fresh->values = old.values;
  fresh->counts = old.counts;
  fresh->names = old.names;
  fresh->signals = old.signals;
  fresh->unordered = old.unordered;
  if (fresh->room.slots == old.room.slots) {
    std::memcpy(slots_of(*fresh), slots_of(old), old.room.slots * sizeof(Slot));
    return;
  }
  // Slots move to new places; the logs name slots by their place. The old slot array is read-only, so the map from old
  // to new is found again through the hash, entry by entry.
  const auto moved = [&](std::uint32_t index) {
    const Slot& slot = slots_of(old)[index];
    return static_cast<std::uint32_t>(find(*fresh, name_of(old, slot), slot.hash) - slots_of(*fresh));
  };
  for (std::uint32_t i = 0; i < old.room.slots; ++i) {
    const Slot& slot = slots_of(old)[i];
    if (slot.length != 0) *find(*fresh, name_of(old, slot), slot.hash) = slot;
  }
  for (std::uint32_t i = 0; i < fresh->counts; ++i) counts_of(*fresh)[i].slot = moved(counts_of(*fresh)[i].slot);
  for (std::uint32_t i = 0; i < fresh->values; ++i) values_of(*fresh)[i].slot = moved(values_of(*fresh)[i].slot);
}

bool accumulator_add(Accumulator* state, const Entry& entry, Room* wanted) {
  const std::uint32_t hash = hash_of(entry.name);
  Slot* slot = find(*state, entry.name, hash);
  if (slot->length == 0) {
    check_signal_name(entry.name);
    check_signals(state->signals + std::size_t{1});
  }
  check_event_day(entry.name, entry.day);
  // The common case first: the signal is known, the day is its open one, no value.
  if (slot->length != 0 && slot->day == entry.day && entry.value_count == 0) {
    add_count(*state, static_cast<std::uint32_t>(slot - slots_of(*state)), &slot->count, entry.count);
    return true;
  }
  const bool fresh = slot->length == 0;
  if (!reserve(state, fresh ? 1 : 0, 1, entry.value_count > 0 ? 1 : 0,
               fresh && entry.name.size() > kInlineName ? entry.name.size() : 0, wanted))
    return false;
  if (fresh) occupy(state, slot, entry.name, hash);
  add_to_slot(state, slot, entry.day, entry.count);
  if (entry.value_count > 0) add_value(state, slot, entry.day, entry.value_count, entry.value);
  return true;
}

bool accumulator_absorb(Accumulator* state, Bytes activity, Room* wanted) {
  std::size_t cells = 0, valued = 0;
  NewNames names;
  for (ActivityReader reader(activity); reader.next_signal();) {
    cells += reader.cells();
    valued += reader.mode() != 0 ? reader.cells() : 0;
    names.count(*state, reader.name(), hash_of(reader.name()));
  }
  if (!reserve(state, names.signals, cells, valued, names.bytes, wanted)) return false;
  for (ActivityReader reader(activity); reader.next_signal();) {
    Slot* slot = slot_for(state, reader.name(), hash_of(reader.name()));
    for (Cell cell; reader.next_cell(&cell);) {
      add_to_slot(state, slot, cell.day, cell.count);
      if (cell.value_count > 0) add_value(state, slot, cell.day, cell.value_count, cell.value);
    }
  }
  return true;
}

bool accumulator_absorb(Accumulator* state, const Accumulator& other, Room* wanted) {
  NewNames names;
  for (std::uint32_t i = 0; i < other.room.slots; ++i) {
    const Slot& slot = slots_of(other)[i];
    if (slot.length != 0) names.count(*state, name_of(other, slot), slot.hash);
  }
  if (!reserve(state, names.signals, std::size_t{other.counts} + other.signals, other.values, names.bytes, wanted))
    return false;
  const auto mine = [&](std::uint32_t index) {
    const Slot& slot = slots_of(other)[index];
    return slot_for(state, name_of(other, slot), slot.hash);
  };
  for (std::uint32_t i = 0; i < other.counts; ++i) {
    const CountEntry& entry = counts_of(other)[i];
    add_to_slot(state, mine(entry.slot), entry.day, entry.count);
  }
  for (std::uint32_t i = 0; i < other.room.slots; ++i) {
    const Slot& slot = slots_of(other)[i];
    if (slot.length != 0) add_to_slot(state, mine(i), slot.day, slot.count);
  }
  for (std::uint32_t i = 0; i < other.values; ++i) {
    const ValueEntry& entry = values_of(other)[i];
    add_value(state, mine(entry.slot), entry.day, entry.count, entry.sum());
  }
  return true;
}

Bytes accumulator_finish(const Accumulator& state, ActivityWriter* writer, Memory* memory) {
  Vector<std::uint32_t> order(memory);  // slots in order of their names
  order.reserve(state.signals);
  Vector<CountEntry> counts(counts_of(state), counts_of(state) + state.counts, memory);
  Vector<ValueEntry> values(values_of(state), values_of(state) + state.values, memory);
  for (std::uint32_t i = 0; i < state.room.slots; ++i) {
    const Slot& slot = slots_of(state)[i];
    if (slot.length == 0) continue;
    order.push_back(i);
    counts.push_back({i, slot.day, slot.count});
  }
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return name_of(state, slots_of(state)[a]) < name_of(state, slots_of(state)[b]);
  });
  counts.resize(compact_counts(state, counts.data(), static_cast<std::uint32_t>(counts.size())));
  values.resize(compact_values(state, values.data(), static_cast<std::uint32_t>(values.size())));
  for (const std::uint32_t index : order) {
    const std::string_view name = name_of(state, slots_of(state)[index]);
    const auto first_of = [&](const auto& entries) {
      return std::lower_bound(entries.begin(), entries.end(), index,
                              [](const auto& entry, std::uint32_t slot) { return entry.slot < slot; });
    };
    writer->begin_signal(name);
    auto value = first_of(values);
    for (auto count = first_of(counts); count != counts.end() && count->slot == index; ++count) {
      Cell cell{count->day, count->count, 0, 0};
      if (value != values.end() && value->slot == index && value->day == count->day) {
        const Int128 sum = value->sum();
        cell.value_count = value->count;
        cell.value = static_cast<Micros>(sum);
        // Reported in the words of add_cell: one overflow, one message.
        if (cell.value != sum) {
          cell.value = sum > 0 ? std::numeric_limits<Micros>::max() : std::numeric_limits<Micros>::min();
          add_cell(name, &cell, Cell{cell.day, 0, 0, sum > 0 ? 1 : -1});
        }
        ++value;
      }
      writer->add(cell);
    }
    writer->end_signal();
  }
  return writer->finish();
}

}  // namespace health
