#include "drivers.hpp"

#include <algorithm>
#include <cmath>

namespace health {

namespace {

constexpr int kPointPlaces = 12;   // so that the printed points still sum to the score within 1e-9
constexpr int kMeasurePlaces = 6;  // values are millionths

std::string_view keep(std::string_view text, Memory* memory) {
  char* copy = static_cast<char*>(memory->allocate(text.size() + 1, 1));
  std::copy(text.begin(), text.end(), copy);
  return {copy, text.size()};
}

void put_number(JsonWriter* out, std::string_view key, bool known, double value, int places) {
  out->key(key);
  if (known)
    out->number(decimal_of_double(value, places));
  else
    out->null();
}

void put_string(JsonWriter* out, std::string_view key, std::string_view text) {
  out->key(key);
  if (text.empty())
    out->null();
  else
    out->string(text);
}

}  // namespace

void share_points(const Model& model, Baseline baseline, const Evaluation& evaluation, const double* contributions,
                  double* points) {
  const double e = normalized(evaluation.raw, baseline, model);
  const Adjusted after = adjusted(e, evaluation.praise, evaluation.penalty);
  // raw is summed exactly, P from rounded parts: without losses P is raw, and never less than it.
  const double top_raw = evaluation.negative == 0 ? evaluation.raw : std::max(evaluation.positive, evaluation.raw);
  const double gained = normalized(top_raw, baseline, model);
  for (std::size_t i = 0; i < model.signals.size(); ++i) {
    const double c = contributions[i];
    points[i] = 0;
    if (c == 0) continue;
    const bool raw = model.signals[i].unit == Unit::raw;
    const double shared = raw ? (c > 0 ? gained : e - gained) : (c > 0 ? after.top - e : after.score - after.top);
    const double total = raw ? (c > 0 ? evaluation.positive : evaluation.negative)
                             : (c > 0 ? evaluation.praise : evaluation.penalty);
    points[i] = shared * (std::fabs(c) / total) + 0.0;
  }
}

String label_of(const Signal& signal, Language language, Memory* memory) {
  String label(signal.label.in(language), memory);
  if (label.empty()) {
    label = signal.name;
    std::replace(label.begin(), label.end(), '_', ' ');
  }
  return label;
}

void make_drivers(const Ledger& ledger, const Model& model, std::int64_t as_of, Size size, const double* points,
                  Vector<Driver>* drivers) {
  drivers->clear();
  for (std::size_t i = 0; i < model.signals.size(); ++i) {
    const Signal& signal = model.signals[i];
    const auto index = static_cast<std::int32_t>(i);
    if (signal.weight == 0) continue;
    Driver driver{index, points[i], {}, {}, false, 0};
    const DayRange seen = ledger.days_of(index, as_of);
    driver.seen = seen.any;
    if (seen.any) driver.days_inactive = static_cast<std::int32_t>(as_of - 1 - seen.last);
    if (!driver.seen && driver.points == 0) continue;
    driver.recent = measure_in(ledger, model, index, window_before(as_of, model.trend_days), size);
    driver.prior = measure_in(ledger, model, index, window_before(as_of - model.trend_days, model.trend_days), size);
    drivers->push_back(driver);
  }
  // Model signals are in order of their names, and the sort is stable: ties stay in that order.
  std::stable_sort(drivers->begin(), drivers->end(), [](const Driver& a, const Driver& b) {
    const bool a_costs = a.points < 0, b_costs = b.points < 0;
    if (a_costs != b_costs) return a_costs;
    return a_costs ? a.points < b.points : a.points > b.points;
  });
}

void write_drivers(const Model& model, std::span<const Driver> drivers, JsonWriter* out, Memory* memory) {
  const std::size_t shown = std::min(drivers.size(), static_cast<std::size_t>(model.max_drivers));
  const auto open = [&](std::string_view signal, std::string_view label, std::string_view dimension,
                        std::string_view kind, double points) {
    out->begin(JsonType::object);
    put_string(out, "signal", signal);
    put_string(out, "label", label);
    put_string(out, "dimension", dimension);
    put_string(out, "kind", kind);
    put_number(out, "points", true, points, kPointPlaces);
    put_number(out, "change", false, 0, 0);
    put_number(out, "vs_peers", false, 0, 0);
  };
  const auto close = [&](Measured recent, Measured prior, bool seen, double days_inactive) {
    put_number(out, "recent", recent.known, recent.value, kMeasurePlaces);
    put_number(out, "prior", prior.known, prior.value, kMeasurePlaces);
    const bool comparable = recent.known && prior.known && prior.value != 0;
    put_number(out, "pct", comparable, comparable ? 100 * (recent.value - prior.value) / std::fabs(prior.value) : 0,
               kMeasurePlaces);
    put_number(out, "days_inactive", seen, days_inactive, 0);
    put_string(out, "text", {});
    out->end();
  };
  out->begin(JsonType::array);
  for (const Driver& driver : drivers.first(shown)) {
    const Signal& signal = model.signals[static_cast<std::size_t>(driver.signal)];
    open(signal.name, keep(label_of(signal, model.language, memory), memory), signal.dimension, {}, driver.points);
    close(driver.recent, driver.prior, driver.seen, driver.days_inactive);
  }
  if (shown < drivers.size()) {
    double rest = 0;
    for (const Driver& driver : drivers.subspan(shown)) rest += driver.points;
    open({}, {}, {}, "other", rest);
    close({}, {}, false, 0);
  }
  out->end();
}

void write_dimensions(const Model& model, const double* points, JsonWriter* out, Memory* memory) {
  struct Total {
    std::string_view dimension;
    double points;
  };
  Vector<Total> totals(memory);
  for (std::size_t i = 0; i < model.signals.size(); ++i) {
    const Signal& signal = model.signals[i];
    if (signal.weight == 0) continue;
    totals.push_back({signal.dimension.empty() ? std::string_view("other") : signal.dimension, points[i]});
  }
  std::stable_sort(totals.begin(), totals.end(), [](const Total& a, const Total& b) { return a.dimension < b.dimension; });
  out->begin(JsonType::object);
  for (std::size_t i = 0; i < totals.size();) {
    const std::string_view dimension = totals[i].dimension;
    double sum = 0;
    for (; i < totals.size() && totals[i].dimension == dimension; ++i) sum += totals[i].points;
    put_number(out, dimension, true, sum, kPointPlaces);
  }
  out->end();
}

}  // namespace health
