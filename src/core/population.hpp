// A population: whom an account is compared with. What a report needs of the others, and what it is made of.
#pragma once

#include "account.hpp"
#include "feed.hpp"
#include "json.hpp"
#include "quantile.hpp"

namespace health {

// One signal over a population. Medians are asked where min_population accounts have one at least.
struct PeerSignal {
  std::int32_t signal = 0;  // index in the model
  double contribution = 0;  // of the profile: the median c_s of the peers, eligible accounts whose raw score is at or
                            // above the median; 0 for what is not of unit raw
  double recent = 0;        // median over the peers, per size^size_exponent where sizes are given
  std::optional<double> days_inactive;  // over the accounts that ever had it
  std::optional<double> pct;            // over the accounts that have one
  // Of a usage signal that stopped for everybody, where there are min_population accounts: the first day without it.
  std::optional<Day> stopped;
};

// Finished: all that a report needs of the others.
class Population {
 public:
  explicit Population(Memory* memory) : signals(memory), places_(memory) {}

  std::int64_t as_of = 0;
  Baseline baseline, previous_baseline;  // at as_of, and of trend_days before
  std::int32_t accounts = 0;             // that make the baseline; without raw signals, that have a score
  bool peers = false;                    // whether there are any
  double peers_raw = 0;                  // raw score of their profile
  std::optional<double> size;            // median of the sizes; empty where nobody has one
  std::optional<double> days_inactive;   // median over the accounts that ever were active, if there are enough
  std::optional<Day> newest;             // latest day with usage of any account
  bool fell = false;           // of min_population accounts: baseline and median raw score, by a fifth or more
  Vector<PeerSignal> signals;  // that somebody had, ascending

  const PeerSignal& of(std::int32_t signal) const {
    static constexpr PeerSignal kNobody{};
    const std::int32_t place = places_.empty() ? kNowhere : places_[static_cast<std::size_t>(signal)];
    return place == kNowhere ? kNobody : signals[static_cast<std::size_t>(place)];
  }
  // Once `signals` are there: for a model of so many.
  void index(std::size_t model_signals);
  bool any_stopped() const;
  // An account that is compared with this population, by an evaluator of the same model: without a size it takes the
  // median, and where nobody has one its own does not count.
  EvaluatedAccount evaluate(Wanted wanted, Bytes activity, AccountTerms terms, AccountEvaluator* evaluator) const;

 private:
  static constexpr std::int32_t kNowhere = -1;
  Vector<std::int32_t> places_;  // per model signal: where it stands in signals
};

// A finished population as a JSON document, canonical but for the model, which is written as it is:
//   {"version": 1, "as_of": "2026-01-01", "model": {...}, "accounts": 288, "baseline": 12.5, "previous_baseline": 12,
//    "size": 40, "days_inactive": 1, "newest": "2025-12-31", "fell": true, "peers": true,
//    "signals": {"login": {"contribution": 1.5, "recent": 2.25, "days_inactive": 1, "pct": -3, "stopped":
//    "2025-12-20"}}}
// without what is empty, 0 or false.
void write_population(const Population& population, const Model& model, Json model_json, JsonWriter* out);
// Throws 22023 with a hint unless a document is of this version; to be asked before anything else of it is read.
void check_population_version(Json document);
// The model is read before. Throws 22023 with a hint unless it is such a document.
void read_population(Json document, const Model& model, Population* population);

// The same population, told in other words: the document with its model overridden (merge_model). Throws 22023 with the
// path of a key that is no word: words are language, name, version and next_steps of the model, and label, text and
// next_step of its signals. The result is not validated.
void override_words(Json population, Json words, JsonWriter* out);

// Nobody's usage is recent: the feed is cut.
bool is_stale(const Model& model, std::optional<Day> newest, std::int64_t as_of);

// What populations are made of: four numbers for each account and signal that it has. Parts of the same model and date
// add up, in any order, to the same population.
// Memory: 40 bytes an account and 32 for each of its signals, with the slack of growing arrays.
class PopulationPart {
 public:
  PopulationPart(const Model& model, std::int64_t as_of, Memory* memory)
      : model_(model), as_of_(as_of), accounts_(memory), readings_(memory), feeds_(memory), places_(memory) {}
  void reserve(std::size_t accounts, std::size_t readings) {
    accounts_.reserve(accounts);
    readings_.reserve(readings);
  }
  // Adds another part of the same model and date.
  void merge(const PopulationPart& other);
  // As bytes, for another process or machine: how many, and these.
  std::size_t bytes() const;
  void write(std::uint8_t* to) const;
  // Adds a part as bytes. Throws 22P03 unless they are one of the same model and date; then this one is of no use.
  void merge(Bytes bytes);
  // Evaluates an account and adds it.
  void add(Bytes activity, const AccountTerms& terms, AccountEvaluator* evaluator);
  // The account that the evaluator has evaluated last. One whose size is missing and was assumed takes part where
  // others have sizes, and makes neither baseline nor profile.
  void add(const EvaluatedAccount& account, const AccountEvaluator& evaluator);
  void finish(Population* population) const;

