// What is counted, or compared, of an account's rows beside its activity.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

namespace health {

enum class TallyKind : std::uint8_t { count, least, most };

// Of one row or of several; unknown where no row had anything.
struct Tally {
  std::int64_t value;
  bool known;
};

inline void take(TallyKind kind, const Tally& more, Tally* tally) {
  if (!more.known) return;
  if (!tally->known) {
    *tally = more;
    return;
  }
  switch (kind) {
    case TallyKind::count: tally->value += more.value; break;
    case TallyKind::least: tally->value = std::min(tally->value, more.value); break;
    case TallyKind::most: tally->value = std::max(tally->value, more.value); break;
  }
}

// One of each kind. Neither points into the other.
inline void take(std::span<const TallyKind> kinds, const Tally* more, Tally* tallies) {
  for (std::size_t i = 0; i < kinds.size(); ++i) take(kinds[i], more[i], &tallies[i]);
}

}  // namespace health
