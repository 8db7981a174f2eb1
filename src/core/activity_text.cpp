#include "activity_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <functional>

#include "interrupt.hpp"

namespace health {

namespace {

constexpr char kFormHint[] =
    "Write {\"login\": {\"2026-01-03\": 4}, \"nps\": {\"2026-01-03\": [1, 9]}}: a count, or [count, sum], or [count, "
    "sum, values].";
constexpr char kBuildHint[] =
    "An activity is built by health_activity(signal, occurred_at) or health_daily(signal, day, count, value); as text "
    "it "
    "is {\"login\": {\"2026-01-03\": 4}}.";
constexpr char kDayHint[] =
    "Write the day and its number of events, {\"login\": {\"2026-01-03\": 4}}; events with their times go through "
    "health_activity(signal, occurred_at).";
constexpr char kCountHint[] =
    "Leave out days without events. A value stands beside its count, {\"nps\": {\"2026-01-03\": [1, 9.5]}}.";
constexpr char kInvalid[] = "invalid input for type health_activity";
constexpr char kCountRange[] = "a count must be a whole number from 1 to 2147483647";
constexpr std::size_t kDayKey = sizeof "\"2026-01-03\": " - 1;

// ---------------------------------------------------------------- writing

std::size_t digits_of(std::uint32_t number) {
  std::size_t digits = 1;
  for (; number >= 10; number /= 10) ++digits;
  return digits;
}

// The letter behind the backslash, u for one of \u00XX, 0 where the character stands for itself.
char escape_of(char c) {
  switch (c) {
    case '"': return '"';
    case '\\': return '\\';
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default: return static_cast<unsigned char>(c) < ' ' ? 'u' : '\0';
  }
}

std::size_t escaped_size(std::string_view name) {
  std::size_t size = 0;
  for (const char c : name) {
    const char escape = escape_of(c);
    size += escape == '\0' ? 1 : escape == 'u' ? 6 : 2;
  }
  return size;
}

char* put(std::string_view text, char* out) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

char* put_escaped(std::string_view name, char* out) {
  constexpr char kHex[] = "0123456789abcdef";
  for (const char c : name) {
    const char escape = escape_of(c);
    if (escape != '\0') *out++ = '\\';
    *out++ = escape == '\0' ? c : escape;
    if (escape != 'u') continue;
    out = put("00", out);
    *out++ = kHex[c >> 4];
    *out++ = kHex[c & 15];
  }
  return out;
}

char* put_number(std::uint32_t number, char* out) { return std::to_chars(out, out + 10, number).ptr; }

char* put_two(unsigned number, char* out) {
  *out++ = static_cast<char>('0' + number / 10);
  *out++ = static_cast<char>('0' + number % 10);
  return out;
}

char* put_cell(const Cell& cell, char* out) {
  const CivilDate date = civil_date(cell.day);
  *out++ = '"';
  out = put_two(static_cast<unsigned>(date.year / 100), out);
  out = put_two(static_cast<unsigned>(date.year % 100), out);
  *out++ = '-';
  out = put_two(static_cast<unsigned>(date.month), out);
  *out++ = '-';
  out = put_two(static_cast<unsigned>(date.day), out);
  out = put("\": ", out);
  if (cell.value_count == 0) return put_number(cell.count, out);
  *out++ = '[';
  out = put(", ", put_number(cell.count, out));
  out += format_micros(cell.value, out);
  if (cell.value_count != cell.count) out = put_number(cell.value_count, put(", ", out));
  *out++ = ']';
  return out;
}

std::size_t cell_size(const Cell& cell) {
  if (cell.value_count == 0) return kDayKey + digits_of(cell.count);
  char sum[24];
  const auto sum_size = static_cast<std::size_t>(format_micros(cell.value, sum));
  return kDayKey + digits_of(cell.count) + sum_size + sizeof "[, ]" - 1 +
         (cell.value_count != cell.count ? digits_of(cell.value_count) + 2 : 0);
}

// Sums up the sizes of names, by name_size(name), of cells and of what stands between them.
template <class NameSize>
std::size_t form_size(Bytes activity, NameSize name_size, Memory* memory) {
  constexpr std::size_t kBetween = sizeof ", " - 1;
  std::size_t size = 2;
  Pulse pulse(memory);
  ActivityReader reader(activity, memory);
  for (bool first = true; reader.next_signal(); first = false) {
    size += (first ? 0 : kBetween) + name_size(reader.name()) + sizeof "\"\": {}" - 1;
    Cell cell;
    for (bool first_cell = true; reader.next_cell(&cell); first_cell = false) {
      pulse.beat();
      size += (first_cell ? 0 : kBetween) + cell_size(cell);
    }
  }
  return size;
}

}  // namespace

std::size_t text_form_size(Bytes activity, Memory* memory) { return form_size(activity, escaped_size, memory); }

char* write_text_form(Bytes activity, char* out, Memory* memory) {
  *out++ = '{';
  Pulse pulse(memory);
  ActivityReader reader(activity, memory);
  for (bool first = true; reader.next_signal(); first = false) {
    if (!first) out = put(", ", out);
    *out++ = '"';
    out = put("\": {", put_escaped(reader.name(), out));
    Cell cell;
    for (bool first_cell = true; reader.next_cell(&cell); first_cell = false) {
      pulse.beat();
      if (!first_cell) out = put(", ", out);
      out = put_cell(cell, out);
    }
    *out++ = '}';
  }
  *out++ = '}';
  return out;
}

void check_text_form(Bytes activity, Memory* memory) {
  // Most text for a stored byte: a cell such as [127, -0.000063] is 3 bytes stored, 32 with its day in text. (A control
  // character in a name is 1 and 7.)
  constexpr std::size_t kMostOfByte = 12;
  if (activity.size() <= kMaxTextForm / kMostOfByte) return;
  const auto copied_size = [](std::string_view name) {
    std::size_t size = escaped_size(name);
    for (const char c : name) size += c == '\\' ? 2 : escape_of(c) != '\0' ? 1 : 0;
    return size;
  };
  if (form_size(activity, copied_size, memory) > kMaxTextForm)
    fail(kTooLarge, "Trim old days with health_trim, or keep users and signals in separate activities.",
         "activity is too large: its text form would have more than 900 MB");
}

// ---------------------------------------------------------------- the document

// Parses the text form and hands its signals and cells to a TextFormReader.
class TextFormParser {
 public:
  TextFormParser(std::string_view text, bool unicode, TextFormReader* to)
      : begin_(text.data()),
        pos_(text.data()),
        end_(text.data() + text.size()),
        unicode_(unicode),
        to_(to),
        name_text_(to->head_.get_allocator()),
        key_(to->head_.get_allocator()),
        plain_(to->head_.get_allocator()),
        pulse_(memory_of(to->head_)) {}
  void document() {
    expect_object();
    if (!take('}')) {
      do signal();
      while (take(','));
      need('}');
    }
    skip_space();
    if (pos_ != end_) unexpected("the end");
  }

