-- The band of a series of scores, with hysteresis: it does not flap where scores move around a cut.

--@ theme Over time
--@ function health_stable_band
--@ stability: stable
--@ formula: the first reading enters its band. A worse one is entered after `stable_readings` worse readings in a row, or at once after
--@   a fall of `drop_points` since the band was entered; a better one after as many that clear its cut by `stable_margin`.
--@ null: a NULL score keeps the band, NULL before the first reading; NULL for a NULL model.
--@ errors: 22003 for a score that is NaN or infinite; 22023 where the model differs within the partition.
--@ see: [bands that do not flap](time.md#bands-that-do-not-flap).
--@ example:
--@   SELECT day, score, health_band(score), health_stable_band(score, '{}') OVER (ORDER BY day)
--@   FROM (VALUES (1, 82), (2, 79), (3, 81), (4, 78), (5, 77)) AS v (day, score);
--@ output:
--@    day | score | health_band | health_stable_band
--@   -----+-------+-------------+--------------------
--@      1 |    82 | green       | green
--@      2 |    79 | yellow      | green
--@      3 |    81 | green       | green
--@      4 |    78 | yellow      | green
--@      5 |    77 | yellow      | yellow
CREATE FUNCTION health_stable_band(score float8, model health_model) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_stable_band(float8, health_model) IS
  'window function, OVER (PARTITION BY account ORDER BY day): band with hysteresis; stable_readings, stable_margin and drop_points of the model; a NULL score keeps the band';
