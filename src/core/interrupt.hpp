// Canceling: long loops of the core ask the caller's Memory now and then whether to go on.
#pragma once

#include <cstdint>

#include "failure.hpp"
#include "memory.hpp"

namespace health {

// Throws 57014 when the caller has canceled.
inline void check_interrupt(const Memory* memory) {
  if (memory->interrupted()) fail(kInterrupted, nullptr, "canceled");
}

// check_interrupt() for loops with short rounds: beat() is called in each, or for some at once, and asks once in
// 65,536.
class Pulse {
 public:
  explicit Pulse(const Memory* memory) : memory_(memory) {}
  void beat(std::uint32_t rounds = 1) {
    rounds_ += rounds;
    if (rounds_ < 1 << 16) return;
    rounds_ = 0;
    check_interrupt(memory_);
  }
  // `less` with a beat() in each comparison, so that std::sort and its like can be canceled.
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
