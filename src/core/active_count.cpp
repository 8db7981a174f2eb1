#include "active_count.hpp"

namespace health {

std::int32_t active_count(Bytes activity, Span span, std::int32_t min_days, const NamePatterns* patterns,
                          Memory* memory) {
  ActivityReader reader(activity, memory);
  std::int32_t signals = 0;
  while (reader.next_signal()) {
    if (patterns != nullptr && !patterns->match(reader.name())) continue;
    std::int32_t days = 0;
    for (Cell cell; days < min_days && reader.next_cell(&cell);) days += span.contains(cell.day) ? 1 : 0;
    signals += days >= min_days ? 1 : 0;
  }
  return signals;
}

}  // namespace health
