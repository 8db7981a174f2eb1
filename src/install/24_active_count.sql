-- How many signals of an activity, users for example, were seen in some days.

CREATE FUNCTION health_active_count(activity health_activity, as_of date, days int, min_days int DEFAULT 1,
                                    signals text[] DEFAULT NULL) RETURNS int
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_active_count(health_activity, date, int, int, text[]) IS
  'number of signals (users) seen on at least min_days of the given number of days before as_of; an entry such as user:* stands for a prefix';
