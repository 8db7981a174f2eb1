// How good the scores of a date were, seen by who had churned some time later.
#pragma once

#include <array>
#include <optional>

#include "auc.hpp"
#include "band.hpp"
#include "calibration.hpp"

namespace health {

inline constexpr std::size_t kDeciles = 10;

// Kolmogorov-Smirnov: the largest difference between the shares of the churned and of the kept with a score up to
// some score, 0 to 1, and the lowest score where it is so.
struct Separation {
  double distance, score;
};

// The accounts up to a band, from the worst one.
struct BandOutcome {
  ChurnCount accounts;  // of this band
  ChurnCount so_far;    // of this and all worse ones
};

struct Backtest {
  explicit Backtest(Memory* memory) : bands(memory), calibration(memory) {}
  ChurnCount total{};
  std::optional<Auc> auc;
  std::optional<Separation> separation;
  // Tenths of the accounts by score, the lowest first. A tie goes as a whole where its middle is, so some may have more
  // than others, or none.
  std::array<ChurnCount, kDeciles> deciles{};
  bool distinct_deciles = false;  // whether there are as many distinct scores as deciles; if not their lift is 1
  Vector<BandOutcome> bands;      // worst first, all of the model's
  // percentile_cont of the scores: below these are 15 and 50 percent of the accounts.
  double red_below = 0, green_from = 0;
  Vector<CalibrationStep> calibration;

  double lift(const ChurnCount& part) const { return part.churn_rate() / total.churn_rate(); }
};

// At least one outcome.
void backtest(std::span<const Outcome> outcomes, std::span<const BandTerms> bands, Backtest* result, Memory* memory);

// As docs/proof.md shows it; cuts with two places.
void write_backtest(const Backtest& test, std::span<const BandTerms> bands, JsonWriter* out);

}  // namespace health
