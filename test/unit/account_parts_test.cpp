#include "core/account_parts.hpp"

#include "support.hpp"

namespace health {
namespace {

AccountKey key_of_text(std::string_view text) { return {false, {0, 0}, text}; }
Bytes bytes_of_text(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

using Entries = std::vector<std::pair<std::string, std::string>>;

Entries merged(const AccountParts& parts) {
  Entries entries;
  for (PartMerge merge(parts, AccountType::text, parts.count(), 0, heap()); merge.first() != nullptr; merge.next()) {
    const Bytes bytes = merge.first()->bytes();
    entries.emplace_back(merge.first()->key().text, std::string(bytes.begin(), bytes.end()));
  }
  return entries;
}

// Parts of random length, against one sorted list. An entry may be longer than what is read at a time.
TEST(AccountParts, MergeInTheOrderOfTheAccounts) {
  Random random(1);
  for (int round = 0; round < rounds(400); ++round) {
    MemoryFile file;
    AccountParts parts(heap(), random.one_in(4) ? nullptr : &file), copy(heap(), nullptr);
    const std::size_t room = parts.has_file() ? static_cast<std::size_t>(random.between(0, 300'000)) : kMost;
    Entries expected;
    for (auto left = random.between(0, 12); left > 0; --left) {
      Entries part;
      for (auto n = random.between(0, 30); n > 0; --n)
        part.emplace_back(std::string(static_cast<std::size_t>(random.between(0, 9)), 'a'),
                          std::string(static_cast<std::size_t>(random.between(0, random.one_in(9) ? 60'000 : 20)),
                                      static_cast<char>(random.between('a', 'z'))));
      std::stable_sort(part.begin(), part.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
      parts.begin_part();
      for (const auto& [account, bytes] : part)
        parts.append(key_of_text(account), Content::activity, bytes_of_text(bytes), room);
      expected.insert(expected.end(), part.begin(), part.end());
      if (parts.has_file() && random.one_in(6)) parts.spill();
    }
    std::stable_sort(expected.begin(), expected.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    ASSERT_EQ(merged(parts), expected) << "those of one account in the order of the parts";
    PartPieces pieces(parts, static_cast<std::size_t>(random.between(1, 100'000)), heap());
    for (Bytes piece; pieces.next(&piece);) copy.absorb(piece, kMost);
    ASSERT_EQ(merged(copy), expected);
    if (parts.filed() > 0) continue;
    AccountParts whole(heap(), nullptr);
    whole.absorb(parts.in_memory(), kMost);
    ASSERT_EQ(whole.size(), parts.size());
    ASSERT_EQ(merged(whole), expected);
  }
}

TEST(AccountParts, DroppedPartsAreNoMoreThere) {
  AccountParts parts(heap(), nullptr);
  for (const char* account : {"c", "a", "b"}) {
    parts.begin_part();
    parts.append(key_of_text(account), Content::activity, {}, 1000);
  }
  parts.drop(2);
  EXPECT_EQ(merged(parts), Entries({{"b", ""}}));
}

TEST(AccountParts, WithoutAFileThereIsALimit) {
  AccountParts parts(heap(), nullptr);
  const std::string bytes(10'000, 'x');
  parts.begin_part();
  expect_failure("54000", "too many accounts, signals and days for health_activity_by", [&] {
    for (int i = 0; i < 1000; ++i) parts.append(key_of_text("a"), Content::activity, bytes_of_text(bytes), 1'000'000);
  });
  EXPECT_LE(parts.size(), 1'200'000u);
}

}  // namespace
}  // namespace health
