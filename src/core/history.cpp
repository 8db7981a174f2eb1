#include "history.hpp"

#include <algorithm>

namespace health {

History::History(const Ledger& ledger, const Model& model, Size size, std::int64_t from, std::int64_t to,
                 Memory* memory)
    : ledger_(ledger), model_(model), size_(size), held_{from - model.longest_window(), to}, windows_(memory) {
  if (to - from >= kMaxHistoryDays)
    fail(kTooLarge, "Ask for a shorter range of dates.", "history of more than 100000 days");
  const DayRange days = ledger.days(to);
  if (!days.any) {
    held_ = {from, from};
    return;
  }
  held_.from = std::max<std::int64_t>(held_.from, days.first);
  held_.to = std::max(held_.from, std::min<std::int64_t>(held_.to, std::int64_t{days.last} + 1));
  for (std::size_t i = 0; i < model.signals.size(); ++i) {
    const Signal& signal = model.signals[i];
    if (signal.weight == 0 || !signal.plain(size.given)) continue;
    const std::span<const Cell> cells = ledger.cells(static_cast<std::int32_t>(i));
    if (cells.empty()) continue;
    Window* mine = window(signal.window_days);
    for (const Cell& cell : cells)
      if (held_.contains(cell.day))
        add_to_total(signal, cell, &mine->totals[static_cast<std::size_t>(cell.day - held_.from)]);
  }
}

History::Window* History::window(std::int32_t days) {
  for (Window& window : windows_)
    if (window.days == days) return &window;
  const auto held = static_cast<std::size_t>(held_.to - held_.from);
  if ((windows_.size() + 1) * held > kMaxHistoryTotals)
    fail(kTooLarge, "Ask for fewer dates, or give the signals fewer different window_days.", "history too large");
  Memory* memory = windows_.get_allocator().resource();
  windows_.push_back(Window{days, Vector<Int128>(held, 0, memory)});
  return &windows_.back();
}

Int128 History::total(std::int64_t as_of, std::int64_t day) const {
  Int128 total = 0;
  for (const Window& window : windows_)
    if (day >= as_of - window.days) add_to_total(window.totals[static_cast<std::size_t>(day - held_.from)], &total);
  return total;
}

Evaluation History::at(std::int64_t as_of) const {
  const Span window{std::max(held_.from, as_of - model_.longest_window()), std::min(held_.to, as_of)};
  const double plain =
      decayed_total(model_, as_of, window, [&](std::int64_t day) { return static_cast<double>(total(as_of, day)); });
  return evaluate_rest(plain, ledger_, model_, as_of, size_, nullptr);
}

}  // namespace health
