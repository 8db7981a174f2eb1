// One partition of health_score or health_report, read as a whole when its first row is asked for. Accounts is
// AccountScores or AccountReports: one account a row.
#pragma once

#include <new>

#include "core/score.hpp"
#include "pg/raw.hpp"
#include "pg/window.hpp"

namespace health {

// Arguments of both functions.
enum PopulationArgument { kActivity, kModel, kAsOf, kSize, kSince };

// Zeroed when the partition begins.
template <class Accounts>
struct PopulationPartition {
  bool ready;
  bool waiting;  // accounts for the second pass
  PartitionModel model;
  SharedDay as_of;
  Accounts* accounts;  // null: no row has a model and a date

  void evaluate_account(std::size_t account, NullableDatum argument) {
    // The second pass evaluates the argument once more; only a volatile one can have become NULL.
    if (argument.isnull)
      ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("activity changed while its partition was read"),
                      errhint("Arguments of health_score and health_report must not be volatile.")));
    const varlena* activity = activity_argument(argument.value);
    guarded([&](Memory* memory) { accounts->evaluate_account(account, canonical(activity, memory)); });
  }

  // First pass: models, dates and sizes, and the activities of accounts that have a size, or where nobody is asked for
  // one: an account without takes the median of all sizes.
  void read_accounts(FunctionCallInfo fcinfo, ModelCache* models, PartitionReader* reader) {
    MemoryContext keep = GetMemoryChunkContext(this);
    const bool sized = PG_NARGS() > kSize;
    std::int64_t skipped = 0;  // rows without a model, before the first one with it
    for (std::int64_t row = 0; row < reader->rows(); ++row) {
      reader->begin_row();
      const NullableDatum day = reader->argument(kAsOf, row), document = reader->argument(kModel, row);
      const bool takes_part = !day.isnull && !document.isnull;
      if (takes_part) {
        model.take(models, fcinfo, document.value);
        as_of.take(day_of_date(DatumGetDateADT(day.value), "as_of"), "as_of", "partition");
      }
      const NullableDatum activity = takes_part ? reader->argument(kActivity, row) : NullableDatum{0, true};
      const NullableDatum size = sized ? reader->argument(kSize, row) : NullableDatum{0, true};
      const NullableDatum since = PG_NARGS() > kSince ? reader->argument(kSince, row) : NullableDatum{0, true};
      TermsArgument terms;
      if (!size.isnull) terms.size = DatumGetFloat8(size.value);
      if (!since.isnull) terms.since = day_of_bound(DatumGetDateADT(since.value));
      if (!model.known()) {
        ++skipped;
      } else {
        if (accounts == nullptr) begin(keep, reader->rows(), skipped);
        guarded([&](Memory*) { accounts->add_account(!activity.isnull, terms.terms()); });
        const auto account = static_cast<std::size_t>(row);
        if (!activity.isnull && (!sized || accounts->sized(account))) evaluate_account(account, activity);
        else waiting = waiting || !activity.isnull;
      }
      reader->end_row();
    }
  }

  void begin(MemoryContext keep, std::int64_t rows, std::int64_t skipped) {
    auto* memory = new (MemoryContextAlloc(keep, sizeof(ContextMemory))) ContextMemory(keep);
    guarded([&](Memory*) {
      void* place = memory->allocate(sizeof(Accounts), alignof(Accounts));
      accounts = new (place) Accounts(model.model(), as_of.day, memory);
      accounts->reserve(static_cast<std::size_t>(rows));
      for (; skipped > 0; --skipped) accounts->add_account(false, {});
    });
  }

  // Second pass, once the sizes are known, for accounts without one.
  void evaluate_unsized(PartitionReader* reader) {
    for (std::int64_t row = 0; row < reader->rows(); ++row) {
      const auto account = static_cast<std::size_t>(row);
      if (!accounts->known(account) || accounts->sized(account)) continue;
      reader->begin_row();
      evaluate_account(account, reader->argument(kActivity, row));
      reader->end_row();
    }
  }

  void read(FunctionCallInfo fcinfo, ModelCache* models) {
    if (ready) return;
    PartitionReader reader(fcinfo);
    read_accounts(fcinfo, models, &reader);
    if (accounts != nullptr) {
      if (waiting) evaluate_unsized(&reader);
      guarded([&](Memory*) { accounts->close(); });
    }
    reader.close();
    ready = true;
  }

  // False where the row at hand has no model or no date, so that its result is NULL.
  bool takes_part(FunctionCallInfo fcinfo) const {
    return accounts != nullptr && !current_argument(fcinfo, kModel).isnull && !current_argument(fcinfo, kAsOf).isnull;
  }
};

// The row at hand, by its number in the partition.
inline std::size_t current_account(FunctionCallInfo fcinfo) {
  return static_cast<std::size_t>(WinGetCurrentPosition(PG_WINDOW_OBJECT()));
}

}  // namespace health
