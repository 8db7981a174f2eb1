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

SignalPower::SignalPower(const Model& model, Memory* memory) : model_(model), ledger_(memory), signals_(memory) {
  signals_.reserve(model.signals.size());
  for (std::size_t i = 0; i < model.signals.size(); ++i) signals_.emplace_back(memory);
}

void SignalPower::add(Bytes activity, std::int64_t as_of, bool churned) {
  ledger_.load(activity, model_);
  total_.count(churned);
  const std::span<const std::int32_t> present = ledger_.signals();
  std::size_t next = 0;
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    const auto index = static_cast<std::int32_t>(i);
    const bool here = next < present.size() && present[next] == index;
    const SignalFacts facts = here ? facts_of(ledger_, model_, index, ledger_.cells_at(next++), as_of, {})
                                   : facts_of_unseen(model_.signal(index), {});
    if (had(model_.signal(index), facts)) signals_[i].values.push_back({facts.value, churned});
    else if (facts.recent_known) signals_[i].zero.count(churned);
  }
}

struct SignalPower::Row {
  std::size_t signal;
  ChurnCount with, without;
  std::optional<Auc> auc;
  double distance() const { return auc ? std::fabs(auc->value - 0.5) : -1; }
  std::string_view direction() const {
    return auc && auc->interval.low > 0.5 ? "positive" : auc && auc->interval.high < 0.5 ? "negative" : "unclear";
  }
};

SignalPower::Row SignalPower::row_of(std::size_t signal, Memory* memory) const {
  const SignalOutcomes& of = signals_[signal];
  Row row{signal, {}, total_, {}};
  for (const Outcome& outcome : of.values) row.with.count(outcome.churned);
  row.without.kept -= row.with.kept;
  row.without.churned -= row.with.churned;
  Vector<Outcome> outcomes(of.values.begin(), of.values.end(), memory);
  outcomes.insert(outcomes.end(), static_cast<std::size_t>(of.zero.kept), {0, false});
  outcomes.insert(outcomes.end(), static_cast<std::size_t>(of.zero.churned), {0, true});
  row.auc = auc_of(ties_of(outcomes, memory));
  return row;
}

void SignalPower::write(JsonWriter* out) const {
  Vector<Row> rows(out->memory());
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    check_interrupt(out->memory());
    rows.push_back(row_of(i, out->memory()));
  }
  // Signals of a model are in order of their names.
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.distance() > b.distance(); });
  out->begin(JsonType::array);
  for (const Row& row : rows) {
    const Signal& signal = model_.signals[row.signal];
    out->begin(JsonType::object);
    out->string("signal", signal.name);
    out->string("label", signal.label.in(model_.language));
    out->number("weight", static_cast<double>(signal.weight) / kMicro);
    out->number("accounts", static_cast<double>(row.with.all()));
    if (total_.all() > 0)
      write_rate("coverage", static_cast<double>(row.with.all()) / static_cast<double>(total_.all()), out);
    if (row.auc) write_auc(*row.auc, out);
    if (row.with.all() > 0) write_rate("churn_rate_with", row.with.churn_rate(), out);
    if (row.without.all() > 0) write_rate("churn_rate_without", row.without.churn_rate(), out);
    out->string("direction", row.direction());
    out->end();
  }
  out->end();
}

}  // namespace health
