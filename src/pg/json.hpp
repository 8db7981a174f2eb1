// jsonb to the core's tree of nodes and back, and what writes jsonb.
#pragma once

#include <algorithm>

#include "core/decimal.hpp"
#include "core/json.hpp"
#include "pg/guard.hpp"

namespace health {

// jsonb of a text. Raises 22023 with the path of a key that an object has twice: jsonb alone would silently keep the
// last one. `type`: the SQL type that errors name.
Jsonb* jsonb_of_text(char* text, const char* type);
// The same of a message in the binary form of jsonb, which jsonb_recv reads, but for a wrong version, which would be an
// internal error there: 22P03.
Jsonb* jsonb_of_message(StringInfo message, const char* type);
// Nodes in the current context; strings point into `jsonb`, which must outlive them. nodes[0] is the root.
JsonNode* json_nodes(Jsonb* jsonb);
// A copy of the writer's nodes that outlives it. For use under guarded().
const JsonNode* kept_nodes(const JsonWriter& writer, Memory* memory);
// The tree whose root is nodes[0], an array or object; no key comes twice in an object.
Jsonb* jsonb_of_nodes(const JsonNode* nodes);

// The tree that write(JsonWriter*, Memory*) writes.
template <class Write>
Jsonb* jsonb_written(Write write) {
  const JsonNode* nodes = nullptr;
  guarded([&](Memory* memory) {
    JsonWriter writer(memory);
    write(&writer, memory);
    nodes = kept_nodes(writer, memory);
  });
  return jsonb_of_nodes(nodes);
}

// jsonb's order of keys: short ones first.
constexpr bool jsonb_before(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

// Writes the binary form of jsonb (utils/jsonb.h) into memory that is large enough. The server's pushJsonbValue() would
// cost more than all else in a report. What puts a value returns its entry, with its length.
struct JsonbBytes {
  Jsonb* jsonb;
  char* out;
  // Raises 54000 where so much room is more than jsonb can hold.
  static JsonbBytes with_room(std::size_t bytes);
  Jsonb* finished() const;

  void put_bytes(const void* bytes, std::size_t size) { out = std::copy_n(static_cast<const char*>(bytes), size, out); }
  JEntry put_string(std::string_view text) {
    put_bytes(text.data(), text.size());
    return JENTRY_ISSTRING | static_cast<JEntry>(text.size());
  }
  static constexpr std::size_t kMostOfNumber = 32;  // bytes, padding among them, of 64 bits with any power of ten
  JEntry put_number(Decimal number);
  JEntry put_numeric(char* text);  // of a number's plain text
  void align() {
    for (; reinterpret_cast<std::uintptr_t>(out) % ALIGNOF_INT != 0; ++out) *out = '\0';
  }
  JEntry length_since(const char* start) const { return static_cast<JEntry>(out - start); }
};

// The entries at the head of a container, filled one after the other while the values behind them are written.
struct JsonbEntries {
  JEntry* entries;
  std::uint32_t filled, total;
  // Writes the header, aligned, and leaves room for the entries: two for each child of an object.
  static JsonbEntries begin(std::uint32_t children, std::uint32_t type, JsonbBytes* bytes);
  constexpr void add(JEntry entry) {
    total += JBE_OFFLENFLD(entry);
    entries[filled] = filled % JB_OFFSET_STRIDE == 0 ? (entry & JENTRY_TYPEMASK) | total | JENTRY_HAS_OFF : entry;
    ++filled;
  }
};

}  // namespace health
