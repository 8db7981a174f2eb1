// A reference for the numbers of a signal, from the std::map of support.hpp; and random cases.
#pragma once

#include <cmath>
#include <optional>

#include "support.hpp"

namespace health {

// The cells of a signal and its aliases together, day by day.
inline std::map<Day, Cell> cells_of(const Reference& activity, const Signal& signal) {
  std::map<Day, Cell> cells;
  std::vector<std::string> names = {std::string(signal.name)};
  for (const ByteString& alias : signal.aliases) names.emplace_back(alias);
  for (const std::string& name : names) {
    if (!activity.contains(name)) continue;
    for (const auto& [day, cell] : activity.at(name)) {
      Cell& total = cells[day];
      total = {day, total.count + cell.count, total.value_count + cell.value_count, total.value + cell.value};
    }
  }
  return cells;
}

inline bool in_window(Day day, const Signal& signal, std::int64_t as_of) {
  return day < as_of && (signal.window_days == kNeverExpires || day >= as_of - signal.window_days);
}

// The members of a distinct that are active on min_days days.
inline int members_of(const Reference& activity, const Signal& signal, std::int64_t as_of) {
  const std::string prefix(signal.name.begin(), signal.name.end() - 1);
  int members = 0;
  for (const auto& [name, days] : activity) {
    if (name.substr(0, prefix.size()) != prefix) continue;
    int active = 0;
    for (const auto& [day, cell] : days) active += in_window(day, signal, as_of) ? 1 : 0;
    members += active >= signal.min_days ? 1 : 0;
  }
  return members;
}

// Events, values and their sum in the window of `by`, which may be another signal's.
struct Sums {
  long double count = 0, values = 0, sum = 0;
};
inline Sums sums_of(const Reference& activity, const Signal& signal, const Signal& by, std::int64_t as_of) {
  Sums sums;
  for (const auto& [day, cell] : cells_of(activity, signal)) {
    if (!in_window(day, by, as_of)) continue;
    sums.count += cell.count;
    sums.values += cell.value_count;
    sums.sum += static_cast<long double>(cell.value);
  }
  return sums;
}

// The value of a gauge.
inline std::optional<long double> gauge_of(const Reference& activity, const Model& model, const Signal& signal,
                                           std::int64_t as_of, AccountSize size) {
  const Sums sums = sums_of(activity, signal, signal, as_of);
  if (signal.measure == Measure::mean) {
    if (sums.values == 0) return std::nullopt;
    return sums.sum / 1e6L / sums.values;
  }
  if (signal.measure == Measure::recency) {
    long double value = 0;
    for (const auto& [day, cell] : cells_of(activity, signal))
      if (day < as_of) value = std::max(0.0L, 1 - static_cast<long double>(as_of - 1 - day) / signal.window_days);
    return value;
  }
  if (signal.measure == Measure::ratio) {
    const Sums whole = sums_of(activity, model.signal(signal.of_signal), signal, as_of);
    if ((signal.of_values ? whole.sum : whole.count) == 0) return std::nullopt;
    return signal.of_values ? sums.sum / whole.sum : sums.count / whole.count;
  }
  if (signal.measure == Measure::trend) {
    const long double before = sums_of(activity, signal, signal, as_of - signal.window_days).count;
    if (before < 5) return std::nullopt;
    return std::clamp((sums.count - before) / before, -1.0L, 1.0L);
  }
  if (signal.measure == Measure::distinct) {
    const int members = members_of(activity, signal, as_of);
    if (!signal.of_size) return members;
    if (!size) return std::nullopt;
    return std::min(1.0L, static_cast<long double>(members) / *size);
  }
  std::optional<long double> value;
  for (const auto& [day, cell] : cells_of(activity, signal))
    if (in_window(day, signal, as_of) && cell.value_count > 0)
      value = static_cast<long double>(cell.value) / 1e6L / cell.value_count;
  return value;
}

// What a value is mapped to. Steps jump at numbers that the core's double reaches, not a more exact one.
inline long double mapped(const Scale& scale, long double exact) {
  const auto value = static_cast<double>(exact);
  long double y = scale.points.front().y;
  for (std::size_t i = 0; i < scale.points.size(); ++i) {
    const auto [x, at] = scale.points[i];
    if (value < x) {
      if (i > 0 && !scale.steps) {
        const auto [from, low] = scale.points[i - 1];
        y = low + (exact - from) * (static_cast<long double>(at) - low) / (static_cast<long double>(x) - from);
      }
      break;
    }
    y = at;
  }
  return y;
}

inline AccountSize random_size(Random* random) {
  if (random->one_in(2)) return {};
  return random->one_in(3) ? random->real(0.1, 3) : static_cast<double>(random->between(1, 500));
}

// Of an account that began before as_of.
inline AccountTerms random_terms(Random* random, std::int64_t as_of) {
  AccountTerms terms(random_size(random));
  if (random->one_in(2)) terms.since = static_cast<Day>(as_of - random->between(1, random->one_in(3) ? 400 : 60));
  return terms;
}

struct Case {
  std::unique_ptr<Model> model;
  Reference activity;
  std::int64_t as_of;
  AccountTerms terms;
};

inline Case random_case(Random* random, const ModelRange& range = {}) {
  const std::int64_t as_of = random->between(19'990, 20'150);
  return {model_of(random_model(random, range)), random_reference(random, 10, 25, 20'000, 20'080), as_of,
          random_terms(random, as_of)};
}

inline Ledger ledger_of(const Reference& activity, const Model& model) {
  Ledger ledger(heap());
  ledger.load(encode(activity), model);
  return ledger;
}

}  // namespace health
