#include "history.hpp"

#include <algorithm>

#include "interrupt.hpp"

namespace health {

History::History(const Ledger& ledger, const Model& model, AccountSize size, std::int64_t from, std::int64_t to,
                 Memory* memory)
    : ledger_(ledger), model_(model), size_(size), held_{from - model.longest_window(), to}, windows_(memory) {
  if (to - from >= kMaxHistoryDays)
    fail(kTooLarge, "Ask for a shorter range of dates.", "history of more than 100000 days");
  const std::optional<DayRange> days = ledger.days(to);
  if (!days) return;
  held_.from = std::max<std::int64_t>(held_.from, days->first);
  held_.to = std::max(held_.from, std::min<std::int64_t>(held_.to, std::int64_t{days->last} + 1));
  fill_windows();
}

void History::fill_windows() {
  Memory* memory = memory_of(windows_);
  struct Plain {
    const Signal* signal;
    std::span<const Cell> cells;
  };
  Vector<Plain> plain(memory);  // longest windows first
  for (std::size_t i = 0; i < ledger_.signals().size(); ++i) {
    const Signal& signal = model_.signals[static_cast<std::size_t>(ledger_.signals()[i])];
    if (signal.weight != 0 && signal.plain(size_.has_value()) && !ledger_.cells_at(i).empty())
      plain.push_back({&signal, ledger_.cells_at(i)});
  }
  std::sort(plain.begin(), plain.end(),
            [](const Plain& a, const Plain& b) { return a.signal->window_days > b.signal->window_days; });
  const auto held = static_cast<std::size_t>(held_.to - held_.from);
  std::size_t lengths = 0;
  for (std::size_t i = 0; i < plain.size(); ++i)
    lengths += i == 0 || plain[i].signal->window_days != plain[i - 1].signal->window_days ? 1 : 0;
  if (lengths * held > kMaxHistoryTotals)
    fail(kTooLarge, "Ask for fewer dates, or give the signals fewer different window_days.", "history too large");

  // Cumulative: the totals of a window hold the signals with longer windows, too.
  Vector<Int128> totals(held, 0, memory);
  windows_.reserve(lengths);
  for (std::size_t i = 0; i < plain.size();) {
    check_interrupt(memory);
    const std::int32_t days = plain[i].signal->window_days;
    for (; i < plain.size() && plain[i].signal->window_days == days; ++i)
      for_each_weighted(*plain[i].signal, plain[i].cells, [&](const Cell& cell, Int128 product) {
        if (held_.contains(cell.day)) add_to_total(product, &totals[static_cast<std::size_t>(cell.day - held_.from)]);
      });
    Window& window = windows_.emplace_back(Window{days, Vector<double>(held + 2 * (kDates - 1), 0.0, memory)});
    std::transform(totals.begin(), totals.end(), window.totals.begin() + (kDates - 1), double_of);
  }
}

void History::at(std::int64_t as_of, std::span<Evaluation> out) const {
  std::array<double, kDates> plain{};
  if (!windows_.empty()) {
    constexpr std::int64_t kMargin = kDates - 1;
    const Span held{std::max(held_.from - kMargin, as_of - windows_[0].days), std::min(held_.to, as_of)};
    // The newer the day, the more windows hold it: each day takes the totals of the shortest one that does.
    std::size_t window = 0;
    const double* totals = windows_[0].totals.data();
    plain = decayed_totals<kDates>(model_.decay(), as_of, held, [&](std::int64_t day, std::size_t i) {
      for (; i == 0 && window + 1 < windows_.size() && day >= as_of - windows_[window + 1].days; ++window)
        totals = windows_[window + 1].totals.data();
      return totals[static_cast<std::size_t>(day - held_.from + kMargin) + i];
    });
  }
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = evaluate_rest(plain[i], ledger_, model_, as_of + static_cast<std::int64_t>(i), size_, nullptr);
}

}  // namespace health
