// Cells in any order, by every way to make an activity: the same bytes, or the same error.
#include "core/grouping.hpp"
#include "fuzz.hpp"

using namespace health;

namespace {

std::string by_accounts(const std::vector<LooseCell>& cells, std::size_t split, Buffer* out) {
  return outcome([&] {
    MemoryFile files[2];
    Grouping parts[] = {{AccountType::bigint, true, heap(), &files[0], kUnbounded, 64},
                        {AccountType::bigint, true, heap(), &files[1], kUnbounded, 64}};
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto& [name, cell] = cells[i];
      // One event a row; all but the last one without a value.
      for (std::uint32_t event = 1; event <= cell.count; ++event) {
        const bool valued = event == cell.count && cell.value_count > 0;
        parts[i < split ? 0 : 1].add({false, {7, 0}, {}}, name, cell.day, valued, valued ? cell.value : 0);
      }
    }
    SharedGrouping shared[2];
    for (std::size_t i = 0; i < 2; ++i) {
      const std::size_t directory = parts[i].finish_shared(2);
      shared[i] = {&files[i], parts[i].file_bytes(), directory};
    }
    GroupingMerge merge(AccountType::bigint, true, shared, 1 << 16, heap());
    AccountKey key;
    bool any = false;
    for (std::size_t range = 0; range < kRanges; ++range) {
      merge.open(range);
      for (Bytes bytes; merge.next(&key, &bytes); any = true) {
        REQUIRE(!any);
        *out = owned(bytes);
      }
    }
    REQUIRE(any == !cells.empty());
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider in(data, size);
  const bool wild = in.ConsumeBool();
  std::vector<std::string> names;
  std::vector<LooseCell> cells;
  for (int count = in.ConsumeIntegralInRange(1, 6); count > 0; --count) names.push_back(some_name(&in));
  while (in.remaining_bytes() > 0 && cells.size() < 500)
    cells.push_back({names[in.ConsumeIntegralInRange<std::size_t>(0, names.size() - 1)], some_cell(&in, wild)});
  const std::size_t split = cells.empty() ? 0 : static_cast<std::size_t>(size) % cells.size();

  Buffer loose, grown = owned(kEmptyActivity), combined = grown;
  const std::string loosely = outcome([&] {
    std::vector<LooseCell> copy = cells;
    ActivityWriter writer(heap());
    loose = owned(activity_of_cells(copy, &writer, heap()));
  });
  const auto entry = [](const LooseCell& each) {
    return Entry{each.name, each.cell.day, each.cell.count, each.cell.value_count, each.cell.value};
  };
  const std::string growing = outcome([&] {
    Block block;
    for (const LooseCell& each : cells) block.add(entry(each));
    grown = block.finish();
  });
  const std::string combining = outcome([&] {
    Block first, second;
    for (std::size_t i = 0; i < cells.size(); ++i) (i < split ? first : second).add(entry(cells[i]));
    first.absorb(second);
    combined = first.finish();
  });
  REQUIRE(growing.empty() == combining.empty() && grown == combined);
  // Of several mistakes each way may report another one: a bad name is found when it is read, a sum that does not fit
  // when it is added up.
  const bool named = std::all_of(cells.begin(), cells.end(), [](const LooseCell& each) {
    return !each.name.empty() && each.name.size() <= kMaxSignalBytes;
  });
  REQUIRE(!named || growing == combining);
  // Cell by cell a sum may leave its range on the way to a total that fits; otherwise all agree.
  if (!wild) REQUIRE(loosely == growing);
  if (!loosely.empty() || !growing.empty()) return 0;
  REQUIRE(loose == grown);

  Reference reference;
  for (const auto& [name, cell] : cells) {
    Cell& total = reference[std::string(name)][cell.day];
    // The final sum fits, one on the way there may not: hence unsigned.
    const auto sum = static_cast<std::uint64_t>(total.value) + static_cast<std::uint64_t>(cell.value);
    total = {cell.day, total.count + cell.count, total.value_count + cell.value_count, static_cast<Micros>(sum)};
  }
  REQUIRE(decode(loose) == reference);
  REQUIRE(outcome([&] { validate_activity(loose, heap()); }).empty());

  if (wild || cells.size() > 8) return 0;
  // As events: each cell that has values has one.
  for (LooseCell& each : cells)
    if (each.cell.value_count > 0) each.cell.value_count = 1;
  Buffer events, accounts = owned(kEmptyActivity);
  outcome([&] {
    std::vector<LooseCell> copy = cells;
    ActivityWriter writer(heap());
    events = owned(activity_of_cells(copy, &writer, heap()));
  });
  REQUIRE(by_accounts(cells, split, &accounts).empty());
  REQUIRE(accounts == events);
  return 0;
}
