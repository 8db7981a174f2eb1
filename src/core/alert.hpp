// Alerts on the stable band of an account: one per transition, none within the cooldown of its kind.
#pragma once

#include <optional>

#include "slope.hpp"
#include "stable_band.hpp"

namespace health {

// In order of precedence; `end` is none of them. The worst band is red, a fall into any other one is entered_yellow, a
// rise is recovered.
enum class Alert : std::uint8_t { none, entered_red, drop, entered_yellow, recovered, end };
const char* alert_name(Alert alert);

// Memory: 16 bytes for each reading of the last drop_days days at most.
class AlertState {
 public:
  explicit AlertState(Memory* memory) : recent_(memory) {}
  // Readings in order of the day; throws 22023 when a day comes before the last one.
  Alert read(double score, Day day, const Model& model);

 private:
  bool fell(double score, Day day, const Model& model);
  bool may_fire(Alert alert, Day day, const Model& model);
  StableBand band_;
  bool falling_ = false;
  Day last_day_ = 0;
  Vector<DatedScore> recent_;  // readings that can still be the highest, by falling score
  std::size_t head_ = 0;
  std::optional<Day> fired_on_[static_cast<std::size_t>(Alert::end)];
};

}  // namespace health
