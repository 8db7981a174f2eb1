#include "activity_by.hpp"

#include <algorithm>
#include <limits>

namespace health {

namespace {

[[noreturn]] void fail_full() {
  fail(kTooLarge, "Take fewer accounts or days at once, or use health_activity with GROUP BY, which can spill to disk.",
       "too many accounts, signals and days for health_activity_by");
}

// Where a new entry belongs in an open-addressing table whose size is a power of two.
template <class Entry, class Free>
Entry* free_place(Vector<Entry>* index, std::uint32_t hash, Free is_free) {
  const std::size_t mask = index->size() - 1;
  std::size_t i = hash & mask;
  while (!is_free((*index)[i])) i = (i + 1) & mask;
  return &(*index)[i];
}

}  // namespace

// ---------------------------------------------------------------- names

std::uint32_t SignalNames::added(const NameKey& key) {
  check_signal_name(key.name);
  if (bytes() > kMaxStateBytes) fail_full();  // offsets have 32 bits
  if ((names_.size() + 1) * 2 > index_.size()) {
    Vector<std::uint32_t> larger(index_.size() * 2, 0, index_.get_allocator());
    for (std::uint32_t i = 0; i < size(); ++i)
      *free_place(&larger, NameKey(name(i)).hash, [](std::uint32_t entry) { return entry == 0; }) = i + 1;
    index_ = std::move(larger);
  }
  names_.push_back({key.words, static_cast<std::uint32_t>(bytes_.size()), static_cast<std::uint32_t>(key.name.size())});
  bytes_.insert(bytes_.end(), key.name.begin(), key.name.end());
  *free_place(&index_, key.hash, [](std::uint32_t entry) { return entry == 0; }) = size();
  return size() - 1;
}

// ---------------------------------------------------------------- accounts

template <class Tally>
ActivityBy<Tally>::ActivityBy(AccountType type, Memory* memory, std::size_t limit)
    : type_(type),
      limit_(limit),
      memory_(memory),
      signals_(memory),
      index_(64, Place{}, memory),
      accounts_(memory),
      texts_(memory),
      text_bytes_(memory),
      waiting_text_(memory) {}

template <class Tally>
ActivityBy<Tally>::~ActivityBy() {
  for (const Account& account : accounts_)
    if (account.slots != nullptr) memory_->deallocate(account.slots, account.capacity * sizeof(Slot), alignof(Slot));
}

template <class Tally>
void ActivityBy<Tally>::check_bytes(std::size_t more) const {
  const std::size_t bytes = slot_bytes_ + signals_.bytes() + index_.size() * sizeof(Place) +
                            accounts_.size() * (sizeof(Account) + sizeof(Text)) + text_bytes_.size();
  if (bytes + more > limit_) fail_full();
}

template <class Tally>
Words ActivityBy<Tally>::words_of(AccountType type, const AccountKey& key) {
  return type == AccountType::text ? Words{std::hash<std::string_view>{}(key.text), 0} : key.words;
}

// The account that has this hash, if there is only one.
template <class Tally>
std::uint32_t ActivityBy<Tally>::candidate(std::uint32_t hash) const {
  const std::size_t mask = index_.size() - 1;
  for (std::size_t i = hash & mask; index_[i].account != 0; i = (i + 1) & mask)
    if (index_[i].hash == hash) return index_[i].account - 1;
  return kNone;
}

template <class Tally>
bool ActivityBy<Tally>::is(std::uint32_t account, const Words& words, std::string_view key) const {
  return accounts_[account].words == words && (type_ != AccountType::text || text(account) == key);
}

template <class Tally>
std::uint32_t ActivityBy<Tally>::new_account(const Words& words, std::string_view key) {
  check_bytes(key.size());
  accounts_.push_back({words, nullptr, 0, 0});
  if (type_ == AccountType::text) {
    texts_.push_back({text_bytes_.size(), key.size()});
    text_bytes_.insert(text_bytes_.end(), key.begin(), key.end());
  }
  return accounts() - 1;
}

template <class Tally>
std::uint32_t ActivityBy<Tally>::null_account() {
  if (null_account_ == kNone) null_account_ = new_account({0, 0}, {});
  return null_account_;
}

template <class Tally>
std::uint32_t ActivityBy<Tally>::account_of(const Words& words, std::string_view key, std::uint32_t hash) {
  const auto is_free = [](const Place& place) { return place.account == 0; };
  std::size_t mask = index_.size() - 1;
  for (std::size_t i = hash & mask; index_[i].account != 0; i = (i + 1) & mask)
    if (index_[i].hash == hash && is(index_[i].account - 1, words, key)) return index_[i].account - 1;
  if ((accounts_.size() + 1) * 2 > index_.size()) {
    check_bytes(index_.size() * sizeof(Place));
    Vector<Place> larger(index_.size() * 2, Place{}, memory_);
    for (const Place& place : index_)
      if (place.account != 0) *free_place(&larger, place.hash, is_free) = place;
    index_ = std::move(larger);
  }
  const std::uint32_t account = new_account(words, key);
  *free_place(&index_, hash, is_free) = {hash, account + 1};
  return account;
}

namespace {

std::uint32_t hash_of(const Words& words) { return static_cast<std::uint32_t>(mixed(words.first, words.last)); }

}  // namespace

template <class Tally>
std::uint32_t ActivityBy<Tally>::account_of(const AccountKey& key) {
  if (key.null) return null_account();
  const Words words = words_of(type_, key);
  return account_of(words, key.text, hash_of(words));
}

// ---------------------------------------------------------------- cells

template <class Tally>
void ActivityBy<Tally>::grow(Account* account, std::uint32_t used) {
  // Tables of 64, 128, 256 ... bytes, at most three quarters full.
  std::size_t bytes = 64;
  while (std::size_t{used} * 4 > bytes / sizeof(Slot) * 3) bytes *= 2;
  const auto capacity = static_cast<std::uint32_t>(bytes / sizeof(Slot));
  check_bytes(bytes);
  auto* slots = static_cast<Slot*>(memory_->allocate(capacity * sizeof(Slot), alignof(Slot)));
  for (std::uint32_t i = 0; i < capacity; ++i) slots[i].signal = 0;
  Account larger{account->words, slots, capacity, account->used};
  for (const Slot* slot = account->slots; slot != account->slots + account->capacity; ++slot) {
    if (slot->signal == 0) continue;
    Slot* to = first_slot(larger, slot->signal, slot->day);
    while (to->signal != 0)
      if (++to == slots + capacity) to = slots;
    *to = *slot;
  }
  if (account->slots != nullptr) {
    const std::size_t old = account->capacity * sizeof(Slot);
    memory_->deallocate(account->slots, old, alignof(Slot));
    slot_bytes_ -= old;
  }
  slot_bytes_ += capacity * sizeof(Slot);
  *account = larger;
}

template <class Tally>
void ActivityBy<Tally>::add_cell(Account* account, std::uint32_t signal, Day day, const Tally& tally) {
  if ((std::size_t{account->used} + 1) * 4 > std::size_t{account->capacity} * 3) grow(account, account->used + 1);
  Slot* slot = first_slot(*account, signal + 1, day);
  while (slot->signal != 0 && (slot->signal != signal + 1 || slot->day != day))
    if (++slot == account->slots + account->capacity) slot = account->slots;
  if (slot->signal == 0) {
    *slot = {signal + 1, day, tally};
    ++account->used;
    return;
  }
  if (tally.count > kMaxCount - slot->tally.count) fail_count(signals_.name(signal));
  slot->tally.add(tally);
}

template <class Tally>
void ActivityBy<Tally>::wait(const AccountKey& account, std::uint32_t signal, Day day, const Tally& tally) {
  constexpr std::size_t kMaxWaitingText = 1 << 20;
  Row& row = rows_[waiting_];
  row = {words_of(type_, account), {waiting_text_.size(), account.text.size()}, 0, kNone, signal, day, tally};
  if (account.null) row.account = null_account();
  else if (type_ == AccountType::text)
    waiting_text_.insert(waiting_text_.end(), account.text.begin(), account.text.end());
  if (++waiting_ == rows_.size() || waiting_text_.size() > kMaxWaitingText) flush();
}

// Each step touches, for all rows, what the step before has fetched.
template <class Tally>
void ActivityBy<Tally>::flush() {
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
    const std::string_view key(waiting_text_.data() + row.text.offset, row.text.length);
    if (row.account == kNone || (row.account != null_account_ && !is(row.account, row.words, key)))
      row.account = account_of(row.words, key, row.hash);
    const Account& account = accounts_[row.account];
    if (account.slots != nullptr) __builtin_prefetch(first_slot(account, row.signal + 1, row.day));
  }
  for (const Row& row : rows)
    if (row.signal != kNoSignal) add_cell(&accounts_[row.account], row.signal, row.day, row.tally);
  waiting_text_.clear();
}

