#include "json.hpp"

#include "decimal.hpp"

namespace health {

JsonNode& JsonWriter::add(JsonType type) {
  JsonNode& node = nodes_.emplace_back();  // built in place: copying it would wait for the stores
  node.type = type;
  node.end = static_cast<std::uint32_t>(nodes_.size());
  node.key = key_;
  key_ = {};
  return node;
}

std::optional<Json> member(Json object, std::string_view key) {
  for (const Json item : object)
    if (item->key == key) return item;
  return std::nullopt;
}

std::string_view plain_number(std::string_view text) {
  if (text.find('.') == std::string_view::npos) return text;
  text = text.substr(0, text.find_last_not_of('0') + 1);
  return text.back() == '.' ? text.substr(0, text.size() - 1) : text;
}

void JsonWriter::number(double value) { number_text(kept(NumberText(value + 0.0).text, memory())); }

void JsonWriter::day(std::string_view key, std::optional<Day> day) {
  if (day) string(key, kept(DateText(*day).text, memory()));
}

void JsonWriter::begin(JsonType container) {
  add(container);
  open_.push_back(static_cast<std::uint32_t>(nodes_.size() - 1));
}

void JsonWriter::end() {
  nodes_[open_.back()].end = static_cast<std::uint32_t>(nodes_.size());
  open_.pop_back();
}

void JsonWriter::copy(Json value) {
  const std::uint32_t first = value.index(), past = value->end;
  const auto at = static_cast<std::uint32_t>(nodes_.size());
  const std::string_view key = key_;
  // A value's nodes are contiguous: only their end indexes shift.
  for (std::uint32_t i = first; i < past; ++i) {
    JsonNode& node = nodes_.emplace_back(value.nodes()[i]);
    node.end += at - first;
    if (node.type == JsonType::number) node.text = plain_number(node.text);
  }
  nodes_[at].key = key;
  key_ = {};
}

const char* json_type_name(JsonType type) {
  switch (type) {
    case JsonType::null: return "null";
    case JsonType::boolean: return "a boolean";
    case JsonType::number: return "a number";
    case JsonType::string: return "a string";
    case JsonType::array: return "an array";
    case JsonType::object: return "an object";
  }
  return "";
}

}  // namespace health
