// What changed for all accounts at once, as it does where tracking changes: a signal that stopped, was renamed, is
// counted twice, or is new.
#pragma once

#include <map>
#include <optional>

#include "feed.hpp"
#include "json.hpp"
#include "raw.hpp"

namespace health {

// Of all accounts, on one day.
struct FleetDay {
  std::int64_t events = 0;
  std::int32_t cells = 0, even = 0;  // accounts with some, and those of them with an even number
  double mean() const { return static_cast<double>(events) / cells; }  // of an account; there must be some
  FleetDay& operator+=(const FleetDay& other) {
    events += other.events;
    cells += other.cells;
    even += other.even;
    return *this;
  }
};

// One signal of the model, or a name that it does not know, of all accounts.
struct FleetSignal {
  explicit FleetSignal(Memory* memory) : days(memory), recent(memory), prior(memory), feed(memory) {}
  Vector<FleetDay> days;  // by age, the day before as_of first; empty without events in these
  std::optional<Day> first, last;
  // Accounts that had it in the trend_days before as_of, and in as many before those; ascending.
  Vector<std::uint32_t> recent, prior;
  Feed feed;

  std::int64_t events(std::int64_t from_age, std::int64_t to_age) const;
};

enum class DriftKind : std::uint8_t { renamed, stopped, duplicated, jumped, fresh, unscored, never_seen };

struct DriftFinding {
  DriftKind kind;
  std::string_view signal, alias;  // the latter: the new name of what was renamed
  std::optional<Day> since;        // first day of the new name, or that is counted twice; last day of what stopped
  std::int64_t recent, prior;      // events; of renamed recent ones of the new name
  std::size_t accounts;            // that had it in either time
};

class Drift {
 public:
  // `model` must outlive it. Throws 22008 where the date is out of range.
  Drift(const Model& model, std::int64_t as_of, Memory* memory);
  // Throws 54000 beyond 100,000 names that the model does not know.
  void add(Bytes activity);
  // Of one signal the first kind that holds:
  //   renamed     a signal of the model with 10 events to be expected since its last day, and none; and an unknown name
  //               that began then, with less than 10 to be expected in between, has half to twice the events to be
  //               expected since, from accounts of which 80 % had the signal before. To be expected: the mean of the
  //               same weekday in the four weeks before
  //   stopped     no gauge, silent for all accounts as a report flags it (feed.hpp), with 10 events to be expected
  //   since; or
  //               with a weight and silent for the whole window
  //   duplicated  no gauge; on all days since `since` 95 % of the accounts have an even number, of 20 numbers at least,
  //   before
  //               less than 75 % had, and the numbers are about twice those before: each event is delivered twice
  //   jumped      twice or half the events before, of 50 at least, from 5 accounts at least
  //   new         an unknown name that began in the trend_days
  //   unscored    an older one that goes on
  //   never_seen  a signal of the model with a weight that no account ever had
  // In this order, each by name.
  Vector<DriftFinding> findings(Memory* memory) const;

  // {"as_of": "2026-01-01", "accounts": 300, "findings": [{"kind": "renamed", "signal": "login", "alias": "signed_in",
  //  "since": "2025-12-31", "recent": 120, "prior": 3400, "accounts": 250}], "signals": [{"signal": "login", "known":
  //  true, "recent": 3300, "prior": 3400, "accounts_recent": 240, "accounts_prior": 250, "first": "2025-01-01", "last":
  //  "2025-12-30"}, ...]}: recent and prior are events in the trend_days before as_of and in as many before those.
  void write(JsonWriter* out) const;

 private:
  struct Unknown {
    FleetSignal signal;
    bool family;  // all names with a prefix that ends in a colon
  };
  using Names = std::pmr::map<ByteString, Unknown, std::less<>>;

  FleetSignal& unknown(std::string_view name);
  void take(const Scratch<Cell>& cells, FleetSignal* signal);
  std::int64_t age(std::int64_t day) const { return as_of_ - 1 - day; }
  double expected(const FleetSignal& signal, std::int64_t from, std::int64_t to) const;
  const Names::value_type* new_name(const Signal& signal, const FleetSignal& fleet) const;
  std::optional<Day> duplicated(const FleetSignal& fleet) const;
  std::optional<Day> stopped(const Signal& signal, const FleetSignal& fleet, Memory* memory) const;
  bool jumped(const FleetSignal& fleet) const;
  std::int64_t recent(const FleetSignal& fleet) const { return fleet.events(0, model_.trend_days); }
  std::int64_t prior(const FleetSignal& fleet) const { return fleet.events(model_.trend_days, 2 * model_.trend_days); }
  DriftFinding finding(DriftKind kind, std::string_view name, const FleetSignal& fleet) const;

  const Model& model_;
  std::int64_t as_of_;
  std::int64_t days_;  // that are kept of each signal
  std::uint32_t accounts_ = 0;
  Vector<FleetSignal> signals_;  // as in the model
  Names unknown_;
  Scratch<Cell> cells_;
};

std::string_view drift_name(DriftKind kind);

}  // namespace health
