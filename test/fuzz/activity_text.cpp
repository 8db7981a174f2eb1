// The text form: refused with an error, or an activity in canonical bytes, whose text form is read as the same bytes.
#include "fuzz.hpp"

using namespace health;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Buffer exact(data, data + size);  // so that a step beyond the end is seen
  const std::string_view text(reinterpret_cast<const char*>(exact.data()), size);
  Buffer bytes;
  if (!outcome([&] { bytes = activity_of(text); }).empty()) return 0;
  REQUIRE(outcome([&] { validate_activity(bytes, heap()); }).empty());
  REQUIRE(encode(decode(bytes)) == bytes);
  REQUIRE(activity_of(text_form_of(bytes)) == bytes);
  return 0;
}
