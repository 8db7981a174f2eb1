// Types health_population and health_population_part, and the aggregates that make them.
#include "pg/population.hpp"

#include <cstring>
#include <utility>

#include "pg/aggregate.hpp"
#include "pg/json.hpp"
#include "pg/raw.hpp"
#include "pg/shared.hpp"

namespace health {

// ---------------------------------------------------------------- a finished one

namespace {

// The model within a document. Raises 22023 where there is none.
const JsonNode* model_nodes(const JsonNode* nodes) {
  for (const Json item : Json(nodes, 0))
    if (item->key == "model") return &nodes[item.index()];
  ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("invalid health_population: model is missing"),
                  errhint("A population is made by health_population(activity, model, as_of).")));
}

std::uint32_t place_of_model(const JsonNode* nodes) { return static_cast<std::uint32_t>(model_nodes(nodes) - nodes); }

CompiledPopulation compiled(Jsonb* document, MemoryContext context) {
  MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "health_population", ALLOCSET_DEFAULT_SIZES);
  MemoryContext caller = MemoryContextSwitchTo(scratch);
  const JsonNode* nodes = json_nodes(document);
  const std::uint32_t place = place_of_model(nodes);
  auto* model = placed<Model>(context);
  auto* population = placed<Population>(context);
  guarded([&](Memory*) {
    check_population_version(Json(nodes, 0));
    model->read(Json(nodes, place), memory_of(model->signals));
    model->require_signals();
    read_population(Json(nodes, 0), *model, population);
  });
  check_language(model->language);
  MemoryContextSwitchTo(caller);
  MemoryContextDelete(scratch);
  return {model, population, nullptr};
}

// The same document with its numbers in their shortest form.
Jsonb* plain_document(Jsonb* document) {
  const JsonNode* nodes = json_nodes(document);
  return jsonb_written([&](JsonWriter* out, Memory*) { out->copy(Json(nodes, 0)); });
}

// The document in its canonical form.
Jsonb* canonical_document(Jsonb* document) {
  const CompiledPopulation made = compiled(document, CurrentMemoryContext);
  const JsonNode* nodes = json_nodes(document);
  const std::uint32_t place = place_of_model(nodes);
  return jsonb_written(
      [&](JsonWriter* out, Memory*) { write_population(*made.population, *made.model, Json(nodes, place), out); });
}

Jsonb* in_other_words(Datum population, Jsonb* words) {
  const JsonNode *nodes = json_nodes(DatumGetJsonbP(population)), *changes = json_nodes(words);
  return canonical_document(
      jsonb_written([&](JsonWriter* out, Memory*) { override_words(Json(nodes, 0), Json(changes, 0), out); }));
}

}  // namespace

CompiledPopulation* population_argument(Datum datum) {
  static BytesCache<CompiledPopulation*> cache;  // what a function keeps in fn_extra is gone with each execution
  const std::string_view bytes = followed(bytes_as_given(datum));
  if (CompiledPopulation* const* known = cache.find(bytes)) return *known;
  MemoryContext context = cache.room(TopMemoryContext);
  auto* made = static_cast<CompiledPopulation*>(MemoryContextAlloc(context, sizeof(CompiledPopulation)));
  *made = compiled(DatumGetJsonbP(PointerGetDatum(bytes.data())), context);
  return *cache.put(copied(bytes, context), made);
}

namespace {

// Makes what evaluates and reports at a date, in place of what was there for another one: nothing of that is left,
// since a session may change dates as often as it has rows.
void set_date(CompiledPopulation* against, Day as_of) {
  const Population& population = *against->population;
  if (against->dated != nullptr && against->dated->as_of == as_of) return;
  if (as_of < population.as_of)
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("as_of %s is before the population's %s", DateText(as_of).text,
                           DateText(static_cast<Day>(population.as_of)).text),
                    errhint("A population is asked at its own date or later; build one for the earlier date.")));
  guarded([&](Memory*) {
    Memory* const memory = memory_of(population.signals);
    std::pmr::polymorphic_allocator<> allocator(memory);
    if (against->dated != nullptr) allocator.delete_object(std::exchange(against->dated, nullptr));
    against->dated = allocator.new_object<DatedReport>(*against->model, population, as_of, memory);
  });
}

}  // namespace

