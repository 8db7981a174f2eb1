// Activities of many accounts under a plain GROUP BY: the executor's node, which groups as core/grouping.hpp does,
// and the planner's choice between it and the ordinary plan (grouping_plan.cpp).
//
//   SELECT account_id, health_activity(event, occurred_at [, value]) FROM ... GROUP BY account_id
//
// The node takes the rows of any plan: the columns of the key, signal, time and, where there is one, value. With
// workers, each process groups what it reads, and then they merge and return ranges of the accounts side by side.
#pragma once

#include "core/grouping.hpp"
#include "pg/grouping_key.hpp"

namespace health {

// What the node must know, besides its child: kept in the plan as a list of integers.
struct GroupingTerms {
  TimeType time;
  bool values;
  int compared;     // columns of the key that tell groups apart
  List* key_types;  // of these and of the columns that depend on them, as integers

  List* as_list() const;
  static GroupingTerms of_list(const List* list);
};

extern const CustomScanMethods kGroupingScan;

// Offers the node to the planner from now on. For _PG_init().
void offer_grouping();

}  // namespace health
