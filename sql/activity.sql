-- The type health_activity: building it, merging it, asking it. Errors are in activity_errors.sql.
SET datestyle = 'ISO, YMD';
SET timezone = 'UTC';

CREATE TEMPORARY TABLE events (account text, signal text, occurred_at timestamptz, value float8);
INSERT INTO events VALUES
  ('acme', 'login', '2026-01-03 08:00+00', NULL),
  ('acme', 'login', '2026-01-03 23:59:59.999999+00', NULL),
  ('acme', 'login', '2026-01-04 00:00+00', NULL),
  ('acme', 'nps',   '2026-01-03 09:00+00', 9),
  ('acme', 'export', '2026-01-02 10:00+00', 1.5),
  ('acme', 'export', '2026-01-02 11:00+00', NULL),
  ('blue', 'login', '2026-01-05 12:00+00', NULL);

--
-- Building
--

-- A count a day; [count, sum] where every event had a value; [count, sum, values] where only some had.
SELECT account, health_activity(signal, occurred_at) FROM events GROUP BY account ORDER BY account;
SELECT account, health_activity(signal, occurred_at, value) FROM events GROUP BY account ORDER BY account;

-- timestamp and date are read as UTC. An unknown literal means timestamptz.
SELECT health_activity('a', timestamp '2026-01-03 23:59:59'), health_activity('a', timestamp '2026-01-03 23:59:59', 2);
SELECT health_activity('a', date '2026-01-03'), health_activity('a', date '2026-01-03', 2);
SELECT health_activity('a', '2026-01-03 23:59:59+00'), health_activity('a', '2026-01-03 23:59:59-01', 2);

-- From a daily table: events and the sum of their values. Without a sum, without a value; no events, no cell.
SELECT health_activity(signal, day, count, value) FROM (VALUES
  ('login', date '2026-01-03', 4, NULL::float8),
  ('login', '2026-01-03', 2, NULL),
  ('spend', '2026-01-03', 3, 7.5),
  ('spend', '2026-01-03', 1, NULL),
  ('spend', '2026-01-04', 2, 0),
  ('none', '2026-01-04', 0, NULL),
  ('none', '2026-01-04', 0, 0),
  ('none', '2026-01-04', NULL, 5)) AS v (signal, day, count, value);

-- As jsonb and back: for those who read documents.
SELECT activity::jsonb -> 'nps' AS nps, activity::jsonb::health_activity = activity AS same
FROM (SELECT health_activity(signal, occurred_at, value) AS activity FROM events WHERE account = 'acme') AS a;
SELECT '{"a": {"2026-01-03": -1}}'::jsonb::health_activity;

-- A third argument is a value, not a count.
SELECT health_activity('a', date '2026-01-03', 4) AS value_4,
       health_activity('a', date '2026-01-03', 4, NULL) AS count_4;

-- Rows without a signal or a time are skipped; if that leaves nothing, the result is NULL as for any aggregate of no rows.
SELECT health_activity(signal, occurred_at, value) FROM (VALUES
  (NULL, timestamptz '2026-01-03', 1.0::float8), ('a', NULL, 1), (NULL, NULL, NULL), ('a', '2026-01-03', NULL))
  AS v (signal, occurred_at, value);
SELECT health_activity(signal, occurred_at) IS NULL AS no_rows FROM events WHERE false;
SELECT health_activity(NULL, occurred_at) IS NULL AS all_null FROM events;
SELECT health_activity(signal, occurred_at) FILTER (WHERE signal = 'never') IS NULL AS filtered_to_nothing FROM events;
SELECT health_activity(signal, occurred_at) FILTER (WHERE signal = 'nps') AS filtered FROM events;

-- DISTINCT and ORDER BY inside the call are those of any aggregate.
SELECT health_activity(DISTINCT signal, day) AS days_only, health_activity(signal, day ORDER BY day DESC) AS all_events
FROM (SELECT signal, health_day(occurred_at) AS day FROM events WHERE account = 'acme') AS e;

