#include "activity_by.hpp"

#include <algorithm>

namespace health {

namespace {

std::uint32_t hash_of(const Words& words) { return static_cast<std::uint32_t>(mixed(words.first, words.last)); }

}  // namespace

ActivityBy::ActivityBy(AccountType type, Memory* memory, std::size_t limit)
    : type_(type),
      limit_(limit),
      memory_(memory),
      index_(64, Place{}, memory),
      accounts_(memory),
      texts_(memory),
      kept_(memory) {}

ActivityBy::~ActivityBy() {
  for (const Account& account : accounts_)
    if (account.block != nullptr)
      memory_->deallocate(account.block, accumulator_bytes(account.block->room), alignof(std::uint64_t));
}

void ActivityBy::check_bytes(std::size_t more) const {
  const std::size_t bytes =
      block_bytes_ + index_.size() * sizeof(Place) + accounts_.size() * sizeof(Account) + texts_.size();
  if (bytes + more > limit_)
    fail(kTooLarge,
         "Take fewer accounts or days at once, or use health_activity with GROUP BY, which can spill to disk.",
         "too many accounts, signals and days for health_activity_by");
}

// ---------------------------------------------------------------- accounts

Words ActivityBy::words_of(const AccountKey& key) const {
  return type_ == AccountType::text ? Words{std::hash<std::string_view>{}(key.text), key.text.size()} : key.words;
}

// The account that has this hash, if there is only one.
std::uint32_t ActivityBy::candidate(std::uint32_t hash) const {
  const std::size_t mask = index_.size() - 1;
  for (std::size_t i = hash & mask; index_[i].account != 0; i = (i + 1) & mask)
    if (index_[i].hash == hash) return index_[i].account - 1;
  return kNone;
}

std::uint32_t ActivityBy::new_account(const Words& words, std::string_view key) {
  check_bytes(sizeof(Account) + key.size());
  accounts_.push_back({words, nullptr, texts_.size()});
  texts_.insert(texts_.end(), key.begin(), key.end());
  return accounts() - 1;
}

std::uint32_t ActivityBy::null_account() {
  if (null_account_ == kNone) null_account_ = new_account({0, 0}, {});
  return null_account_;
}

std::uint32_t ActivityBy::account_of(const Words& words, std::string_view key, std::uint32_t hash) {
  const auto put = [](Vector<Place>* index, const Place& place) {
    const std::size_t mask = index->size() - 1;
    std::size_t i = place.hash & mask;
    while ((*index)[i].account != 0) i = (i + 1) & mask;
    (*index)[i] = place;
  };
  const std::size_t mask = index_.size() - 1;
  for (std::size_t i = hash & mask; index_[i].account != 0; i = (i + 1) & mask)
    if (index_[i].hash == hash && is(accounts_[index_[i].account - 1], words, key)) return index_[i].account - 1;
  if ((accounts_.size() + 1) * 2 > index_.size()) {
    check_bytes(index_.size() * sizeof(Place));
    Vector<Place> larger(index_.size() * 2, Place{}, memory_);
    for (const Place& place : index_)
      if (place.account != 0) put(&larger, place);
    index_ = std::move(larger);
  }
  const std::uint32_t account = new_account(words, key);
  put(&index_, {hash, account + 1});
  return account;
}

// ---------------------------------------------------------------- rows

// A text that stays where it is until the rows that wait are flushed.
std::string_view ActivityBy::keep(std::string_view text) {
  const std::size_t begin = kept_.size();
  kept_.insert(kept_.end(), text.begin(), text.end());
  return {kept_.data() + begin, text.size()};
}

void ActivityBy::wait(const AccountKey& account, const Entry* entry) {
  constexpr std::size_t kKept = 1 << 16;
  const std::size_t long_name = entry != nullptr && entry->name.size() > kShortName ? entry->name.size() : 0;
  if (kept_.size() + account.text.size() + long_name > kept_.capacity()) {
    flush();
    kept_.reserve(std::max(kKept, account.text.size() + long_name));
  }
  Row& row = rows_[waiting_];
  row.account = account.null ? null_account() : kNone;
  row.words = words_of(account);
  row.text = keep(account.text);
  row.empty = entry == nullptr;
  if (entry != nullptr) {
    row.entry = *entry;
    if (long_name > 0) {
      row.entry.name = keep(entry->name);
    } else {
      std::memcpy(row.short_name, entry->name.data(), entry->name.size());
      row.entry.name = {row.short_name, entry->name.size()};
    }
  }
  if (++waiting_ == rows_.size()) flush();
}

// Each step touches, for all rows, what the step before has fetched.
void ActivityBy::flush() {
  const std::span<Row> rows(rows_.data(), waiting_);
  waiting_ = 0;
  for (Row& row : rows) {
    row.hash = hash_of(row.words);
    __builtin_prefetch(&index_[row.hash & (index_.size() - 1)]);
  }
  for (Row& row : rows) {
    if (row.account == kNone) row.account = candidate(row.hash);
    if (row.account != kNone) __builtin_prefetch(&accounts_[row.account]);
  }
  for (Row& row : rows) {
    if (row.account == kNone || (row.account != null_account_ && !is(accounts_[row.account], row.words, row.text)))
      row.account = account_of(row.words, row.text, row.hash);
    __builtin_prefetch(accounts_[row.account].block);
  }
  for (const Row& row : rows)
    if (const Accumulator* block = accounts_[row.account].block; block != nullptr && !row.empty)
      accumulator_prefetch(*block, row.entry.name);
  for (const Row& row : rows) {
    if (row.empty) continue;
    Account& account = accounts_[row.account];
    if (account.block == nullptr) account.block = new_block(kFirstRoom);
    for (Room wanted; !accumulator_add(account.block, row.entry, &wanted);) grow(&account, wanted);
  }
  kept_.clear();
}

Accumulator* ActivityBy::new_block(const Room& room) {
  const std::size_t bytes = accumulator_bytes(room);
  check_bytes(bytes);
  auto* block = static_cast<Accumulator*>(memory_->allocate(bytes, alignof(std::uint64_t)));
  block_bytes_ += bytes;
  accumulator_init(block, room);
  return block;
}

void ActivityBy::grow(Account* account, const Room& room) {
  Accumulator* old = account->block;
  account->block = new_block(room);
  accumulator_copy(account->block, *old);
  block_bytes_ -= accumulator_bytes(old->room);
  memory_->deallocate(old, accumulator_bytes(old->room), alignof(std::uint64_t));
}

// ---------------------------------------------------------------- the activities

AccountKey ActivityBy::key(std::uint32_t account) const {
  if (account == null_account_) return {true, {0, 0}, {}};
  return {false, accounts_[account].words, text(accounts_[account])};
}

Vector<std::uint32_t> ActivityBy::sorted_accounts(Memory* memory) const {
  Vector<std::uint32_t> order(accounts(), memory);
  for (std::uint32_t i = 0; i < accounts(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::uint32_t x, std::uint32_t y) {
    if (x == null_account_ || y == null_account_) return x != null_account_ && y == null_account_;
    const Account &a = accounts_[x], &b = accounts_[y];
    if (type_ == AccountType::text) return text(a) < text(b);
    if (type_ == AccountType::uuid) return std::memcmp(&a.words, &b.words, sizeof a.words) < 0;
    return static_cast<std::int64_t>(a.words.first) < static_cast<std::int64_t>(b.words.first);
  });
  return order;
}

Bytes ActivityBy::activity(std::uint32_t account, ActivityWriter* writer, Memory* memory) const {
  const Accumulator* block = accounts_[account].block;
  return block != nullptr ? accumulator_finish(*block, writer, memory) : Bytes();
}

// ---------------------------------------------------------------- from process to process

namespace {

// What stands before the block of a packed account; its text stands behind.
struct Head {
  Words words;
  std::uint64_t null, text;  // the length of the text
  Room room;                 // of the block, which has just the room it needs; no slots where there is none
};
static_assert(sizeof(Head) == 48);

Room room_of(const Accumulator* block) {
  if (block == nullptr) return {0, 0, 0, 0};
  return {block->room.slots, block->counts, block->values, block->names};
}
std::size_t bytes_of(const Room& room) { return room.slots > 0 ? accumulator_bytes(room) : 0; }
std::size_t padded(std::size_t bytes) { return (bytes + 7) / 8 * 8; }

}  // namespace

std::size_t ActivityBy::packed_bytes(std::uint32_t number) const {
  const Account& account = accounts_[number];
  return sizeof(Head) + padded(bytes_of(room_of(account.block))) + padded(text(account).size());
}

std::uint8_t* ActivityBy::pack(std::uint32_t number, std::uint8_t* to) const {
  const Account& account = accounts_[number];
  const std::string_view name = text(account);
  const Head head{account.words, number == null_account_, name.size(), room_of(account.block)};
  std::memcpy(to, &head, sizeof head);
  to += sizeof head;
  if (account.block != nullptr) {
    auto* block = new (to) Accumulator{};
    accumulator_init(block, head.room);
    accumulator_copy(block, *account.block);
    to += padded(bytes_of(head.room));
  }
  std::copy(name.begin(), name.end(), to);
  return to + padded(name.size());
}

Bytes ActivityBy::absorb(Bytes packed) {
  const auto take = [&](std::size_t bytes) {
    if (padded(bytes) > packed.size())
      fail(kCorrupt, nullptr, "invalid state of health_activity_by: it ends too early");
    const Bytes taken = packed.first(bytes);
    packed = packed.subspan(padded(bytes));
    return taken;
  };
  Head head;
  std::memcpy(&head, take(sizeof head).data(), sizeof head);
  const Bytes bytes = take(bytes_of(head.room)), key = take(head.text);
  const std::string_view name(reinterpret_cast<const char*>(key.data()), key.size());
  const std::uint32_t number = head.null != 0 ? null_account() : account_of(head.words, name, hash_of(head.words));
  Account& account = accounts_[number];
  if (bytes.empty()) return packed;
  if (account.block == nullptr) {
    account.block = new_block(head.room);
    std::memcpy(account.block, bytes.data(), bytes.size());
    return packed;
  }
  Vector<std::uint64_t> copy(padded(bytes.size()) / 8, memory_);  // aligned, as a block must be
  std::memcpy(copy.data(), bytes.data(), bytes.size());
  const auto* other = reinterpret_cast<const Accumulator*>(copy.data());
  for (Room wanted; !accumulator_absorb(account.block, *other, &wanted, memory_);) grow(&account, wanted);
  return packed;
}

}  // namespace health
