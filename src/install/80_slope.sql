-- The slope of a series of scores.

--@ theme Over time
--@ function health_slope
--@ stability: stable
--@ formula: 7 × the median of (score_j - score_i) / (day_j - day_i) over all pairs of readings of different days (Theil 1950; Sen, J. Amer.
--@   Statist. Assoc. 63, 1968). One outlier moves it little.
--@ units: points a week; at most 4,096 readings.
--@ null: rows with a NULL score or day are skipped; NULL with fewer than two days.
--@ errors: 22003 for a score that is NaN or infinite; 22008 for an infinite day; 54000 beyond 4,096 readings.
--@ example:
--@   SELECT health_slope(score, day) AS points_a_week
--@   FROM (VALUES (90, date '2026-01-01'), (86, '2026-01-08'), (20, '2026-01-15'), (78, '2026-01-22'), (74, '2026-01-29')) AS v (score, day);
--@ output:
--@    points_a_week
--@   ---------------
--@               -4
CREATE FUNCTION health_slope_add(state internal, score float8, day date) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_slope_add(internal, float8, date) IS 'transition of health_slope';
CREATE FUNCTION health_slope_remove(state internal, score float8, day date) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_slope_remove(internal, float8, date) IS 'inverse transition of health_slope';
CREATE FUNCTION health_slope_final(state internal) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION health_slope_final(internal) IS 'result of health_slope';
CREATE AGGREGATE health_slope(score float8, day date) (
  SFUNC = health_slope_add, STYPE = internal, SSPACE = 2048,
  FINALFUNC = health_slope_final, FINALFUNC_MODIFY = READ_ONLY,
  MSFUNC = health_slope_add, MINVFUNC = health_slope_remove, MSTYPE = internal, MSSPACE = 2048,
  MFINALFUNC = health_slope_final, MFINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_slope(float8, date) IS
  'Theil-Sen slope in points a week: the median over all pairs of readings; NULL with fewer than two days; at most 4096 readings';