-- Values are kept in millionths, rounded half away from zero; sums are exact, so 0.1 + 0.2 is 0.3 and a million and one
-- stays so beside ten billion.
SELECT v AS value, health_activity('a', date '2026-01-03', v) FROM unnest(ARRAY[
  0.1, 1e-7, 0.0000005, -0.0000005, 0.0000014999, -2.5, 9e12, '-0'::float8]) WITH ORDINALITY AS u (v, n) GROUP BY n, v
  ORDER BY n;
SELECT health_activity('a', date '2026-01-03', v) FROM unnest(ARRAY[0.1, 0.2]) AS v;
SELECT health_activity('a', date '2026-01-03', v) FROM unnest(ARRAY[1e10, 1000001, -1e10]) AS v;

-- The order of the rows does not matter, even where a sum on the way would not fit.
SELECT health_activity('a', date '2026-01-03', v) FROM unnest(ARRAY[9e12, 9e12, -9e12]) AS v;

-- The first and the last day.
SELECT health_activity('a', d) FROM unnest(ARRAY[date '1970-01-01', '2199-12-31']) AS d;
SELECT health_activity('a', t) FROM unnest(ARRAY[timestamptz '1970-01-01 00:00+00', '2199-12-31 23:59:59.999999+00'])
       AS t;

--
-- Names of signals
--

-- Any text of 1 to 255 bytes, sorted bytewise. JSON escapes what JSON must.
SELECT signal FROM health_cells((
  SELECT health_activity(name, date '2026-01-03')
  FROM unnest(ARRAY['b', 'a', 'B', 'ab', 'é', '🚀', 'Formulaire publié', 'a b', '*', '{}', ' ']) AS name));
SELECT health_activity(name, date '2026-01-03')
FROM unnest(ARRAY['say "hi"', E'tab\there', 'back\slash', E'\x01', 'é']) AS name;
SELECT length(signal) AS characters, octet_length(signal) AS bytes FROM health_cells((
  SELECT health_activity(name, date '2026-01-03')
  FROM unnest(ARRAY['x', repeat('x', 16), repeat('x', 17), repeat('x', 255), repeat('🚀', 63) || 'abc']) AS name));

-- Long names with the same beginning are different names.
SELECT health_active_count(health_activity(repeat('x', 250) || n, date '2026-01-03'), '2026-01-04', 1)
FROM generate_series(1, 99) AS n;

--
-- Text form
--

SELECT '{}'::health_activity, '{"login": {}}'::health_activity AS no_days;
SELECT '{"login": {"2026-01-03": 4}, "nps": {"2026-01-03": [1, 9]}}'::health_activity;
-- Whitespace, order and way of writing do not matter; output is canonical.
SELECT ' { "b":{"2026-01-04":1,"2026-01-03":1e1},"a":{"2026-01-03":[2.0,-0.50,1],"2026-01-04":[2,3,2]} } '::health_activity;
-- JSON names and escapes.
SELECT '{"\u00e9\ud83d\ude80\"\\": {"2026-01-03": 1}}'::health_activity;
-- Out and in again gives the same bytes.
SELECT bool_and(activity::text::health_activity = activity
                AND health_activity_send(activity::text::health_activity) = health_activity_send(activity)) AS same
FROM (SELECT health_activity(signal, occurred_at, value) AS activity FROM events GROUP BY account
      UNION ALL SELECT health_activity(E'\x01"é🚀\\' || n, date '1970-01-01' + n * 700, n - 60.123456)
      FROM generate_series(0, 120) AS n
      UNION ALL VALUES ('{}'::health_activity)) AS a;
-- The ends of what a sum can be.
SELECT '{"a": {"2026-01-03": [1, 9223372036854.775807], "2026-01-04": [1, -9223372036854.775808]}}'::health_activity;
-- The binary form is documented and stored: it must never change.
SELECT health_activity_send('{}'), health_activity_send('{"login": {"1970-01-01": 1, "1970-01-03": 300}}');
SELECT health_activity_send('{"a": {"2026-01-03": [1, -1.5]}, "b": {"2026-01-03": [2, 1, 1], "2026-01-04": 1}}');

--
-- Merging
--

