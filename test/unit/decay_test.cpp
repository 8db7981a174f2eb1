#include "core/decay.hpp"

#include <cmath>

#include "support.hpp"

namespace health {
namespace {

TEST(Decay, FollowsItsFormula) {
  const DecayTerms none, half{30, kNone}, linear{kNone, 40};
  for (const std::int64_t age : {0, 1, 30, 36'499}) EXPECT_EQ(none.at(age), 1);
  EXPECT_EQ(half.at(0), 1);
  EXPECT_EQ(half.at(60), 0.25);
  EXPECT_EQ(linear.at(10), 0.75);
  EXPECT_EQ(linear.at(40), 0);
  EXPECT_EQ(linear.at(41), 0);
}

TEST(Decay, TableAndFormulaAgreeInAnyOrder) {
  Random random(1);
  for (const DecayTerms terms : {DecayTerms{}, DecayTerms{7.5, kNone}, DecayTerms{kNone, 3000}}) {
    DecayTable table(heap());
    table.set(terms);
    for (int i = 0; i < 3000; ++i) {
      const std::int64_t age = random.between(0, random.one_in(2) ? 100 : 36'499);
      ASSERT_EQ(table.at(age), terms.at(age)) << age;
      const double* const first = table.first(age + 1);
      if (first != nullptr) {
        ASSERT_EQ(first[age], terms.at(age));
      }
    }
  }
}

// A cell of long ago does not fill a table of all days since.
TEST(Decay, TableGrowsWithWhatIsAskedFor) {
  FaultyMemory memory(0);
  DecayTable table(&memory);
  table.set({30, kNone});
  EXPECT_EQ(table.at(36'000), std::exp2(-1200.0));
  EXPECT_EQ(table.first(36'001), nullptr);
  EXPECT_EQ(memory.outstanding(), 0u);
  table.at(20);
  EXPECT_LE(memory.outstanding(), 64 * sizeof(double));
  table.at(4000);
  ASSERT_NE(table.first(8000), nullptr);
  EXPECT_LE(memory.outstanding(), 8002 * sizeof(double));
}

TEST(Decay, TableIsNeverLongerThanAWindow) {
  FaultyMemory memory(0);
  DecayTable table(&memory);
  for (std::int64_t ages = 1; ages <= 36'500; ages = ages * 3 / 2 + 1)
    table.first(std::min<std::int64_t>(ages, 36'500));
  ASSERT_NE(table.first(36'500), nullptr);
  EXPECT_EQ(table.first(36'501), nullptr);
  EXPECT_LE(memory.outstanding(), 36'500 * sizeof(double));
}

TEST(Decay, ManyTablesShareTheMemoryOfOne) {
  FaultyMemory memory(0);
  DecayTable table(&memory);
  table.set({30, kNone}, 100);
  table.at(300);
  EXPECT_NE(table.first(365), nullptr);
  EXPECT_EQ(table.first(366), nullptr);
  EXPECT_EQ(table.at(3000), std::exp2(-100.0));
  EXPECT_LE(memory.outstanding(), 365 * sizeof(double));
}

TEST(Decay, OtherTermsBeginAnew) {
  DecayTable table(heap());
  table.set({30, kNone});
  EXPECT_EQ(table.at(30), 0.5);
  table.set({15, kNone});
  EXPECT_EQ(table.at(30), 0.25);
  table.set({});
  EXPECT_EQ(table.at(30), 1);
}

TEST(Decay, TotalsAreSumsInClosedForm) {
  Random random(3);
  for (int round = 0; round < 2000; ++round) {
    DecayTerms terms;
    if (round % 3 == 1) terms.half_life_days = random.real(0.1, 400);
    if (round % 3 == 2) terms.linear_days = random.real(0.1, 400);
    const std::int64_t days = random.between(1, 500);
    long double sum = 0;
    for (std::int64_t age = 0; age < days; ++age) sum += terms.at(age);
    ASSERT_NEAR(terms.total(days), sum, 1e-12L * sum) << days << " days";
  }
}

}  // namespace
}  // namespace health
