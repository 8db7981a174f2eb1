// What all rows of a group or of a partition must have in common: the model, the date. `rows` is "group" or "partition"
// for messages. Zeroed memory is the state before the first row.
#pragma once

#include "pg/model.hpp"
#include "pg/values.hpp"

namespace health {

// Raises 22023: `what` differs between rows.
[[noreturn]] void raise_mixed(const char* what, const char* rows);

struct SharedDay {
  bool known;
  Day day;
  void take(Day other, const char* what, const char* rows) {
    if (known && other != day) raise_mixed(what, rows);
    known = true;
    day = other;
  }
};

// The model of a partition. It belongs to the cache, which serves one partition at a time.
struct PartitionModel {
  const CompiledModel* compiled;
  bool known() const { return compiled != nullptr; }
  const Model& model() const { return *compiled->model; }
  void take(ModelCache* cache, FunctionCallInfo fcinfo, Datum model) {
    if (!known()) compiled = &cache->get(model, fcinfo->flinfo->fn_mcxt);
    else if (!same_model(*compiled, model)) raise_mixed("model", "partition");
  }
  // take() for a function that keeps only a ModelCache between its calls.
  void take(FunctionCallInfo fcinfo, Datum model) { take(kept_between_calls<ModelCache>(fcinfo), fcinfo, model); }
};

// The model of a group. There may be as many groups as accounts, all open at once, so a group keeps the model's id and
// the few numbers that its result needs, not the model.
template <class Terms>
struct GroupModel {
  bool known;
  ModelId id;
  Terms terms;
  void take(const ModelId& other, const Terms& of_other) {
    if (known && other != id) raise_mixed("model", "group");
    known = true;
    id = other;
    terms = of_other;
  }
};

}  // namespace health
