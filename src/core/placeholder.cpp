#include "placeholder.hpp"

namespace health {

std::optional<Placeholder> placeholder_at(std::string_view text) {
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
