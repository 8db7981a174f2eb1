#include "core/account_parts.hpp"

#include "support.hpp"

namespace health {
namespace {

AccountKey key_of_text(std::string_view text) { return {false, {0, 0}, text}; }
Bytes bytes_of_text(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

using Entries = std::vector<std::pair<std::string, std::string>>;

// Few hashes, so that different accounts have the same, in all ranges.
std::uint32_t hash_of(std::string_view text) { return static_cast<std::uint32_t>(text.size() % 7) * 0x2000'0000U; }

bool is_before(const std::pair<std::string, std::string>& a, const std::pair<std::string, std::string>& b) {
  return std::pair(hash_of(a.first), a.first) < std::pair(hash_of(b.first), b.first);
}

void take(std::span<const PartRange> ranges, Entries* entries) {
  for (PartMerge merge(ranges, AccountType::text, 0, heap()); merge.first() != nullptr; merge.next()) {
    const Bytes bytes = merge.first()->bytes();
    entries->emplace_back(merge.first()->key().text, std::string(bytes.begin(), bytes.end()));
  }
}

Entries merged(AccountParts* parts) {
  parts->flush();
  Entries entries;
  take(parts->ranges(0, parts->count()), &entries);
  return entries;
}

Entries merged_by_range(AccountParts* parts) {
  parts->flush();
  Entries entries;
  for (std::size_t range = 0; range < kRanges; ++range) {
    std::vector<PartRange> ranges;
    for (std::size_t part = 0; part < parts->count(); ++part)
      ranges.push_back({parts->file(), parts->begin(part, range), parts->begin(part, range + 1), 0});
    take(ranges, &entries);
  }
  return entries;
}

// Parts of random length, against one sorted list. An entry may be longer than what is read at a time.
TEST(AccountParts, MergeInTheOrderOfTheAccounts) {
  Random random(1);
  for (int round = 0; round < rounds(400); ++round) {
    MemoryFile file;
    AccountParts parts(heap(), &file);
    Entries expected;
    for (auto left = random.between(0, 12); left > 0; --left) {
      Entries part;
      for (auto n = random.between(0, 30); n > 0; --n)
        part.emplace_back(std::string(static_cast<std::size_t>(random.between(0, 9)), 'a'),
                          std::string(static_cast<std::size_t>(random.between(0, random.one_in(9) ? 60'000 : 20)),
                                      static_cast<char>(random.between('a', 'z'))));
      std::stable_sort(part.begin(), part.end(), is_before);
      parts.begin_part();
      for (const auto& [account, bytes] : part)
        parts.append(hash_of(account), key_of_text(account), Content::activity, bytes_of_text(bytes));
      expected.insert(expected.end(), part.begin(), part.end());
      if (random.one_in(6)) parts.flush();
    }
    std::stable_sort(expected.begin(), expected.end(), is_before);
    ASSERT_EQ(merged(&parts), expected) << "those of one account in the order of the parts";
    ASSERT_EQ(merged_by_range(&parts), expected);
  }
}

TEST(AccountParts, DroppedPartsAreNoMoreThere) {
  MemoryFile file;
  AccountParts parts(heap(), &file);
  for (const char* account : {"c", "a", "b"}) {
    parts.begin_part();
    parts.append(7, key_of_text(account), Content::activity, {});
  }
  parts.drop(0, 2);
  EXPECT_EQ(merged(&parts), Entries({{"b", ""}}));
}

}  // namespace
}  // namespace health
