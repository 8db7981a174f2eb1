#include "kinds.hpp"

#include <algorithm>
#include <iterator>

namespace health {

const char* kind_name(Kind kind) {
  static constexpr const char* kNames[] = {
      "",         "risk",      "awaited",       "inactive", "down",         "up",      "fell",
      "rose",     "new",       "fading",        "low",      "high",         "expired", "below_peers",
      "steady",   "moved",     "member_silent", "no_data",  "never_active", "silent",  "usage_down",
      "usage_up", "usage_low", "coverage",      "override", "baseline",     "other"};
  static_assert(std::size(kNames) == static_cast<std::size_t>(Kind::end));
  return kNames[static_cast<std::size_t>(kind)];
}

std::optional<Kind> signal_kind_of_name(std::string_view name) {
  const auto* const at = std::find(std::begin(kSignalKinds), std::end(kSignalKinds), name);
  if (at == std::end(kSignalKinds)) return std::nullopt;
  return static_cast<Kind>(at - kSignalKinds + 1);
}

}  // namespace health
