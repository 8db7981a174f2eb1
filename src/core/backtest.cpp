#include "backtest.hpp"

#include <algorithm>
#include <cmath>

#include "quantile.hpp"

namespace health {

namespace {

constexpr double kRedShare = 0.15, kYellowShare = 0.35;  // of all accounts; the rest is green

double share_of(std::int64_t part, std::int64_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::optional<Separation> separation_of(std::span<const Tie> ties, const ChurnCount& total) {
  if (total.kept == 0 || total.churned == 0) return std::nullopt;
  Separation most{0, ties.front().score};
  ChurnCount below{};
  for (const Tie& tie : ties) {
    below += tie.accounts;
    const double distance = std::fabs(share_of(below.churned, total.churned) - share_of(below.kept, total.kept));
    if (distance > most.distance) most = {distance, tie.score};
  }
  return most;
}

void fill_deciles(std::span<const Tie> ties, const ChurnCount& total, Backtest* result) {
  std::int64_t below = 0;
  for (const Tie& tie : ties) {
    const std::int64_t twice_middle = 2 * below + tie.accounts.all();
    const auto decile =
        static_cast<std::size_t>(Int128{twice_middle} * static_cast<int>(kDeciles) / (Int128{2} * total.all()));
    result->deciles[decile] += tie.accounts;
    below += tie.accounts.all();
  }
  result->distinct_deciles = ties.size() >= kDeciles;
}

void fill_bands(std::span<const Tie> ties, std::span<const BandTerms> bands, Backtest* result) {
  result->bands.resize(bands.size());
  for (const Tie& tie : ties)
    result->bands[static_cast<std::size_t>(band_of(tie.score, bands))].accounts += tie.accounts;
  ChurnCount so_far{};
  for (BandOutcome& band : result->bands) {
    so_far += band.accounts;
    band.so_far = so_far;
  }
}

// To two places, where a score is of a size that has some.
double rounded_cut(double score) { return std::fabs(score) < 1e12 ? std::round(100 * score) / 100 : score; }

void write_lift(const Backtest& test, const ChurnCount& part, bool known, JsonWriter* out) {
  if (part.all() == 0 || test.total.churned == 0) return;
  write_rate("lift", known ? test.lift(part) : 1, out);
}

void write_deciles(const Backtest& test, JsonWriter* out) {
  out->key("deciles");
  out->begin(JsonType::array);
  for (std::size_t i = 0; i < kDeciles; ++i) {
    out->begin(JsonType::object);
    out->number("decile", static_cast<double>(i + 1));
    write_counts("accounts", test.deciles[i], out);
    write_churn_rate(test.deciles[i], out);
    write_lift(test, test.deciles[i], test.distinct_deciles, out);
    out->end();
  }
  out->end();
}

void write_bands(const Backtest& test, std::span<const BandTerms> bands, JsonWriter* out) {
  out->key("bands");
  out->begin(JsonType::array);
  for (std::size_t i = 0; i < bands.size(); ++i) {
    const BandOutcome& band = test.bands[i];
    out->begin(JsonType::object);
    out->string("band", band_code(static_cast<Band>(i), bands));
    write_counts("accounts", band.accounts, out);
    write_churn_rate(band.accounts, out);
    write_lift(test, band.accounts, true, out);
    write_rate("share", share_of(band.accounts.all(), test.total.all()), out);
    if (band.so_far.all() > 0) write_rate("precision", band.so_far.churn_rate(), out);
    if (test.total.churned > 0) write_rate("recall", share_of(band.so_far.churned, test.total.churned), out);
    out->end();
  }
  out->end();
}

}  // namespace

void backtest(std::span<const Outcome> outcomes, std::span<const BandTerms> bands, Backtest* result, Memory* memory) {
  const Vector<Tie> ties = ties_of(outcomes, memory);
  result->total = total_of(ties);
  result->auc = auc_of(ties);
  result->separation = separation_of(ties, result->total);
  fill_deciles(ties, result->total, result);
  fill_bands(ties, bands, result);
  Vector<double> scores(memory);
  scores.reserve(outcomes.size());
  for (const Outcome& outcome : outcomes) scores.push_back(outcome.score);
  result->red_below = quantile(scores, kRedShare, memory);
  result->green_from = quantile(scores, kRedShare + kYellowShare, memory);
  result->calibration = calibration_of(ties, memory);
}

void write_backtest(const Backtest& test, std::span<const BandTerms> bands, JsonWriter* out) {
  out->begin(JsonType::object);
  write_counts("accounts", test.total, out);
  write_churn_rate(test.total, out);
  if (test.auc) {
    write_auc(*test.auc, out);
    write_rate("ks", test.separation->distance, out);
    out->number("ks_score", test.separation->score);
    const std::int64_t not_best = test.bands[bands.size() - 2].so_far.churned;
    write_rate("recall_below_best", share_of(not_best, test.total.churned), out);
  }
  write_deciles(test, out);
  write_bands(test, bands, out);
  out->key("cuts");
  out->begin(JsonType::object);
  out->number("red_below", rounded_cut(test.red_below));
  out->number("green_from", rounded_cut(test.green_from));
  out->end();
  out->key("calibration");
  write_calibration(test.calibration, out);
  out->end();
}

}  // namespace health
