#include "grouping.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "interrupt.hpp"
#include "rollup.hpp"

namespace health {

namespace {

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
  accounts_.push_back({words, texts_.size(), {}});
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

std::size_t AccountNumbers::common_text() const {
  if (type_ != AccountType::text) return 0;
  const std::uint32_t any = null_ == 0 ? 1 : 0;
  if (any >= size()) return 0;
  const std::string_view first = text(accounts_[any]);
  std::size_t common = first.size();
  for (std::uint32_t i = 0; i < size() && common > 0; ++i) {
    const std::string_view other = text(accounts_[i]);
    const auto end = first.begin() + static_cast<std::ptrdiff_t>(common);
    if (i != null_)
      common =
          static_cast<std::size_t>(std::mismatch(first.begin(), end, other.begin(), other.end()).first - first.begin());
  }
  return common;
}

void AccountNumbers::clear() {
  null_ = kNoAccount;
  std::fill(index_.begin(), index_.end(), Place{});
  accounts_.clear();
  texts_.clear();
}

// ---------------------------------------------------------------- rows

Grouping::Grouping(AccountType type, bool values, Memory* memory, std::size_t part_events, std::size_t limit,
                   PartFile* file)
    : type_(type),
      values_(values),
      part_events_(part_events),
      limit_(limit),
      signals_(memory),
      accounts_(type, memory),
      lists_(memory),
      parts_(memory, file),
      kept_(memory) {}

void Grouping::add(const AccountKey& account, std::string_view signal, Day day, bool valued, Micros value) {
  make_room(account);
  const std::uint32_t number = signals_.number_of(signal);
  check_event_day(signal, day);
  Waiting& row = waiting_row(account);
  row.signal = number;
  row.day = day;
  row.valued = valued;
  row.value = value;
}

void Grouping::add_account(const AccountKey& account) {
  make_room(account);
  waiting_row(account).signal = kNoSignal;
}

// For one more row. Signals may have other numbers afterwards.
void Grouping::make_room(const AccountKey& account) {
  constexpr std::size_t kKept = 1 << 13;
  if (waiting_ == rows_.size() || kept_.size() + account.text.size() > kept_.capacity() ||
      signals_.size() == kMaxSignalNumbers)
    number_rows();
  if (account.text.size() > kept_.capacity()) kept_.reserve(std::max(kKept, account.text.size()));
}

// A row for an event of the account; the caller fills in the rest.
Grouping::Waiting& Grouping::waiting_row(const AccountKey& account) {
  Waiting& row = rows_[waiting_++];
  row.null = account.null;
  row.words = accounts_.words_of(account);
  row.text = {kept_.data() + kept_.size(), account.text.size()};
  if (!account.text.empty()) kept_.insert(kept_.end(), account.text.begin(), account.text.end());
  return row;
}

// Calls run() with an event of the kind in use.
template <class Run>
auto Grouping::with_event(Run run) {
  if (wide_) return values_ ? run(ListEvent<true, true>()) : run(ListEvent<true, false>());
  return values_ ? run(ListEvent<false, true>()) : run(ListEvent<false, false>());
}

// Appends the waiting rows to the lists of their accounts, in passes: each reads memory that the one before has
// prefetched.
void Grouping::number_rows() {
  // Before a signal has a number that is too large: also their places in the order of the names must fit.
  if (!wide_ && signals_.size() + rows_.size() > kNarrowSignals) {
    close_part(Content::activity);
    merge_parts();
    wide_ = true;
  }
  const std::span<Waiting> rows(rows_.data(), waiting_);
  waiting_ = 0;
  for (Waiting& row : rows) {
    row.hash = AccountNumbers::hash_of(row.words);
    accounts_.fetch(row.hash);
  }
  for (Waiting& row : rows) row.account = accounts_.candidate(row.hash);
  for (Waiting& row : rows) {
    row.account = row.null ? accounts_.null_number() : accounts_.number_of(row.account, row.words, row.text, row.hash);
    lists_.fetch(*accounts_.list(row.account));
  }
  with_event([&]<class Event>(Event) {
    for (const Waiting& row : rows)
      if (row.signal != kNoSignal)
        lists_.append(accounts_.list(row.account), Event(event_key(row.signal, row.day, row.valued), row.value));
  });
  events_ += rows.size();
  kept_.clear();
  if (!full()) return;
  const bool forget = signals_.size() == kMaxSignalNumbers || signals_.bytes(0) > limit_ / 8;
  close_part(forget || !parts_.has_file() ? Content::activity : Content::events);
  if (!forget) return;
  merge_parts();
  signals_ = SignalNames(memory_of(kept_));
  wide_ = false;
}

// What all but the closed parts takes with so many more rows, and when the part is closed.
std::size_t Grouping::open_bytes(std::size_t more) const {
  const std::size_t event = (wide_ ? 8 : 4) + (values_ ? 8 : 0);
  return sizeof *this + kept_.capacity() + signals_.bytes(more) + accounts_.bytes(more) + lists_.bytes() +
         accounts_.size() * sizeof(Place) + 2 * event * lists_.longest() + signals_.size() * 32;
}

bool Grouping::full() {
  constexpr std::size_t kLeastEvents = 1024;  // of a part, however little memory there is
  const std::size_t open = open_bytes(rows_.size());
  if (events_ + rows_.size() > part_events_ || lists_.full() || signals_.size() == kMaxSignalNumbers) return true;
  return events_ >= kLeastEvents && (parts_.has_file() ? open + parts_.bytes() > limit_ : open > limit_ / 8);
}

// How much memory the closed parts may take.
std::size_t Grouping::room_of_parts() const { return limit_ - std::min(limit_, open_bytes(0)); }

void Grouping::finish() {
  number_rows();
  close_part(has_events_ ? Content::events : Content::activity);
  accounts_ = AccountNumbers(type_, memory_of(kept_));
  lists_.release();
  merge_parts();
  most_bytes_ = std::max(most_bytes_, open_bytes(0) + parts_.bytes());
  if (parts_.filed() > 0 && parts_.bytes() > limit_ / 2) parts_.spill();  // the other half is for reading it
}

// ---------------------------------------------------------------- parts

namespace {

// Adds up the events of one signal and day; returns the first that is not of it.
template <class At>
At add_up(At at, At end, std::string_view name, std::uint64_t* count, std::uint32_t* values, Int128* sum) {
  for (const std::uint64_t cell = cell_in(at->key()); at != end && cell_in(at->key()) == cell; ++at) {
    ++*count;
    *values += valued_in(at->key()) ? 1 : 0;
    *sum += at->value();
  }
  if (*count > kMaxCount) fail_count(name);
  return at;
}

// Makes entries of parts of the events of accounts: read() of all that are there, then one of the others.
template <class Event>
class EventWriter {
 public:
  // `room`: as of AccountParts::append().
  EventWriter(const SignalNames& signals, AccountParts* parts, std::size_t room, Memory* memory)
      : signals_(signals),
        parts_(parts),
        room_(room),
        by_name_(signals.size(), memory),
        ranks_(signals.size(), memory),
        events_(memory),
        spare_(memory),
        ends_(memory),
        writer_(memory),
        single_(memory),
        pulse_(memory) {
    std::iota(by_name_.begin(), by_name_.end(), 0U);
    std::sort(by_name_.begin(), by_name_.end(),
              pulse_.during([&](std::uint32_t a, std::uint32_t b) { return signals.name(a) < signals.name(b); }));
    for (std::uint32_t i = 0; i < by_name_.size(); ++i) ranks_[by_name_[i]] = i;
  }