bool evaluate_argument(Wanted wanted, FunctionCallInfo fcinfo, CompiledPopulation** against,
                       EvaluatedAccount* account) {
  if (PG_ARGISNULL(0)) return false;
  constexpr int kFirstTerm = 2, kAsOf = 4;
  CompiledPopulation* population = population_argument(PG_GETARG_DATUM(0));
  set_date(population, PG_ARGISNULL(kAsOf) ? static_cast<Day>(population->population->as_of)
                                           : day_of_date(PG_GETARG_DATEADT(kAsOf), "as_of"));
  const TermsArgument given = terms_argument(fcinfo, kFirstTerm);
  *against = population;
  if (PG_ARGISNULL(1)) {
    guarded([&](Memory*) {
      *account = {};
      account->terms = given.terms();
    });
    return true;
  }
  const varlena* activity = activity_argument(PG_GETARG_DATUM(1));
  guarded([&](Memory* memory) {
    *account = population->population->evaluate(wanted, canonical(activity, memory), given.terms(),
                                                &population->dated->evaluator);
  });
  return true;
}

extern "C" {

PG_FUNCTION_INFO_V1(health_population_in);
Datum health_population_in(PG_FUNCTION_ARGS) {
  PG_RETURN_JSONB_P(canonical_document(jsonb_of_text(PG_GETARG_CSTRING(0), "health_population")));
}

PG_FUNCTION_INFO_V1(health_population_recv);
Datum health_population_recv(PG_FUNCTION_ARGS) {
  auto* message = reinterpret_cast<StringInfo>(PG_GETARG_POINTER(0));
  PG_RETURN_JSONB_P(canonical_document(jsonb_of_message(message, "health_population")));
}

PG_FUNCTION_INFO_V1(health_population_from_jsonb);
Datum health_population_from_jsonb(PG_FUNCTION_ARGS) { PG_RETURN_JSONB_P(canonical_document(PG_GETARG_JSONB_P(0))); }

PG_FUNCTION_INFO_V1(health_population_override);
Datum health_population_override(PG_FUNCTION_ARGS) {
  return overridden_once(
      fcinfo, [](Datum population, Datum words) { return in_other_words(population, DatumGetJsonbP(words)); });
}

PG_FUNCTION_INFO_V1(health_population_override_text);
Datum health_population_override_text(PG_FUNCTION_ARGS) {
  return overridden_once(fcinfo, [](Datum population, Datum words) {
    return in_other_words(population, jsonb_of_text(TextDatumGetCString(words), "health_population"));
  });
}

// (population) -> rows of signal, label, contribution, recent, days_inactive, pct, stopped
PG_FUNCTION_INFO_V1(health_population_rows);
Datum health_population_rows(PG_FUNCTION_ARGS) {
  const CompiledPopulation* against = population_argument(PG_GETARG_DATUM(0));
  const Model& model = *against->model;
  const bool peers = against->population->peers;
  InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
  auto* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
  for (const PeerSignal& each : against->population->signals) {
    const Signal& signal = model.signal(each.signal);
    Datum values[] = {text_datum(signal.name),
                      text_datum(signal.label.in(model.language)),
                      Float8GetDatum(each.contribution),
                      Float8GetDatum(each.recent),
                      Float8GetDatum(each.days_inactive.value_or(0)),
                      Float8GetDatum(each.pct.value_or(0)),
                      DateADTGetDatum(date_of_day(each.stopped.value_or(0)))};
    bool nulls[] = {false,     false,        !peers || signal.unit != Unit::raw, !peers, !each.days_inactive,
                    !each.pct, !each.stopped};
    tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
  }
  return static_cast<Datum>(0);
}
}

