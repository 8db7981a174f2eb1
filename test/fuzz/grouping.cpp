// Events of many accounts, with any bounds of parts and memory, through a file, by one process or by several: what a
// map of accumulators says, or an error of the same kind.
#include "core/grouping.hpp"

#include <list>
#include <map>

#include "fuzz.hpp"

using namespace health;

namespace {

struct Event {
  std::string account, signal;
  bool null, known, valued;
  Day day;
  Micros value;
};
using Result = std::map<std::pair<bool, std::string>, Buffer>;  // by whether the account is NULL, and its text

Result one_by_one(const std::vector<Event>& events) {
  std::map<std::pair<bool, std::string>, std::optional<Block>> blocks;
  for (const Event& event : events) {
    std::optional<Block>& block = blocks[{event.null, event.account}];
    if (!event.known) continue;
    if (!block) block.emplace();
    block->add({event.signal, event.day, 1, event.valued ? 1U : 0U, event.value});
  }
  Result result;
  for (auto& [account, block] : blocks) result[account] = block ? block->finish() : Buffer();
  return result;
}

void add(Grouping* all, const Event& event) {
  const AccountKey key{event.null, {0, 0}, event.account};
  if (event.known) all->add(key, event.signal, event.day, event.valued, event.value);
  else all->add_account(key);
}

void take(GroupingMerge* merge, Result* result) {
  AccountKey key;
  for (Bytes bytes; merge->next(&key, &bytes);)
    REQUIRE(result->emplace(std::pair(key.null, std::string(key.text)), owned(bytes)).second);
}

// By one process, or by several of which each merges some ranges.
Result result_of(std::list<Grouping>* all, std::span<MemoryFile> files) {
  Result result;
  if (all->size() == 1) {
    all->front().finish();
    GroupingMerge merge(all->front(), heap());
    take(&merge, &result);
    return result;
  }
  std::vector<SharedGrouping> shared;
  for (Grouping& each : *all) {
    const std::size_t directory = each.finish_shared(all->size());
    shared.push_back({&files[shared.size()], each.file_bytes(), directory});
  }
  for (std::size_t process = 0; process < all->size(); ++process) {
    GroupingMerge merge(AccountType::text, all->front().values(), shared, all->front().limit() / 2, heap());
    for (std::size_t range = process; range < kRanges; range += all->size()) {
      merge.open(range);
      take(&merge, &result);
    }
  }
  return result;
}

Event some_event(FuzzedDataProvider* in, const std::vector<std::string>& accounts,
                 const std::vector<std::string>& signals, bool values) {
  Event event{accounts[in->ConsumeIntegralInRange<std::size_t>(0, accounts.size() - 1)],
              signals[in->ConsumeIntegralInRange<std::size_t>(0, signals.size() - 1)]};
  const int kind = in->ConsumeIntegralInRange(0, 15);
  event.null = kind == 0;
  if (event.null) event.account.clear();
  event.known = kind != 1;
  event.valued = values && kind % 2 == 0;
  event.day = some_day(in);
  if (event.valued) event.value = kind == 2 ? in->ConsumeIntegral<Micros>() : kind * kMicro;
  return event;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider in(data, size);
  const bool values = in.ConsumeBool();
  const auto processes = in.ConsumeIntegralInRange<std::size_t>(1, 3);
  const auto part_events = in.ConsumeBool() ? in.ConsumeIntegralInRange<std::size_t>(1, 500) : kUnbounded;
  const auto limit = in.ConsumeIntegralInRange<std::size_t>(0, 200'000);
  const auto repeats = in.ConsumeIntegralInRange(1, 20);  // so that few bytes are many events
  std::vector<std::string> accounts, signals;
  for (int count = in.ConsumeIntegralInRange(1, 8); count > 0; --count) {
    accounts.push_back(in.ConsumeRandomLengthString(40));
    signals.push_back(some_name(&in));
  }
  std::vector<Event> events;
  while (in.remaining_bytes() > 0 && events.size() < 300) events.push_back(some_event(&in, accounts, signals, values));
  const std::size_t once = events.size();
  for (int i = 1; i < repeats; ++i)
    for (std::size_t j = 0; j < once; ++j) events.push_back(events[(j * 7 + static_cast<std::size_t>(i)) % once]);

  Result expected, found;
  const std::string expecting = outcome([&] { expected = one_by_one(events); });
  std::array<MemoryFile, 3> files;
  const std::string finding = outcome([&] {
    std::list<Grouping> all;
    while (all.size() < processes)
      all.emplace_back(AccountType::text, values, heap(), &files[all.size()], limit, part_events);
    auto at = all.begin();
    for (const Event& event : events) {
      add(&*at, event);
      if (++at == all.end()) at = all.begin();
    }
    found = result_of(&all, files);
  });
  REQUIRE(finding.empty() == expecting.empty());
  if (finding.empty()) REQUIRE(found == expected);
  return 0;
}