SELECT '{"a": {"2026-01-03": 1}, "b": {"2026-01-03": [1, 0.5]}}'::health_activity +
       '{"b": {"2026-01-03": 2, "2026-01-04": 1}, "c": {"2026-01-02": 1}}'::health_activity AS both;
SELECT '{"a": {"2026-01-03": 1}}'::health_activity + '{}' AS with_empty, '{}'::health_activity + '{}' AS empties,
       '{"a": {"2026-01-03": 1}}'::health_activity + NULL AS with_null;

-- Sums that cancel out leave a value of 0, which is not the same as no value.
SELECT '{"a": {"2026-01-03": [1, 2]}}'::health_activity + '{"a": {"2026-01-03": [1, -2]}}';

-- One pass over the events, or parts that are merged: the same. A part may be an account, or a single event.
SELECT (SELECT health_activity(signal, occurred_at, value) FROM events) =
       (SELECT health_rollup(a) FROM (SELECT health_activity(signal, occurred_at, value) AS a
         FROM events GROUP BY account) AS p) AS by_account,
       (SELECT health_activity(signal, occurred_at, value) FROM events) =
       (SELECT health_rollup(a) FROM (SELECT health_activity(signal, occurred_at, value) AS a
         FROM events GROUP BY events) AS p) AS by_event;
SELECT health_rollup(activity) FROM (VALUES ('{"a": {"2026-01-03": 1}}'::health_activity), (NULL), ('{}'),
         ('{"a": {"2026-01-03": 2}}')) AS v (activity);
SELECT health_rollup(activity) AS of_empty FROM (VALUES ('{}'::health_activity), (NULL)) AS v (activity);
SELECT health_rollup(NULL) IS NULL AS of_null, health_rollup(activity) IS NULL AS of_no_rows
FROM (VALUES ('{}'::health_activity)) AS v (activity) WHERE false;

-- Splice: the days from from_day on are those of the tail, whatever was there before. Doing it again changes nothing.
SELECT health_splice('{"a": {"2026-01-03": 1, "2026-01-04": 1}, "gone": {"2026-01-04": 1}, "old": {"2026-01-01": 1}}',
                     '{"a": {"2026-01-03": 7, "2026-01-04": 5}, "new": {"2026-01-05": 1}}', '2026-01-04');
SELECT health_splice(once, tail, '2026-01-04') = once AS again
FROM (VALUES ('{"a": {"2026-01-05": 5}}'::health_activity)) AS v (tail),
     LATERAL health_splice('{"a": {"2026-01-03": 1, "2026-01-04": 1}}', tail, '2026-01-04') AS once;
-- No tail: the events of these days were deleted. No activity yet: the tail is all there is.
SELECT health_splice('{"a": {"2026-01-03": 1, "2026-01-04": 1}}', NULL, '2026-01-04') AS no_tail,
       health_splice(NULL, '{"a": {"2026-01-03": 1, "2026-01-04": 1}}', '2026-01-04') AS no_activity,
       health_splice(NULL, NULL, '2026-01-04') AS neither, health_splice('{}', '{}', NULL) IS NULL AS no_day;
SELECT health_splice('{"a": {"2026-01-03": 1}}', '{"b": {"2026-01-03": 1}}', '-infinity') AS all_new,
       health_splice('{"a": {"2026-01-03": 1}}', '{"b": {"2026-01-03": 1}}', 'infinity') AS all_old;

-- Retention.
SELECT day, health_trim('{"a": {"2026-01-03": 1, "2026-01-04": 2}, "b": {"2026-01-03": [1, 5]}}', day)
FROM unnest(ARRAY[date '-infinity', '0001-01-01', '2026-01-03', '2026-01-04', '2026-01-05', 'infinity', NULL]) AS day;

-- Erasure; an entry that ends in * is a prefix.
SELECT health_without(a, '{login}'), health_without(a, '{user:1}'), health_without(a, '{user:*,nope,NULL}'),
       health_without(a, '{*}'), health_without(a, '{}') = a AS nothing, health_without(a, NULL) IS NULL AS no_list
