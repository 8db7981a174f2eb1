-- The type health_activity: building it from events, its text and binary form, comparison, and what it refuses.
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

-- Text: what an untyped literal and a string parameter are. It is read as UTC, wherever the session is.
SET timezone = 'Asia/Tokyo';
SELECT health_activity('a', '2026-01-03') AS literal, health_activity('a', '2026-01-03 08:00'::varchar) AS string,
       health_activity('a'::varchar, '2026-01-03'::char(12), 2::numeric) AS padded,
       health_activity('a', '2026-01-03T08:00:00+09:00', '2') AS offset,
       health_activity('a', to_jsonb('2026-01-03 08:00'::text) #>> '{}') AS of_json;
SELECT health_activity('a', date '2026-01-03') AS date, health_activity('a', timestamp '2026-01-03 08:00', 2) AS timestamp,
       health_activity('a', timestamptz '2026-01-03 08:00') AS timestamptz, health_activity('a', NULL) IS NULL AS nothing;
PREPARE untyped AS SELECT health_activity($1, $2);
PREPARE untyped_value AS SELECT health_activity($1, $2, $3);
PREPARE strings (text, text) AS SELECT health_activity($1, $2);
PREPARE varchars (varchar, varchar, varchar) AS SELECT health_activity($1, $2, $3::float8);
PREPARE unknowns (unknown, unknown, unknown) AS SELECT health_activity($1, $2, $3);
PREPARE moments (text, timestamptz) AS SELECT health_activity($1, $2);
PREPARE dates (text, date, int) AS SELECT health_activity($1, $2, $3);
EXECUTE untyped('a', '2026-01-03');
EXECUTE untyped_value('a', '2026-01-03', 2);
EXECUTE strings('a', '2026-01-03 08:00');
EXECUTE varchars('a', '2026-01-03', '2');
EXECUTE unknowns('a', '2026-01-03', '2');
EXECUTE moments('a', '2026-01-03 08:00');
EXECUTE dates('a', '2026-01-03', 2);
SELECT name, parameter_types FROM pg_prepared_statements WHERE name ~ 'untyped|strings|varchars|unknowns|moments|dates' ORDER BY name;
DEALLOCATE ALL;
SET timezone = 'UTC';
SELECT health_activity('a', 'now');
SELECT health_activity('a', '2026-1-3', 2);
SELECT health_activity('a', '9999-12-31');

-- As jsonb and back: for those who read documents.
SELECT activity::jsonb -> 'nps' AS nps, activity::jsonb::health_activity = activity AS same
FROM (SELECT health_activity(signal, occurred_at, value) AS activity FROM events WHERE account = 'acme') AS a;
SELECT '{"a": {"2026-01-03": -1}}'::jsonb::health_activity;
-- A document column fills an activity column, and the other way round. A whole row comes back from a document.
CREATE TEMPORARY TABLE documents (activity health_activity, document jsonb, plain json);
INSERT INTO documents SELECT '{"login": {"2026-01-03": 4}}'::jsonb, '{"login": {"2026-01-03": 4}}'::health_activity,
  '{"login": {"2026-01-03": 4}}'::health_activity;
UPDATE documents SET activity = plain;
SELECT activity, document, plain, activity -> 'login' AS login, (activity -> 'nobody') IS NULL AS nobody FROM documents;
SELECT to_jsonb(d), row_to_json(d), (jsonb_populate_record(NULL::documents, to_jsonb(d))).activity = activity AS same
FROM documents AS d;

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

-- The first and the last day that an activity can have.
SELECT health_activity('a', d) FROM unnest(ARRAY[date '1970-01-01', '2199-12-31']) AS d;
SELECT health_activity('a', t) FROM unnest(ARRAY[timestamptz '1970-01-01 00:00+00', '2199-12-31 23:59:59.999999+00'])
       AS t;

-- One reading for a snapshot column. Without it, nothing changes.
SELECT a + health_observation('seat_use', '2026-01-04', 0.75) AS with_it,
       a + health_observation('seat_use', '2026-01-04', NULL) AS without
FROM (VALUES ('{"login": {"2026-01-03": 1}}'::health_activity)) AS v (a);
SELECT health_observation(NULL, '2026-01-04', 1), health_observation('seat_use', NULL, 1),
       health_observation('seat_use', '2026-01-04', 0);

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
-- A btree and a hash index find an activity.
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
-- A table can be partitioned by the hash of an activity.
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
-- The functions that work on a state are errors outside of an aggregate.
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

--
-- What cannot be built
--

-- Runs a statement and gives the SQLSTATE it ends with.
CREATE FUNCTION pg_temp.sqlstate_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE statement;
  RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
  RETURN sqlstate;
END $$;

-- Names: 1 to 255 bytes.
SELECT health_activity('', date '2026-01-03');
SELECT health_activity(repeat('x', 256), date '2026-01-03');
-- Counted in bytes, and the message is cut between characters, not within one.
SELECT ('{"' || repeat('x', 256) || '": {"2026-01-03": 1}}')::health_activity;
SELECT health_activity(repeat('é', 128), date '2026-01-03');
SELECT health_activity('xy' || repeat('🚀', 64), date '2026-01-03');

-- Days: 1970-01-01 to 2199-12-31, finite.
SELECT health_activity('login', date '1969-12-31');
SELECT health_activity('login', date '2200-01-01');
SELECT health_activity('login', timestamptz '1969-12-31 23:59:59.999999+00');
SELECT health_activity('login', timestamp '2200-01-01 00:00:00');
SELECT health_activity('login', timestamptz 'infinity');
SELECT health_activity('login', timestamp '-infinity', 1);
SELECT health_activity('login', date 'infinity');
SELECT health_activity('login', date '5874897-12-31'), health_activity('login', timestamptz '4714-11-24 00:00+00 BC');

-- Values: finite, and within 64 bits of millionths, one by one and in sum.
SELECT health_activity('nps', date '2026-01-03', 'NaN');
SELECT health_activity('nps', timestamptz '2026-01-03', '-Infinity');
SELECT health_activity('nps', date '2026-01-03', 1e13);
SELECT health_activity('nps', date '2026-01-03', v) FROM unnest(ARRAY[9e12, 9e12]) AS v;
SELECT health_activity('nps', date '2026-01-03', v) FROM unnest(ARRAY[-9e12, 1, -9e12]) AS v;
-- The value of a skipped row is not looked at.
SELECT health_activity(NULL, date '2026-01-03', 'NaN') IS NULL AS skipped;

-- Signals: 1,000,000 an activity.
CREATE TEMPORARY TABLE million AS SELECT health_activity(n::text, date '2026-01-03') AS a
FROM generate_series(1, 1000000) AS n;
SELECT health_active_count(a, '2026-01-04', 1) FROM million;
SELECT health_activity(n::text, date '2026-01-03') IS NULL FROM generate_series(1, 1000001) AS n;

-- Limits hold when activities are merged, too.
SELECT '{"login": {"2026-01-03": 2147483647}}'::health_activity + '{"login": {"2026-01-03": 1}}';
SELECT '{"nps": {"2026-01-03": [1, 9000000000000]}}'::health_activity + '{"nps": {"2026-01-03": [1, 9000000000000]}}';
SELECT health_rollup(a) FROM (VALUES ('{"login": {"2026-01-03": 2147483647}}'::health_activity),
         ('{"login": {"2026-01-03": 1}}')) AS v (a);
SELECT health_rollup(a) FROM (VALUES ('{"nps": {"2026-01-03": [1, 9000000000000]}}'::health_activity),
         ('{"nps": {"2026-01-03": [1, 9000000000000]}}')) AS v (a);
SELECT a + '{"one more": {"2026-01-03": 1}}' FROM million;

-- A wrong name, day, value or count has one SQLSTATE, whichever function or text it comes by.
SELECT statement, pg_temp.sqlstate_of('SELECT ' || statement) AS sqlstate FROM unnest(ARRAY[
  $$health_activity('', date '2026-01-03')$$,
  $$health_activity(repeat('x', 256), now())$$,
  $$health_observation('', '2026-01-03', 1)$$,
  $$'{"": {"2026-01-03": 1}}'::health_activity$$,
  $$health_activity('a', date '1969-12-31')$$,
  $$health_activity('a', timestamptz 'infinity')$$,
  $$health_observation('a', '2200-01-01', 1)$$,
  $$health_observation('a', 'infinity', 1)$$,
  $$health_activity('a', date '2026-01-03', 'NaN')$$,
  $$health_activity('a', date '2026-01-03', 1e13)$$,
  $$health_observation('a', '2026-01-03', 'NaN')$$,
  $$health_daily('a', date '2026-01-03', 2147483647, NULL) + '{"a": {"2026-01-03": 1}}'$$,
  $$health_daily('a', date '2026-01-03', -1, 0)$$]) AS statement;

--
-- What is no text of an activity
--

SELECT '[1]'::health_activity;
SELECT '{"login": 4}'::health_activity;
SELECT '{"login": {"2026-01-03": -1}}'::health_activity;
SELECT '{"login": {"2026-1-3": 1}}'::health_activity;
SELECT '{"login": {"2026-01-03": [1]}}'::health_activity;
SELECT '{"login": {"2026-01-03": [2, "9"]}}'::health_activity;
SELECT '{"login": {"2026-01-03": [1, 9, 2]}}'::health_activity;
SELECT count(*) AS texts, string_agg(text, E'\n') FILTER (WHERE sqlstate <> '22P02') AS other_errors
FROM unnest(ARRAY[
  '', ' ', 'x', '{', '{}{}', 'null', 'true', '1', '"login"', '[]', '{"login"}', '{"login": null}', '{"login": []}',
  '{"login": {"": 1}}',
  '{"login": {"2026-01-03": 0}}', '{"login": {"2026-01-03": 1.5}}', '{"login": {"2026-01-03": 2147483648}}',
  '{"login": {"2026-01-03": 1e400}}',
  '{"login": {"2026-01-03": null}}', '{"login": {"2026-01-03": true}}', '{"login": {"2026-01-03": "4"}}',
  '{"login": {"2026-01-03": {}}}',
  '{"login": {"2026-01-03": []}}', '{"login": {"2026-01-03": [1, null]}}', '{"login": {"2026-01-03": [0, 0]}}',
  '{"login": {"2026-01-03": [1, 2, 0]}}',
  '{"login": {"2026-01-03": [1, 2, 3]}}', '{"login": {"2026-01-03": [2, 2, 1, 1]}}',
  '{"login": {"2026-01-03": [1, 1e13]}}', '{"login": {"2026-01-03": [1, -1e13]}}',
  '{"login": {"2026-01-03": [[1], 1]}}',
  '{"login": {"2026-02-29": 1}}', '{"login": {"2026-13-01": 1}}', '{"login": {"2026-00-01": 1}}',
  '{"login": {"2026-01-00": 1}}', '{"login": {"1969-12-31": 1}}',
  '{"login": {"2200-01-01": 1}}', '{"login": {"2026-01-03 ": 1}}', '{"login": {"2026-01-03T00:00:00": 1}}',
  '{"login": {"20260103": 1}}', '{"login": {"today": 1}}',
  '{"login": {"infinity": 1}}', '{"login": {"2026/01/03": 1}}', '{"login": {"-026-01-03": 1}}']) AS text,
  LATERAL pg_temp.sqlstate_of(format('SELECT %L::health_activity', text)) AS sqlstate;
