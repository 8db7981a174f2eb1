// Placeholders of texts: {days}, and forms for numbers: {missing|user has|users have}. What they stand for:
// wording.cpp.
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
constexpr std::optional<Placeholder> placeholder_at(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  if (text.empty() || text[0] != '{') return std::nullopt;
  std::size_t end = 1;
  while (end < text.size() && letter(text[end])) ++end;
  const std::string_view name = text.substr(1, end - 1);
  if (name.empty() || end == text.size()) return std::nullopt;
  if (text[end] == '}') return Placeholder{name, {}, {}, false, true, end + 1};
  if (text[end] != '|') return std::nullopt;
  std::size_t bars[2] = {end, 0}, count = 0;
  for (; end < text.size() && text[end] != '}' && text[end] != '{'; ++end) {
    if (text[end] != '|') continue;
    if (count < 2) bars[count] = end;
    ++count;
  }
  const bool two = count == 2 && end < text.size() && text[end] == '}';
  if (!two) return Placeholder{name, {}, {}, true, false, end};
  const std::string_view one = text.substr(bars[0] + 1, bars[1] - bars[0] - 1);
  return Placeholder{name, one, text.substr(bars[1] + 1, end - bars[1] - 1), true, true, end + 1};
}

}  // namespace health
