// Kind and sentence of a driver in the report of accounts that are described in a line, for tests of what reports tell.
#pragma once

#include <cmath>

#include "core/report.hpp"
#include "support.hpp"

namespace health {

#define NBSP "\u00A0"
#define MINUS "\u2212"

// Events of a signal on each day from `first` to `last` days ago (1 is the last full day), with a value each or
// without.
struct Events {
  std::string signal;
  Day first, last;
  std::uint32_t count = 1;
  double value = NAN;
};

inline Buffer activity_from(const std::vector<Events>& events) {
  Reference reference;
  for (const Events& each : events) {
    for (Day day = kAsOf - each.first; day <= kAsOf - each.last; ++day) {
      Cell& cell = reference[each.signal][day];
      cell.day = day;
      cell.count += each.count;
      if (each.value != each.value) continue;
      cell.value_count += each.count;
      cell.value += static_cast<Micros>(each.value * 1e6) * each.count;
    }
  }
  return encode(reference);
}

struct Account {
  std::vector<Events> events;
  AccountSize size = {};
};

struct Told {
  std::string kind, text, reason;
};

// What the report of the first account says, of its first driver or of the one named.
inline Told told(const std::string& model_text, const std::vector<Account>& accounts, std::string_view signal = {}) {
  const auto model = model_of(model_text);
  std::vector<Buffer> activities;
  AccountReports population(*model, kAsOf, heap());
  for (const Account& account : accounts) {
    population.add_account(true, account.size);
    activities.push_back(activity_from(account.events));
  }
  for (std::size_t i = 0; i < accounts.size(); ++i) population.evaluate_account(i, activities[i]);
  population.close();
  Arena arena;
  JsonWriter drivers(arena.memory()), dimensions(arena.memory());
  Told result;
  result.reason = population.report(0, &drivers, &dimensions, arena.memory()).reason;
  for (const Json driver : root_of(drivers)) {
    Told found;
    bool wanted = signal.empty();
    for (const Json item : driver) {
      if (item->key == "kind") found.kind = item->text;
      if (item->key == "text") found.text = item->text;
      wanted = wanted || (item->key == "signal" && item->text == signal);
    }
    if (!wanted) continue;
    result.kind = found.kind;
    result.text = found.text;
    break;
  }
  return result;
}

// A model of one signal, `export`, on a linear scale on which a raw score is a score.
inline std::string model_text(const std::string& language, const std::string& options) {
  return R"({"window_days": 28, "curve": "linear", "baseline": 100, "language": ")" + language +
         R"(", "signals": {"export": {)" + options + "}}}";
}

}  // namespace health
