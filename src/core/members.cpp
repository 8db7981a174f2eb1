#include "members.hpp"

#include <algorithm>
#include <tuple>

#include "days_inactive.hpp"
#include "interrupt.hpp"
#include "rhythm.hpp"

namespace health {

namespace {

// `cells`: what it did before as_of, ascending; not empty.
Member member_of(std::string_view name, const Scratch<Cell>& cells, std::int64_t as_of, std::int32_t days) {
  const std::int64_t from = window_before(as_of, days).from;
  const auto in_window =
      std::partition_point(cells.begin(), cells.end(), [&](const Cell& cell) { return cell.day < from; });
  const Rhythm rhythm = rhythm_of(0, days, cells.size(), [&](std::size_t i) { return cells[i].day; });
  return {name, static_cast<std::int32_t>(cells.end() - in_window),
          days_since({cells.front().day, cells.back().day}, as_of), rhythm.every, 0};
}

}  // namespace

void list_members(Bytes activity, std::string_view prefix, std::int64_t as_of, std::int32_t days,
                  Vector<Member>* members) {
  if (prefix.ends_with('*')) prefix.remove_suffix(1);
  Memory* memory = memory_of(*members);
  ActivityReader reader(activity, memory);
  Scratch<Cell> cells(memory);
  double active_days = 0;
  while (reader.next_signal()) {
    if (!reader.name().starts_with(prefix) || reader.name().size() == prefix.size()) continue;
    cells.clear();
    reader.read_cells(&cells, {kFirstDay, as_of});
    if (cells.empty()) continue;
    members->push_back(member_of(reader.name().substr(prefix.size()), cells, as_of, days));
    active_days += members->back().active_days;
  }
  if (active_days > 0)
    for (Member& member : *members) member.share = member.active_days / active_days;
  Pulse pulse(memory);
  std::sort(members->begin(), members->end(), pulse.during([](const Member& a, const Member& b) {
    return std::tie(b.active_days, a.days_inactive, a.name) < std::tie(a.active_days, b.days_inactive, b.name);
  }));
}

}  // namespace health
