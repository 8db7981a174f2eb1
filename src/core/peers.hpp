// What the accounts of a population have in common, signal by signal: the profile that an account is compared with.
#pragma once

#include "normalize.hpp"
#include "raw.hpp"

namespace health {

// What one account shows of one signal.
struct Observation {
  Measured recent, prior;  // undecayed, over the last trend_days and the trend_days before
  bool seen;               // activity before as_of; then:
  Day first, last;
  std::int32_t days_inactive;  // full days without it
  // Percent from prior to recent; known where prior > 0.
  Measured pct() const;
};
Observation observe(const Ledger& ledger, const Model& model, std::int32_t signal, std::int64_t as_of, Size size);

// Medians of one signal over a population.
struct PeerSignal {
  double recent;           // over the peers: eligible accounts whose raw score is at or above the median
  Measured days_inactive;  // over the accounts that ever had it; known for at least min_population of them
  Measured pct;            // over the accounts that have one; likewise
};

class Peers {
 public:
  Peers(const Model& model, Memory* memory) : model_(model), collected_(memory), signals_(memory), profile_(memory) {
    collected_.reserve(model.signals.size());
    for (std::size_t i = 0; i < model.signals.size(); ++i) collected_.emplace_back(memory);
  }
  void add(std::uint32_t account, std::int32_t signal, double contribution, const Observation& observation);
  // `is_peer` tells which accounts make the profile, `peers` how many they are. Forgets what was collected.
  void close(std::span<const std::uint8_t> is_peer, std::size_t peers);

  bool known() const { return known_; }  // there are peers
  const PeerSignal& of(std::int32_t signal) const { return signals_[static_cast<std::size_t>(signal)]; }
  // The profile: c_s per model signal (0 for those of unit score) and its raw score.
  const double* contributions() const { return profile_.data(); }
  double raw() const { return raw_; }

 private:
  struct Entry {  // only accounts where it is not all zero
    std::uint32_t account;
    double contribution, recent;
  };
  struct Collected {
    explicit Collected(Memory* memory) : entries(memory), days_inactive(memory), pct(memory) {}
    Vector<Entry> entries;
    Vector<double> days_inactive, pct;
  };
  const Model& model_;
  Vector<Collected> collected_;
  Vector<PeerSignal> signals_;
  Vector<double> profile_;
  bool known_ = false;
  double raw_ = 0;
};

}  // namespace health
