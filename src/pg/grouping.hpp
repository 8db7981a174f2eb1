// Activities of many accounts under a plain GROUP BY: the executor's node, which groups as core/grouping.hpp does,
// and the planner's choice between it and the ordinary plan (grouping_plan.cpp).
//
//   SELECT account_id, health_activity(event, occurred_at [, value]) [, count(*), max(occurred_at) ...]
//   FROM ... GROUP BY account_id
//
// The node takes the rows of any plan: the columns of the key, signal, time, where there is one value, and what is
// tallied. It returns the columns of the key, the activity and the tallies. With workers, each process groups what it
// reads, and then they merge and return ranges of the accounts side by side.
#pragma once

#include "core/grouping.hpp"
#include "pg/grouping_key.hpp"

namespace health {

// count(*), count(x), min(x) or max(x). `column`: of the child's columns after those of the activity; -1: each row.
struct TallyTerms {
  TallyKind kind;
  int column;
  int length;  // typlen of x
};

// What the node must know, besides its child: kept in the plan as a list of integers.
struct GroupingTerms {
  TimeType time;
  bool values;
  int compared;     // columns of the key that tell groups apart
  List* tallies;    // three integers each
  List* key_types;  // of these and of the columns that depend on them, as integers

  List* as_list() const;
  static GroupingTerms of_list(const List* list);
  int tally_count() const { return list_length(tallies) / 3; }
  TallyTerms tally(int i) const {
    return {static_cast<TallyKind>(list_nth_int(tallies, 3 * i)), list_nth_int(tallies, 3 * i + 1),
            list_nth_int(tallies, 3 * i + 2)};
  }
};

extern const CustomScanMethods kGroupingScan;

// Offers the node to the planner from now on. For _PG_init().
void offer_grouping();

}  // namespace health