FROM (VALUES ('{"login": {"2026-01-03": 1}, "user:1": {"2026-01-03": 1}, "user:12": {"2026-01-03": 1}}'::health_activity)) AS v (a);

-- One reading for a snapshot column. Without it, nothing changes.
SELECT a + health_observation('seat_use', '2026-01-04', 0.75) AS with_it,
       a + health_observation('seat_use', '2026-01-04', NULL) AS without
FROM (VALUES ('{"login": {"2026-01-03": 1}}'::health_activity)) AS v (a);
SELECT health_observation(NULL, '2026-01-04', 1), health_observation('seat_use', NULL, 1),
       health_observation('seat_use', '2026-01-04', 0);

--
-- Asking
--

SELECT * FROM health_cells('{"a": {"2026-01-03": 4, "2026-01-04": [1, 9]}, "b": {"2026-01-03": [3, -0.5, 2]}}');
SELECT count(*) AS cells FROM health_cells('{}');
SELECT count(*) AS cells FROM health_cells(NULL);
-- Cells make the activity again: the way to change it in SQL.
SELECT health_activity(upper(signal), day, count, value)
FROM health_cells('{"a": {"2026-01-03": 4, "2026-01-04": [1, 9]}, "b": {"2026-01-03": [3, -0.5]}}');

-- The window of W days at as_of D is D-W .. D-1: as_of itself is not in it.
SELECT days, health_measure(a, 'login', '2026-01-05', days) AS count,
       health_measure(a, 'login', '2026-01-05', days, 'days') AS days
FROM (VALUES ('{"login": {"2026-01-02": 8, "2026-01-03": 4, "2026-01-04": 2, "2026-01-05": 1}}'::health_activity))
             AS v (a),
     unnest(ARRAY[1, 2, 3, 4, 2147483647]) AS days;
SELECT measure, health_measure('{"nps": {"2026-01-02": [3, 27], "2026-01-03": [2, 7, 1], "2026-01-04": 5}, "user:1": {"2026-01-04": 1}, "user:2": {"2026-01-01": 1}}',
                               CASE measure WHEN 'distinct' THEN 'user:*' ELSE 'nps' END, '2026-01-05', 3, measure)
FROM unnest(ARRAY['count', 'days', 'sum', 'last', 'distinct']) AS measure;
-- last is the mean of the latest day that has a value. Without any it is unknown; the others are 0.
SELECT measure, health_measure('{"nps": {"2026-01-01": [2, 9]}}', 'nps', '2026-01-05', 4, measure) AS inside,
       health_measure('{"nps": {"2026-01-01": [2, 9]}}', 'nps', '2026-01-05', 3, measure) AS before,
       health_measure('{"nps": {"2026-01-01": 2}}', 'nps', '2026-01-05', 4, measure) AS no_value,
       health_measure('{}', 'nps', '2026-01-05', 4, measure) AS empty
FROM unnest(ARRAY['count', 'days', 'sum', 'last']) AS measure;

-- Active users, power users, users of one kind.
SELECT health_active_count(a, '2026-01-05', 3) AS active, health_active_count(a, '2026-01-05', 3, 2) AS power,
       health_active_count(a, '2026-01-05', 1) AS yesterday, health_active_count(a, '2026-01-05', 2, 3) AS impossible,
       health_active_count(a, '2026-01-05', 3, signals => '{admin:*}') AS admins,
       health_active_count(a, '2026-01-05', 3, signals => '{u1,u2,nobody,NULL}') AS of_two,
       health_active_count(a, '2026-01-05', 3, signals => '{}') AS of_none,
       health_active_count('{}', '2026-01-05', 3) AS empty
FROM (VALUES ('{"u1": {"2026-01-02": 9, "2026-01-04": 1}, "u2": {"2026-01-03": 1}, "admin:1": {"2026-01-01": 1}, "admin:2": {"2026-01-02": 1, "2026-01-03": 1}}'::health_activity)) AS v (a);

-- Full days of silence: yesterday's event makes 0; today's and later ones do not exist yet.
SELECT as_of, health_days_inactive(a, as_of) AS any, health_days_inactive(a, as_of, 'login') AS login,
       health_days_inactive(a, as_of, 'user:*') AS users, health_days_inactive(a, as_of, 'nope') AS nope
