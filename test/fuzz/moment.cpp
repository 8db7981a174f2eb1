// Text as a moment: a day, or refused, and the same with space around it.
#include "core/moment.hpp"

#include "fuzz.hpp"

using namespace health;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Buffer exact(data, data + size);  // so that a step beyond the end is seen
  const std::string_view text(reinterpret_cast<const char*>(exact.data()), size);
  const std::optional<Day> day = parse_moment(text);
  REQUIRE(outcome([&] { REQUIRE(day_of_text(text) == *day); }) == (day ? "" : "22007"));
  REQUIRE(parse_moment(" " + std::string(text) + "\n") == day);
  return 0;
}
