#include "core/json.hpp"

#include "support.hpp"

namespace health {
namespace {

// {"name": "x", "list": [1, [], null], "last": {}}
void write_sample(JsonWriter* out) {
  out->begin(JsonType::object);
  out->key("name");
  out->string("x");
  out->key("list");
  out->begin(JsonType::array);
  out->number_text("1.250000");
  out->begin(JsonType::array);
  out->end();
  out->null();
  out->end();
  out->key("last");
  out->begin(JsonType::object);
  out->end();
  out->end();
}

std::vector<std::uint32_t> ends_of(const JsonWriter& writer) {
  std::vector<std::uint32_t> ends;
  for (const JsonNode& node : writer.nodes()) ends.push_back(node.end);
  return ends;
}

TEST(Json, WriterBuildsATreeInDocumentOrder) {
  JsonWriter writer(heap());
  write_sample(&writer);
  EXPECT_EQ(ends_of(writer), (std::vector<std::uint32_t>{7, 2, 6, 4, 5, 6, 7}));
  EXPECT_EQ(text_of(root_of(writer)), R"({"name":"x","list":[1.250000,[],null],"last":{}})");
}

TEST(Json, AKeyIsUsedOnce) {
  JsonWriter writer(heap());
  writer.begin(JsonType::object);
  writer.key("list");
  writer.begin(JsonType::array);
  writer.number_text("1");
  writer.end();
  writer.end();
  EXPECT_EQ(writer.nodes()[1].key, "list");
  EXPECT_EQ(writer.nodes()[2].key, "");
}

TEST(Json, IterationSkipsDescendants) {
  const JsonTree tree(R"({"a": {"x": [1, 2, {"y": 3}]}, "b": [], "c": {"z": {}}, "d": 4})");
  std::string keys;
  for (const Json child : tree.root()) keys += child->key;
  EXPECT_EQ(keys, "abcd");
  for (const Json child : tree.root()) {
    if (child->key != "b") continue;
    for (const Json item : child) ADD_FAILURE() << "an empty array has item " << text_of(item);
  }
}

TEST(Json, CopiesAValueUnderAnotherKey) {
  const JsonTree tree(R"({"skip": [1, 2], "take": {"a": [1, {"b": "x"}], "c": true}, "after": 3})");
  JsonWriter writer(heap());
  writer.begin(JsonType::object);
  writer.key("before");
  writer.null();
  for (const Json child : tree.root()) {
    if (child->key != "take") continue;
    writer.key("taken");
    writer.copy(child);
    writer.copy(child);  // the pending key is used up
  }
  writer.key("end");
  writer.string("e");
  writer.end();
  EXPECT_EQ(text_of(root_of(writer)),
            R"({"before":null,"taken":{"a":[1,{"b":"x"}],"c":true},"":{"a":[1,{"b":"x"}],"c":true},"end":"e"})");
}

TEST(Json, CopyOfARandomTreeIsTheTree) {
  Random random(1);
  const auto random_tree = [&](auto&& self, int depth) -> std::string {
    const auto kind = random.between(0, depth > 4 ? 2 : 4);
    if (kind == 0) return std::to_string(random.between(-9, 9));
    if (kind == 1) return "\"s\"";
    if (kind == 2) return random.one_in(2) ? "null" : "true";
    std::string text;
    for (auto n = random.between(0, 4); n > 0; --n)
      text += (text.empty() ? "" : ",") + (kind == 3 ? "\"k" + std::to_string(n) + "\":" : std::string()) +
              self(self, depth + 1);
    return kind == 3 ? '{' + text + '}' : '[' + text + ']';
  };
  for (int i = 0; i < 500; ++i) {
    const std::string text = "[" + random_tree(random_tree, 0) + "," + random_tree(random_tree, 0) + "]";
    const JsonTree tree(text);
    JsonWriter writer(heap());
    writer.begin(JsonType::array);
    for (const Json item : tree.root()) writer.copy(item);
    writer.end();
    EXPECT_EQ(text_of(root_of(writer)), text);
  }
}

TEST(Json, ClearedWriterStartsAnew) {
  JsonWriter writer(heap());
  write_sample(&writer);
  writer.clear();
  write_sample(&writer);
  EXPECT_EQ(ends_of(writer), (std::vector<std::uint32_t>{7, 2, 6, 4, 5, 6, 7}));
}

TEST(Json, TypesHaveNamesForMessages) {
  EXPECT_STREQ(json_type_name(JsonType::null), "null");
  EXPECT_STREQ(json_type_name(JsonType::boolean), "a boolean");
  EXPECT_STREQ(json_type_name(JsonType::number), "a number");
  EXPECT_STREQ(json_type_name(JsonType::string), "a string");
  EXPECT_STREQ(json_type_name(JsonType::array), "an array");
  EXPECT_STREQ(json_type_name(JsonType::object), "an object");
}

}  // namespace
}  // namespace health
