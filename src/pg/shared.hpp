// What all rows of a group or of a partition must have in common: the model, the date. In messages, `rows` is "group"
// or "partition". All are zeroed to begin with.
#pragma once

#include "pg/model.hpp"
#include "pg/values.hpp"

namespace health {

// Rows differ in what they must share: 22023.
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

// The model of a partition: the cache's own, since one partition is over when the next begins.
struct PartitionModel {
  const CompiledModel* compiled;
  bool known() const { return compiled != nullptr; }
  const Model& model() const { return *compiled->model; }
  void take(ModelCache* cache, FunctionCallInfo fcinfo, Datum model) {
    if (!known()) compiled = &cache->get(model, fcinfo->flinfo->fn_mcxt);
    else if (!same_model(*compiled, model)) raise_mixed("model", "partition");
  }
  // For a function that keeps nothing else.
  void take(FunctionCallInfo fcinfo, Datum model) { take(kept_between_calls<ModelCache>(fcinfo), fcinfo, model); }
};

// The model of a group. There may be as many groups as accounts, all open at once, so a group keeps no model, but which
// one it was and the few numbers that its result needs.
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
