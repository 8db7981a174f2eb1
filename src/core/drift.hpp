// What changed for all accounts at once, as it does where tracking changes: a signal that stopped, was renamed, is
// counted twice, or is new.
#pragma once

#include <map>
#include <optional>

#include "feed.hpp"
#include "json.hpp"
#include "raw.hpp"

namespace health {

// Of all accounts, on one day with events.
struct FleetDay {
  std::int64_t events = 0;
  std::int32_t age = 0;              // 0: the day before as_of
  std::int32_t cells = 0, even = 0;  // accounts with some, and those of them with an even number
};
static_assert(sizeof(FleetDay) == 24);

// Events of one account in the trend_days before as_of, and in as many before those; at most 2^32 - 1.
struct FleetAccount {
  std::uint32_t account, recent, prior;
};

// One signal of the model, or a name that it does not know, of all accounts.
struct FleetSignal {
  explicit FleetSignal(Memory* memory) : days(memory), accounts(memory) {}
  Vector<FleetDay> days;          // of those that are kept, the latest first
  Vector<FleetAccount> accounts;  // that had it in either time or in the days that are kept, ascending
  std::optional<Day> first, last;
  std::int64_t recent = 0, prior = 0;  // events
};

enum class DriftKind : std::uint8_t { quiet, renamed, stopped, duplicated, jumped, fresh, unscored, never_seen };

struct DriftFinding {
  DriftKind kind;
  std::string_view signal, alias;  // the latter: the new name of what was renamed
  // First day of the new state: quiet, silent, under the new name, or counted twice.
  std::optional<Day> since;
  std::int64_t recent, prior;  // events; of renamed recent ones of the new name
  std::size_t accounts;        // that had it in either time
};

class Calendar;

class Drift {
 public:
  // `model` must outlive it. Throws 22008 where the date is out of range.
  Drift(const Model& model, std::int64_t as_of, Memory* memory);
  // Throws 54000 beyond 100,000 names that the model does not know.
  void add(Bytes activity);
  // To be expected on a day: the mean of the same weekday in the four weeks before, quiet days left out. Days of
  // accounts: how many accounts had it, summed over days. Readings: signals of measure last or mean.
  //   quiet       since then more than half of the model's signals but readings, and two at least, have far fewer days
  //               of accounts than is to be expected, through yesterday: the loading stopped, or it is a holiday; one
  //               finding of all, as *. Nothing else is concluded from such days, whenever they were
  // Of one signal the first kind that holds:
  //   renamed     no reading; the signal ended: at most a tenth of what is to be expected since, which is 10 events on
  //               5 days of accounts at least. An unknown name began then: at most a tenth of the signal's events in
  //               the four weeks before, and less than 10 to be expected in between. Of the accounts with the name 80 %
  //               had the signal (of what is rare, 80 % of its own share of accounts that return), and it has half to
  //               twice the days of accounts to be expected. Where they fit in several ways, each signal has one name,
  //               the pairs that are most alike in the events of each account first. A signal that misses a quarter of
  //               its events then takes further names that make up for them: it was split; one finding each
  //   stopped     no reading; silent for all accounts as a report flags it (feed.hpp), with 10 days of accounts to be
  //               expected since, and not of one or two accounts alone; or with a weight and silent for the whole
  //               window
  //   duplicated  no reading; on all days since `since` 95 % of the accounts have an even number, of 20 numbers at
  //               least, before less than 75 % had, and the numbers are about twice those before: each event is
  //               delivered twice
  //   jumped      no reading; a day has twice or half the events of one before, of 50 at least, and far more accounts
  //               rose than fell, or the other way round (sign test, 3 standard deviations: 9 accounts at least)
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
  using Names = std::pmr::map<ByteString, FleetSignal, std::less<>>;
  struct Rename;

  FleetSignal& unknown(std::string_view name);
  // Events of the account in the time of recent and prior.
  std::int64_t take(const Scratch<Cell>& cells, FleetSignal* signal, Feed* feed);
  std::int64_t age(std::int64_t day) const { return as_of_ - 1 - day; }
  Day day(std::int64_t age) const { return static_cast<Day>(as_of_ - 1 - age); }
  Vector<Rename> pairs(const Calendar& calendar, Memory* memory) const;
  Vector<Rename> renames(const Calendar& calendar, Memory* memory) const;
  void mark_quiet(const Vector<Rename>& renames, Calendar* calendar, Memory* memory) const;
  std::optional<Day> duplicated(const FleetSignal& fleet) const;
  std::optional<Day> stopped(std::size_t signal, const Calendar& calendar, Memory* memory) const;
  bool jumped(const FleetSignal& fleet, const Calendar& calendar) const;
  static DriftFinding finding(DriftKind kind, std::string_view name, const FleetSignal& fleet);
  DriftFinding quiet_finding(std::int64_t since) const;

  const Model& model_;
  std::int64_t as_of_;
  std::int64_t lately_, kept_;               // days in which changes are looked for, and of which each day is kept
  std::uint32_t accounts_ = 0, active_ = 0;  // the latter: with events of the model's signals, recent or prior
  Vector<FleetSignal> signals_;              // as in the model
  Vector<Feed> feeds_;
  Names unknown_;  // of names with a prefix that ends in a colon the prefix and *
  Scratch<Cell> cells_;
};

std::string_view drift_name(DriftKind kind);

}  // namespace health
