-- Scorecards: one score from several measures.

--@ theme Explanations and scorecards
--@ function health_composite
--@ stability: stable
--@ formula: Σ weight × score / Σ weight over the rows that have both; exact, so that no order or split of the rows shows.
--@ units: scores up to 1e9 in size; a weight is 0, or from 1e-30 to 1e30.
--@ null: rows with a NULL score or weight are left out; NULL where the weights that are left add up to 0.
--@ errors: 22003 for a score that is NaN, infinite or too large; 22023 for another weight.
--@ example:
--@   SELECT health_composite(score, weight), health_coverage(score, weight)
--@   FROM (VALUES (80, 40), (60, 20), (NULL, 40)) AS v (score, weight);
--@ output:
--@    health_composite  | health_coverage
--@   -------------------+-----------------
--@    73.33333333333333 |             0.6
--@ function health_coverage
--@ stability: stable
--@ formula: Σ weight of the rows that have a score / Σ weight.
--@ units: 0 to 1.
--@ null: a NULL score is what it counts; rows with a NULL weight are left out; NULL where the weights add up to 0.
--@ errors: as of `health_composite`.
--@ example:
--@   SELECT health_coverage(score, weight) FROM (VALUES (80, 40), (60, 20), (NULL, 40)) AS v (score, weight);
--@ output:
--@    health_coverage
--@   -----------------
--@                0.6
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
