-- Who is behind a prefix: the users of an account, say.

--@ theme Activities
--@ function health_members
--@ stability: stable
--@ formula: `rhythm` is calendar days / active days over the days that end with the last active one, at most `days` of them and
--@   none before the first one ever, at least 1; `share` is active days / those of all members, 0 where nobody has any.
--@ null: no rows for NULL.
--@ errors: 22023 for `days` below 1; 22008 for an infinite `as_of`.
--@ see: [users who fell silent](time.md#users-who-fell-silent).
--@ example:
--@   SELECT * FROM health_members('{"user:ada": {"2026-01-01": 1, "2026-01-03": 3}, "user:bob": {"2025-11-03": 1}}',
--@                                 'user:', '2026-01-05', 28);
--@ output:
--@    member | active_days | days_inactive | rhythm | share
--@   --------+-------------+---------------+--------+-------
--@    ada    |           2 |             1 |    1.5 |     1
--@    bob    |           0 |            62 |      1 |     0
CREATE FUNCTION health_members(activity health_activity, prefix text, as_of date, days int, OUT member text,
                               OUT active_days int, OUT days_inactive int, OUT rhythm float8, OUT share float8) RETURNS SETOF record
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 50;
COMMENT ON FUNCTION health_members(health_activity, text, date, int) IS
  'who is behind a prefix (user:*), seen before as_of, most active first: member, the name after the prefix; active_days of the given number of days before as_of; days_inactive in full days; rhythm in calendar days for one active day (1 or more); share of all active_days (0 to 1)';
