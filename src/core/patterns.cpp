#include "patterns.hpp"

#include <algorithm>
#include <functional>

#include "interrupt.hpp"

namespace health {

bool name_matches(std::string_view name, std::string_view pattern) {
  if (!pattern.empty() && pattern.back() == '*') return name.starts_with(pattern.substr(0, pattern.size() - 1));
  return name == pattern;
}

NamePatterns::NamePatterns(std::span<const std::string_view> patterns, Memory* memory)
    : names_(memory), prefixes_(memory) {
  for (const std::string_view pattern : patterns) {
    if (!pattern.empty() && pattern.back() == '*') prefixes_.push_back(pattern.substr(0, pattern.size() - 1));
    else names_.push_back(pattern);
  }
  Pulse pulse(memory);
  std::sort(names_.begin(), names_.end(), pulse.during(std::less<>()));
  std::sort(prefixes_.begin(), prefixes_.end(), pulse.during(std::less<>()));
  // Drop prefixes that begin with another one, which stands before them.
  std::size_t kept = 0;
  for (const std::string_view prefix : prefixes_)
    if (kept == 0 || !prefix.starts_with(prefixes_[kept - 1])) prefixes_[kept++] = prefix;
  prefixes_.resize(kept);
}

bool NamePatterns::match(std::string_view name) const {
  if (std::binary_search(names_.begin(), names_.end(), name)) return true;
  // In sorted order no entry stands between a prefix of the name and the name: it would begin with that prefix.
  const auto past = std::upper_bound(prefixes_.begin(), prefixes_.end(), name);
  return past != prefixes_.begin() && name.starts_with(*(past - 1));
}

}  // namespace health
