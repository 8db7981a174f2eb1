-- When a signal of an activity was seen: first, last, how long ago.

--@ theme Activities
--@ function health_days_inactive
--@ stability: stable
--@ units: full days: 0 where it was there the day before `as_of`.
--@ null: NULL where the activity or `as_of` is NULL, and where the signal was never there before `as_of`; a NULL signal means any.
--@ errors: 22008 for an infinite `as_of`.
--@ example:
--@   SELECT health_days_inactive('{"login": {"2026-01-03": 4}}', '2026-01-05') AS since_any,
--@          health_days_inactive('{"login": {"2026-01-03": 4}}', '2026-01-05', 'export') AS since_export;
--@ output:
--@    since_any | since_export
--@   -----------+--------------
--@            1 |
CREATE FUNCTION health_days_inactive(activity health_activity, as_of date, signal text DEFAULT NULL) RETURNS int
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_days_inactive(health_activity, date, text) IS
  'full days before as_of without the signal, or without any; 0 where it was there the day before, NULL if it was never seen before';

--@ function health_first_day
--@ stability: stable
--@ null: NULL where the activity is NULL or has no such day; a NULL signal means any.
--@ errors: none of its own.
--@ example:
--@   SELECT health_first_day('{"login": {"2026-01-02": 1, "2026-01-03": 4}}');
--@ output:
--@    health_first_day
--@   ------------------
--@    2026-01-02
CREATE FUNCTION health_first_day(activity health_activity, signal text DEFAULT NULL) RETURNS date
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_first_day(health_activity, text) IS 'first day of a signal, or of all; NULL if there is none';

--@ function health_last_day
--@ stability: stable
--@ null: as of `health_first_day`.
--@ errors: none of its own.
--@ example:
--@   SELECT health_last_day('{"login": {"2026-01-02": 1, "2026-01-03": 4}}', 'login');
--@ output:
--@    health_last_day
--@   -----------------
--@    2026-01-03
CREATE FUNCTION health_last_day(activity health_activity, signal text DEFAULT NULL) RETURNS date
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_last_day(health_activity, text) IS 'last day of a signal, or of all; NULL if there is none';