 private:
  void skip_space() {
    while (pos_ != end_ && (*pos_ == ' ' || *pos_ == '\n' || *pos_ == '\t' || *pos_ == '\r')) ++pos_;
  }
  bool take(char c) {
    if (pos_ == end_ || *pos_ != c) skip_space();
    if (pos_ == end_ || *pos_ != c) return false;
    ++pos_;
    return true;
  }
  void need(char c) {
    const char wanted[] = {c, '\0'};
    if (!take(c)) unexpected(wanted);
  }
  [[noreturn]] void unexpected(const char* wanted, const char* hint = kFormHint) const {
    constexpr std::ptrdiff_t kShown = 20;
    const auto at = static_cast<std::size_t>(pos_ - begin_) + 1;
    if (pos_ == end_) fail(kInvalidText, hint, "%s: expected %s, but the text ends", kInvalid, wanted);
    fail(kInvalidText, hint, "%s: expected %s at byte %zu, near \"%.*s\"", kInvalid, wanted, at,
         static_cast<int>(std::min(kShown, end_ - pos_)), pos_);
  }
  [[noreturn]] void bad(const char* what, const char* hint = kFormHint) const {
    fail(kInvalidText, hint, "%s: signal \"%.*s\"%s%.*s: %s", kInvalid, shown(name_), name_.data(),
         day_.empty() ? "" : ", ", static_cast<int>(day_.size()), day_.data(), what);
  }

