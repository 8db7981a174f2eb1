#include "activity.hpp"

#include <algorithm>
#include <cstring>

#include "activity_text.hpp"
#include "interrupt.hpp"

namespace health {

namespace {

constexpr std::size_t kMaxCellBytes = 4 * kMaxVarintBytes;

std::uint64_t zigzag(Micros value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}

}  // namespace

// ---------------------------------------------------------------- reader

ActivityReader::ActivityReader(Bytes bytes, Memory* memory, const char* sqlstate)
    : pos_(bytes.data()), end_(bytes.data() + bytes.size()), memory_(memory), sqlstate_(sqlstate) {
  if (bytes.empty()) corrupt("no bytes");
  if (*pos_ != kActivityVersion) fail(sqlstate_, kNewerHint, "invalid health_activity: unknown version %d", *pos_);
  ++pos_;
  signals_ = varint();
  if (signals_ > kMaxSignals) corrupt("too many signals");
}

ActivityReader::ActivityReader(const Run& run, Memory* memory)
    : pos_(run.bytes.data()),
      end_(run.bytes.data() + run.bytes.size()),
      memory_(memory),
      sqlstate_(kCorrupt),
      cells_(run.cells),
      cells_left_(run.cells),
      mode_(run.mode),
      cells_end_(end_) {}

void ActivityReader::corrupt(const char* what) const { fail(sqlstate_, nullptr, "invalid health_activity: %s", what); }

std::uint64_t ActivityReader::long_varint() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (pos_ == end_) corrupt("it ends too early");
    const std::uint8_t byte = *pos_++;
    if (shift == 63 && byte > 1) break;
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  corrupt("number too long");
}

bool ActivityReader::next_signal() {
  check_interrupt(memory_);
  if (cells_end_ != nullptr) pos_ = cells_end_;
  if (seen_ == signals_) return false;
  ++seen_;
  if (pos_ == end_) corrupt("it ends too early");
  const std::size_t length = *pos_++;
  if (length == 0 || length > static_cast<std::size_t>(end_ - pos_)) corrupt("bad signal name");
  name_ = {reinterpret_cast<const char*>(pos_), length};
  pos_ += length;
  const std::uint64_t head = varint();
  mode_ = head & 3;
  if (mode_ == 3 || (head >> 2) == 0 || (head >> 2) > static_cast<std::uint64_t>(kLastDay) + 1) corrupt("bad cells");
  cells_ = cells_left_ = static_cast<std::uint32_t>(head >> 2);
  const std::uint64_t bytes = varint();
  if (bytes > static_cast<std::uint64_t>(end_ - pos_)) corrupt("it ends too early");
  cells_end_ = pos_ + bytes;
  day_ = 0;
  return true;
}

// Fast path of mode 0, where nearly all cells but the first are two bytes, a step and a count: passes them to each(),
// four at a time, up to a longer cell or the day `before`.
template <class Each>
void ActivityReader::short_cells(std::int64_t before, Each each) {
  if (mode_ != 0) return;
  before = std::min(before, kAllDays.to);  // next_cell() refuses later days
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHighs = kOnes << 7;
  const auto one_byte = [](std::uint8_t byte) { return static_cast<std::uint8_t>(byte - 1) < 0x7F; };
  const std::uint8_t* const end = cells_end_;
  const std::uint8_t* pos = pos_;
  std::uint32_t left = cells_left_;
  Day day = day_;
  const auto take = [&](int cells) {
    for (int i = 0; i < cells; ++i, pos += 2) each(Cell{day += pos[0], pos[1], 0, 0});
  };
  for (std::uint64_t word = 0; left >= 4 && end - pos >= 8; left -= 4) {
    std::memcpy(&word, pos, sizeof word);
    const bool one_bytes = ((word | ((word - kOnes) & ~word)) & kHighs) == 0;  // none is 0, none above 0x7F
    if (!one_bytes || day + pos[0] + pos[2] + pos[4] + pos[6] >= before) break;
    take(4);
  }
  for (; left > 0 && end - pos >= 2 && one_byte(pos[0]) && one_byte(pos[1]) && day + pos[0] < before; --left) take(1);
  pos_ = pos;
  day_ = day;
  cells_left_ = left;
}

