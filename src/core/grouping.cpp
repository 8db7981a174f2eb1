#include "grouping.hpp"

#include <algorithm>

#include "interrupt.hpp"
#include "rollup.hpp"

namespace health {

// ---------------------------------------------------------------- accounts

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
    grow_index(
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

Vector<std::uint32_t> AccountNumbers::in_order() const {
  Vector<std::uint64_t> places(memory_of(accounts_));
  places.reserve(size());
  for (std::uint32_t i = 0; i < size(); ++i) places.push_back(std::uint64_t{hash(i)} << 32 | i);
  Pulse pulse(memory_of(accounts_));
  std::sort(places.begin(), places.end(), pulse.during([&](std::uint64_t a, std::uint64_t b) {
    return (a ^ b) >> 32 != 0
               ? a < b
               : account_before(type_, key(static_cast<std::uint32_t>(a)), key(static_cast<std::uint32_t>(b)));
  }));
  return {places.begin(), places.end(), places.get_allocator()};
}

namespace {

constexpr std::size_t kMostEvents = 1024;  // of an account that stand in a part as they are

struct DirectoryHead {
  std::uint64_t wide, parts;
};

// Reads the events of an entry; false where it has an activity.
template <class Event>
bool read_events(const PartReader& part, AccountEvents<Event>* events) {
  if (part.content() == Content::activity) return false;
  if (part.content() == Content::narrow_events)
    events->template read<ListEvent<false, Event::kValues>>(part.bytes(), part.source());
  else if constexpr (Event::kWide) events->template read<Event>(part.bytes(), part.source());
  return true;
}

// Takes the tallies of an entry; false where it has something else.
bool read_tallies(const PartReader& part, std::span<const TallyKind> kinds, Tally* tallies) {
  if (part.content() != Content::tallies) return false;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    Tally more;
    std::memcpy(&more, part.bytes().data() + i * sizeof more, sizeof more);
    take(kinds[i], more, &tallies[i]);
  }
  return true;
}

// Makes entries of parts, an account at a time, of the events that were read.
template <class Event>
class PartWriter {
 public:
  PartWriter(const SignalNames& signals, AccountParts* parts, Memory* memory)
      : order_(std::array{&signals}, memory), events_(order_, memory), parts_(parts) {}
  AccountEvents<Event>& events() { return events_; }
  void write_tallies(std::uint32_t hash, const AccountKey& key, const Tally* tallies, std::size_t count) {
    parts_->append(hash, key, Content::tallies,
                   {reinterpret_cast<const std::uint8_t*>(tallies), count * sizeof(Tally)});
  }
  // Up to so many events are left as they are.
  void write(std::uint32_t hash, const AccountKey& key, std::size_t most_events) {
    const auto append = [&](Bytes activity) { parts_->append(hash, key, Content::activity, activity); };
    if (events_.size() > most_events) append(events_.activity(append));
    else parts_->append(hash, key, Event::kWide ? Content::wide_events : Content::narrow_events, events_.raw());
    events_.clear();
  }

 private:
  SignalOrder order_;
  AccountEvents<Event> events_;
  AccountParts* parts_;
};

}  // namespace

// ---------------------------------------------------------------- rows

Grouping::Grouping(AccountType type, bool values, Memory* memory, PartFile* file, std::size_t limit,
                   std::size_t part_events, std::span<const TallyKind> tallies)
    : values_(values),
      limit_(limit),
      part_events_(part_events),
      signals_(memory),
      accounts_(type, memory),
      lists_(memory),
      parts_(memory, file),
      kinds_(tallies),
      tallies_(memory),
      waiting_tallies_(std::tuple_size_v<Rows> * tallies.size(), memory),
      kept_(memory) {}

void Grouping::add(const AccountKey& account, std::string_view signal, Day day, bool valued, Micros value,
                   const Tally* tallies) {
  make_room(account);
  const std::uint32_t number = signals_.number_of(signal);
  check_event_day(signal, day);
  Waiting& row = waiting_row(account, tallies);
  row.signal = number;
  row.day = day;
  row.valued = valued;
  row.value = value;
}

void Grouping::add_account(const AccountKey& account, const Tally* tallies) {
  make_room(account);
  waiting_row(account, tallies).signal = kNoSignal;
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
Grouping::Waiting& Grouping::waiting_row(const AccountKey& account, const Tally* tallies) {
  if (!kinds_.empty()) std::copy_n(tallies, kinds_.size(), &waiting_tallies_[waiting_ * kinds_.size()]);
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
  // Before a number is too large: also its place in the order of the names must fit.
  if (!wide_ && signals_.size() + rows_.size() > kNarrowSignals) widen();
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
  if (!kinds_.empty()) tally_rows(rows);
  events_ += rows.size();
  kept_.clear();
  if (!full()) return;
  close_part();
  if (signals_.size() == kMaxSignalNumbers || signals_.bytes(0) > limit_ / 8) forget_signals();
}

void Grouping::tally_rows(std::span<const Waiting> rows) {
  const std::size_t count = kinds_.size();
  tallies_.resize(accounts_.size() * count);
  for (const Waiting& row : rows) __builtin_prefetch(&tallies_[row.account * count], 1);
  for (std::size_t i = 0; i < rows.size(); ++i)
    take(kinds_, &waiting_tallies_[i * count], &tallies_[rows[i].account * count]);
}

// What all but the file takes with so many more rows, and when a part is closed.
std::size_t Grouping::open_bytes(std::size_t more) const {
  const std::size_t event = (wide_ ? 8 : 4) + (values_ ? 8 : 0);
  return sizeof *this + kept_.capacity() + signals_.bytes(more) + accounts_.bytes(more) + lists_.bytes() +
         parts_.bytes() + bytes_to_hold(tallies_, more * kinds_.size()) + std::size_t{accounts_.size()} * 12 +
         2 * event * lists_.longest() + signals_.size() * std::size_t{32};
}

bool Grouping::full() const {
  constexpr std::size_t kLeastEvents = 1024;  // of a part, however little memory there is
  if (events_ + rows_.size() > part_events_ || lists_.full() || accounts_.full(rows_.size()) ||
      signals_.size() == kMaxSignalNumbers)
    return true;
  return events_ >= kLeastEvents && open_bytes(rows_.size()) > limit_;
}

void Grouping::finish() {
  number_rows();
  most_bytes_ = std::max(most_bytes_, open_bytes(0));
  if (parts_.count() > 0) close_all(1);  // else the lists are all there is
}

std::size_t Grouping::finish_shared(std::size_t processes) {
  number_rows();
  close_all(processes);
  ByteString directory(memory_of(kept_));
  const DirectoryHead head{wide_, parts_.count()};
  directory.append(reinterpret_cast<const char*>(&head), sizeof head);
  for (std::size_t part = 0; part < parts_.count(); ++part)
    for (std::size_t range = 0; range <= kRanges; ++range) {
      const std::uint64_t begin = parts_.begin(part, range);
      directory.append(reinterpret_cast<const char*>(&begin), sizeof begin);
    }
  signals_.write(&directory);
  parts_.file()->write(bytes_in(directory));
  return directory.size();
}

// ---------------------------------------------------------------- parts

// How many can be read side by side.
std::size_t Grouping::most_parts(std::size_t processes) const {
  constexpr std::size_t kLeast = 8;
  return std::max(limit_ / 2 / kLeastBuffer / processes, kLeast);
}

// The lists become a part, of events as they are unless an account has many.
void Grouping::close_part() {
  if (accounts_.size() == 0) return;
  most_bytes_ = std::max(most_bytes_, open_bytes(0));
  ++closed_;
  parts_.begin_part();
  with_event([&]<class Event>(Event) {
    PartWriter<Event> writer(signals_, &parts_, memory_of(kept_));
    const Vector<std::uint32_t> order = accounts_.in_order();
    for (std::size_t i = 0; i < order.size(); ++i) {
      constexpr std::size_t kAhead = 16;  // accounts that are fetched beforehand
      if (i + kAhead < order.size()) accounts_.fetch_account(order[i + kAhead]);
      if (i + kAhead / 2 < order.size()) lists_.fetch(*accounts_.list(order[i + kAhead / 2]));
      if (!kinds_.empty())
        writer.write_tallies(accounts_.hash(order[i]), accounts_.key(order[i]),
                             tallies_.data() + order[i] * kinds_.size(), kinds_.size());
      writer.events().read(lists_, *accounts_.list(order[i]));
      writer.write(accounts_.hash(order[i]), accounts_.key(order[i]), kMostEvents);
    }
  });
  accounts_ = AccountNumbers(type(), memory_of(kept_));
  tallies_ = Vector<Tally>(memory_of(kept_));
  lists_.release();
  events_ = 0;
}

// All is in the file, in no more parts than can be read.
void Grouping::close_all(std::size_t processes) {
  close_part();
  while (parts_.count() > most_parts(processes)) merge_parts(0, most_parts(processes), kMostEvents);
  parts_.flush();
}

// Puts parts together, behind all others. Up to so many events of an account are left as they are.
void Grouping::merge_parts(std::size_t first, std::size_t count, std::size_t most_events) {
  Memory* memory = memory_of(kept_);
  parts_.flush();
  PartMerge merge(parts_.ranges(first, count), type(), limit_ / 2, memory);
  parts_.begin_part();
  with_event([&]<class Event>(Event) {
    PartWriter<Event> writer(signals_, &parts_, memory);
    ByteString text(memory);
    AccountKey key{};
    Vector<Tally> tallies(memory);
    while (merge.first() != nullptr) {
      tallies.assign(kinds_.size(), Tally{});
      bool empty = true;
      const std::uint32_t hash = merge.take_account(&key, &text, [&](const PartReader& entry) {
        if (read_tallies(entry, kinds_, tallies.data()) || read_events(entry, &writer.events())) return;
        parts_.append(entry);
        empty = false;
      });
      if (!kinds_.empty()) writer.write_tallies(hash, key, tallies.data(), tallies.size());
      if (empty || writer.events().size() > 0) writer.write(hash, key, most_events);
    }
  });
  parts_.drop(first, count);
}

// From now on events are of the wide kind.
void Grouping::widen() {
  close_part();
  wide_ = true;
}

// No part has numbers of signals any more. Those that had none before stay as they are: with signals that are all
// different, each part would be written again for each that follows.
void Grouping::forget_signals() {
  for (std::size_t left = parts_.count() - named_parts_; left > 0;) {
    const std::size_t count = std::min(left, most_parts(1));
    merge_parts(named_parts_, count, 0);
    left -= count;
  }
  named_parts_ = parts_.count();
  signals_ = SignalNames(memory_of(kept_));
  wide_ = false;
}

// ---------------------------------------------------------------- the activities

GroupingMerge::Events GroupingMerge::events_of(bool wide, bool values, const SignalOrder& order, Memory* memory) {
  if (wide && values) return Events(std::in_place_index<3>, order, memory);
  if (wide) return Events(std::in_place_index<2>, order, memory);
  if (values) return Events(std::in_place_index<1>, order, memory);
  return Events(std::in_place_index<0>, order, memory);
}

GroupingMerge::GroupingMerge(const Grouping& state, Memory* memory)
    : type_(state.type()),
      values_(state.values()),
      room_(state.limit() / 2),
      directories_(memory),
      order_(std::array{&state.signals_}, memory),
      events_(events_of(state.wide_, values_, order_, memory)),
      kinds_(state.kinds_),
      merged_(memory),
      text_(memory),
      kept_(memory),
      sizes_(memory),
      activities_(memory),
      writer_(memory) {
  if (state.parts_.count() == 0) lists_ = &state;
  else merge_.emplace(state.parts_.ranges(0, state.parts_.count()), type_, room_, memory);
}

namespace {

Vector<const SignalNames*> names_of(const auto& directories, Memory* memory) {
  Vector<const SignalNames*> names(memory);
  for (const auto& directory : directories) names.push_back(&directory.names);
  return names;
}

}  // namespace

GroupingMerge::GroupingMerge(AccountType type, bool values, std::span<const SharedGrouping> states, std::size_t room,
                             Memory* memory, std::span<const TallyKind> tallies)
    : type_(type),
      values_(values),
      room_(room),
      directories_(read(states, memory)),
      order_(names_of(directories_, memory), memory),
      events_(events_of(order_.size() > kNarrowSignals ||
                            std::any_of(directories_.begin(), directories_.end(), [](auto& each) { return each.wide; }),
                        values_, order_, memory)),
      kinds_(tallies),
      merged_(memory),
      text_(memory),
      kept_(memory),
      sizes_(memory),
      activities_(memory),
      writer_(memory) {}

Vector<GroupingMerge::Directory> GroupingMerge::read(std::span<const SharedGrouping> states, Memory* memory) {
  Vector<Directory> directories(memory);
  Scratch<std::uint8_t> bytes(memory);
  for (const SharedGrouping& state : states) {
    bytes.resize(state.directory_bytes);
    state.file->read(state.parts_bytes, bytes);
    DirectoryHead head;
    std::memcpy(&head, bytes.data(), sizeof head);
    Directory& directory = directories.emplace_back(
        Directory{state.file, head.wide != 0, Vector<std::uint64_t>(memory), SignalNames(memory)});
    directory.begins.resize(head.parts * (kRanges + 1));
    const std::size_t size = directory.begins.size() * sizeof(std::uint64_t);
    if (size > 0) std::memcpy(directory.begins.data(), bytes.data() + sizeof head, size);
    directory.names.read(Bytes(bytes).subspan(sizeof head + size));
  }
  return directories;
}

void GroupingMerge::open(std::size_t range) {
  Vector<PartRange> ranges(memory_of(kept_));
  for (std::uint32_t source = 0; source < directories_.size(); ++source) {
    const Directory& directory = directories_[source];
    for (std::size_t at = range; at < directory.begins.size(); at += kRanges + 1)
      if (directory.begins[at] < directory.begins[at + 1])
        ranges.push_back({directory.file, directory.begins[at], directory.begins[at + 1], source});
  }
  merge_.emplace(ranges, type_, room_, memory_of(kept_));
}

bool GroupingMerge::next(AccountKey* account, Bytes* activity) {
  kept_.clear();
  sizes_.clear();
  return lists_ != nullptr ? next_in_lists(account, activity) : next_in_parts(account, activity);
}

bool GroupingMerge::next_in_lists(AccountKey* account, Bytes* activity) {
  const AccountNumbers& accounts = lists_->accounts_;
  if (account_ == accounts.size()) return false;
  constexpr std::uint32_t kAhead = 8;  // accounts whose lists are fetched beforehand
  if (account_ + kAhead < accounts.size()) lists_->lists_.fetch(accounts.list(account_ + kAhead));
  std::visit([&](auto& events) { events.read(lists_->lists_, accounts.list(account_)); }, events_);
  tallies_ = lists_->tallies_.data() + account_ * kinds_.size();
  *account = accounts.key(account_++);
  *activity = made();
  return true;
}

bool GroupingMerge::next_in_parts(AccountKey* account, Bytes* activity) {
  if (!merge_ || merge_->first() == nullptr) return false;
  merged_.assign(kinds_.size(), Tally{});
  tallies_ = merged_.data();
  merge_->take_account(account, &text_, [this](const PartReader& entry) {
    if (!read_tallies(entry, kinds_, merged_.data()) &&
        !std::visit([&entry](auto& events) { return read_events(entry, &events); }, events_))
      keep(entry.bytes());
  });
  *activity = made();
  return true;
}

void GroupingMerge::keep(Bytes activity) {
  append_bytes(&kept_, activity);
  sizes_.push_back(activity.size());
}

// The activity of the account whose events were read and whose activities were kept.
Bytes GroupingMerge::made() {
  Bytes last;
  std::visit(
      [&](auto& events) {
        if (events.size() > 0) last = events.activity([this](Bytes excess) { keep(excess); });
        else events.clear();
      },
      events_);
  if (sizes_.empty()) return last;
  if (sizes_.size() == 1 && last.empty()) return bytes_in(kept_);
  activities_.clear();
  Bytes rest = bytes_in(kept_);
  for (const std::size_t size : sizes_) {
    activities_.push_back(rest.first(size));
    rest = rest.subspan(size);
  }
  if (!last.empty()) activities_.push_back(last);
  writer_.begin();
  return merge_activities(activities_, &writer_);
}

}  // namespace health
