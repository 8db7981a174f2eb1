// What a signal is called in sentences where nobody says: formPublished is "Form published".
#pragma once

#include <cstdint>

#include "memory.hpp"

namespace health {

// A final * and the : _ . - before it are dropped, of the other ones each run becomes a space, none at the ends; camel
// case is split, in which acronyms stay (ExportCSV: "Export CSV"); the first letter becomes upper case. Letters are
// those of ASCII, other bytes are kept. A name of such characters alone is its own label.
ByteString label_of_name(std::string_view name, Memory* memory);

// A label or a text that begins small, as common nouns do, is so within a sentence only. What begins large is a name or
// an acronym, and stays; so does what goes on large (iOS).
enum class Alphabet : std::uint8_t {
  ascii,  // in any encoding of a server
  latin,  // those of Latin-1 too, in UTF-8: in another encoding the same bytes are another letter, or a half of one
};
bool begins_small(std::string_view text, Alphabet alphabet);
void begin_large(ByteString* text, Alphabet alphabet);  // what begins small
void begin_small(ByteString* text, Alphabet alphabet);  // what begins large

}  // namespace health
