#include "pg/json.hpp"

#include <cstring>

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
  list->nodes[list->used] = JsonNode{type, false, list->used + 1, key, {}, {0, 0}};
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

}  // namespace

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

Numeric numeric_of(const JsonNode& node) {
  if (node.text.empty()) return int64_div_fast_to_numeric(node.number.mantissa, node.number.scale);
  char* text = pnstrdup(node.text.data(), node.text.size());
  return DatumGetNumeric(
      DirectFunctionCall3(numeric_in, CStringGetDatum(text), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}

JsonbValue string_of(std::string_view text) {
  JsonbValue value;
  value.type = jbvString;
  value.val.string.val = const_cast<char*>(text.data());
  value.val.string.len = static_cast<int>(text.size());
  return value;
}

JsonbValue scalar_of(const JsonNode& node) {
  JsonbValue value;
  value.type = jbvNull;
  if (node.type == JsonType::string) return string_of(node.text);
  if (node.type == JsonType::boolean) {
    value.type = jbvBool;
    value.val.boolean = node.boolean;
  } else if (node.type == JsonType::number) {
    value.type = jbvNumeric;
    value.val.numeric = numeric_of(node);
  }
  return value;
}

bool is_container(const JsonNode& node) { return node.type == JsonType::array || node.type == JsonType::object; }

}  // namespace

Jsonb* jsonb_of_nodes(const JsonNode* nodes) {
  if (!is_container(nodes[0])) {
    JsonbValue scalar = scalar_of(nodes[0]);
    return JsonbValueToJsonb(&scalar);
  }
  std::uint32_t depth = 0, room = 16;
  auto* open = static_cast<std::uint32_t*>(palloc(sizeof(std::uint32_t) * room));
  JsonbParseState* state = nullptr;
  JsonbValue* result = nullptr;
  const auto close = [&](std::uint32_t index) {
    while (depth > 0 && nodes[open[depth - 1]].end == index) {
      const bool array = nodes[open[--depth]].type == JsonType::array;
      result = pushJsonbValue(&state, array ? WJB_END_ARRAY : WJB_END_OBJECT, nullptr);
    }
  };
  for (std::uint32_t i = 0; i < nodes[0].end; ++i) {
    close(i);
    const JsonNode& node = nodes[i];
    const bool in_object = depth > 0 && nodes[open[depth - 1]].type == JsonType::object;
    if (in_object) {
      JsonbValue key = string_of(node.key);
      pushJsonbValue(&state, WJB_KEY, &key);
    }
    if (is_container(node)) {
      if (depth == room) open = static_cast<std::uint32_t*>(repalloc(open, sizeof(std::uint32_t) * (room *= 2)));
      open[depth++] = i;
      pushJsonbValue(&state, node.type == JsonType::array ? WJB_BEGIN_ARRAY : WJB_BEGIN_OBJECT, nullptr);
    } else {
      JsonbValue value = scalar_of(node);
      pushJsonbValue(&state, in_object ? WJB_VALUE : WJB_ELEM, &value);
    }
  }
  close(nodes[0].end);
  return JsonbValueToJsonb(result);
}

}  // namespace health
