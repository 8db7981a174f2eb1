// Long work can be given up: its loops ask now and then whether to go on.
#pragma once

#include <cstdint>

#include "failure.hpp"

namespace health {

// Set by the binding: has the caller lost interest?
inline bool (*interrupted)() = nullptr;
// Throws 57014 if so.
inline void check_interrupt() {
  if (interrupted != nullptr && interrupted()) fail(kInterrupted, nullptr, "canceled");
}

// For loops with little to do in a round: asks once in 65,536 rounds.
class Pulse {
 public:
  void beat() {
    if ((++rounds_ & 0xFFFF) == 0) check_interrupt();
  }
  // The same order, which asks: for std::sort and its like.
  template <class Less>
  auto during(Less less) {
    return [this, less](const auto& a, const auto& b) {
      beat();
      return less(a, b);
    };
  }

 private:
  std::uint32_t rounds_ = 0;
};

}  // namespace health
