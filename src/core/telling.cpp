#include "telling.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <tuple>

namespace health {

namespace {

constexpr double kLeastShare = 0.1;         // of the positive contributions before, for a silence to be a risk
constexpr std::size_t kLeastSignals = 3;    // that move the same way, for usage to do so
constexpr double kLeastOfOthers = 1.0 / 3;  // of all that moved that way, for what the other accounts did

}  // namespace

double shown_score(double score) { return std::floor(score); }

int trend_of(double change, double trend_points) {
  if (change == 0 || std::fabs(change) < trend_points) return 0;
  return change < 0 ? -1 : 1;
}

int told_move(double score, double previous, double trend_points) {
  return shown_score(score) == shown_score(previous) ? 0 : trend_of(score - previous, trend_points);
}

// ---------------------------------------------------------------- what stands for what

// A usage signal of an account that is silent: that is said once.
bool Telling::hidden(const Driver& driver) const {
  return situation_->absent() && situation_->model.signal(driver.signal).usage;
}

// A signal for which the fact of all usage stands.
bool Telling::covered(const Driver& driver) const {
  if (!situation_->model.signal(driver.signal).usage) return false;
  return usage_kind_ == Kind::usage_down ? driver.kind == Kind::down
                                         : driver.kind == Kind::up || driver.kind == Kind::fresh;
}

double Telling::usage_change() const {
  double change = 0;
  for (const Driver& driver : drivers_)
    if (situation_->model.signal(driver.signal).usage) change += driver.change.value_or(0);
  return change;
}

void Telling::weigh_usage() {
  double recent = 0, prior = 0;
  std::size_t downs = 0, ups = 0;
  for (const Driver& driver : drivers_) {
    const Signal& signal = situation_->model.signal(driver.signal);
    if (!signal.usage || driver.kind == Kind::no_data) continue;
    downs += driver.kind == Kind::down ? 1 : 0;
    ups += driver.kind == Kind::up || driver.kind == Kind::fresh ? 1 : 0;
    if (signal.gauge()) continue;
    recent += signal.w() * driver.reading->facts.recent_value;
    prior += signal.w() * driver.reading->facts.prior_value;
  }
  usage_ = {};
  usage_kind_ = Kind::none;
  covers_ = false;
  const double pct = prior > 0 && situation_->compares() ? change_pct(recent, prior) : 0;
  if (!std::isfinite(pct)) return;
  usage_.pct = pct;
  if (situation_->absent()) return;
  if (pct <= -kLeastPct && downs >= kLeastSignals) usage_kind_ = Kind::usage_down;
  if (pct >= kLeastPct && ups >= kLeastSignals) usage_kind_ = Kind::usage_up;
  if (usage_kind_ == Kind::none) return;
  for (const Driver& driver : drivers_) {
    if (!covered(driver)) continue;
    usage_.change += driver.change.value_or(0);
    usage_.points += driver.points;
  }
  name_usage(true);
}

// The signals with the largest weighted moves: of those that the fact stands for, or of all that moved with it.
void Telling::name_usage(bool covered_only) {
  const auto weighed = [&](std::int32_t i) {
    const Driver& driver = drivers_[static_cast<std::size_t>(i)];
    const SignalFacts& seen = driver.reading->facts;
    return static_cast<double>(situation_->model.signal(driver.signal).weight) *
           std::fabs(seen.recent_value - seen.prior_value);
  };
  usage_.names = 0;
  for (std::size_t i = 0; i < drivers_.size(); ++i) {
    const Driver& driver = drivers_[i];
    const Signal& signal = situation_->model.signal(driver.signal);
    const SignalFacts& seen = driver.reading->facts;
    const bool along = (seen.recent_value - seen.prior_value) * usage_.pct > 0;
    if (!signal.usage || driver.kind == Kind::no_data || signal.gauge() || !along) continue;
    if (covered_only && !covered(driver)) continue;
    auto at = static_cast<std::int32_t>(i);
    for (std::size_t k = 0; k < usage_.names; ++k)
      if (weighed(at) > weighed(usage_.named[k])) std::swap(at, usage_.named[k]);
    if (usage_.names < usage_.named.size()) usage_.named[usage_.names++] = at;
  }
}

// ---------------------------------------------------------------- risks

bool is_bad(Kind kind, const Signal& signal) {
  switch (kind) {
    case Kind::risk:
    case Kind::awaited:
    case Kind::inactive:
    case Kind::down:
    case Kind::fading:
    case Kind::expired:
    case Kind::below_peers:
    case Kind::member_silent:
    case Kind::low: return true;
    case Kind::fell: return signal.more_is_better();
    case Kind::rose: return !signal.more_is_better();
    default: return false;
  }
}

// What costs is not told as good, and what gains not as bad: by numbers then, for which Kind::moved stands.
Kind Telling::told_kind(const Driver& driver, Role role) const {
  const bool bad = is_bad(driver.kind, situation_->model.signal(driver.signal));
  switch (driver.kind) {
    case Kind::awaited:
    case Kind::no_data: return driver.kind;
    case Kind::below_peers: return role == Role::plain ? driver.kind : Kind::moved;  // a state, and no move
    default: break;
  }
  if (role == Role::gains || role == Role::strength)
    return bad || driver.kind == Kind::fell || (driver.kind == Kind::steady && role == Role::gains) ? Kind::moved
                                                                                                    : driver.kind;
  if (role == Role::plain || bad || driver.kind == Kind::fell) return driver.kind;
  return is_fading(*situation_, driver) ? Kind::fading : Kind::moved;
}

Fact Telling::fact_of(std::int32_t driver, Role role) const {
  const Driver& of = drivers_[static_cast<std::size_t>(driver)];
  return {told_kind(of, role), role, driver, of.change.value_or(0)};
}

// Enough points for somebody to look.
bool Telling::costly(double points) const { return points > 0 && points >= situation_->model.risk_points; }

// Points that an account would have again if a signal were as it was.
double Telling::regained(const Driver& driver) const {
  const Model& model = situation_->model;
  const Signal& signal = model.signal(driver.signal);
  if (signal.unit != Unit::raw) return 0;
  const SignalFacts& seen = driver.reading->facts;
  const double lost = signal.w() * (seen.prior_value - seen.recent_value);
  const double raw = situation_->now.raw, size = compared_size(model, signal, situation_->terms.size);
  return normalized(raw + lost / size, situation_->baseline, model) - normalized(raw, situation_->baseline, model);
}

Telling::Rank Telling::rank_of(const Driver& driver) const {
  const Model& model = situation_->model;
  const Signal& signal = model.signal(driver.signal);
  const bool young = situation_->young(), penalty = driver.kind == Kind::risk;
  const double change = driver.change.value_or(0);
  if (driver.kind == Kind::no_data) return {Risk::none, 0};
  const double cost = penalty || signal.by_value() ? cost_of(*situation_, driver) : 0;
  const bool much = costly(cost);
  if (penalty && much && driver.reading->facts.days_inactive < model.trend_days) return {Risk::penalty, -cost};
  if (!young && costly(-change)) return {Risk::loss, change};
  if (!young && driver.kind == Kind::member_silent) return {Risk::member_silent, 0};
  if (driver.kind == Kind::awaited) return {Risk::awaited, 0};
  if (!young && (driver.kind == Kind::inactive || driver.kind == Kind::down)) {
    const double before = situation_->has_score_before ? situation_->previous.positive : 0;
    if (before > 0 && driver.reading->previous >= kLeastShare * before) return {Risk::quiet, -regained(driver)};
  }
  const bool better = driver.kind == (signal.more_is_better() ? Kind::rose : Kind::fell);
  if (much && !better && change < kMovedPoints) return {Risk::cost, -cost};
  if (!young && !situation_->best() && driver.vs_peers && *driver.vs_peers <= kBelowPeers)
    return {Risk::below_peers, *driver.vs_peers};
  return {Risk::none, 0};
}

void Telling::find_risks() {
  const Model& model = situation_->model;
  ranked_.clear();
  const bool young = situation_->young();
  if (situation_->silent || (situation_->never_active && !young))
    ranked_.push_back({{Risk::absence, 0}, {situation_->absence(), Role::costs, -1, usage_change()}});
  const bool usage = !young && usage_kind_ == Kind::usage_down && costly(-usage_.change);
  if (usage) ranked_.push_back({{Risk::loss, usage_.change}, {Kind::usage_down, Role::costs, -1, usage_.change}});
  const bool low = model.has_usage() && model.has_raw() && !degenerate(situation_->baseline) &&
                   situation_->now.raw < *situation_->baseline / 2;
  if (!young && !situation_->best() && low && !situation_->absent())
    ranked_.push_back({{Risk::usage_low, 0}, {Kind::usage_low, Role::costs, -1, 0}});
  for (std::size_t i = 0; i < drivers_.size(); ++i) {
    const Driver& driver = drivers_[i];
    const Rank rank = ranks_[i];
    if (rank.risk == Risk::member_silent && situation_->absent()) continue;
    if (rank.risk == Risk::none || hidden(driver) || (usage && covered(driver))) continue;
    if (situation_->never_active && driver.kind == Kind::awaited) continue;
    Fact fact = fact_of(static_cast<std::int32_t>(i), Role::costs);
    if (rank.risk == Risk::below_peers) fact.kind = Kind::below_peers;
    ranked_.push_back({rank, fact});
  }
  std::sort(ranked_.begin(), ranked_.end(), [](const Ranked& a, const Ranked& b) {
    return std::tie(a.rank.risk, a.rank.key, a.fact.driver) < std::tie(b.rank.risk, b.rank.key, b.fact.driver);
  });
  risks_.clear();
  for (const Ranked& each : ranked_) risks_.push_back(each.fact);
}

// ---------------------------------------------------------------- what is told

bool Telling::is_told(std::int32_t driver) const {
  return std::any_of(told_.begin(), told_.end(), [&](const Fact& fact) { return fact.driver == driver; });
}

// Facts that moved that way by `least` points or more. A silence, or usage as a whole, stands for its signals where it
// is one of them; in a rise, what rose is told although nobody is there now.
void Telling::add_movers(double sign, double least) {
  const Role role = sign < 0 ? Role::costs : Role::gains;
  const auto moved = [&](double change) { return sign * change > 0 && sign * change >= least; };
  const auto add = [&](const Fact& fact) {
    if (moved(fact.change)) told_.push_back(fact);
  };
  const bool silence = sign < 0 && situation_->absent() && moved(usage_change());
  if (silence) add({situation_->absence(), role, -1, usage_change()});
  const bool usage = usage_kind_ == (sign < 0 ? Kind::usage_down : Kind::usage_up);
  if (usage) add({usage_kind_, role, -1, usage_.change});
  covers_ = usage && moved(usage_.change);
  for (std::size_t i = 0; i < drivers_.size(); ++i) {
    const Driver& driver = drivers_[i];
    if (!moved(driver.change.value_or(0)) || (silence && hidden(driver)) || (covers_ && covered(driver))) continue;
    add(fact_of(static_cast<std::int32_t>(i), role));
  }
  const Unowned& unowned = situation_->unowned;
  add({Kind::baseline, role, -1, unowned.baseline});
  add({Kind::coverage, role, -1, unowned.coverage});
  add({Kind::overridden, role, -1, unowned.override_change});
}

// Nothing moved by a point: usage as a whole where it went that way, or else what did.
void Telling::tell_small_moves(double sign) {
  const bool there = !situation_->absent() && sign * usage_.pct >= 1;
  if (there) name_usage(false);
  if (!there || usage_.names == 0) return add_movers(sign, 0);
  told_.push_back({sign < 0 ? Kind::usage_down : Kind::usage_up, sign < 0 ? Role::costs : Role::gains, -1, 0});
}

// Leaves the largest moves, and none that is a small part of all.
void Telling::cut_movers(double sign) {
  std::sort(told_.begin(), told_.end(), [&](const Fact& a, const Fact& b) {
    return std::tuple(-sign * a.change, a.driver) < std::tuple(-sign * b.change, b.driver);
  });
  const Unowned& unowned = situation_->unowned;
  double all = 0;
  const auto add = [&](double change) { all += std::max(0.0, sign * change); };
  for (const Driver& driver : drivers_) add(driver.change.value_or(0));
  for (const double change : {unowned.baseline, unowned.coverage, unowned.override_change}) add(change);
  // What the others did is told where it is a good part of the move.
  std::erase_if(told_, [&](const Fact& fact) {
    return fact.kind == Kind::baseline && told_.size() > 1 && sign * fact.change < kLeastOfOthers * all;
  });
  if (told_.size() > kMaxReasons) told_.resize(kMaxReasons);
  while (told_.size() > 1 && sign * told_.back().change < kLeastPart * all) told_.pop_back();
}

// Whether what is told says it already.
bool Telling::is_said(const Fact& risk) const {
  const Driver* const driver = driver_of(drivers_, risk);
  if (covers_ && driver != nullptr && covered(*driver)) return true;
  return std::any_of(told_.begin(), told_.end(), [&](const Fact& fact) {
    if (fact.driver >= 0 ? fact.driver == risk.driver : fact.kind == risk.kind) return true;
    // A reading that came is told as that.
    return fact.kind == Kind::coverage && driver != nullptr && told_of_coverage(*situation_, drivers_) == driver;
  });
}

void Telling::tell_movers(double sign) {
  add_movers(sign, kMovedPoints);
  if (told_.empty()) tell_small_moves(sign);
  cut_movers(sign);
  if (sign < 0 || risks_.empty() || is_said(risks_.front())) return;
  if (told_.size() == kMaxReasons) told_.pop_back();
  told_.push_back(risks_.front());
  still_ = true;
}

// What fell by a fifth is no strength to tell.
bool Telling::is_falling(const Driver& driver) const {
  const Signal& signal = situation_->model.signal(driver.signal);
  if (driver.kind == Kind::down || (driver.kind == Kind::fell && is_bad(driver.kind, signal))) return true;
  if (signal.gauge() || !situation_->compares()) return false;
  return driver.reading->facts.pct().value_or(0) <= -kLeastPct;
}

// The strengths with most points.
void Telling::add_strengths() {
  strengths_.clear();
  for (std::size_t i = 0; i < drivers_.size(); ++i) {
    const Driver& driver = drivers_[i];
    const auto at = static_cast<std::int32_t>(i);
    if (driver.points <= 0 || driver.kind == Kind::no_data || is_falling(driver) || is_told(at)) continue;
    if (!hidden(driver) && !(covers_ && covered(driver))) strengths_.push_back(at);
  }
  const std::size_t room = std::min(strengths_.size(), kMaxReasons - std::min(kMaxReasons, told_.size()));
  std::partial_sort(strengths_.begin(), strengths_.begin() + static_cast<std::ptrdiff_t>(room), strengths_.end(),
                    [&](std::int32_t a, std::int32_t b) {
                      const auto points = [&](std::int32_t i) { return drivers_[static_cast<std::size_t>(i)].points; };
                      return std::tuple(-points(a), a) < std::tuple(-points(b), b);
                    });
  for (std::size_t i = 0; i < room; ++i) told_.push_back(fact_of(strengths_[i], Role::strength));
}

// The score stayed. What is green is told by its strengths, and then by what is left to watch.
void Telling::tell_state() {
  if (!situation_->best() || risks_.empty()) {
    told_.assign(risks_.begin(), risks_.begin() + static_cast<std::ptrdiff_t>(std::min(kMaxReasons, risks_.size())));
    if (situation_->best()) add_strengths();
    return;
  }
  told_.push_back(risks_.front());
  covers_ = risks_.front().kind == Kind::usage_down;
  add_strengths();
  std::rotate(told_.begin(), told_.begin() + 1, told_.end());
  still_ = told_.size() > 1;
}

// There is no earlier score.
void Telling::tell_first() {
  if (situation_->young()) {
    told_.push_back({Kind::fresh, Role::plain, -1, 0});
    if (situation_->never_active) told_.push_back({Kind::never_active, Role::plain, -1, 0});
  }
  for (const Fact& risk : risks_) {
    if (told_.size() == kMaxReasons) return;
    if (risk.kind != Kind::usage_low && risk.kind != Kind::below_peers) told_.push_back(risk);
  }
  if (!situation_->silent) add_strengths();
}

void Telling::find_opportunity() {
  opportunity_.reset();
  const bool good = situation_->best() ||
                    (situation_->band != kWorstBand && situation_->has_score_before &&
                     trend_of(situation_->score - situation_->previous_score, situation_->model.trend_points) > 0);
  if (!good || situation_->absent()) return;
  double most = 0;
  if (usage_kind_ == Kind::usage_up && usage_.points > 0) {
    most = usage_.points;
    opportunity_ = Fact{Kind::usage_up, Role::gains, -1, usage_.change};
  }
  for (std::size_t i = 0; i < drivers_.size(); ++i) {
    const Driver& driver = drivers_[i];
    if (driver.kind == Kind::risk && costly(cost_of(*situation_, driver))) return opportunity_.reset();
    const bool news =
        driver.kind == Kind::up || driver.kind == Kind::rose || driver.kind == Kind::high || driver.kind == Kind::fresh;
    const Signal& signal = situation_->model.signal(driver.signal);
    if (!news || !signal.opportunity || !signal.more_is_better() || driver.points <= most) continue;
    most = driver.points;
    opportunity_ = Fact{driver.kind, Role::plain, static_cast<std::int32_t>(i), driver.change.value_or(0)};
  }
}

// ---------------------------------------------------------------- the drivers

void Telling::set_roles() {
  for (Driver& driver : drivers_) {
    const double change = driver.change.value_or(0);
    driver.role = change <= -kMovedPoints ? Role::costs : change >= kMovedPoints ? Role::gains : Role::plain;
    driver.told_as = told_kind(driver, driver.role);
  }
  const auto take = [&](const Fact& fact) {
    Driver* const driver = driver_of(drivers_, fact);
    if (driver == nullptr) return;
    driver->role = fact.role;
    driver->told_as = fact.kind;
  };
  for (const Fact& risk : risks_)
    if (const Driver* const driver = driver_of(drivers_, risk); driver != nullptr && driver->role == Role::plain)
      take(risk);
  for (const Fact& fact : told_) take(fact);
}

// Where a driver's fact is told.
std::size_t Telling::place_of(std::int32_t at) const {
  for (std::size_t k = 0; k < told_.size(); ++k)
    if (told_[k].driver == at) return k;
  return kMaxReasons;
}

namespace {

// In the order of the numbers, but for NaN.
std::uint64_t ordered_bits(double number) {
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
  const auto bits = std::bit_cast<std::uint64_t>(number + 0.0);  // -0 is 0
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

}  // namespace

// By their place among what is told, by their risk, by how much it is, and by the signal: in one number, from the top
// bit down.
void Telling::sort_drivers() {
  constexpr int kIndexBits = 32, kKeyBits = 64, kRiskBits = 8;
  places_.clear();
  for (std::size_t i = 0; i < drivers_.size(); ++i) {
    const Rank& rank = ranks_[i];
    const double key = rank.risk == Risk::none ? -drivers_[i].points : rank.key;
    const std::uint64_t top =
        place_of(static_cast<std::int32_t>(i)) << kRiskBits | static_cast<std::uint64_t>(rank.risk);
    places_.push_back((UInt128{top} << kKeyBits | ordered_bits(key)) << kIndexBits | i);
  }
  std::sort(places_.begin(), places_.end());
  order_.clear();
  for (const UInt128 place : places_) order_.push_back(static_cast<std::int32_t>(place));
}

void Telling::decide(const Situation& situation, std::span<Driver> drivers) {
  situation_ = &situation;
  drivers_ = drivers;
  told_.clear();
  still_ = false;
  ranks_.clear();
  for (const Driver& driver : drivers) ranks_.push_back(rank_of(driver));
  weigh_usage();
  find_risks();
  const int move = told_move(situation.score, situation.previous_score, situation.model.trend_points);
  if (!situation.has_score_before) tell_first();
  else if (move != 0) tell_movers(move);
  else tell_state();
  find_opportunity();
  set_roles();
  sort_drivers();
}

std::string_view next_step_of(const Situation& situation, const Telling& telling, std::span<const Driver> drivers) {
  const Model& model = situation.model;
  const Fact* fact = telling.main_risk();
  if (fact == nullptr && telling.main_opportunity()) fact = &*telling.main_opportunity();
  if (fact == nullptr) return situation.young() ? model.next_step(Kind::fresh) : std::string_view();
  const Driver* const driver = driver_of(drivers, *fact);
  if (driver == nullptr) return model.next_step(fact->kind);
  const Signal& signal = model.signal(driver->signal);
  const std::string_view own = signal.next_step.of(fact->kind, model.language);
  if (!own.empty()) return own;
  const bool plain = fact->role == Role::costs || is_bad(fact->kind, signal);
  return plain ? signal.next_step.plain(model.language) : std::string_view();
}

}  // namespace health
