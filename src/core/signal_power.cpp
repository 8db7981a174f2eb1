#include "signal_power.hpp"

#include <algorithm>
#include <cmath>

#include "facts.hpp"
#include "interrupt.hpp"

namespace health {

namespace {

// Whether the account had the signal: events in the window, a reading in force, or any other gauge but 0.
bool had(const Signal& signal, const SignalFacts& facts) {
  if (!signal.gauge()) return facts.count > 0;
  return facts.recent_known && (!zero_without_activity(signal.measure) || facts.value != 0);
}

}  // namespace

SignalPower::SignalPower(const Model& model, Memory* memory)
    : model_(model), ledger_(memory), rows_(memory), signals_(memory) {
  signals_.reserve(model.signals.size());
  for (std::size_t i = 0; i < model.signals.size(); ++i) signals_.emplace_back(memory);
}

void SignalPower::add(Bytes activity, Day as_of, bool churned) {
  ledger_.load(activity, model_);
  const auto row = static_cast<std::uint32_t>(rows_.size());
  rows_.push_back({traces_of(activity, {}, as_of, memory_of(rows_)), as_of, churned});
  const std::span<const std::int32_t> present = ledger_.signals();
  std::size_t next = 0;
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    const auto index = static_cast<std::int32_t>(i);
    const bool here = next < present.size() && present[next] == index;
    const SignalFacts facts = here ? facts_of(ledger_, model_, index, ledger_.cells_at(next++), as_of, {})
                                   : facts_of_unseen(model_.signal(index), {});
    if (had(model_.signal(index), facts)) signals_[i].had.push_back({facts.value, row});
    else if (!facts.recent_known && zero_without_activity(model_.signal(index).measure))
      signals_[i].unknown.push_back(row);
  }
}

struct SignalPower::Told {
  std::size_t signal;
  ChurnCount with, without;
  std::optional<Auc> auc;
  double distance() const { return auc ? std::fabs(auc->value - 0.5) : -1; }
  std::string_view direction() const {
    return auc && auc->interval.low > 0.5 ? "positive" : auc && auc->interval.high < 0.5 ? "negative" : "unclear";
  }
};

SignalPower::Told SignalPower::told_of(std::size_t signal, const Folds& folds, Memory* memory) const {
  const SignalValues& of = signals_[signal];
  Told told{signal, {}, folds.total(), {}};
  Vector<AccountOutcome> outcomes(memory);
  const auto add = [&](double value, std::uint32_t row) {
    outcomes.push_back({value, folds.account(row), rows_[row].churned});
  };
  for (const auto& [value, row] : of.had) {
    told.with.count(rows_[row].churned);
    add(value, row);
  }
  told.without.kept -= told.with.kept;
  told.without.churned -= told.with.churned;
  if (zero_without_activity(model_.signals[signal].measure)) {
    auto had = of.had.begin();
    auto unknown = of.unknown.begin();
    for (std::uint32_t row = 0; row < rows_.size(); ++row) {
      if (had != of.had.end() && had->row == row) ++had;
      else if (unknown != of.unknown.end() && *unknown == row) ++unknown;
      else add(0, row);
    }
  }
  told.auc = auc_of_accounts(outcomes, folds.accounts(), memory);
  return told;
}

void SignalPower::write(JsonWriter* out) const {
  const Folds folds(rows_, out->memory());
  Vector<Told> rows(out->memory());
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    check_interrupt(out->memory());
    rows.push_back(told_of(i, folds, out->memory()));
  }
  // Signals of a model are in order of their names.
  std::stable_sort(rows.begin(), rows.end(), [](const Told& a, const Told& b) { return a.distance() > b.distance(); });
  out->begin(JsonType::array);
  for (const Told& row : rows) {
    const Signal& signal = model_.signals[row.signal];
    out->begin(JsonType::object);
    out->string("signal", signal.name);
    out->string("label", signal.label.in(model_.language));
    out->number("weight", static_cast<double>(signal.weight) / kMicro);
    out->number("observations", static_cast<double>(row.with.all()));
    if (folds.total().all() > 0)
      write_rate("coverage", static_cast<double>(row.with.all()) / static_cast<double>(folds.total().all()), out);
    if (row.auc) write_auc(*row.auc, out);
    if (row.with.all() > 0) write_rate("churn_rate_with", row.with.churn_rate(), out);
    if (row.without.all() > 0) write_rate("churn_rate_without", row.without.churn_rate(), out);
    out->string("direction", row.direction());
    out->end();
  }
  out->end();
}

}  // namespace health
