-- Who is behind a prefix: the users of an account, say.

CREATE FUNCTION health_members(activity health_activity, prefix text, as_of date, days int, OUT member text,
                               OUT active_days int, OUT days_inactive int, OUT rhythm float8, OUT share float8) RETURNS SETOF record
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 50;
COMMENT ON FUNCTION health_members(health_activity, text, date, int) IS
  'who is behind a prefix (user:*), seen before as_of, most active first: member, the name after the prefix; active_days of the given number of days before as_of; days_inactive in full days; rhythm in calendar days for one active day (1 or more); share of all active_days (0 to 1)';
