// Model documents, and one laid over another: a model that can score, or an error that says what is wrong.
#include <cmath>

#include "core/placeholder.hpp"
#include "fuzz.hpp"

using namespace health;

namespace {

// Empty where it is no JSON: jsonb would have refused it.
std::unique_ptr<JsonTree> json_of(std::string_view text) {
  try {
    return std::make_unique<JsonTree>(text);
  } catch (const std::invalid_argument&) {
    return {};
  }
}

void check_text(std::string_view text) {
  REQUIRE(text.size() <= kMaxTextBytes);
  for (std::size_t at = 0; (at = text.find('{', at)) != text.npos; ++at) {
    const auto found = placeholder_at(text.substr(at));
    REQUIRE(!found || (found->valid && text[at + found->length - 1] == '}'));
  }
}

void try_model(Json json) {
  Model model(heap());
  if (!outcome([&] { model.read(json, heap()); }).empty()) return;
  for (const Signal& signal : model.signals) {
    REQUIRE(!signal.label.in(model.language).empty());
    check_text(signal.text.plain(model.language));
    for (const std::string_view kind : kSignalKinds)
      check_text(signal.text.of(signal_kind_of_name(kind).value(), model.language));
  }
  outcome([&] { model.require_signals(); });
  static const Buffer activity = activity_of(R"({"login": {"2024-01-03": 4, "2025-12-31": 2}, "nps": {"2025-12-30":
      [1, 9]}, "user:1": {"2025-12-01": 3}, "user:2": {"2025-12-31": [3, 2.5, 1]}})");
  outcome([&] {
    Ledger ledger(heap());
    ledger.load(activity, model);
    std::vector<double> contributions(model.signals.size());
    const Evaluation with = evaluate(&ledger, model, 20'454, AccountSize(3), contributions.data());
    const Evaluation alone = evaluate(&ledger, model, 20'454, AccountSize(3), nullptr);
    REQUIRE(with.raw == alone.raw && std::isfinite(with.raw));
    Ledger needed(heap());
    needed.load(activity, model, model.scored_days(20'454));
    REQUIRE(evaluate(&needed, model, 20'454, AccountSize(3), nullptr).raw == with.raw);
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // A model, and after a ~ what is laid over it.
  const std::size_t tilde = std::min(text.find('~'), text.size());
  const auto base = json_of(text.substr(0, tilde));
  if (!base) return 0;
  try_model(base->root());
  const auto patch = json_of(text.substr(std::min(tilde + 1, text.size())));
  if (!patch) return 0;
  JsonWriter merged(heap());
  if (outcome([&] { merge_model(base->root(), patch->root(), &merged); }).empty()) try_model(root_of(merged));
  return 0;
}
