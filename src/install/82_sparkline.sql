-- A series of scores as a line of text.

CREATE FUNCTION health_sparkline_add(state internal, score float8) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sparkline_add(internal, float8) IS 'transition of health_sparkline';
CREATE FUNCTION health_sparkline_final(state internal) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sparkline_final(internal) IS 'result of health_sparkline';
CREATE AGGREGATE health_sparkline(score float8) (
  SFUNC = health_sparkline_add, STYPE = internal, SSPACE = 2048,
  FINALFUNC = health_sparkline_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_sparkline(float8) IS
  'scores as a line of blocks on the fixed scale 0 to 100: health_sparkline(score ORDER BY day); a space for NULL';