// ---------------------------------------------------------------- the activities

template <class Tally>
AccountKey ActivityBy<Tally>::key(std::uint32_t account) const {
  if (account == null_account_) return {true, {0, 0}, {}};
  if (type_ == AccountType::text) return {false, {0, 0}, text(account)};
  return {false, accounts_[account].words, {}};
}

template <class Tally>
Vector<std::uint32_t> ActivityBy<Tally>::sorted_accounts(Memory* memory) const {
  Vector<std::uint32_t> order(accounts(), memory);
  for (std::uint32_t i = 0; i < accounts(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::uint32_t x, std::uint32_t y) {
    if (x == null_account_ || y == null_account_) return x != null_account_;
    if (type_ == AccountType::text) return text(x) < text(y);
    const Words &a = accounts_[x].words, &b = accounts_[y].words;
    if (type_ == AccountType::bigint) return static_cast<std::int64_t>(a.first) < static_cast<std::int64_t>(b.first);
    return std::memcmp(&a, &b, sizeof a) < 0;
  });
  return order;
}

template <class Tally>
Bytes ActivityBy<Tally>::activity(std::uint32_t number, ActivityWriter* writer, Memory* memory) const {
  const Account& account = accounts_[number];
  if (account.used == 0) return {};
  struct Place {
    std::uint64_t signal_and_day;
    const Tally* tally;
    std::uint32_t signal() const { return static_cast<std::uint32_t>(signal_and_day >> 32) - 1; }
  };
  Vector<Place> cells(memory);
  cells.reserve(account.used);
  for (const Slot* slot = account.slots; slot != account.slots + account.capacity; ++slot)
    if (slot->signal != 0)
      cells.push_back({std::uint64_t{slot->signal} << 32 | static_cast<std::uint32_t>(slot->day), &slot->tally});
  std::sort(cells.begin(), cells.end(),
            [](const Place& a, const Place& b) { return a.signal_and_day < b.signal_and_day; });
  struct Run {  // the cells of a signal
    std::string_view name;
    std::size_t first;
  };
  Vector<Run> runs(memory);
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (i == 0 || cells[i].signal() != cells[i - 1].signal()) runs.push_back({signals_.name(cells[i].signal()), i});
  std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.name < b.name; });
  for (const Run& run : runs) {
    writer->begin_signal(run.name);
    for (std::size_t i = run.first; i < cells.size() && cells[i].signal() == cells[run.first].signal(); ++i)
      writer->add(cells[i].tally->cell(run.name, static_cast<Day>(cells[i].signal_and_day)));
    writer->end_signal();
  }
  return writer->finish();
}

