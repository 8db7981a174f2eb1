-- docs/reference.md beside the catalog: each object of the extension is on the page, as it is, and nothing else is.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
\set page `cat docs/reference.md`

CREATE TEMPORARY TABLE wrong (what text);

-- The page as lines, each with the heading above it.
CREATE TEMPORARY TABLE lines AS
SELECT n, line, first_value(line) OVER (PARTITION BY headings ORDER BY n) AS heading
FROM (SELECT n, line, count(*) FILTER (WHERE line ~ '^##') OVER (ORDER BY n) AS headings
      FROM (SELECT n, replace(replace(line, '\|', '|'), '\*', '*') AS line
            FROM regexp_split_to_table(:'page', '\n') WITH ORDINALITY AS l (line, n)) AS l) AS l;

-- "a int, b text DEFAULT NULL" as types, or as columns.
CREATE FUNCTION pg_temp.told_types(list text) RETURNS text LANGUAGE sql AS $$
  SELECT coalesce(string_agg(substring(part FROM '^\S+ (.*?)(?: DEFAULT .*)?$'), ',' ORDER BY i), '')
  FROM regexp_split_to_table(nullif(list, ''), ', ') WITH ORDINALITY AS p (part, i) $$;
CREATE FUNCTION pg_temp.told_columns(list text) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(format('%I %s', trim('"' FROM split_part(part, ' ', 1)), substring(part FROM ' (.*)')::regtype), ', ' ORDER BY i)
  FROM regexp_split_to_table(list, ', ') WITH ORDINALITY AS p (part, i) $$;

-- ---------------------------------------------------------------- what the page tells

-- Functions and aggregates: signature, result, comment; the attributes stand in a line above.
CREATE TEMPORARY TABLE told_functions AS
SELECT to_regprocedure(format('%s(%s)', form[1], pg_temp.told_types(form[2]))) AS function, form[1] || '(' || form[2] || ')' AS signature,
       form[3] AS result, form[4] AS comment, heading, lower(left(attributes, 1)) || substring(attributes FROM '^.(.*):$') AS attributes
FROM (SELECT *, regexp_match(line, '^- `(\w+)\((.*)\)` → `(.*?)`: (.*)$') AS form,
             (SELECT line FROM lines AS above WHERE above.n < l.n AND above.heading = l.heading AND line ~ '^(Function|Window|Aggregate).*:$'
              ORDER BY n DESC LIMIT 1) AS attributes
      FROM lines AS l) AS l
WHERE form IS NOT NULL;
INSERT INTO told_functions  -- those that PostgreSQL calls, by types alone
SELECT to_regprocedure(form[1]), form[1], NULL, form[2], heading, form[3]
FROM (SELECT heading, regexp_match(line, '^\| `function (.*?)` \| (.*) \| (.*) \|$') AS form FROM lines) AS l WHERE form IS NOT NULL;

CREATE TEMPORARY TABLE told_operators AS
SELECT to_regoperator(form[2] || '(' || form[1] || ',' || form[3] || ')') AS operator, form[4] AS result, form[5] AS comment
FROM (SELECT regexp_match(line, '^- `(\w+) (\S+) (\w+)` → `(.*?)`: (.*)$') AS form FROM lines) AS l WHERE form IS NOT NULL
UNION ALL
SELECT to_regoperator(form[1]), NULL, form[2]
FROM (SELECT regexp_match(line, '^\| `operator (\S+\(.*?\))` \| (.*) \| .*\|$') AS form FROM lines) AS l WHERE form IS NOT NULL;

CREATE TEMPORARY TABLE told_casts AS
SELECT form[1]::regtype AS source, form[2]::regtype AS target, form[3] AS context
FROM (SELECT regexp_match(line, '^- cast `(.*) AS (.*)` \((.*?)\): ') AS form FROM lines) AS l WHERE form IS NOT NULL;

