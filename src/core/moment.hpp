// Moments as text, for events whose time comes as a string: untyped literals, and parameters of most database drivers.
//
// Reads what PostgreSQL, JavaScript and Python print, a part of ISO 8601: a date, or date and time.
//
//   2026-01-31
//   2026-01-31 10:00    2026-01-31T10:00:00.123456Z    2026-01-31 10:00:00+05:30    2026-01-31T10:00:00-0800
//
// Between date and time stands a T or one space; seconds, their fraction and the offset may be missing. An offset (Z,
// UTC, or up to 15:59:59 as +hh, +hh:mm, +hhmm, +hh:mm:ss) may stand after a space and is honoured; without one the
// text is UTC. As in PostgreSQL 24:00 is the midnight after, second 60 the next minute, and space around the text is no
// part of it. Unlike in PostgreSQL a fraction is never rounded into the next second.
//
// Not read, since they need a clock, a zone or a setting: now, today, infinity, names of zones, 31/01/2026, years
// before 1 or after 9999; and of ISO 8601 the basic form 20260131T100000Z, and a date with an offset.
#pragma once

#include <optional>
#include <string_view>

#include "day.hpp"

namespace health {

// UTC day of the moment; empty where the text is not one.
std::optional<Day> parse_moment(std::string_view text);

// parse_moment(), or error 22007, which quotes the text and names the signal, if one is given.
Day day_of_text(std::string_view text, std::string_view signal = {});

}  // namespace health
