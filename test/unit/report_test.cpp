#include "core/report.hpp"

#include <cmath>

#include "support.hpp"

namespace health {
namespace {

struct PartitionRow {
  bool known = true;
  Buffer activity = owned(kEmptyActivity);
  AccountSize size = {};
};

// What report() says of a row, with strings of its own.
struct Report {
  ReportRow row;
  std::string flags, text;                        // text: reason, drivers and dimensions
  double points = 0, change = 0, dimensions = 0;  // sums over the drivers and dimensions
};

// A partition scored as the window functions do it.
class Partition {
 public:
  Partition(const Model& model, std::vector<PartitionRow> rows, std::int64_t as_of = kAsOf)
      : rows_(std::move(rows)), population_(Wanted::report, model, as_of, arena_.memory()) {
    for (const PartitionRow& row : rows_) population_.add_account(row.known, row.size);
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (rows_[i].known) population_.evaluate_account(i, rows_[i].activity);
    population_.close();
  }
  double score(std::size_t i) const { return population_.score(i); }
  bool known(std::size_t i) const { return population_.known(i); }
  Report report(std::size_t i) {
    Arena arena;
    Report report{population_.report(i, arena.memory()), {}, {}};
    report.flags = report.row.flags;
    if (!report.row.scored) return report;
    report.text = std::string(report.row.reason);
    for (const DriverRow& driver : report.row.drivers) {
      report.text += text_of(driver);
      report.points += driver.points;
      report.change += driver.change.value_or(0);
    }
    for (const double points : report.row.dimensions) {
      report.text += std::to_string(points) + '|';
      report.dimensions += points;
    }
    return report;
  }

