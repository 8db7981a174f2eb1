-- health_daily: activities from daily tables.
SET datestyle = 'ISO, YMD';
SET timezone = 'Asia/Tokyo';

-- Events and the sum of their values. Without a sum, without a value; no events, no cell.
SELECT health_daily(signal, day, count, value) FROM (VALUES
  ('login', date '2026-01-03', 4, NULL::float8),
  ('login', '2026-01-03', 2, NULL),
  ('spend', '2026-01-03', 3, 7.5),
  ('spend', '2026-01-03', 1, NULL),
  ('spend', '2026-01-04', 2, 0),
  ('none', '2026-01-04', 0, NULL),
  ('none', '2026-01-04', 0, 0),
  ('none', '2026-01-04', NULL, 5)) AS v (signal, day, count, value);

-- A third argument of health_activity is a value, and health_daily has no form for three.
SELECT health_activity('a', date '2026-01-03', 4) AS value_4, health_daily('a', date '2026-01-03', 4, NULL) AS count_4;
SELECT health_daily('a', date '2026-01-03', 4);

-- With the number of events that had a value nothing is lost: what health_cells gives comes back.
SELECT health_daily(signal, day, count, value, value_count) FROM (VALUES
  ('nps', '2026-01-03'::date, 4, 18.5::float8, 2),
  ('nps', '2026-01-04', 4, 18.5, NULL),
  ('nps', '2026-01-05', 4, NULL, 0),
  ('nps', '2026-01-06', 4, NULL, NULL),
  ('nps', '2026-01-06', 1, 3, 1),
  ('nps', '2026-01-07', 0, NULL, 0)) AS v (signal, day, count, value, value_count);
SELECT health_daily(signal, day, count, value, value_count) FROM (VALUES
  (NULL, '2026-01-03'::date, 4, 1.5::float8, 2), ('a', NULL, 4, 1.5, 2), ('a', '2026-01-03', NULL, 1.5, 2))
  AS v (signal, day, count, value, value_count);

-- Days are dates, written or computed, in any time zone; counts are whole numbers of any size.
SELECT health_daily('a', '2026-01-03', 4, NULL),
       health_daily('a'::varchar, health_day(timestamptz '2026-01-03 01:00+00'), 4::smallint, 5::numeric);
PREPARE daily AS SELECT health_daily($1, $2, $3, $4);
EXECUTE daily('a', '2026-01-03', 4, NULL);
SELECT health_daily('a', timestamptz '2026-01-03 01:00+00', 4, NULL);
-- Counts of a daily table come as count(*) does, in bigint.
SELECT health_daily('login', day, events, NULL)
FROM (SELECT date '2026-01-01' AS day, count(*) AS events FROM generate_series(1, 3)) AS d;
SELECT health_daily('login', '2026-01-01'::date, 2147483648, NULL);
-- sum() of these makes them numeric.
SELECT health_daily('login', date '2026-01-03', n, NULL) FROM (SELECT sum(n) AS n FROM (VALUES (1::bigint)) AS v (n)) AS d;
SELECT health_daily('login', date '2026-01-03', n::bigint, NULL) FROM (SELECT sum(n) AS n FROM (VALUES (1::bigint)) AS v (n)) AS d;

-- What cannot be: counts beyond 2,147,483,647 a signal and day, and numbers that contradict each other.
SELECT health_daily('login', date '2026-01-03', c, NULL) FROM unnest(ARRAY[2147483646, 1]) AS c;
SELECT health_daily('login', date '2026-01-03', c, NULL) FROM unnest(ARRAY[2147483647, 1]) AS c;
SELECT health_daily('login', d, 2147483647, NULL)
FROM unnest(ARRAY[date '2026-01-03', '2026-01-04', '2026-01-03']) AS d;
SELECT health_daily('login', date '2026-01-03', -1, NULL);
SELECT health_daily('login', date '2026-01-03', 0, 5);
SELECT health_daily('login', date '2026-01-03', 2, 5, 3);
SELECT health_daily('login', date '2026-01-03', 2, 5, -1);
SELECT health_daily('login', date '2026-01-03', 2, 5, 0);
SELECT health_daily('login', date '2026-01-03', 2, NULL, 1);
SELECT health_daily('login', date '-infinity', 1, NULL);
SELECT health_daily('login', date '9999-12-31', 1, NULL);
SELECT health_daily('nps', date '2026-01-03', 1, 'Infinity');
SELECT health_daily('', date '2026-01-03', 1, NULL);
SELECT health_daily_add(NULL, 'a', date '2026-01-03', 1, NULL);
