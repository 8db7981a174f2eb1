#include "rollup.hpp"

#include <algorithm>

#include "interrupt.hpp"

namespace health {

Bytes merge_activities(Bytes a, Bytes b, ActivityWriter* writer) {
  const Bytes both[] = {a, b};
  return merge_activities(both, writer);
}

Bytes merge_activities(std::span<const Bytes> activities, ActivityWriter* writer) {
  struct Source {
    ActivityReader reader;
    Cell cell;
    bool signal, more;  // whether `reader` stands on a signal; whether `cell` is one of it
  };
  Vector<Source> sources(writer->memory());
  for (const Bytes activity : activities) {
    sources.push_back({ActivityReader(activity, writer->memory()), {}, false, false});
    sources.back().signal = sources.back().reader.next_signal();
  }
  Vector<Source*> same(writer->memory());  // sources whose signal comes next
  Pulse pulse(writer->memory());
  for (;;) {
    same.clear();
    for (Source& source : sources) {
      if (!source.signal) continue;
      const int order = same.empty() ? 0 : source.reader.name().compare(same.front()->reader.name());
      if (order < 0) same.clear();
      if (order <= 0) same.push_back(&source);
    }
    if (same.empty()) return writer->finish();
    const std::string_view name = same.front()->reader.name();
    writer->begin_signal(name);
    const bool alone = same.size() == 1;
    if (alone) writer->add(same.front()->reader.run_before());
    for (Source* source : same) source->more = !alone && source->reader.next_cell(&source->cell);
    for (;; pulse.beat()) {
      Day day = kLastDay + 1;
      for (const Source* source : same)
        if (source->more) day = std::min(day, source->cell.day);
      if (day > kLastDay) break;
      std::uint64_t count = 0;
      std::uint32_t values = 0;
      Int128 sum = 0;
      for (Source* source : same) {
        if (!source->more || source->cell.day != day) continue;
        count += source->cell.count;
        values += source->cell.value_count;
        sum += source->cell.value;
        source->more = source->reader.next_cell(&source->cell);
      }
      if (count > kMaxCount) fail_count(name);
      writer->add(cell_of_sum(name, day, static_cast<std::uint32_t>(count), values, sum));
    }
    writer->end_signal();
    for (Source* source : same) source->signal = source->reader.next_signal();
  }
}

}  // namespace health
