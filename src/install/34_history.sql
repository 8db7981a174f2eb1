-- The raw score of one account for many dates, in one pass over its activity.

CREATE FUNCTION health_history_support(request internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_history_support(internal) IS 'tells the planner how many rows health_history gives';
--@ theme Over time
--@ function health_history
--@ stability: stable
--@ formula: for each date `health_raw_score` and, as `praise` less `penalty`, `health_adjustment`, to the bit.
--@ units: `step` is in days, 1 or more.
--@ null: no rows where the activity, model, `from_day`, `to_day` or `step` is NULL; a row of NULLs for each date up to `since`.
--@ errors: 22023 where `from_day` is after `to_day`, for a `step` below 1, and for a scorecard (`combine` mean), which has no score
--@   from raw scores alone; 22008 for an infinite date; 54000 beyond 100,000 days.
--@ see: [the score of every day](time.md#the-score-of-every-day).
--@ example:
--@   SELECT * FROM health_history('{"login": {"2026-01-03": 4}}', '{"half_life_days": 1, "signals": {"login": 1}}',
--@                                 '2026-01-03', '2026-01-05');
--@ output:
--@      as_of    | raw | adjustment | praise | penalty
--@   ------------+-----+------------+--------+---------
--@    2026-01-03 |   0 |          0 |      0 |       0
--@    2026-01-04 |   4 |          0 |      0 |       0
--@    2026-01-05 |   2 |          0 |      0 |       0
CREATE FUNCTION health_history(activity health_activity, model health_model, from_day date, to_day date,
                               size float8 DEFAULT NULL, since date DEFAULT NULL, step int DEFAULT 1,
                               OUT as_of date, OUT raw float8, OUT adjustment float8, OUT praise float8, OUT penalty float8) RETURNS SETOF record
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 90
  SUPPORT health_history_support;
COMMENT ON FUNCTION health_history(health_activity, health_model, date, date, float8, date, int) IS
  'raw score and adjustment (praise less penalty) for each as_of from from_day to to_day, both inclusive, every step days; one pass over the activity';
