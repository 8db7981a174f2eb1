-- When a signal of an activity was seen: first, last, how long ago.

CREATE FUNCTION health_days_inactive(activity health_activity, as_of date, signal text DEFAULT NULL) RETURNS int
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_days_inactive(health_activity, date, text) IS
  'full days before as_of without the signal, or without any (0: it was there the day before); NULL if it was never seen before';

CREATE FUNCTION health_first_day(activity health_activity, signal text DEFAULT NULL) RETURNS date
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_first_day(health_activity, text) IS 'first day of a signal, or of all; NULL if there is none';

CREATE FUNCTION health_last_day(activity health_activity, signal text DEFAULT NULL) RETURNS date
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_last_day(health_activity, text) IS 'last day of a signal, or of all; NULL if there is none';
