#include "kinds.hpp"

#include <algorithm>

namespace health {

std::optional<Kind> signal_kind_of_name(std::string_view name) {
  const auto at = std::find(kSignalKinds.begin(), kSignalKinds.end(), name);
  if (at == kSignalKinds.end()) return std::nullopt;
  return static_cast<Kind>(at - kSignalKinds.begin() + 1);
}

}  // namespace health
