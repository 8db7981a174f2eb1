-- Which window and half-life tell best who will churn.

--@ theme Is the model any good
--@ function health_tune
--@ stability: experimental
--@ formula: windows of 30, 60, 90, 180, 365 and all days with half-lives of 7, 14, 30, 60, 90, 180 days and none, each by its AUC among the
--@   accounts of a date, over up to 20 folds of accounts. Another time than the given one is taken where its gain is more than the
--@   luckiest of as many would have by chance in 97 of 100 cases (Student's t over the folds, at 99.5 %).
--@ keys: [all of them](proof.md#time-first).
--@ null: rows with a NULL activity, `churned`, model or `as_of` are not counted, nor accounts before `since`; NULL where no row is left.
--@ errors: 22023 for a model without signals, where it differs within the group, and for a size that is NaN or infinite; 22008 for an
--@   infinite `as_of`; 54000 where a parallel worker would have more than 1 GB.
--@ example:
--@   SELECT tuned -> 'observations' AS observations, tuned -> 'folds' AS folds, tuned ->> 'why' AS why, tuned -> 'model' AS model
--@   FROM (SELECT health_tune('{"login": {"2025-12-31": 1}}', n = 1, '{"signals": {"login": 1}}', '2026-01-01') AS tuned
--@         FROM generate_series(1, 8) AS n) AS t;
--@ output:
--@    observations | folds |               why               |           model
--@   --------------+-------+---------------------------------+---------------------------
--@    8            | 0     | too few accounts left or stayed | {"signals": {"login": 1}}
-- include state.template | @aggregate@ = health_tune
-- include learner.template | @aggregate@ = health_tune | @cost@ = 2000 | @text@ = which of 42 windows and half-lives tells best who left; key model: the one to take, which is the given one unless another is better beyond chance. Rows: health_tune_rows; all keys: docs/proof.md

--@ function health_tune_rows
--@ stability: experimental
--@ units: `window_days` 36500 is all days, `half_life_days` NULL no decay.
--@ null: no rows for NULL, nor where there were too few accounts to compare.
--@ errors: 22023 for a document that is no result of `health_tune`.
--@ example:
--@   SELECT window_days, half_life_days, round(auc::numeric, 2) AS auc, current, chosen
--@   FROM health_tune_rows((SELECT health_tune(activity, churned, '{"signals": {"login": 1}}', '2026-01-01')
--@     FROM (SELECT n % 4 = 0 AS churned,
--@                 health_daily('login', date '2025-07-01' + day * 3,
--@                              CASE WHEN n % 4 = 0 AND day > 50 THEN 0 ELSE n % 9 + 1 END, NULL) AS activity
--@           FROM generate_series(1, 120) AS n, generate_series(0, 60) AS day GROUP BY n) AS accounts)) WHERE current OR chosen;
--@ output:
--@    window_days | half_life_days | auc  | current | chosen
--@   -------------+----------------+------+---------+--------
--@             30 |                | 1.00 | f       | t
--@             90 |                | 0.68 | t       | f
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
