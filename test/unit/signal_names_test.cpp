#include "core/signal_names.hpp"

#include "support.hpp"

namespace health {
namespace {

TEST(SignalNames, AreNumberedInTheOrderTheyCame) {
  SignalNames names(heap());
  EXPECT_EQ(names.number_of("login"), 0u);
  EXPECT_EQ(names.number_of("export"), 1u);
  EXPECT_EQ(names.number_of("login"), 0u);
  EXPECT_EQ(names.name(1), "export");
  EXPECT_EQ(names.size(), 2u);
  EXPECT_STREQ(failure_of([&] { names.number_of(""); }).sqlstate, "22023");
  EXPECT_STREQ(failure_of([&] { names.number_of(std::string(256, 'x')); }).sqlstate, "22023");
}

TEST(SignalNames, ReadWhatAnotherProcessWrote) {
  Random random(1);
  SignalNames names(heap()), copy(heap());
  for (int i = 0; i < 5000; ++i)
    names.number_of(std::to_string(i) + std::string(static_cast<std::size_t>(random.between(0, 250)), 'x'));
  ByteString written(heap());
  names.write(&written);
  copy.read(bytes_in(written));
  ASSERT_EQ(copy.size(), names.size());
  for (std::uint32_t i = 0; i < names.size(); ++i) ASSERT_EQ(copy.name(i), names.name(i));
}

TEST(SignalOrder, HasTheNamesOfAllStreamsOnce) {
  SignalNames one(heap()), other(heap()), none(heap());
  for (const char* name : {"c", "a", "d"}) one.number_of(name);
  for (const char* name : {"d", "b"}) other.number_of(name);
  const SignalNames* const streams[] = {&one, &none, &other};
  const SignalOrder order(streams, heap());
  ASSERT_EQ(order.size(), 4u);
  for (const SignalNames* stream : streams) {
    const std::uint32_t* places = order.places(static_cast<std::size_t>(std::ranges::find(streams, stream) - streams));
    for (std::uint32_t i = 0; i < stream->size(); ++i) EXPECT_EQ(order.name(places[i]), stream->name(i));
  }
  EXPECT_EQ(order.name(0), "a");
  EXPECT_EQ(order.name(3), "d");
}

}  // namespace
}  // namespace health
