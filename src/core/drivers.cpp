#include "drivers.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "interrupt.hpp"

namespace health {

namespace {

const Signal& signal_at(const Model& model, std::int32_t index) {
  return model.signals[static_cast<std::size_t>(index)];
}

constexpr int kPointPlaces = 12;   // so that the printed points still sum to the score within 1e-9
constexpr int kMeasurePlaces = 6;  // values are millionths

// Thresholds of the kinds and ranks, in points, percent or events.
constexpr double kFading = -1;
constexpr double kLeastPrior = 5, kLeastPct = 20, kNoise = 2, kLeastShare = 0.1;

void put_number(JsonWriter* out, std::string_view key, Measured number, int places) {
  out->key(key);
  if (number.known && std::isfinite(number.value)) out->number(decimal_of_double(number.value, places));
  else out->null();
}

void put_string(JsonWriter* out, std::string_view key, std::string_view text) {
  out->key(key);
  if (text.empty()) out->null();
  else out->string(text);
}

}  // namespace

std::string_view kept(std::string_view text, Memory* memory) {
  char* copy = static_cast<char*>(memory->allocate(text.size() + 1, 1));
  std::copy(text.begin(), text.end(), copy);
  return {copy, text.size()};
}

// ---------------------------------------------------------------- sharing

void share_points(const Model& model, Baseline baseline, const Evaluation& evaluation,
                  std::span<const std::int32_t> signals, const double* contributions, double* points) {
  if (signals.empty()) return;
  const double e = normalized(evaluation.raw, baseline, model);
  const Adjusted after = adjusted(e, evaluation.praise, evaluation.penalty);
  // raw is summed exactly, P from rounded parts: without losses P is raw, and never less than it.
  const double top_raw = evaluation.negative == 0 ? evaluation.raw : std::max(evaluation.positive, evaluation.raw);
  const double gained = normalized(top_raw, baseline, model);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const double c = contributions[i];
    points[i] = 0;
    if (c == 0) continue;
    const bool raw = signal_at(model, signals[i]).unit == Unit::raw;
    const double shared = raw ? (c > 0 ? gained : e - gained) : (c > 0 ? after.top - e : after.score - after.top);
    const double total =
        raw ? (c > 0 ? evaluation.positive : evaluation.negative) : (c > 0 ? evaluation.praise : evaluation.penalty);
    points[i] = shared * (std::fabs(c) / total) + 0.0;
  }
  // Where sums cancel down to their last bits, raw and the c_s round differently, even to other signs. The points add
  // up all the same: what is left over belongs to the largest contribution.
  double left = after.score;
  std::size_t largest = 0;
  for (std::size_t i = 0; i < signals.size(); ++i) {
    left -= points[i];
    if (std::fabs(contributions[i]) > std::fabs(contributions[largest])) largest = i;
  }
  if (std::fabs(left) > 1e-10) points[largest] += left;
}

namespace {

// Where the baseline is not positive, normalized() jumps at 0: what is left by rounding must not count as above it.
double sum_of(double a, double b) {
  const double sum = a + b;
  return std::fabs(sum) < 1e-12 * (std::fabs(a) + std::fabs(b)) ? 0 : sum;
}

}  // namespace

double share_move(const Model& model, Baseline baseline, std::span<const std::int32_t> signals, double raw0,
                  const double* c0, double raw1, const double* c1, double* moves) {
  double gained = 0, lost = 0;
  for (std::size_t i = 0; i < signals.size(); ++i) {
    if (signal_at(model, signals[i]).unit != Unit::raw) continue;
    const double delta = c1[i] - c0[i];
    (delta > 0 ? gained : lost) += std::fabs(delta);
  }
  finite(gained, "gain of the raw score");
  finite(lost, "loss of the raw score");
  const auto f = [&](double raw) { return normalized(raw, baseline, model); };
  const double from = f(raw0), to = f(raw1);
  double gains = to - from, losses = to - from;  // where all moved one way
  if (gained > 0 && lost > 0) {
    const double high = f(sum_of(raw0, gained)), low = f(sum_of(raw0, -lost));
    gains = ((high - from) + (to - low)) / 2;
    losses = ((to - high) + (low - from)) / 2;
  }
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const double delta = signal_at(model, signals[i]).unit == Unit::raw ? c1[i] - c0[i] : 0;
    moves[i] = delta == 0 ? 0 : delta > 0 ? gains * (delta / gained) : losses * (-delta / lost);
    moves[i] += 0.0;
  }
  return gained == 0 && lost == 0 ? to - from : 0;
}

