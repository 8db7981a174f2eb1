#include "core/folds.hpp"

#include "support.hpp"

namespace health {
namespace {

constexpr Day kDates[] = {kAsOf - 60, kAsOf - 30, kAsOf};

struct Person {  // one account of a book, and what is to become of it
  Reference reference;
  std::optional<Day> since;
};

// Beginnings at any time before the last date; who comes rarely may have nothing before the first.
std::vector<Person> people(Random* random, int count) {
  std::vector<Person> result(static_cast<std::size_t>(count));
  for (Person& person : result) {
    const Day begins = static_cast<Day>(random->between(kAsOf - 300, kAsOf - 1));
    if (random->one_in(3)) person.since = begins;
    const double level = random->real(0.05, 0.9);
    for (Day day = begins; day < kAsOf + 40; ++day)
      for (const char* name : {"login", "export", "unknown to the model"})
        if (random->real(0, 1) < level)
          person.reference[name][day] = {day, static_cast<std::uint32_t>(random->between(1, 9)), 0, 0};
  }
  return result;
}

Reference cut(const Reference& reference, Day before) {
  Reference result;
  for (const auto& [name, days] : reference)
    for (const auto& [day, cell] : days)
      if (day < before) result[name][day] = cell;
  return result;
}

bool begun(const Person& person, Day as_of) { return !cut(person.reference, as_of).empty(); }

FoldRow row_of(const Reference& reference, const AccountTerms& terms, Day as_of, bool churned = false) {
  return {traces_of(encode(reference), terms, as_of, heap()), as_of, churned};
}

// All dates of an account are of one account, whether its activity is cut at each date or not, and of no other.
TEST(Folds, TellAccountsByTheirFirstDays) {
  Random random(61);
  for (int round = 0; round < rounds(48); ++round) {
    std::vector<FoldRow> rows, whole;
    std::vector<std::size_t> owner;
    const std::vector<Person> book = people(&random, 80);
    for (std::size_t i = 0; i < book.size(); ++i) {
      for (const Day as_of : kDates) {
        if (!begun(book[i], as_of) || random.one_in(5)) continue;
        owner.push_back(i);
        const AccountTerms terms({}, book[i].since);
        const bool churned = random.one_in(4);
        rows.push_back(row_of(cut(book[i].reference, as_of), terms, as_of, churned));
        whole.push_back(row_of(book[i].reference, terms, as_of, churned));
      }
    }
    const Folds folds(rows, heap()), same(whole, heap());
    std::map<std::uint32_t, std::size_t> owner_of;
    std::map<std::size_t, std::uint32_t> account_of;
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
      ASSERT_EQ(folds.account(row), same.account(row)) << "no event after a date shows";
      ASSERT_EQ(owner_of.emplace(folds.account(row), owner[row]).first->second, owner[row]);
      ASSERT_EQ(account_of.emplace(owner[row], folds.account(row)).first->second, folds.account(row));
    }
  }
}

// Accounts that began alike are told by how much they did since.
TEST(Folds, TellLookalikesByTheirPlace) {
  std::vector<FoldRow> rows;
  constexpr int kAlike = 50;
  for (const Day as_of : kDates) {
    for (int i = 0; i < kAlike; ++i) {
      Reference reference{{"login", {{kDates[0] - 1, {kDates[0] - 1, 1, 0, 0}}}}};
      for (Day day = kDates[0]; day < as_of; ++day)
        reference["login"][day] = {day, static_cast<std::uint32_t>(i + 1), 0, 0};
      rows.push_back(row_of(reference, {}, as_of, as_of == kDates[0] && i % 2 == 0));
    }
  }
  const Folds folds(rows, heap());
  std::set<std::uint32_t> accounts;
  for (std::uint32_t i = 0; i < kAlike; ++i) {
    EXPECT_EQ(folds.account(kAlike + i), folds.account(2 * kAlike + i));
    accounts.insert(folds.account(i));
  }
  EXPECT_EQ(accounts.size(), kAlike);
}

// Also of accounts that nothing tells apart: whatever becomes of rows in their order is the same for any order.
TEST(Folds, DoNotShowTheOrderOfTheRows) {
  Random random(62);
  std::vector<FoldRow> rows;
  std::vector<double> sizes;
  for (const Day as_of : kDates) {
    for (int i = 0; i < 100; ++i) {
      sizes.push_back(static_cast<double>(random.between(1, 3)));
      const Reference reference =
          random.one_in(3) ? Reference{} : Reference{{"login", {{kAsOf - 90, {kAsOf - 90, 1, 0, 0}}}}};
      rows.push_back(row_of(reference, AccountTerms(sizes.back()), as_of, random.one_in(3)));
    }
  }
  const auto told = [&](const std::vector<std::size_t>& order) {
    std::vector<FoldRow> ordered;
    for (const std::size_t i : order) ordered.push_back(rows[i]);
    const Folds folds(ordered, heap());
    std::vector<std::tuple<Day, std::int32_t, std::uint32_t, double, bool>> result;
    for (const std::uint32_t row : folds.rows())
      result.emplace_back(ordered[row].as_of, folds.fold(row), folds.account(row), sizes[order[row]],
                          ordered[row].churned);
    return result;
  };
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto expected = told(order);
  for (int round = 0; round < 20; ++round) {
    random.shuffle(&order);
    ASSERT_EQ(told(order), expected);
  }
}

// As by lot, also where only their place tells accounts apart: of pairs of neighbours, each combination of folds comes
// as often as the others (chi-square with 255 degrees of freedom, 330.52 at 99.9 %, as scipy.stats.chi2.ppf says).
TEST(Folds, AreDealtByLot) {
  constexpr int kAlike = 16'384, kFolds = 16;
  std::vector<FoldRow> rows;
  for (int i = 0; i < kAlike; ++i) rows.push_back(row_of({}, {}, kAsOf, i < 80));
  const Folds folds(rows, heap());
  ASSERT_EQ(folds.count(), kFolds);
  double seen[kFolds * kFolds] = {}, chi_square = 0;
  for (std::size_t i = 1; i < kAlike; ++i)
    ++seen[folds.fold(folds.rows()[i - 1]) * kFolds + folds.fold(folds.rows()[i])];
  constexpr double kExpected = (kAlike - 1.0) / (kFolds * kFolds);
  for (const double count : seen) chi_square += (count - kExpected) * (count - kExpected) / kExpected;
  EXPECT_LT(chi_square, 330.52);
  EXPECT_GT(chi_square, 190.86) << "nor more evenly (0.1 %)";
}

TEST(Folds, AreAsManyAsTheRarerKindAllows) {
  Random random(63);
  for (const auto& [churned, kept, dates, folds] :
       {std::tuple(9, 100, 1, 0), std::tuple(10, 100, 1, 2), std::tuple(74, 60, 1, 12), std::tuple(74, 60, 3, 12),
        std::tuple(9, 60, 3, 0), std::tuple(10, 60, 3, 2), std::tuple(500, 500, 2, 20), std::tuple(0, 100, 1, 0),
        std::tuple(0, 0, 0, 0)}) {
    std::vector<FoldRow> rows;
    for (int date = 0; date < dates; ++date)
      for (int i = 0; i < churned + kept; ++i)
        rows.push_back(row_of({{"login", {{kAsOf - 90, {kAsOf - 90, static_cast<std::uint32_t>(i + 1), 0, 0}}}}}, {},
                              kDates[date], i < churned));
    const Folds of(rows, heap());
    EXPECT_EQ(of.count(), folds);
    EXPECT_EQ(of.total(), (ChurnCount{dates * kept, dates * churned}));
    EXPECT_EQ(of.accounts_with(0, of.dates()), (ChurnCount{kept, churned}));
    EXPECT_EQ(of.accounts(), static_cast<std::size_t>(churned + kept));
    EXPECT_EQ(of.dates(), static_cast<std::size_t>(dates));
    std::vector<int> sizes(Folds::kMostFolds);
    for (std::uint32_t row = 0; row < rows.size(); ++row) ++sizes[static_cast<std::size_t>(of.fold(row))];
    // Accounts fall to folds by chance: 5 standard errors of as many as each should have.
    const double mean = static_cast<double>(rows.size()) / std::max(folds, 1);
    for (int fold = 0; fold < std::max(folds, 1); ++fold)
      EXPECT_NEAR(sizes[static_cast<std::size_t>(fold)], mean, 5 * std::sqrt(mean * dates));
  }
}

}  // namespace
}  // namespace health
