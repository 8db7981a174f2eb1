// Placeholders of texts: {days}, and forms for numbers: {missing|user has|users have}. What they stand for:
// explain.cpp.
#pragma once

#include <optional>
#include <string_view>

namespace health {

// What a text may name in braces.
inline constexpr std::string_view kPlaceholders[] = {"label",   "value",  "recent", "prior",  "pct",    "days",
                                                     "missing", "size",   "count",  "ago",    "window", "trend",
                                                     "peers",   "out_of", "tenure", "member", "left"};

struct Placeholder {
  std::string_view name;       // letters and _, perhaps none of kPlaceholders
  std::string_view one, many;  // of a plural: what it prints for one, and for several
  bool plural;                 // name|one|many
  bool valid;                  // false: a plural that has not two forms without braces, or no end
  std::size_t length;          // with its braces
};

// The placeholder that a text begins with. Letters in braces, or after a brace and before a |, are one: all other
// braces are themselves.
std::optional<Placeholder> placeholder_at(std::string_view text);

}  // namespace health
