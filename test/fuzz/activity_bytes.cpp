// Bytes from outside: validation refuses them, or they are canonical. Reading them unvalidated ends in a result or an
// error.
#include "core/days_inactive.hpp"
#include "core/measure.hpp"
#include "core/members.hpp"
#include "core/rollup.hpp"
#include "core/splice.hpp"
#include "fuzz.hpp"

using namespace health;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Buffer bytes(data, data + size);  // of its exact size, so that a step beyond the end is seen
  const std::string refusal = outcome([&] { validate_activity(bytes, heap()); });
  REQUIRE(refusal.empty() || refusal == "22P03");

  const Buffer other = activity_of(R"({"login": {"2026-01-03": 4}, "nps": {"2026-01-03": [1, 9]}})");
  Buffer merged, spliced;
  outcome([&] { decode(bytes); }, false);
  const std::string merging = outcome(
      [&] {
        ActivityWriter writer(heap());
        merged = owned(merge_activities(bytes, kEmptyActivity, &writer));
      },
      false);
  outcome(
      [&] {
        ActivityWriter writer(heap());
        merge_activities(other, bytes, &writer);
      },
      false);
  const std::string splicing = outcome(
      [&] {
        ActivityWriter writer(heap());
        spliced = owned(splice_activity(bytes, other, kLastDay + 1, &writer));
      },
      false);
  outcome(
      [&] {
        ActivityWriter writer(heap());
        splice_activity(other, bytes, 20'000, &writer);
      },
      false);
  outcome([&] { Block().absorb(bytes); }, false);
  outcome([&] { day_range(bytes, 20'000, std::nullopt, heap()); }, false);
  outcome(
      [&] {
        Vector<Member> members(heap());
        list_members(bytes, "u", 20'000, 90, &members);
      },
      false);
  outcome([&] { measure_signal(bytes, "login", {0, kLastDay}, Measure::sum, heap()); }, false);
  outcome(
      [&] {
        static const std::unique_ptr<Model> model = model_of(R"({"signals": {"login": 1, "nps": {"weight": 2,
        "measure": "last", "window_days": null}, "user:*": {"weight": 3, "measure": "distinct"}}})");
        Ledger ledger(heap());
        ledger.load(bytes, *model, {19'000, 20'000});
        evaluate(&ledger, *model, 20'000, {}, nullptr);
        ledger.load(bytes, *model);
        evaluate(&ledger, *model, 20'000, {}, nullptr);
      },
      false);
  if (!refusal.empty()) return 0;

  REQUIRE(encode(decode(bytes)) == bytes);
  REQUIRE(merging.empty() && merged == bytes);
  REQUIRE(splicing.empty() && spliced == bytes);
  Block block;
  block.absorb(bytes);
  REQUIRE(block.finish() == bytes);
  return 0;
}
