-- health_days_inactive, health_first_day and health_last_day: when something was seen.
SET datestyle = 'ISO, YMD';

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
SELECT health_days_inactive(NULL, '2026-01-05') IS NULL, health_days_inactive('{}', NULL) IS NULL,
       health_first_day(NULL) IS NULL, health_last_day(NULL) IS NULL;

SELECT health_days_inactive('{}', 'infinity');
