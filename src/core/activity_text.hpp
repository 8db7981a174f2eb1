// The text form of an activity: a JSON document of signals, days and what they hold.
//
//   {"login": {"2026-01-03": 4}, "nps": {"2026-01-03": [1, 9], "2026-01-04": [3, 2.5, 1]}}
//
// A count; [count, sum] where every event of the day had a value; [count, sum, values] where only some had. It is read
// in one pass: beside the text, reading takes less than three times the memory of the stored activity, plus 1 MB, plus
// up to 12 MB for the days of one signal.
#pragma once

#include "activity.hpp"

namespace health {

// Most bytes of a text form as COPY writes it, with each backslash doubled. A PostgreSQL value and a row of COPY hold
// 1 GB, so every stored activity can be dumped and restored.
inline constexpr std::size_t kMaxTextForm = 900'000'000;
// Throws 54000 where the text form of an activity would be longer.
void check_text_form(Bytes activity, Memory* memory);

// Bytes of the text form; and the text form written to `out`, of which the end is returned.
std::size_t text_form_size(Bytes activity, Memory* memory);
char* write_text_form(Bytes activity, char* out, Memory* memory);

// Reads one text form. Signals and days come in any order, but none twice.
class TextFormReader {
 public:
  explicit TextFormReader(Memory* memory)
      : cells_(memory), writer_(memory), blocks_(memory), empty_(memory), order_(memory), head_(memory) {}
  // `unicode`: \u escapes beyond ASCII become UTF-8; without it they are 22P05. Throws 22P02 where the text is not of
  // this form, 22023 where a signal or a day comes twice, 54000 beyond the limits.
  void read(std::string_view text, bool unicode);
  // Number of the canonical bytes; and the bytes written to `out`, or 54000 where their own text form is too long.
  std::size_t size() const { return head_.size() + bytes_; }
  void copy_to(std::uint8_t* out) const;

 private:
  friend class TextFormParser;
  void begin_signal(std::string_view name);
  void add(const Cell& cell);
  void end_signal();
  void end();
  void sort_cells();
  void sort_signals();
  void keep(Bytes signal);
  void keep_empty();
  void check_empty() const;
  template <class Each>
  void for_each_signal(Each each) const;

  std::string_view name_;  // of the signal being read
  Scratch<Cell> cells_;
  bool cells_sorted_ = true, signals_sorted_ = true;
  ActivityWriter writer_;      // of one signal at a time
  Vector<ByteString> blocks_;  // encoded signals, one after the other
  std::string_view last_;      // name of the last encoded signal
  Vector<ByteString> empty_;   // names of signals without days
  std::size_t bytes_ = 0, signals_ = 0;
  Vector<const std::uint8_t*> order_;  // encoded signals in order of the names; empty if they came so
  ByteString head_;
};

}  // namespace health
