-- What a health_activity refuses, and how it says so: the signal at fault, and what to do.
SET datestyle = 'ISO, YMD';
SET timezone = 'UTC';

-- Runs a statement and gives the SQLSTATE it ends with.
CREATE FUNCTION pg_temp.sqlstate_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE statement;
  RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
  RETURN sqlstate;
END $$;

--
-- Building
--

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
SELECT health_activity('login', date '-infinity', 1, NULL);
SELECT health_activity('login', date '5874897-12-31'), health_activity('login', timestamptz '4714-11-24 00:00+00 BC');

-- Values: finite, and within 64 bits of millionths, one by one and in sum.
SELECT health_activity('nps', date '2026-01-03', 'NaN');
SELECT health_activity('nps', timestamptz '2026-01-03', '-Infinity');
SELECT health_activity('nps', date '2026-01-03', 1, 'Infinity');
SELECT health_activity('nps', date '2026-01-03', 1e13);
SELECT health_activity('nps', date '2026-01-03', v) FROM unnest(ARRAY[9e12, 9e12]) AS v;
SELECT health_activity('nps', date '2026-01-03', v) FROM unnest(ARRAY[-9e12, 1, -9e12]) AS v;
-- The value of a skipped row is not looked at.
SELECT health_activity(NULL, date '2026-01-03', 'NaN') IS NULL AS skipped;

-- Counts: up to 2,147,483,647 a signal and day.
SELECT health_activity('login', date '2026-01-03', c, NULL) FROM unnest(ARRAY[2147483646, 1]) AS c;
SELECT health_activity('login', date '2026-01-03', c, NULL) FROM unnest(ARRAY[2147483647, 1]) AS c;
SELECT health_activity('login', d, 2147483647, NULL)
FROM unnest(ARRAY[date '2026-01-03', '2026-01-04', '2026-01-03']) AS d;
SELECT health_activity('login', date '2026-01-03', -1, NULL);
SELECT health_activity('login', date '2026-01-03', 0, 5);

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

-- The same SQLSTATE on every road.
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
  $$health_activity('a', date '2026-01-03', 2147483647, NULL) + '{"a": {"2026-01-03": 1}}'$$,
  $$health_activity('a', date '2026-01-03', -1, 0)$$]) AS statement;

--
-- Text form
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

--
-- Asking
--

SELECT health_measure('{}', 'a', '2026-01-05', 0);
SELECT health_measure('{}', 'a', '2026-01-05', 7, 'average');
SELECT health_measure('{}', 'user', '2026-01-05', 7, 'distinct');
SELECT health_measure('{}', 'user:*', '2026-01-05', 7);
SELECT health_measure('{}', 'a', 'infinity', 7);
SELECT health_active_count('{}', '2026-01-05', -1);
SELECT health_active_count('{}', '2026-01-05', 7, 0);
SELECT health_active_count('{}', '-infinity', 7);
SELECT health_days_inactive('{}', 'infinity');
