// jsonb to the core's tree of nodes and back.
#pragma once

#include "core/json.hpp"
#include "pg/pg.hpp"

namespace health {

// jsonb of a text. Raises 22023 with the path of a key that an object has twice: jsonb alone would silently keep the
// last one. `type`: the SQL type that errors name.
Jsonb* jsonb_of_text(char* text, const char* type);
// Nodes in the current context; strings point into `jsonb`, which must outlive them. nodes[0] is the root.
JsonNode* json_nodes(Jsonb* jsonb);
// A copy of the writer's nodes that outlives it. For use under guarded().
const JsonNode* kept_nodes(const JsonWriter& writer, Memory* memory);
// The tree whose root is nodes[0], an array or object; no key comes twice in an object.
Jsonb* jsonb_of_nodes(const JsonNode* nodes);

}  // namespace health
