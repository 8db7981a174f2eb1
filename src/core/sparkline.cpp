#include "sparkline.hpp"

#include <algorithm>
#include <cmath>

namespace health {

void append_spark(String* out, bool known, double score) {
  static constexpr const char* kBlocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  if (!known)
    *out += ' ';
  else
    *out += kBlocks[std::clamp(static_cast<int>(std::floor(std::clamp(score, 0.0, 100.0) / 12.5)), 0, 7)];
}

}  // namespace health
