-- health_measure: one signal over some days.

-- The window of W days at as_of D is D-W .. D-1: as_of itself is not in it.
SELECT days, health_measure(a, 'login', '2026-01-05', days) AS count,
       health_measure(a, 'login', '2026-01-05', days, 'days') AS days
FROM (VALUES ('{"login": {"2026-01-02": 8, "2026-01-03": 4, "2026-01-04": 2, "2026-01-05": 1}}'::health_activity))
             AS v (a),
     unnest(ARRAY[1, 2, 3, 4, 2147483647]) AS days;
SELECT measure, health_measure('{"nps": {"2026-01-02": [3, 27], "2026-01-03": [2, 7, 1], "2026-01-04": 5}, "user:1": {"2026-01-04": 1}, "user:2": {"2026-01-01": 1}}',
                               CASE measure WHEN 'distinct' THEN 'user:*' ELSE 'nps' END, '2026-01-05', 3, measure)
FROM unnest(ARRAY['count', 'days', 'sum', 'last', 'mean', 'distinct', 'recency', 'trend']) AS measure;
-- last is the mean of the latest day that has a value, mean that of all. Without any they are unknown; the others are 0.
SELECT measure, health_measure('{"nps": {"2026-01-01": [2, 9]}}', 'nps', '2026-01-05', 4, measure) AS inside,
       health_measure('{"nps": {"2026-01-01": [2, 9]}}', 'nps', '2026-01-05', 3, measure) AS before,
       health_measure('{"nps": {"2026-01-01": 2}}', 'nps', '2026-01-05', 4, measure) AS no_value,
       health_measure('{}', 'nps', '2026-01-05', 4, measure) AS empty
FROM unnest(ARRAY['count', 'days', 'sum', 'last', 'mean']) AS measure;
-- recency is 1 where it was there yesterday and 0 where not in the window; trend compares with as many days before, where
-- these had 5 events, and ends at 1.
SELECT days, health_measure(a, 'login', '2026-01-05', days, 'recency') AS recency,
       health_measure(a, 'login', '2026-01-05', days, 'trend') AS trend,
       health_measure(a, 'nobody', '2026-01-05', days, 'recency') AS never,
       health_measure(a, 'nobody', '2026-01-05', days, 'trend') AS no_trend
FROM (VALUES ('{"login": {"2025-12-30": 8, "2026-01-02": 6, "2026-01-03": 3, "2026-01-05": 50}}'::health_activity)) AS v (a),
     unnest(ARRAY[1, 2, 3, 4, 8, 2147483647]) AS days;

-- NULL in, NULL out.
SELECT health_measure(NULL, 'a', '2026-01-05', 1) IS NULL, health_measure('{}', 'a', NULL, 1) IS NULL;

SELECT health_measure('{}', 'a', '2026-01-05', 0);
SELECT health_measure('{}', 'a', '2026-01-05', 7, 'average');
SELECT health_measure('{}', 'a', '2026-01-05', 7, 'ratio');
SELECT health_measure('{}', 'user', '2026-01-05', 7, 'distinct');
SELECT health_measure('{}', 'user:*', '2026-01-05', 7);
SELECT health_measure('{}', 'a', 'infinity', 7);
