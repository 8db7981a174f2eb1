// What a report tells of its facts, and in which order: the account before its signals, news before state.
#pragma once

#include <array>

#include "classify.hpp"

namespace health {

inline constexpr std::size_t kMaxReasons = 3;   // facts in a sentence
inline constexpr double kLeastPart = 1.0 / 20;  // of all that moved that way, to be named

// A score as sentences say it: rounded down, so that it never contradicts the band.
double shown_score(double score);
// -1 or 1 where a score fell or rose by trend_points, else 0.
int trend_of(double change, double trend_points);
// The same where a sentence says so: by what is shown, too.
int told_move(double score, double previous, double trend_points);

// What makes a fact a risk, in the order in which risks are told.
enum class Risk : std::uint8_t {
  penalty,        // of the last trend_days
  absence,        // silent, never_active
  loss,           // of points since the earlier date, usage as one
  member_silent,  // as the kinds
  awaited,
  quiet,  // inactive and down
  cost,   // of what did not move: older penalties, gauges and scales
  below_peers,
  usage_low,
  none
};

// Something to tell: of a signal where it has a driver, else of the account or of no signal.
struct Fact {
  Kind kind = Kind::none;  // what it is told as
  Role role = Role::plain;
  std::int32_t driver = -1;  // index of the driver
  double change = 0;
};

// All usage signals together, where they move the same way.
struct UsageMove {
  double pct = 0;  // of what they weigh, recent against prior
  double change = 0, points = 0;
  std::array<std::int32_t, kMaxReasons> named{};  // drivers, those that weigh most first
  std::size_t names = 0;
};

// The driver that a fact is about; null where it is one of the account, or of no signal.
template <class AnyDriver>
AnyDriver* driver_of(std::span<AnyDriver> drivers, const Fact& fact) {
  return fact.driver < 0 ? nullptr : &drivers[static_cast<std::size_t>(fact.driver)];
}

// Decides for one account after the other.
class Telling {
 public:
  explicit Telling(Memory* memory)
      : told_(memory),
        risks_(memory),
        ranked_(memory),
        strengths_(memory),
        order_(memory),
        ranks_(memory),
        places_(memory) {}
  // Sets told_as and role of the drivers, which are in order of their signals.
  void decide(const Situation& situation, std::span<Driver> drivers);

  std::span<const Fact> reason() const { return told_; }
  // Whether the last fact of the reason is no cause of a rise, but a risk that is left.
  bool still() const { return still_; }
  const Fact* main_risk() const { return risks_.empty() ? nullptr : &risks_.front(); }
  const std::optional<Fact>& main_opportunity() const { return opportunity_; }
  const UsageMove& usage() const { return usage_; }
  // The drivers in the order in which they are listed: those told, then risks, then strengths.
  std::span<const std::int32_t> order() const { return order_; }

 private:
  struct Rank {
    Risk risk;
    double key;  // within the same risk, ascending
  };
  void weigh_usage();
  void name_usage(bool covered_only);
  bool hidden(const Driver& driver) const;
  bool covered(const Driver& driver) const;
  Rank rank_of(const Driver& driver) const;
  bool costly(double points) const;
  double regained(const Driver& driver) const;
  void find_risks();
  void tell_movers(double sign);
  void tell_small_moves(double sign);
  void add_movers(double sign, double least);
  void cut_movers(double sign);
  bool is_said(const Fact& risk) const;
  void tell_state();
  void tell_first();
  bool is_falling(const Driver& driver) const;
  void add_strengths();
  void find_opportunity();
  void set_roles();
  void sort_drivers();
  bool is_told(std::int32_t driver) const;
  std::size_t place_of(std::int32_t driver) const;
  Kind told_kind(const Driver& driver, Role role) const;
  Fact fact_of(std::int32_t driver, Role role) const;
  double usage_change() const;

  const Situation* situation_ = nullptr;
  std::span<Driver> drivers_;
  Vector<Fact> told_;
  Vector<Fact> risks_;  // in order
  struct Ranked {
    Rank rank;
    Fact fact;
  };
  Vector<Ranked> ranked_;           // scratch
  Vector<std::int32_t> strengths_;  // likewise
  std::optional<Fact> opportunity_;
  UsageMove usage_;
  Kind usage_kind_ = Kind::none;  // usage_down or usage_up, where it is a fact
  bool covers_ = false;           // that fact is told in place of its signals
  bool still_ = false;
  Vector<std::int32_t> order_;
  Vector<Rank> ranks_;      // of each driver
  Vector<UInt128> places_;  // scratch
};

// What a report's next step is the step of: the main risk, or else the opportunity, or that the account is new. Empty
// where there is none.
std::string_view next_step_of(const Situation& situation, const Telling& telling, std::span<const Driver> drivers);

// Whether a plain text of a signal, which is bad news, suits what it is told as.
bool is_bad(Kind kind, const Signal& signal);

}  // namespace health
