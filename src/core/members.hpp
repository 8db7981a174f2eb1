// Who is behind a prefix: the signals of an activity whose names begin with it, users say, and who of them fell silent.
#pragma once

#include "activity.hpp"

namespace health {

struct Member {
  std::string_view name;       // of the signal, after the prefix; lies in the activity's bytes
  std::int32_t active_days;    // of the last `days` days
  std::int32_t days_inactive;  // full days since the last active one
  double rhythm;  // calendar days for one active day, >= 1, over the days that end with the last active one: at most
                  // `days` of them, and none before the first one ever
  double share;   // of the members' active days, 0 to 1; 0 where nobody has any
};

// Lists, into an empty list, the members that were ever active before as_of: most active days first, of these who was
// there last, of these by name. The prefix may end in a *, which stands for the rest of the name and is not part of it;
// a member has a rest. Takes time linear in the activity, and sorts the members.
void list_members(Bytes activity, std::string_view prefix, std::int64_t as_of, std::int32_t days,
                  Vector<Member>* members);

}  // namespace health