// ---------------------------------------------------------------- from process to process

// Names: u32 how many, each u8 length and its bytes. Then u32 accounts, each u8 whether it is NULL, its words or (u64
// length, bytes), u32 how many cells, and these as slots.

namespace {

template <class T>
std::uint8_t* put(const T& value, std::uint8_t* to) {
  std::memcpy(to, &value, sizeof value);
  return to + sizeof value;
}
std::uint8_t* put_text(std::string_view text, std::uint8_t* to) { return std::copy(text.begin(), text.end(), to); }

}  // namespace

template <class Tally>
std::size_t ActivityBy<Tally>::packed_bytes() const {
  std::size_t bytes = 2 * sizeof(std::uint32_t);
  for (std::uint32_t i = 0; i < signals_.size(); ++i) bytes += 1 + signals_.name(i).size();
  for (std::uint32_t i = 0; i < accounts(); ++i)
    bytes += 1 + (type_ == AccountType::text ? sizeof(std::uint64_t) + text(i).size() : sizeof(Words)) +
             sizeof(std::uint32_t) + accounts_[i].used * sizeof(Slot);
  return bytes;
}

template <class Tally>
std::uint8_t* ActivityBy<Tally>::pack_names(std::uint8_t* to) const {
  to = put(signals_.size(), to);
  for (std::uint32_t i = 0; i < signals_.size(); ++i) {
    const std::string_view name = signals_.name(i);
    to = put_text(name, put(static_cast<std::uint8_t>(name.size()), to));
  }
  return put(accounts(), to);
}

