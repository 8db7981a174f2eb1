-- What a score means in churn.

CREATE FUNCTION health_calibration_final(state internal) RETURNS jsonb
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_calibration_final(internal) IS 'result of health_calibration';
CREATE AGGREGATE health_calibration(score float8, churned boolean) (
  SFUNC = health_auc_add, STYPE = internal, SSPACE = 65536, COMBINEFUNC = health_auc_combine,
  SERIALFUNC = health_auc_serialize, DESERIALFUNC = health_auc_deserialize,
  FINALFUNC = health_calibration_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_calibration(float8, boolean) IS
  'churn rate by score as steps that fall while scores rise (isotonic regression), each with its 95 % interval; for health_churn_probability';

CREATE FUNCTION health_churn_probability(score float8, calibration jsonb) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_churn_probability(float8, jsonb) IS
  'chance of churn, 0 to 1, of a score, by a calibration; straight between its steps';
CREATE FUNCTION health_churn_interval(score float8, calibration jsonb) RETURNS float8[]
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_churn_interval(float8, jsonb) IS
  'low and high end of health_churn_probability at 95 % (Wilson, of the accounts of the step)';