void ActivityReader::read_cells(Scratch<Cell>* out, const Span& days) {
  if (cells_left_ > end_ - pos_) corrupt("it ends too early");
  const std::size_t used = out->size();
  out->resize(used + cells_left_);
  Cell* cell = out->data() + used;
  while (next_cell(cell) && cell->day < days.to) {
    if (cell->day < days.from) short_cells(days.from, [](const Cell&) {});
    else ++cell;
    short_cells(days.to, [&](const Cell& next) { *cell++ = next; });
  }
  out->resize(static_cast<std::size_t>(cell - out->data()));
}

Run ActivityReader::run_before(std::int64_t before) {
  Run run{{}, 0, mode_, 0};
  const std::uint8_t *const begin = pos_, *end = pos_;
  for (Cell cell; next_cell(&cell) && cell.day < before;) {
    short_cells(before, [](const Cell&) {});
    run.cells = cells_ - cells_left_;
    run.last = day_;
    end = pos_;
  }
  run.bytes = {begin, end};
  return run;
}

// ---------------------------------------------------------------- writer

void ActivityWriter::begin_signal(std::string_view name) {
  check_interrupt(memory());
  name_ = name;
  run_ = {};
  cells_.clear();
}

namespace {

// Whether all events of all cells have a value, none has one, or some.
std::uint32_t mode_of(std::span<const Cell> cells) {
  bool all = true, none = true;
  for (const Cell& cell : cells) {
    all = all && cell.value_count == cell.count;
    none = none && cell.value_count == 0;
  }
  return none ? 0 : all ? 1 : 2;
}

}  // namespace

void ActivityWriter::end_signal() {
  if (run_.cells == 0 && cells_.empty()) return;
  if (++signals_ > kMaxSignals)
    fail(kTooLarge, "An activity holds at most 1000000 signals.", "too many signals in one activity");
  std::uint32_t mode = cells_.empty() ? run_.mode : mode_of(cells_);
  // A run is copied unless the mode changes. One of mode 2 is decoded: without its last cells it may be of mode 0 or 1.
  if (run_.cells > 0 && (run_.mode != mode || mode == 2)) {
    Scratch<Cell> all(memory());
    ActivityReader(run_, memory()).read_cells(&all, kAllDays);
    all.insert(all.end(), cells_.begin(), cells_.end());
    cells_.swap(all);
    run_ = {};
    mode = mode_of(cells_);
  }
  if (scratch_.size() < cells_.size() * kMaxCellBytes) scratch_.resize(cells_.size() * kMaxCellBytes);
  auto* const begin = reinterpret_cast<std::uint8_t*>(scratch_.data());
  std::uint8_t* end = begin;
  Day previous = run_.last;
  for (const Cell& cell : cells_) {
    end = put_varint(end, static_cast<std::uint64_t>(cell.day - previous));
    previous = cell.day;
    end = put_varint(end, cell.count);
    if (mode == 2) end = put_varint(end, cell.value_count);
    if (cell.value_count > 0) end = put_varint(end, zigzag(cell.value));
  }
  const Bytes added{begin, end};
  std::uint8_t head[1 + kMaxSignalBytes + 2 * kMaxVarintBytes];
  head[0] = static_cast<std::uint8_t>(name_.size());
  std::memcpy(head + 1, name_.data(), name_.size());
  std::uint8_t* head_end = put_varint(head + 1 + name_.size(), std::uint64_t{run_.cells + cells_.size()} << 2 | mode);
  head_end = put_varint(head_end, run_.bytes.size() + added.size());
  append_bytes(&bytes_, {head, head_end});
  append_bytes(&bytes_, run_.bytes);
  append_bytes(&bytes_, added);
  if (bytes_.size() > kMaxActivityBytes)
    fail(kTooLarge, "Trim old days with health_trim, or keep users and signals in separate activities.",
         "activity is too large");
}

