// The only file that includes server headers and knows server versions.
#pragma once
#pragma GCC system_header  // the server's headers are not ours to warn about

extern "C" {
#include "postgres.h"

#include "access/detoast.h"
#include "access/heapam.h"
#include "access/parallel.h"
#include "access/relscan.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_aggregate.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/explain.h"
#include "commands/tablespace.h"
#include "common/hashfn.h"
#include "common/jsonapi.h"
#include "executor/executor.h"
#include "executor/nodeHash.h"
#include "fmgr.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/extensible.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/clauses.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "optimizer/planner.h"
#include "optimizer/tlist.h"
#include "parser/parsetree.h"
#include "pgstat.h"
#include "port/atomics.h"
#include "storage/barrier.h"
#include "storage/buffile.h"
#include "storage/bufmgr.h"
#include "storage/dsm.h"
#include "storage/sharedfileset.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/datum.h"
#include "utils/expandeddatum.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/rel.h"
#include "utils/selfuncs.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"
#include "utils/typcache.h"
#include "windowapi.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#endif
}

// Trees of expressions are walked, permissions are asked for, and what the planner knows of aggregates is named,
// otherwise since PostgreSQL 16.
inline AclResult health_function_aclcheck(Oid function) {
#if PG_VERSION_NUM >= 160000
  return object_aclcheck(ProcedureRelationId, function, GetUserId(), ACL_EXECUTE);
#else
  return pg_proc_aclcheck(function, GetUserId(), ACL_EXECUTE);
#endif
}
inline Aggref* health_aggref_of(const AggInfo* info) {
#if PG_VERSION_NUM >= 160000
  return linitial_node(Aggref, info->aggrefs);
#else
  return info->representative_aggref;
#endif
}
inline bool health_walk(Node* node, bool (*walker)(Node*, void*), void* context) {
#if PG_VERSION_NUM >= 160000
  return expression_tree_walker(node, walker, context);
#else
  return expression_tree_walker(node, reinterpret_cast<bool (*)()>(walker), context);
#endif
}

// Since PostgreSQL 16 the planner groups by less than the query says, where the rest follows.
inline List* health_group_clause(const PlannerInfo* root) {
#if PG_VERSION_NUM >= 160000
  return root->processed_groupClause;
#else
  return root->parse->groupClause;
#endif
}

// Since PostgreSQL 18 a path with fewer disabled nodes in it wins, whatever it costs.
inline void health_count_disabled([[maybe_unused]] Path* path, [[maybe_unused]] const Path& child) {
#if PG_VERSION_NUM >= 180000
  path->disabled_nodes = child.disabled_nodes;
#endif
}

// Since PostgreSQL 18 a module says what it is (pg_get_loaded_modules).
#ifdef PG_MODULE_MAGIC_EXT
#define HEALTH_MODULE_MAGIC PG_MODULE_MAGIC_EXT(.name = "health_score", .version = HEALTH_VERSION)
#else
#define HEALTH_MODULE_MAGIC PG_MODULE_MAGIC
#endif

// The semantic actions of the server's JSON parser say since PostgreSQL 16 whether to go on, and since 17 it wants a
// place for its context.
#if PG_VERSION_NUM >= 160000
#define HEALTH_JSON_ACTION JsonParseErrorType
#define HEALTH_JSON_GO_ON return JSON_SUCCESS
#else
#define HEALTH_JSON_ACTION void
#define HEALTH_JSON_GO_ON return
#endif
inline JsonLexContext* health_json_lexer(char* text, int length, int encoding) {
#if PG_VERSION_NUM >= 170000
  return makeJsonLexContextCstringLen(nullptr, text, static_cast<size_t>(length), encoding, true);
#else
  return makeJsonLexContextCstringLen(text, length, encoding, true);
#endif
}

// Server headers define names of the standard library as macros.
#undef snprintf
#undef vsnprintf
#undef printf
#undef fprintf
#undef strerror
#undef Min
#undef Max
#undef Abs