  void expect_object() {
    if (take('{')) return;
    const char first = pos_ == end_ ? '\0' : *pos_;
    const char* found = first == '['                                     ? "an array"
                        : first == '"'                                   ? "a string"
                        : first == '-' || (first >= '0' && first <= '9') ? "a number"
                        : first == 't' || first == 'f'                   ? "a boolean"
                        : first == 'n'                                   ? "null"
                                                                         : nullptr;
    if (found == nullptr) unexpected("an object", kBuildHint);
    fail(kInvalidText, kBuildHint, "%s: expected an object, got %s", kInvalid, found);
  }

  void signal() {
    check_interrupt(memory_of(to_->head_));
    day_ = {};
    name_ = string(&name_text_);
    to_->begin_signal(name_);
    need(':');
    if (!take('{')) bad("expected an object of days");
    if (!take('}')) {
      do {
        pulse_.beat();
        to_->add(cell());
      } while (take(','));
      need('}');
    }
    to_->end_signal();
  }

  Cell cell() {
    Cell cell{};
    day_ = {};
    const std::string_view key = string(&key_);
    if (!parse_date(key.data(), static_cast<unsigned>(key.size()), &cell.day) || cell.day < kFirstDay ||
        cell.day > kLastDay)
      fail(kInvalidText, kDayHint,
           "%s: signal \"%.*s\": \"%.*s\" is no day from 1970-01-01 to 2199-12-31, written YYYY-MM-DD", kInvalid,
           shown(name_), name_.data(), shown(key), key.data());
    day_ = key;
    need(':');
    if (!take('[')) {
      cell.count = count();
      return cell;
    }
    constexpr char kArray[] = "an array must be [count, sum] or [count, sum, values]";
    if (take(']')) bad(kArray);
    cell.count = cell.value_count = count();
    if (!take(',')) bad(kArray);
    if (number(true, &cell.value) != Parsed::ok) bad("a sum must be a number of at most 9.2e12 in size");
    if (take(',')) cell.value_count = count();
    if (!take(']')) bad(kArray);
    if (cell.value_count > cell.count) bad("more values than events");
    return cell;
  }

  std::uint32_t count() {
    skip_space();
    // Fast path: nearly all counts are a few digits.
    const char* p = pos_;
    std::uint32_t small = 0;
    for (; p != end_ && *p >= '0' && *p <= '9' && p - pos_ < 9; ++p)
      small = small * 10 + static_cast<std::uint32_t>(*p - '0');
    if (p != end_ && (*p == ',' || *p == '}' || *p == ']') && small != 0 && *pos_ != '0') {
      pos_ = p;
      return small;
    }
    Micros micros = 0;
    if (number(false, &micros) != Parsed::ok || micros <= 0 || micros % kMicro != 0 || micros / kMicro > kMaxCount)
      bad(kCountRange, kCountHint);
    return static_cast<std::uint32_t>(micros / kMicro);
  }

  const char* digits() {
    const char* from = pos_;
    while (pos_ != end_ && *pos_ >= '0' && *pos_ <= '9') ++pos_;
    return from;
  }

