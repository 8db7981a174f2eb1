// One partition of health_score or health_report, read as a whole when its first row is asked for: one account a row.
#pragma once

#include "core/report.hpp"
#include "pg/window.hpp"

namespace health {

// Zeroed when the partition begins.
class AccountsPartition {
 public:
  // At each row; reads the partition at the first one. Raises 22023 when models or dates differ.
  void read(Wanted wanted, FunctionCallInfo fcinfo, ModelCache* models);
  // False where the row at hand has no model or no date, so that its result is NULL.
  bool takes_part(FunctionCallInfo fcinfo) const;
  // Of rows that take part.
  Accounts& accounts() { return *accounts_; }
  const Model& model() const { return model_.model(); }
  Day as_of() const { return as_of_.day; }

 private:
  void read_accounts(Wanted wanted, FunctionCallInfo fcinfo, ModelCache* models, PartitionReader* reader);
  void begin(Wanted wanted, std::int64_t rows, std::int64_t skipped);
  void evaluate_account(std::size_t account, NullableDatum activity);
  void evaluate_unsized(PartitionReader* reader);

  bool ready_;
  bool waiting_;  // accounts for the second pass
  PartitionModel model_;
  SharedDay as_of_;
  Accounts* accounts_;  // null: no row has a model and a date
};

// The row at hand, by its number in the partition.
inline std::size_t current_account(FunctionCallInfo fcinfo) {
  return static_cast<std::size_t>(WinGetCurrentPosition(PG_WINDOW_OBJECT()));
}

}  // namespace health
