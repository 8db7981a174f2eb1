// Long work can be given up: its loops ask now and then whether to go on.
#pragma once

#include <cstdint>

#include "failure.hpp"
#include "memory.hpp"

namespace health {

// Throws 57014 where the caller has lost interest.
inline void check_interrupt(const Memory* memory) {
  if (memory->interrupted()) fail(kInterrupted, nullptr, "canceled");
}

// For loops with little to do in a round: asks once in 65,536 rounds.
class Pulse {
 public:
  explicit Pulse(const Memory* memory) : memory_(memory) {}
  void beat() {
    if ((++rounds_ & 0xFFFF) == 0) check_interrupt(memory_);
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
  const Memory* memory_;
  std::uint32_t rounds_ = 0;
};

}  // namespace health
