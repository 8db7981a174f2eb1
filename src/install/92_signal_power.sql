-- What each signal says of churn by itself.

CREATE FUNCTION health_signal_power_add(state internal, activity health_activity, churned boolean, model health_model, as_of date)
  RETURNS internal AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 200;
COMMENT ON FUNCTION health_signal_power_add(internal, health_activity, boolean, health_model, date) IS 'transition of health_signal_power';
CREATE FUNCTION health_signal_power_final(state internal) RETURNS jsonb
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_signal_power_final(internal) IS 'result of health_signal_power';
CREATE AGGREGATE health_signal_power(activity health_activity, churned boolean, model health_model, as_of date) (
  SFUNC = health_signal_power_add, STYPE = internal, SSPACE = 1048576,
  FINALFUNC = health_signal_power_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_signal_power(health_activity, boolean, health_model, date) IS
  'what each signal of the model says by itself of who left, at one or several dates. Rows: health_signal_power_rows, the most telling first';

CREATE FUNCTION health_signal_power_rows(power jsonb)
  RETURNS TABLE (signal text, label text, weight float8, observations int, coverage float8, auc float8, auc_low float8,
                 auc_high float8, churn_rate_with float8, churn_rate_without float8, direction text)
  LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20  -- not STRICT, so that it is inlined
  BEGIN ATOMIC
    SELECT r.signal, r.label, r.weight, r.observations, r.coverage, r.auc, r.auc_low, r.auc_high, r.churn_rate_with,
           r.churn_rate_without, r.direction
    FROM pg_catalog.jsonb_to_recordset(health_result(power, 'health_signal_power')) AS r (
           signal text, label text, weight float8, observations int, coverage float8, auc float8, auc_low float8,
           auc_high float8, churn_rate_with float8, churn_rate_without float8, direction text);
  END;
COMMENT ON FUNCTION health_signal_power_rows(jsonb) IS 'what health_signal_power found of each signal, the most telling first. auc: the chance that an account that stayed has more of it than one that left; coverage: share of the rows that have it';