  // A number of JSON, with or without an exponent, in millionths.
  Parsed number(bool round, Micros* out) {
    skip_space();
    const char* from = pos_;
    if (pos_ != end_ && *pos_ == '-') ++pos_;
    const char* whole = digits();
    if (pos_ == whole || (*whole == '0' && pos_ - whole > 1)) return Parsed::not_a_number;
    if (pos_ != end_ && *pos_ == '.') {
      ++pos_;
      const char* fraction = digits();
      if (fraction == pos_) return Parsed::not_a_number;
    }
    const std::string_view mantissa(from, static_cast<std::size_t>(pos_ - from));
    if (pos_ == end_ || (*pos_ != 'e' && *pos_ != 'E')) return parse_micros(mantissa, round, out);
    ++pos_;
    const bool negative = pos_ != end_ && *pos_ == '-';
    if (pos_ != end_ && (*pos_ == '-' || *pos_ == '+')) ++pos_;
    const char* power = digits();
    if (power == pos_) return Parsed::not_a_number;
    std::int64_t exponent = 0;
    constexpr std::int64_t kMost = std::int64_t{1} << 32;  // more than there are digits in a text
    for (; power != pos_; ++power) exponent = std::min(kMost, exponent * 10 + (*power - '0'));
    return scaled(mantissa, negative ? -exponent : exponent, round, out);
  }

  // mantissa * 10^exponent, by moving the decimal point.
  Parsed scaled(std::string_view mantissa, std::int64_t exponent, bool round, Micros* out) {
    const bool negative = mantissa.front() == '-';
    if (negative) mantissa.remove_prefix(1);
    const auto point = static_cast<std::int64_t>(std::min(mantissa.find('.'), mantissa.size())) + exponent;
    plain_.assign(negative ? "-" : "");
    if (point <= 0) plain_ += "0.";
    constexpr std::int64_t kPlaces = 8;  // parse_micros() looks at 7 decimals; 3 * 8 digits do not fit
    if (mantissa.find_first_of("123456789") == std::string_view::npos) return parse_micros("0", round, out);
    plain_.append(static_cast<std::size_t>(std::clamp<std::int64_t>(-point, 0, kPlaces)), '0');
    std::int64_t at = 0;
    for (const char c : mantissa) {
      if (c == '.') continue;
      if (at == point && point > 0) plain_ += '.';
      plain_ += c;
      ++at;
    }
    if (point - at > 3 * kPlaces) return Parsed::out_of_range;
    if (point > at) plain_.append(static_cast<std::size_t>(point - at), '0');
    return parse_micros(plain_, round, out);
  }

  // What a string says: a part of the text, or *scratch where escapes had to be replaced.
  std::string_view string(ByteString* scratch) {
    if (!take('"')) unexpected("a string");
    const char* from = pos_;
    while (pos_ != end_ && *pos_ != '"' && *pos_ != '\\' && static_cast<unsigned char>(*pos_) >= ' ') ++pos_;
    if (pos_ != end_ && *pos_ == '"') return {from, static_cast<std::size_t>(pos_++ - from)};
    scratch->assign(from, pos_);
    while (pos_ != end_ && *pos_ != '"') {
      if (static_cast<unsigned char>(*pos_) < ' ') unexpected("no control character in a string");
      if (*pos_ != '\\') *scratch += *pos_++;
      else escape(scratch);
    }
    if (!take('"')) unexpected("\"");
    return *scratch;
  }

  void escape(ByteString* out) {
    constexpr std::string_view kLetters = "\"\\/bfnrt", kMeant = "\"\\/\b\f\n\r\t";
    const char* const at = pos_++;
    if (pos_ != end_ && *pos_ == 'u') {
      ++pos_;
      std::uint32_t code = hex(at);
      if (code >= 0xD800 && code < 0xDC00 && end_ - pos_ >= 2 && pos_[0] == '\\' && pos_[1] == 'u') {
        pos_ += 2;
        const std::uint32_t low = hex(at);
        code = low >= 0xDC00 && low < 0xE000 ? 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) : 0;
      }
      if (code == 0 || (code >= 0xD800 && code < 0xE000)) bad_escape(at);
      return append_code(code, out);
    }
    const std::size_t letter = pos_ == end_ ? std::string_view::npos : kLetters.find(*pos_);
    if (letter == std::string_view::npos) bad_escape(at);
    ++pos_;
    *out += kMeant[letter];
  }