FROM (VALUES ('{"login": {"2026-01-01": 1, "2026-01-04": 1}, "user:1": {"2026-01-02": 1}, "user:2": {"2026-01-03": 1}}'::health_activity)) AS v (a),
     unnest(ARRAY[date '2026-01-01', '2026-01-02', '2026-01-04', '2026-01-05', '2026-02-01']) AS as_of;

SELECT health_first_day(a), health_last_day(a), health_first_day(a, 'b'), health_last_day(a, 'b'),
       health_last_day(a, 'nope') AS nope
FROM (VALUES ('{"a": {"2026-01-01": 1, "2026-01-03": 1}, "b": {"1970-01-01": 1, "2199-12-31": 1}}'::health_activity))
  AS v (a);
SELECT health_first_day('{}') IS NULL AS first, health_last_day('{}') IS NULL AS last,
       health_days_inactive('{}', '2026-01-01') IS NULL AS days;

-- NULL in, NULL out.
SELECT health_measure(NULL, 'a', '2026-01-05', 1) IS NULL, health_measure('{}', 'a', NULL, 1) IS NULL,
       health_active_count(NULL, '2026-01-05', 1) IS NULL, health_active_count('{}', '2026-01-05', NULL) IS NULL,
       health_days_inactive(NULL, '2026-01-05') IS NULL, health_days_inactive('{}', NULL) IS NULL,
       health_first_day(NULL) IS NULL, health_last_day(NULL) IS NULL, health_trim(NULL, '2026-01-05') IS NULL;

--
-- Comparison and indexes
--

-- Equal content is equal, however it was made.
SELECT '{"a": {"2026-01-03": 3}}'::health_activity = '{"a": {"2026-01-03": 1}}'::health_activity
       + '{"a": {"2026-01-03": 2}}' AS eq,
       '{"a": {"2026-01-03": 3}}'::health_activity <> '{"a": {"2026-01-03": [3, 0]}}' AS ne;