  void read(const EventLists& lists, const EventLists::List& list) { lists.read(list, &events_); }
  void read(Bytes events) {
    const std::size_t before = events_.size();
    events_.resize(before + events.size() / sizeof(Event));
    std::memcpy(events_.data() + before, events.data(), events.size());
  }
  std::size_t size() const { return events_.size(); }

  void write_events(const AccountKey& key) {
    const Bytes bytes{reinterpret_cast<const std::uint8_t*>(events_.data()), events_.size() * sizeof(Event)};
    parts_->append(key, Content::events, bytes, room_);
    events_.clear();
  }
  void write_activity(const AccountKey& key) {
    sort();
    writer_.begin();
    for (auto at = events_.cbegin(); at != events_.cend();) at = write_signal(key, at);
    parts_->append(key, Content::activity, events_.empty() ? Bytes() : writer_.finish(), room_);
    events_.clear();
  }

 private:
  using At = typename Scratch<Event>::const_iterator;
  At write_signal(const AccountKey& key, At at) {
    const std::uint32_t rank = signal_in(at->key());
    const std::string_view name = signals_.name(by_name_[rank]);
    writer_.begin_signal(name);
    while (at != events_.cend() && signal_in(at->key()) == rank) {
      const Day day = day_in(at->key());
      std::uint64_t count = 0;
      std::uint32_t values = 0;
      Int128 sum = 0;
      at = add_up(at, events_.cend(), name, &count, &values, &sum);
      // A sum beyond 64 bits may fit once all parts are merged: the excess goes into activities of one event each.
      constexpr Micros kMost = std::numeric_limits<Micros>::max(), kLeast = std::numeric_limits<Micros>::min();
      for (; sum > kMost || sum < kLeast; --count, --values) {
        const Cell cell{day, 1, 1, sum > 0 ? kMost : kLeast};
        sum -= cell.value;
        single_.begin();
        single_.begin_signal(name);
        single_.add(cell);
        single_.end_signal();
        parts_->append(key, Content::activity, single_.finish(), room_);
      }
      writer_.add({day, static_cast<std::uint32_t>(count), values, static_cast<Micros>(sum)});
    }
    writer_.end_signal();
    return at;
  }

