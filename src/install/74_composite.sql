-- Scorecards: one score from several measures.

CREATE FUNCTION health_composite_add(state bytea, score float8, weight float8) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_composite_add(bytea, float8, float8) IS 'transition of health_composite and health_coverage';
CREATE FUNCTION health_composite_combine(state bytea, other bytea) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_composite_combine(bytea, bytea) IS 'combines two states; for the aggregates only';
CREATE FUNCTION health_composite_final(state bytea) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_composite_final(bytea) IS 'result of health_composite';
CREATE FUNCTION health_coverage_final(state bytea) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_coverage_final(bytea) IS 'result of health_coverage';

CREATE AGGREGATE health_composite(score float8, weight float8) (
  SFUNC = health_composite_add, STYPE = bytea, COMBINEFUNC = health_composite_combine,
  FINALFUNC = health_composite_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_composite(float8, float8) IS
  'weighted mean of scores; NULL scores are left out; NULL if there is none';
CREATE AGGREGATE health_coverage(score float8, weight float8) (
  SFUNC = health_composite_add, STYPE = bytea, COMBINEFUNC = health_composite_combine,
  FINALFUNC = health_coverage_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_coverage(float8, float8) IS
  'share of the weight, 0 to 1, that had a score; NULL where the weights add up to 0';
