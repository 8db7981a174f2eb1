#include "core/activity_by.hpp"

#include <optional>
#include <set>

#include "support.hpp"

namespace health {
namespace {

struct Event {
  std::optional<std::string> account;  // none: NULL
  std::optional<std::string> signal;   // none: the row says only that the account exists
  Day day;
  std::uint32_t count, value_count;
  Micros value;
};

AccountKey key_of(AccountType type, const std::optional<std::string>& account) {
  AccountKey key{!account, {0, 0}, {}};
  if (!account) return key;
  if (type == AccountType::text) key.text = *account;
  if (type == AccountType::bigint) key.words.first = static_cast<std::uint64_t>(std::stoll(*account));
  if (type == AccountType::uuid) std::memcpy(&key.words, account->data(), sizeof key.words);
  return key;
}
std::optional<std::string> account_of(AccountType type, const AccountKey& key) {
  if (key.null) return {};
  if (type == AccountType::text) return std::string(key.text);
  if (type == AccountType::bigint) return std::to_string(static_cast<std::int64_t>(key.words.first));
  return std::string(reinterpret_cast<const char*>(&key.words), sizeof key.words);
}

Entry entry_of(const Event& event) { return {*event.signal, event.day, event.count, event.value_count, event.value}; }

void add(ActivityBy* all, const Event& event) {
  const AccountKey key = key_of(all->type(), event.account);
  if (event.signal) all->add(key, entry_of(event));
  else all->add_account(key);
}

// (account, bytes of its activity) in the order of the accounts.
using Result = std::vector<std::pair<std::optional<std::string>, Buffer>>;

Result result_of(ActivityBy* all) {
  all->flush();
  Result result;
  for (const std::uint32_t account : all->sorted_accounts(heap())) {
    ActivityWriter writer(heap());
    const Bytes bytes = all->activity(account, &writer, heap());
    result.emplace_back(account_of(all->type(), all->key(account)), Buffer(bytes.begin(), bytes.end()));
  }
  return result;
}

Buffer packed(ActivityBy* all) {
  all->flush();
  std::size_t size = 0;
  for (std::uint32_t i = 0; i < all->accounts(); ++i) size += all->packed_bytes(i);
  Buffer bytes(size);
  std::uint8_t* end = bytes.data();
  for (std::uint32_t i = 0; i < all->accounts(); ++i) end = all->pack(i, end);
  EXPECT_EQ(end, bytes.data() + bytes.size());
  return bytes;
}

void absorb(ActivityBy* all, const Buffer& bytes) {
  for (Bytes rest = bytes; !rest.empty();) rest = all->absorb(rest);
}

// What an aggregate state for each account gives.
Result one_by_one(AccountType type, const std::vector<Event>& events) {
  const auto before = [type](const std::optional<std::string>& a, const std::optional<std::string>& b) {
    if (!a || !b) return a.has_value() && !b.has_value();
    return type == AccountType::bigint ? std::stoll(*a) < std::stoll(*b) : *a < *b;
  };
  std::map<std::optional<std::string>, std::optional<Block>, decltype(before)> blocks(before);
  for (const Event& event : events) {
    std::optional<Block>& block = blocks[event.account];
    if (!event.signal) continue;
    if (!block) block.emplace();
    block->add(entry_of(event));
  }
  Result result;
  for (auto& [account, block] : blocks) result.emplace_back(account, block ? block->finish() : Buffer());
  return result;
}

std::vector<Event> random_events(Random* random, AccountType type, int n, bool values) {
  std::vector<std::optional<std::string>> accounts = {std::nullopt};
  for (auto left = random->between(1, 60); left > 0; --left) {
    if (type == AccountType::bigint) accounts.emplace_back(std::to_string(random->between(-40, 40) << (left % 3 * 20)));
    std::string bytes(type == AccountType::uuid ? 16 : static_cast<std::size_t>(random->between(0, 30)), '\0');
    for (char& byte : bytes) byte = static_cast<char>(random->between(-2, 2));
    if (type != AccountType::bigint) accounts.emplace_back(bytes);
  }
  std::vector<std::string> signals;
  for (auto left = random->between(1, 30); left > 0; --left)
    signals.emplace_back(static_cast<std::size_t>(random->between(1, random->one_in(5) ? 255 : 20)),
                         static_cast<char>('a' + random->between(0, 3)));
  const std::int64_t days = random->between(1, 100);
  std::vector<Event> events;
  for (; n > 0; --n) {
    Event event{random->pick(accounts), random->pick(signals), static_cast<Day>(random->between(0, days)), 1, 0, 0};
    if (random->one_in(20)) event.signal.reset();
    if (random->one_in(9)) event.count = static_cast<std::uint32_t>(random->between(1, 1'000'000));
    if (values && random->one_in(2)) {
      event.value_count = static_cast<std::uint32_t>(random->between(1, event.count));
      event.value = random->between(-kMicro, kMicro);
    }
    events.push_back(event);
  }
  return events;
}

void expect_like_one_by_one(Random* random, AccountType type, bool values) {
  std::vector<Event> events = random_events(random, type, static_cast<int>(random->between(0, 3000)), values);
  const Result expected = one_by_one(type, events);
  ActivityBy whole(type, heap()), merged(type, heap());
  for (const Event& event : events) add(&whole, event);
  ASSERT_EQ(result_of(&whole), expected);
  ASSERT_EQ(result_of(&whole), expected) << "asking does not change it";
  // In parts, as workers do, in another order.
  random->shuffle(&events);
  std::array<std::vector<Event>, 3> parts;
  for (const Event& event : events) parts[static_cast<std::size_t>(random->between(0, 2))].push_back(event);
  for (const std::vector<Event>& part : parts) {
    ActivityBy state(type, heap());
    for (const Event& event : part) add(&state, event);
    const Buffer bytes = packed(&state);
    absorb(&merged, bytes);
  }
  ASSERT_EQ(result_of(&merged), expected);
}

TEST(ActivityBy, GivesEachAccountWhatAStateOfItsOwnWould) {
  Random random(1);
  for (int round = 0; round < 40; ++round)
    for (const AccountType type : {AccountType::bigint, AccountType::uuid, AccountType::text}) {
      expect_like_one_by_one(&random, type, false);
      expect_like_one_by_one(&random, type, true);
    }
}

TEST(ActivityBy, NothingAddedIsNoAccount) {
  ActivityBy all(AccountType::text, heap());
  EXPECT_EQ(result_of(&all), Result());
  absorb(&all, packed(&all));
  EXPECT_EQ(result_of(&all), Result());
}

TEST(ActivityBy, ManyAccountsAndManySignals) {
  ActivityBy all(AccountType::text, heap());
  std::vector<Event> events;
  for (int i = 0; i < 20'000; ++i)
    events.push_back(
        {"account " + std::to_string(i * 7919 % 20'000), "user:" + std::to_string(i % 6000), i % 9, 1, 0, 0});
  for (const Event& event : events) add(&all, event);
  EXPECT_EQ(result_of(&all), one_by_one(AccountType::text, events));
}

TEST(ActivityBy, ALongAccountNameDoesNotWait) {
  ActivityBy all(AccountType::text, heap());
  std::vector<Event> events;
  for (int i = 0; i < 20; ++i)
    events.push_back({std::string(300'000, static_cast<char>('a' + i % 3)), "login", 7, 1, 0, 0});
  for (const Event& event : events) add(&all, event);
  EXPECT_EQ(result_of(&all), one_by_one(AccountType::text, events));
}

// Rows are added when the batch is full, so an error may come later, but it comes.
TEST(ActivityBy, RefusesWhatAnActivityCannotHold) {
  const AccountKey key{false, {1, 0}, {}};
  const auto adding = [&](std::initializer_list<Entry> entries) {
    return [&key, list = std::vector<Entry>(entries)] {
      ActivityBy all(AccountType::bigint, heap());
      for (const Entry& entry : list) all.add(key, entry);
      result_of(&all);
    };
  };
  constexpr Micros kMost = std::numeric_limits<Micros>::max();
  expect_failure("22003", "signal \"nps\": count out of range",
                 adding({{"nps", 3, kMaxCount, 0, 0}, {"nps", 3, 1, 0, 0}}));
  expect_failure("22003", "signal \"nps\": sum of values out of range",
                 adding({{"nps", 3, 1, 1, kMost}, {"nps", 3, 1, 1, 1}}));
  EXPECT_STREQ(failure_of(adding({{"nps", 3, 1, 1, kMost}, {"nps", 3, 1, 1, 1}, {"nps", 3, 1, 1, -1}})).sqlstate, "")
      << "the sum on the way may be too large";
  expect_failure("22023", "signal name is empty", adding({{"", 3, 1, 0, 0}}));
  expect_failure("22008", "signal \"x\": date out of range", adding({{"x", -1, 1, 0, 0}}));
  EXPECT_STREQ(failure_of(adding({{std::string(256, 'x'), 3, 1, 0, 0}})).sqlstate, "22023");
}

TEST(ActivityBy, KeepsToItsLimit) {
  const std::string message = "too many accounts, signals and days for health_activity_by";
  const auto adding = [&](AccountType type, auto account, auto signal, auto day) {
    expect_failure("54000", message, [&] {
      ActivityBy all(type, heap(), 1 << 20);
      for (int i = 0; i < 200'000; ++i) {
        const std::string name = signal(i), text = account(i);
        all.add(key_of(type, text), {name, day(i), 1, 0, 0});
      }
    });
  };
  const auto one = [](int) { return std::string("1"); };
  const auto number = [](int i) { return std::to_string(i); };
  const auto today = [](int) { return 3; };
  adding(AccountType::bigint, number, one, today);
  adding(
      AccountType::text, [](int i) { return std::string(2000, 'x') + std::to_string(i); }, one, today);
  adding(AccountType::bigint, one, number, today);
  adding(
      AccountType::bigint, one, [](int i) { return std::to_string(i % 9); }, [](int i) { return i / 9; });
}

TEST(ActivityBy, APackedStateThatIsCutIsRefused) {
  Random random(2);
  for (const AccountType type : {AccountType::uuid, AccountType::text}) {
    ActivityBy state(type, heap());
    for (const Event& event : random_events(&random, type, 50, false)) add(&state, event);
    const Buffer bytes = packed(&state);
    int whole = 0;
    for (std::size_t length = 1; length < bytes.size(); ++length) {
      const Buffer cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
      ActivityBy all(type, heap());
      const Failure failure = failure_of([&] { absorb(&all, cut); });
      if (failure.sqlstate[0] == '\0') ++whole;  // cut between two accounts
      else ASSERT_STREQ(failure.sqlstate, "XX001") << length << " bytes";
    }
    EXPECT_LT(whole, static_cast<int>(state.accounts()));
  }
}

}  // namespace
}  // namespace health
