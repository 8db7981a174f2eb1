// What the fuzzers share. Each takes any bytes, and stops the run where the core breaks a promise; sanitizers watch the
// memory. Inputs of more than plain bytes are read by FuzzedDataProvider, which never runs out.
#pragma once

#include <fuzzer/FuzzedDataProvider.h>

#include <cstdio>

#include "unit/support.hpp"

#define REQUIRE(condition)                                                         \
  do {                                                                             \
    if (!(condition)) {                                                            \
      std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                \
    }                                                                              \
  } while (false)

namespace health {

// Runs `run`, which may succeed or fail with an error that blames the input: class 22 or 54, and XX001 where the bytes
// were never validated. Returns the SQLSTATE, empty for success.
template <class Run>
std::string outcome(Run run, bool validated = true) {
  const Failure failure = failure_of(run);
  const std::string state = failure.sqlstate;
  REQUIRE(state.empty() || state.starts_with("22") || state.starts_with("54") || (!validated && state == "XX001"));
  REQUIRE(state.empty() || failure.message[0] != '\0');
  return state;
}

inline std::string some_name(FuzzedDataProvider* in) {
  if (in->ConsumeBool())
    return in->PickValueInArray({"a", "ab", "login", "nps", "user:1", "user:2", "seventeen_letters_"});
  return in->ConsumeRandomLengthString(300);
}

// A day of a narrow range, so that cells fall on the same one, or of the whole range.
inline Day some_day(FuzzedDataProvider* in) {
  return in->ConsumeBool() ? in->ConsumeIntegralInRange<Day>(20'400, 20'460)
                           : in->ConsumeIntegralInRange<Day>(kFirstDay, kLastDay);
}

// A cell that fits; with small numbers, so that no sum overflows, or with any.
inline Cell some_cell(FuzzedDataProvider* in, bool wild) {
  const auto most = wild ? kMaxCount : 300U;
  Cell cell{some_day(in), in->ConsumeIntegralInRange<std::uint32_t>(1, most), 0, 0};
  if (in->ConsumeBool()) return cell;
  cell.value_count = in->ConsumeBool() ? cell.count : in->ConsumeIntegralInRange<std::uint32_t>(1, cell.count);
  cell.value = wild ? in->ConsumeIntegral<Micros>() : in->ConsumeIntegralInRange<Micros>(-1'000'000'000, 1'000'000'000);
  return cell;
}

inline Reference some_reference(FuzzedDataProvider* in, bool wild) {
  Reference reference;
  for (int signals = in->ConsumeIntegralInRange(0, 8); signals > 0; --signals) {
    const std::string name = some_name(in);
    if (name.empty() || name.size() > kMaxSignalBytes) continue;
    for (int cells = in->ConsumeIntegralInRange(1, 30); cells > 0; --cells) {
      const Cell cell = some_cell(in, wild);
      reference[name][cell.day] = cell;
    }
  }
  return reference;
}

}  // namespace health
