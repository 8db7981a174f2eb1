#include "placeholder.hpp"

#include <algorithm>

namespace health {

std::optional<Placeholder> placeholder_at(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  if (text.empty() || text[0] != '{') return std::nullopt;
  const auto past = std::find_if_not(text.begin() + 1, text.end(), letter);
  const std::string_view name(text.begin() + 1, past);
  if (name.empty() || past == text.end()) return std::nullopt;
  if (*past == '}') return Placeholder{name, {}, {}, false, true, name.size() + 2};
  if (*past != '|') return std::nullopt;
  const std::string_view rest = text.substr(name.size() + 2);
  const std::size_t end = std::min(rest.find_first_of("{}"), rest.size());
  const std::string_view forms = rest.substr(0, end);
  const std::size_t bar = std::min(forms.find('|'), end);
  const bool two = bar != end && forms.find('|', bar + 1) == forms.npos && end != rest.size() && rest[end] == '}';
  if (!two) return Placeholder{name, {}, {}, true, false, name.size() + 2 + end};
  return Placeholder{name, forms.substr(0, bar), forms.substr(bar + 1), true, true, name.size() + 3 + end};
}

}  // namespace health
