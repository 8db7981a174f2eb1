// What became of accounts after they were scored: what says whether a model is any good.
#pragma once

#include <cstdint>
#include <span>

#include "json.hpp"

namespace health {

struct Outcome {
  double score;  // finite
  bool churned;
};

// Some accounts, counted.
struct ChurnCount {
  std::int64_t kept, churned;
  std::int64_t all() const { return kept + churned; }
  // Share of them that churned, 0 to 1; there must be some.
  double churn_rate() const { return static_cast<double>(churned) / static_cast<double>(all()); }
  void count(bool churned_too) { ++(churned_too ? churned : kept); }
  ChurnCount& operator+=(const ChurnCount& other) {
    kept += other.kept;
    churned += other.churned;
    return *this;
  }
  bool operator==(const ChurnCount&) const = default;
};

// All accounts of one score.
struct Tie {
  double score;
  ChurnCount accounts;
};
// Lowest score first: whatever is made of ties does not show the order of the outcomes.
Vector<Tie> ties_of(std::span<const Outcome> outcomes, Memory* memory);
ChurnCount total_of(std::span<const Tie> ties);

// A range that holds the true value in 95 of 100 samples.
struct Interval {
  double low, high;
};
inline constexpr double kNormal95 = 1.959963984540054;  // 97.5th percentile of the normal distribution
// Of a share of `trials` (more than 0), 0 to 1: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927), without correction for
// continuity. It is never empty, also where nobody or everybody is among the successes.
Interval wilson_interval(double share, double trials);
inline Interval churn_interval(const ChurnCount& accounts) {
  return wilson_interval(accounts.churn_rate(), static_cast<double>(accounts.all()));
}

// How documents tell outcomes. Rates have six places; what is said of no accounts is left out.
void write_rate(std::string_view key, double rate, JsonWriter* out);
// How many and how many of them churned; of: what is counted, accounts, or observations where an account has several.
void write_counts(std::string_view of, const ChurnCount& accounts, JsonWriter* out);
void write_churn_rate(const ChurnCount& accounts, JsonWriter* out);  // churn_rate, low, high

}  // namespace health
