-- From raw scores to 0..100.

CREATE FUNCTION health_baseline_add(state internal, raw float8, model health_model) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_baseline_add(internal, float8, health_model) IS 'transition of health_baseline';
CREATE FUNCTION health_baseline_final(state internal) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_baseline_final(internal) IS 'result of health_baseline';
CREATE FUNCTION health_baseline_combine(state internal, other internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_baseline_combine(internal, internal) IS 'combines two states; for the aggregate only';
CREATE FUNCTION health_baseline_serialize(state internal) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_baseline_serialize(internal) IS 'state of health_baseline as bytes, for workers';
CREATE FUNCTION health_baseline_deserialize(state bytea, internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_baseline_deserialize(bytea, internal) IS 'state of health_baseline from bytes, for workers';
CREATE AGGREGATE health_baseline(raw float8, model health_model) (
  SFUNC = health_baseline_add, STYPE = internal, SSPACE = 65536, COMBINEFUNC = health_baseline_combine,
  SERIALFUNC = health_baseline_serialize, DESERIALFUNC = health_baseline_deserialize,
  FINALFUNC = health_baseline_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_baseline(float8, health_model) IS
  'raw score that earns 100: percentile_cont of the eligible raw scores, or the baseline frozen in the model; NULL if nobody is eligible';

CREATE FUNCTION health_normalize(raw float8, model health_model) RETURNS float8
  AS 'MODULE_PATHNAME', 'health_normalize_over' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, health_model) IS
  'window function: raw scores of a partition on the scale 0 to 100, on the model''s curve up to their baseline';
CREATE FUNCTION health_normalize(raw float8, model health_model, adjustment float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'health_normalize_over' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, health_model, float8) IS
  'window function: the same with an adjustment in points, the result kept within 0 and 100';
CREATE FUNCTION health_normalize(raw float8, model health_model, praise float8, penalty float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'health_normalize_over' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, health_model, float8, float8) IS
  'window function: the same with points that are added first, up to 100, and points that are taken then, down to 0; as health_score does';
CREATE FUNCTION health_normalize(raw float8, baseline float8, model health_model, adjustment float8 DEFAULT NULL)
  RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, float8, health_model, float8) IS
  'a raw score against a frozen or shared baseline; a NULL baseline gives 0 for raw <= 0, else NULL';
CREATE FUNCTION health_normalize(raw float8, baseline float8, model health_model, praise float8, penalty float8)
  RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, float8, health_model, float8, float8) IS
  'the same with points that are added first, up to 100, and points that are taken then, down to 0';

CREATE FUNCTION health_winsorize(x float8, lower_percentile float8, upper_percentile float8) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_winsorize(float8, float8, float8) IS
  'window function: x clamped to two percentiles (0 to 1) of its partition';
