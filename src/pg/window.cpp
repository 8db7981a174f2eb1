#include "pg/window.hpp"

namespace health {

bool SharedArguments::take_model(NullableDatum model, MemoryContext keep) {
  if (model.isnull) return false;
  if (compiled_.model == nullptr) compiled_ = compile_model(model.value, keep);
  else require_same_model(compiled_, model.value, "partition");
  return true;
}

void SharedArguments::take_as_of(Datum datum) {
  const Day as_of = day_of_date(DatumGetDateADT(datum), "as_of");
  if (has_as_of_ && as_of != as_of_) raise_mixed("as_of", "partition");
  has_as_of_ = true;
  as_of_ = as_of;
}

}  // namespace health