  [[noreturn]] void bad_escape(const char* at) {
    pos_ = at;
    unexpected("a valid escape in a string");
  }

  std::uint32_t hex(const char* at) {
    std::uint32_t code = 0;
    constexpr int kDigits = 4, kBase = 16;
    if (end_ - pos_ < kDigits) bad_escape(at);
    const auto [past, error] = std::from_chars(pos_, pos_ + kDigits, code, kBase);
    if (error != std::errc() || past != pos_ + kDigits) bad_escape(at);
    pos_ += kDigits;
    return code;
  }

  void append_code(std::uint32_t code, ByteString* out) const {
    const auto put = [&](std::uint32_t byte) { *out += static_cast<char>(byte); };
    if (code < 0x80) return put(code);
    if (!unicode_)
      fail(kUntranslatable, "Write the letter itself.",
           "%s: a \\u escape beyond ASCII needs a database with encoding UTF8", kInvalid);
    if (code >= 0x10000) {
      put(0xF0 | code >> 18);
      put(0x80 | (code >> 12 & 0x3F));
    } else if (code >= 0x800) {
      put(0xE0 | code >> 12);
    }
    if (code >= 0x800) put(0x80 | (code >> 6 & 0x3F));
    else put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  }

  const char* const begin_;
  const char* pos_;
  const char* const end_;
  const bool unicode_;
  TextFormReader* const to_;
  std::string_view name_, day_;         // of the cell being read, for messages
  ByteString name_text_, key_, plain_;  // a name and a day without their escapes, a number without its exponent
  Pulse pulse_;
};

// ---------------------------------------------------------------- what was read

namespace {

[[noreturn]] void fail_signals() {
  fail(kTooLarge, "An activity holds at most 1000000 signals.", "too many signals in one activity");
}

}  // namespace

void TextFormReader::read(std::string_view text, bool unicode) {
  TextFormParser(text, unicode, this).document();
  end();
}

void TextFormReader::begin_signal(std::string_view name) {
  if (signals_ == kMaxSignals) fail_signals();
  check_signal_name(name);
  name_ = name;
  cells_.clear();
  cells_sorted_ = true;
}

void TextFormReader::add(const Cell& cell) {
  cells_sorted_ = cells_sorted_ && (cells_.empty() || cells_.back().day < cell.day);
  cells_.push_back(cell);
  constexpr std::size_t kDays = std::size_t{kLastDay} + 1;
  if (cells_.size() > kDays) sort_cells();  // more than there are: a day comes twice, which is an error
}

void TextFormReader::sort_cells() {
  Pulse pulse(memory_of(head_));
  std::sort(cells_.begin(), cells_.end(), pulse.during([](const Cell& a, const Cell& b) { return a.day < b.day; }));
  for (std::size_t i = 1; i < cells_.size(); ++i) {
    if (cells_[i].day != cells_[i - 1].day) continue;
    const CivilDate date = civil_date(cells_[i].day);
    fail(kInvalidParameter, "Write each day of a signal once.", "%s: signal \"%.*s\": %04d-%02d-%02d comes twice",
         kInvalid, shown(name_), name_.data(), date.year, date.month, date.day);
  }
}

void TextFormReader::end_signal() {
  if (cells_.empty()) return keep_empty();
  if (!cells_sorted_) sort_cells();
  writer_.begin();
  writer_.begin_signal(name_);
  for (const Cell& cell : cells_) writer_.add(cell);
  writer_.end_signal();
  constexpr std::size_t kHead = 2;  // version, one signal
  keep(writer_.finish().subspan(kHead));
}

