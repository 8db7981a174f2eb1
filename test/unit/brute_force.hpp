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

// The value of a last or distinct.
inline std::optional<long double> gauge_of(const Reference& activity, const Signal& signal, std::int64_t as_of,
                                           AccountSize size) {
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