// ---------------------------------------------------------------- parts

namespace {

// A part as it is stored: a header, the model as text in UTF-8, since jsonb from outside could not be trusted, and the
// part's bytes (core/population.hpp).
struct PartHead {
  std::int32_t vl_len;  // of a varlena
  std::uint8_t version, terms;
  Day as_of;
  std::uint32_t model_bytes;
};
constexpr std::uint8_t kPartVersion = 1;

// What the accounts of a part, and all parts of a population, have in common.
struct PartTerms {
  ModelId id;
  Jsonb* document;  // of the model
  Day as_of;
  int given;  // with 1: a size; with 2: a size and since
};

// A part in the making: what the aggregates keep, an expanded object, which becomes a stored part where it is copied.
// It is never destroyed but goes with its context.
struct PartState {
  ExpandedObjectHeader header;  // and the context
  PartTerms terms;
  const Model* model;
  PopulationPart* part;
  AccountEvaluator* evaluator;  // null until an account is added
  const char* text;             // the document in UTF-8, for stored parts; null until one is asked for
};

// Sets up a state for a model and a date.
void begin(PartState* state, const PartTerms& terms) {
  if (terms.as_of < kFirstDay || terms.as_of > kLastDay + 1)
    ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
                    errmsg("as_of is out of range: %s", DateText(terms.as_of).text),
                    errhint("The date of a population lies between 1970-01-01 and 2200-01-01.")));
  MemoryContext context = state->header.eoh_context;
  MemoryContext caller = MemoryContextSwitchTo(context);
  state->terms = terms;
  state->terms.document = plain_document(terms.document);
  state->model = kept_model(json_nodes(state->terms.document), context);
  state->part = built<PopulationPart>(context, *state->model, std::int64_t{terms.as_of});
  MemoryContextSwitchTo(caller);
}

// Before an account is added to a state: it is begun, or checked to be of the same terms.
void take_row(PartState* state, const PartTerms& terms) {
  if (state->part == nullptr) return begin(state, terms);
  if (state->terms.id != terms.id) raise_mixed("model", "group");
  if (state->terms.as_of != terms.as_of) raise_mixed("as_of", "group");
}

// The same before a part is added.
void take_part(PartState* state, const PartTerms& terms) {
  if (state->part == nullptr) return begin(state, terms);
  const char* const different = state->terms.id != terms.id         ? "model"
                                : state->terms.as_of != terms.as_of ? "as_of"
                                : state->terms.given != terms.given ? "use of size and since"
                                                                    : nullptr;
  if (different != nullptr)
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("%s differs within one population", different),
                    errhint("All accounts of a population have one model and date, and a size or since all or none: "
                            "make all parts alike, or add what differs to GROUP BY.")));
}

// A database in SQL_ASCII converts nothing, UTF-8 or not.
bool converts_text() { return GetDatabaseEncoding() != PG_SQL_ASCII; }

[[noreturn]] void invalid_part() {
  ereport(ERROR,
          (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION), errmsg("invalid health_population_part"),
           errhint("Parts are made by health_population_part(activity, model, as_of) on a server of the same build.")));
}

// Adds a part as it is stored to a state, which it may begin.
void add_stored(PartState* state, Datum datum, FunctionCallInfo fcinfo) {
  auto* bytes = reinterpret_cast<char*>(PG_DETOAST_DATUM(datum));
  const std::size_t size = VARSIZE(bytes);
  PartHead head;
  if (size < sizeof head) invalid_part();
  std::memcpy(&head, bytes, sizeof head);
  if (head.version != kPartVersion)
    ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                    errmsg("invalid health_population_part: unknown version %d", head.version), errhint(kNewerHint)));
  if (head.model_bytes > size - sizeof head) invalid_part();
  char* text = pnstrdup(bytes + sizeof head, head.model_bytes);
  if (std::strlen(text) != head.model_bytes) invalid_part();
  if (converts_text()) text = pg_any_to_server(text, static_cast<int>(head.model_bytes), PG_UTF8);
  Jsonb* document = jsonb_of_text(text, "health_population_part");
  const CompiledModel& model = compiled_argument(fcinfo, PointerGetDatum(document));
  take_part(state, {model.id, document, head.as_of, head.terms});
  const std::size_t at = sizeof head + head.model_bytes;
  const Bytes rest(reinterpret_cast<const std::uint8_t*>(bytes) + at, size - at);
  guarded([&](Memory*) { state->part->merge(rest); });
}

