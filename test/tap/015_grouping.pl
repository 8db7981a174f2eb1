# Under GROUP BY, activities are grouped by the extension's own node or by the executor's aggregate: which of the two is
# asserted for every shape of a query, and the bytes, or the error, are the same, with workers or without.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use HealthScore;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes 'time';

my $node = start_node('grouping', 'max_worker_processes = 8', 'max_parallel_workers = 8',
  'max_parallel_workers_per_gather = 0', "timezone = 'America/New_York'");
my $folder = PostgreSQL::Test::Utils::tempdir;
chmod 0755, $folder;
my $version = value($node, "SELECT current_setting('server_version_num')::int / 10000");
my %available = map { $_ => 1 } split /\n/, value($node, 'SELECT name FROM pg_available_extensions');
my $icu = value($node, "SELECT EXISTS (SELECT FROM pg_collation WHERE collprovider = 'i')") eq 't';
my $jit = value($node, 'SET jit = on; SELECT pg_jit_available()') eq 't';

# ---------------------------------------------------------------- data

# 20,000 events of 41 accounts, in no order; NULL is an account, too, and account 3 has no event that counts.
$node->safe_psql('postgres', <<'SQL');
CREATE DOMAIN number AS int;
CREATE DOMAIN word AS text;
CREATE TYPE stage AS ENUM ('new', 'trial', 'paying', 'left');
CREATE TABLE e AS
SELECT n AS id, nullif(n * 7919 % 41, 40) AS account,
       CASE WHEN n * 7919 % 41 <> 3 THEN CASE WHEN n % 4 = 0 THEN 'a signal with quite a long name ' || n % 5
         ELSE 'signal ' || n % 11 END END AS signal,
       CASE WHEN n % 29 > 0 THEN timestamptz '2025-01-01 00:00+00' + n * 7919 % 20000 * interval '17 minutes' END AS at,
       CASE WHEN n % 3 > 0 THEN n / 8.0 - 1000 END::float8 AS value
FROM generate_series(1, 20000) AS n;
ALTER TABLE e ADD PRIMARY KEY (id), ADD big int8, ADD day date, ADD uid uuid, ADD name text, ADD vname varchar(20),
  ADD numbered number, ADD lined word, ADD amount numeric, ADD fixed char(8), ADD stage stage, ADD small int2, ADD yes
    bool,
  ADD local timestamp, ADD on_day date, ADD written text, ADD binary_name varchar COLLATE "C", ADD ids int[];
UPDATE e SET big = account * 100000000000 - 7, day = date '2025-02-27' + account, uid = md5(account::text)::uuid,
  name = CASE WHEN account % 5 = 0 THEN repeat('long ', 4 * account) ELSE 'n' || account END, vname = 'v' || account,
  numbered = account, lined = ('l' || account)::word, amount = account / 2.0, fixed = account::text, small = account,
  stage = (enum_range(NULL::stage))[1 + account % 4], yes = account % 2 = 0, local = at AT TIME ZONE 'UTC',
  on_day = at::date, written = at::text, binary_name = 'b' || account, ids = ARRAY[account];
CREATE INDEX e_account ON e (account);
CREATE TABLE a AS SELECT DISTINCT account AS id, 'account ' || account AS title, account % 3 AS region FROM e
  WHERE account IS NOT NULL AND account <> 7;
ALTER TABLE a ADD PRIMARY KEY (id);

