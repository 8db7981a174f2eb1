#include "pg/partition.hpp"

#include "pg/raw.hpp"

namespace health {

namespace {

// Arguments of both functions.
enum AccountArgument { kActivity, kModel, kAsOf, kSize, kSince };

}  // namespace

void AccountsPartition::read(Wanted wanted, FunctionCallInfo fcinfo, ModelCache* models) {
  if (ready_) return;
  PartitionReader reader(fcinfo);
  read_accounts(wanted, fcinfo, models, &reader);
  if (accounts_ != nullptr) {
    if (waiting_) evaluate_unsized(&reader);
    guarded([&](Memory*) { accounts_->close(); });
  }
  reader.close();
  ready_ = true;
}

// First pass: models, dates and sizes, and the activities of accounts that have a size, or where nobody is asked for
// one: an account without takes the median of all sizes.
void AccountsPartition::read_accounts(Wanted wanted, FunctionCallInfo fcinfo, ModelCache* models,
                                      PartitionReader* reader) {
  const bool sized = PG_NARGS() > kSize;
  std::int64_t skipped = 0;  // rows without a model, before the first one with it
  for (std::int64_t row = 0; row < reader->rows(); ++row) {
    reader->begin_row();
    const NullableDatum day = reader->argument(kAsOf, row), document = reader->argument(kModel, row);
    const bool takes_part = !day.isnull && !document.isnull;
    if (takes_part) {
      model_.take(models, fcinfo, document.value);
      as_of_.take(day_of_date(DatumGetDateADT(day.value), "as_of"), "as_of", "partition");
    }
    const NullableDatum activity = takes_part ? reader->argument(kActivity, row) : NullableDatum{0, true};
    const NullableDatum size = sized ? reader->argument(kSize, row) : NullableDatum{0, true};
    const NullableDatum since = PG_NARGS() > kSince ? reader->argument(kSince, row) : NullableDatum{0, true};
    TermsArgument terms;
    if (!size.isnull) terms.size = DatumGetFloat8(size.value);
    if (!since.isnull) terms.since = day_of_bound(DatumGetDateADT(since.value));
    if (!model_.known()) {
      ++skipped;
    } else {
      if (accounts_ == nullptr) begin(wanted, reader->rows(), skipped);
      guarded([&](Memory*) { accounts_->add_account(!activity.isnull, terms.terms()); });
      const auto account = static_cast<std::size_t>(row);
      if (!activity.isnull && (!sized || accounts_->sized(account))) evaluate_account(account, activity);
      else waiting_ = waiting_ || !activity.isnull;
    }
    reader->end_row();
  }
}

void AccountsPartition::begin(Wanted wanted, std::int64_t rows, std::int64_t skipped) {
  accounts_ = built<Accounts>(GetMemoryChunkContext(this), wanted, model_.model(), std::int64_t{as_of_.day});
  guarded([&](Memory*) {
    accounts_->reserve(static_cast<std::size_t>(rows));
    for (; skipped > 0; --skipped) accounts_->add_account(false, {});
  });
}

void AccountsPartition::evaluate_account(std::size_t account, NullableDatum argument) {
  // The second pass evaluates the argument once more; only a volatile one can have become NULL.
  if (argument.isnull)
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("activity changed while its partition was read"),
                    errhint("Arguments of health_score and health_report must not be volatile.")));
  const varlena* activity = activity_argument(argument.value);
  guarded([&](Memory* memory) { accounts_->evaluate_account(account, canonical(activity, memory)); });
}

// Second pass, once the sizes are known, for accounts without one.
void AccountsPartition::evaluate_unsized(PartitionReader* reader) {
  for (std::int64_t row = 0; row < reader->rows(); ++row) {
    const auto account = static_cast<std::size_t>(row);
    if (!accounts_->known(account) || accounts_->sized(account)) continue;
    reader->begin_row();
    evaluate_account(account, reader->argument(kActivity, row));
    reader->end_row();
  }
}

bool AccountsPartition::takes_part(FunctionCallInfo fcinfo) const {
  return accounts_ != nullptr && !current_argument(fcinfo, kModel).isnull && !current_argument(fcinfo, kAsOf).isnull;
}

}  // namespace health
