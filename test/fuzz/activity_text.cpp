// The text form: refused with a word about why, or an activity in its one encoding.
#include "fuzz.hpp"

using namespace health;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Buffer bytes;
  try {
    const JsonTree json(std::string_view(reinterpret_cast<const char*>(data), size));
    const std::string state = outcome([&] {
      ActivityWriter writer(heap());
      bytes = owned(activity_of_json(json.root(), &writer, heap()));
    });
    if (!state.empty()) return 0;
  } catch (const std::invalid_argument&) {  // no JSON: jsonb would have refused it
    return 0;
  }
  REQUIRE(outcome([&] { validate_activity(bytes, heap()); }).empty());
  REQUIRE(encode(decode(bytes)) == bytes);
  return 0;
}
