-- The raw score that earns 100 in a population.

--@ theme Scores
--@ function health_baseline
--@ stability: stable
--@ formula: `percentile_cont(percentile)` of the raw scores above 0, of all with `"population": "all"`: rank (n - 1) p with linear
--@   interpolation, which is PERCENTILE.INC. The model's `baseline` where it has one.
--@ units: those of a raw score.
--@ null: rows with a NULL raw score or model are skipped; NULL where none is left, or nobody is eligible and nothing frozen.
--@ errors: 22003 for a raw score that is NaN or infinite; 22023 where the model differs within the group.
--@ example:
--@   SELECT health_baseline(raw, '{}') FROM unnest('{0,1,2,3,4}'::float8[]) AS raw;
--@ output:
--@    health_baseline
--@   -----------------
--@                3.7
CREATE FUNCTION health_baseline_add(state internal, raw float8, model health_model) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_baseline_add(internal, float8, health_model) IS 'transition of health_baseline';
CREATE FUNCTION health_baseline_final(state internal) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_baseline_final(internal) IS 'result of health_baseline';
-- include state.template | @aggregate@ = health_baseline
CREATE AGGREGATE health_baseline(raw float8, model health_model) (
  SFUNC = health_baseline_add, STYPE = internal, SSPACE = 65536, COMBINEFUNC = health_baseline_combine,
  SERIALFUNC = health_baseline_serialize, DESERIALFUNC = health_baseline_deserialize,
  FINALFUNC = health_baseline_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_baseline(float8, health_model) IS
  'raw score that earns 100: percentile_cont of the eligible raw scores, or the baseline frozen in the model; NULL if nobody is eligible';
