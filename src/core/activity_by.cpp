#include "activity_by.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "interrupt.hpp"
#include "rollup.hpp"

namespace health {

namespace {

[[noreturn]] void fail_full() {
  fail(kTooLarge, "Take fewer accounts or days at once, or use health_activity with GROUP BY, which can spill to disk.",
       "too many accounts, signals and days for health_activity_by");
}

// Doubles an open-addressing table; `hash_of` gives the hash of an entry that is not free.
template <class Entry, class Free, class Hash>
void grow(Vector<Entry>* index, Free is_free, Hash hash_of) {
  Vector<Entry> larger(index->size() * 2, Entry{}, index->get_allocator());
  const std::size_t mask = larger.size() - 1;
  Pulse pulse(memory_of(*index));
  for (const Entry& entry : *index) {
    pulse.beat();
    if (is_free(entry)) continue;
    std::size_t i = hash_of(entry) & mask;
    while (!is_free(larger[i])) i = (i + 1) & mask;
    larger[i] = entry;
  }
  *index = std::move(larger);
}

// Bits of the three numbers in the key of a row.
constexpr int kDayBits = 17, kSignalBits = 23, kAccountBits = 24;
static_assert(kLastDay < 1 << kDayBits && kMaxSignalNumbers == 1U << kSignalBits &&
              kMaxAccountNumbers == 1U << kAccountBits && kDayBits + kSignalBits + kAccountBits == 64);
std::uint64_t key_of(std::uint32_t account, std::uint32_t signal, Day day) {
  return std::uint64_t{account} << (kSignalBits + kDayBits) | std::uint64_t{signal} << kDayBits |
         static_cast<std::uint32_t>(day);
}
std::uint32_t account_in(std::uint64_t key) { return static_cast<std::uint32_t>(key >> (kSignalBits + kDayBits)); }
std::uint32_t signal_in(std::uint64_t key) {
  return static_cast<std::uint32_t>(key >> kDayBits) & (kMaxSignalNumbers - 1);
}
Day day_in(std::uint64_t key) { return static_cast<Day>(key & ((1U << kDayBits) - 1)); }

// Sorts rows by `bits` bits of their keys from `shift` on, eight at a time, and leaves equal ones in their order.
template <class Row>
void sort_by_bits(Vector<Row>* rows, Vector<Row>* scratch, int shift, int bits) {
  for (; bits > 0; shift += 8, bits -= 8) {
    check_interrupt(memory_of(*rows));
    const auto digit = [shift](const Row& row) { return row.key >> shift & 0xFF; };
    std::array<std::size_t, 257> begin{};
    for (const Row& row : *rows) ++begin[digit(row) + 1];
    for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
    for (const Row& row : *rows) (*scratch)[begin[digit(row)]++] = row;
    rows->swap(*scratch);
  }
}

// What stands before an account's text and activity in a part.
struct Head {
  Words words;
  std::uint64_t null, text, activity;  // text and activity: lengths in bytes
};
static_assert(sizeof(Head) == 40);

}  // namespace

// ---------------------------------------------------------------- names and accounts

std::uint32_t SignalNames::number_of(std::string_view name) {
  const NameKey key(name);
  std::size_t i = key.hash & (index_.size() - 1);
  for (; index_[i] != 0; i = (i + 1) & (index_.size() - 1)) {
    const Name& known = names_[index_[i] - 1];
    if (known.length == name.size() && known.words == key.words &&
        (key.is_short() || std::memcmp(bytes_.data() + known.offset, name.data(), name.size()) == 0))
      return index_[i] - 1;
  }
  check_signal_name(name);
  if (names_.size() == kMaxSignalNumbers) fail_full();
  names_.push_back({key.words, static_cast<std::uint32_t>(bytes_.size()), static_cast<std::uint32_t>(name.size())});
  bytes_.insert(bytes_.end(), name.begin(), name.end());
  index_[i] = size();
  if (names_.size() * 2 > index_.size())
    grow(
        &index_, [](std::uint32_t entry) { return entry == 0; },
        [&](std::uint32_t entry) { return NameKey(this->name(entry - 1)).hash; });
  return size() - 1;
}

Words AccountNumbers::words_of(const AccountKey& key) const {
  return type_ == AccountType::text ? Words{std::hash<std::string_view>{}(key.text), key.text.size()} : key.words;
}

std::uint32_t AccountNumbers::candidate(std::uint32_t hash) const {
  const std::size_t mask = index_.size() - 1;
  for (std::size_t i = hash & mask; index_[i].account != 0; i = (i + 1) & mask) {
    if (index_[i].hash != hash) continue;
    __builtin_prefetch(&accounts_[index_[i].account - 1]);
    return index_[i].account - 1;
  }
  return kNoAccount;
}

std::uint32_t AccountNumbers::number_of(std::uint32_t candidate, const Words& words, std::string_view key,
                                        std::uint32_t hash) {
  const auto is = [&](std::uint32_t number) {
    return accounts_[number].words == words && text(accounts_[number]) == key;
  };
  if (candidate != kNoAccount && is(candidate)) return candidate;
  const std::size_t mask = index_.size() - 1;
  std::size_t i = hash & mask;
  for (; index_[i].account != 0; i = (i + 1) & mask)
    if (index_[i].hash == hash && is(index_[i].account - 1)) return index_[i].account - 1;
  const std::uint32_t number = added(words, key);
  index_[i] = {hash, number + 1};
  if (accounts_.size() * 2 > index_.size())
    grow(
        &index_, [](const Place& place) { return place.account == 0; }, [](const Place& place) { return place.hash; });
  return number;
}

std::uint32_t AccountNumbers::added(const Words& words, std::string_view key) {
  if (accounts_.size() == kMaxAccountNumbers) fail_full();
  accounts_.push_back({words, texts_.size()});
  texts_.insert(texts_.end(), key.begin(), key.end());
  return size() - 1;
}

std::uint32_t AccountNumbers::null_number() {
  if (null_ == kNoAccount) null_ = added({0, 0}, {});
  return null_;
}

AccountKey AccountNumbers::key(std::uint32_t number) const {
  if (number == null_) return {true, {0, 0}, {}};
  return {false, accounts_[number].words, text(accounts_[number])};
}

bool account_before(AccountType type, const AccountKey& a, const AccountKey& b) {
  if (a.null || b.null) return !a.null && b.null;
  if (type == AccountType::text) return a.text < b.text;
  if (type == AccountType::uuid) return std::memcmp(&a.words, &b.words, sizeof a.words) < 0;
  return static_cast<std::int64_t>(a.words.first) < static_cast<std::int64_t>(b.words.first);
}

// ---------------------------------------------------------------- rows

ActivityBy::ActivityBy(AccountType type, bool values, Memory* memory, std::size_t part_events, std::size_t limit)
    : type_(type),
      values_(values),
      part_events_(part_events),
      limit_(limit),
      signals_(memory),
      accounts_(type, memory),
      has_events_(memory),
      counts_(memory),
      valued_(memory),
      parts_(memory),
      kept_(memory) {}

void ActivityBy::check_bytes(std::size_t more) const {
  if (signals_.bytes() + accounts_.bytes() + parts_.size() + more > limit_) fail_full();
}

void ActivityBy::add(const AccountKey& account, std::string_view signal, Day day, bool valued, Micros value) {
  const std::uint32_t number = signals_.number_of(signal);
  check_event_day(signal, day);
  Waiting& row = waiting_row(account);
  row.signal = number;
  row.day = day;
  row.valued = valued;
  row.value = value;
}

void ActivityBy::add_account(const AccountKey& account) { waiting_row(account).signal = kNoSignal; }

// A row for an event of the account; the caller fills in the rest.
ActivityBy::Waiting& ActivityBy::waiting_row(const AccountKey& account) {
  constexpr std::size_t kKept = 1 << 13;
  if (waiting_ == rows_.size() || kept_.size() + account.text.size() > kept_.capacity()) number_rows();
  if (account.text.size() > kept_.capacity()) kept_.reserve(std::max(kKept, account.text.size()));
  Waiting& row = rows_[waiting_++];
  row.null = account.null;
  row.words = accounts_.words_of(account);
  row.text = {kept_.data() + kept_.size(), account.text.size()};
  if (!account.text.empty()) kept_.insert(kept_.end(), account.text.begin(), account.text.end());
  return row;
}

// Numbers the accounts of the waiting rows, in three passes: each reads memory that the one before has prefetched.
void ActivityBy::number_rows() {
  const std::span<Waiting> rows(rows_.data(), waiting_);
  waiting_ = 0;
  for (Waiting& row : rows) {
    row.hash = AccountNumbers::hash_of(row.words);
    accounts_.fetch(row.hash);
  }
  for (Waiting& row : rows) row.account = accounts_.candidate(row.hash);
  for (const Waiting& row : rows) {
    const std::uint32_t account =
        row.null ? accounts_.null_number() : accounts_.number_of(row.account, row.words, row.text, row.hash);
    if (row.signal == kNoSignal) continue;
    ordered_ = ordered_ && row.day >= last_day_;
    last_day_ = row.day;
    const std::uint64_t key = key_of(account, row.signal, row.day);
    if (values_) valued_.push_back({key, row.value, row.valued});
    else counts_.push_back({key});
  }
  kept_.clear();
  check_bytes(0);
  has_events_.resize(accounts_.size(), 0);
  if (counts_.size() + valued_.size() + rows_.size() > part_events_) close_part();
}

void ActivityBy::close_part() {
  if (values_) close_part(&valued_);
  else close_part(&counts_);
}

void ActivityBy::finish() {
  number_rows();
  close_part();
  // Accounts without events make a part of their own.
  Vector<AccountKey> keys(parts_.get_allocator());
  for (std::uint32_t i = 0; i < accounts_.size(); ++i)
    if (std::exchange(has_events_[i], 1) == 0) keys.push_back(accounts_.key(i));
  Pulse pulse(memory_of(keys));
  std::sort(keys.begin(), keys.end(),
            pulse.during([&](const auto& a, const auto& b) { return account_before(type_, a, b); }));
  const std::size_t part = begin_part();
  for (const AccountKey& key : keys) append(key, {});
  end_part(part);
}

// ---------------------------------------------------------------- parts

// A part: its length in bytes, then for each account a Head, the text of its key, and its activity. It never leaves the
// server, so its numbers are in the machine's own byte order.

std::size_t ActivityBy::begin_part() {
  parts_.resize(parts_.size() + sizeof(std::uint64_t));
  return parts_.size();
}

void ActivityBy::end_part(std::size_t begin) {
  const std::uint64_t length = parts_.size() - begin;
  std::memcpy(parts_.data() + begin - sizeof length, &length, sizeof length);
  if (length == 0) parts_.resize(begin - sizeof length);
}

void ActivityBy::append(const AccountKey& key, Bytes activity) {
  check_bytes(sizeof(Head) + key.text.size() + activity.size());
  const Head head{key.words, key.null, key.text.size(), activity.size()};
  parts_.append(reinterpret_cast<const char*>(&head), sizeof head);
  parts_.append(key.text);
  append_bytes(&parts_, activity);
}

namespace {

std::uint32_t values_of(const CountRow&) { return 0; }
Int128 value_of(const CountRow&) { return 0; }
std::uint32_t values_of(const ValueRow& row) { return row.valued ? 1 : 0; }
Int128 value_of(const ValueRow& row) { return row.value; }

}  // namespace

template <class Row>
void ActivityBy::close_part(Vector<Row>* rows) {
  if (rows->empty()) return;
  Memory* memory = memory_of(*rows);
  {
    Vector<Row> scratch(rows->size(), memory);
    if (!ordered_) sort_by_bits(rows, &scratch, 0, kDayBits);
    sort_by_bits(rows, &scratch, kDayBits, std::bit_width(signals_.size() - 1));
    sort_by_bits(rows, &scratch, kDayBits + kSignalBits, std::bit_width(accounts_.size() - 1));
  }
  ordered_ = true;
  last_day_ = 0;

  using Iterator = typename Vector<Row>::const_iterator;
  struct Group {  // rows of an account
    AccountKey key;
    Iterator begin, end;
  };
  struct SignalRows {
    std::string_view name;
    Iterator begin, end;
  };
  // The end of the rows for whose keys same(), the account or the signal, is that of the first row.
  const auto end_of = [](Iterator begin, Iterator end, auto same) {
    return std::find_if(begin, end, [&](const Row& row) { return same(row.key) != same(begin->key); });
  };
  Vector<Group> groups(memory);
  Pulse pulse(memory);
  for (Iterator at = rows->cbegin(); at != rows->cend(); at = groups.back().end) {
    pulse.beat();
    const std::uint32_t account = account_in(at->key);
    has_events_[account] = 1;
    groups.push_back({accounts_.key(account), at, end_of(at, rows->cend(), account_in)});
  }
  std::sort(groups.begin(), groups.end(),
            pulse.during([&](const Group& a, const Group& b) { return account_before(type_, a.key, b.key); }));

  const std::size_t part = begin_part();
  ActivityWriter writer(memory), single(memory);
  Vector<SignalRows> runs(memory);
  for (const Group& group : groups) {
    runs.clear();
    for (Iterator at = group.begin; at != group.end; at = runs.back().end)
      runs.push_back({signals_.name(signal_in(at->key)), at, end_of(at, group.end, signal_in)});
    std::sort(runs.begin(), runs.end(),
              pulse.during([](const SignalRows& a, const SignalRows& b) { return a.name < b.name; }));
    writer.begin();
    for (const SignalRows& run : runs) {
      writer.begin_signal(run.name);
      for (Iterator at = run.begin; at != run.end;) {
        const Day day = day_in(at->key);
        std::uint32_t count = 0, values = 0;
        Int128 sum = 0;
        for (const std::uint64_t key = at->key; at != run.end && at->key == key; ++at) {
          ++count;
          values += values_of(*at);
          sum += value_of(*at);
        }
        // A sum beyond 64 bits may fit once all parts are merged: the excess goes into activities of one event each.
        constexpr Micros kMost = std::numeric_limits<Micros>::max(), kLeast = std::numeric_limits<Micros>::min();
        for (; sum > kMost || sum < kLeast; --count, --values) {
          const Cell cell{day, 1, 1, sum > 0 ? kMost : kLeast};
          sum -= cell.value;
          single.begin();
          single.begin_signal(run.name);
          single.add(cell);
          single.end_signal();
          append(group.key, single.finish());
        }
        writer.add({day, count, values, static_cast<Micros>(sum)});
      }
      writer.end_signal();
    }
    append(group.key, writer.finish());
  }
  end_part(part);
  rows->clear();
}

void ActivityBy::absorb(Bytes packed) {
  check_bytes(packed.size());
  append_bytes(&parts_, packed);
}

// ---------------------------------------------------------------- the activities

ActivityMerge::ActivityMerge(const ActivityBy& state, Memory* memory) : type_(state.type()), sources_(memory) {
  for (Bytes rest = state.packed(); !rest.empty();) {
    std::uint64_t length;
    std::memcpy(&length, rest.data(), sizeof length);
    sources_.push_back({rest.subspan(sizeof length, length), {}, {}, true});
    rest = rest.subspan(sizeof length + length);
    advance(&sources_.back());
  }
}

void ActivityMerge::advance(Source* source) const {
  source->more = !source->rest.empty();
  if (!source->more) return;
  Head head;
  std::memcpy(&head, source->rest.data(), sizeof head);
  const Bytes text = source->rest.subspan(sizeof head, head.text);
  source->key = {head.null != 0, head.words, {reinterpret_cast<const char*>(text.data()), text.size()}};
  source->activity = source->rest.subspan(sizeof head + head.text, head.activity);
  source->rest = source->rest.subspan(sizeof head + head.text + head.activity);
}

bool ActivityMerge::next(AccountKey* account, Bytes* activity, ActivityWriter* writer, Memory* memory) {
  const Source* first = nullptr;
  for (const Source& source : sources_)
    if (source.more && (first == nullptr || account_before(type_, source.key, first->key))) first = &source;
  if (first == nullptr) return false;
  *account = first->key;
  Vector<Bytes> activities(memory);
  for (Source& source : sources_)
    for (; source.more && !account_before(type_, *account, source.key); advance(&source))
      if (!source.activity.empty()) activities.push_back(source.activity);
  if (activities.empty()) *activity = {};
  else *activity = activities.size() == 1 ? activities.front() : merge_activities(activities, writer);
  return true;
}

}  // namespace health
