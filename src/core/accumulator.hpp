// The state of the activity aggregates, called "in flight": a flat block, updated in place, that grows by doubling.
//
// A block holds a hash table of the signals seen, each with the cell of the day it saw last, and two logs to which a
// cell goes when its signal moves to another day: one for counts, one for values. Rows in order of time cost a look-up
// and an increment. Rows in another order append; a full log that holds such rows is sorted and added up before it
// grows. Sums are kept in 128 bits, so neither a result nor an error depends on the order of the rows. (Finished
// activities have 64: merging them can overflow where adding all rows would not.)
//
// With many accounts each row finds its block out of the processor's cache, so blocks are kept small: 32 bytes a
// signal, 8 a day.
//
// The block can be copied and stored as it is, so it holds no pointer. Its first four bytes are left to whoever stores
// it: PostgreSQL's binding puts the length of the value there.
// Its numbers are in the machine's own byte order, so a block does not leave the server: what is sent or printed is its
// canonical bytes, which are the same on every machine.
#pragma once

#include "activity.hpp"

namespace health {

struct Room {                           // capacities of a block
  std::uint32_t slots;                  // power of two; seven eighths may be used
  std::uint32_t counts, values, names;  // entries of the two logs; bytes of the long names
};

struct Accumulator {
  std::uint32_t owner_header;  // for whoever stores the block
  std::uint8_t format;         // kInFlight
  bool unordered;              // a signal went back to an earlier day: the logs may hold a day twice
  std::uint8_t unused[2];
  Room room;
  std::uint32_t signals, counts, values, names;  // in use, in the units of Room
};
static_assert(sizeof(Accumulator) == 40 && std::is_trivially_destructible_v<Accumulator>);

inline constexpr Room kFirstRoom = {8, 16, 0, 0};

std::size_t accumulator_bytes(const Room& room);
// Makes an empty block in `bytes` = accumulator_bytes(room) bytes, 8-byte aligned. Leaves `owner_header` alone.
void accumulator_init(Accumulator* fresh, const Room& room);
// Copies `old` into an empty block that has at least its slots, and room for what the other parts of `old` hold.
void accumulator_copy(Accumulator* fresh, const Accumulator& old, const Memory* memory);

// Events of one signal and day.
struct Entry {
  std::string_view name;
  Day day;
  std::uint32_t count, value_count;
  Int128 value;  // sum of the values, in millionths
};

// Prefetches the head of a block and the slot of a name into the processor's cache. It guesses the most frequent number
// of slots, since reading the real one would wait for memory.
void accumulator_prefetch(const Accumulator* state, std::string_view name);

// Adds an entry. Returns true when done; false when there is no room, then nothing has changed and `*wanted` is the
// room to copy the block into before trying again. Throws 54000 when the block would pass kMaxActivityBytes.
bool accumulator_add(Accumulator* state, const Entry& entry, Room* wanted, const Memory* memory);
// accumulator_add() for all entries of another activity, given as canonical bytes or as a block (8-byte aligned).
bool accumulator_absorb(Accumulator* state, Bytes activity, Room* wanted, Memory* memory);
bool accumulator_absorb(Accumulator* state, const Accumulator& other, Room* wanted, Memory* memory);

// Canonical bytes of a block. Does not change it.
Bytes accumulator_finish(const Accumulator& state, ActivityWriter* writer, Memory* memory);

}  // namespace health
