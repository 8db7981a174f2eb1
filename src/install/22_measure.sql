-- One signal of an activity over some days, as a number.

CREATE FUNCTION health_measure(activity health_activity, signal text, as_of date, days int, measure text DEFAULT 'count')
  RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_measure(health_activity, text, date, int, text) IS
  'count, days, sum, last, mean, distinct (signal user:*), recency or trend of a signal over the given number of days before as_of; last and mean are NULL without a value, trend without 5 events in as many days before';
