#include "folds.hpp"

#include <bit>
#include <functional>
#include <tuple>

#include "interrupt.hpp"

namespace health {

namespace {

// FNV-1a, the same on every machine.
std::uint64_t hashed(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : text) hash = (hash ^ static_cast<std::uint8_t>(byte)) * 0x100000001b3;
  return hash;
}

// The finalizer of SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, OOPSLA 2014): each bit bears on all.
std::uint64_t scrambled(std::uint64_t word) {
  word += 0x9e3779b97f4a7c15;
  word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
  word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
  return word ^ (word >> 31);
}
std::uint64_t hashed(std::uint64_t hash, std::uint64_t word) { return scrambled(hash ^ scrambled(word)); }

std::uint64_t hashed(std::uint64_t name, const Cell& cell) {
  const std::uint64_t day = static_cast<std::uint32_t>(cell.day), values = cell.value_count;
  std::uint64_t hash = scrambled(name ^ (day << 32 | cell.count));
  if (values > 0) hash = hashed(hash, values ^ scrambled(static_cast<std::uint64_t>(cell.value)));
  return hash;
}

}  // namespace

// Hashes of cells are added up, so that cells need no order.
Traces traces_of(Bytes activity, const AccountTerms& terms, std::int64_t as_of, Memory* memory) {
  Traces traces{{}, 0, 0, kLastDay};
  Cell cell{};
  for (ActivityReader reader(activity, memory); reader.next_signal();)
    if (reader.next_cell(&cell) && cell.day < as_of) traces.first = std::min(traces.first, cell.day);
  for (ActivityReader reader(activity, memory); reader.next_signal();) {
    const std::uint64_t name = hashed(reader.name());
    std::size_t place = 0;
    while (reader.next_cell(&cell) && cell.day < as_of) {
      while (place < std::size(kFirstDays) && cell.day - traces.first >= kFirstDays[place]) ++place;
      const std::uint64_t hash = hashed(name, cell);
      (place < std::size(kFirstDays) ? traces.beginnings[place] : traces.all) += hash;
      traces.events += cell.count;
    }
  }
  std::uint64_t sum = terms.since ? scrambled(static_cast<std::uint64_t>(*terms.since)) : 0;
  for (std::uint64_t& beginning : traces.beginnings) beginning = sum += beginning;
  traces.all = hashed(traces.all + sum, std::bit_cast<std::uint64_t>(terms.size.value_or(0)));
  return traces;
}

Folds::Folds(std::span<const FoldRow> rows, Memory* memory)
    : rows_(rows), order_(rows.size(), memory), dates_(memory), accounts_(rows.size(), memory), folds_(memory) {
  for (std::uint32_t i = 0; i < order_.size(); ++i) order_[i] = i;
  Pulse pulse(memory);
  std::sort(order_.begin(), order_.end(),
            pulse.during([&](std::uint32_t a, std::uint32_t b) { return rows_[a].as_of < rows_[b].as_of; }));
  for (std::size_t i = 0; i < order_.size(); ++i) {
    if (i == 0 || rows_[order_[i]].as_of != rows_[order_[i - 1]].as_of) dates_.push_back(i);
    total_.count(rows_[order_[i]].churned);
  }
  dates_.push_back(order_.size());
  const Vector<std::uint64_t> told = told_accounts();
  Vector<std::uint64_t> all(told.begin(), told.end(), memory);
  std::sort(all.begin(), all.end(), pulse.during(std::less()));
  all.erase(std::unique(all.begin(), all.end()), all.end());
  for (std::size_t i = 0; i < told.size(); ++i)
    accounts_[i] = static_cast<std::uint32_t>(std::lower_bound(all.begin(), all.end(), told[i]) - all.begin());
  folds_.assign(all.size(), 0);
  const ChurnCount with = accounts_with(0, dates());
  const std::int64_t of_date =
      std::min(total_.kept, total_.churned) / std::max<std::int64_t>(1, static_cast<std::int64_t>(dates()));
  count_ = static_cast<int>(std::min<std::int64_t>(
      {kMostFolds, std::min(with.kept, with.churned) / kAccountsOfFold, of_date / kAccountsOfDate}));
  if (count_ < 2) count_ = 0;
  for (std::size_t i = 0; count_ > 0 && i < all.size(); ++i)
    folds_[i] = static_cast<std::uint8_t>(all[i] % static_cast<std::uint64_t>(count_));
}

ChurnCount Folds::accounts_with(std::size_t first_date, std::size_t past_date) const {
  Vector<ChurnCount> of(accounts(), ChurnCount{}, memory_of(order_));
  for (std::size_t date = first_date; date < past_date; ++date)
    for (const std::uint32_t row : of_date(date)) of[accounts_[row]].count(rows_[row].churned);
  ChurnCount with{};
  for (const ChurnCount& rows : of) with += {rows.kept > 0 ? 1 : 0, rows.churned > 0 ? 1 : 0};
  return with;
}

// Accounts that look the same are dealt by their place, and not all held for one: in a book without any activity, or
// imported on one day, that one would be everybody. The price is small: who changes places looks much like the other.
Vector<std::uint64_t> Folds::told_accounts() {
  Memory* const memory = memory_of(order_);
  Vector<std::uint64_t> told(rows_.size(), memory);
  Vector<Day> days(memory);
  for (std::size_t i = 0; i < dates(); ++i) days.push_back(date(i));
  for (std::uint32_t row = 0; row < rows_.size(); ++row) {
    const Traces& traces = rows_[row].traces;
    // All rows of the account that have any activity know what it did before the first date behind its first day.
    const auto known = std::upper_bound(days.begin(), days.end(), traces.first);
    std::size_t last = 0;
    while (known != days.end() && last + 1 < std::size(kFirstDays) && kFirstDays[last + 1] <= *known - traces.first)
      ++last;
    told[row] = hashed(traces.beginnings[last], last);
  }
  Pulse pulse(memory);
  const auto key = [&](std::uint32_t row) {
    const Traces& traces = rows_[row].traces;
    return std::tuple(told[row], traces.events, traces.all, rows_[row].churned);
  };
  for (std::size_t date = 0; date < dates(); ++date) {
    const std::span<std::uint32_t> of(order_.data() + dates_[date], dates_[date + 1] - dates_[date]);
    std::sort(of.begin(), of.end(), pulse.during([&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); }));
    std::uint64_t place = 0, before = 0;
    for (std::size_t i = 0; i < of.size(); ++i) {
      const std::uint64_t account = told[of[i]];
      place = i > 0 && account == before ? place + 1 : 0;
      before = account;
      told[of[i]] = hashed(account, place);
    }
  }
  return told;
}

}  // namespace health
