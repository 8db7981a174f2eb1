// What the accounts of a population have in common: medians of each signal, and the profile that an account is compared
// with.
#pragma once

#include "facts.hpp"
#include "feed.hpp"
#include "quantile.hpp"

namespace health {

// What a report keeps of an account and a signal: the facts, and the contribution c_s (raw.hpp) at as_of and trend_days
// before.
struct SignalReading {
  SignalFacts facts;
  double contribution, previous;
};

// Medians of one signal over a population.
struct PeerSignal {
  double recent;  // per size^size_exponent where one is given, over the peers: eligible accounts whose raw score is at
                  // or above the median
  std::optional<double> days_inactive;  // over the accounts that ever had it, where these are min_population at least
  std::optional<double> pct;            // over the accounts that have one, where these are min_population at least
  // Of a usage signal that stopped for everybody, where there are min_population accounts at least: the first day
  // without it.
  std::optional<Day> stopped;
};

class Peers {
 public:
  Peers(const Model& model, Memory* memory);
  // Keeps a reading. Accounts must come in their order, each once a signal. Returns the days of the signal, to be told
  // those of the account where it is usage; null, and nothing kept, where the account never had the signal and it
  // contributes 0 at both dates.
  Feed* add(std::uint32_t account, std::int32_t signal, const SignalReading& reading);
  // The reading of an account, null where none was kept. Fast for accounts in their order.
  const SignalReading* find(std::uint32_t account, std::int32_t signal);
  // What close() needs to know of the accounts.
  struct Fleet {
    std::int64_t as_of;
    std::size_t accounts;                   // that have a score
    std::span<const std::uint8_t> is_peer;  // 1 for the accounts that make the profile
    std::size_t peers;                      // how many these are
    std::span<const double> divisors;       // size^size_exponent of each account, 1 without a size
    bool stale;                             // there is no recent usage of any signal
  };
  // Computes medians and profile from all readings.
  void close(const Fleet& fleet);

  bool known() const { return known_; }  // there are peers
  bool any_stopped() const { return any_stopped_; }
  const PeerSignal& of(std::int32_t signal) const {
    static constexpr PeerSignal kNobody{};
    const SignalReadings* const readings = readings_of(signal);
    return readings != nullptr ? readings->peer : kNobody;
  }
  // The profile, made of the medians of the peers: its c_s of a signal of the model (0 for those of unit score), the
  // signals with a c_s, ascending, and its raw score.
  double contribution(std::int32_t signal) const {
    const SignalReadings* const readings = readings_of(signal);
    return readings != nullptr ? readings->profile : 0;
  }
  std::span<const std::int32_t> profiled() const { return profiled_; }
  double raw() const { return raw_; }

 private:
  struct Kept {
    std::uint32_t account;
    SignalReading reading;
  };
  static_assert(sizeof(Kept) == 72);  // as documented in report.hpp
  struct SignalReadings {             // of one signal, in order of the accounts
    SignalReadings(std::int32_t of, Memory* memory) : signal(of), kept(memory), feed(memory) {}
    std::int32_t signal;
    Vector<Kept> kept;
    Feed feed;
    std::size_t next = 0;  // index where find() looks first
    PeerSignal peer{};
    double profile = 0;
  };
  std::int32_t place_of(std::int32_t signal) const {
    return places_.empty() ? kNowhere : places_[static_cast<std::size_t>(signal)];
  }
  const SignalReadings* readings_of(std::int32_t signal) const {
    const std::int32_t place = place_of(signal);
    return place == kNowhere ? nullptr : &readings_[static_cast<std::size_t>(place)];
  }
  void close_signal(SignalReadings* readings, const Fleet& fleet);
  std::optional<Day> stopped(const SignalReadings& readings, const Fleet& fleet) const;
  static constexpr std::int32_t kNowhere = -1;
  const Model& model_;
  Vector<std::int32_t> places_;      // per model signal: where its readings stand; empty until there are any
  Vector<SignalReadings> readings_;  // of the signals that have some
  Vector<std::int32_t> profiled_;
  bool known_ = false, any_stopped_ = false;
  double raw_ = 0;
};

}  // namespace health
