-- How well scores tell who stayed from who churned.

CREATE FUNCTION health_auc_add(state internal, score float8, churned boolean) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_auc_add(internal, float8, boolean) IS
  'transition of health_auc, health_auc_interval and health_calibration';
-- include state.template | @aggregate@ = health_auc
CREATE FUNCTION health_auc_final(state internal) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_auc_final(internal) IS 'result of health_auc';
CREATE FUNCTION health_auc_interval_final(state internal) RETURNS float8[]
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_auc_interval_final(internal) IS 'result of health_auc_interval';

CREATE AGGREGATE health_auc(score float8, churned boolean) (
  SFUNC = health_auc_add, STYPE = internal, SSPACE = 65536, COMBINEFUNC = health_auc_combine,
  SERIALFUNC = health_auc_serialize, DESERIALFUNC = health_auc_deserialize,
  FINALFUNC = health_auc_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_auc(float8, boolean) IS
  'chance that an account that was kept scores above one that churned, ties one half: 0.5 knows nothing, 1 tells all; NULL unless there are both';
CREATE AGGREGATE health_auc_interval(score float8, churned boolean) (
  SFUNC = health_auc_add, STYPE = internal, SSPACE = 65536, COMBINEFUNC = health_auc_combine,
  SERIALFUNC = health_auc_serialize, DESERIALFUNC = health_auc_deserialize,
  FINALFUNC = health_auc_interval_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_auc_interval(float8, boolean) IS
  'low and high end of health_auc at 95 % (the wider of those of DeLong and Newcombe); where 0.5 lies between them no link is shown';
