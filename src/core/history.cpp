#include "history.hpp"

#include <algorithm>

#include "interrupt.hpp"

namespace health {

History::History(Ledger* ledger, const Model& model, const AccountTerms& terms, std::int64_t from, std::int64_t to,
                 Memory* memory)
    : ledger_(ledger), model_(model), terms_(terms), held_{from - model.longest_window(), to}, windows_(memory) {
  if (to - from >= kMaxHistoryDays)
    fail(kTooLarge, "Ask for a shorter range of dates.", "history of more than 100000 days");
  if (!ledger->any_before(to)) return;
  held_.from = std::max(held_.from, ledger->held().from);
  held_.to = std::max(held_.from, std::min(held_.to, ledger->held().to));
  constexpr std::int64_t kDense = 512, kDaysPerCell = 16;
  const Vector<Plain> plain = plain_signals();
  std::int64_t decayed = 0;  // days, of all decays
  for (std::size_t i = 0; i < plain.size(); ++i)
    if (i == 0 || plain[i].signal->decay != plain[i - 1].signal->decay) decayed += held_.to - held_.from;
  sparse_ = decayed > kDense && decayed > kDaysPerCell * static_cast<std::int64_t>(ledger->cell_count());
  if (!sparse_) fill_windows(plain);
}

// By decay, longest windows first.
Vector<History::Plain> History::plain_signals() const {
  Vector<Plain> plain(memory_of(windows_));
  for (std::size_t i = 0; i < ledger_->signals().size(); ++i) {
    const Signal& signal = model_.signal(ledger_->signals()[i]);
    if (signal.weight != 0 && signal.plain(terms_.size.has_value()) && !ledger_->cells_at(i).empty())
      plain.push_back({&signal, ledger_->cells_at(i)});
  }
  std::sort(plain.begin(), plain.end(), [](const Plain& a, const Plain& b) { return a.key() < b.key(); });
  return plain;
}

void History::fill_windows(const Vector<Plain>& plain) {
  Memory* memory = memory_of(windows_);
  const auto held = static_cast<std::size_t>(held_.to - held_.from);
  std::size_t lengths = 0;
  for (std::size_t i = 0; i < plain.size(); ++i) lengths += i == 0 || plain[i].key() != plain[i - 1].key() ? 1 : 0;
  if (lengths * held > kMaxHistoryTotals)
    fail(kTooLarge, "Ask for fewer dates, or give the signals fewer different windows and decays.",
         "history too large");

  Vector<Int128> totals(held, 0, memory);
  windows_.reserve(lengths);
  for (std::size_t i = 0; i < plain.size();) {
    check_interrupt(memory);
    const auto key = plain[i].key();
    const auto [decay, length] = key;
    // What the longer windows of the same decay hold is in the totals already.
    if (!windows_.empty() && windows_.back().decay != decay) std::fill(totals.begin(), totals.end(), 0);
    for (; i < plain.size() && plain[i].key() == key; ++i)
      for_each_weighted(*plain[i].signal, plain[i].cells, [&](const Cell& cell, Int128 product) {
        if (held_.contains(cell.day)) add_to_total(product, &totals[static_cast<std::size_t>(cell.day - held_.from)]);
      });
    Window& window =
        windows_.emplace_back(Window{decay, -length, Vector<double>(held + 2 * (kDates - 1), 0.0, memory)});
    std::transform(totals.begin(), totals.end(), window.totals.begin() + (kDates - 1), double_of);
  }
}

// Where the tenure scales, it does so by another factor at each date.
bool History::one_by_one(std::int64_t as_of) const {
  return sparse_ || tenure_of(terms_, model_, as_of) < model_.longest_scaled();
}

// Of the windows of one decay.
std::array<double, History::kDates> History::plain_at(std::int64_t as_of, Windows windows) const {
  constexpr std::int64_t kMargin = kDates - 1;
  const Span held{std::max(held_.from - kMargin, as_of - windows[0].days), std::min(held_.to, as_of)};
  // Going on to newer days, more and more windows hold the day.
  std::size_t window = 0;
  const double* totals = windows[0].totals.data();
  return decayed_totals<kDates>(model_.decays()[windows[0].decay], as_of, held, [&](std::int64_t day, std::size_t i) {
    for (; i == 0 && window + 1 < windows.size() && day >= as_of - windows[window + 1].days; ++window)
      totals = windows[window + 1].totals.data();
    return totals[static_cast<std::size_t>(day - held_.from + kMargin) + i];
  });
}

void History::at(std::int64_t as_of, std::span<Evaluation> out) const {
  const auto date = [&](std::size_t i) { return as_of + static_cast<std::int64_t>(i); };
  if (one_by_one(as_of)) {
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = started(terms_, date(i)) ? evaluate(ledger_, model_, date(i), terms_, nullptr) : Evaluation{};
    return;
  }
  std::array<double, kDates> plain{};
  for (Windows rest = windows_; !rest.empty();) {
    const auto past = std::find_if(rest.begin(), rest.end(), [&](const Window& w) { return w.decay != rest[0].decay; });
    const Windows windows = rest.first(static_cast<std::size_t>(past - rest.begin()));
    rest = rest.subspan(windows.size());
    const std::array<double, kDates> more = plain_at(as_of, windows);
    for (std::size_t i = 0; i < kDates; ++i) plain[i] += more[i];
  }
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] =
        started(terms_, date(i)) ? evaluate_rest(plain[i], ledger_, model_, date(i), terms_, nullptr) : Evaluation{};
}

}  // namespace health
