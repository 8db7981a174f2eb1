-- health_without: signals dropped.
SET datestyle = 'ISO, YMD';

-- Erasure; an entry that ends in * is a prefix.
SELECT health_without(a, '{login}'), health_without(a, '{user:1}'), health_without(a, '{user:*,nope,NULL}'),
       health_without(a, '{*}'), health_without(a, '{}') = a AS nothing, health_without(a, NULL) IS NULL AS no_list
FROM (VALUES ('{"login": {"2026-01-03": 1}, "user:1": {"2026-01-03": 1}, "user:12": {"2026-01-03": 1}}'::health_activity)) AS v (a);