CREATE TEMPORARY VIEW told AS
SELECT coalesce(pg_describe_object('pg_proc'::regclass, function, 0), 'unknown ' || signature) AS object FROM told_functions
UNION ALL SELECT coalesce(pg_describe_object('pg_operator'::regclass, operator, 0), 'unknown operator') FROM told_operators
UNION ALL SELECT format('cast from %s to %s', source, target) FROM told_casts
UNION ALL SELECT 'type ' || substring(line FROM '^### Type (.*)') FROM lines WHERE line ~ '^### Type '
UNION ALL SELECT substring(line FROM '`(.*?)`') FROM lines WHERE line ~ '^\| `operator (class|family) ';

-- ---------------------------------------------------------------- what the catalog has

CREATE TEMPORARY VIEW objects AS  -- array types and the row type's relation belong to their types
SELECT pg_describe_object(classid, objid, objsubid) AS object
FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e' AND classid <> 'pg_class'::regclass
  AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'health_score')
  AND NOT (classid = 'pg_type'::regclass AND EXISTS (SELECT FROM pg_type WHERE typarray = objid));

CREATE TEMPORARY VIEW functions AS
SELECT p.oid::regprocedure AS function, p.*, format('%s%s%s%s, cost %s%s%s',
         CASE prokind WHEN 'a' THEN 'aggregate' WHEN 'w' THEN 'window function' ELSE 'function' END,
         CASE provolatile WHEN 'i' THEN ', immutable' ELSE ', volatile' END, CASE WHEN proisstrict THEN ', strict' END,
         CASE proparallel WHEN 's' THEN ', parallel safe' ELSE ', parallel unsafe' END,
         CASE prokind WHEN 'a' THEN (SELECT t.procost || ' a row' FROM pg_proc AS t WHERE t.oid = aggtransfn) ELSE procost::text END,
         CASE WHEN proretset THEN ', rows ' || prorows END, CASE WHEN aggminvtransfn <> 0 THEN ', in moving frames' END) AS attributes
FROM pg_proc AS p LEFT JOIN pg_aggregate AS a ON aggfnoid = p.oid;

-- ---------------------------------------------------------------- the two beside each other

INSERT INTO wrong SELECT 'not on the page: ' || object FROM (SELECT object FROM objects EXCEPT ALL SELECT object FROM told) AS o;
INSERT INTO wrong SELECT 'not in the catalog, or twice on the page: ' || object
FROM (SELECT object FROM told EXCEPT ALL SELECT object FROM objects) AS o;

INSERT INTO wrong SELECT format('%s: the page says %s, the catalog %s', signature, t.attributes, f.attributes)
FROM told_functions AS t JOIN functions AS f USING (function) WHERE t.attributes IS DISTINCT FROM f.attributes;
INSERT INTO wrong SELECT format('%s: the page says %s, the comment is %s', signature, comment, obj_description(function, 'pg_proc'))
FROM told_functions WHERE comment IS DISTINCT FROM obj_description(function, 'pg_proc');
INSERT INTO wrong SELECT format('%s: other names of arguments, or defaults', signature)
FROM told_functions JOIN functions USING (function)
WHERE result IS NOT NULL
  AND (SELECT array_agg(split_part(part, ' ', 1) ORDER BY i) <> proargnames[1:pronargs] OR count(*) FILTER (WHERE part ~ ' DEFAULT ') <> pronargdefaults
       FROM regexp_split_to_table(substring(signature FROM '\((.*)\)$'), ', ') WITH ORDINALITY AS p (part, i));
INSERT INTO wrong SELECT format('%s: gives %s', signature, pg_get_function_result(function))
FROM told_functions JOIN functions USING (function)
WHERE CASE WHEN proretset
           THEN pg_temp.told_columns(substring(result FROM '^TABLE \((.*)\)$')) IS DISTINCT FROM
                (SELECT string_agg(format('%I %s', name, type::regtype), ', ' ORDER BY i)
                 FROM unnest(proargnames, proallargtypes, proargmodes) WITH ORDINALITY AS a (name, type, mode, i) WHERE mode IN ('o', 't'))
           ELSE result::regtype <> prorettype END;
