#include "pg/json.hpp"

#include <algorithm>
#include <cstring>

#include "pg/values.hpp"

namespace health {

namespace {

// A growing array of plain nodes; the server may jump while it is filled.
struct NodeList {
  JsonNode* nodes;
  std::uint32_t used, room;
};

JsonNode* append(NodeList* list, JsonType type, std::string_view key) {
  if (list->used == list->room) {
    list->room *= 2;
    list->nodes = static_cast<JsonNode*>(repalloc_huge(list->nodes, sizeof(JsonNode) * list->room));
  }
  list->nodes[list->used] = JsonNode{type, false, list->used + 1, key, {}};
  return &list->nodes[list->used++];
}

std::string_view view_of(const JsonbValue& value) {
  return {value.val.string.val, static_cast<std::size_t>(value.val.string.len)};
}

void append_scalar(NodeList* list, const JsonbValue& value, std::string_view key) {
  switch (value.type) {
    case jbvNull: append(list, JsonType::null, key); break;
    case jbvBool: append(list, JsonType::boolean, key)->boolean = value.val.boolean; break;
    case jbvString: append(list, JsonType::string, key)->text = view_of(value); break;
    case jbvNumeric:
      append(list, JsonType::number, key)->text =
          DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value.val.numeric)));
      break;
    default: elog(ERROR, "unexpected jsonb value type %d", static_cast<int>(value.type));
  }
}

// A key as the parser comes to it.
struct Key {
  const char* name;
  std::size_t object;    // number of the object it belongs to
  const Key* of_object;  // key under which that object stands, null at the top
  Key* next;             // in order of the text
};
struct OpenObject {
  std::size_t number;
  const Key *key, *current;  // key under which the object stands, and the last key read in it
  OpenObject* outer;
};
struct KeyWalk {
  Key *first, **end;  // a list
  std::size_t keys, objects;
  OpenObject* open;
};

HEALTH_JSON_ACTION open_object(void* state) {
  auto* walk = static_cast<KeyWalk*>(state);
  auto* object = static_cast<OpenObject*>(palloc(sizeof(OpenObject)));
  *object = {++walk->objects, walk->open != nullptr ? walk->open->current : nullptr, nullptr, walk->open};
  walk->open = object;
  HEALTH_JSON_GO_ON;
}

HEALTH_JSON_ACTION close_object(void* state) {
  auto* walk = static_cast<KeyWalk*>(state);
  walk->open = walk->open->outer;
  HEALTH_JSON_GO_ON;
}

HEALTH_JSON_ACTION note_key(void* state, char* name, bool) {
  CHECK_FOR_INTERRUPTS();
  auto* walk = static_cast<KeyWalk*>(state);
  auto* key = static_cast<Key*>(palloc(sizeof(Key)));
  *key = {pstrdup(name), walk->open->number, walk->open->key, nullptr};
  *walk->end = key;
  walk->end = &key->next;
  walk->open->current = key;
  ++walk->keys;
  HEALTH_JSON_GO_ON;
}

// Order of object and name: keys compare equal where one object has a key twice.
int compare_keys(const void* left, const void* right, void*) {
  const Key *a = *static_cast<const Key*const*>(left), *b = *static_cast<const Key*const*>(right);
  return a->object != b->object ? (a->object < b->object ? -1 : 1) : std::strcmp(a->name, b->name);
}

void append_path(StringInfo out, const Key* key) {
  if (key->of_object != nullptr) {
    append_path(out, key->of_object);
    appendStringInfoChar(out, '.');
  }
  appendBinaryStringInfo(out, key->name, pg_mbcliplen(key->name, static_cast<int>(std::strlen(key->name)), 100));
}

[[noreturn]] void raise_repeated(const Key* key, const char* type) {
  StringInfoData path;
  initStringInfo(&path);
  append_path(&path, key);
  ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("repeated key in %s: %s", type, path.data),
                  errhint("Write each key once.")));
  pg_unreachable();
}

