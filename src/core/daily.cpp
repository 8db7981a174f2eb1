#include "daily.hpp"

namespace health {

namespace {

[[noreturn]] void contradicts(const DailyRow& row, const char* what, const char* hint) {
  fail(kInvalidParameter, hint, "signal \"%.*s\": %s", shown(row.name), row.name.data(), what);
}

}  // namespace

std::optional<Entry> daily_entry(const DailyRow& row) {
  constexpr char hint_count[] = "A count is the number of events of that day.";
  constexpr char hint_values[] = "value_count is the number of that day's events that have a value, 0 to count.";
  if (row.count > kMaxCount) fail_count(row.name);
  if (row.count < 0) contradicts(row, "negative count", hint_count);
  const std::int64_t values = row.value_count.value_or(row.value ? row.count : 0);
  if (values < 0) contradicts(row, "negative value_count", hint_values);
  if (values > row.count) contradicts(row, "value_count above count", hint_values);
  if (values > 0 && !row.value) contradicts(row, "value_count without a value", hint_values);
  if (values == 0 && row.value.value_or(0) != 0)
    contradicts(row, row.count == 0 ? "count 0 with a value" : "value_count 0 with a value",
                "A value belongs to at least one event.");
  if (row.count == 0) return std::nullopt;
  return Entry{row.name, row.day, static_cast<std::uint32_t>(row.count), static_cast<std::uint32_t>(values),
               values > 0 ? *row.value : 0};
}

}  // namespace health
