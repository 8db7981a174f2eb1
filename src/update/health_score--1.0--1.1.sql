\echo Use "ALTER EXTENSION health_score UPDATE" to load this file. \quit

CREATE CAST (health_activity AS jsonb) WITH INOUT;
COMMENT ON CAST (health_activity AS jsonb) IS 'the text form: count; [count, sum]; or [count, sum, values], by signal and day';
CREATE CAST (jsonb AS health_activity) WITH INOUT;
COMMENT ON CAST (jsonb AS health_activity) IS 'validates the document';

ALTER FUNCTION health_driver_rows(jsonb) CALLED ON NULL INPUT;
COMMENT ON AGGREGATE health_drivers(text, float8) IS
  'driver list of any weighted rows, points added up per signal; worst first, then strengths, last what has no signal';

CREATE FUNCTION health_baseline_combine(state internal, other internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_baseline_combine(internal, internal) IS 'combines two states; for the aggregate only';
CREATE FUNCTION health_baseline_serialize(state internal) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_baseline_serialize(internal) IS 'state of health_baseline as bytes, for workers';
CREATE FUNCTION health_baseline_deserialize(state bytea, internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_baseline_deserialize(bytea, internal) IS 'state of health_baseline from bytes, for workers';
CREATE OR REPLACE AGGREGATE health_baseline(raw float8, model health_model) (
  SFUNC = health_baseline_add, STYPE = internal, SSPACE = 65536, COMBINEFUNC = health_baseline_combine,
  SERIALFUNC = health_baseline_serialize, DESERIALFUNC = health_baseline_deserialize,
  FINALFUNC = health_baseline_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
CREATE FUNCTION health_weighted_sum_combine(state internal, other internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_combine(internal, internal) IS 'combines two states; for the aggregate only';
CREATE FUNCTION health_weighted_sum_serialize(state internal) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_serialize(internal) IS 'state of health_weighted_sum as bytes, for workers';
CREATE FUNCTION health_weighted_sum_deserialize(state bytea, internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_deserialize(bytea, internal) IS 'state of health_weighted_sum from bytes, for workers';
CREATE OR REPLACE AGGREGATE health_weighted_sum(weight float8, occurred_at timestamptz, model health_model, as_of date) (
  SFUNC = health_weighted_sum_add, STYPE = internal, SSPACE = 4096, COMBINEFUNC = health_weighted_sum_combine,
  SERIALFUNC = health_weighted_sum_serialize, DESERIALFUNC = health_weighted_sum_deserialize,
  FINALFUNC = health_weighted_sum_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
CREATE OR REPLACE AGGREGATE health_weighted_sum(weight float8, occurred_at timestamp, model health_model, as_of date) (
  SFUNC = health_weighted_sum_add, STYPE = internal, SSPACE = 4096, COMBINEFUNC = health_weighted_sum_combine,
  SERIALFUNC = health_weighted_sum_serialize, DESERIALFUNC = health_weighted_sum_deserialize,
  FINALFUNC = health_weighted_sum_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
CREATE OR REPLACE AGGREGATE health_weighted_sum(weight float8, occurred_at date, model health_model, as_of date) (
  SFUNC = health_weighted_sum_add, STYPE = internal, SSPACE = 4096, COMBINEFUNC = health_weighted_sum_combine,
  SERIALFUNC = health_weighted_sum_serialize, DESERIALFUNC = health_weighted_sum_deserialize,
  FINALFUNC = health_weighted_sum_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