// ---------------------------------------------------------------- kinds

const char* kind_name(Kind kind) {
  static constexpr const char* kNames[] = {"",    "risk", "inactive", "down",        "up",     "fading", "new",
                                           "low", "high", "expired",  "below_peers", "steady", "other",  "baseline"};
  return kNames[static_cast<int>(kind)];
}

namespace {

// Silent for much longer than its own rhythm, and than its peers.
bool is_inactive(const Situation& situation, const Driver& driver) {
  const Signal& signal = signal_at(situation.model, driver.signal);
  const Observation& seen = driver.reading->observation;
  if (signal.weight <= 0 || !seen.seen) return false;
  const double window = signal.window_days;
  if (seen.days_inactive < signal.inactive_days || seen.days_inactive >= 2 * window) return false;
  const Measured& median = situation.peers.of(driver.signal).days_inactive;
  if (median.known && median.value >= seen.days_inactive) return false;
  return seen.days_inactive >= 3 * window / seen.active_days;
}

// More than chance, and for a fall more than what happened to everybody.
Kind up_or_down(const Situation& situation, const Driver& driver) {
  const Observation& seen = driver.reading->observation;
  const Measured pct = seen.pct();
  const double recent = seen.recent_value, prior = seen.prior_value;
  if (!pct.known || prior < kLeastPrior || std::fabs(recent - prior) < kNoise * std::sqrt(prior) ||
      std::fabs(pct.value) < kLeastPct)
    return Kind::none;
  // What costs points is not up: an earlier burst is fading.
  if (pct.value > 0) return driver.has_change && driver.change <= kFading ? Kind::none : Kind::up;
  if (driver.has_change && driver.change > 0) return Kind::none;
  const Measured& median = situation.peers.of(driver.signal).pct;
  return !median.known || pct.value <= median.value - kLeastPct ? Kind::down : Kind::none;
}

Kind classify_gauge(const Situation& situation, const Driver& driver) {
  const Signal& signal = signal_at(situation.model, driver.signal);
  const Observation& seen = driver.reading->observation;
  const Measured value = seen.recent();
  if (!value.known) return seen.prior_known ? Kind::expired : Kind::none;
  if (value.value == signal.neutral) return Kind::none;
  return value.value < signal.neutral ? Kind::low : Kind::high;
}

Kind classify_usage(const Situation& situation, const Driver& driver) {
  if (driver.reading->contribution < 0) return Kind::risk;
  if (is_inactive(situation, driver)) return Kind::inactive;
  const Kind moved = up_or_down(situation, driver);
  if (moved != Kind::none) return moved;
  const Observation& seen = driver.reading->observation;
  const double recent = seen.recent_value, prior = seen.prior_value;
  if (driver.has_change && driver.change <= kFading && recent >= prior) return Kind::fading;
  if (recent > 0 && prior == 0 && seen.first >= situation.as_of - situation.model.trend_days) return Kind::fresh;
  return Kind::none;
}

}  // namespace

Kind classify(const Situation& situation, const Driver& driver) {
  const bool gauge = signal_at(situation.model, driver.signal).gauge();
  const Kind kind = gauge ? classify_gauge(situation, driver) : classify_usage(situation, driver);
  if (kind != Kind::none) return kind;
  return driver.has_peers && driver.vs_peers <= kBelowPeers ? Kind::below_peers : Kind::steady;
}

void order_drivers(const Situation& situation, Vector<Driver>* drivers) {
  const auto worst = [](const Driver& driver) {
    return driver.has_change ? std::min(driver.points, driver.change) : driver.points;
  };
  const auto key = [&](const Driver& driver) {
    switch (driver.rank) {
      case 1: return worst(driver);
      case 2: return driver.reading->contribution - driver.reading->previous;
      case 3: return driver.vs_peers;
      default: return -driver.points;
    }
  };
  for (Driver& driver : *drivers) {
    const bool falling = driver.kind == Kind::inactive || driver.kind == Kind::down || driver.kind == Kind::fading;
    const bool mattered = situation.has_previous && situation.previous_positive > 0 &&
                          driver.reading->previous >= kLeastShare * situation.previous_positive;
    driver.rank = 4;
    if (worst(driver) <= kRiskPoints) driver.rank = 1;
    else if (falling && mattered) driver.rank = 2;
    else if (situation.band != Band::green && driver.has_peers && driver.vs_peers <= kBelowPeers) driver.rank = 3;
    driver.key = key(driver);
  }
  // Model signals are in order of their names.
  std::sort(drivers->begin(), drivers->end(), [](const Driver& a, const Driver& b) {
    return std::tie(a.rank, a.key, a.signal) < std::tie(b.rank, b.key, b.signal);
  });
}

