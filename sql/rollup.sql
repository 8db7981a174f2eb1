-- health_rollup and +: activities merged.
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
SELECT sum(activity) AS as_sum, sum(activity) FILTER (WHERE false) IS NULL AS of_no_rows
FROM (VALUES ('{"a": {"2026-01-03": 1}}'::health_activity), (NULL), ('{"a": {"2026-01-03": 2}}')) AS v (activity);
SELECT health_rollup(activity) AS of_empty FROM (VALUES ('{}'::health_activity), (NULL)) AS v (activity);
SELECT health_rollup(NULL) IS NULL AS of_null, health_rollup(activity) IS NULL AS of_no_rows
FROM (VALUES ('{}'::health_activity)) AS v (activity) WHERE false;

SELECT day, health_rollup(activity) OVER (ORDER BY day ROWS 1 PRECEDING)
FROM (VALUES (date '2026-01-01', '{"a": {"2026-01-01": 1}}'::health_activity), ('2026-01-02', NULL),
             ('2026-01-03', '{"a": {"2026-01-03": 1}}')) AS v (day, activity);
