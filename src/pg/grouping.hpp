// Activities of many accounts under a plain GROUP BY: the executor's node, which groups as core/grouping.hpp does,
// and the planner's choice between it and the ordinary plan (grouping_plan.cpp).
//
//   SELECT account_id, health_activity(event, occurred_at [, value]) FROM ... GROUP BY account_id
//
// The node takes the rows of any plan: key, signal, time and, where there is one, value. With workers, each process
// groups what it reads, and then they merge and return ranges of the accounts side by side.
#pragma once

#include "core/grouping.hpp"
#include "pg/values.hpp"

namespace health {

// What the node must know, besides its child: kept in the plan as a list of integers.
struct GroupingTerms {
  Oid key_type;  // int4, int8, date, uuid, text or varchar
  TimeType time;
  bool values;

  List* as_list() const;
  static GroupingTerms of_list(const List* list);
  // How the core compares the keys.
  AccountType account_type() const;
};
bool is_grouping_key(Oid type);

extern const CustomScanMethods kGroupingScan;

// Offers the node to the planner from now on. For _PG_init().
void offer_grouping();

}  // namespace health