PartState* state_of_object(ExpandedObjectHeader* object) { return reinterpret_cast<PartState*>(object); }

Size stored_size(ExpandedObjectHeader* object) {
  PartState* state = state_of_object(object);
  if (state->text == nullptr) {
    MemoryContext caller = MemoryContextSwitchTo(object->eoh_context);
    char* text =
        JsonbToCString(nullptr, &state->terms.document->root, static_cast<int>(VARSIZE(state->terms.document)));
    state->text = converts_text() ? pg_server_to_any(text, static_cast<int>(std::strlen(text)), PG_UTF8) : text;
    MemoryContextSwitchTo(caller);
  }
  const std::size_t size = sizeof(PartHead) + std::strlen(state->text) + state->part->bytes();
  if (size > MaxAllocSize)
    ereport(ERROR,
            (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("a health_population_part has at most 1 GB"),
             errhint("Make the population of fewer accounts at once, or without parts: health_population(...).")));
  return size;
}

void store(ExpandedObjectHeader* object, void* result, Size size) {
  const PartState* state = state_of_object(object);
  const std::size_t model = std::strlen(state->text);
  PartHead head{};
  head.version = kPartVersion;
  head.terms = static_cast<std::uint8_t>(state->terms.given);
  head.as_of = state->terms.as_of;
  head.model_bytes = static_cast<std::uint32_t>(model);
  auto* to = static_cast<std::uint8_t*>(result);
  std::memcpy(to, &head, sizeof head);
  std::memcpy(to + sizeof head, state->text, model);
  guarded([&](Memory*) { state->part->write(to + sizeof head + model); });
  SET_VARSIZE(result, size);
}
const ExpandedObjectMethods kPartMethods = {stored_size, store};

PartState* new_state(MemoryContext parent) {
  MemoryContext context = AllocSetContextCreate(parent, "health_population_part", ALLOCSET_SMALL_SIZES);
  auto* state = static_cast<PartState*>(MemoryContextAllocZero(context, sizeof(PartState)));
  EOH_init_header(&state->header, &kPartMethods, context);
  return state;
}

// The part in the making that a value is; null where it is a stored one.
PartState* in_the_making(Datum part) {
  if (!VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(part))) return nullptr;
  ExpandedObjectHeader* object = DatumGetEOHP(part);
  return object->eoh_methods == &kPartMethods ? state_of_object(object) : nullptr;
}

void add_part(PartState* state, Datum part, FunctionCallInfo fcinfo) {
  PartState* const other = in_the_making(part);
  if (other == nullptr) return add_stored(state, part, fcinfo);
  take_part(state, other->terms);
  guarded([&](Memory*) { state->part->merge(*other->part); });
}

// The first argument of a transition, to be added to.
PartState* part_argument(FunctionCallInfo fcinfo) {
  MemoryContext context = aggregate_context(fcinfo);
  if (PG_ARGISNULL(0)) return new_state(context);
  const Datum part = PG_GETARG_DATUM(0);
  if (VARATT_IS_EXTERNAL_EXPANDED_RW(DatumGetPointer(part)))
    if (PartState* const own = in_the_making(part)) return own;
  PartState* state = new_state(context);
  add_part(state, part, fcinfo);
  return state;
}

// A part argument to be read.
const PartState* part_argument(FunctionCallInfo fcinfo, int argument) {
  const Datum part = PG_GETARG_DATUM(argument);
  if (const PartState* const made = in_the_making(part)) return made;
  PartState* state = new_state(CurrentMemoryContext);
  add_stored(state, part, fcinfo);
  return state;
}

}  // namespace