// ---------------------------------------------------------------- writing

void write_driver(const DriverJson& driver, JsonWriter* out) {
  // In the order in which jsonb stores them, so that it has nothing to sort.
  out->begin(JsonType::object);
  put_number(out, "pct", driver.pct, kMeasurePlaces);
  put_string(out, "kind", driver.kind);
  put_string(out, "text", driver.text);
  put_string(out, "label", driver.label);
  put_number(out, "prior", driver.prior, kMeasurePlaces);
  put_number(out, "change", driver.change, kPointPlaces);
  put_number(out, "points", {true, driver.points}, kPointPlaces);
  put_number(out, "recent", driver.recent, kMeasurePlaces);
  put_string(out, "signal", driver.signal);
  put_number(out, "vs_peers", driver.vs_peers, kPointPlaces);
  put_string(out, "dimension", driver.dimension);
  put_number(out, "days_inactive", driver.days_inactive, 0);
  out->end();
}

namespace {

void write_weighted(const WeightedRow& row, bool compared, JsonWriter* out, Memory* memory) {
  const double change = compared ? row.points - row.previous : 0;
  if (!(std::fabs(row.points) <= kMostPoints && std::fabs(change) <= kMostPoints))
    fail(kOutOfRange, "Points and changes of a signal go up to 1e15 in size.", "points out of range");
  DriverJson driver{};
  driver.points = row.points;
  driver.change = {compared, change};
  if (row.signal.empty()) {
    driver.kind = kind_name(Kind::other);
    return write_driver(driver, out);
  }
  ByteString label(row.signal, memory);
  std::replace(label.begin(), label.end(), '_', ' ');
  driver.signal = row.signal;
  driver.label = kept(label, memory);
  driver.kind = kind_name(row.points < 0                       ? Kind::risk
                          : compared && change <= kRiskPoints  ? Kind::down
                          : compared && change >= -kRiskPoints ? Kind::up
                                                               : Kind::steady);
  const bool comparable = compared && row.previous != 0;
  const double pct = comparable ? 100 * change / std::fabs(row.previous) : 0;
  driver.pct = {comparable && std::fabs(pct) < kMostPoints, pct};
  write_driver(driver, out);
}

}  // namespace

void list_drivers(std::span<WeightedRow> rows, bool compared, JsonWriter* out, Memory* memory) {
  Pulse pulse;
  std::sort(rows.begin(), rows.end(), pulse.during([](const WeightedRow& a, const WeightedRow& b) {
    return std::tie(a.signal, a.points, a.previous) < std::tie(b.signal, b.points, b.previous);
  }));
  Vector<WeightedRow> sums(memory);
  for (const WeightedRow& row : rows) {
    pulse.beat();
    if (sums.empty() || sums.back().signal != row.signal) sums.push_back({row.signal, 0, 0});
    sums.back().points += row.points;
    sums.back().previous += row.previous;
  }
  const auto worst = [&](const WeightedRow& row) {
    return compared ? std::min(row.points, row.points - row.previous) : row.points;
  };
  const auto is_risk = [&](const WeightedRow& row) { return worst(row) <= kRiskPoints; };
  std::stable_sort(sums.begin(), sums.end(), pulse.during([&](const WeightedRow& a, const WeightedRow& b) {
    if (a.signal.empty() != b.signal.empty()) return b.signal.empty();  // the rest comes last
    if (is_risk(a) != is_risk(b)) return is_risk(a);
    return is_risk(a) ? worst(a) < worst(b) : a.points > b.points;
  }));
  out->begin(JsonType::array);
  for (const WeightedRow& row : sums) {
    pulse.beat();
    write_weighted(row, compared, out, memory);
  }
  out->end();
}

void write_dimensions(const Model& model, std::span<const std::int32_t> signals, const double* points, JsonWriter* out,
                      Memory* memory) {
  Vector<double> sums(model.dimensions().size(), 0.0, memory);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const Signal& signal = signal_at(model, signals[i]);
    if (signal.weight != 0) sums[signal.dimension_index] += points[i];
  }
  out->begin(JsonType::object);
  for (std::size_t i = 0; i < sums.size(); ++i) put_number(out, model.dimensions()[i], {true, sums[i]}, kPointPlaces);
  out->end();
}

}  // namespace health
