// JSON of models and reports as the core sees it: a flat tree of nodes. PostgreSQL parses and prints it in the binding.
// Of JSON text the core itself reads only the text form of an activity (activity_text.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "day.hpp"
#include "memory.hpp"

namespace health {

enum class JsonType : std::uint8_t { null, boolean, number, string, array, object };

struct JsonNode {
  JsonType type;
  bool boolean;           // of a boolean
  std::uint32_t end;      // index just past the last descendant: children of i are i+1, nodes[i+1].end, ...
  std::string_view key;   // within an object
  std::string_view text;  // of a string; of a number, its plain decimal text
};
static_assert(std::is_trivially_destructible_v<JsonNode>);

// A value in a tree: the node array and an index. Iterate children with begin/end.
class Json {
 public:
  Json(const JsonNode* nodes, std::uint32_t index) : nodes_(nodes), index_(index) {}
  const JsonNode& node() const { return nodes_[index_]; }
  const JsonNode* nodes() const { return nodes_; }
  std::uint32_t index() const { return index_; }
  const JsonNode* operator->() const { return &nodes_[index_]; }
  class iterator {
   public:
    iterator(const JsonNode* nodes, std::uint32_t index) : nodes_(nodes), index_(index) {}
    Json operator*() const { return {nodes_, index_}; }
    iterator& operator++() {
      index_ = nodes_[index_].end;
      return *this;
    }
    bool operator!=(const iterator& other) const { return index_ != other.index_; }

   private:
    const JsonNode* nodes_;
    std::uint32_t index_;
  };
  iterator begin() const { return {nodes_, index_ + 1}; }
  iterator end() const { return {nodes_, nodes_[index_].end}; }

 private:
  const JsonNode* nodes_;
  std::uint32_t index_;
};

// The value of a key; null where the object does not have it, or is no object.
std::optional<Json> member(Json object, std::string_view key);

// A number as jsonb compares it: 1.50 is 1.5. Without exponent, as jsonb prints numbers.
std::string_view plain_number(std::string_view text);

// Builds a tree in document order. Strings are not copied: they must outlive the tree.
class JsonWriter {
 public:
  explicit JsonWriter(Memory* memory) : nodes_(memory), open_(memory) {}
  void key(std::string_view key) { key_ = key; }
  void begin(JsonType container);
  void end();
  void null() { add(JsonType::null); }
  void boolean(bool value) { add(JsonType::boolean).boolean = value; }
  void string(std::string_view text) { add(JsonType::string).text = text; }
  void number_text(std::string_view text) { add(JsonType::number).text = text; }
  // The shortest text that reads back as this finite number; -0 as 0.
  void number(double value);
  void number(std::string_view key, double value) { this->key(key), number(value); }
  void string(std::string_view key, std::string_view text) { this->key(key), string(text); }
  void day(std::string_view key, std::optional<Day> day);  // a string; left out where there is none
  // With all descendants, under the pending key; numbers as plain_number() has them.
  void copy(Json value);
  Memory* memory() const { return memory_of(nodes_); }
  const Vector<JsonNode>& nodes() const { return nodes_; }
  Json root() const { return {nodes_.data(), 0}; }
  void clear() { nodes_.clear(); }

 private:
  JsonNode& add(JsonType type);
  Vector<JsonNode> nodes_;
  Vector<std::uint32_t> open_;
  std::string_view key_;
};

const char* json_type_name(JsonType type);  // "a string", "an object", ... for messages

}  // namespace health
