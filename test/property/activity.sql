-- health_activity, health_daily, health_observation, health_rollup, health_splice, health_trim, health_without,
-- health_cells, health_measure, health_active_count, health_days_inactive, health_first_day, health_last_day and
-- health_members: random events through every way of building, merging, storing and asking an activity, against plain
-- SQL.
-- Runs in a fresh database as superuser. A failure names its seed: repeat it with psql -v seed=0.123456 -f ...
\ir common/start.sql
\ir common/trial.sql

-- ---------------------------------------------------------------- random events

-- Days cluster, so that cells repeat and merge; a few events lie anywhere in 1970..2199, or at a midnight.
-- Values: integers, ties at half a millionth (m/128), cents, any double. A row serves events and daily tables.
CREATE TABLE event AS
SELECT account, signal, occurred_at, occurred_at AT TIME ZONE 'UTC' AS utc,
       (occurred_at AT TIME ZONE 'UTC')::date AS day,
       CASE WHEN part < 5 THEN occurred_at::text ELSE (occurred_at AT TIME ZONE 'UTC')::text END AS told, value, count, part
FROM (SELECT floor(400 * a * a)::int AS account,
             CASE WHEN b >= 0.02 THEN names[1 + floor(c * cardinality(names))::int] END AS signal,
             CASE WHEN d >= 0.02
                  THEN timestamptz '1970-01-01 00:00+00'
                       + interval '24 hours'
                         * CASE WHEN e < 0.02 THEN floor(f * 84006)::int ELSE 20400 + floor(f * f * 200)::int END
                       + interval '1 microsecond'
                         * CASE WHEN g < 0.1 THEN 0 WHEN g > 0.9 THEN 86399999999 ELSE floor(g * 86400000000) END
             END AS occurred_at,
             CASE WHEN h < 0.2 THEN NULL
                  WHEN h < 0.4 THEN floor(i * 21) - 10
                  WHEN h < 0.6 THEN (floor(i * 2001) - 1000) / 128
                  WHEN h < 0.8 THEN round(((i - 0.5) * 1e7)::numeric, 2)::float8
                  ELSE (i - 0.5) * 1000 END AS value,
             nullif(floor(j * 6)::int, 5) AS count,
             floor(k * 10)::int AS part
      FROM (SELECT random() AS a, random() AS b, random() AS c, random() AS d, random() AS e, random() AS f,
                   random() AS g, random() AS h, random() AS i, random() AS j, random() AS k
            FROM generate_series(1, 25000)) AS dice,
           (SELECT ARRAY['login', 'Login', 'LOGIN', 'export', 'é', 'Zebra', 'a b', '🚀', '🚀🚀 launched', 'x"y\z',
                         E'tab\tline\nend\x01', '{}', 'null', '*', 'user:1', 'user:2', 'user:22', 'user:é', 'user:🚀',
                         'user:', 'üser:1', repeat('x', 255), repeat('x', 254), repeat('🚀', 63) || 'end'] AS names
           ) AS n) AS e;

-- The oracle. Form 1-4 are events with a time of four types, 5-8 the same with a value, 9 is a daily table.
CREATE TABLE cell AS
SELECT form, account, signal, day, sum(n)::int AS count,
       coalesce(sum(n) FILTER (WHERE v IS NOT NULL), 0)::int AS value_count,
       sum(round(v::text::numeric, 6)) AS value  -- the text of a float8 has all its digits, a cast to numeric has 15
FROM event
     CROSS JOIN LATERAL (VALUES (1, 1, NULL), (2, 1, NULL), (3, 1, NULL), (4, 1, NULL),
                                (5, 1, value), (6, 1, value), (7, 1, value), (8, 1, value), (9, count, value)) AS f (form, n, v)
WHERE signal IS NOT NULL AND day IS NOT NULL AND n > 0
GROUP BY form, account, signal, day;

-- ---------------------------------------------------------------- ways to build

\set forms 'ARRAY[health_activity(signal, occurred_at), health_activity(signal, utc), health_activity(signal, day),'
\set forms :forms 'health_activity(signal, told),'
\set forms :forms 'health_activity(signal, occurred_at, value), health_activity(signal, utc, value),'
\set forms :forms 'health_activity(signal, day, value), health_activity(signal, told, value),'
\set forms :forms 'health_daily(signal, day, count, CASE WHEN count > 0 THEN value END)] AS forms'
\set unpacked 'unnest(forms) WITH ORDINALITY AS u (activity, form)'
\set query 'SELECT account, ' :forms ' FROM event GROUP BY account'
\set sharded 'SELECT account, ' :forms ' FROM shard GROUP BY account'

