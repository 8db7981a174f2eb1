// Reports over hostile models and activities: an error, or points that add up to the score and changes to the change.
#include "core/report.hpp"

#include <cmath>

#include "fuzz.hpp"

using namespace health;

namespace {

struct Row {
  bool known;
  AccountTerms terms;
  Buffer activity;
};

double sum_of(Json drivers, std::string_view key) {
  long double sum = 0;
  for (const Json driver : drivers)
    for (const Json item : driver)
      if (item->key == key && item->type == JsonType::number) sum += number_of(item);
  return static_cast<double>(sum);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider in(data, size);
  const std::string text = in.ConsumeRandomLengthString(3000);
  Model model(heap());
  try {
    const JsonTree json(text);
    if (!outcome([&] { model.read(json.root(), heap()); }).empty() || model.signals.empty()) return 0;
  } catch (const std::invalid_argument&) {
    return 0;
  }
  const bool wild = in.ConsumeBool(), raw_bytes = in.ConsumeBool();
  const Day as_of = some_day(&in);
  std::vector<Row> rows;
  for (int count = in.ConsumeIntegralInRange(1, 12); count > 0; --count) {
    Row row{in.ConsumeIntegralInRange(0, 9) != 0, {}, {}};
    if (in.ConsumeBool()) row.terms.size = in.ConsumeFloatingPointInRange<double>(1e-300, wild ? 1e300 : 1e4);
    if (in.ConsumeBool())
      row.terms.since = in.ConsumeBool() ? as_of - in.ConsumeIntegralInRange(-2, 100) : in.ConsumeIntegral<Day>();
    if (raw_bytes) row.activity = in.ConsumeBytes<std::uint8_t>(in.ConsumeIntegralInRange<std::size_t>(0, 200));
    else row.activity = encode(some_reference(&in, wild));
    rows.push_back(row);
  }

  outcome(
      [&] {
        AccountScores scores(model, as_of, heap());
        AccountReports reports(model, as_of, heap());
        const auto fill = [&](auto* accounts) {
          for (const Row& row : rows) accounts->add_account(row.known, row.terms);
          for (std::size_t i = 0; i < rows.size(); ++i)
            if (rows[i].known) accounts->evaluate_account(i, rows[i].activity);
          accounts->close();
        };
        fill(&scores);
        fill(&reports);
        for (std::size_t i = 0; i < rows.size(); ++i) {
          Arena arena;
          JsonWriter drivers(arena.memory()), dimensions(arena.memory());
          const ReportRow row = reports.report(i, &drivers, &dimensions, arena.memory());
          REQUIRE(row.scored == (rows[i].known && started(rows[i].terms, as_of)));
          if (!row.scored) continue;
          REQUIRE(row.score == scores.score(i));
          REQUIRE(row.score >= 0 && std::isfinite(row.score));
          const double exact = 1e-9 * std::max(1.0, std::fabs(row.score));
          REQUIRE(std::fabs(sum_of(root_of(drivers), "points") - row.score) <= exact);
          if (row.score_change)
            REQUIRE(std::fabs(sum_of(root_of(drivers), "change") - *row.score_change) <= exact * 10);
          REQUIRE(!row.reason.empty());
        }
      },
      !raw_bytes);
  return 0;
}