CREATE FUNCTION pg_temp.plan_has(query text, pattern text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
    IF line ~ pattern THEN RETURN true; END IF;
  END LOOP;
  RETURN false;
END $$;
CREATE TEMPORARY TABLE pile (activity health_activity);
INSERT INTO pile SELECT health_activity('s' || n % 7, date '2026-01-01' + n % 7) FROM generate_series(1, 70) AS n
GROUP BY n;
INSERT INTO pile VALUES ('{}'), ('{}'), (NULL);
SELECT count(*) AS groups, sum(members) AS rows FROM (SELECT count(*) AS members FROM pile GROUP BY activity) AS g;
SET enable_hashagg = off;
SELECT count(*) AS groups, sum(members) AS rows FROM (SELECT count(*) AS members FROM pile GROUP BY activity) AS g;
RESET enable_hashagg;
SELECT count(DISTINCT activity) FROM pile;
-- The order is one: < <= = >= > say the same as each other, and as ORDER BY.
SELECT count(*) AS pairs, count(*) FILTER (WHERE (a.activity < b.activity)::int + (a.activity = b.activity)::int
         + (a.activity > b.activity)::int <> 1
    OR (a.activity <= b.activity) = (a.activity > b.activity) OR (a.activity >= b.activity) = (a.activity < b.activity)
    OR (a.activity <> b.activity) = (a.activity = b.activity)) AS wrong
FROM pile AS a, pile AS b WHERE a.activity IS NOT NULL AND b.activity IS NOT NULL;
SELECT count(*) AS out_of_order FROM (SELECT activity < lag(activity) OVER (ORDER BY activity) AS less FROM pile) AS o
WHERE less;
-- All three joins find the same pairs.
SET enable_mergejoin = off; SET enable_nestloop = off;
SELECT count(*), pg_temp.plan_has('SELECT FROM pile AS a JOIN pile AS b USING (activity)', 'Hash Join') AS hash_join
FROM pile AS a JOIN pile AS b USING (activity);
SET enable_hashjoin = off; RESET enable_mergejoin;
SELECT count(*), pg_temp.plan_has('SELECT FROM pile AS a JOIN pile AS b USING (activity)', 'Merge Join') AS merge_join
FROM pile AS a JOIN pile AS b USING (activity);
SET enable_mergejoin = off; RESET enable_nestloop;
SELECT count(*), pg_temp.plan_has('SELECT FROM pile AS a JOIN pile AS b USING (activity)', 'Nested Loop') AS loop_join
FROM pile AS a JOIN pile AS b USING (activity);
RESET enable_hashjoin; RESET enable_mergejoin;
-- Indexes.
CREATE INDEX pile_btree ON pile (activity);
SET enable_seqscan = off; SET enable_bitmapscan = off;
SELECT count(*) AS equal, pg_temp.plan_has($$SELECT FROM pile WHERE activity = '{}'$$,
         'Index.* Scan using pile_btree') AS by_index
FROM pile WHERE activity = '{"s3": {"2026-01-04": 1}}';
SELECT count(*) AS greater, pg_temp.plan_has($$SELECT FROM pile WHERE activity > '{}'$$,
         'Index.* Scan using pile_btree') AS by_index
FROM pile WHERE activity > '{"s3": {"2026-01-04": 1}}';
DROP INDEX pile_btree;
CREATE INDEX pile_hash ON pile USING hash (activity);
SELECT count(*) AS equal, pg_temp.plan_has($$SELECT FROM pile WHERE activity = '{}'$$, 'Index Scan using pile_hash')
       AS by_index
FROM pile WHERE activity = '{"s3": {"2026-01-04": 1}}';
-- An activity that no btree entry can hold fits a hash index.
INSERT INTO pile SELECT health_activity(md5(n::text), date '2026-01-01' + n) FROM generate_series(1, 1000) AS n;
SELECT count(*) AS big FROM pile WHERE activity = (SELECT health_activity(md5(n::text), date '2026-01-01' + n)
         FROM generate_series(1, 1000) AS n);
RESET enable_seqscan; RESET enable_bitmapscan;
-- Partitioned by hash, as any hashable type.
CREATE TEMPORARY TABLE parted (activity health_activity) PARTITION BY HASH (activity);
CREATE TEMPORARY TABLE parted_0 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TEMPORARY TABLE parted_1 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO parted SELECT * FROM pile WHERE activity IS NOT NULL;
SELECT (SELECT count(*) FROM parted_0) > 0 AND (SELECT count(*) FROM parted_1) > 0 AS in_both, count(*) FROM parted;

--
-- As a window aggregate
--

-- Growing frame, moving frame, and a frame that is empty at times.
SELECT day, signal, health_activity(signal, day) OVER (ORDER BY day, signal) AS so_far,
       health_activity(signal, day) OVER (ORDER BY day, signal ROWS 1 PRECEDING) AS last_two
FROM (VALUES (date '2026-01-01', 'a'), ('2026-01-01', 'b'), ('2026-01-02', 'a'),
             ('2026-01-03', 'c')) AS v (day, signal);
SELECT day, health_activity('s', day, value) OVER (ORDER BY day RANGE BETWEEN interval '2 days' PRECEDING
         AND interval '1 day' PRECEDING) AS before
FROM (VALUES (date '2026-01-01', 1.0), ('2026-01-02', 2), ('2026-01-03', 3), ('2026-01-07', 4)) AS v (day, value);
SELECT day, health_rollup(activity) OVER (ORDER BY day ROWS 1 PRECEDING)
FROM (VALUES (date '2026-01-01', '{"a": {"2026-01-01": 1}}'::health_activity), ('2026-01-02', NULL),
             ('2026-01-03', '{"a": {"2026-01-03": 1}}')) AS v (day, activity);
-- Every prefix equals the aggregate of its rows.
SELECT count(*) AS wrong FROM (
  SELECT n, health_activity('s' || n % 5, date '2026-01-01' + n * 31 % 50, n) OVER (ORDER BY n) AS running
  FROM generate_series(1, 200) AS n) AS w
WHERE running <> (SELECT health_activity('s' || m % 5, date '2026-01-01' + m * 31 % 50, m)
  FROM generate_series(1, w.n) AS m);

--
-- As a part of a distributed aggregate
--

-- A cluster ships the states of its nodes as values of the type. An aggregate without a final function shows them: each
-- must do as the finished activity does, in text, in binary, in comparisons and in functions.
CREATE AGGREGATE pg_temp.node(signal text, day date, value float8) (SFUNC = health_activity_add,
  STYPE = health_activity);
CREATE TEMPORARY TABLE nodes AS
SELECT n % 3 AS node, pg_temp.node('s' || n % 11, date '2026-01-01' + n % 17, CASE WHEN n % 5 > 0 THEN n END) AS state,
       health_activity('s' || n % 11, date '2026-01-01' + n % 17, CASE WHEN n % 5 > 0 THEN n END) AS finished
FROM generate_series(1, 300) AS n GROUP BY 1;
SELECT node, pg_column_size(state) > pg_column_size(finished) AS in_flight, state::text = finished::text AS text,
       health_activity_send(state) = health_activity_send(finished) AS send,
       state = finished AS eq, state < finished AS lt,
       health_activity_hash(state) = health_activity_hash(finished) AS hash,
       state + '{}' = finished AS plus, health_trim(state, '2026-01-05') = health_trim(finished, '2026-01-05') AS trim,
       health_splice(finished, state, '2026-01-05') = finished AS splice,
       health_without(state, '{s1}') = health_without(finished, '{s1}') AS without,
       health_last_day(state) = health_last_day(finished) AS last_day,
       health_measure(state, 's1', '2026-02-01', 60, 'sum')
       = health_measure(finished, 's1', '2026-02-01', 60, 'sum') AS measure,
       health_raw_score(state, '{"signals": {"s1": 1}}', '2026-02-01')
       = health_raw_score(finished, '{"signals": {"s1": 1}}', '2026-02-01') AS raw
FROM nodes ORDER BY node;
SELECT health_rollup(state) = health_rollup(finished) AS states,
       health_rollup(CASE WHEN node = 1 THEN state ELSE finished END) = health_rollup(finished) AS mixed FROM nodes;
SELECT count(*) AS groups FROM (SELECT state AS activity FROM nodes UNION SELECT finished FROM nodes) AS both_forms;
-- Nobody else calls the functions that work on a state.
SELECT health_activity_add(NULL, 'login', date '2026-01-03');
SELECT health_activity_combine('{}', '{}');

--
-- Growth: many signals, many days, any order
--

-- 300 signals, short and long names, 100 days, another day with each event of a signal, against GROUP BY.
CREATE TEMPORARY TABLE scattered AS
SELECT CASE WHEN n % 300 < 150 THEN 's' || n % 300 ELSE 'a signal with a long name, number ' || n % 300 END AS signal,
       date '2025-01-01' + n / 300 * 61 % 100 AS day, CASE WHEN n / 7 % 3 > 0 THEN (n % 1000) / 8.0 END::float8 AS value
FROM generate_series(1, 60000) AS n;
SELECT count(*) AS cells, count(*) FILTER (WHERE c.signal IS NULL OR g.signal IS NULL) AS wrong
FROM health_cells((SELECT health_activity(signal, day, value) FROM scattered)) AS c
FULL JOIN (SELECT signal, day, count(*) AS count, count(value) AS value_count, sum(value) AS value
  FROM scattered GROUP BY 1, 2) AS g
  ON (c.signal, c.day, c.count, c.value_count) = (g.signal, g.day, g.count, g.value_count)
  AND c.value IS NOT DISTINCT FROM g.value;
SELECT health_activity(signal, day, value ORDER BY day, signal)
       = health_activity(signal, day, value ORDER BY md5(signal || day), value) AS same FROM scattered;

-- Counts of a daily table come as count(*) does, in bigint.
SELECT health_activity('login', day, events, NULL)
FROM (SELECT date '2026-01-01' AS day, count(*) AS events FROM generate_series(1, 3)) AS d;
SELECT health_activity('login', '2026-01-01'::date, 2147483648, NULL);