 private:
  struct PartAccount {
    double raw, previous;  // raw scores
    double size;           // kNone: none
    std::int32_t readings;
    Day last_usage;                                      // kNever: none
    std::uint8_t scored, settled, was_settled, assumed;  // 0 or 1; assumed: evaluated with a size that it has not
    std::uint8_t zero[4];                                // its bytes are written: none is left to chance
  };
  static_assert(sizeof(PartAccount) == 40);
  struct PartReading {
    static constexpr double kNoPct = -1e300;
    std::int32_t signal;
    std::int32_t days_inactive;   // kNever: never seen
    double contribution, recent;  // per size
    double pct;                   // kNoPct: none
  };
  static constexpr std::int32_t kNever = -1, kNowhere = -1;
  struct SignalFeed {
    SignalFeed(std::int32_t of, Memory* memory) : signal(of), feed(memory) {}
    std::int32_t signal;
    Feed feed;
  };
  Feed* feed_of(std::int32_t signal);
  bool is_signal(std::int32_t signal) const {
    return signal >= 0 && static_cast<std::size_t>(signal) < model_.signals.size();
  }
  bool is_valid(const PartAccount& account) const;
  bool is_valid(const PartReading& reading) const;
  // Of an account without a size, where sizes decide what it has, there are two: as it is, and with a size assumed.
  bool takes_part(const PartAccount& account, bool sized) const {
    return sized ? account.size != kNone || account.assumed != 0 || !model_.needs_size() : account.assumed == 0;
  }
  // Whether a size is its own, where sizes are asked for.
  static bool has_its_size(const PartAccount& account, bool sized) {
    return sized ? account.size != kNone : account.assumed == 0;
  }
  // Whether it makes the baseline: now, and trend_days before.
  bool counts(const PartAccount& account, bool sized) const {
    return account.settled != 0 && has_its_size(account, sized) && eligible(account.raw, model_);
  }
  bool counted(const PartAccount& account, bool sized) const {
    return account.was_settled != 0 && has_its_size(account, sized) && eligible(account.previous, model_);
  }
  enum class Role : std::uint8_t { none, other, peer };
  struct Roles {
    Vector<Role> of;  // each account
    std::size_t scored = 0, peers = 0;
  };
  struct RoleReading {
    const PartReading* reading;
    bool of_peer;
  };
  void finish_signals(const Roles& roles, Population* population) const;
  void finish_signal(std::span<const RoleReading> readings, std::size_t peers, PeerSignal* result) const;
  std::optional<Day> stopped(std::int32_t signal, std::span<const RoleReading> readings, std::size_t scored) const;

  const Model& model_;
  std::int64_t as_of_;
  Vector<PartAccount> accounts_;
  Vector<PartReading> readings_;  // of one account after the other
  Vector<SignalFeed> feeds_;      // of usage signals
  Vector<std::int32_t> places_;   // per model signal: where its feed stands
};

}  // namespace health