INSERT INTO wrong SELECT format('%s: result %s, %s', operator, result, comment)
FROM told_operators JOIN pg_operator AS o ON o.oid = operator
WHERE comment IS DISTINCT FROM obj_description(o.oid, 'pg_operator') OR result::regtype <> oprresult;
INSERT INTO wrong SELECT format('cast from %s to %s: %s', source, target, context)
FROM told_casts JOIN pg_cast ON castsource = source AND casttarget = target
WHERE context <> CASE castcontext WHEN 'a' THEN 'in assignments' WHEN 'i' THEN 'implicit' ELSE 'explicit' END;

-- The columns of the row type.
INSERT INTO wrong SELECT format('column %s %s: %s', attname, type, comment)
FROM (SELECT form[1] AS attname, form[2]::regtype AS type, form[3] AS comment
      FROM (SELECT regexp_match(line, '^\| `(\w+)` \| `(\w+)` \| (.*) \|$') AS form FROM lines
            WHERE heading = '### Type health_report_row') AS l WHERE form IS NOT NULL) AS t
FULL JOIN (SELECT attname::text, atttypid::regtype AS type, col_description(attrelid, attnum) AS comment
           FROM pg_attribute WHERE attrelid = 'health_report_row'::regclass AND attnum > 0) AS c USING (attname, type, comment)
WHERE t.attname IS NULL OR c.attname IS NULL;

-- A session has the settings once it has called a function.
SELECT health_day(now()) IS NOT NULL AS loaded \gset
INSERT INTO wrong SELECT 'setting ' || name || ', default ' || value
FROM (SELECT name, setting AS value FROM pg_settings WHERE name LIKE 'health\_score.%') AS s
FULL JOIN (SELECT substring(heading FROM '^### Setting (.*)') AS name, substring(line FROM '^\*\*Default\*\*: `(.*)`') AS value
           FROM lines WHERE heading ~ '^### Setting ' AND line ~ '^\*\*Default') AS t USING (name, value)
WHERE s.name IS NULL OR t.name IS NULL;

-- Whatever has an entry, and each operator, is stable or experimental: in its entry, and so in the table at the beginning.
INSERT INTO wrong SELECT format('%s is %s in the table and %s in its entry', name, q.stability, e.stability)
FROM (SELECT form[1] AS name, form[2] AS stability
      FROM (SELECT regexp_match(line, '^\| \[`(.*?)`\]\(#.*?\) \| .* \| (\w+) \|$') AS form FROM lines WHERE heading = '## All names') AS l
      WHERE form IS NOT NULL) AS q
FULL JOIN (SELECT CASE WHEN line ~ '^- ' THEN substring(line FROM '`(.*?)`')
                       ELSE replace(regexp_replace(line, '^### (Setting )?', ''), 'Type ', 'type ') END AS name,
                  (SELECT lower(substring(line FROM '^(Stable|Experimental) since \d+\.\d+\.$')) FROM lines AS s
                   WHERE s.heading = l.heading AND line ~ '^(Stable|Experimental) since ') AS stability
           FROM lines AS l WHERE line ~ '^### ' OR line ~ '^- `\w+ \S+ \w+` → ') AS e USING (name)
WHERE q.stability IS DISTINCT FROM e.stability OR q.stability NOT IN ('stable', 'experimental');

DO $$ BEGIN
  IF (SELECT count(*) < 200 FROM told) THEN RAISE EXCEPTION 'the page is not read'; END IF;
  IF EXISTS (SELECT FROM wrong) THEN RAISE EXCEPTION '%', (SELECT string_agg(what, E'\n') FROM wrong); END IF;
END $$;