void check_keys(const KeyWalk& walk, const char* type) {
  auto** keys = static_cast<const Key**>(MemoryContextAllocHuge(CurrentMemoryContext, sizeof(Key*) * walk.keys));
  std::size_t count = 0;
  for (const Key* key = walk.first; key != nullptr; key = key->next) keys[count++] = key;
  qsort_interruptible(keys, count, sizeof(Key*), compare_keys, nullptr);
  for (std::size_t i = 1; i < count; ++i)
    if (compare_keys(&keys[i - 1], &keys[i], nullptr) == 0) raise_repeated(keys[i], type);
}

// Error callback for jsonb's parser: hints at the SQL type, which the parser does not know, when the text is no JSON.
void hint_at_type(void* type) {
  if (geterrcode() == ERRCODE_INVALID_TEXT_REPRESENTATION)
    errhint("A %s is JSON: keys in double quotes, no comma behind the last%s.", static_cast<const char*>(type),
            std::strcmp(static_cast<const char*>(type), "health_model") == 0
                ? ", such as {\"half_life_days\": 30, \"signals\": {\"login\": 1, \"export\": 5}}"
                : "");
}

}  // namespace

Jsonb* jsonb_of_text(char* text, const char* type) {
  KeyWalk walk{};
  walk.end = &walk.first;
  JsonSemAction actions{};
  actions.semstate = &walk;
  actions.object_start = open_object;
  actions.object_end = close_object;
  actions.object_field_start = note_key;
  JsonLexContext* lexer = health_json_lexer(text, static_cast<int>(std::strlen(text)), GetDatabaseEncoding());
  // Text that is no JSON is left to jsonb_in to refuse. It comes last, since it cannot be canceled.
  if (pg_parse_json(lexer, &actions) == JSON_SUCCESS && walk.keys > 0) check_keys(walk, type);
  ErrorContextCallback hint{error_context_stack, hint_at_type, const_cast<char*>(type)};
  error_context_stack = &hint;
  Jsonb* jsonb = DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text)));
  error_context_stack = hint.previous;
  return jsonb;
}

Jsonb* jsonb_of_message(StringInfo message, const char* type) {
  if (message->cursor >= message->len || pq_getmsgbyte(message) != 1)
    ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION), errmsg("invalid %s: unknown version", type),
                    errhint("The binary form is a byte 1 and then the document as text.")));
  int length = 0;
  char* text = pq_getmsgtext(message, message->len - message->cursor, &length);
  return jsonb_of_text(text, type);
}

JsonNode* json_nodes(Jsonb* jsonb) {
  constexpr std::uint32_t kFirst = 64;
  NodeList list{static_cast<JsonNode*>(palloc(sizeof(JsonNode) * kFirst)), 0, kFirst};
  std::uint32_t depth = 0, room = 16;
  auto* open = static_cast<std::uint32_t*>(palloc(sizeof(std::uint32_t) * room));
  JsonbIterator* iterator = JsonbIteratorInit(&jsonb->root);
  JsonbValue value;
  std::string_view key;
  for (JsonbIteratorToken token; (token = JsonbIteratorNext(&iterator, &value, false)) != WJB_DONE;) {
    CHECK_FOR_INTERRUPTS();
    switch (token) {
      case WJB_KEY: key = view_of(value); continue;
      case WJB_BEGIN_ARRAY:
      case WJB_BEGIN_OBJECT:
        if (token == WJB_BEGIN_ARRAY && value.val.array.rawScalar) continue;
        if (depth == room) open = static_cast<std::uint32_t*>(repalloc(open, sizeof(std::uint32_t) * (room *= 2)));
        open[depth++] = list.used;
        append(&list, token == WJB_BEGIN_ARRAY ? JsonType::array : JsonType::object, key);
        break;
      case WJB_END_ARRAY:
      case WJB_END_OBJECT:
        if (depth > 0) list.nodes[open[--depth]].end = list.used;
        break;
      default: append_scalar(&list, value, key); break;
    }
    key = {};
  }
  return list.nodes;
}

