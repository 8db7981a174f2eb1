// Weights of a model from who churned: ridge logistic regression on what each signal of the model says of an account,
// whatever its weight is.
//
// Signals of unit raw of which those who were kept have more are the usage: decayed and per size, as the model has it.
// Each other signal is a measure of a scorecard (a part of its best, of the value in its window or in force), turned
// round where it speaks against an account. Usage and readings are winsorized at the model's percentile, so that no
// account speaks for many, and the fitted model has the same bounds. So its score rises in a straight line with the
// fitted logit of being kept, from 0, where nothing is used and each measure is at its worst, to 100. Penalties would
// leave many accounts at 0.
#pragma once

#include <optional>

#include "auc.hpp"
#include "fold_auc.hpp"
#include "json.hpp"
#include "score.hpp"

namespace health {

inline constexpr std::size_t kMostFitted = 200;  // signals

enum class FitNote : std::uint8_t {
  none,
  constant,     // the same for all accounts
  contradicts,  // beside the others it would say the contrary of what it says alone: weight 0
};

struct FittedSignal {
  std::int32_t signal = 0;  // of the model
  FitNote note = FitNote::none;
  bool measure = false;   // of a scorecard, else usage
  bool reversed = false;  // a measure of which more is worse
  double weight = 0;      // 0: does not count
  double coverage = 0;    // share of the rows that have any of it, or a value
  // Of churn, for one standard deviation more; the interval at 95 % from what is fitted without each fifth of the
  // accounts (jackknife), which minds several rows of an account.
  double odds_ratio = 1;
  Interval odds{0, 0};
  bool sure = false;  // whether the interval leaves out 1
  double points = 0;  // the most that it is worth, of 100
  // The signal that says most nearly the same, of a correlation of 0.9 and more.
  std::int32_t resembles = Model::kUnknown;
};

struct FitQuality {
  double penalty = 0;    // the one that told best of accounts that it had not seen
  double saturated = 0;  // share of the rows with a score of 0 or 100
  double unscored = 0;   // share of the rows without a score: of scorecards, who has no measure. They are left out
  // Of scores of accounts in other folds than those it was fitted on; own: of the model as given.
  double auc = 0, own_auc = 0;
  Interval interval{0, 1}, gain_interval{-1, 1};
  bool better = false;  // the gain is above 0 and the AUC above 0.5, beyond chance
};

struct FitResult {
  explicit FitResult(Memory* memory) : signals(memory), candidate(memory) {}
  ChurnCount total{};  // rows, an account counts once a date
  std::int64_t dates = 0;
  int folds = 0;  // 0: too few churned or kept accounts for weights that mean anything
  std::optional<FitQuality> fit;
  // Fitted on the earlier two thirds of the dates alone, and seen at the later ones. Only with two dates and more.
  struct Forward {
    Day since;  // the first of the later dates
    double auc, own_auc;
    Interval gain_interval;
  };
  std::optional<Forward> forward;
  Vector<FittedSignal> signals;  // of the model, with a weight; empty without a fit
  JsonWriter candidate;          // the fitted model, better or not; empty without
};

class Fitter {
 public:
  // Throws 22023 where the model is invalid, 54000 beyond kMostFitted signals with a weight.
  Fitter(Json model, Memory* memory);
  // One account at a date and whether it churned thereafter. Who had not begun by then is left out. Memory: 16 bytes
  // for each signal with a weight, and 145.
  void add(Bytes activity, bool churned, Day as_of, const AccountTerms& terms);
  // All dates of an account are in one fold (folds.hpp), and no order of the rows shows. Accounts are compared within a
  // date.
  void finish(FitResult* result, Memory* memory) const;
  // What was added, as bytes for another process of the server with a fitter of the same model, and such bytes added.
  std::size_t bytes() const { return rows_.size() * row_bytes(); }
  void write(std::uint8_t* out) const;
  void merge(Bytes bytes);
  void merge(const Fitter& other);

  const Model& model() const { return model_; }
  Json json() const { return json_; }

 private:
  struct Feature {
    double decayed;  // of what may be usage: its contribution to the raw score, of weight 1
    double value;    // as the model's scale maps it; NaN: none
  };
  struct Form;
  class Training;
  class Scaling;
  std::size_t row_bytes() const {
    return sizeof(FoldRow) + 1 + sizeof(Evaluation) + features_.size() * sizeof(Feature);
  }
  const Feature* features(std::uint32_t row) const { return x_.data() + row * features_.size(); }
  void own_scores(const Folds& folds, std::span<double> scores, Memory* memory) const;
  void describe(const Training& training, const Scaling& scaling, FitResult* result, Memory* memory) const;
  void write_model(const Training& training, const Scaling& scaling, std::span<const double> own, FitResult* result,
                   Memory* memory) const;
  void see_later(const Folds& folds, std::span<const double> own, FitResult* result, Memory* memory) const;

  Json json_;
  Model model_, probe_;            // probe_: usage of weight 1, without bounds
  Vector<std::int32_t> features_;  // signals of the model
  Ledger ledger_;
  Vector<double> contributions_;
  Vector<FoldRow> rows_;
  Vector<std::uint8_t> settled_;  // of each row
  Vector<Evaluation> own_;        // likewise, by the model as given
  Vector<Feature> x_;             // of the first row, of the second one, ...
};

// {"observations": 1500, "churned": 90, "dates": 5, "folds": 18, "penalty": 0.001,
//  "auc": 0.79, "auc_low": 0.75, "auc_high": 0.83, "current_auc": 0.76,
//  "gain": 0.03, "gain_low": 0.01, "gain_high": 0.05,
//  "forward": {"since": "2025-10-01", "auc": 0.78, "current_auc": 0.76, "gain": 0.02, "gain_low": 0,
//              "gain_high": 0.04},
//  "saturated": 0.011, "unscored": 0, "better": true, "why": "no gain beyond chance",
//  "signals": [{"signal": "login", "label": "Logins", "current_weight": 1, "weight": 6.21, "direction": "positive",
//               "odds_ratio": 0.41, "odds_ratio_low": 0.32, "odds_ratio_high": 0.53, "points": 61.5, "coverage": 0.93,
//               "note": "constant", "resembles": "export"}, ...],
//  "candidate": {...}, "model": {...}}: most points first; direction: positive, negative, unclear or none; candidate:
//  what was fitted; model: that where it is better, else the given one.
void write_fitted(const FitResult& result, const Fitter& fitter, JsonWriter* out);

}  // namespace health
