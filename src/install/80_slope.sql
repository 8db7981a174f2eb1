-- The slope of a series of scores.

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
