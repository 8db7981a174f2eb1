#include "core/splice.hpp"

#include "support.hpp"

namespace health {
namespace {

TEST(Splice, AgreesWithAMap) {
  Random random(4);
  for (int i = 0; i < rounds(4000); ++i) {
    const Reference a = random_reference(&random, 6, 12, 0, 40), b = random_reference(&random, 6, 12, 0, 40);
    const auto from = static_cast<Day>(random.between(-5, 45));
    ActivityWriter writer(heap());
    EXPECT_EQ(owned(splice_activity(encode(a), encode(b), from, &writer)),
              encode(merged(only(a, kFirstDay, from), only(b, from, kLastDay + 1))))
        << "round " << i;
    writer.begin();
    EXPECT_EQ(owned(trim_activity(encode(a), from, &writer)), encode(only(a, from, kLastDay + 1))) << "round " << i;
  }
}

}  // namespace
}  // namespace health
