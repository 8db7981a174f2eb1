#include "splice.hpp"

namespace health {

Bytes splice_activity(Bytes activity, Bytes tail, Day from_day, ActivityWriter* writer) {
  ActivityReader before(activity, writer->memory()), after(tail, writer->memory());
  bool has_before = before.next_signal(), has_after = after.next_signal();
  while (has_before || has_after) {
    const int order = !has_before ? 1 : !has_after ? -1 : before.name().compare(after.name());
    writer->begin_signal(order <= 0 ? before.name() : after.name());
    if (order <= 0) writer->add(before.run_before(from_day));
    if (order >= 0)
      for (Cell cell; after.next_cell(&cell);)
        if (cell.day >= from_day) writer->add(cell);
    writer->end_signal();
    if (order <= 0) has_before = before.next_signal();
    if (order >= 0) has_after = after.next_signal();
  }
  return writer->finish();
}

Bytes trim_activity(Bytes activity, Day from_day, ActivityWriter* writer) {
  return splice_activity(kEmptyActivity, activity, from_day, writer);
}

}  // namespace health
