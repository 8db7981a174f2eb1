-- Which window and half-life tell best who will churn.

-- include state.template | @aggregate@ = health_tune
-- include learner.template | @aggregate@ = health_tune | @cost@ = 2000 | @text@ = window and half-life by who left, of 42; key model: the one to take, the given one unless another is better beyond chance. Rows: health_tune_rows; all keys: docs/proof.md

CREATE FUNCTION health_tune_rows(tuned jsonb)
  RETURNS TABLE (window_days int, half_life_days float8, auc float8, auc_low float8, auc_high float8, current boolean, chosen boolean)
  LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 43  -- not STRICT, so that it is inlined
  BEGIN ATOMIC
    SELECT r.window_days, r.half_life_days, r.auc, r.auc_low, r.auc_high, r.current, r.chosen
    FROM pg_catalog.jsonb_to_recordset(
           health_result(tuned, 'health_tune', 'tried') OPERATOR(pg_catalog.->) 'tried') AS r (
           window_days int, half_life_days float8, auc float8, auc_low float8, auc_high float8, current boolean, chosen boolean);
  END;
COMMENT ON FUNCTION health_tune_rows(jsonb) IS
  'what health_tune tried, the best AUC first; current: the given model, chosen: the one to take. window_days 36500: all days; half_life_days NULL: no decay';
