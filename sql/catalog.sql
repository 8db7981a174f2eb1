-- Rules that every object of the extension keeps. Each query lists who breaks one: none may.

CREATE TEMPORARY VIEW objects AS
SELECT classid, objid, objsubid, pg_describe_object(classid, objid, objsubid) AS object
FROM pg_depend WHERE refclassid = 'pg_extension'::regclass
  AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'health_score') AND deptype = 'e';
CREATE TEMPORARY VIEW functions AS
SELECT p.*, p.oid::regprocedure AS name
FROM pg_proc AS p JOIN objects AS o ON o.classid = 'pg_proc'::regclass AND o.objid = p.oid;
-- The rules look at something.
SELECT count(*) > 100 AS objects, (SELECT count(*) > 50 FROM functions) AS functions FROM objects;

-- Everything has a comment. (Array types and the row type's own relation belong to a type that has one; an operator
-- family to its class.)
SELECT object FROM objects
WHERE obj_description(objid, classid::regclass::name) IS NULL
  AND NOT (classid = 'pg_type'::regclass AND EXISTS (SELECT FROM pg_type WHERE oid = objid AND typelem <> 0
    AND typlen = -1))
  AND classid NOT IN ('pg_opfamily'::regclass, 'pg_class'::regclass)
ORDER BY object COLLATE "C";
SELECT attrelid::regclass AS row_type, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
JOIN objects ON objid = reltype
WHERE attnum > 0 AND NOT attisdropped AND col_description(attrelid, attnum) IS NULL;
-- A comment is a sentence: no empty one, none that ends in a full stop or a space.
SELECT object, description FROM objects AS o JOIN pg_description AS d ON (d.classoid, d.objoid) = (o.classid, o.objid)
WHERE description !~ '^\S.*[^.[:space:]]$';

-- Functions have names for their arguments, so that \df reads as documentation; but for those that the system calls.
SELECT name FROM functions AS f
WHERE pronargs > 0 AND (proargnames IS NULL OR '' = ANY (proargnames))
  AND NOT EXISTS (SELECT FROM pg_type WHERE f.oid IN (typinput, typoutput, typreceive, typsend))
  AND NOT EXISTS (SELECT FROM pg_amproc WHERE amproc = f.oid)
  -- An aggregate's internal state is nobody's argument.
  AND NOT EXISTS (SELECT FROM pg_aggregate WHERE f.oid IN (aggserialfn, aggdeserialfn))
ORDER BY name::text COLLATE "C";

-- Functions depend on nothing but their arguments, and parallel workers may call them.
SELECT name, provolatile, proparallel FROM functions WHERE provolatile <> 'i' OR proparallel <> 's';
-- Nobody's rights are lent, nothing is set, nothing reads a table.
SELECT name FROM functions WHERE prosecdef OR proconfig IS NOT NULL
       OR prolang NOT IN (SELECT oid FROM pg_language WHERE lanname IN ('c', 'internal', 'sql'));
-- A function in SQL is bound to what it calls when it is created (RETURN ...), not when it runs with somebody's
-- search_path.
SELECT name FROM functions WHERE prolang = (SELECT oid FROM pg_language WHERE lanname = 'sql') AND prosqlbody IS NULL;
-- All names begin with health_, but for sum(health_activity), and all are in one schema, which is not pg_catalog.
SELECT object FROM objects WHERE classid <> 'pg_cast'::regclass AND object !~ '(health_|^operator [^a-z]+\()'
ORDER BY object COLLATE "C";
SELECT name FROM functions WHERE pronamespace <> (SELECT extnamespace FROM pg_extension WHERE extname = 'health_score')
  OR pronamespace = 'pg_catalog'::regnamespace;

-- C functions are called by the SQL name, perhaps with a suffix for an overload.
SELECT name, prosrc FROM functions WHERE prolang = (SELECT oid FROM pg_language WHERE lanname = 'c')
       AND NOT starts_with(prosrc, proname);

-- Aggregates: final functions read the state only, for they may be used over a window; states that are values can be
-- combined.
SELECT name, aggfinalmodify FROM functions AS f JOIN pg_aggregate ON aggfnoid = f.oid
WHERE aggfinalmodify <> 'r' OR aggmfinalmodify <> 'r';
SELECT name FROM functions AS f JOIN pg_aggregate ON aggfnoid = f.oid
WHERE aggtranstype <> 'internal'::regtype AND aggcombinefn = 0;
SELECT name FROM functions AS f JOIN pg_aggregate ON aggfnoid = f.oid WHERE (aggserialfn = 0) <> (aggdeserialfn = 0);

-- Operators: comparisons know their commutator and negator, = can hash and merge, selectivity is estimated.
SELECT oprname, oprleft::regtype, oprright::regtype
FROM pg_operator JOIN objects ON classid = 'pg_operator'::regclass AND objid = pg_operator.oid
WHERE oprname IN ('=', '<>', '<', '<=', '>', '>=')
  AND (oprcom = 0 OR oprnegate = 0 OR oprrest = 0 OR oprjoin
  = 0 OR (oprname = '=' AND NOT (oprcanhash AND oprcanmerge)));
-- A shell operator is left where a commutator or a negator was named and never made.
SELECT oid::regoperator FROM pg_operator WHERE oprcode = 0;
SELECT opcname FROM pg_opclass JOIN objects ON classid = 'pg_opclass'::regclass AND objid = pg_opclass.oid
WHERE NOT amvalidate(pg_opclass.oid);

-- Types: complete, and large values move out of the row; activities, dense as they are, uncompressed.
SELECT typname FROM pg_type JOIN objects ON classid = 'pg_type'::regclass AND objid = pg_type.oid
WHERE typtype = 'b' AND typelem = 0 AND (NOT typisdefined OR typreceive = 0 OR typsend = 0 OR typlen <> -1
  OR typstorage <> CASE typname WHEN 'health_activity' THEN 'e' ELSE 'x' END);
