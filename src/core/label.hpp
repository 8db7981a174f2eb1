// What a signal is called in sentences where nobody says: formPublished is "Form published".
#pragma once

#include "memory.hpp"

namespace health {

// A final * and the : _ . - before it are dropped, of the other ones each run becomes a space, none at the ends; camel
// case is split, in which acronyms stay (ExportCSV: "Export CSV"); the first letter becomes upper case. Letters are
// those of ASCII, other bytes are kept. A name of such characters alone is its own label.
ByteString label_of_name(std::string_view name, Memory* memory);

}  // namespace health
