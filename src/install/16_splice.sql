-- Days of an activity: replaced by those of another one, or dropped.

CREATE FUNCTION health_splice(activity health_activity, tail health_activity, from_day date) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_splice(health_activity, health_activity, date) IS
  'days >= from_day replaced by those of the tail; earlier days of the tail are ignored; a NULL activity counts as empty';

CREATE FUNCTION health_trim(activity health_activity, from_day date) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_trim(health_activity, date) IS 'days before from_day dropped: retention';