  // By the names of their signals, and by day.
  void sort() {
    Day least = kLastDay, most = 0, last = 0;
    bool ordered = true;
    for (Event& event : events_) {
      pulse_.beat();
      const Day day = day_in(event.key());
      ordered = ordered && day >= last;
      last = day;
      least = std::min(least, day);
      most = std::max(most, day);
      event = event.in_signal(ranks_[signal_in(event.key())]);
    }
    const auto days = static_cast<std::size_t>(most - least + 1), many = events_.size() * 2;
    if (ranks_.size() > many || (!ordered && days > many)) {
      std::sort(events_.begin(), events_.end(),
                pulse_.during([](const Event& a, const Event& b) { return a.key() < b.key(); }));
      return;
    }
    if (!ordered)
      scatter(days, [least](const Event& event) { return static_cast<std::size_t>(day_in(event.key()) - least); });
    scatter(ranks_.size(), [](const Event& event) { return std::size_t{signal_in(event.key())}; });
  }
  // Sorts by `digit`, which is below `digits`, and leaves equal ones in their order.
  template <class Digit>
  void scatter(std::size_t digits, Digit digit) {
    ends_.assign(digits + 1, 0);
    for (const Event& event : events_) ++ends_[digit(event) + 1];
    for (std::size_t i = 1; i <= digits; ++i) ends_[i] += ends_[i - 1];
    spare_.resize(events_.size());
    for (const Event& event : events_) {
      pulse_.beat();
      spare_[ends_[digit(event)]++] = event;
    }
    events_.swap(spare_);
  }