CREATE TABLE way (way text, account int, form int, activity health_activity);
CREATE FUNCTION plan(query text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE result jsonb;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO result;
  RETURN result;
END $$;

INSERT INTO way SELECT 'serial', account, form, activity FROM (:query) AS q, :unpacked;
INSERT INTO way
SELECT 'shuffled', account, form, activity
FROM (SELECT account, :forms FROM (SELECT * FROM event ORDER BY random()) AS e GROUP BY account) AS q, :unpacked;

-- Ten random parts, merged by the aggregate and, one after the other, by the operator.
CREATE FUNCTION plus(a health_activity, b health_activity) RETURNS health_activity
  LANGUAGE sql STRICT IMMUTABLE AS 'SELECT a + b';
CREATE AGGREGATE plus(health_activity) (sfunc = plus, stype = health_activity);
CREATE TABLE part AS
SELECT account, part, form, activity
FROM (SELECT account, part, :forms FROM event GROUP BY account, part) AS q, :unpacked;
INSERT INTO way SELECT 'health_rollup', account, form, health_rollup(activity) FROM part GROUP BY account, form;
INSERT INTO way SELECT '+', account, form, plus(activity ORDER BY random()) FROM part GROUP BY account, form;

-- Built by two workers, which the settings force.
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
ANALYZE event;
CREATE TABLE parallel AS :query;
INSERT INTO way SELECT 'parallel', account, form, activity FROM parallel, :unpacked;
INSERT INTO trial
SELECT 'two workers aggregate partially', p,
       p @? '$.** ? (@."Workers Planned" == 2).** ? (@."Partial Mode" == "Partial")'
       AND p @? '$.** ? (@."Partial Mode" == "Finalize")', true
FROM plan(:'query') AS p;
SET max_parallel_workers_per_gather = 0;

-- Partitionwise: partial aggregates where an account lies in all partitions, whole ones where it lies in one.
SET enable_partitionwise_aggregate = on;
CREATE TABLE shard (LIKE event) PARTITION BY HASH (part);
CREATE TABLE shard_0 PARTITION OF shard FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE shard_1 PARTITION OF shard FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE shard_2 PARTITION OF shard FOR VALUES WITH (MODULUS 3, REMAINDER 2);
INSERT INTO shard SELECT * FROM event;
ANALYZE shard;
INSERT INTO way SELECT 'partitionwise, partial', account, form, activity FROM (:sharded) AS q, :unpacked;
INSERT INTO trial
SELECT 'partitions aggregate partially', p,
       p @? '$.** ? (@."Node Type" == "Append").Plans[*] ? (@."Partial Mode" == "Partial")', true
FROM plan(:'sharded') AS p;
DROP TABLE shard;
CREATE TABLE shard (LIKE event) PARTITION BY HASH (account);
CREATE TABLE shard_0 PARTITION OF shard FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE shard_1 PARTITION OF shard FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO shard SELECT * FROM event;
ANALYZE shard;
INSERT INTO way SELECT 'partitionwise, whole', account, form, activity FROM (:sharded) AS q, :unpacked;
INSERT INTO trial
SELECT 'partitions aggregate wholly', p,
       p @? '$.** ? (@."Node Type" == "Append").Plans[*] ? (@."Partial Mode" == "Simple")', true
FROM plan(:'sharded') AS p;
RESET enable_partitionwise_aggregate;

-- Grouped by the extension's own node, for each type of account; serial and with two workers. It takes one call at a
-- time, and none of a time as text (forms 4 and 8) or of a daily table (9): the executor's aggregate does these.
CREATE FUNCTION grouped(way text, account text, back text, workers int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  arguments text;
  query text;
  form int := 0;
BEGIN
  PERFORM set_config('max_parallel_workers_per_gather', workers::text, true);
  FOREACH arguments IN ARRAY ARRAY['occurred_at', 'utc', 'day', 'told', 'occurred_at, value', 'utc, value', 'day, value',
                                 'told, value'] LOOP
    form := form + 1;
    -- INSERT ... SELECT never has workers.
    query := format('SELECT %s AS account, health_activity(signal, %s) AS activity FROM event GROUP BY 1', account, arguments);
    EXECUTE 'CREATE TEMPORARY TABLE grouped AS ' || query;
    EXECUTE format('INSERT INTO way SELECT %L, %s, %s, activity FROM grouped AS u', way, back, form);
    DROP TABLE grouped;
    INSERT INTO trial
    SELECT 'grouped: ' || workers || ' workers', query, ROW(p @? '$.**."Custom Plan Provider" ? (@ == "HealthActivity")',
                           p @? '$.**."Workers Planned" ? (@ == 2)'), ROW(form NOT IN (4, 8), workers = 2)
    FROM plan(query) AS p;
  END LOOP;
  EXECUTE format('INSERT INTO way SELECT %L, account, form, activity FROM way WHERE way = ''serial'' AND form = 9', way);
END $$;
SELECT grouped('grouped by ' || key || ', ' || workers || ' workers', expression, back, workers)
FROM (VALUES ('integer', 'account', 'u.account'),
             ('bigint', 'account * 1000000007::bigint', '(u.account / 1000000007)::int'),
             ('date', 'date ''2000-01-01'' + account', 'u.account - date ''2000-01-01'' '),
             ('text', '''account '' || account', 'substr(u.account, 9)::int'),
             ('uuid', 'lpad(account::text, 32, ''0'')::uuid', 'replace(u.account::text, ''-'', '''')::numeric::int')
     ) AS v (key, expression, back), (VALUES (0), (2)) AS w (workers);

-- Out as text and as COPY BINARY, and back in.
INSERT INTO way SELECT 'text', account, form, activity::text::health_activity FROM way WHERE way = 'serial';
SELECT '/tmp/health_score_' || pg_backend_pid() AS file \gset
\set remove 'cat > /dev/null; rm ' :file
COPY (SELECT 'copy binary', account, form, activity FROM way WHERE way = 'serial') TO :'file' (FORMAT binary);
COPY way FROM :'file' (FORMAT binary);
COPY (SELECT) TO PROGRAM :'remove';  -- the server owns the file

-- ---------------------------------------------------------------- equal to the oracle, equal to the byte

INSERT INTO trial
SELECT 'health_cells, form ' || form, format('account %s, %s, %s', account, signal, day), mine, theirs
FROM (SELECT form, account, signal, day, ROW(count, value_count, value) AS mine
      FROM way, health_cells(activity) WHERE way = 'serial') AS m
     FULL JOIN (SELECT form, account, signal, day, ROW(count, value_count, value::float8) AS theirs FROM cell) AS c
     USING (form, account, signal, day);

-- All ways have the same bytes, and = says so.
INSERT INTO trial
SELECT 'same bytes: ' || w.way, format('account %s, form %s', account, form),
       ROW(md5(health_activity_send(o.activity)), o.activity IS NOT DISTINCT FROM s.activity),
       ROW(md5(health_activity_send(s.activity)), true)
FROM (SELECT DISTINCT way FROM way WHERE way <> 'serial') AS w
     CROSS JOIN (SELECT account, form, activity FROM way WHERE way = 'serial') AS s
     LEFT JOIN way AS o USING (way, account, form);

-- The four types of time say the same; order and hash are those of the bytes.
INSERT INTO trial
SELECT 'overloads agree', format('account %s, valued %s', account, valued), count(DISTINCT activity::text), 1
FROM (SELECT account, form > 4 AS valued, activity FROM way WHERE way = 'serial' AND form < 9) AS w
GROUP BY account, valued HAVING count(activity) > 0;
INSERT INTO trial
SELECT 'order', activity, rank() OVER (ORDER BY activity), rank() OVER (ORDER BY health_activity_send(activity))
FROM way WHERE way = 'serial';
SET enable_sort = off;
INSERT INTO trial
SELECT 'hash', bytes, n, m
FROM (SELECT activity, count(*) AS n FROM way GROUP BY activity) AS a
     FULL JOIN (SELECT health_activity_send(activity) AS bytes, count(*) AS m FROM way GROUP BY bytes) AS b
     ON health_activity_send(activity) = bytes
WHERE activity IS NOT NULL OR bytes IS NOT NULL;
RESET enable_sort;

-- ---------------------------------------------------------------- questions to an activity

CREATE TABLE fleet AS
SELECT account, activity FROM way WHERE way = 'serial' AND form = 5 AND activity IS NOT NULL;
CREATE TABLE truth AS
SELECT account, signal, day, count, value_count, value FROM cell WHERE form = 5 ORDER BY account, day;
CREATE INDEX ON truth (account, day);

-- Signals are asked by name and by prefix; dates lie around the busy days, some far away.
CREATE TABLE ask AS
SELECT id, account, other, names[1 + floor(a * cardinality(names))::int] AS signal,
       names[1 + floor(b * cardinality(names))::int] AS another,
       date '1970-01-01' + CASE WHEN c < 0.05 THEN floor(d * 84006)::int ELSE 20380 + floor(d * 240)::int END AS as_of,
       1 + floor(e * e * 200)::int AS days, 1 + floor(f * f * 6)::int AS min_days, g < 0.3 AS few
FROM (SELECT id, floor(random() * 400)::int AS account, floor(random() * 400)::int AS other, random() AS a,
             random() AS b, random() AS c, random() AS d, random() AS e, random() AS f, random() AS g
      FROM generate_series(1, 1000) AS id) AS dice,
     (SELECT array_agg(name ORDER BY name COLLATE "C") AS names
      FROM (SELECT signal AS name FROM truth UNION VALUES ('user:*'), ('x*'), ('🚀*'), ('*'), ('never')) AS n) AS n;
ANALYZE truth, ask, fleet;

-- A name that ends in * stands for a prefix.
CREATE FUNCTION matches(name text, pattern text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN right(pattern, 1) = '*' THEN starts_with(name, left(pattern, -1)) ELSE name = pattern END
$$;
-- All cells as one value, to compare whole activities.
\set cells 'jsonb_agg(jsonb_build_array(signal, day, count, value_count, value::float8)'
\set cells :cells ' ORDER BY signal COLLATE "C", day)'

-- Functions that return an activity: the right cells, in the one encoding (from its text it is made anew).
CREATE TABLE answer AS
SELECT id, 'health_splice' AS claim, health_splice(a.activity, b.activity, as_of) AS mine,
       (SELECT :cells FROM truth AS t
        WHERE t.account = ask.account AND day < as_of OR t.account = other AND day >= as_of) AS theirs
FROM ask LEFT JOIN fleet AS a ON a.account = ask.account LEFT JOIN fleet AS b ON b.account = other
WHERE ask.account <> other
UNION ALL
SELECT id, 'health_splice of nothing',
       health_splice(CASE WHEN few THEN activity END, CASE WHEN NOT few THEN activity END, as_of),
       (SELECT :cells FROM truth AS t WHERE t.account = ask.account AND (day < as_of) = few)
FROM ask JOIN fleet USING (account)
UNION ALL
SELECT id, 'health_trim', health_trim(activity, as_of),
       (SELECT :cells FROM truth AS t WHERE t.account = ask.account AND day >= as_of)
FROM ask JOIN fleet USING (account)
UNION ALL
SELECT id, 'health_without', health_without(activity, ARRAY[signal, NULL, another]),
       (SELECT :cells FROM truth AS t
        WHERE t.account = ask.account AND NOT matches(t.signal, ask.signal) AND NOT matches(t.signal, another))
FROM ask JOIN fleet USING (account)
UNION ALL
SELECT id, 'health_observation', activity + health_observation(another, as_of, id / 7.0),
       (SELECT :cells
        FROM (SELECT signal, day, sum(count) AS count, sum(value_count) AS value_count, sum(value) AS value
              FROM (SELECT signal, day, count, value_count, value FROM truth AS t WHERE t.account = ask.account
                    UNION ALL VALUES (another, as_of, 1, 1, round(id / 7.0, 6))) AS t
              GROUP BY signal, day) AS t)
FROM ask JOIN fleet USING (account);
INSERT INTO trial
SELECT claim, format('id %s', id), (SELECT :cells FROM health_cells(mine)), theirs FROM answer;
INSERT INTO trial
SELECT claim || ', encoded', format('id %s', id), health_activity_send(mine),
       health_activity_send(mine::text::health_activity) FROM answer;

-- Functions that return a number or a date. A mean may differ in the last bit, everything else is exact.
INSERT INTO trial
SELECT 'health_measure ' || measure, format('id %s', id), health_measure(activity, ask.signal, as_of, days, measure),
       CASE measure WHEN 'count' THEN events WHEN 'days' THEN active WHEN 'sum' THEN total WHEN 'last' THEN latest
                    WHEN 'distinct' THEN signals END::float8,
       CASE WHEN measure = 'last' THEN 1e-12 * abs(latest) END
FROM ask JOIN fleet USING (account)
     CROSS JOIN unnest(ARRAY['count', 'days', 'sum', 'last', 'distinct']) AS measure
     CROSS JOIN LATERAL (
       SELECT coalesce(sum(count), 0) AS events, count(*) AS active, coalesce(sum(value), 0) AS total,
              (array_agg(value / value_count ORDER BY day DESC) FILTER (WHERE value_count > 0))[1] AS latest,
              count(DISTINCT signal) AS signals
       FROM truth AS t
       WHERE t.account = ask.account AND day >= as_of - days AND day < as_of
             AND matches(t.signal, ask.signal)) AS t
WHERE (measure = 'distinct') = (right(ask.signal, 1) = '*');  -- a prefix is for distinct only

INSERT INTO trial
SELECT CASE WHEN few THEN 'health_active_count of some' ELSE 'health_active_count' END, format('id %s', id),
       health_active_count(activity, as_of, days, min_days, CASE WHEN few THEN ARRAY[ask.signal, another] END),
       (SELECT count(*)
        FROM (SELECT FROM truth AS t
              WHERE t.account = ask.account AND day >= as_of - days AND day < as_of
                    AND (NOT few OR matches(t.signal, ask.signal) OR matches(t.signal, another))
              GROUP BY t.signal HAVING count(*) >= min_days) AS s)
FROM ask JOIN fleet USING (account);

-- Members in their order, with all bits of their numbers.
INSERT INTO trial
SELECT 'health_members', format('id %s, prefix %s', id, prefix),
       (SELECT string_agg(m::text, ' ' ORDER BY n)
        FROM (SELECT member, active_days, days_inactive, rhythm, share, n
              FROM health_members(activity, prefix, as_of, days) WITH ORDINALITY AS m (member, active_days, days_inactive, rhythm, share, n)
             ) AS m),
       (SELECT string_agg(m::text, ' ' ORDER BY n)
        FROM (SELECT member, active_days, days_inactive, rhythm,
                     coalesce(active_days::float8 / nullif(sum(active_days) OVER (), 0), 0) AS share,
                     row_number() OVER (ORDER BY active_days DESC, days_inactive, member COLLATE "C") AS n
              FROM (SELECT substr(t.signal, length(begin) + 1) AS member,
                           count(*) FILTER (WHERE day >= as_of - days) AS active_days,
                           as_of - 1 - last AS days_inactive,
                           least(days, last - first + 1)::float8 / count(*) FILTER (WHERE day > last - days) AS rhythm
                    FROM (SELECT t.signal, day, min(day) OVER s AS first, max(day) OVER s AS last
                          FROM truth AS t
                          WHERE t.account = ask.account AND day < as_of AND matches(t.signal, begin || '*') AND t.signal <> begin
                          WINDOW s AS (PARTITION BY t.signal)) AS t
                    GROUP BY t.signal, first, last) AS m) AS m)
FROM ask JOIN fleet USING (account)
     CROSS JOIN LATERAL (VALUES (signal), ('user:'), ('user:*'), (left(another, 1))) AS p (prefix)
     CROSS JOIN LATERAL (SELECT CASE WHEN right(prefix, 1) = '*' THEN left(prefix, -1) ELSE prefix END AS begin) AS b;

-- With a NULL signal these ask for any of them.
INSERT INTO trial
SELECT claim || CASE WHEN one IS NULL THEN '' ELSE ' of a signal' END, format('id %s', id), mine, theirs
FROM ask JOIN fleet USING (account)
     CROSS JOIN LATERAL (VALUES (NULL), (signal)) AS s (one)
     CROSS JOIN LATERAL (SELECT min(day) AS first, max(day) AS last, max(day) FILTER (WHERE day < as_of) AS latest
                         FROM truth AS t WHERE t.account = ask.account AND (one IS NULL OR matches(t.signal, one))) AS t
     CROSS JOIN LATERAL (
       VALUES ('health_days_inactive', health_days_inactive(activity, as_of, one)::text, (as_of - 1 - latest)::text),
              ('health_first_day', health_first_day(activity, one)::text, first::text),
              ('health_last_day', health_last_day(activity, one)::text, last::text)) AS v (claim, mine, theirs);

-- What health_cells gives makes the activity again, days of which only some events had a value as well.
INSERT INTO trial
SELECT 'health_daily of health_cells', format('account %s, form %s', account, form),
       (SELECT health_daily(signal, day, count, value, value_count ORDER BY random()) FROM health_cells(activity)), activity
FROM way WHERE way = 'serial';

-- ---------------------------------------------------------------- verdict

\set claims 60
\ir common/verdict.sql