const JsonNode* kept_nodes(const JsonWriter& writer, Memory* memory) {
  const Vector<JsonNode>& nodes = writer.nodes();
  void* place = memory->allocate(sizeof(JsonNode) * nodes.size(), alignof(JsonNode));
  std::memcpy(place, static_cast<const void*>(nodes.data()), sizeof(JsonNode) * nodes.size());
  return static_cast<JsonNode*>(place);
}

namespace {

constexpr std::uint64_t kPowers[] = {1,        10,        100,        1000,        10000,        100000,       1000000,
                                     10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000};

// magnitude / kPowers[scale]; division by a constant compiles to a multiplication.
std::uint64_t whole_of(std::uint64_t magnitude, int scale) {
  switch (scale) {
    case 0: return magnitude;
    case 6: return magnitude / kPowers[6];
    case 12: return magnitude / kPowers[12];
    default: return magnitude / kPowers[scale];
  }
}

// The bytes of int64_div_fast_to_numeric(mantissa, scale): length, the short header of numeric.c, digits of base
// 10,000.
char* put_decimal(Decimal decimal, char* out) {
  constexpr std::uint16_t kShort = 0x8000, kNegative = 0x2000, kNegativeWeight = 0x40, kWeightMask = 0x3F;
  constexpr int kScaleShift = 7, kBase = 10000, kPlaces = 4, kWhole = 5;  // digits before the point
  const bool negative = decimal.mantissa < 0;
  const auto bits = static_cast<std::uint64_t>(decimal.mantissa), magnitude = negative ? 0 - bits : bits;
  const int parts = (decimal.scale + kPlaces - 1) / kPlaces;  // digits behind it
  std::uint64_t whole = whole_of(magnitude, decimal.scale);
  std::uint64_t part = (magnitude - whole * kPowers[decimal.scale]) * kPowers[parts * kPlaces - decimal.scale];
  std::int16_t digits[kWhole + 3];
  int first = kWhole, past = kWhole + parts;
  for (int i = past - 1; i >= kWhole; --i, part /= kBase) digits[i] = static_cast<std::int16_t>(part % kBase);
  for (; whole != 0; whole /= kBase) digits[--first] = static_cast<std::int16_t>(whole % kBase);
  while (first < past && digits[first] == 0) ++first;
  while (past > first && digits[past - 1] == 0) --past;
  const int weight = first == past ? 0 : kWhole - 1 - first;
  const auto header = static_cast<std::uint16_t>(kShort | (negative ? kNegative : 0) | decimal.scale << kScaleShift |
                                                 (weight < 0 ? kNegativeWeight : 0) | (weight & kWeightMask));
  const std::size_t bytes = sizeof(digits[0]) * static_cast<std::size_t>(past - first);
  SET_VARSIZE(out, VARHDRSZ + sizeof header + bytes);
  std::memcpy(out + VARHDRSZ, &header, sizeof header);
  std::memcpy(out + VARHDRSZ + sizeof header, digits + first, bytes);
  return out + VARSIZE(out);
}

}  // namespace

JEntry JsonbBytes::put_number(Decimal number) {
  if (number.scale < 0) return put_numeric(psprintf("%lde%d", number.mantissa, -number.scale));
  const char* start = out;
  align();
  out = put_decimal(number, out);
  return JENTRY_ISNUMERIC | length_since(start);
}

JEntry JsonbBytes::put_numeric(char* text) {
  const char* start = out;
  align();
  const Datum numeric =
      DirectFunctionCall3(numeric_in, CStringGetDatum(text), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
  put_bytes(DatumGetPointer(numeric), VARSIZE(DatumGetPointer(numeric)));
  return JENTRY_ISNUMERIC | length_since(start);
}

JsonbBytes JsonbBytes::with_room(std::size_t bytes) {
  if (bytes > JENTRY_OFFLENMASK)
    ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("jsonb is too large")));
  auto* jsonb = static_cast<Jsonb*>(palloc(VARHDRSZ + bytes));
  return {jsonb, VARDATA(jsonb)};
}

Jsonb* JsonbBytes::finished() const {
  SET_VARSIZE(jsonb, out - reinterpret_cast<char*>(jsonb));
  return jsonb;
}