  const SignalNames& signals_;
  AccountParts* parts_;
  std::size_t room_;
  Vector<std::uint32_t> by_name_, ranks_;  // signals in the order of their names, and the place of each in it
  Scratch<Event> events_, spare_;
  Vector<std::uint32_t> ends_;
  ActivityWriter writer_, single_;
  Pulse pulse_;
};

}  // namespace

namespace {

constexpr std::size_t kMostEvents = 1024;  // of an account that stand in a part as they are

}  // namespace

// `content`: events where the part is one of several that are merged here, unless an account has many.
void Grouping::close_part(Content content) {
  if (accounts_.size() == 0) return;
  most_bytes_ = std::max(most_bytes_, open_bytes(0) + parts_.bytes());
  parts_.begin_part();
  with_event([&]<class Event>(Event) {
    EventWriter<Event> writer(signals_, &parts_, room_of_parts(), memory_of(kept_));
    for (const Place& place : sorted_accounts()) {
      const AccountKey key = accounts_.key(place.account);
      writer.read(lists_, *accounts_.list(place.account));
      if (content == Content::activity || writer.size() == 0 || writer.size() > kMostEvents) writer.write_activity(key);
      else writer.write_events(key);
    }
  });
  has_events_ = has_events_ || content == Content::events;
  accounts_.clear();
  lists_.clear();
  events_ = 0;
}

// Puts the first parts together until all can be read side by side, and none has events as they are.
void Grouping::merge_parts() {
  constexpr std::size_t kLeast = 8;  // parts side by side
  const std::size_t most = std::max(limit_ / 2 / kLeastBuffer, kLeast);
  while (parts_.has_file() && (has_events_ || parts_.count() > most)) {
    const bool last = parts_.count() <= most;
    with_event([&]<class Event>(Event) { merge_parts<Event>(last ? parts_.count() : most, last ? 0 : kMostEvents); });
    if (last) has_events_ = false;
  }
}

// Puts the first `count` parts together. Up to so many events of an account are left as they are.
template <class Event>
void Grouping::merge_parts(std::size_t count, std::size_t most_events) {
  Memory* memory = memory_of(kept_);
  parts_.spill();
  PartMerge merge(parts_, type_, count, limit_ / 2, memory);
  parts_.begin_part();
  EventWriter<Event> writer(signals_, &parts_, limit_ / 4, memory);
  ByteString text(memory);
  while (merge.first() != nullptr) {
    AccountKey key = merge.first()->key();
    text.assign(key.text);
    key.text = text;
    for (const PartReader* part; (part = merge.first()) && !account_before(type_, key, part->key()); merge.next())
      if (part->content() == Content::events) writer.read(part->bytes());
      else parts_.append(*part, limit_ / 4);
    if (writer.size() > most_events) writer.write_activity(key);
    else if (writer.size() > 0) writer.write_events(key);
  }
  parts_.drop(count);
}

// The accounts in their order.
Vector<Grouping::Place> Grouping::sorted_accounts() const {
  Vector<Place> places(memory_of(kept_));
  places.reserve(accounts_.size());
  Pulse pulse(memory_of(kept_));
  const std::size_t common = accounts_.common_text();
  for (std::uint32_t i = 0; i < accounts_.size(); ++i, pulse.beat()) {
    AccountKey key = accounts_.key(i);
    if (!key.null) key.text.remove_prefix(common);
    places.push_back({account_prefix(type_, key), i});
  }
  std::sort(places.begin(), places.end(), pulse.during([&](const Place& a, const Place& b) {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    return account_before(type_, accounts_.key(a.account), accounts_.key(b.account));
  }));
  return places;
}

void Grouping::absorb(Bytes packed) { parts_.absorb(packed, room_of_parts()); }

// ---------------------------------------------------------------- the activities

GroupingMerge::GroupingMerge(const Grouping& state, Memory* memory)
    : type_(state.type()),
      merge_(state.parts(), type_, state.parts().count(), state.limit() / 2, memory),
      text_(memory),
      kept_(memory) {}

bool GroupingMerge::next(AccountKey* account, Bytes* activity, ActivityWriter* writer, Memory* memory) {
  if (merge_.first() == nullptr) return false;
  text_.assign(merge_.first()->key().text);
  *account = merge_.first()->key();
  account->text = text_;
  Vector<Bytes> activities(memory);
  kept_.clear();
  for (const PartReader* part; (part = merge_.first()) && !account_before(type_, *account, part->key());
       merge_.next()) {
    Bytes found = part->bytes();
    if (found.empty()) continue;
    if (part->filed()) {
      append_bytes(&kept_, found);
      found = {static_cast<const std::uint8_t*>(nullptr), found.size()};  // it stands in kept_, which still may move
    }
    activities.push_back(found);
  }
  Bytes rest = bytes_in(kept_);
  for (Bytes& each : activities) {
    if (each.data() != nullptr) continue;
    each = rest.first(each.size());
    rest = rest.subspan(each.size());
  }
  if (activities.empty()) *activity = {};
  else *activity = activities.size() == 1 ? activities.front() : merge_activities(activities, writer);
  return true;
}

}  // namespace health
