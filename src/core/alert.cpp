#include "alert.hpp"

#include <algorithm>

namespace health {

const char* alert_name(Alert alert) {
  static constexpr const char* kNames[] = {"", "entered_red", "drop", "entered_yellow", "recovered"};
  static_assert(std::size(kNames) == static_cast<std::size_t>(Alert::end));
  return kNames[static_cast<std::size_t>(alert)];
}

// Whether the score fell by drop_points from the highest one of the last drop_days days. recent_ keeps only readings
// that can still be the highest, so each is looked at twice at most.
bool AlertState::fell(double score, Day day, const Model& model) {
  while (head_ < recent_.size() && recent_[head_].day < day - model.drop_days) ++head_;
  const double fall = head_ < recent_.size() ? recent_[head_].score - score : 0;
  const bool result = fall > 0 && fall >= model.drop_points;
  while (recent_.size() > head_ && recent_.back().score <= score) recent_.pop_back();
  if (head_ > 64 && head_ > recent_.size() / 2) {
    recent_.erase(recent_.begin(), recent_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  recent_.push_back({day, score});
  return result;
}

bool AlertState::may_fire(Alert alert, Day day, const Model& model) {
  std::optional<Day>& last = fired_on_[static_cast<std::size_t>(alert)];
  if (last && day - *last < model.cooldown_days) return false;
  last = day;
  return true;
}

Alert AlertState::read(double score, Day day, const Model& model) {
  const std::optional<Band> before = band_.band();
  if (before && day < last_day_)
    fail(kInvalidParameter, "Write OVER (PARTITION BY account ORDER BY day).", "readings are not in order of the day");
  last_day_ = day;
  band_.read(score, model);
  const bool fell_now = fell(score, day, model), starts_to_fall = fell_now && !falling_;
  falling_ = fell_now;

  const Band after = *band_.band();
  Alert moved = Alert::none;
  if (before && after < *before) moved = after == kWorstBand ? Alert::entered_red : Alert::entered_yellow;
  if (before && after > *before) moved = Alert::recovered;
  // A drop and a worse band on one day are one event: both cooldowns start, the alert of higher precedence is returned.
  const bool tell_moved = moved != Alert::none && may_fire(moved, day, model);
  const bool tell_drop = starts_to_fall && may_fire(Alert::drop, day, model);
  if (tell_moved && (!tell_drop || moved < Alert::drop)) return moved;
  return tell_drop ? Alert::drop : Alert::none;
}

}  // namespace health