-- The same in other places.
CREATE UNLOGGED TABLE unlogged AS SELECT id, account, signal, at, value FROM e;
CREATE TABLE by_list (LIKE unlogged) PARTITION BY LIST (account);
CREATE TABLE by_list_few PARTITION OF by_list FOR VALUES IN (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, NULL);
CREATE TABLE by_list_more PARTITION OF by_list FOR VALUES IN (10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
CREATE TABLE by_list_rest PARTITION OF by_list DEFAULT;
CREATE TABLE by_time (value float8, signal text, dropped int, account int, at timestamptz, id int) PARTITION BY RANGE (at);
ALTER TABLE by_time DROP dropped;
CREATE TABLE by_time_old (LIKE unlogged);
ALTER TABLE by_time ATTACH PARTITION by_time_old FOR VALUES FROM (MINVALUE) TO ('2025-04-01');
CREATE TABLE by_time_new PARTITION OF by_time FOR VALUES FROM ('2025-04-01') TO (MAXVALUE);
CREATE TABLE by_time_rest PARTITION OF by_time DEFAULT;
CREATE TABLE by_hash (LIKE unlogged) PARTITION BY HASH (account);
CREATE TABLE by_hash_0 PARTITION OF by_hash FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE by_hash_1 PARTITION OF by_hash FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE by_hash_2 PARTITION OF by_hash FOR VALUES WITH (MODULUS 3, REMAINDER 2);
INSERT INTO by_list SELECT * FROM unlogged;
INSERT INTO by_time (id, account, signal, at, value) SELECT * FROM unlogged;
INSERT INTO by_hash SELECT * FROM unlogged;
CREATE TABLE parent AS SELECT * FROM unlogged WHERE id % 2 = 0;
CREATE TABLE child (more text) INHERITS (parent);
INSERT INTO child SELECT *, 'more' FROM unlogged WHERE id % 2 = 1;

-- Columns that went and came: rows of before have no bytes of the new ones.
CREATE TABLE altered (gone_first int, account int, gone text, signal text, at timestamptz);
INSERT INTO altered SELECT 1, account, repeat('gone', 20), signal, at FROM e WHERE id % 3 > 0;
ALTER TABLE altered DROP gone_first, DROP gone, ADD source text DEFAULT 'before', ADD value float8 DEFAULT 1.5;
INSERT INTO altered SELECT account, signal, at, 'after', value FROM e WHERE id % 3 = 0;
-- Rows that are dead, moved, locked.
CREATE TABLE changed AS SELECT * FROM unlogged;
DELETE FROM changed WHERE id % 5 = 0;
UPDATE changed SET signal = 'updated' WHERE id % 7 = 0;
CREATE TABLE wrong (id int, account int, signal text, at timestamptz, value float8, number text);
INSERT INTO wrong SELECT id, account, 'login', at, 1, '1' FROM e WHERE at IS NOT NULL;

CREATE VIEW natural_view AS SELECT account, health_activity(signal, at, value) AS activity FROM e GROUP BY account;
CREATE VIEW barrier WITH (security_barrier) AS SELECT * FROM e WHERE account % 2 = 0;
CREATE VIEW grouped_barrier WITH (security_barrier) AS SELECT * FROM natural_view;
CREATE TABLE secured AS SELECT * FROM unlogged;
ALTER TABLE secured ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON secured USING (account % 4 = 1);
CREATE ROLE analyst;
GRANT SELECT ON secured, natural_view TO analyst;
GRANT SELECT (account, signal, at) ON e TO analyst;

-- Rows of several keys: NULL in each, none, and texts that would be the same if only their bytes stood side by side.
CREATE TABLE mixed (id int, gone text, number int, one text, two varchar(20), three text, signal text, at timestamptz, value float8);
INSERT INTO mixed SELECT n, repeat('gone', n % 9), nullif(n % 6, 5), (ARRAY['ab', 'a', '', NULL, 'abc', 'b'])[1 + n * 31 % 6], (ARRAY['c', 'bc', 'abc', '', NULL])[1 + n * 17 % 5],
  (ARRAY['', 'c', NULL])[1 + n * 13 % 3], CASE WHEN n % 6 <> 3 THEN 'signal ' || n % 5 END, CASE WHEN n % 29 > 0 THEN timestamptz '2025-01-01 00:00+00' + n * interval '17 minutes' END,
  CASE WHEN n % 3 > 0 THEN n / 8.0 END FROM generate_series(1, 20000) AS n;
ALTER TABLE mixed DROP gone, ADD small int2, ADD big int8, ADD day date, ADD yes bool, ADD uid uuid, ADD local timestamp, ADD long text, ADD wide text DEFAULT repeat('wide', 3000),
  ADD stage stage, ADD amount numeric, ADD fixed char(3), ADD numbered number, ADD lined word, ADD float float8, ADD ids int[], ADD name_of name, ADD bin bytea, ADD period interval,
  ADD binary_name varchar COLLATE "C";
UPDATE mixed SET small = number - 3, big = number * -10000000000, day = date '2025-02-27' + number, yes = id % 7 < nullif(number, 2), uid = md5(number::text)::uuid, local = date_trunc('week', at),
  at = CASE WHEN number = 4 THEN date_trunc('month', at) ELSE at END, long = repeat(one, 50 * id % 8), stage = (enum_range(NULL::stage))[1 + id % 4], amount = CASE WHEN id % 2 = 0 THEN 1.0 ELSE 1.00 END * (id % 3),
  fixed = one, numbered = id % 3, lined = one, float = CASE WHEN id % 2 = 0 THEN 0.0 ELSE '-0' END, ids = ARRAY[id % 3], name_of = one, bin = one::bytea, period = id % 2 * interval '1 day', binary_name = one
  WHERE id % 5 > 0;
UPDATE mixed SET wide = wide || id % 3 WHERE id % 400 = 1;
CREATE TYPE pair AS (one int, two text);
-- Accounts with all kinds of columns, some stored apart or compressed.
CREATE TABLE owners (gone int, id int PRIMARY KEY, title text, amount numeric, stage stage, ids int[], fixed char(9), numbered number, row_of pair, long text, far text, doc jsonb, place point,
  name_of name, float float8, yes bool, small int2, big int8, uid uuid, other int UNIQUE NOT NULL);
ALTER TABLE owners ALTER far SET STORAGE EXTERNAL, DROP gone;
INSERT INTO owners SELECT n, CASE WHEN n % 5 > 0 THEN 'owner ' || n / 2 END, nullif(n % 3, 2) + 0.50, (enum_range(NULL::stage))[1 + n % 4], array_fill(n, ARRAY[n % 4]), 'f' || n % 2, n, ROW(n % 3, 'x' || n)::pair,
  repeat('long ' || n, 1000 * (n % 2)), CASE WHEN n < 4 THEN (SELECT string_agg(md5((n * m)::text), '') FROM generate_series(1, 200) AS m) ELSE 'near' END, jsonb_build_object('n', n, 'x', repeat('x', 100 * n)),
  point(n, -n), 'name ' || n % 3, CASE WHEN n % 2 = 0 THEN 'NaN' ELSE n / 3.0 END, nullif(n % 3, 1) = 0, n % 7, n * 10000000000, md5(n::text)::uuid, -n FROM generate_series(0, 39) AS n WHERE n <> 7;
CREATE TABLE pairs (two text, one int, note text, PRIMARY KEY (one, two));
INSERT INTO pairs SELECT 'two ' || n % 2, n / 2, 'note ' || n % 5 FROM generate_series(0, 50) AS n;
CREATE TABLE heirs (id int PRIMARY KEY, title text, amount numeric);
CREATE TABLE heirs_more () INHERITS (heirs);
INSERT INTO heirs SELECT id, title, amount FROM owners;
INSERT INTO heirs_more SELECT id, 'another ' || id % 3, 1.00 FROM owners UNION ALL SELECT id, 'third', 1.0 FROM owners;
CREATE TABLE owners_parts (amount numeric, title text, id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE owners_few (id int NOT NULL, title text, amount numeric);
ALTER TABLE owners_parts ATTACH PARTITION owners_few FOR VALUES FROM (MINVALUE) TO (15);
CREATE TABLE owners_more PARTITION OF owners_parts FOR VALUES FROM (15) TO (MAXVALUE);
INSERT INTO owners_parts (id, title, amount) SELECT id, title, amount FROM owners;
CREATE TABLE deferred (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, title text, amount numeric);
INSERT INTO deferred SELECT id, title, amount FROM owners;
CREATE TABLE owners_numeric (id numeric PRIMARY KEY, title text);
INSERT INTO owners_numeric SELECT id, title FROM owners;
CREATE VIEW owned AS SELECT o.id, o.title, o.doc, health_activity(signal, at) FROM owners AS o JOIN e ON e.account = o.id GROUP BY o.id;

-- Few rows that look like many.
CREATE FUNCTION events_of(wanted int, past int DEFAULT 0) RETURNS TABLE (account int, signal text, at timestamptz, value float8)
  LANGUAGE plpgsql STABLE ROWS 100000 AS
  $$ BEGIN RETURN QUERY SELECT e.account, e.signal, e.at, e.value FROM e WHERE e.id > past AND e.id <= wanted; END $$;
CREATE FUNCTION nested(most int) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT sum(length(activity::text)) FROM
  (SELECT account, health_activity(signal, at) AS activity FROM e WHERE account <= most GROUP BY account) AS q $$;
CREATE FUNCTION refusing(date) RETURNS bool LANGUAGE plpgsql IMMUTABLE COST 1000 AS $$ BEGIN RAISE 'refused'; END $$;
-- Aggregates that look like ours.
CREATE AGGREGATE as_ours (text, timestamptz) (SFUNC = health_activity_add, STYPE = health_activity,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, PARALLEL = SAFE);
CREATE AGGREGATE with_more (text, timestamptz) (SFUNC = health_activity_add, STYPE = health_activity,
  FINALFUNC = health_activity_final, INITCOND = '{"x": {"2026-01-01": 1}}');
CREATE AGGREGATE unfinished (text, timestamptz) (SFUNC = health_activity_add, STYPE = health_activity);
CREATE FUNCTION strict_add(health_activity, text, timestamptz, float8) RETURNS health_activity
  AS 'health_score', 'health_activity_add' LANGUAGE C IMMUTABLE STRICT;
CREATE AGGREGATE strictly (text, timestamptz, float8) (SFUNC = strict_add, STYPE = health_activity,
  FINALFUNC = health_activity_final, INITCOND = '{}');
CREATE FUNCTION other_add(health_activity, text, timestamptz, float8, int) RETURNS health_activity
  AS 'health_score', 'health_activity_add' LANGUAGE C IMMUTABLE;
CREATE AGGREGATE with_argument (text, timestamptz, float8, int) (SFUNC = other_add, STYPE = health_activity,
  FINALFUNC = health_activity_final);

-- What a query answers, as one line: the number of its rows and a fingerprint of their bytes, or its error.
CREATE FUNCTION outcome(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text; message text; detail text; hint text; context text;
BEGIN
  EXECUTE 'SELECT count(*) || '' '' || md5(string_agg(bytes, '''' ORDER BY bytes))
    FROM (SELECT record_send(q) AS bytes FROM (' || query || ') AS q) AS r' INTO result;
  RETURN result;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT,
    context = PG_EXCEPTION_CONTEXT;
  RETURN translate(concat_ws('|', SQLSTATE, message, detail, hint,
    btrim(regexp_replace(context, 'parallel worker|PL/pgSQL function outcome.*|SQL statement.*', '', 'g'), E'\n')), E'\n', ' ');
END $$;
-- Which road a query takes.
CREATE FUNCTION road(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; plan text := '';
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP plan := plan || line || E'\n'; END LOOP;
  RETURN CASE WHEN plan ~ 'Parallel Custom Scan \(HealthActivity\)' THEN 'workers'
    WHEN plan ~ 'HealthActivity' THEN 'node' ELSE 'plain' END;
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
VACUUM ANALYZE;
ANALYZE by_list, by_time, by_hash;
DO $$ BEGIN
  EXECUTE 'CREATE TABLE wide (' || (SELECT string_agg('c' || n || ' int DEFAULT ' || n, ', ') FROM generate_series(1,
    40) AS n)
    || ', account int, signal text, at timestamptz, late int)';
END $$;
INSERT INTO wide (account, signal, at, late) SELECT account, signal, at, id FROM e;
CREATE TABLE long_keys AS SELECT repeat(md5(account::text), CASE WHEN account % 2 = 0 THEN 400 ELSE 10 END) AS account, signal, at FROM e WHERE id <= 12000;
ALTER TABLE long_keys ALTER account SET STORAGE EXTERNAL;
UPDATE long_keys SET account = account || '' WHERE account < '5';
ANALYZE wide, long_keys;
-- Known to be large, and emptied since.
CREATE TABLE emptied WITH (autovacuum_enabled = off) AS SELECT * FROM unlogged;
ANALYZE emptied;
DELETE FROM emptied;
CREATE TABLE left_one WITH (autovacuum_enabled = off) AS SELECT * FROM unlogged;
ANALYZE left_one;
DELETE FROM left_one WHERE id <> 100;
CREATE TABLE never (LIKE unlogged);
SQL

# ---------------------------------------------------------------- shapes

# Name, road (workers: the node, and with workers parts of it below Gather; node: without workers; plain: never the node;
# any: as it costs), query, settings that it needs, and other answers that are as right.
my @shapes;
my $eager = 'SET cpu_operator_cost = 5';  # so that few rows are worth the node, too
sub shape { push @shapes, [@_]; return }

# A query for each key.
sub keys_take
{
  my ($road, @keys) = @_;
  shape("key $_", $road, "SELECT $_ AS key, health_activity(signal, at, value) FROM e GROUP BY 1") for @keys;
  return;
}
keys_take('workers', qw(account big day uid name vname binary_name), 'stage::text', 'numbered::int', 'fixed::text',
  'account / 2', 'account % 5', 'small', 'yes', 'account::oid', 'lower(name)', "name || 'x'", 'day + 1', "coalesce(name, '-')", 'uid::text',
  'CASE WHEN account > 20 THEN account END', 'name COLLATE "C"', 'hashtext(name)', 'length(signal)',
  '(ids)[1]');
keys_take('plain', qw(numbered lined amount fixed stage ids), 'account::float8', "'{}'::jsonb",
  'name::bytea', 'name::name', 'account + (random() * 0)::int', 'ROW(account)', "'1 day'::interval");
keys_take('node', "date_trunc('month', at)", "date_trunc('month', local)", "date_trunc('hour', local)::time");
keys_take('any', 'at', 'local', 'id', 'at::date', 'health_day(at)', 'e.tableoid::int8', "'x'::text", '5', 'NULL::int', 'NULL::text', '(SELECT 5)', '(SELECT max(id) FROM a)');
if ($icu)
{
  $node->safe_psql('postgres', q{CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level2', deterministic =
    false);
    CREATE COLLATION sighted (provider = icu, locale = 'und');
    CREATE TABLE letters AS SELECT (CASE WHEN id % 2 = 0 THEN upper(vname) ELSE vname END)::text COLLATE blind AS name, signal, at
      FROM e; ANALYZE letters});
  shape('nondeterministic collation', 'plain',
  'SELECT lower(name) AS name, activity FROM (SELECT min(name COLLATE "C") AS name,
    health_activity(signal, at) AS activity FROM letters GROUP BY letters.name) AS q');
  shape('nondeterministic collation, alone', 'plain',
    'SELECT activity FROM (SELECT name, health_activity(signal, at) AS activity FROM letters GROUP BY name) AS q');
  shape('deterministic again', 'workers',
  'SELECT name COLLATE "C", health_activity(signal, at) FROM letters GROUP BY 1');
  shape('deterministic ICU', 'workers',
  'SELECT name COLLATE sighted, health_activity(signal, at) FROM letters GROUP BY 1');
}
if ($available{citext})
{
  $node->safe_psql('postgres',
    'CREATE EXTENSION citext; CREATE TABLE anycase AS SELECT vname::citext AS name, signal, at FROM e;
    ANALYZE anycase');
  shape('citext', 'plain', 'SELECT name, health_activity(signal, at) FROM anycase GROUP BY name');
  shape('citext as text', 'workers', 'SELECT name::text, health_activity(signal, at) FROM anycase GROUP BY 1');
}
shape('collation unknown', 'plain',
  'SELECT health_activity(signal, at) FROM (SELECT e.binary_name || m.m AS name, signal, at
  FROM e, (SELECT \'m\'::text COLLATE "POSIX" AS m OFFSET 0) AS m) AS q GROUP BY name');

# Where the key stands.
my $call = 'health_activity(signal, at, value)';
shape('key twice', 'workers', "SELECT account, account AS again, $call FROM e GROUP BY account, e.account");
shape('key not in the target', 'workers', "SELECT $call FROM e GROUP BY account");
shape('key in HAVING only', 'workers', "SELECT $call FROM e GROUP BY account HAVING account > 5");
shape('key in HAVING beside', 'node',
  "SELECT $call FROM e GROUP BY account HAVING account > health_active_count($call, '2025-03-01', 30)");
shape('key in ORDER BY only', 'any', "SELECT $call FROM e GROUP BY account ORDER BY account");
shape('expression over the key', 'workers', "SELECT account * 2 + 1, $call FROM e GROUP BY account");
shape('expression over an expression', 'workers', "SELECT account / 2 + 1, $call FROM e GROUP BY account / 2");
shape('more than the expression', 'workers', "SELECT account / 2 + 1, min(account), $call FROM e GROUP BY account / 2");
shape('aggregate in HAVING only', 'node',
  "SELECT account FROM e GROUP BY account HAVING health_last_day($call) > '2025-08-01'");
shape('aggregate in ORDER BY only', 'workers',
  "SELECT account FROM e GROUP BY account ORDER BY health_last_day($call), 1 LIMIT 7");
shape('expression over the aggregate', 'workers',
  "SELECT account, health_measure($call, 'signal 1', '2025-06-01', 30) + account FROM e GROUP BY account");
shape('no aggregate left', 'plain', "SELECT account FROM (SELECT account, $call FROM e GROUP BY account) AS q");
shape('constant in the target', 'workers',
  "SELECT account, 5, 'x', now() > '2020-01-01', $call FROM e GROUP BY account");
shape('set in the target', 'plain', "SELECT account, generate_series(1, 3), $call FROM e GROUP BY account");
shape('cells in the target', 'plain', "SELECT account, health_cells($call) FROM e GROUP BY account");

# Overloads and arguments.
shape('time: timestamptz', 'workers', 'SELECT account, health_activity(signal, at) FROM e GROUP BY account');
shape('time: timestamp', 'workers', 'SELECT account, health_activity(signal, local) FROM e GROUP BY account');
shape('time: date', 'workers', 'SELECT account, health_activity(signal, on_day) FROM e GROUP BY account');
shape('time: text', 'plain', 'SELECT account, health_activity(signal, written) FROM e GROUP BY account');
shape('time: timestamp, values', 'workers',
  'SELECT account, health_activity(signal, local, value) FROM e GROUP BY account');
shape('time: date, values', 'workers',
  'SELECT account, health_activity(signal, on_day, value) FROM e GROUP BY account');
shape('time: text, values', 'plain', 'SELECT account, health_activity(signal, written, value) FROM e GROUP BY account');
shape('timestamp as timestamptz', 'workers',
  'SELECT account, health_activity(signal, local::timestamptz) FROM e GROUP BY account');
shape('text read by DateStyle', 'workers',
  'SELECT account, health_activity(signal, written::timestamptz) FROM e GROUP BY account',
  q{SET DateStyle = 'German'; SET TimeZone = 'Asia/Tokyo'});
shape('day by TimeZone', 'any',
  'SELECT at::date, health_activity(signal, at::date) FROM e GROUP BY 1', q{SET TimeZone = 'Asia/Tokyo'});
shape('before 2000', 'workers',
  "SELECT account, health_activity(signal, at - interval '40 years') FROM e GROUP BY account");
shape('constant arguments', 'node',
  "SELECT account, health_activity('x', date '2026-01-01', 1) FROM e GROUP BY account");
shape('NULL arguments', 'any', "SELECT account, health_activity(NULL, date '2026-01-01', 1) FROM e GROUP BY account");
shape('NULL values', 'workers', 'SELECT account, health_activity(signal, at, NULL) FROM e GROUP BY account');
shape('no values', 'node',
  'SELECT account, health_activity(signal, at, value) FROM e WHERE value IS NULL GROUP BY account');
shape('numbers as values', 'workers', 'SELECT account, health_activity(signal, at, id) FROM e GROUP BY account');
shape('varchar signals', 'workers', 'SELECT account, health_activity(vname, at) FROM e GROUP BY account');
shape('char signals', 'workers', 'SELECT account, health_activity(fixed, at) FROM e GROUP BY account');
shape('signals of 255 bytes', 'workers',
  "SELECT account, health_activity(repeat('x', 254) || account % 3, at) FROM e GROUP BY account");
shape('many signals', 'workers', 'SELECT account, health_activity(signal || id, at) FROM e GROUP BY account');
shape('volatile argument', 'plain',
  'SELECT account, health_activity(signal, at, random() * 0) FROM e GROUP BY account');
shape('sub-select as an argument', 'plain',
  'SELECT account, health_activity((SELECT title FROM a WHERE id = e.account), at) FROM e GROUP BY account');
shape('conditions', 'workers',
  "SELECT account, health_activity(CASE WHEN id % 2 = 0 THEN signal END, at) FROM e GROUP BY account");

# Beside the call.
shape('the call twice', 'workers',
  "SELECT account, $call, health_first_day($call), $call = $call FROM e GROUP BY account");
shape('other arguments', 'plain', "SELECT account, $call, health_activity(signal, at) FROM e GROUP BY account");
shape('other type of time', 'plain',
  "SELECT account, health_activity(signal, on_day), health_activity(signal, at) FROM e GROUP BY account");
# What is counted and compared beside it, of every type, with NULLs, with nothing at all, filtered, in expressions.
shape("beside: $_", 'workers', "SELECT account, $call, $_ FROM e GROUP BY account")
  for 'count(*)', 'count(at)', 'count(value) * 2 + count(*)', 'count(ids)', 'count(NULL)', 'min(at), max(at), count(*), min(small)',
  'max(small), min(id), max(id), min(big), max(big)', 'min(local), max(local), min(on_day), max(on_day)', 'max(at)::date - min(at)::date',
  'max(id) FILTER (WHERE yes)', 'count(*) FILTER (WHERE id % 3 = 0), count(*)', 'min(at) FILTER (WHERE false), count(*) FILTER (WHERE NULL)',
  'count(1 / (id - 1)) FILTER (WHERE id > 1)', "max(CASE WHEN signal LIKE 'a%' THEN at END)", 'min(-id), max(numbered)';
shape('beside: extremes', 'node', "SELECT account % 3, $call, min(x), max(x), min(y), max(y) FROM (SELECT account, signal, at, value,
  CASE id % 5 WHEN 0 THEN 'infinity' WHEN 1 THEN '-infinity' ELSE at END AS x, CASE id % 4 WHEN 0 THEN -9223372036854775808 WHEN 1 THEN
    9223372036854775807 END AS y FROM e OFFSET 0) AS q GROUP BY 1");
shape('beside: nothing known', 'workers', "SELECT account, $call, max(x), count(x), min(x) FROM (SELECT *, nullif(id, id) AS x FROM e) AS q GROUP BY account");
shape('beside: both filtered', 'workers', "SELECT account, $call FILTER (WHERE yes), max(id) FILTER (WHERE NOT yes), count(*) FROM e GROUP BY account");
shape('beside: several keys', 'workers', "SELECT account, small, $call, count(*), max(at) FROM e GROUP BY account, small HAVING min(id) > 10");
shape('beside: HAVING', 'workers', "SELECT account, $call FROM e GROUP BY account HAVING count(*) > 480 AND max(id) > 19990");
shape('beside: HAVING only ours', 'node', "SELECT account, count(*), max(at) FROM e GROUP BY account HAVING health_last_day($call) > '2025-08-01'");
shape('beside: ORDER BY', 'workers', "SELECT account, $call FROM e GROUP BY account ORDER BY max(at) DESC, count(*)");
shape('beside: dependent columns', 'workers', "SELECT a.id, a.title, $call, count(*), max(e.id) FROM a JOIN e ON e.account = a.id GROUP BY a.id");
shape('beside: outer join', 'node', "SELECT a.id, health_activity(e.signal, e.at), count(e.id), count(*), max(e.at) FROM a LEFT JOIN e ON e.account = a.id AND e.yes GROUP BY a.id");
shape('beside: more than the node can read of a page', 'workers', "SELECT account, $call, " . join(', ', map { "max($_)" } qw(id small big day at local on_day account))
  . ", count(name), count(uid), count(vname), count(*) FROM e GROUP BY account");
shape('beside: an error', 'workers', "SELECT account, $call, max(1 / (id - 777)) FROM e GROUP BY account");
shape("beside: $_", 'plain', "SELECT account, $call, $_ FROM e GROUP BY account")
  for 'sum(id)', 'max(value)', 'max(name)', 'avg(id)', 'count(DISTINCT signal)', 'max(id ORDER BY at)', 'max(id + (random() * 0)::int)', 'count(*), sum(value)',
  'max((SELECT max(a.id) FROM a WHERE a.id < e.account))', 'bool_or(yes)', 'min(uid::text)', 'max(amount)', 'max(stage)';
shape('health_rollup beside', 'plain', "SELECT account, $call, health_rollup('{}') FROM e GROUP BY account");
shape('FILTER', 'workers', "SELECT account, $call FILTER (WHERE id % 2 = 0) FROM e GROUP BY account");
shape('DISTINCT within', 'plain', 'SELECT account, health_activity(DISTINCT signal, at) FROM e GROUP BY account');
shape('ORDER BY within', 'plain', 'SELECT account, health_activity(signal, at ORDER BY at) FROM e GROUP BY account');
shape('key of another kind beside', 'plain', "SELECT account, stage, $call FROM e GROUP BY account, stage");
shape('two keys', 'node', "SELECT account, day, $call FROM e GROUP BY account, day");
shape('two keys, one constant', 'any', "SELECT account, $call FROM e WHERE day = '2025-03-01' GROUP BY account, day");
shape('equal keys', 'any', "SELECT $call FROM e WHERE account = id % 41 GROUP BY account, id % 41", $eager);
shape('no GROUP BY', 'plain', "SELECT $call FROM e");
shape('GROUP BY ()', 'plain', "SELECT $call FROM e GROUP BY ()");
shape('HAVING without GROUP BY', 'plain', "SELECT 1 FROM e HAVING $call IS NOT NULL");
shape("GROUP BY $_", 'plain', "SELECT account, GROUPING(account), $call FROM e GROUP BY $_")
  for 'GROUPING SETS ((account), ())', 'GROUPING SETS ((account))', 'ROLLUP (account)', 'CUBE (account, region)';
$_->[2] =~ s/FROM e/FROM (SELECT *, id % 3 AS region FROM e) AS e/ for grep { $_->[0] =~ /CUBE/ } @shapes;
shape('GROUPING alone', 'plain', "SELECT account, GROUPING(account), $call FROM e GROUP BY account");
shape('functional dependency', 'workers', "SELECT a.id, a.title, $call FROM a JOIN e ON e.account = a.id GROUP BY a.id");
shape('only the primary key', 'workers', "SELECT a.id, $call FROM a JOIN e ON e.account = a.id GROUP BY a.id");
shape('row of the key', 'plain', "SELECT a, $call FROM a JOIN e ON e.account = a.id GROUP BY a.id");
shape("aggregate: $_->[0]", $_->[1], "SELECT account, $_->[0](signal, at$_->[2]) FROM e GROUP BY account")
  for [ 'as_ours', 'workers', '' ], [ 'with_more', 'plain', '' ], [ 'strictly', 'plain', ', value' ],
  [ 'with_argument', 'plain', ', value, 1' ];
shape('aggregate: unfinished', 'plain',
  'SELECT account, health_first_day(unfinished(signal, at)) FROM e GROUP BY account');

# HAVING with sub-selects, and sub-selects in the target.
shape('HAVING uncorrelated', 'node',
  "SELECT account, $call FROM e GROUP BY account HAVING health_last_day($call) > (SELECT date '2025-08-01' + min(id)
    FROM a)");
shape('HAVING correlated with the key', 'node',
  "SELECT account, $call FROM e GROUP BY account HAVING EXISTS (SELECT FROM a WHERE a.id = e.account AND $call IS NOT
    NULL)");
shape('HAVING correlated with the aggregate', 'node',
  "SELECT account, $call FROM e GROUP BY account HAVING (SELECT count(*) FROM health_cells($call)) > 250");
shape('HAVING IN', 'node',
  "SELECT account, $call FROM e GROUP BY account HAVING health_active_count($call, '2025-06-01', 30) IN (SELECT id FROM
    a)");
shape('HAVING, the cheap one first', 'node',
  "SELECT account, $call FROM e GROUP BY account HAVING refusing(health_first_day($call)) AND health_first_day($call) >
    '2100-01-01'");
shape('HAVING volatile', 'any', "SELECT account, $call FROM e GROUP BY account HAVING random() < 2");
shape('HAVING false', 'any', "SELECT account, $call FROM e GROUP BY account HAVING false");
shape('HAVING NULL', 'any', "SELECT account, $call FROM e GROUP BY account HAVING $call IS NULL");
shape('sub-select in the target', 'node',
  "SELECT (SELECT title FROM a WHERE a.id = e.account), $call FROM e GROUP BY account");
shape('sub-select of the aggregate', 'node',
  "SELECT account, (SELECT sum(count) FROM health_cells($call)) FROM e GROUP BY account");

# Above.
shape('DISTINCT', 'workers', "SELECT DISTINCT $call FROM e GROUP BY account");
shape('DISTINCT ON', 'workers',
  "SELECT DISTINCT ON (account % 3) account, $call FROM e GROUP BY account ORDER BY account % 3, account");
shape('window functions', 'workers',
  "SELECT account, row_number() OVER (ORDER BY account), lag($call) OVER (ORDER BY account) FROM e GROUP BY account");
shape('health_score over it', 'workers',
  "SELECT account, health_score($call, '{\"signals\": {\"signal 1\": 1}}', '2025-08-01') OVER () FROM e GROUP BY
    account");
shape('UNION', 'workers',
  "SELECT account, $call FROM e GROUP BY account UNION SELECT account, $call FROM unlogged GROUP BY account");
shape('UNION ALL', 'workers',
  "SELECT account, $call FROM e GROUP BY account UNION ALL SELECT account, $call FROM unlogged GROUP BY account");
shape('EXCEPT', 'workers',
  "SELECT account, $call FROM e GROUP BY account EXCEPT SELECT account, $call FROM changed GROUP BY account");
shape('INTERSECT', 'workers',
  "SELECT account, $call FROM e GROUP BY account INTERSECT SELECT account, $call FROM changed GROUP BY account");
shape('LIMIT', 'workers',
  "SELECT account, $call FROM e GROUP BY account ORDER BY account DESC NULLS LAST OFFSET 3 LIMIT 9");
shape('LIMIT 0', 'any', "SELECT account, $call FROM e GROUP BY account LIMIT 0");
shape('grouped again', 'workers', "SELECT account % 3, health_rollup(activity) FROM natural_view GROUP BY 1");
shape('CTE', 'workers', "WITH q AS (SELECT account, $call FROM e GROUP BY account) SELECT * FROM q");
shape('CTE MATERIALIZED', 'any',
  "WITH q AS MATERIALIZED (SELECT account, $call FROM e GROUP BY account) SELECT * FROM q");
shape('CTE twice', 'any',
  "WITH q AS (SELECT account, $call AS y FROM e GROUP BY account) SELECT * FROM q AS a JOIN q AS b USING (account)
    WHERE a.y = b.y");
shape('recursive CTE', 'any', "WITH RECURSIVE r (n, account, y) AS (SELECT 1, account, $call FROM e GROUP BY account
  UNION ALL SELECT n + 1, account, y FROM r WHERE n < 3) SELECT * FROM r");
shape('in a recursive CTE', 'any', "WITH RECURSIVE r (n, y) AS (SELECT 1, '{}'::health_activity
  UNION ALL SELECT n + 1, (SELECT health_rollup(y) FROM (SELECT $call AS y FROM events_of(r.n * 50) GROUP BY account)
    AS q) FROM r WHERE n < 4) SELECT * FROM r");
shape('two groups joined', 'workers', "SELECT * FROM (SELECT account, $call AS y FROM e GROUP BY account) AS x
  JOIN (SELECT account, health_activity(signal, at) AS z FROM unlogged GROUP BY account) AS y USING (account)");
shape('semi join', 'any',
  "SELECT * FROM a WHERE (id, '2025-08-21') IN (SELECT account, health_last_day($call) FROM e GROUP BY account)");
shape('anti join', 'any',
  "SELECT * FROM a WHERE NOT EXISTS (SELECT FROM (SELECT account, health_last_day($call) AS d FROM e GROUP BY account)
    AS q
  WHERE q.account = a.id AND d > '2025-08-21')");
shape('view', 'workers', 'SELECT * FROM natural_view');
shape('view, qualified', 'any', 'SELECT * FROM natural_view WHERE account BETWEEN 5 AND 30');
shape('scalar sub-query', 'any', "SELECT id, (SELECT $call FROM e WHERE account = a.id GROUP BY account) FROM a", $eager);
shape('scalar sub-query, all rows', 'any',
  "SELECT id, (SELECT $call FROM events_of(100 * a.id) GROUP BY account ORDER BY account LIMIT 1) FROM a");
shape('LATERAL, rescanned', 'node',
  "SELECT o.n, q.* FROM generate_series(0, 900, 100) AS o (n), LATERAL (SELECT account, $call FROM events_of(o.n, o.n -
    50) GROUP BY account) AS q");
shape('LATERAL, to none', 'node', "SELECT o.n, q.* FROM generate_series(0, 900, 100) AS o (n) LEFT JOIN LATERAL
  (SELECT account, $call FROM events_of(CASE WHEN o.n % 200 = 0 THEN 0 ELSE o.n END) GROUP BY account) AS q ON true");
shape('LATERAL, outer key', 'any',
  "SELECT o.n, q.* FROM generate_series(0, 3) AS o (n), LATERAL (SELECT o.n AS key, $call FROM e GROUP BY o.n) AS q");
shape('LATERAL, outer in the key', 'node',
  "SELECT o.n, q.* FROM generate_series(1, 3) AS o (n), LATERAL (SELECT account % o.n AS key, $call FROM e GROUP BY 1)
    AS q");
shape('LATERAL, outer argument', 'node',
  "SELECT o.n, q.* FROM generate_series(1, 3) AS o (n), LATERAL (SELECT account, health_activity(signal, at, o.n) FROM
    e GROUP BY 1) AS q");
shape('LATERAL, outer in HAVING', 'any',
  "SELECT o.n, q.* FROM generate_series(1, 3) AS o (n), LATERAL (SELECT account, $call FROM e GROUP BY 1
  HAVING health_active_count($call, '2025-06-01', 30) > o.n) AS q");
shape('LATERAL, outer in the target', 'any',
  "SELECT o.n, q.* FROM generate_series(1, 3) AS o (n), LATERAL (SELECT account + o.n, $call FROM e GROUP BY account)
    AS q");
shape('LATERAL, same parameters', 'any',
  "SELECT o.n, q.* FROM generate_series(1, 3) AS o (n) LEFT JOIN LATERAL (SELECT account, $call FROM e GROUP BY 1) AS q
    ON q.account > o.n",
  'SET enable_material = off');

# Below.
my $join = "SELECT e.account, $call FROM e JOIN a ON e.account = a.id WHERE a.region < 2 GROUP BY e.account";
shape('hash join', 'workers', $join, 'SET enable_mergejoin = off; SET enable_nestloop = off');
shape('merge join', 'node', $join, 'SET enable_hashjoin = off; SET enable_nestloop = off');
shape('nested loop', 'node', $join, 'SET enable_hashjoin = off; SET enable_mergejoin = off');
shape('left join', 'workers', "SELECT a.id, $call FROM e LEFT JOIN a ON e.account = a.id GROUP BY a.id");
shape('right join', 'node',
  "SELECT a.id, health_activity(a.title, at) FROM a LEFT JOIN e ON e.account = a.id GROUP BY a.id");
shape('full join', 'node', "SELECT a.id, $call FROM a FULL JOIN e ON e.account = a.id AND e.id % 2 = 0 GROUP BY a.id");
shape('key that an outer join makes', 'workers',
  "SELECT q.key, health_activity(coalesce(q.title, signal), at) FROM e LEFT JOIN
  (SELECT id, coalesce(region, -1) AS key, title || 'x' AS title FROM a) AS q ON e.account = q.id GROUP BY q.key");
shape('constant that an outer join makes', 'workers', "SELECT q.key, health_activity(q.word, at) FROM e LEFT JOIN
  (SELECT id, 5 AS key, 'word'::text AS word FROM a) AS q ON e.account = q.id GROUP BY q.key");
shape('outer join under another', 'any',
  "SELECT r.key, health_activity(r.word, at) FROM e LEFT JOIN (SELECT b.id, q.key, coalesce(q.word, '?') AS word FROM a
    AS b
  LEFT JOIN (SELECT id, id % 4 AS key, 'word ' || id AS word FROM a OFFSET 0) AS q ON b.id = q.id) AS r ON e.account =
    r.id GROUP BY r.key");
shape('semi join below', 'any',
  "SELECT account, $call FROM e WHERE account IN (SELECT id FROM a WHERE region = 1) GROUP BY account");
shape('anti join below', 'any',
  "SELECT account, $call FROM e WHERE NOT EXISTS (SELECT FROM a WHERE id = e.account) GROUP BY account");
shape('hashed sub-plan below', 'any',
  "SELECT account, $call FROM e WHERE account NOT IN (SELECT id FROM a WHERE region = 1) GROUP BY account");
shape('correlated sub-plan below', 'any',
  "SELECT account, $call FROM e WHERE id % 20 > 0 OR (SELECT region FROM a WHERE id = e.account) = 1 GROUP BY account");
shape('init plan below', 'node',
  "SELECT account, $call FROM e WHERE id > (SELECT min(id) + 100 FROM a) GROUP BY account");
shape('ordered below', 'any', "SELECT account, $call FROM (SELECT * FROM e ORDER BY account) AS q GROUP BY account");
shape('limited below', 'any',
  "SELECT account, $call FROM (SELECT * FROM e ORDER BY id LIMIT 15000) AS q GROUP BY account");
shape('window below', 'any',
  "SELECT n % 41, $call FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM e) AS q GROUP BY 1");
shape('distinct below', 'any',
  "SELECT account, health_activity(signal, at) FROM (SELECT DISTINCT account, signal, at FROM e) AS q GROUP BY 1");
shape('union below', 'node',
  "SELECT account, $call FROM (SELECT account, signal, at, value FROM e UNION ALL SELECT account, signal, at, value
    FROM unlogged) AS q GROUP BY account");
shape('constants by UNION ALL', 'any',
  "SELECT kind, $call FROM (SELECT 'old' AS kind, signal, at, value FROM e UNION ALL SELECT 'new', signal, at, value
    FROM unlogged) AS q GROUP BY kind");
shape('VALUES', 'plain',
  "SELECT k, health_activity(s, d) FROM (VALUES (1, 'x', date '2026-01-01'), (2, 'y', '2026-01-02'), (1, 'y',
    '2026-01-03'), (NULL, 'z', NULL)) AS v (k, s, d) GROUP BY k");
shape('unpivot', 'any',
  "SELECT account, health_activity(v.s, at, v.v) FROM e, LATERAL (VALUES ('one', 1), (signal, value), (NULL, 2)) AS v
    (s, v) GROUP BY account");
shape('generate_series', 'any',
  "SELECT n % 7, health_activity('x' || n % 3, date '2026-01-01' + n) FROM generate_series(1, 9000) AS n GROUP BY 1");
shape('function', 'node', "SELECT account, $call FROM events_of(2000) GROUP BY account");
shape('function without rows', 'node', "SELECT account, $call FROM events_of(0) GROUP BY account");
shape('function with one row', 'node', "SELECT account, $call FROM events_of(1) GROUP BY account");
shape('ROWS FROM', 'any',
  "SELECT n, $call FROM ROWS FROM (events_of(2000), generate_series(1, 5)) AS q (account, signal, at, value, n) GROUP
    BY n");
shape('jsonb', 'any',
  q{SELECT j ->> 'k', health_activity(j ->> 's', (j ->> 't')::timestamptz) FROM (SELECT jsonb_build_object('k',
    account, 's', signal, 't', at) AS j FROM e) AS q GROUP BY 1});
shape('composite', 'any',
  "SELECT (r).account, health_activity((r).signal, (r).at) FROM (SELECT e AS r FROM e) AS q GROUP BY 1");

# Tables.
shape("table $_", 'workers', "SELECT account, $call FROM $_ GROUP BY account") for qw(unlogged altered changed);
shape('added column as key', 'workers', "SELECT source, $call FROM altered GROUP BY source");
shape("table $_", 'node', "SELECT account, $call FROM $_ GROUP BY account") for qw(emptied left_one);
shape('empty table', 'any', "SELECT account, $call FROM never GROUP BY account");
for my $table (qw(by_list by_time by_hash parent))
{
  shape("table $table", 'any', "SELECT account, $call FROM $table GROUP BY account");
  shape("table $table by day", 'any', "SELECT health_day(at), $call FROM $table GROUP BY 1");
}
shape('some partitions left', 'any', "SELECT account, $call FROM by_list WHERE account < 15 GROUP BY account");
shape('one partition left', 'any', "SELECT account, $call FROM by_list WHERE account IN (10, 11, 12) GROUP BY account");
shape('one range left', 'workers', "SELECT account, $call FROM by_time WHERE at >= '2025-04-01' GROUP BY account");
shape('no partition left', 'any',
  "SELECT account, $call FROM by_time WHERE at >= '2025-04-01' AND at < '2025-03-01' GROUP BY account");
shape('pruned when it starts', 'any',
  "SELECT account, $call FROM by_list WHERE account = ANY ((SELECT array_agg(id) FROM a WHERE region = 1)::int[]) GROUP
    BY account");
shape('joined partitions', 'any',
  "SELECT x.account, health_activity(x.signal, x.at) FROM by_hash AS x JOIN by_hash AS y ON x.account = y.account AND
    x.id = y.id GROUP BY x.account",
  'SET enable_partitionwise_join = on');
shape('system columns', 'workers',
  "SELECT account, $call FROM e WHERE ctid > '(3,1)' AND tableoid = 'e'::regclass GROUP BY account");
shape('partition as key', 'any', "SELECT tableoid::regclass::text, $call FROM by_list GROUP BY 1");
shape('whole row in WHERE', 'workers',
  "SELECT account, $call FROM unlogged WHERE unlogged::text LIKE '%1%' GROUP BY account");
shape('row IS NOT NULL', 'any', "SELECT account, $call FROM unlogged WHERE unlogged IS NOT NULL GROUP BY account");
shape('time in WHERE', 'workers', "SELECT account, $call FROM e WHERE at >= '2025-05-01' GROUP BY account");
shape('times in WHERE', 'workers',
  "SELECT account, $call FROM e WHERE at >= '2025-02-01' AND at < '2025-07-01' GROUP BY account");
shape('none in WHERE', 'any', "SELECT account, $call FROM e WHERE at >= '2035-05-01' GROUP BY account", $eager);
for my $where ("at >= '2025-05-01'", "at < now() - interval '1 day'", "at > '2025-05-01'::date", "local <= '2025-05-01'", "on_day > '2025-05-01'",
  "on_day < timestamp '2025-05-01'", 'id > 3000', 'id <= 3000::bigint', '15000 > id', 'big >= 500', 'big < 5',
    'account > NULL::int', "at < 'infinity'",
  "on_day < 'infinity' AND at > '-infinity'", 'account > 5 AND big < 3000000000000 AND id > 7',
    'account >= 5 AND account <= 30 AND signal IS NOT NULL',
  'id > 5 OR account > 7', 'NOT id > 15000', 'numbered > 7', 'small > 7', "at BETWEEN '2025-02-01' AND '2025-07-01'",
    'id > account', 'id > (SELECT 5)',
  'id > (SELECT id FROM a WHERE id = 7)', "id > length(current_setting('timezone'))", 'id <> 5', "name > 'n2'")
{
  shape("WHERE $where", 'any', "SELECT account, $call FROM e WHERE $where GROUP BY account");
}
# What no row comes to is not evaluated.
shape('WHERE that nobody reaches', 'node',
  "SELECT account, $call FROM left_one WHERE id < (SELECT -5) AND account > 10 / (SELECT 0) GROUP BY account");
shape('WHERE that somebody reaches', 'any',
  "SELECT account, $call FROM left_one WHERE id > (SELECT -5) AND account > 10 / (SELECT 0) GROUP BY account");
shape('WHERE of no row', 'node', "SELECT account, $call FROM emptied WHERE account > 10 / (SELECT 0) GROUP BY account");
shape('table wide', 'workers', 'SELECT account, health_activity(signal, at) FROM wide GROUP BY account');
shape('long keys', 'node', 'SELECT account, health_activity(signal, at) FROM long_keys GROUP BY account');
shape('wide table, WHERE', 'any',
  "SELECT account, health_activity(signal, at) FROM wide WHERE late < 9000 AND at > '2025-02-01' GROUP BY account");
shape('WHERE rescanned', 'any',
  "SELECT o.n, q.* FROM generate_series(-5000, 25000, 5000) AS o (n), LATERAL (SELECT account, $call FROM e WHERE id >
    o.n GROUP BY account) AS q");
shape('WHERE rescanned by NULL', 'any',
  "SELECT o.n, q.* FROM unnest(ARRAY[0, NULL, 15000, NULL, 5]) AS o (n), LATERAL (SELECT account, $call FROM e WHERE id
    > o.n GROUP BY account) AS q");
shape('WHERE false', 'any', "SELECT account, $call FROM e WHERE false GROUP BY account");
shape('WHERE by parameter', 'any',
  "SELECT account, $call FROM e WHERE current_setting('work_mem') = 'x' GROUP BY account");
shape('index', 'any',
  "SELECT account, $call FROM e WHERE account BETWEEN 3 AND 30 GROUP BY account",
    'SET enable_seqscan = off; SET enable_bitmapscan = off');
shape('bitmap', 'any',
  "SELECT account, $call FROM e WHERE account BETWEEN 3 AND 30 GROUP BY account",
    'SET enable_seqscan = off; SET enable_indexscan = off');
shape('few rows by index', 'plain', "SELECT account, $call FROM e WHERE id < 100 GROUP BY account");
shape('TABLESAMPLE', 'any', "SELECT account, $call FROM e TABLESAMPLE BERNOULLI (70) REPEATABLE (7) GROUP BY account");
shape('TABLESAMPLE SYSTEM', 'any',
  "SELECT account, $call FROM e TABLESAMPLE SYSTEM (70) REPEATABLE (7) GROUP BY account");
shape('FOR UPDATE below', 'node',
  "SELECT account, $call FROM (SELECT * FROM changed FOR UPDATE) AS q GROUP BY account");
shape('security barrier above', 'any', "SELECT * FROM grouped_barrier WHERE length(activity::text) > 100");
shape('security barrier below', 'any', "SELECT account, $call FROM barrier WHERE length(signal) > 3 GROUP BY account", $eager);
shape('row security', 'any', "SELECT account, $call FROM secured GROUP BY account", "$eager; SET ROLE analyst");
shape('column privileges', 'workers',
  'SELECT account, health_activity(signal, at) FROM e GROUP BY account', 'SET ROLE analyst');
shape('column privilege missing', '42501', "SELECT account, $call FROM e GROUP BY account", 'SET ROLE analyst');
$shapes[-1][1] = 'any';
shape('view of the owner', 'workers', 'SELECT * FROM natural_view', 'SET ROLE analyst');
shape('nested in WHERE', 'any',
  "SELECT account, $call FROM e WHERE CASE WHEN id % 9000 = 0 THEN nested(account) > 0 ELSE true END GROUP BY account");
shape('nested in HAVING', 'any',
  "SELECT account, $call FROM e GROUP BY account HAVING account < 9 AND nested(health_active_count($call, '2025-03-01',
    30)) > 0");
shape('nested in an argument', 'any',
  "SELECT account, health_activity(signal, at, CASE WHEN id % 9000 = 0 THEN nested(account) END) FROM e GROUP BY
    account");
# Computed columns: stored, or, since PostgreSQL 18, virtual ones, of which no row has a byte; and one that came later.
for my $kind ('STORED', $version >= 18 ? 'VIRTUAL' : ())
{
  my $table = lc "computed_$kind";
  my $columns = "id int, same int GENERATED ALWAYS AS (account) $kind, account int, signal text GENERATED ALWAYS AS
    (upper(raw)) $kind, raw text, at timestamptz GENERATED ALWAYS AS (local AT TIME ZONE 'UTC') $kind, local timestamp,
    half int GENERATED ALWAYS AS (id / 2) $kind, value float8 GENERATED ALWAYS AS (id / 8.0) $kind";
  my $later = "late int8 GENERATED ALWAYS AS (account * 2) $kind";
  $node->safe_psql('postgres', "CREATE TABLE $table ($columns); CREATE TABLE parted_$table ($columns, $later) PARTITION BY RANGE (id);
    CREATE TABLE parted_${table}_1 PARTITION OF parted_$table FOR VALUES FROM (MINVALUE) TO (7000);
    CREATE TABLE parted_${table}_2 PARTITION OF parted_$table DEFAULT;
    INSERT INTO $table (id, account, raw, local) SELECT id, account, signal, local FROM e WHERE id < 9000;
    ALTER TABLE $table ADD $later;
    INSERT INTO $table (id, account, raw, local) SELECT id, account, signal, local FROM e WHERE id >= 9000;
    INSERT INTO parted_$table (id, account, raw, local) SELECT id, account, signal, local FROM e;
    ANALYZE $table, parted_$table");
  for my $from ($table, "parted_$table")
  {
    my $road = $from eq $table ? 'workers' : 'any';
    shape("$from: key $_", $road, "SELECT $_, $call FROM $from GROUP BY $_") for qw(same late raw account);
    shape("$from: plain arguments", $road, "SELECT late, health_activity(raw, local, id) FROM $from GROUP BY late");
    shape("$from: WHERE $_", 'any', "SELECT same, health_activity(raw, local) FROM $from WHERE $_ GROUP BY same")
      for 'half > 1000', "late < 60 AND at >= '2025-02-01' AND id > 500", "$from IS NOT NULL", 'same IS NULL';
    shape("$from: outer join", 'any',
      "SELECT q.same, health_activity(coalesce(q.signal, 'none'), e.at, q.value) FROM e LEFT JOIN $from AS q ON e.id = q.half GROUP BY q.same");
  }
}
# What newer planners have learned: self-joins that go, OR as ANY, skipped index entries, sorts that go on where others end.
for my $key ('x.account', 'y.account')
{
  shape("self-join, key $key", 'any',
    "SELECT $key, health_activity(x.signal, y.at, x.value) FROM e AS x JOIN e AS y USING (id) WHERE y.account < 30
      GROUP BY $key HAVING health_first_day(health_activity(x.signal, y.at, x.value)) IS NOT NULL");
}
$node->safe_psql('postgres', 'CREATE TABLE skipped AS SELECT * FROM unlogged; CREATE INDEX ON skipped (account, at); ANALYZE skipped;
  CREATE TABLE few AS SELECT * FROM unlogged WHERE id <= 100; ANALYZE few');
shape('skip scan', 'any', "SELECT account, $call FROM skipped WHERE at BETWEEN '2025-02-01' AND '2025-02-09' GROUP BY account",
  "$eager; SET enable_seqscan = off; SET enable_bitmapscan = off");
shape('OR', 'any', "SELECT account, $call FROM skipped WHERE account = 3 OR account = 5 OR account = 8 GROUP BY account",
  'SET enable_seqscan = off');
shape('incremental sort', 'any', "SELECT account, health_last_day($call), $call FROM skipped GROUP BY account ORDER BY 1, 2",
  'SET enable_seqscan = off; SET enable_bitmapscan = off');
shape('few rows', 'plain', "SELECT account, $call FROM few GROUP BY account", 'SET cpu_operator_cost = 0.0025');
shape('few rows, by what is disabled', 'plain', "SELECT account, $call FROM few GROUP BY account", 'SET enable_seqscan = off');
shape('many rows, by what is disabled', $version >= 18 ? 'workers' : 'any', "SELECT account, $call FROM unlogged GROUP BY account", 'SET enable_seqscan = off');
shape('any_value beside', 'plain', "SELECT account, $call, any_value(account) FROM e GROUP BY account") if $version >= 16;
shape('JSON_TABLE', 'any', q{SELECT k, health_activity(s, t) FROM (SELECT jsonb_agg(jsonb_build_object('k', account, 's', signal, 't', on_day)) AS j
  FROM e) AS q, JSON_TABLE(j, '$[*]' COLUMNS (k int PATH '$.k', s text PATH '$.s', t date PATH '$.t')) AS r GROUP BY k}) if $version >= 17;
if ($available{postgres_fdw})
{
  my ($host, $port) = ($node->host, $node->port);
  $node->safe_psql('postgres', "CREATE EXTENSION postgres_fdw;
    CREATE SERVER itself FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$host', port '$port', dbname 'postgres', async_capable 'true');
    CREATE SERVER knowing FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$host', port '$port', dbname 'postgres', extensions 'health_score');
    CREATE USER MAPPING FOR CURRENT_USER SERVER itself;
    CREATE USER MAPPING FOR CURRENT_USER SERVER knowing;
    CREATE FOREIGN TABLE foreign_e (id int, account int, signal text, at timestamptz, value float8) SERVER itself OPTIONS (table_name 'e');
    CREATE FOREIGN TABLE known_e (id int, account int, signal text, at timestamptz, value float8) SERVER knowing OPTIONS (table_name 'e');
    ANALYZE foreign_e; ANALYZE known_e;
    CREATE TABLE spread (LIKE unlogged) PARTITION BY LIST (account);
    CREATE FOREIGN TABLE spread_few PARTITION OF spread FOR VALUES IN (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, NULL) SERVER itself OPTIONS (table_name 'by_list_few');
    CREATE FOREIGN TABLE spread_more PARTITION OF spread FOR VALUES IN (10, 11, 12, 13, 14, 15, 16, 17, 18, 19) SERVER itself OPTIONS (table_name 'by_list_more');
    ANALYZE spread");
  shape('foreign table', 'node', "SELECT account, $call FROM foreign_e GROUP BY account");
  shape('foreign table, filtered', 'any',
  "SELECT account, $call FROM foreign_e WHERE id % 2 = 0 AND at > '2025-03-01' GROUP BY account", $eager);
  my $known = "SELECT account, $call FROM known_e GROUP BY account";
  shape('foreign table of one that knows', 'plain', $known);
  like(value($node, "EXPLAIN (VERBOSE, COSTS OFF) $known"), qr/^Foreign Scan.*Remote SQL: SELECT account, \w+\.health_activity/s,
    'one that knows groups itself');
  shape('foreign partitions', 'any', "SELECT account, $call FROM spread GROUP BY account");
}
if ($available{file_fdw})
{
  $node->safe_psql('postgres', "COPY unlogged TO '$folder/events.csv' (FORMAT csv); CREATE EXTENSION file_fdw;
    CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
    CREATE FOREIGN TABLE filed (id int, account int, signal text, at timestamptz, value float8) SERVER files
      OPTIONS (filename '$folder/events.csv', format 'csv'); ANALYZE filed");
  shape('file', 'any', "SELECT account, $call FROM filed GROUP BY account");
}

# Errors: one wrong row among twenty thousand.
for my $wrong (
  [ 'no name', q{signal = ''} ], [ 'long name', q{signal = repeat('é', 128)} ], [ 'infinite time', q{at = 'infinity'} ],
  [ 'infinite past', q{at = '-infinity'} ], [ 'far future', q{at = '290000-01-01'} ], [ 'NaN', q{value = 'NaN'} ],
  [ 'infinite value', q{value = '-Infinity'} ], [ 'large value', q{value = 1e14} ], [ 'no number', q{number = 'x'} ],
  [ 'name before value', q{signal = '', value = 'NaN'} ], [ 'time before value', q{at = 'infinity', value = 'NaN'} ],
  [ 'name before time', q{signal = repeat('x', 300), at = 'infinity'} ], [ 'NULL before value', q{signal = NULL, value
    = 'NaN'} ],
  [ 'NULL before name', q{signal = '', at = NULL} ])
{
  my ($name, $set) = @$wrong;
  $node->safe_psql('postgres', "CREATE TABLE wrong_" . scalar(@shapes) . " AS SELECT * FROM wrong;
    UPDATE wrong_" . scalar(@shapes) . " SET $set WHERE id = 12345; ANALYZE wrong_" . scalar(@shapes));
  shape("error: $name", 'workers',
  "SELECT account, health_activity(signal, at, value * number::int) FROM wrong_" . scalar(@shapes) .
    ' GROUP BY account');
}
# Of two wrong rows the first is told, but for what a condition says of the second: the node may ask it before.
for my $wrong ([ "'', at, value", "signal, at, 'NaN'", 'name and value' ],
  [ "signal, at, 'NaN'", "'', at, value", 'value and name' ],
  [ "signal, '2500-01-01', value", "signal, 'infinity', value", 'day and time' ])
{
  my ($first, $second, $name) = @$wrong;
  my $table = 'wrong_' . scalar @shapes;
  $node->safe_psql('postgres', "CREATE TABLE $table AS SELECT id, account, signal, at, value FROM wrong WHERE id <
    12345;
    INSERT INTO $table SELECT id, account, $first FROM wrong WHERE id = 12345;
    INSERT INTO $table SELECT id, account, $second FROM wrong WHERE id = 12346;
    INSERT INTO $table SELECT id, account, signal, at, value FROM wrong WHERE id > 12346; ANALYZE $table");
  shape("error: $name", 'workers', "SELECT account, $call FROM $table GROUP BY account");
  shape("error: $name, and WHERE", 'any',
  "SELECT account, $call FROM $table WHERE 1 / (12346 - id) < 9 GROUP BY account", undef, qr/^22012/);
}
shape('error: infinite date', 'workers',
  "SELECT account, health_activity(signal, CASE WHEN id = 777 THEN date 'infinity' ELSE on_day END) FROM e GROUP BY
    account");
shape('error: far date', 'workers',
  "SELECT account, health_activity(signal, CASE WHEN id = 777 THEN date '5000000-01-01' ELSE on_day END) FROM e GROUP
    BY account");
shape('error in HAVING', 'node',
  "SELECT account, $call FROM e GROUP BY account HAVING 1 / (account - 5) < 9 AND $call IS NOT NULL");
shape('error in the target', 'workers', "SELECT 1 / (account - 5), $call FROM e GROUP BY account");
shape('error in the key', 'workers', "SELECT 1 / (account - 5), $call FROM e GROUP BY 1");
shape('error in WHERE', 'node', "SELECT account, $call FROM e WHERE 1 / (account - 5) < 9 GROUP BY account");
shape('error above', 'workers', "SELECT health_measure(activity, 'x', '2025-06-01', account / 100) FROM natural_view");

# Several keys, in every form that a row of them can have.
my $three = 'SELECT mixed.one, two, three, health_activity(signal, at) FROM mixed GROUP BY mixed.one, two, three';
for my $keys (
  'one, two', 'two, one', 'one, two, three', 'number, one', 'one, number', 'number, small', 'big, number', 'yes, number', 'uid, big',
  'uid, number, one', 'day, uid', 'local, one', 'number, binary_name', 'long, one', 'one, long', 'long, number, two',
  'small, big, number, day, yes', 'small, big, number, day, yes, one, two, three, uid')
{
  shape("keys: $keys", 'workers', "SELECT $keys, health_activity(signal, at, value) FROM mixed GROUP BY $keys");
}
for my $keys ('number, stage', 'stage, one', 'number, amount', 'amount, number', 'fixed, one', 'one, fixed', 'number, numbered', 'lined, number', 'float, number',
  'number, ids', 'number, name_of', 'number, random()', 'number, bin', 'number, period', 'number, amount, one')
{
  shape("keys: $keys", 'plain', "SELECT health_activity(signal, at, value) FROM mixed GROUP BY $keys");
}
my %expressions = ("date_trunc('month', at)" => 'node', 'at::date' => 'node', 'extract(year FROM at)::int' => 'node', 'small + 1' => 'workers',
  "one || two" => 'workers', 'coalesce(one, two)' => 'workers', 'lower(two)' => 'workers', 'number % 3 = 0' => 'workers', 'at IS NULL' => 'workers',
  'amount::text' => 'workers', 'stage::text' => 'workers', 'amount + 0' => 'plain', 'extract(year FROM at)' => 'plain', 'at - at' => 'plain',
  '(one || two)::varchar' => 'workers', 'left(long, 1)' => 'workers', 'wide' => 'node', 'at AT TIME ZONE \'UTC\'' => 'any', 'NULL::text' => 'any', '5' => 'any',
  '1 / (number - 3)' => 'workers', '(SELECT max(id) FROM a)' => 'any', '(SELECT max(title) FROM a WHERE id = number)' => 'plain');
shape("keys: number, $_", $expressions{$_}, "SELECT number, $_, health_activity(signal, at) FROM mixed GROUP BY 1, 2") for sort keys %expressions;
shape("keys: a condition on $_", 'node', "$three HAVING $_") for 'one IS NULL', 'two = \'\'', "three > 'a' AND one IS NOT NULL", 'one <> two',
  'length(one) < coalesce(length(two), 0)', "health_last_day(health_activity(signal, at)) > '2025-08-01' AND two IS NOT NULL", 'health_activity(signal, at) IS NULL';
shape("keys: in the order of $_", 'any', "$three ORDER BY $_ LIMIT 20") for 'one, two, three', 'three DESC NULLS LAST, two, one', '2, 3, 1';
shape('keys: of two tables', 'node', 'SELECT one, a.id, a.region, two, health_activity(signal, at) FROM mixed JOIN a ON a.id = number GROUP BY a.region, one, a.id, two');
shape('keys: some of them in the target', 'workers', 'SELECT two, health_activity(signal, at) FROM mixed GROUP BY one, two, number');
shape('keys: none of them in the target', 'workers', 'SELECT health_activity(signal, at) FROM mixed GROUP BY one, two, number');
shape('keys: expressions over them', 'workers',
  "SELECT one || '/' || two, coalesce(one, two), number + 1, number, health_first_day(health_activity(signal, at)) FROM mixed GROUP BY one, two, number");
shape('keys: an expression and its column', 'workers', 'SELECT number % 3, number, number % 3 + number, health_activity(signal, at) FROM mixed GROUP BY number % 3, number');
shape('keys: the signal is one', 'workers', 'SELECT signal, number, health_activity(signal, at) FROM mixed GROUP BY number, signal');
shape('keys: DISTINCT above', 'workers', 'SELECT DISTINCT two, md5(health_activity(signal, at)::text) FROM mixed GROUP BY one, two');
shape('keys: windows above', 'workers', 'SELECT one, two, number, count(*) OVER (PARTITION BY two), health_activity(signal, at) FROM mixed GROUP BY one, two, number');
shape('keys: rolled up', 'workers', 'SELECT two, health_rollup(activity) FROM (SELECT one, two, health_activity(signal, at) AS activity FROM mixed GROUP BY one, two) AS q GROUP BY two');
shape('keys: rescanned', 'node',
  'SELECT o.n, q.* FROM generate_series(1, 3) AS o (n), LATERAL (SELECT one, number % o.n, health_activity(signal, at) FROM mixed GROUP BY 1, 2) AS q');
shape('keys: outer join', 'any', 'SELECT a.id, a.region, one, health_activity(signal, at) FROM mixed LEFT JOIN a ON a.id = number GROUP BY a.id, a.region, one');
shape('keys: one is constant', 'any', "SELECT number, day, health_activity(signal, at) FROM mixed WHERE day = '2025-03-01' GROUP BY number, day");
shape('keys: both are constant', 'any', "SELECT number, day, health_activity(signal, at) FROM mixed WHERE day = '2025-03-01' AND number = 2 GROUP BY number, day", $eager);
shape('keys: one is constant, of unlike bytes', 'plain', 'SELECT number, floor(amount), health_activity(signal, at) FROM mixed WHERE amount = 1 GROUP BY number, amount');
shape('keys: equal ones', 'any', 'SELECT number, small, health_activity(signal, at) FROM mixed WHERE number = small GROUP BY number, small', $eager);
shape('keys: partitions', 'any', "SELECT account, date_trunc('month', at), $call FROM $_ GROUP BY 1, 2") for qw(by_list by_time by_hash parent altered);
shape('keys: an added column', 'workers', "SELECT account, source, $call FROM altered GROUP BY 1, 2");
shape('keys: nothing to group', 'any', "SELECT account, id, $call FROM never GROUP BY 1, 2");
shape('keys: nothing left', 'node', "SELECT account, signal, $call FROM emptied GROUP BY 1, 2");
shape('keys: by index', 'any', "SELECT account, day, $call FROM e WHERE account = 5 GROUP BY account, day", $eager);
shape('keys: long texts', 'node', 'SELECT account, signal, health_activity(signal, at) FROM long_keys GROUP BY 1, 2');
shape('keys: a wrong time', 'workers', "SELECT number, one, health_activity(signal, CASE WHEN id = 777 THEN 'infinity' ELSE at END) FROM mixed GROUP BY 1, 2");
shape('keys: sets of them', 'plain', "SELECT one, two, health_activity(signal, at) FROM mixed GROUP BY $_")
  for 'ROLLUP (one, two)', 'CUBE (one, two)', 'GROUPING SETS ((one, two), (one))', 'one, GROUPING SETS ((two), ())';
shape('keys: sets of one set', 'any', "SELECT one, two, health_activity(signal, at) FROM mixed GROUP BY $_") for 'GROUPING SETS ((one, two))', 'DISTINCT one, two';
if ($icu)
{
  shape('keys: nondeterministic collation', 'plain', 'SELECT id % 3, health_activity(signal, at) FROM (SELECT *, length(signal) AS id FROM letters) AS q GROUP BY name, id % 3');
  shape('keys: deterministic again', 'workers', 'SELECT name COLLATE "C", length(signal), health_activity(signal, at) FROM letters GROUP BY 1, 2');
}
shape('keys: citext', 'plain', 'SELECT length(signal), health_activity(signal, at) FROM anycase GROUP BY name, 1') if $available{citext};

# Columns that depend on a primary key.
my $owned = 'FROM owners AS o JOIN e ON e.account = o.id';
for my $columns ('title', 'amount', 'stage', 'ids', 'fixed', 'numbered', 'row_of', 'long', 'far', 'doc', 'place', 'name_of', 'float', 'yes, small, big', 'uid, title, far',
  'title, amount, stage, ids, fixed, numbered, row_of, long, far, doc, place, name_of, float, yes, small, big, uid')
{
  my $all = join ', ', map { "o.$_" } split /, /, $columns;
  shape("dependent: $columns", 'workers', "SELECT o.id, $all, health_activity(signal, at) $owned GROUP BY o.id");
  shape("dependent: $columns, grouped by", 'workers', "SELECT o.id, $all, health_activity(signal, at) $owned GROUP BY o.id, $all") if $all !~ /ids|doc|place|row_of/;
}
shape('dependent: in expressions', 'workers', "SELECT o.title || o.id, upper(o.title), o.amount * 2, $call $owned GROUP BY o.id");
shape('dependent: in expressions that are keys', 'any', "SELECT upper(o.title), $call $owned GROUP BY o.id, upper(o.title)");
shape('dependent: in expressions that are keys of other kinds', 'plain', "SELECT o.amount * 2, $call $owned GROUP BY o.id, o.amount * 2");
shape('dependent: in HAVING', 'node', "SELECT o.id, $call $owned GROUP BY o.id HAVING o.amount > 3 AND o.title LIKE '%1%'");
shape('dependent: in ORDER BY', 'any', "SELECT o.id, $call $owned GROUP BY o.id ORDER BY o.amount DESC, o.title LIMIT 5");
shape('dependent: in a sub-select', 'any', "SELECT (SELECT max(region) FROM a WHERE a.title = o.title), $call $owned GROUP BY o.id");
shape('dependent: in a sub-select of HAVING', 'any', "SELECT o.id, $call $owned GROUP BY o.id HAVING EXISTS (SELECT FROM a WHERE a.title = o.title)");
shape('dependent: in a window', 'workers', "SELECT o.id, lag(o.title) OVER (ORDER BY o.amount, o.id), $call $owned GROUP BY o.id");
shape('dependent: in the call', 'workers', "SELECT o.id, o.title, health_activity(o.title, at, o.small) $owned GROUP BY o.id");
shape('dependent: whole row', 'plain', "SELECT o.id, o, $call $owned GROUP BY o.id");
shape('dependent: system column', 'plain', "SELECT o.id, count(*) FROM ($_) AS q (id, c, y) JOIN owners AS o USING (id) GROUP BY o.id")
  for "SELECT o.id, o.ctid, $call $owned GROUP BY o.id, o.ctid", "SELECT o.id, o.xmin::text, $call $owned GROUP BY o.id, o.xmin";
shape('dependent: tableoid', 'any', "SELECT o.id, o.tableoid, $call $owned GROUP BY o.id, o.tableoid");
shape('dependent: and others are keys', 'node', "SELECT o.id, o.title, date_trunc('month', at), o.amount, $call $owned GROUP BY o.id, 3");
shape('dependent: on a key of two columns', 'any', "SELECT x.one, x.two, x.note, $call FROM pairs AS x JOIN e ON e.account = x.one GROUP BY x.two, x.one");
shape('dependent: on a part of the key', '42803', "SELECT x.one, x.note, $call FROM pairs AS x JOIN e ON e.account = x.one GROUP BY x.one");
$shapes[-1][1] = 'any';
shape('dependent: of two tables', 'any', "SELECT o.title, x.note, $call $owned JOIN pairs AS x ON x.one = o.id GROUP BY o.id, x.one, x.two");
shape('dependent: of a table twice', 'any',
  "SELECT o.title, p.title, $call $owned JOIN owners AS p ON p.id = (o.id + 1) % 40 GROUP BY o.id, p.id");
shape("dependent: $_", 'any', "SELECT o.id, o.title, o.amount, health_activity(coalesce(signal, 'none'), at) FROM $_ GROUP BY o.id")
  for 'e LEFT JOIN owners AS o ON e.account = o.id AND o.id % 2 = 0', 'owners AS o LEFT JOIN e ON e.account = o.id',
  'owners AS o FULL JOIN e ON e.account = o.id', 'e LEFT JOIN (a JOIN owners AS o USING (id)) ON a.id = e.account', 'e, owners AS o WHERE o.id IN (1, 2)';
shape('dependent: inherited', 'plain', "SELECT o.id, coalesce(o.title = '-', false), $call FROM heirs AS o JOIN e ON e.account = o.id GROUP BY o.id");
shape('dependent: inherited, grouped by', 'workers', "SELECT o.id, o.title, $call FROM heirs AS o JOIN e ON e.account = o.id GROUP BY o.id, o.title");
shape('dependent: inherited, of another kind', 'plain', "SELECT o.id, floor(o.amount), $call FROM heirs AS o JOIN e ON e.account = o.id GROUP BY o.id, o.amount");
shape('dependent: of the parent only', 'workers', "SELECT o.id, o.title, $call FROM ONLY heirs AS o JOIN e ON e.account = o.id GROUP BY o.id");
shape('dependent: partitions', 'any', "SELECT o.id, o.title, o.amount, $call FROM owners_parts AS o JOIN e ON e.account = o.id GROUP BY o.id");
# Either of two unique columns determines the other, whichever the planner keeps.
$node->safe_psql('postgres', "CREATE TABLE known_twice (amount numeric NOT NULL UNIQUE, id int PRIMARY KEY, title text);
  CREATE TABLE known_again (id int PRIMARY KEY, amount numeric NOT NULL UNIQUE, title text);
  INSERT INTO known_twice SELECT id / 2.0, id, title FROM a; INSERT INTO known_again SELECT id, amount, title FROM known_twice;
  ANALYZE known_twice, known_again");
for my $table (qw(known_twice known_again))
{
  shape("dependent: $table by $_", 'any', "SELECT o.title, e.id % 3, o.amount, $call FROM $table AS o JOIN e ON e.account = o.id GROUP BY $_")
    for 'o.id, e.id % 3, o.amount, o.title', 'o.amount, o.title, o.id, e.id % 3', 'e.id % 3, o.title, o.id';
}
shape('dependent: unique only', '42803', "SELECT o.other, o.title, $call $owned GROUP BY o.other");
shape('dependent: deferrable', '42803', "SELECT o.id, o.title, $call FROM deferred AS o JOIN e ON e.account = o.id GROUP BY o.id");
$_->[1] = 'any' for @shapes[-2, -1];
shape('dependent: deferrable, grouped by', 'plain', "SELECT o.id, o.amount, $call FROM deferred AS o JOIN e ON e.account = o.id GROUP BY o.id, o.amount");
shape('dependent: primary key of another kind', 'plain', "SELECT o.id, o.title, $call FROM owners_numeric AS o JOIN e ON e.account = o.id GROUP BY o.id");
shape('dependent: view', 'workers', 'SELECT * FROM owned');

# FILTER.
for my $filter ('id % 2 = 0', 'account > 20', 'account = 5', 'value > 0', 'value IS NULL', 'false', 'true', 'NULL', 'id > 100000', "signal LIKE 'signal%'", 'signal IS NULL', 'yes',
  "at >= '2025-05-01'", 'at = at', 'name = ANY (ARRAY[\'n1\', \'n2\'])', 'CASE WHEN account > 3 THEN id % 2 = 0 END', 'current_date > day')
{
  shape("FILTER: $filter", 'workers', "SELECT account, $call FILTER (WHERE $filter) FROM e GROUP BY account");
}
shape('FILTER: two keys', 'workers', 'SELECT yes, small, health_activity(signal, at) FILTER (WHERE id % 3 = 0) FROM e GROUP BY 1, 2');
shape("FILTER: $_", 'plain', "SELECT account, $call FILTER (WHERE $_) FROM e GROUP BY account") for 'random() < 2', 'id IN (SELECT id FROM a WHERE id < e.account)', 'EXISTS (SELECT FROM a WHERE id = account)';
shape('FILTER: parameter', 'any', "SELECT account, $call FILTER (WHERE id > (SELECT 500)) FROM e GROUP BY account");
shape('FILTER: outer', 'any', "SELECT o.n, q.* FROM generate_series(1, 3) AS o (n), LATERAL (SELECT account, $call FILTER (WHERE id % o.n = 0) FROM e GROUP BY 1) AS q");
shape('FILTER: what raises an error is not evaluated', 'workers',
  'SELECT account, health_activity(signal, at, 1 / (account - 5)) FILTER (WHERE yes) FROM e GROUP BY account');
shape('FILTER: nor a name', 'workers', "SELECT account, health_activity(CASE WHEN 1 / (account - 5) IS NOT NULL THEN signal END, at) FILTER (WHERE yes) FROM e GROUP BY account");
shape('FILTER: nor a time', 'workers', 'SELECT account, health_activity(signal, at + 1 / (account - 5) * interval \'1 day\') FILTER (WHERE yes) FROM e GROUP BY account');
shape('FILTER: nor a wrong value taken', 'node', "SELECT account, health_activity(signal, bad_at, bad) FILTER (WHERE bad < 1000)
  FROM (SELECT *, CASE WHEN id % 7 = 0 THEN 'NaN' ELSE value END AS bad, CASE WHEN id % 7 = 0 THEN 'infinity' ELSE at END AS bad_at FROM e OFFSET 0) AS q GROUP BY account");
shape('FILTER: a wrong value that is let through', 'workers', "SELECT account, health_activity(signal, at, CASE WHEN id = 779 THEN 'NaN' ELSE value END) FILTER (WHERE yes) FROM e GROUP BY account");
shape('FILTER: an error of its own', 'workers', "SELECT account, $call FILTER (WHERE 1 / (account - 5) < 9) FROM e GROUP BY account");
shape('FILTER: in HAVING only', 'node', "SELECT account FROM e GROUP BY account HAVING health_last_day($call FILTER (WHERE id % 2 = 0)) > '2025-08-01'");
shape('FILTER: the same call twice', 'workers', "SELECT account, $call FILTER (WHERE id % 2 = 0), health_first_day($call FILTER (WHERE id % 2 = 0)) FROM e GROUP BY account");
shape('FILTER: constant arguments', 'node', "SELECT account, health_activity('x', date '2026-01-01', 1) FILTER (WHERE id % 2 = 0) FROM e GROUP BY account");
shape('FILTER: once with and once without', 'plain', "SELECT account, $call FILTER (WHERE id % 2 = 0), $call FROM e GROUP BY account");
shape('FILTER: two of them', 'plain', "SELECT account, $call FILTER (WHERE id % 2 = 0), $call FILTER (WHERE id % 2 = 1) FROM e GROUP BY account");
shape('FILTER: time is a date', 'workers', 'SELECT account, health_activity(signal, on_day + 1, value * 2) FILTER (WHERE yes) FROM e GROUP BY account');
shape('FILTER: dependent columns', 'workers', "SELECT o.id, o.title, $call FILTER (WHERE o.amount > 3) $owned GROUP BY o.id");

# ---------------------------------------------------------------- every shape, every way

my $workers = 'SET max_parallel_workers_per_gather = 2; SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0;
  SET parallel_tuple_cost = 0;';
my $force = $version >= 16 ? 'debug_parallel_query' : 'force_parallel_mode';

# The lines that a function says to each of these shapes, in one session.
sub said
{
  my ($function, $settings, @these) = @_;
  my $script = "SET client_min_messages = error; $settings\n";
  for my $shape (@these)
  {
    my ($name, $road, $query, $own) = @$shape;
    my $reset = join ' ', map { "RESET $_;" } ($own // '') =~ /SET (\w+)/g;
    $script .= ($own ? "$own;" : '') . " SELECT $function(\$q\$$query\$q\$); $reset\n";
  }
  my @lines = split /\n/, $node->safe_psql('postgres', $script);
  is(scalar(@lines), scalar(@these), 'an answer to each');
  return @lines;
}
my $off = 'SET health_score.grouping = off;';
my @roads = said('road', '', @shapes);
my @parallel_roads = said('road', $workers, @shapes);
is(scalar(grep { /^(node|workers)$/ } said('road', $off, @shapes)), 0, 'no node where it is off');
for my $i (0 .. $#shapes)
{
  my ($name, $road) = @{ $shapes[$i] };
  is($roads[$i], $road eq 'workers' ? 'node' : $road, "$name: road") if $road ne 'any';
  is($parallel_roads[$i], $road, "$name: road with workers") if $road eq 'workers' || $road eq 'plain';
}

# All shapes in the ways that matter to each, and every third, or so, in others.
my %expected;
@expected{@shapes} = said('outcome', $off, @shapes);
# Parts of some thousand events, so that they go to a file and are merged; of more than eight in several passes.
my $little = "SET work_mem = '64kB'; SET hash_mem_multiplier = 1;";
my @parted = grep { $_->[2] =~ /by_(list|time|hash)|parent|parted|spread|_parts/ } @shapes;
sub each_third { my ($first) = @_; return @shapes[ grep { $_ % 3 == $first } 0 .. $#shapes ] }
my %ways = (
  'as it is' => [ '', @shapes ],
  'workers' => [ $workers, @shapes ],
  'little memory' => [ $little, @shapes ],
  'little memory, workers' => [ "$little $workers", @shapes ],
  'partitionwise' => [ 'SET enable_partitionwise_aggregate = on;', @parted ],
  'partitionwise, workers' => [ "SET enable_partitionwise_aggregate = on; $workers", @parted ],
  'forced into a worker' => [ "SET $force = regress;", each_third(0) ],
  'leader idle' => [ "$workers SET parallel_leader_participation = off;", each_third(1) ],
  'no worker launched' => [ "$workers SET max_parallel_workers = 0;", each_third(2) ]);
if ($jit)
{
  my $compiled = 'SET jit = on; SET jit_above_cost = 0;';
  $ways{compiled} = [ $compiled, each_third(1) ];
  $ways{'compiled, workers'} = [ "$compiled $workers", each_third(0) ];
}
like(value($node, "$little EXPLAIN (ANALYZE) SELECT account, $call FROM e GROUP BY account"), qr/Disk Usage: \d{3} kB/,
  'with little memory 20,000 rows go to a file');
for my $way (sort keys %ways)
{
  my ($settings, @these) = @{ $ways{$way} };
  my @outcomes = said('outcome', $settings, @these);
  my @other;
  for my $shape (@these)
  {
    my ($name, $other_answers, $outcome) = (@$shape[ 0, 4 ], shift @outcomes);
    push @other, "$name: $outcome, not $expected{$shape}"
      if $outcome ne $expected{$shape} && $outcome !~ ($other_answers // qr/(?!)/);
  }
  is(join("\n", @other), '', "$way: the same");
}

# ---------------------------------------------------------------- statements and sessions

# Each script prints the same with the node and without it, with workers or not; `node` says whether its plans have it.
my $q = "SELECT account, md5($call\::text) FROM e GROUP BY account ORDER BY account";
my $insert = "SELECT account, $call AS activity FROM e GROUP BY account";
my %scripts = (
  'INSERT ... SELECT' => "BEGIN; CREATE TABLE kept (account int, activity health_activity); INSERT INTO kept $insert;
    INSERT INTO kept $insert RETURNING 1; SELECT md5(string_agg(kept::text, '' ORDER BY kept::text)) FROM kept; ROLLBACK;",
  'ON CONFLICT' => "BEGIN; CREATE TABLE kept (account int PRIMARY KEY, activity health_activity);
    INSERT INTO kept SELECT * FROM ($insert) AS q WHERE account % 2 = 0;
    INSERT INTO kept SELECT * FROM ($insert) AS q WHERE account IS NOT NULL ON CONFLICT (account) DO UPDATE SET activity = kept.activity + excluded.activity;
    SELECT md5(string_agg(kept::text, '' ORDER BY kept::text)) FROM kept; ROLLBACK;",
  'MERGE and UPDATE' => "BEGIN; CREATE TABLE kept (account int, activity health_activity); INSERT INTO kept SELECT id
    FROM a;
    UPDATE kept SET activity = q.activity FROM ($insert) AS q WHERE q.account = kept.account;
    MERGE INTO kept USING ($insert) AS q ON q.account = kept.account WHEN MATCHED AND q.account < 9 THEN DELETE
      WHEN NOT MATCHED THEN INSERT VALUES (-1, q.activity);
    SELECT md5(string_agg(kept::text, '' ORDER BY kept::text)) FROM kept; ROLLBACK;",
  'COPY' => "COPY ($q) TO STDOUT;",
  'tables made of it' => "BEGIN; CREATE TABLE kept AS $insert; CREATE TEMP TABLE briefly AS $insert; CREATE UNLOGGED
    TABLE lightly AS $insert;
    SELECT md5(string_agg(q::text, '' ORDER BY q::text)) FROM (TABLE kept UNION ALL TABLE briefly UNION ALL TABLE lightly) AS q; ROLLBACK;",
  'materialized view' => "CREATE MATERIALIZED VIEW stored AS $insert; CREATE UNIQUE INDEX ON stored (account);
    SELECT md5(string_agg(q::text, '' ORDER BY q::text)) FROM stored AS q;
    INSERT INTO e (id, account, signal, at) VALUES (30000, 5, 'later', '2026-01-01 00:00+00');
    REFRESH MATERIALIZED VIEW stored; REFRESH MATERIALIZED VIEW CONCURRENTLY stored;
    SELECT md5(string_agg(q::text, '' ORDER BY q::text)) FROM stored AS q;
    DROP MATERIALIZED VIEW stored; DELETE FROM e WHERE id = 30000;",
  'temporary table' => "CREATE TEMP TABLE mine AS SELECT * FROM e; ANALYZE mine; $q; " . ($q =~ s/FROM e/FROM mine/r) .
    ';',
  'own rows and savepoints' => "BEGIN; INSERT INTO e (id, account, signal, at) SELECT 40000 + n, n % 5, 'own',
    '2026-01-01 00:00+00' FROM generate_series(1, 50) AS n;
    $q; SAVEPOINT s; DELETE FROM e WHERE account = 1; UPDATE e SET account = 99 WHERE account = 2; $q; ROLLBACK TO s; $q;
    SAVEPOINT t; SELECT account, health_activity(signal, at, 'NaN') FROM e GROUP BY account; ROLLBACK TO t; $q; ROLLBACK; $q;",
  'isolation' => (join ' ', map { "BEGIN ISOLATION LEVEL $_; $q; SELECT count(*) > 0 FROM pg_locks WHERE mode =
    'SIReadLock' AND relation = 'e'::regclass; COMMIT;" }
      'SERIALIZABLE', 'REPEATABLE READ', 'READ COMMITTED READ ONLY', 'SERIALIZABLE READ ONLY DEFERRABLE'),
  'prepared' => (join ' ', map { "SET plan_cache_mode = $_; PREPARE p (int, int) AS SELECT account, md5($call\::text)
    FROM e WHERE account > \$1 AND id % 2 = \$2
      GROUP BY account HAVING account < 35 ORDER BY account; EXECUTE p (5, 0); EXECUTE p (100, 1); EXECUTE p (NULL, 1); EXECUTE p (0, 1); DEALLOCATE p;" }
      qw(auto force_generic_plan force_custom_plan)),
  'plans that grow old' => "PREPARE p AS SELECT account, md5(activity::text) FROM natural_view ORDER BY account;
    EXECUTE p; SET health_score.grouping = off; EXECUTE p;
    SET health_score.grouping = on; EXECUTE p; BEGIN; ALTER TABLE e ADD further int DEFAULT 7; EXECUTE p; DROP INDEX e_account; EXECUTE p; ROLLBACK; EXECUTE p;
    BEGIN; ALTER TABLE e ALTER signal TYPE varchar(300); EXECUTE p; ROLLBACK;",
  'cursors' => "BEGIN; DECLARE c SCROLL CURSOR FOR $q; FETCH 3 FROM c; MOVE 5 IN c; FETCH 2 FROM c; FETCH BACKWARD 4
    FROM c; MOVE LAST IN c; FETCH FIRST FROM c;
    FETCH ABSOLUTE 7 FROM c; FETCH RELATIVE -2 FROM c; FETCH ALL FROM c; FETCH BACKWARD ALL FROM c; CLOSE c;
    DECLARE h CURSOR WITH HOLD FOR $q; FETCH 2 FROM h; COMMIT; FETCH 3 FROM h; FETCH ALL FROM h; CLOSE h;
    BEGIN; DECLARE c CURSOR FOR $insert; MOVE 1 IN c; CLOSE c; DECLARE c CURSOR FOR $insert; MOVE 1 IN c; COMMIT;
    BEGIN; DECLARE c NO SCROLL CURSOR FOR SELECT account, health_activity(signal, at, 'NaN') FROM e GROUP BY account; FETCH 1 FROM c; ROLLBACK; $q;",
  'cursors in no order' => q{DO $$ DECLARE c SCROLL CURSOR FOR SELECT account, health_activity(signal, at, value) AS y
    FROM e GROUP BY account;
      r record; forward text[] := '{}'; backward text[] := '{}'; BEGIN
      OPEN c; LOOP FETCH c INTO r; EXIT WHEN NOT FOUND; forward := forward || r::text; END LOOP;
      LOOP FETCH BACKWARD FROM c INTO r; EXIT WHEN NOT FOUND; backward := r::text || backward; END LOOP;
      RAISE NOTICE '% % %', cardinality(forward), forward = backward, (SELECT md5(string_agg(t, '' ORDER BY t)) FROM unnest(forward) AS t); END $$;},
  'loops and exceptions' => q{DO $$ DECLARE r record; failed int := 0; seen text := ''; BEGIN
      FOR i IN 1..20 LOOP
        BEGIN
          FOR r IN SELECT account, health_activity(signal, at, CASE WHEN id % 20 = i AND i % 2 = 0 THEN 'NaN' ELSE value END) AS y FROM e GROUP BY account ORDER BY 1 LOOP
            IF i = 5 AND r.account = 3 THEN RAISE division_by_zero; END IF;
            IF i = 7 AND r.account = 3 THEN EXIT; END IF;
            seen := md5(seen || r::text);
          END LOOP;
        EXCEPTION WHEN numeric_value_out_of_range OR division_by_zero THEN failed := failed + 1;
        END;
      END LOOP;
      RAISE NOTICE '% %', failed, seen; END $$;},
  'permission' => "BEGIN; PREPARE p AS SELECT account, health_activity(signal, at) FROM e GROUP BY account; REVOKE
    EXECUTE ON FUNCTION health_activity(text, timestamptz) FROM PUBLIC;
    SET LOCAL ROLE analyst; SAVEPOINT s; SELECT account, health_activity(signal, at) FROM e GROUP BY account; ROLLBACK TO s;
    EXPLAIN SELECT account, health_activity(signal, at) FROM e GROUP BY account; ROLLBACK TO s; EXECUTE p; ROLLBACK; DEALLOCATE p;",
  'row security' => "SET ROLE analyst; SELECT account, md5($call\::text) FROM secured GROUP BY account ORDER BY 1;
    PREPARE p AS SELECT account, md5($call\::text) FROM secured GROUP BY account ORDER BY 1;
    EXECUTE p; RESET ROLE; EXECUTE p;");
$scripts{'MERGE ... RETURNING'} = "BEGIN; CREATE TABLE kept (account int, activity health_activity);
    INSERT INTO kept SELECT id FROM a UNION ALL SELECT -7, NULL;
    WITH changed AS (MERGE INTO kept USING ($insert) AS q ON q.account = kept.account WHEN MATCHED AND q.account < 9 THEN DELETE
      WHEN MATCHED THEN UPDATE SET activity = q.activity WHEN NOT MATCHED BY TARGET THEN INSERT VALUES (q.account, q.activity)
      WHEN NOT MATCHED BY SOURCE THEN DELETE RETURNING merge_action() AS action, kept.account, md5(q.activity::text))
    SELECT * FROM changed ORDER BY 1, 2; ROLLBACK;" if $version >= 17;
$scripts{'RETURNING old and new'} = "BEGIN; CREATE TABLE kept AS $insert;
    WITH changed AS (UPDATE kept SET activity = q.activity FROM (SELECT account, health_activity(signal, at) AS activity FROM e GROUP BY account) AS q
      WHERE q.account = kept.account RETURNING new.account, md5(old.activity::text), md5(new.activity::text))
    SELECT * FROM changed ORDER BY 1; ROLLBACK;" if $version >= 18;
for my $name (sort keys %scripts)
{
  for my $way ('', $workers)
  {
    my @printed;
    for my $switch ('on', 'off')
    {
      my ($out, $err) = ('', '');
      $node->psql('postgres', "SET health_score.grouping = $switch; $way\n$scripts{$name}", on_error_stop => 0, stdout => \$out, stderr => \$err);
      push @printed, ($out . $err) =~ s/\nCONTEXT:  parallel worker//gr;
    }
    is($printed[0], $printed[1], "$name: the same" . ($way && ' with workers'));
    cmp_ok(length $printed[0], '>', 30, "$name: something");
  }
}

# A row that another session changes while it is waited for is joined again with the groups that were made.
if ($available{dblink})
{
  my ($host, $port) = ($node->host, $node->port);
  my @printed = map { value($node, "SET client_min_messages = error; SET health_score.grouping = $_; CREATE EXTENSION
    IF NOT EXISTS dblink;
    CREATE TABLE waiting AS SELECT id, 0 AS n, NULL::health_activity AS activity FROM a;
    SELECT dblink_connect('c', 'host=$host port=$port dbname=postgres') || dblink_exec('c', 'BEGIN') || dblink_exec('c', 'UPDATE waiting SET n = n + 1 WHERE id % 2 = 0')
      || dblink_send_query('c', 'SELECT pg_sleep(0.5); COMMIT');
    UPDATE waiting SET activity = q.activity FROM ($insert) AS q WHERE q.account = id;
    SELECT dblink_disconnect('c'); SELECT count(*), sum(n), md5(string_agg(waiting::text, '' ORDER BY id)) FROM waiting; DROP TABLE waiting") } 'on', 'off';
  is($printed[0], $printed[1], 'rows that change meanwhile: the same');
}

# The plan of the first statement of a session; nothing is loaded before, neither here nor in a worker.
is(value($node, "SELECT current_setting('shared_preload_libraries') || current_setting('session_preload_libraries')"), '', 'nothing preloaded');
like(value($node, "EXPLAIN $insert"), qr/^Custom Scan \(HealthActivity\)/, 'the first statement of a session takes the node');
like(value($node, "$workers SET parallel_leader_participation = off; EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) $insert"),
  qr/^Gather \(actual rows=41\b.*Workers Launched: [12]\n.*Parallel Custom Scan \(HealthActivity\) \(actual.*Accounts: 41\n.*Parallel Seq Scan on e/s,
  'and workers load the library themselves');

# EXPLAIN in its formats.
my $explained = value($node, "EXPLAIN (ANALYZE, VERBOSE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF) $insert HAVING $call IS NOT NULL");
like($explained, qr/Custom Scan \(HealthActivity\) \(actual rows=40\b/, 'EXPLAIN: the groups that are left');
like($explained, qr/Output: account, \(?health_activity\(signal, at, value\)\)?/, 'EXPLAIN: the columns');
like($explained, qr/Filter: .*IS NOT NULL\)\n\s*Rows Removed by Filter: 1\n/, 'EXPLAIN: the condition');
like($explained, qr/Accounts: 41\n/, 'EXPLAIN: accounts');
like($explained, qr/Memory Usage: \d+ ?kB/, 'EXPLAIN: memory');
like($explained, qr/Seq Scan on public\.e \(actual rows=20000\b/, 'EXPLAIN: the rows of the scan');
like(value($node, "EXPLAIN (GENERIC_PLAN, COSTS OFF) SELECT account, $call FROM e WHERE value > \$1 GROUP BY account"),
  qr/HealthActivity\)\n *->  Seq Scan on e\n *Filter: \(value > \$1\)/, 'EXPLAIN: GENERIC_PLAN') if $version >= 16;
like(value($node, "$workers EXPLAIN (ANALYZE, MEMORY, SERIALIZE BINARY, COSTS OFF) $insert"), qr/HealthActivity.*Serialization: /s,
  'EXPLAIN: SERIALIZE') if $version >= 17;
for my $format (qw(json xml yaml))
{
  my $text = value($node, "$workers EXPLAIN (ANALYZE, VERBOSE, BUFFERS, FORMAT $format) $insert");
  like($text, qr/Custom.Plan.Provider"?>?[: "]*HealthActivity.*Accounts"?>?[: ]*41\b/s, "EXPLAIN: $format");
  is(value($node, "SELECT \$j\$$text\$j\$::json IS NOT NULL"), 't', 'which is JSON') if $format eq 'json';
}
like(value($node, "$workers EXPLAIN (VERBOSE, COSTS OFF) $insert"),
  qr/Parallel Custom Scan \(HealthActivity\)\n +Output: account, \(?health_activity\(signal, at, value\)\)?/, 'EXPLAIN: with workers');
{
  my ($out, $states, $err) = sqlstates($node, "LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET
    auto_explain.log_analyze = on;
    SET auto_explain.log_verbose = on; SET auto_explain.log_nested_statements = on; SET client_min_messages = log; $workers $insert;");
  SKIP: {
    skip 'no auto_explain', 1 if grep { $_ eq '58P01' } @$states;
    is("@$states", '', 'auto_explain');
  }
}

# Many rescans keep no memory: of a function, and of a table that is read by pages, whose condition changes.
for my $rows ('events_of(o.n % 40, o.n % 20)', 'left_one WHERE id > o.n')
{
  my $rescans = "SELECT DISTINCT (SELECT sum(total_bytes) FROM pg_backend_memory_contexts WHERE o.n > 0) FROM
    generate_series(1, 2000) AS o (n)
    LEFT JOIN LATERAL (SELECT account, $call FROM $rows GROUP BY account) AS q ON true WHERE o.n IN (100, 1900) OR length(q.health_activity::text) > 1000000";
  like(value($node, "EXPLAIN $rescans"), qr/HealthActivity/, "rescans of the node: $rows");
  my @sizes = split /\n/, value($node, "SELECT * FROM ($rescans) AS q (size) ORDER BY 1");
  cmp_ok($sizes[-1] - $sizes[0], '<', 500_000, "a node that is read again and again does not grow: $rows");
  next if !$jit || $rows =~ /events_of/;
  my ($functions) = value($node, "SET jit = on; SET jit_above_cost = 0; EXPLAIN (ANALYZE) $rescans") =~ /JIT:\n
    *Functions: (\d+)/;
  cmp_ok($functions, '<', 100, 'and is compiled once');
}

# A page of keys that are stored elsewhere is not read at once: 200 of 2 MB each.
$node->safe_psql('postgres', "CREATE TABLE large_keys AS SELECT repeat(md5((n % 2)::text), 60000) AS account, 'x' AS signal, date '2025-01-01' AS day
  FROM generate_series(1, 200) AS n; VACUUM ANALYZE large_keys");
{
  my $grouped = 'SELECT account, health_activity(signal, day) FROM large_keys GROUP BY account';
  my $most = "substring(pg_read_file('/proc/self/status') FROM 'VmHWM:\\s*(\\d+)')::int";
  my $costs = 'SET cpu_operator_cost = 1; SET enable_sort = off;';
  like(value($node, "$costs EXPLAIN $grouped"), qr/HealthActivity/, 'large keys');
  my @kilobytes = split /\n/, value($node, "$costs SELECT $most; SELECT sum(length(account)) + 0 * count(health_activity) FROM ($grouped) AS q; SELECT $most");
  is($kilobytes[1], 2 * 32 * 60000, 'both');
  cmp_ok($kilobytes[2] - $kilobytes[0], '<', 100_000, 'a page of large keys is not held in memory');
}

# With little memory parts go to a file: the same bytes, by one process and by workers, and the file's own errors.
$node->safe_psql('postgres', "CREATE TABLE many AS SELECT (n::bigint * 7919 % 30011)::int AS account, 'signal ' || n % 7 AS signal,
  date '2025-01-01' + n / 3000 AS day, CASE WHEN n % 3 > 0 THEN n / 8.0 END::float8 AS value FROM generate_series(1, 600000) AS n; ANALYZE many");
{
  my $grouped = 'SELECT account, health_activity(signal, day, value) AS y FROM many GROUP BY account';
  my $digest = "SELECT md5(string_agg(account || md5(health_activity_send(y)), '' ORDER BY account)) FROM ($grouped) AS q";
  my $expected = value($node, "SET health_score.grouping = off; $digest");
  for my $way ('', $workers)
  {
    for my $memory ('64kB', '1MB', '4MB')
    {
      my $less = "SET work_mem = '$memory'; SET enable_sort = off; $way";
      like(value($node, "$less EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) $grouped"),
        qr/HealthActivity.*Disk Usage: \d{4,} kB/s, "a node that spills with $memory" . ($way && ' and workers'));
      is(value($node, "$less $digest"), $expected, 'gives the same bytes');
    }
  }
  $little .= ' SET enable_sort = off;';
  my ($out, $states) = sqlstates($node, "$little SET temp_file_limit = '1MB'; $grouped; RESET temp_file_limit; SELECT 'well';");
  is("@$states $out", '53400 well', 'a file that may not grow is an error');
  ($out, $states) = sqlstates($node, "$little BEGIN; DECLARE c CURSOR FOR $grouped; SAVEPOINT s; MOVE 10 FROM c; RELEASE s;
    MOVE 10 FROM c; CLOSE c; DECLARE d CURSOR FOR $grouped; MOVE 10 FROM d; COMMIT; SELECT 'well';");
  is("@$states $out", ' well', 'a file is closed with its cursor');
  is(value($node, "$little SELECT count(DISTINCT md5) FROM generate_series(1, 3) AS o (n), LATERAL (SELECT md5(string_agg(
      health_activity_send(y)::text, '' ORDER BY account)) FROM (SELECT account, health_activity(signal, day, value) AS y FROM many
      WHERE o.n > 0 GROUP BY account) AS q) AS d"), 1, 'read again');
  is(value($node, q{SELECT count(*) FROM pg_ls_dir('base/pgsql_tmp', true, false)}), 0, 'no file is left');
}

# Signals that are all different take some file, not more and more of it.
{
  my $grouped = "SELECT n % 100 AS account, health_activity(md5(n::text), date '2025-01-01') FROM generate_series(1, 100000) AS n GROUP BY 1";
  my ($disk) = value($node, "SET work_mem = '64kB'; SET enable_sort = off; EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) $grouped") =~ /HealthActivity.*Disk Usage: (\d+)/s;
  cmp_ok($disk, '<', 50_000, 'signals that are all different');
}

# So do several keys.
{
  my $grouped = "SELECT account, CASE WHEN value > 9000 THEN repeat('large ', account % 9) END AS size, signal, health_activity(signal, day, value) AS y
    FROM many GROUP BY 1, 2, 3";
  my $digest = "SELECT md5(string_agg(md5(health_activity_send(y)) || coalesce(size, '-'), '' ORDER BY account, size, signal)) FROM ($grouped) AS q";
  my $expected = value($node, "SET health_score.grouping = off; $digest");
  for my $way ('', $workers)
  {
    my $little = "SET work_mem = '1MB'; SET enable_sort = off; $way";
    like(value($node, "$little EXPLAIN (COSTS OFF) $grouped"), qr/HealthActivity/, 'several keys that spill' . ($way && ' with workers'));
    is(value($node, "$little $digest"), $expected, 'give the same bytes');
  }
}

# It stops when it is told to: while it reads, and while workers do.
for my $way ('', $workers)
{
  my $began = time;
  my ($out, $states) = sqlstates($node, "SET statement_timeout = 500; $way SELECT count(y) FROM (SELECT account,
    health_activity(signal, at) AS y
    FROM e, generate_series(1, 3000) GROUP BY account OFFSET 0) AS q; RESET statement_timeout; SELECT 'well';");
  is("@$states $out", '57014 well', 'canceled' . ($way && ' with workers'));
  cmp_ok(time - $began, '<', 10, 'in time');
}

# The extension goes and comes, into another schema, under plans that were kept.
$node->safe_psql('postgres', 'CREATE DATABASE other');
my @comings = map {
  my ($out, $err) = ('', '');
  $node->psql('other', "SET client_min_messages = error; SET search_path = public, scoring; CREATE EXTENSION
    health_score; SET health_score.grouping = $_;
    CREATE TABLE e AS SELECT n % 7 AS account, 's' || n % 5 AS signal, date '2026-01-01' + n % 60 AS day FROM generate_series(1, 20000) AS n; ANALYZE e;
    PREPARE p AS SELECT account, md5(health_activity(signal, day)::text) FROM e GROUP BY account ORDER BY account; EXECUTE p;
    DROP EXTENSION health_score; EXECUTE p; CREATE SCHEMA scoring; CREATE EXTENSION health_score SCHEMA scoring; EXECUTE p;
    ALTER EXTENSION health_score SET SCHEMA public; EXECUTE p;
    SELECT (SELECT count(*) FROM (SELECT account, health_activity(signal, day) FROM e GROUP BY account) AS q WHERE q IS NOT NULL);
    DROP EXTENSION health_score; DROP TABLE e; DROP SCHEMA scoring;", on_error_stop => 0, stdout => \$out, stderr => \$err);
  $out . $err } 'on', 'off';
is($comings[0], $comings[1], 'dropped and created again: the same');
like($comings[0], qr/does not exist/, 'dropped: an error');

clean_log($node);
done_testing();