Bytes ActivityWriter::finish() {
  std::uint8_t head[kHeadBytes] = {kActivityVersion};
  const Bytes used{head, put_varint(head + 1, signals_)};
  const std::size_t at = kHeadBytes - used.size();
  std::copy(used.begin(), used.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(at));
  const Bytes activity = bytes_in(bytes_).subspan(at);
  check_text_form(activity, memory());
  return activity;
}

// ---------------------------------------------------------------- building

Bytes activity_of_cells(std::span<LooseCell> cells, ActivityWriter* writer, Memory* memory) {
  Vector<LooseCell> sorted(cells.begin(), cells.end(), memory);
  Pulse pulse(memory);
  std::sort(sorted.begin(), sorted.end(), pulse.during([](const LooseCell& a, const LooseCell& b) {
    const int order = a.name.compare(b.name);
    return order != 0 ? order < 0 : a.cell.day < b.cell.day;
  }));
  for (std::size_t i = 0; i < sorted.size();) {
    const std::string_view name = sorted[i].name;
    check_signal_name(name);
    writer->begin_signal(name);
    while (i < sorted.size() && sorted[i].name == name) {
      Cell cell = sorted[i].cell;
      check_event_day(name, cell.day);
      for (++i; i < sorted.size() && sorted[i].name == name && sorted[i].cell.day == cell.day; ++i)
        add_cell(name, &cell, sorted[i].cell);
      writer->add(cell);
    }
    writer->end_signal();
  }
  return writer->finish();
}

std::optional<Bytes> activity_of_signal(Bytes activity, std::string_view name, std::string_view as,
                                        ActivityWriter* writer) {
  ActivityReader reader(activity, writer->memory());
  while (reader.next_signal()) {
    if (reader.name() < name) continue;
    if (reader.name() != name) break;
    writer->begin_signal(as);
    writer->add(reader.run_before());
    writer->end_signal();
    return writer->finish();
  }
  return std::nullopt;
}

void validate_activity(Bytes bytes, Memory* memory) {
  ActivityReader reader(bytes, memory, kInvalidBinary);
  ActivityWriter writer(memory);
  std::string_view previous;
  while (reader.next_signal()) {
    if (!(previous < reader.name())) fail(kInvalidBinary, nullptr, "invalid health_activity: signals are not in order");
    previous = reader.name();
    writer.begin_signal(previous);
    for (Cell cell; reader.next_cell(&cell);) writer.add(cell);
    writer.end_signal();
  }
  // Any other fault (a number too long, a skipped byte, a wrong mode) is a difference from the one encoding.
  const Bytes canonical = writer.finish();
  if (canonical.size() != bytes.size() || std::memcmp(canonical.data(), bytes.data(), bytes.size()) != 0)
    fail(kInvalidBinary, nullptr, "invalid health_activity: not in canonical form");
}

Bytes rename_signals(Bytes activity, std::span<const std::string_view> names, ActivityWriter* writer) {
  struct Renamed {
    std::string_view name;
    Run run;
  };
  Vector<Renamed> signals(writer->memory());
  signals.reserve(names.size());
  ActivityReader reader(activity, writer->memory());
  for (const std::string_view name : names) {
    reader.next_signal();
    if (name.empty() || name.size() > kMaxSignalBytes)
      fail(kTooLarge, "Use the text form, or the database's own encoding as client_encoding.",
           "a signal of a health_activity has a name of more than 255 bytes in another encoding");
    signals.push_back({name, reader.run_before()});
  }
  Pulse pulse(writer->memory());
  std::sort(signals.begin(), signals.end(),
            pulse.during([](const Renamed& a, const Renamed& b) { return a.name < b.name; }));
  for (std::size_t i = 0; i < signals.size(); ++i) {
    if (i > 0 && signals[i].name == signals[i - 1].name)
      fail(kInvalidBinary, "Use the text form, or the database's own encoding as client_encoding.",
           "two signals of a health_activity have one name in another encoding");
    writer->begin_signal(signals[i].name);
    writer->add(signals[i].run);
    writer->end_signal();
  }
  return writer->finish();
}

}  // namespace health
