#include "without.hpp"

#include "patterns.hpp"

namespace health {

Bytes activity_without(Bytes activity, std::span<const std::string_view> patterns, ActivityWriter* writer) {
  const NamePatterns dropped(patterns, writer->memory());
  ActivityReader reader(activity, writer->memory());
  while (reader.next_signal()) {
    if (dropped.match(reader.name())) continue;
    writer->begin_signal(reader.name());
    writer->add(reader.run_before());
    writer->end_signal();
  }
  return writer->finish();
}

}  // namespace health
