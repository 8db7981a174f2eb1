#include "sparkline.hpp"

#include <algorithm>

namespace health {

void append_spark(ByteString* out, bool known, double score) {
  static constexpr const char* kBlocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  if (!known) *out += ' ';
  else *out += kBlocks[std::min(static_cast<int>(std::clamp(score, 0.0, 100.0) / 12.5), 7)];
}

}  // namespace health