 private:
  std::vector<PartitionRow> rows_;
  Arena arena_;
  Accounts population_;
};

PartitionRow row_of(const std::string& activity, AccountSize size = {}) { return {true, activity_of(activity), size}; }

// `count` logins a day ago, and one last year so that the account is not new.
PartitionRow logins(int count, AccountSize size = {}) {
  return row_of(R"({"login": {"2025-01-01": 1, "2026-01-31": )" + std::to_string(count) + "}}", size);
}

std::vector<PartitionRow> crowd(int n) {
  std::vector<PartitionRow> rows;
  for (int i = 1; i <= n; ++i) rows.push_back(logins(i));
  return rows;
}

// ---------------------------------------------------------------- scores

TEST(Report, ScoresAgainstThePopulation) {
  const auto model = model_of(kLogins);
  Partition partition(*model, {logins(1), logins(2), logins(4), logins(8), row_of("{}")});
  // The median of 1, 2, 4 and 8 is 3; the account without activity is left out.
  EXPECT_NEAR(partition.score(0), 100.0 / 3, 1e-12);
  EXPECT_NEAR(partition.score(1), 200.0 / 3, 1e-12);
  EXPECT_EQ(partition.score(2), 100);
  EXPECT_EQ(partition.score(4), 0);
  const Report report = partition.report(1);
  EXPECT_EQ(report.row.baseline.value(), 3);
  EXPECT_EQ(report.row.accounts_compared, 4);
  EXPECT_EQ(report.row.raw_score, 2);
  EXPECT_EQ(report.row.score_shown, 66);
  EXPECT_EQ(report.row.model, "");
}

TEST(Report, NeedsAModelWithSignals) {
  const auto model = model_of("{}");
  expect_failure("22023", "health_model has no signals", [&] { Accounts(Wanted::report, *model, kAsOf, heap()); });
}

TEST(Report, RowsWithoutActivityAreNoPartOfThePopulation) {
  const auto model = model_of(kLogins);
  const Partition known(*model, {logins(1), logins(2), logins(4)});
  Partition mixed(*model, {{false}, logins(1), {false}, logins(2), logins(4), {false}});
  EXPECT_EQ(mixed.score(1), known.score(0));
  EXPECT_EQ(mixed.score(3), known.score(1));
  EXPECT_FALSE(mixed.known(0));
  EXPECT_TRUE(mixed.known(1));
  const Report report = mixed.report(0);
  EXPECT_FALSE(report.row.scored);
  EXPECT_EQ(report.flags, "no_data,small_population");
  EXPECT_EQ(report.row.accounts_compared, 3);
}

TEST(Report, MissingSizesAreTakenAtTheMedian) {
  const auto model = model_of(kLogins);
  Partition partition(*model, {logins(10, 2), logins(10, 4), logins(10, 20), logins(10)});
  // Per seat 5, 2.5 and 0.5; the fourth account is taken at 4 seats and is no part of the baseline.
  EXPECT_EQ(partition.report(0).row.baseline.value(), 2.5);
  EXPECT_EQ(partition.report(3).row.accounts_compared, 3);
  EXPECT_EQ(partition.report(3).row.raw_score, 2.5);
  EXPECT_EQ(partition.score(3), 100);
  EXPECT_EQ(partition.report(3).flags, "size_missing,small_population");
  EXPECT_EQ(partition.report(0).flags, "small_population");
}

TEST(Report, WithoutAnySizeNobodyMissesOne) {
  const auto model = model_of(kLogins);
  Partition partition(*model, {logins(10), logins(20)});
  EXPECT_EQ(partition.report(0).flags, "small_population");
  EXPECT_EQ(partition.report(0).row.raw_score, 10);
}

TEST(Report, SizesOfRowsWithoutActivityDoNotCount) {
  const auto model = model_of(kLogins);
  Partition partition(*model, {logins(10, 2), {false, {}, 1000}, logins(10)});
  EXPECT_EQ(partition.report(2).row.raw_score, 5);
}

TEST(Report, NoChangeIsFlat) {
  const auto model = model_of(R"({"trend_points": 0, "window_days": 28, "signals": {"login": 1}})");
  const auto account = [](int before, int now) {
    return row_of(R"({"login": {"2025-12-20": )" + std::to_string(before) + R"(, "2026-01-31": )" +
                  std::to_string(now) + "}}");
  };
  Partition partition(*model, {account(5, 5), account(3, 4), account(9, 9)});
  EXPECT_STREQ(partition.report(0).row.trend, "flat");
  EXPECT_STREQ(partition.report(1).row.trend, "up");
}

// ---------------------------------------------------------------- flags

std::string flags_of(const std::string& model_text, std::vector<PartitionRow> rows, std::size_t row = 0) {
  const auto model = model_of(model_text);
  return Partition(*model, std::move(rows)).report(row).flags;
}

TEST(Report, FlagsAPopulationThatIsSmall) {
  EXPECT_EQ(flags_of(kLogins, crowd(20)), "");
  EXPECT_EQ(flags_of(kLogins, crowd(19)), "small_population");
  EXPECT_EQ(flags_of(R"({"min_population": 3, "signals": {"login": 1}})", crowd(3)), "");
}

TEST(Report, FlagsADegenerateBaseline) {
  const auto negative = [](const std::string& options) {
    return flags_of("{\"min_population\": 0" + options + R"(, "signals": {"login": {"weight": -1, "unit": "raw"}}})",
                    crowd(20));
  };
  EXPECT_EQ(negative(R"(, "population": "all")"), "degenerate_baseline");
  EXPECT_EQ(negative(""), "degenerate_baseline");
  EXPECT_EQ(negative(R"(, "baseline": 7)"), "");
}

// Nothing is a share of 0: the sentence had "Usage at nan%".
TEST(Report, NobodyIsLowAgainstADegenerateBaseline) {
  const auto model = model_of(
      R"({"population": "all", "min_population": 0, "signals": {"login": 2, "err": {"weight": -3, "unit": "raw"}}})");
  std::vector<PartitionRow> rows(8, row_of("{}"));
  rows.push_back(row_of(R"({"login": {"2025-01-01": 1, "2026-01-31": 1}, "err": {"2025-12-01": 900}})"));
  const Report low = Partition(*model, std::move(rows)).report(8);
  EXPECT_EQ(low.flags, "degenerate_baseline");
  EXPECT_EQ(low.text.find("nan"), std::string::npos) << low.text;
}

TEST(Report, PointsAloneNeedNoPopulation) {
  const char* points = R"({"signals": {"nps": {"weight": 9, "measure": "last"}, "login": 0}})";
  EXPECT_EQ(flags_of(points, {row_of(R"({"nps": {"2025-01-01": [1, 7]}})")}), "");
  EXPECT_EQ(flags_of(R"({"signals": {"nps": {"weight": 9, "measure": "last"}, "login": 1}})",
                     {row_of(R"({"nps": {"2025-01-01": [1, 7]}, "login": {"2026-01-31": 1}})")}),
            "small_population");
}

// A reading that is taken every night is no visit: it hides neither a silent account nor a feed that is cut.
TEST(Report, ReadingsAreNoUsage) {
  std::string nightly = R"("nps": {"2026-01-10": [1, 7])";
  for (int day = 11; day <= 31; ++day) nightly += ", \"2026-01-" + std::to_string(day) + "\": [1, 7]";
  nightly += "}";
  std::vector<PartitionRow> rows(20, row_of("{" + nightly + R"(, "login": {"2025-01-01": 1, "2026-01-26": 3}})"));
  rows.push_back(row_of("{" + nightly + R"(, "export": {"2025-01-01": 1, "2026-01-31": 1}})"));
  rows.push_back(row_of("{" + nightly + "}"));
  const auto asked = [&](const std::string& nps, std::size_t row) {
    const auto model = model_of(R"({"signals": {"login": 1, "nps": {"weight": 1, "measure": "last")" + nps + "}}}");
    Partition partition(*model, rows);
    const Report report = partition.report(row);
    return std::to_string(report.row.days_inactive.value_or(-1)) + " " + report.flags;
  };
  EXPECT_EQ(asked("", 0), "5 stale_data") << "whatever is still read";
  EXPECT_EQ(asked("", 20), "-1 no_activity,unscored_signals,stale_data") << "nor a name that is not known";
  EXPECT_EQ(asked("", 21), "-1 no_activity,new_account,stale_data") << "but it has been there since the first reading";
  EXPECT_EQ(asked(R"(, "usage": true)", 0), "0 signal_stopped") << "others go on, logins do not";
  // Nothing of this can be told where no signal is usage.
  const auto model = model_of(R"({"signals": {"nps": {"weight": 1, "measure": "last"}, "login": -1}})");
  Partition partition(*model, rows);
  EXPECT_EQ(partition.report(0).row.days_inactive, std::nullopt);
  EXPECT_EQ(partition.report(21).flags.find("no_activity"), std::string::npos);
  EXPECT_EQ(partition.report(0).flags.find("stale_data"), std::string::npos);
}

TEST(Report, FlagsAccountsWithoutActivity) {
  std::vector<PartitionRow> rows = crowd(20);
  rows.push_back(row_of("{}"));
  EXPECT_EQ(flags_of(kLogins, rows, 20), "no_activity");
  rows.push_back(row_of(R"({"login": {"2026-02-01": 5}})"));
  EXPECT_EQ(flags_of(kLogins, rows, 21), "no_activity") << "what comes later is not known yet";
}

TEST(Report, FlagsNewAccounts) {
  std::vector<PartitionRow> rows = crowd(20);
  rows.push_back(row_of(R"({"login": {"2026-01-03": 1, "2026-01-31": 1}})"));  // not before 2026-01-04
  rows.push_back(row_of(R"({"login": {"2026-01-04": 1}})"));
  EXPECT_EQ(flags_of(kLogins, rows, 20), "");
  EXPECT_EQ(flags_of(kLogins, rows, 21), "new_account");
}

TEST(Report, FlagsSignalsTheModelDoesNotKnow) {
  std::vector<PartitionRow> rows = crowd(20);
  rows.push_back(row_of(R"({"login": {"2025-01-01": 1}, "export": {"2026-01-31": 1}})"));
  rows.push_back(
      row_of(R"({"login": {"2025-01-01": 1}, "export": {"2025-11-03": 1}})"));  // the first day of the window
  rows.push_back(row_of(R"({"login": {"2025-01-01": 1}, "export": {"2025-11-02": 1}})"));
  EXPECT_EQ(flags_of(kLogins, rows, 20), "unscored_signals");
  EXPECT_EQ(flags_of(kLogins, rows, 21), "unscored_signals");
  EXPECT_EQ(flags_of(kLogins, rows, 22), "");
  EXPECT_EQ(flags_of(R"({"signals": {"login": 1, "export": 0}})", rows, 20), "") << "weight 0 is known, but not scored";
  EXPECT_EQ(flags_of(R"({"signals": {"login": {"weight": 1, "aliases": ["export"]}}})", rows, 20), "");
}

TEST(Report, FlagsADropOfUsage) {
  // 28 days before 2026-02-01 is 2026-01-04. Without decay a fall needs activity that leaves the window.
  const char* month = R"({"window_days": 28, "signals": {"login": 1}})";
  const auto account = [](int before, int now) {
    return row_of(R"({"login": {"2025-12-20": )" + std::to_string(before) + R"(, "2026-01-31": )" +
                  std::to_string(now) + "}}");
  };
  std::vector<PartitionRow> rows = crowd(20);
  rows.push_back(account(10, 7));
  rows.push_back(account(100, 71));
  EXPECT_EQ(flags_of(month, rows, 20), "usage_drop");
  EXPECT_EQ(flags_of(month, rows, 21), "");
}

TEST(Report, FlagsDataThatIsStale) {
  const auto population = [](const std::string& last) {
    std::vector<PartitionRow> rows(20, row_of(R"({"login": {"2025-01-01": 1, "2026-01-05": 1}})"));
    rows.push_back(row_of(R"({"login": {"2025-01-01": 1, ")" + last + R"(": 1}})"));
    return rows;
  };
  EXPECT_EQ(flags_of(kLogins, population("2026-01-30")), "") << "as_of - 2";
  EXPECT_EQ(flags_of(kLogins, population("2026-01-29")), "stale_data");
  EXPECT_EQ(flags_of(kLogins, std::vector<PartitionRow>(20, row_of("{}"))),
            "no_activity,small_population,degenerate_baseline,stale_data");
}

TEST(Report, FlagsASignalThatStoppedForAll) {
  // Of so many of twenty accounts that log in daily, exports until so many days ago; before, on the days given.
  const auto flags = [](int exporting, int last, const std::string& model = "", int before = 1) {
    std::string logins, exports;
    for (int ago = 60; ago >= 1; --ago) {
      const std::string date = "\"" + std::string(DateText(kAsOf - ago).text) + "\": 1";
      logins += (ago == 60 ? "" : ", ") + date;
      if (ago >= last && (ago - last) % before == 0) exports += (exports.empty() ? "" : ", ") + date;
    }
    std::vector<PartitionRow> rows(20, row_of("{\"login\": {" + logins + "}}"));
    for (int i = 0; i < exporting; ++i)
      rows[static_cast<std::size_t>(i)] = row_of("{\"login\": {" + logins + "}, \"export\": {" + exports + "}}");
    return flags_of("{" + model + R"("signals": {"login": 1, "export": 1}})", rows, 19);
  };
  EXPECT_EQ(flags(4, 4), "signal_stopped") << "of everybody, whoever is asked";
  EXPECT_EQ(flags(4, 3), "");
  EXPECT_EQ(flags(3, 4), "") << "less than a fifth had it";
  EXPECT_EQ(flags(20, 8, "", 7), "signal_stopped") << "seven days after each sixth";
  EXPECT_EQ(flags(20, 7, "", 7), "") << "six days are usual";
  EXPECT_EQ(flags(20, 4, R"("min_population": 21, )"), "small_population");
  EXPECT_EQ(flags(20, 5, R"("weekend": [6, 7], )"), "signal_stopped");
  EXPECT_EQ(flags(20, 4, R"("weekend": [6, 7], )"), "") << "one of the three days was a Saturday";
}

TEST(Report, FlagsAFleetThatFell) {
  const auto flags = [](int now, int last, int accounts = 20, const std::string& model = "") {
    const auto account = [](int recent) {
      return row_of(R"({"login": {"2025-12-20": 100, "2026-01-31": )" + std::to_string(recent) + "}}");
    };
    std::vector<PartitionRow> rows(static_cast<std::size_t>(accounts), account(now));
    for (std::size_t i = 0; i < 3; ++i) rows[i] = account(last);
    return flags_of("{" + model + R"("window_days": 28, "signals": {"login": 1}})", rows);
  };
  EXPECT_EQ(flags(80, 80), "fleet_fell");
  EXPECT_EQ(flags(81, 80), "") << "the median did not";
  EXPECT_EQ(flags(80, 81), "") << "the baseline did not";
  EXPECT_EQ(flags(80, 80, 19), "small_population");
  EXPECT_EQ(flags(80, 80, 20, R"("baseline": 100, )"), "");
}

TEST(Report, FlagsStandInAFixedOrderAndFit) {
  const AccountSize ten = 10;
  const char* model = R"({"window_days": 28, "population": "all",
                          "signals": {"login": {"weight": -1, "unit": "raw", "usage": true}}})";
  EXPECT_EQ(flags_of(model, {row_of(R"({"login": {"2026-01-10": 1}, "x": {"2026-01-10": 1}})"), row_of("{}", ten)}),
            "size_missing,new_account,small_population,degenerate_baseline,unscored_signals,stale_data");
  EXPECT_EQ(flags_of(model, {{false}}), "no_data,small_population,degenerate_baseline,stale_data");
}

