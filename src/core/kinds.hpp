// Kinds of facts that a report tells: of a signal, of the account, and of what belongs to no signal.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace health {

enum class Kind : std::uint8_t {
  none,
  // Of a signal. A model may give a text and a next step to each of them.
  risk,
  awaited,
  inactive,
  down,
  up,
  fell,
  rose,
  fresh,  // prints as "new"
  fading,
  low,
  high,
  expired,
  below_peers,
  steady,
  moved,
  member_silent,
  no_data,
  // Of the account. `fresh` is one of these, too.
  never_active,
  silent,
  usage_down,
  usage_up,
  usage_low,
  // Of no signal.
  coverage,    // of a scorecard: measures came or went
  overridden,  // by the value of a signal with set_score; prints as "override"
  baseline,    // the other accounts moved
  other,       // what is folded
  end          // none of them
};
inline constexpr std::string_view kKindNames[] = {
    "",         "risk",      "awaited",       "inactive", "down",         "up",      "fell",
    "rose",     "new",       "fading",        "low",      "high",         "expired", "below_peers",
    "steady",   "moved",     "member_silent", "no_data",  "never_active", "silent",  "usage_down",
    "usage_up", "usage_low", "coverage",      "override", "baseline",     "other"};
static_assert(std::size(kKindNames) == static_cast<std::size_t>(Kind::end));
constexpr std::string_view kind_name(Kind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }
// Names of the kinds of a signal.
inline constexpr std::span kSignalKinds = std::span(kKindNames).subspan(1, static_cast<std::size_t>(Kind::no_data));
// The kind of a signal that a name stands for.
std::optional<Kind> signal_kind_of_name(std::string_view name);

}  // namespace health