namespace {

// The name of an encoded signal, which begins with it.
std::string_view name_at(const std::uint8_t* signal) { return {reinterpret_cast<const char*>(signal) + 1, signal[0]}; }

// The end of an encoded signal.
const std::uint8_t* past_signal(const std::uint8_t* signal) {
  const std::uint8_t* at = signal + 1 + signal[0];
  const auto varint = [&] {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      value |= static_cast<std::uint64_t>(*at & 0x7F) << shift;
      if (*at++ < 0x80) return value;
    }
  };
  varint();
  const std::uint64_t cells = varint();
  return at + cells;
}

[[noreturn]] void fail_repeated(std::string_view name) {
  fail(kInvalidParameter, "Write each signal once, with all of its days.", "%s: signal \"%.*s\" comes twice", kInvalid,
       shown(name), name.data());
}

}  // namespace

template <class Each>
void TextFormReader::for_each_signal(Each each) const {
  for (const ByteString& block : blocks_) {
    const Bytes bytes = bytes_in(block);
    for (const std::uint8_t* at = bytes.data(); at != bytes.data() + bytes.size(); at = past_signal(at)) each(at);
  }
}

void TextFormReader::keep(Bytes signal) {
  if (signals_ > 0 && name_ == last_) fail_repeated(name_);
  signals_sorted_ = signals_sorted_ && (signals_ == 0 || last_ < name_);
  // Blocks double in size up to 1 MB and never move: last_ and order_ point into them.
  constexpr std::size_t kFirstBlock = 256, kBlock = std::size_t{1} << 20;
  if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < signal.size()) {
    blocks_.emplace_back();
    blocks_.back().reserve(std::max(signal.size(), std::clamp(bytes_, kFirstBlock, kBlock)));
  }
  ByteString& block = blocks_.back();
  append_bytes(&block, signal);
  bytes_ += signal.size();
  last_ = name_at(bytes_in(block).data() + block.size() - signal.size());
  ++signals_;
}

// A signal without days is left out of the activity, but its name may not come twice either.
void TextFormReader::keep_empty() {
  if (empty_.size() == kMaxSignals) fail_signals();
  empty_.emplace_back(name_);
}

void TextFormReader::check_empty() const {
  Vector<std::string_view> names(empty_.begin(), empty_.end(), empty_.get_allocator());
  names.reserve(names.size() + signals_);
  for_each_signal([&](const std::uint8_t* signal) { names.push_back(name_at(signal)); });
  Pulse pulse(memory_of(head_));
  std::sort(names.begin(), names.end(), pulse.during(std::less<>()));
  const auto repeated = std::adjacent_find(names.begin(), names.end());
  if (repeated != names.end()) fail_repeated(*repeated);
}

void TextFormReader::end() {
  if (!empty_.empty()) check_empty();
  if (!signals_sorted_) sort_signals();
  std::uint8_t head[1 + kMaxVarintBytes] = {kActivityVersion};
  head_.clear();
  append_bytes(&head_, {head, put_varint(head + 1, signals_)});
  if (size() > kMaxActivityBytes)
    fail(kTooLarge, "Trim old days with health_trim, or keep users and signals in separate activities.",
         "activity is too large");
}

void TextFormReader::sort_signals() {
  order_.reserve(signals_);
  for_each_signal([&](const std::uint8_t* signal) { order_.push_back(signal); });
  Pulse pulse(memory_of(head_));
  std::sort(order_.begin(), order_.end(),
            pulse.during([](const std::uint8_t* a, const std::uint8_t* b) { return name_at(a) < name_at(b); }));
  for (std::size_t i = 1; i < order_.size(); ++i)
    if (name_at(order_[i]) == name_at(order_[i - 1])) fail_repeated(name_at(order_[i]));
}

void TextFormReader::copy_to(std::uint8_t* out) const {
  std::uint8_t* const begin = out;
  const auto copy = [&](Bytes bytes) { out = std::copy(bytes.begin(), bytes.end(), out); };
  copy(bytes_in(head_));
  if (order_.empty())
    for (const ByteString& block : blocks_) copy(bytes_in(block));
  for (const std::uint8_t* signal : order_) copy({signal, past_signal(signal)});
  check_text_form({begin, out}, memory_of(head_));
}

}  // namespace health