// ---------------------------------------------------------------- properties

TEST(Report, AgreesWithItsParts) {
  Random random(1);
  for (int round = 0; round < 150; ++round) {
    const auto model = model_of(random_model(&random));
    std::vector<PartitionRow> rows;
    for (auto n = random.between(1, 25); n > 0; --n) {
      if (random.one_in(8)) {
        rows.push_back({false, owned(kEmptyActivity), random.one_in(2) ? AccountSize{} : AccountSize(1000)});
        continue;
      }
      const AccountSize size = round % 2 == 0 || random.one_in(4) ? AccountSize{} : AccountSize(random.real(1, 50));
      rows.push_back({true, encode(random_reference(&random, 8, 20, kAsOf - 100, kAsOf + 10)), size});
    }
    // Sizes, raw scores and baselines by hand.
    std::vector<double> sizes;
    for (const PartitionRow& row : rows)
      if (row.known && row.size.has_value()) sizes.push_back(*row.size);
    const bool sized = !sizes.empty();
    const double median = sized ? quantile(sizes, 0.5, heap()) : 0;
    const auto scores_at = [&](std::int64_t as_of) {
      std::vector<Evaluation> evaluations(rows.size());
      std::vector<double> raws;
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!rows[i].known) continue;
        Ledger ledger(heap());
        ledger.load(rows[i].activity, *model);
        const AccountSize size = sized && !rows[i].size.has_value() ? AccountSize(median) : rows[i].size;
        evaluations[i] = evaluate(&ledger, *model, as_of, size, nullptr);
        if ((!sized || rows[i].size.has_value()) && eligible(evaluations[i].raw, *model))
          raws.push_back(evaluations[i].raw);
      }
      const Baseline baseline = baseline_of(raws, baseline_terms(*model), heap());
      std::vector<double> scores;
      for (const Evaluation& e : evaluations)
        scores.push_back(adjusted(normalized(e.raw, baseline, *model), e.praise, e.penalty).score);
      return scores;
    };
    const std::vector<double> now = scores_at(kAsOf), before = scores_at(kAsOf - model->trend_days);
    Partition full(*model, rows);
    Accounts brief(Wanted::score, *model, kAsOf, heap());
    for (const PartitionRow& row : rows) brief.add_account(row.known, row.size);
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (rows[i].known) brief.evaluate_account(i, rows[i].activity);
    brief.close();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Report report = full.report(i);
      ASSERT_EQ(report.row.scored, rows[i].known);
      if (!rows[i].known) continue;
      ASSERT_EQ(full.score(i), now[i]);
      ASSERT_EQ(brief.score(i), now[i]) << "health_score is the score of health_report";
      ASSERT_EQ(report.row.score, now[i]);
      ASSERT_EQ(report.row.band, band_of(now[i], model->bands));
      ASSERT_NEAR(report.points, now[i], 1e-9);
      ASSERT_NEAR(report.dimensions, now[i], 1e-9);
      const Reference cells = decode(rows[i].activity);
      const bool seen_before = std::any_of(cells.begin(), cells.end(), [&](const auto& signal) {
        return signal.second.begin()->first < kAsOf - model->trend_days;
      });
      ASSERT_EQ(report.row.score_change.has_value(), seen_before);
      const bool ever = std::any_of(cells.begin(), cells.end(),
                                    [](const auto& signal) { return signal.second.begin()->first < kAsOf; });
      ASSERT_EQ(report.flags.find("new_account") != std::string::npos, ever && !seen_before);
      ASSERT_EQ(report.flags.find("no_activity") != std::string::npos, model->has_usage() && !report.row.days_inactive);
      if (!seen_before) continue;
      ASSERT_EQ(*report.row.previous_score, before[i]);
      ASSERT_EQ(*report.row.score_change, now[i] - before[i]);
      ASSERT_NEAR(report.change, now[i] - before[i], 1e-9);
      ASSERT_STREQ(report.row.trend, now[i] - before[i] >= 10 ? "up" : now[i] - before[i] <= -10 ? "down" : "flat");
    }
  }
}

TEST(Report, RowsMayBeAskedForInAnyOrderAndTwice) {
  Random random(2);
  for (int round = 0; round < 30; ++round) {
    const auto model = model_of(random_model(&random));
    std::vector<PartitionRow> rows;
    for (int i = 0; i < 20; ++i)
      rows.push_back({!random.one_in(5), encode(random_reference(&random, 8, 20, kAsOf - 100, kAsOf)), {}});
    Partition forward(*model, rows), other(*model, rows);
    std::vector<std::string> told;
    for (std::size_t i = 0; i < rows.size(); ++i) told.push_back(forward.report(i).text);
    for (int i = 0; i < 60; ++i) {
      const auto row = static_cast<std::size_t>(random.between(0, 19));
      ASSERT_EQ(other.report(row).text, told[row]);
    }
  }
}

}  // namespace
}  // namespace health
