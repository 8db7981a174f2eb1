-- The raw score of one account for many dates, in one pass over its activity.

CREATE FUNCTION health_history_support(request internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_history_support(internal) IS 'tells the planner how many rows health_history gives';
CREATE FUNCTION health_history(activity health_activity, model health_model, from_day date, to_day date,
                               size float8 DEFAULT NULL, since date DEFAULT NULL, step int DEFAULT 1,
                               OUT as_of date, OUT raw float8, OUT adjustment float8, OUT praise float8, OUT penalty float8) RETURNS SETOF record
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 90
  SUPPORT health_history_support;
COMMENT ON FUNCTION health_history(health_activity, health_model, date, date, float8, date, int) IS
  'raw score and adjustment (praise less penalty) for each as_of from from_day to to_day, both inclusive, every step days; one pass over the activity';
