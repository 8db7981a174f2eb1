-- Activities from daily tables. Not a form of health_activity: where the value is left out, the count would silently be
-- taken as the value of one event.

--@ theme Activities
--@ function health_daily
--@ stability: stable
--@ units: `count` whole events of that day, `value` the day's sum, not the value of one event; `value_count` from 0 to `count`.
--@ null: rows with a NULL signal or day, or with NULL or 0 events, are skipped; a NULL value is none; a NULL `value_count`
--@   means all events; NULL where no row is left.
--@ errors: 22023 for a negative count, and for a `value_count` above the count or at odds with the value; 22003 for a count above
--@   2,147,483,647 or a value that is NaN or infinite; 22008 for a day out of range.
--@ example:
--@   SELECT health_daily(signal, day, count, value)
--@   FROM (VALUES ('login', date '2026-01-03', 4, NULL::float8), ('nps', '2026-01-03', 2, 17)) AS daily (signal, day, count, value);
--@ output:
--@                            health_daily
--@   --------------------------------------------------------------
--@    {"login": {"2026-01-03": 4}, "nps": {"2026-01-03": [2, 17]}}
-- for @more@               | @more_type@ | @values@
--   |                      |             | events and sum of values of a day (NULL for none)
--   | , value_count bigint | , bigint    | events, sum of values and events that had a value, as health_cells gives them (NULL for all)
CREATE FUNCTION health_daily_add(state health_activity, signal text, day date, count bigint, value float8@more@)
  RETURNS health_activity AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_daily_add(health_activity, text, date, bigint, float8@more_type@) IS 'transition of health_daily';
CREATE AGGREGATE health_daily(signal text, day date, count bigint, value float8@more@) (
  SFUNC = health_daily_add, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_daily(text, date, bigint, float8@more_type@) IS
  'activity from a daily table: @values@; rows with a NULL signal or day, and with NULL or 0 events, are skipped';
-- end