extern "C" {

// Transition of health_population and health_population_part: (state, activity, model, as_of [, size [, since]]).
PG_FUNCTION_INFO_V1(health_population_add);
Datum health_population_add(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(2) || PG_ARGISNULL(3)) return unchanged(fcinfo);
  PartState* state = part_argument(fcinfo);
  const CompiledModel& model = compiled_argument(fcinfo, PG_GETARG_DATUM(2));
  constexpr int kFirstTerm = 4;
  take_row(state, {model.id, DatumGetJsonbP(PointerGetDatum(model.whole.data())),
                   day_of_date(PG_GETARG_DATEADT(3), "as_of"), PG_NARGS() - kFirstTerm});
  if (!PG_ARGISNULL(1)) {
    if (state->evaluator == nullptr)
      state->evaluator =
          built<AccountEvaluator>(state->header.eoh_context, *state->model, std::int64_t{state->terms.as_of});
    const varlena* activity = activity_argument(PG_GETARG_DATUM(1));
    const TermsArgument terms = terms_argument(fcinfo, kFirstTerm);
    guarded([&](Memory* memory) { state->part->add(canonical(activity, memory), terms.terms(), state->evaluator); });
    if (PointerGetDatum(activity) != PG_GETARG_DATUM(1)) pfree(const_cast<varlena*>(activity));
  }
  PG_RETURN_DATUM(EOHPGetRWDatum(&state->header));
}

// Combines two states, and is the transition of health_population_merge.
PG_FUNCTION_INFO_V1(health_population_combine);
Datum health_population_combine(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(1)) return unchanged(fcinfo);
  PartState* state = part_argument(fcinfo);
  add_part(state, PG_GETARG_DATUM(1), fcinfo);
  PG_RETURN_DATUM(EOHPGetRWDatum(&state->header));
}

// As it is stored.
PG_FUNCTION_INFO_V1(health_population_part_final);
Datum health_population_part_final(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  PG_RETURN_POINTER(PG_GETARG_VARLENA_P(0));
}

PG_FUNCTION_INFO_V1(health_population_final);
Datum health_population_final(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  const PartState* state = part_argument(fcinfo, 0);
  const JsonNode* nodes = json_nodes(state->terms.document);
  PG_RETURN_JSONB_P(jsonb_written([&](JsonWriter* out, Memory* memory) {
    Population population(memory);
    state->part->finish(&population);
    write_population(population, *state->model, Json(nodes, 0), out);
  }));
}

// The text form is that of bytea.
PG_FUNCTION_INFO_V1(health_population_part_in);
Datum health_population_part_in(PG_FUNCTION_ARGS) {
  const Datum bytes = DirectFunctionCall1(byteain, PG_GETARG_DATUM(0));
  add_stored(new_state(CurrentMemoryContext), bytes, fcinfo);
  PG_RETURN_DATUM(bytes);
}

// In hex whatever bytea_output is: the function is immutable.
PG_FUNCTION_INFO_V1(health_population_part_out);
Datum health_population_part_out(PG_FUNCTION_ARGS) {
  const bytea* bytes = PG_GETARG_BYTEA_PP(0);
  const std::size_t size = VARSIZE_ANY_EXHDR(bytes);
  auto* text = static_cast<char*>(palloc(2 * size + 3));
  text[0] = '\\';
  text[1] = 'x';
  text[hex_encode(VARDATA_ANY(bytes), size, text + 2) + 2] = '\0';
  PG_RETURN_CSTRING(text);
}

PG_FUNCTION_INFO_V1(health_population_part_recv);
Datum health_population_part_recv(PG_FUNCTION_ARGS) {
  const Datum bytes = DirectFunctionCall1(bytearecv, PG_GETARG_DATUM(0));
  add_stored(new_state(CurrentMemoryContext), bytes, fcinfo);
  PG_RETURN_DATUM(bytes);
}
}

}  // namespace health
