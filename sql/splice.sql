-- health_splice replaces days, health_trim drops them.
SET datestyle = 'ISO, YMD';

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

-- Retention: days before a date are dropped.
SELECT day, health_trim('{"a": {"2026-01-03": 1, "2026-01-04": 2}, "b": {"2026-01-03": [1, 5]}}', day)
FROM unnest(ARRAY[date '-infinity', '0001-01-01', '2026-01-03', '2026-01-04', '2026-01-05', 'infinity', NULL]) AS day;

-- NULL in, NULL out.
SELECT health_trim(NULL, '2026-01-05') IS NULL;
