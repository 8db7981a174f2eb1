-- health_active_count: how many signals, users say, were seen.

-- Active users, power users, users of one kind.
SELECT health_active_count(a, '2026-01-05', 3) AS active, health_active_count(a, '2026-01-05', 3, 2) AS power,
       health_active_count(a, '2026-01-05', 1) AS yesterday, health_active_count(a, '2026-01-05', 2, 3) AS impossible,
       health_active_count(a, '2026-01-05', 3, signals => '{admin:*}') AS admins,
       health_active_count(a, '2026-01-05', 3, signals => '{u1,u2,nobody,NULL}') AS of_two,
       health_active_count(a, '2026-01-05', 3, signals => '{}') AS of_none,
       health_active_count('{}', '2026-01-05', 3) AS empty
FROM (VALUES ('{"u1": {"2026-01-02": 9, "2026-01-04": 1}, "u2": {"2026-01-03": 1}, "admin:1": {"2026-01-01": 1}, "admin:2": {"2026-01-02": 1, "2026-01-03": 1}}'::health_activity)) AS v (a);

-- NULL in, NULL out.
SELECT health_active_count(NULL, '2026-01-05', 1) IS NULL, health_active_count('{}', '2026-01-05', NULL) IS NULL;

SELECT health_active_count('{}', '2026-01-05', -1);
SELECT health_active_count('{}', '2026-01-05', 7, 0);
SELECT health_active_count('{}', '-infinity', 7);