JsonbEntries JsonbEntries::begin(std::uint32_t children, std::uint32_t type, JsonbBytes* bytes) {
  bytes->align();
  const std::uint32_t header = children | type;
  bytes->put_bytes(&header, sizeof header);
  auto* entries = reinterpret_cast<JEntry*>(bytes->out);
  bytes->out += sizeof(JEntry) * (type == JB_FOBJECT ? 2 * children : children);
  return {entries, 0, 0};
}

namespace {

// Writes a tree.
struct NodesWriter {
  const JsonNode* nodes;
  std::uint32_t* children;  // room for indexes of the children of the containers being written
  JsonbBytes bytes;

  JEntry put(std::uint32_t index) {
    const JsonNode& node = nodes[index];
    switch (node.type) {
      case JsonType::null: return JENTRY_ISNULL;
      case JsonType::boolean: return node.boolean ? JENTRY_ISBOOL_TRUE : JENTRY_ISBOOL_FALSE;
      case JsonType::string: return bytes.put_string(node.text);
      case JsonType::number: return bytes.put_numeric(pnstrdup(node.text.data(), node.text.size()));
      default: return put_container(index);
    }
  }

  JEntry put_container(std::uint32_t index) {
    CHECK_FOR_INTERRUPTS();
    check_stack_depth();
    const char* start = bytes.out;
    const bool object = nodes[index].type == JsonType::object;
    std::uint32_t *const first = children, *last = children;
    for (std::uint32_t i = index + 1; i < nodes[index].end; i = nodes[i].end) *last++ = i;
    children = last;
    const auto by_key = [&](std::uint32_t a, std::uint32_t b) { return jsonb_before(nodes[a].key, nodes[b].key); };
    if (object && !std::is_sorted(first, last, by_key)) std::sort(first, last, by_key);
    JsonbEntries entries =
        JsonbEntries::begin(static_cast<std::uint32_t>(last - first), object ? JB_FOBJECT : JB_FARRAY, &bytes);
    if (object)
      for (const std::uint32_t* child = first; child != last; ++child) entries.add(bytes.put_string(nodes[*child].key));
    for (const std::uint32_t* child = first; child != last; ++child) entries.add(put(*child));
    children = first;
    return JENTRY_ISCONTAINER | bytes.length_since(start);
  }
};
static_assert(std::is_trivially_destructible_v<NodesWriter>);

}  // namespace

Jsonb* jsonb_of_nodes(const JsonNode* nodes) {
  constexpr std::size_t kMostOfNode = 2 * sizeof(JEntry) + JsonbBytes::kMostOfNumber;
  std::size_t room = 0;
  for (std::uint32_t i = 0; i < nodes[0].end; ++i) room += kMostOfNode + nodes[i].key.size() + nodes[i].text.size();
  auto* children = static_cast<std::uint32_t*>(palloc(sizeof(std::uint32_t) * nodes[0].end));
  NodesWriter writer{nodes, children, JsonbBytes::with_room(room)};
  writer.put_container(0);
  pfree(children);
  return writer.bytes.finished();
}

extern "C" {

// (document, maker, key): the document, for a caller that reads what maker, a function, makes.
PG_FUNCTION_INFO_V1(health_result);
Datum health_result(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0) || PG_ARGISNULL(1)) PG_RETURN_NULL();
  Jsonb* document = PG_GETARG_JSONB_P(0);
  const char* maker = text_to_cstring(PG_GETARG_TEXT_PP(1));
  bool made = JB_ROOT_IS_ARRAY(document) && !JB_ROOT_IS_SCALAR(document);
  if (!PG_ARGISNULL(2)) {
    const std::string_view key = view_of(PG_GETARG_TEXT_PP(2));
    JsonbValue name;
    name.type = jbvString;
    name.val.string = {static_cast<int>(key.size()), const_cast<char*>(key.data())};
    made = findJsonbValueFromContainer(&document->root, JB_FOBJECT, &name) != nullptr;
  }
  if (!made)
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("this is no result of %s", maker),
                    errhint("Pass what %s returned, all of it.", maker)));
  PG_RETURN_JSONB_P(document);
}
}

}  // namespace health