template <class Tally>
std::uint8_t* ActivityBy<Tally>::pack_account(std::uint32_t number, std::uint8_t* to) const {
  const Account& account = accounts_[number];
  to = put(static_cast<std::uint8_t>(number == null_account_), to);
  if (type_ == AccountType::text) to = put_text(text(number), put(std::uint64_t{text(number).size()}, to));
  else to = put(account.words, to);
  to = put(account.used, to);
  for (const Slot* slot = account.slots; slot != account.slots + account.capacity; ++slot)
    if (slot->signal != 0) to = put(*slot, to);
  return to;
}

template <class Tally>
template <class T>
T ActivityBy<Tally>::Parcel::take() {
  T value;
  std::memcpy(&value, take_text(sizeof value).data(), sizeof value);
  return value;
}

template <class Tally>
std::string_view ActivityBy<Tally>::Parcel::take_text(std::size_t length) {
  if (length > left_.size()) fail(kCorrupt, nullptr, "invalid state of health_activity_by: it ends too early");
  const auto* begin = reinterpret_cast<const char*>(left_.data());
  left_ = left_.subspan(length);
  return {begin, length};
}

template <class Tally>
ActivityBy<Tally>::Parcel::Parcel(Bytes bytes, Memory* memory) : left_(bytes), names_(memory), numbers_(memory) {
  for (auto left = take<std::uint32_t>(); left > 0; --left) names_.push_back(take_text(take<std::uint8_t>()));
  accounts_left_ = take<std::uint32_t>();
}

template <class Tally>
bool ActivityBy<Tally>::absorb(Parcel* parcel) {
  if (parcel->numbers_.empty())
    for (const std::string_view name : parcel->names_) parcel->numbers_.push_back(signals_.number_of(NameKey(name)));
  if (parcel->accounts_left_ == 0) return false;
  --parcel->accounts_left_;
  AccountKey key{parcel->template take<std::uint8_t>() != 0, {0, 0}, {}};
  if (type_ == AccountType::text) key.text = parcel->take_text(parcel->template take<std::uint64_t>());
  else key.words = parcel->template take<Words>();
  Account* account = &accounts_[account_of(key)];
  const auto cells = parcel->template take<std::uint32_t>();
  if (cells > account->used && cells * std::size_t{4} > std::size_t{account->capacity} * 3) grow(account, cells);
  for (std::uint32_t i = 0; i < cells; ++i) {
    const Slot slot = parcel->template take<Slot>();
    if (slot.signal - 1 >= parcel->numbers_.size())
      fail(kCorrupt, nullptr, "invalid state of health_activity_by: unknown signal");
    add_cell(account, parcel->numbers_[slot.signal - 1], slot.day, slot.tally);
  }
  return true;
}

template class ActivityBy<CountTally>;
template class ActivityBy<ValueTally>;

}  // namespace health
