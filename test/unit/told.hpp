// The report of accounts that are described in a line, for tests of what reports tell.
#pragma once

#include <cmath>
#include <optional>

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
  std::optional<Day> age = 400;  // days since it began
};

struct ToldDriver {
  std::string signal, kind, text;  // no signal: ""
  double points = 0, change = 0;
};

struct Told {
  double score = 0, change = 0;
  std::string reason, main_risk, main_risk_signal, main_risk_dimension, next_step;
  std::string main_opportunity, main_opportunity_signal, flags;
  std::vector<ToldDriver> drivers;

  // Of a signal, or of the row without one that is of a kind.
  ToldDriver of(std::string_view signal_or_kind) const {
    for (const ToldDriver& driver : drivers)
      if ((driver.signal.empty() ? driver.kind : driver.signal) == signal_or_kind) return driver;
    return {};
  }
  // What the reason says after the score.
  std::string news() const {
    const std::size_t colon = reason.find(": ");
    return colon == std::string::npos ? "" : reason.substr(colon + 2, reason.size() - colon - 3);
  }
  // The facts of the reason, of English models: names of signals and, of others, kinds.
  std::string facts() const {
    std::string names, rest = news();
    for (bool more = !rest.empty() && rest != "nothing new"; more;) {
      const std::size_t end = rest.find("; ");
      std::string fact = rest.substr(0, end);
      const bool still = fact.starts_with("but ");
      if (still) fact.erase(0, 4);
      names += (names.empty() ? "" : " ") + std::string(still ? "but " : "") + fact_of(fact);
      more = end != std::string::npos;
      if (more) rest.erase(0, end + 2);
    }
    return names;
  }
  std::string risk() const { return fact_of(main_risk); }
  // Which fact a sentence tells; its first letter is small within the reason.
  std::string fact_of(std::string_view sentence) const {
    const auto rest = [](std::string_view text) { return text.substr(std::min<std::size_t>(text.size(), 1)); };
    for (const bool exact : {true, false})
      for (const ToldDriver& driver : drivers)
        if (rest(driver.text) == rest(sentence) && (!exact || driver.text == sentence))
          return driver.signal.empty() ? driver.kind : driver.signal;
    const std::pair<std::string_view, const char*> of_account[] = {
        {"obody active ", "silent"},  {"o activity ", "never_active"}, {"ew, day ", "new"},
        {"sage down ", "usage_down"}, {"sage up ", "usage_up"},        {"sage at ", "usage_low"}};
    for (const auto& [begin, kind] : of_account)
      if (rest(sentence).starts_with(begin)) return kind;
    return std::string(sentence);
  }
  std::string order() const {
    std::string names;
    for (const ToldDriver& driver : drivers)
      names += (names.empty() ? "" : " ") + (driver.signal.empty() ? driver.kind : driver.signal);
    return names;
  }
};

// What the report of the first account says.
inline Told told(const std::string& model_text, const std::vector<Account>& accounts) {
  const auto model = model_of(model_text);
  Arena arena;
  std::vector<Buffer> activities;
  Accounts population(Wanted::report, *model, kAsOf, arena.memory());
  for (const Account& account : accounts) {
    AccountTerms terms(account.size);
    if (account.age) terms.since = kAsOf - *account.age;
    population.add_account(true, terms);
    activities.push_back(activity_from(account.events));
  }
  for (std::size_t i = 0; i < accounts.size(); ++i) population.evaluate_account(i, activities[i]);
  population.close();
  const ReportRow row = population.report(0, arena.memory());
  Told result;
  result.score = row.score;
  result.change = row.score_change.value_or(0);
  result.reason = row.reason;
  result.main_risk = row.main_risk;
  result.main_risk_signal = row.main_risk_signal;
  result.main_risk_dimension = row.main_risk_dimension;
  result.next_step = row.next_step;
  result.main_opportunity = row.main_opportunity;
  result.main_opportunity_signal = row.main_opportunity_signal;
  result.flags = row.flags;
  for (const DriverRow& each : row.drivers)
    result.drivers.push_back({std::string(each.signal), std::string(each.kind), std::string(each.text), each.points,
                              each.change.value_or(0)});
  return result;
}

// A model of logins and one other signal, `export`, on a linear scale on which a raw score is a score, and an account
// that logs in daily and so is worth 28 points without exports.
inline std::string model_text(const std::string& language, const std::string& options) {
  return R"({"window_days": 28, "curve": "linear", "baseline": 100, "language": ")" + language +
         R"(", "signals": {"login": {"weight": 1, "window_days": 28}, "export": {)" + options + "}}}";
}
inline Account daily(std::vector<Events> events, std::optional<Day> age = 400) {
  events.push_back({"login", std::min<Day>(200, age.value_or(200)), 1});
  return {std::move(events), {}, age};
}

}  // namespace health
