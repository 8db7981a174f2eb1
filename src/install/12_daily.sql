-- Activities from daily tables. Not a form of health_activity: where the value is left out, the count would silently be
-- taken as the value of one event.

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
