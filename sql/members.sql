-- health_members: who is behind a prefix, power users and who fell silent.

CREATE TABLE teams (account text, activity health_activity);
INSERT INTO teams
SELECT 'acme', health_activity('user:' || name, day)
FROM (VALUES ('ada', 1, 90), ('bob', 7, 90), ('cleo', 1, 60), ('dan', 1, 5)) AS u (name, every, until),
     LATERAL generate_series(1, until, every) AS n, LATERAL (SELECT date '2025-10-01' + n AS day) AS d;
INSERT INTO teams VALUES ('duck', '{"user:eve": {"2025-12-30": 3}, "login": {"2025-12-30": 9}}'), ('idle', '{}');

-- Most active days first. Who was last active before the days in question is there, with none of them. The rhythm is that
-- of the days that end with the last active one: cleo came every day until she came no more.
SELECT account, m.* FROM teams CROSS JOIN LATERAL health_members(activity, 'user:*', '2026-01-01', 28) AS m;
-- Power users who fell silent.
SELECT account, member, days_inactive, round(rhythm) AS every
FROM teams CROSS JOIN LATERAL health_members(activity, 'user:', '2026-01-01', 90)
WHERE active_days >= 20 AND days_inactive >= 3 * rhythm;

-- A prefix is the same with and without a *; * alone, or nothing, stands for all signals. A member has a name: a signal
-- that is named like the prefix is none, and neither is what only looks like it.
SELECT prefix, array_agg(member) AS members
FROM unnest(ARRAY['user:', 'user:*', 'user', 'u', '*', '', 'user:1', 'user:**', 'User:', 'üser:', 'nobody:']) WITH ORDINALITY AS p (prefix, n)
     LEFT JOIN LATERAL health_members('{"user:": {"2026-01-02": 1}, "user:1": {"2026-01-02": 1}, "user:12": {"2026-01-02": 1},
       "user:*x": {"2026-01-02": 1}, "users": {"2026-01-02": 1}, "üser:é": {"2026-01-02": 1}}', prefix, '2026-01-05', 7) ON true
GROUP BY n, prefix ORDER BY n;

-- Ties: who was there last, then the name in bytes.
SELECT member, active_days, days_inactive FROM health_members(
  '{"u:b": {"2026-01-02": 1}, "u:a": {"2026-01-02": 1}, "u:B": {"2026-01-02": 1}, "u:é": {"2026-01-02": 1}, "u:c": {"2026-01-03": 1},
    "u:z": {"2026-01-01": 1, "2026-01-02": 1}}', 'u:', '2026-01-05', 7);

-- Days from as_of on have not been yet, and a day has no more than one active day.
SELECT n AS january, m.* FROM generate_series(2, 5) AS n
CROSS JOIN LATERAL health_members('{"u:a": {"2026-01-02": 50, "2026-01-04": [1, -9]}, "u:b": {"2026-01-03": 1}}', 'u:', date '2025-12-31' + n, 2) AS m;
-- The rhythm goes no further back than the first day ever, and than as many days as asked before the last one.
SELECT days, m.* FROM unnest('{1,5,9,10,11,2147483647}'::int[]) AS days
CROSS JOIN LATERAL health_members('{"u:a": {"2026-01-01": 1, "2026-01-06": 1, "2026-01-10": 1}}', 'u:', '2026-01-12', days) AS m;
-- All were active too long ago: nobody has a share.
SELECT * FROM health_members('{"u:a": {"1970-01-01": 1}, "u:b": {"2199-12-31": 1}}', 'u:', '5874897-12-31', 7);

-- NULL in, no rows out.
SELECT count(*) FROM health_members(NULL, 'user:', '2026-01-05', 7);
SELECT count(*) FROM health_members('{"user:a": {"2026-01-02": 1}}', NULL, '2026-01-05', 7);
SELECT count(*) FROM health_members('{"user:a": {"2026-01-02": 1}}', 'user:', NULL, 7);
SELECT count(*) FROM health_members('{"user:a": {"2026-01-02": 1}}', 'user:', '2026-01-05', NULL);

SELECT * FROM health_members('{}', 'user:', '2026-01-05', 0);
SELECT * FROM health_members('{}', 'user:', 'infinity', 7);
SELECT * FROM health_members('{}', 'user:', '-infinity', 7);
DROP TABLE teams;
