#include "moment.hpp"

#include <algorithm>

#include "failure.hpp"

namespace health {

namespace {

constexpr std::int64_t kMinuteSeconds = 60, kHourSeconds = 60 * kMinuteSeconds, kDaySeconds = 24 * kHourSeconds;

constexpr bool digit(char c) { return c >= '0' && c <= '9'; }

// A text that is read from the front: text_ is what is left of it.
class Rest {
 public:
  explicit Rest(std::string_view text) : text_(text) {}
  bool empty() const { return text_.empty(); }
  bool take_word(std::string_view word) {
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  // The next character, if it is one of these; else 0.
  char take(std::string_view any) {
    if (text_.empty() || any.find(text_.front()) == any.npos) return 0;
    const char taken = text_.front();
    text_.remove_prefix(1);
    return taken;
  }
  // Two digits of a number up to `most`.
  bool take_number(int most, std::int64_t* number) {
    if (text_.size() < 2 || !digit(text_[0]) || !digit(text_[1])) return false;
    *number = (text_[0] - '0') * 10 + (text_[1] - '0');
    text_.remove_prefix(2);
    return *number <= most;
  }
  bool take_digits(bool* any_but_zero) {
    const auto length = static_cast<std::size_t>(std::find_if_not(text_.begin(), text_.end(), digit) - text_.begin());
    *any_but_zero = text_.substr(0, length).find_first_not_of('0') != text_.npos;
    text_.remove_prefix(length);
    return length > 0;
  }

 private:
  std::string_view text_;
};

// hh:mm[:ss[.f...]], in whole seconds.
bool take_time(Rest* rest, std::int64_t* seconds) {
  std::int64_t hour = 0, minute = 0, second = 0;
  bool fraction = false;
  if (!rest->take_number(24, &hour) || !rest->take(":") || !rest->take_number(59, &minute)) return false;
  if (rest->take(":") && (!rest->take_number(60, &second) || (rest->take(".") && !rest->take_digits(&fraction))))
    return false;
  *seconds = hour * kHourSeconds + minute * kMinuteSeconds + second;
  return hour < 24 || (minute == 0 && second == 0 && !fraction);
}

// Z, UTC, +hh, +hh:mm[:ss] or +hhmm[ss], perhaps after a space, in seconds ahead of UTC.
bool take_offset(Rest* rest, std::int64_t* ahead) {
  rest->take(" ");
  if (rest->take("Zz") || rest->take_word("UTC")) return true;
  const char sign = rest->take("+-");
  std::int64_t hours = 0, minutes = 0, seconds = 0;
  if (sign == 0 || !rest->take_number(15, &hours)) return false;
  const bool colons = rest->take(":") != 0;
  if ((colons || !rest->empty()) && !rest->take_number(59, &minutes)) return false;
  if (!rest->empty() && ((rest->take(":") != 0) != colons || !rest->take_number(59, &seconds))) return false;
  *ahead = (sign == '-' ? -1 : 1) * (hours * kHourSeconds + minutes * kMinuteSeconds + seconds);
  return true;
}

}  // namespace

std::optional<Day> parse_moment(std::string_view text) {
  constexpr std::string_view kSpace = " \t\n\v\f\r";
  constexpr std::size_t kDateLength = sizeof "2026-01-31" - 1;
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  text = text.substr(0, text.find_last_not_of(kSpace) + 1);
  Day day = 0;
  if (!parse_date(text.data(), static_cast<unsigned>(std::min(text.size(), kDateLength)), &day) ||
      text.starts_with("0000"))
    return std::nullopt;
  Rest rest(text.substr(kDateLength));
  if (rest.empty()) return day;
  std::int64_t seconds = 0, ahead = 0;
  if (!rest.take(" Tt") || !take_time(&rest, &seconds)) return std::nullopt;
  if (!rest.empty() && (!take_offset(&rest, &ahead) || !rest.empty())) return std::nullopt;
  const std::int64_t moment = day * kDaySeconds + seconds - ahead;
  return static_cast<Day>(moment / kDaySeconds - (moment % kDaySeconds < 0 ? 1 : 0));
}

Day day_of_text(std::string_view text, std::string_view signal) {
  if (const std::optional<Day> day = parse_moment(text)) return *day;
  constexpr char hint[] =
      "Write it as 2026-01-31, 2026-01-31 10:00:00 (which is UTC) or 2026-01-31T10:00:00+02:00, or cast it to "
      "timestamptz, which reads more, in the session's time zone; a date from a driver is cast to date.";
  if (signal.empty()) fail(kInvalidTime, hint, "invalid time: \"%.*s\"", shown(text), text.data());
  fail(kInvalidTime, hint, "signal \"%.*s\": invalid time: \"%.*s\"", shown(signal), signal.data(), shown(text),
       text.data());
}

}  // namespace health
