// What a signal is called in sentences where nobody says: formPublished is "Form published".
#pragma once

#include "memory.hpp"

namespace health {

// A final * and the : _ . - before it are dropped, of the other ones each run becomes a space, none at the ends; camel
// case is split, in which acronyms stay (ExportCSV: "Export CSV"); the first letter becomes upper case. Letters are
// those of ASCII, other bytes are kept. A name of such characters alone is its own label.
ByteString label_of_name(std::string_view name, Memory* memory);

// A label or a text that begins small, as common nouns do, is so within a sentence only. What begins large is a name or
// an acronym, and stays; so does what goes on large (iOS). Letters are those of Latin-1, in UTF-8.
bool begins_small(std::string_view text);
void begin_large(ByteString* text);  // what begins small
void begin_small(ByteString* text);  // what begins large

}  // namespace health
