// Lists of signal names in which an entry that ends in * stands for all names with that prefix.
#pragma once

#include <span>
#include <string_view>

#include "memory.hpp"

namespace health {

bool name_matches(std::string_view name, std::string_view pattern);

// A list of patterns prepared for many look-ups, each a binary search.
class NamePatterns {
 public:
  NamePatterns(std::span<const std::string_view> patterns, Memory* memory);
  bool match(std::string_view name) const;

 private:
  Vector<std::string_view> names_, prefixes_;  // both sorted; no prefix begins with another one
};

}  // namespace health
