#include "core/sparkline.hpp"

#include "support.hpp"

namespace health {
namespace {

TEST(Sparkline, HasAFixedScale) {
  ByteString line(heap());
  for (const double score : {-5.0, 0.0, 12.4, 12.5, 50.0, 87.4, 87.5, 100.0, 1000.0}) append_spark(&line, true, score);
  append_spark(&line, false, 50);
  EXPECT_EQ(std::string_view(line), "▁▁▁▂▅▇███ ");
}

}  // namespace
}  // namespace health
