// Which window and half-life of a model tell best who will churn. Time comes first: on public data it moved the AUC by
// 0.08 to 0.12, fitted weights by 0.003 to 0.03.
#pragma once

#include <optional>

#include "auc.hpp"
#include "baseline.hpp"
#include "folds.hpp"
#include "json.hpp"
#include "score.hpp"

namespace health {

// What is tried: each window with each half-life, beside the model as it is. Signals with a window or decay of their
// own keep it.
inline constexpr std::int32_t kTunedWindows[] = {30, 60, 90, 180, 365, kMaxWindow};
inline constexpr double kTunedHalfLives[] = {kNone, 7, 14, 30, 60, 90, 180};
inline constexpr std::size_t kCombinations = std::size(kTunedWindows) * std::size(kTunedHalfLives);

struct TimeTerms {
  std::int32_t window_days;
  DecayTerms decay;
  bool operator==(const TimeTerms&) const = default;
};

struct TunedTime {
  TimeTerms time;
  // Over all pairs of a kept and a churned account of one date; the interval from the spread between folds of accounts,
  // and at least Newcombe's of as many accounts (auc.hpp), since folds may all be the same.
  double auc;
  Interval interval;
};

struct TuneResult {
  explicit TuneResult(Memory* memory) : tried(memory) {}
  ChurnCount total{};  // rows, an account counts once a date
  std::int64_t dates = 0;
  int folds = 0;            // 0: too few churned or kept accounts to compare anything
  Vector<TunedTime> tried;  // the model's own first; empty unless somebody churned and somebody was kept
  std::size_t best = 0;     // in `tried`
  // How much the AUC gains by it, with its interval at 95 %, of the paired folds; where all of these gain the same, of
  // the two AUCs' intervals, as if of other accounts (G. Y. Zou and A. Donner, Statist. Med. 27, 2008).
  double gain = 0;
  Interval gain_interval{0, 0};
  // What the earlier two thirds of the dates would have chosen, and its AUC and that of the model's own at the later
  // ones, with the interval of the difference. Only with two dates and more.
  struct Forward {
    Day since;  // the first of the later dates
    std::size_t chosen;
    double auc, own_auc;
    Interval gain_interval;
  };
  std::optional<Forward> forward;
};

class Tuner {
 public:
  // Throws 22023 where the model is invalid.
  Tuner(Json model, Memory* memory);
  // One account at a date and whether it churned thereafter, which is decoded once. Who had not begun by then is left
  // out. Memory: 73 bytes and 8 for each of the up to 43 combinations, 417 in all; and of each 8 more where the model
  // has signals of unit score, 8 where it is a scorecard, and 4 where it has an overriding signal.
  void add(Bytes activity, bool churned, Day as_of, const AccountTerms& terms);
  // Scores are those of the population of each date. All dates of an account are in one fold (folds.hpp), and no order
  // of the rows shows. Another time than the model's own is chosen only where the best one gains more than the luckiest
  // would in 97 of 100 books of noise (Student's t over the folds, at 99.5 %), and then the one with the
  // fewest changes of those within one standard error of it.
  void finish(TuneResult* result, Memory* memory) const;
  // What was added, as bytes for another process of the server with a tuner of the same model, and such bytes added.
  std::size_t bytes() const { return rows_.size() * row_bytes(); }
  void write(std::uint8_t* out) const;
  void merge(Bytes bytes);
  void merge(const Tuner& other);
  const TimeTerms& own_time() const { return times_.front(); }
  // The model with a time of the result; another time than its own unfreezes its baseline.
  void write_model(const TimeTerms& time, JsonWriter* out) const;

 private:
  std::size_t numbers() const { return rest_.size() + (overrides_ ? 1 : 0); }
  std::size_t row_bytes() const {
    return sizeof(FoldRow) + 1 + models_.size() * (sizeof(double) + numbers() * sizeof(float));
  }
  Evaluation evaluation(std::size_t row, std::size_t combination) const;
  void score_date(std::span<const std::uint32_t> rows, std::size_t combination, std::span<double> scores,
                  Memory* memory) const;

  Json json_;
  Vector<Model> models_;
  Vector<TimeTerms> times_;
  Ledger ledger_;
  Vector<FoldRow> rows_;
  Vector<std::uint8_t> settled_;  // of each row
  // What is left of an Evaluation, of the first row with each combination, of the second row, ...: raw, and the numbers
  // that this model needs besides; the last is a score that overrides, kNone where there is none.
  Vector<double> raws_;
  Vector<float> numbers_;
  Vector<double Evaluation::*> rest_;
  bool overrides_;
};

// {"observations": 1500, "churned": 90, "dates": 5, "folds": 18,
//  "tried": [{"window_days": 365, "half_life_days": 30, "auc": 0.76, "auc_low": 0.71, "auc_high": 0.81,
//             "current": false, "chosen": true}, ...],
//  "gain": 0.05, "gain_low": 0.02, "gain_high": 0.08,
//  "forward": {"since": "2025-10-01", "window_days": 365, "half_life_days": 30, "auc": 0.77, "current_auc": 0.71,
//              "gain": 0.06, "gain_low": 0.01, "gain_high": 0.11}, "why": "no gain beyond chance",
//  "model": {...}}: the best AUC first; window_days 36500 for all days.
void write_tuned(const TuneResult& result, const Tuner& tuner, JsonWriter* out);

}  // namespace health
