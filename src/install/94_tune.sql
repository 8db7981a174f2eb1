-- Which window and half-life tell best who will churn.

CREATE FUNCTION health_tune_final(state internal) RETURNS jsonb
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_tune_final(internal) IS 'result of health_tune';
-- include state.template | @aggregate@ = health_tune
-- for @arguments@ | @types@
--   | activity health_activity, churned boolean, model health_model, as_of date                          | health_activity, boolean, health_model, date
--   | activity health_activity, churned boolean, model health_model, as_of date, size float8             | health_activity, boolean, health_model, date, float8
--   | activity health_activity, churned boolean, model health_model, as_of date, size float8, since date | health_activity, boolean, health_model, date, float8, date
CREATE FUNCTION health_tune_add(state internal, @arguments@) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2000;
COMMENT ON FUNCTION health_tune_add(internal, @types@) IS 'transition of health_tune';
CREATE AGGREGATE health_tune(@arguments@) (
  SFUNC = health_tune_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_tune_combine,
  SERIALFUNC = health_tune_serialize, DESERIALFUNC = health_tune_deserialize,
  FINALFUNC = health_tune_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_tune(@types@) IS
  'window and half-life by who left, of 42; key model: the one to take, the given one unless another is better beyond chance. Rows: health_tune_rows; all keys: docs/proof.md';
-- end

CREATE FUNCTION health_tune_rows(tuned jsonb)
  RETURNS TABLE (window_days int, half_life_days float8, auc float8, auc_low float8, auc_high float8, current boolean, chosen boolean)
  LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 43  -- not STRICT, so that it is inlined
  BEGIN ATOMIC
    SELECT r.window_days, r.half_life_days, r.auc, r.auc_low, r.auc_high, r.current, r.chosen
    FROM pg_catalog.jsonb_to_recordset(tuned OPERATOR(pg_catalog.->) 'tried') AS r (
           window_days int, half_life_days float8, auc float8, auc_low float8, auc_high float8, current boolean, chosen boolean);
  END;
COMMENT ON FUNCTION health_tune_rows(jsonb) IS
  'what health_tune tried, the best AUC first; current: the given model, chosen: the one to take. window_days NULL: all days; half_life_days NULL: no decay';
