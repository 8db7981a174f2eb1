// Any sequence of merge, splice, trim and without gives what the same on a std::map gives.
#include <optional>

#include "core/rollup.hpp"
#include "core/splice.hpp"
#include "core/without.hpp"
#include "fuzz.hpp"

using namespace health;

namespace {

// Empty where a count or a sum does not fit.
std::optional<Reference> sum_of(Reference a, const Reference& b) {
  for (const auto& [name, days] : b) {
    for (const auto& [day, cell] : days) {
      Cell& total = a[name][day];
      const std::uint64_t count = std::uint64_t{total.count} + cell.count;
      Micros value = 0;
      if (count > kMaxCount || __builtin_add_overflow(total.value, cell.value, &value)) return {};
      total = {day, static_cast<std::uint32_t>(count), total.value_count + cell.value_count, value};
    }
  }
  return a;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider in(data, size);
  const bool wild = in.ConsumeBool();
  Reference expected = some_reference(&in, wild);
  Buffer bytes = encode(expected);
  while (in.remaining_bytes() > 0) {
    const Reference other = some_reference(&in, wild);
    const Day day = in.ConsumeBool() ? some_day(&in) : in.ConsumeIntegral<Day>();
    std::vector<std::string> patterns;
    ActivityWriter writer(heap());
    std::string state;
    std::optional<Reference> next;
    switch (in.ConsumeIntegralInRange(0, 3)) {
      case 0:
        state = outcome([&] { bytes = owned(merge_activities(bytes, encode(other), &writer)); });
        next = sum_of(expected, other);
        break;
      case 1:
        state = outcome([&] { bytes = owned(splice_activity(bytes, encode(other), day, &writer)); });
        next = sum_of(only(expected, kFirstDay, day), only(other, day, std::int64_t{kLastDay} + 1));
        break;
      case 2:
        state = outcome([&] { bytes = owned(trim_activity(bytes, day, &writer)); });
        next = only(expected, day, std::int64_t{kLastDay} + 1);
        break;
      default: {
        for (int count = in.ConsumeIntegralInRange(0, 3); count > 0; --count)
          patterns.push_back(some_name(&in) + (in.ConsumeBool() ? "*" : ""));
        const std::vector<std::string_view> views(patterns.begin(), patterns.end());
        state = outcome([&] { bytes = owned(activity_without(bytes, views, &writer)); });
        next = expected;
        std::erase_if(*next, [&](const auto& signal) {
          return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
            const bool prefix = !pattern.empty() && pattern.back() == '*';
            return prefix ? signal.first.starts_with(pattern.substr(0, pattern.size() - 1)) : signal.first == pattern;
          });
        });
      }
    }
    REQUIRE(state == (next ? "" : "22003"));
    if (next) expected = without_empty(*next);
    REQUIRE(bytes == encode(expected));
  }
  return 0;
}
