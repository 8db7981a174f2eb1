// When a query is grouped by our own node, in place of the executor's aggregate.
//
// The library is loaded in time: planning an aggregate asks for the cost of its transition function, whose support
// function is ours, before the hook below is read.
#include "pg/grouping.hpp"

#include <algorithm>

extern "C" {
// Their addresses tell our aggregate from any other.
Datum health_activity_add(PG_FUNCTION_ARGS);
Datum health_activity_add_date(PG_FUNCTION_ARGS);
Datum health_activity_final(PG_FUNCTION_ARGS);
}

namespace health {

namespace {

bool enabled = true;
create_upper_paths_hook_type other_hook = nullptr;

// ---------------------------------------------------------------- which queries

// Keys, one aggregate of ours, tallies, and nothing else beside expressions over these.
struct Shape {
  PlannerInfo* root;
  List* comparable;  // what is grouped by, of the types of keys
  List* keys;        // and, behind the compared ones, what depends on them
  Aggref* aggregate;
  List* tallies;
  GroupingTerms terms;
};

PGFunction address_of(Oid function) {
  FmgrInfo info;
  fmgr_info(function, &info);
  return info.fn_addr;
}

// A transition function may be declared once more, by anybody: then it need not take what ours takes.
bool has_own_arguments(const Aggref* aggregate) {
  const List* types = aggregate->aggargtypes;
  const int count = list_length(types);
  if (count < 2 || count > 3 || linitial_oid(types) != TEXTOID || (count == 3 && lthird_oid(types) != FLOAT8OID))
    return false;
  const Oid time = lsecond_oid(types);
  return time == TIMESTAMPTZOID || time == TIMESTAMPOID || time == DATEOID;
}

bool is_stable(Node* expression) { return !contain_volatile_functions(expression) && !contain_subplans(expression); }

bool is_plain(const Aggref* aggregate) {
  return aggregate->aggkind == AGGKIND_NORMAL && aggregate->aggdistinct == NIL && aggregate->aggorder == NIL &&
         aggregate->aggdirectargs == NIL && aggregate->aggsplit == AGGSPLIT_SIMPLE && aggregate->agglevelsup == 0;
}

// Whether the aggregate is ours.
bool is_own(const PlannerInfo* root, const AggInfo* info) {
  const auto* transition = static_cast<const AggTransInfo*>(list_nth(root->aggtransinfos, info->transno));
  const Aggref* aggregate = health_aggref_of(info);
  if (!transition->initValueIsNull || !has_own_arguments(aggregate) || func_strict(transition->transfn_oid))
    return false;
  if (!OidIsValid(info->finalfn_oid) || address_of(info->finalfn_oid) != health_activity_final) return false;
  const bool dates = lsecond_oid(aggregate->aggargtypes) == DATEOID;
  return address_of(transition->transfn_oid) == (dates ? health_activity_add_date : health_activity_add);
}

// How the node makes one of the server's own aggregates; false where it cannot.
bool read_tally(const Aggref* aggregate, TallyTerms* terms) {
  const auto set = [&](TallyKind kind, int length) {
    *terms = {kind, 0, length};
    return true;
  };
  switch (aggregate->aggfnoid) {
    case F_COUNT_:
    case F_COUNT_ANY: return set(TallyKind::count, sizeof(std::int64_t));
    case F_MIN_INT2: return set(TallyKind::least, sizeof(std::int16_t));
    case F_MAX_INT2: return set(TallyKind::most, sizeof(std::int16_t));
    case F_MIN_INT4:
    case F_MIN_DATE: return set(TallyKind::least, sizeof(std::int32_t));
    case F_MAX_INT4:
    case F_MAX_DATE: return set(TallyKind::most, sizeof(std::int32_t));
    case F_MIN_INT8:
    case F_MIN_TIMESTAMP:
    case F_MIN_TIMESTAMPTZ: return set(TallyKind::least, sizeof(std::int64_t));
    case F_MAX_INT8:
    case F_MAX_TIMESTAMP:
    case F_MAX_TIMESTAMPTZ: return set(TallyKind::most, sizeof(std::int64_t));
    default: return false;
  }
}

// One aggregate of ours, and beside it what is tallied.
bool find_aggregates(Shape* shape) {
  int columns = 0;
  const ListCell* cell = nullptr;
  foreach (cell, shape->root->agginfos) {
    const auto* info = static_cast<const AggInfo*>(lfirst(cell));
    Aggref* aggregate = health_aggref_of(info);
    if (!is_plain(aggregate) || !is_stable(reinterpret_cast<Node*>(aggregate->args)) ||
        !is_stable(reinterpret_cast<Node*>(aggregate->aggfilter)))
      return false;
    TallyTerms terms{};
    if (read_tally(aggregate, &terms)) {
      terms.column = aggregate->args == NIL && aggregate->aggfilter == nullptr ? -1 : columns++;
      List* integers = list_make3_int(static_cast<int>(terms.kind), terms.column, terms.length);
      shape->terms.tallies = list_concat(shape->terms.tallies, integers);
      shape->tallies = lappend(shape->tallies, aggregate);
    } else if (shape->aggregate == nullptr && is_own(shape->root, info)) {
      shape->aggregate = aggregate;
    } else {
      return false;
    }
  }
  return shape->aggregate != nullptr;
}

// Where the collation of a text is not known, the executor's aggregate raises an error.
bool is_plain_equality(Oid type, Oid operation, Oid collation) {
  if (OidIsValid(collation) ? !get_collation_isdeterministic(collation) : type_is_collatable(type)) return false;
  return lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr == operation;
}

// A column of a table whose primary key is grouped by. The key of a table that others inherit from says nothing of
// their rows.
bool depends_on_keys(const Shape& shape, const Var* column) {
  if (column->varlevelsup != 0 || column->varattno <= 0) return false;
  const RangeTblEntry* table = planner_rt_fetch(column->varno, shape.root);
  if (table->rtekind != RTE_RELATION || (table->inh && table->relkind != RELKIND_PARTITIONED_TABLE)) return false;
  Oid constraint = InvalidOid;
  Bitmapset* primary = get_primary_key_attnos(table->relid, false, &constraint);
  if (primary == nullptr) return false;
  ListCell* cell = nullptr;
  foreach (cell, shape.comparable) {
    const auto* key = static_cast<const Var*>(lfirst(cell));
    if (IsA(key, Var) && key->varno == column->varno && key->varlevelsup == 0)
      primary = bms_del_member(primary, key->varattno - FirstLowInvalidHeapAttributeNumber);
  }
  return bms_is_empty(primary);
}

// True where an expression holds anything but keys, what depends on them, the aggregate, constants and parameters.
bool holds_more(Node* node, void* context) {
  auto* shape = static_cast<Shape*>(context);
  if (node == nullptr || list_member(shape->keys, node)) return false;
  if (list_member(shape->comparable, node) || (IsA(node, Var) && depends_on_keys(*shape, castNode(Var, node)))) {
    shape->keys = lappend(shape->keys, node);
    return false;
  }
  switch (nodeTag(node)) {
    case T_Aggref: return !equal(node, shape->aggregate) && !list_member(shape->tallies, node);
    case T_Var:
    case T_PlaceHolderVar:
    case T_GroupingFunc:
    case T_WindowFunc:
    case T_CurrentOfExpr: return true;
    default: break;
  }
  return health_walk(node, holds_more, context);
}

// Since PostgreSQL 16 the planner leaves out what other keys or conditions determine: that is taken along where it is
// asked for, as is a key of another type, which must depend on the others. Where it would rather keep one of another
// type, nothing is left out.
bool find_keys(Shape* shape) {
  List *needed = health_group_clause(shape->root), *dependent = NIL;
  bool all = false;
  ListCell* cell = nullptr;
  foreach (cell, shape->root->parse->groupClause) {
    auto* group = lfirst_node(SortGroupClause, cell);
    Node* key = get_sortgroupclause_expr(group, shape->root->processed_tlist);
    const Oid type = exprType(key);
    if (!is_grouping_key(type) || !is_plain_equality(type, group->eqop, exprCollation(key))) {
      dependent = lappend(dependent, key);
      all = all || list_member(needed, group);
      continue;
    }
    shape->comparable = lappend(shape->comparable, key);
    if (list_member(needed, group)) shape->keys = lappend(shape->keys, key);
  }
  if (all || shape->keys == NIL) shape->keys = list_copy(shape->comparable);
  shape->terms.compared = list_length(shape->keys);
  foreach (cell, dependent) {
    const auto* key = static_cast<const Var*>(lfirst(cell));
    if (!IsA(key, Var) || !depends_on_keys(*shape, key)) return false;
  }
  return shape->keys != NIL;
}

// Where another server can group the rows it does: what that costs, with a node such as this one, is not known here.
bool another_server_groups(const RelOptInfo* grouped) {
  ListCell* cell = nullptr;
  foreach (cell, grouped->pathlist)
    if (IsA(lfirst(cell), ForeignPath)) return true;
  return false;
}

bool is_eligible(RelOptInfo* grouped, const GroupPathExtraData* extra, Shape* shape) {
  const Query* query = shape->root->parse;
  if (!enabled || !enable_hashagg || grouped->reloptkind != RELOPT_UPPER_REL) return false;
  if (another_server_groups(grouped)) return false;
  if (query->groupClause == NIL || query->groupingSets != NIL || query->hasTargetSRFs) return false;
  if (!find_aggregates(shape) || !find_keys(shape) || !is_stable(reinterpret_cast<Node*>(shape->comparable)))
    return false;
  if (holds_more(reinterpret_cast<Node*>(grouped->reltarget->exprs), shape)) return false;
  if (holds_more(extra->havingQual, shape)) return false;
  const List* types = shape->aggregate->aggargtypes;
  shape->terms.time = lsecond_oid(types) == DATEOID ? TimeType::date : TimeType::moment;
  shape->terms.values = list_length(types) == 3;
  ListCell* cell = nullptr;
  foreach (cell, shape->keys)
    shape->terms.key_types =
        lappend_int(shape->terms.key_types, static_cast<int>(exprType(static_cast<Node*>(lfirst(cell)))));
  return true;
}

// ---------------------------------------------------------------- paths

// In custom_private of a path.
enum PathPart { kTerms, kScanned, kHaving };

Plan* plan_of_path(PlannerInfo*, RelOptInfo*, CustomPath* path, List* columns, List*, List* children) {
  auto* scan = makeNode(CustomScan);
  scan->scan.plan.targetlist = columns;
  scan->scan.plan.qual = static_cast<List*>(list_nth(path->custom_private, kHaving));
  scan->flags = path->flags;
  scan->custom_plans = children;
  scan->custom_private = static_cast<List*>(list_nth(path->custom_private, kTerms));
  int number = 0;
  ListCell* cell = nullptr;
  foreach (cell, static_cast<List*>(list_nth(path->custom_private, kScanned))) {
    auto* expression = static_cast<Expr*>(copyObjectImpl(lfirst(cell)));
    TargetEntry* entry = makeTargetEntry(expression, static_cast<AttrNumber>(++number), nullptr, false);
    scan->custom_scan_tlist = lappend(scan->custom_scan_tlist, entry);
  }
  scan->methods = &kGroupingScan;
  return &scan->scan.plan;
}

const CustomPathMethods kGroupingPath = {"HealthActivity", plan_of_path, nullptr};

// `scanned`: the columns that the node makes itself; the target is computed from them.
CustomPath* make_path(RelOptInfo* grouped, Path* child, const GroupingTerms& terms, List* scanned, List* having) {
  auto* path = makeNode(CustomPath);
  path->path.pathtype = T_CustomScan;
  path->path.parent = grouped;
  path->path.pathtarget = grouped->reltarget;
  path->path.parallel_safe = grouped->consider_parallel && child->parallel_safe;
  path->flags = CUSTOMPATH_SUPPORT_PROJECTION;
  path->custom_paths = list_make1(child);
  path->custom_private = list_make3(terms.as_list(), scanned, having);
  path->methods = &kGroupingPath;
  return path;
}

// A row costs an operator for each key and tally: it is numbered and put into a list. What is set up, and paid for
// once, is worth some hundred rows, so that fewer stay with the ordinary plan.
constexpr double kSetup = 10, kOperatorsOfGroup = 4;

void set_costs(CustomPath* path, const Path& child, double groups, double operators) {
  const QualCost& target = path->path.pathtarget->cost;
  health_count_disabled(&path->path, child);
  path->path.rows = groups;
  path->path.startup_cost = child.total_cost + kSetup + cpu_operator_cost * operators + target.startup;
  path->path.total_cost =
      path->path.startup_cost + groups * (cpu_tuple_cost + kOperatorsOfGroup * cpu_operator_cost + target.per_tuple);
}

PathTarget* target_of(PlannerInfo* root, List* expressions) {
  PathTarget* target = create_empty_pathtarget();
  ListCell* cell = nullptr;
  foreach (cell, expressions) add_column_to_pathtarget(target, static_cast<Expr*>(lfirst(cell)), 0);
  return set_pathtarget_cost_width(root, target);
}

// An argument where FILTER lets it be evaluated, else NULL.
Expr* filtered(const Aggref& aggregate, Expr* argument) {
  auto* node = reinterpret_cast<Node*>(argument);
  auto* when = makeNode(CaseWhen);
  when->expr = aggregate.aggfilter;
  when->result = argument;
  auto* choice = makeNode(CaseExpr);
  choice->casetype = exprType(node);
  choice->casecollid = exprCollation(node);
  choice->args = list_make1(when);
  choice->defresult = reinterpret_cast<Expr*>(makeNullConst(choice->casetype, exprTypmod(node), choice->casecollid));
  return reinterpret_cast<Expr*>(choice);
}

// The rows that a node reads of a path: keys, signal, time, value, what is tallied. What FILTER leaves out has no
// signal and nothing to tally; other arguments might raise an error there.
Path* rows_of(PlannerInfo* root, RelOptInfo* input, Path* path, const Shape& shape) {
  List* columns = list_copy(shape.keys);
  ListCell* cell = nullptr;
  foreach (cell, shape.aggregate->args) {
    Expr* argument = lfirst_node(TargetEntry, cell)->expr;
    const bool needed = shape.aggregate->aggfilter != nullptr &&
                        (foreach_current_index(cell) == 0 || (!IsA(argument, Var) && !IsA(argument, Const)));
    columns = lappend(columns, needed ? filtered(*shape.aggregate, argument) : argument);
  }
  foreach (cell, shape.tallies) {
    const auto* aggregate = lfirst_node(Aggref, cell);
    if (aggregate->args == NIL && aggregate->aggfilter == nullptr) continue;
    Expr* argument = aggregate->args == NIL ? reinterpret_cast<Expr*>(makeBoolConst(true, false))
                                            : linitial_node(TargetEntry, aggregate->args)->expr;
    columns = lappend(columns, aggregate->aggfilter != nullptr ? filtered(*aggregate, argument) : argument);
  }
  return reinterpret_cast<Path*>(create_projection_path(root, input, path, target_of(root, columns)));
}

// Conditions in the order in which the executor's aggregate asks them: cheap ones first.
List* ordered(PlannerInfo* root, const List* conditions) {
  const auto cost_of = [&](void* condition) {
    QualCost cost;
    cost_qual_eval_node(&cost, static_cast<Node*>(condition), root);
    return cost.per_tuple;
  };
  List* result = NIL;
  for (int i = 0; i < list_length(conditions); ++i) {
    void* condition = list_nth(conditions, i);
    int place = i;
    while (place > 0 && cost_of(list_nth(result, place - 1)) > cost_of(condition)) --place;
    result = list_insert_nth(result, place, condition);
  }
  return result;
}

void offer_paths(PlannerInfo* root, RelOptInfo* input, RelOptInfo* grouped, const GroupPathExtraData* extra,
                 Shape shape) {
  List* having = ordered(root, reinterpret_cast<List*>(extra->havingQual));
  List* scanned = list_concat(lappend(list_copy(shape.keys), shape.aggregate), shape.tallies);
  const double operators = shape.terms.compared + shape.terms.tally_count();
  const auto groups_of = [&](double rows) {
    return estimate_num_groups(root, list_copy_head(shape.keys, shape.terms.compared), rows, nullptr, nullptr);
  };
  Path* rows = rows_of(root, input, input->cheapest_total_path, shape);
  const double groups = groups_of(rows->rows);
  CustomPath* complete = make_path(grouped, rows, shape.terms, scanned, having);
  set_costs(complete, *rows, groups, operators * rows->rows);
  add_path(grouped, &complete->path);

  if (!grouped->consider_parallel || input->partial_pathlist == NIL) return;
  Path* some = rows_of(root, input, static_cast<Path*>(linitial(input->partial_pathlist)), shape);
  // What a process reads of the rows, it returns of the groups.
  const double share = some->rows / std::max(rows->rows, 1.0);
  const auto parallel = [&] {
    CustomPath* path = make_path(grouped, some, shape.terms, scanned, having);
    path->path.parallel_aware = true;
    path->path.parallel_workers = some->parallel_workers;
    const double sent = groups_of(some->rows);
    set_costs(path, *some, clamp_row_est(groups * share), operators * some->rows + kOperatorsOfGroup * sent);
    return &path->path;
  };
  double all = groups;
  add_path(grouped,
           reinterpret_cast<Path*>(create_gather_path(root, grouped, parallel(), grouped->reltarget, nullptr, &all)));
  add_partial_path(grouped, parallel());  // for what is above the groups
}

void offer(PlannerInfo* root, UpperRelationKind stage, RelOptInfo* input, RelOptInfo* grouped, void* extra) {
  if (other_hook != nullptr) other_hook(root, stage, input, grouped, extra);
  Shape shape{root, NIL, NIL, nullptr, NIL, {}};
  const auto* terms = static_cast<const GroupPathExtraData*>(extra);
  if (stage == UPPERREL_GROUP_AGG && is_eligible(grouped, terms, &shape))
    offer_paths(root, input, grouped, terms, shape);
}

}  // namespace

void offer_grouping() {
  DefineCustomBoolVariable(
      "health_score.grouping", "Lets the planner group activities by the extension's own node.",
      "EXPLAIN shows it as Custom Scan (HealthActivity). Where it is off, or the query has another "
      "shape, the executor's aggregate does it.",
      &enabled, true, PGC_USERSET, 0, nullptr, nullptr, nullptr);
  MarkGUCPrefixReserved("health_score");
  RegisterCustomScanMethods(&kGroupingScan);
  other_hook = create_upper_paths_hook;
  create_upper_paths_hook = offer;
}

}  // namespace health
