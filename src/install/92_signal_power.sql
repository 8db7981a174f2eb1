-- What each signal says of churn by itself.

--@ theme Is the model any good
--@ function health_signal_power
--@ stability: experimental
--@ formula: of each signal its measure over its window, undecayed and not per size; the AUC of that number, its interval after
--@   Obuchowski (Biometrics 53, 1997), which minds several rows of one account, and at least Newcombe's.
--@ keys: an array with the columns of `health_signal_power_rows`, the most telling first.
--@ null: rows with a NULL activity, `churned`, model or `as_of` are not counted; NULL where no row is left.
--@ errors: 22023 for a model without signals, and where it differs within the group; 22008 for an infinite `as_of`.
--@ see: [what each signal says](proof.md#what-each-signal-says).
--@ example:
--@   SELECT power -> 0 ->> 'signal' AS signal, power -> 0 -> 'auc' AS auc, power -> 0 ->> 'direction' AS direction
--@   FROM (SELECT health_signal_power(activity, churned, '{"signals": {"login": 1}}', '2026-01-01') AS power
--@         FROM (SELECT n % 4 = 0 AS churned,
--@                     health_daily('login', '2025-12-31', n % 7 + CASE WHEN n % 4 = 0 THEN 1 ELSE 5 END, NULL) AS activity
--@               FROM generate_series(1, 80) AS n GROUP BY n) AS accounts) AS p;
--@ output:
--@    signal |   auc   | direction
--@   --------+---------+-----------
--@    login  | 0.89875 | positive
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

--@ function health_signal_power_rows
--@ stability: experimental
--@ units: `coverage` and the churn rates from 0 to 1; `direction` is positive, negative or unclear.
--@ null: no rows for NULL; a column is NULL where nothing is known.
--@ errors: 22023 for a document that is no result of `health_signal_power`.
--@ example:
--@   SELECT signal, observations, coverage, churn_rate_with, churn_rate_without
--@   FROM health_signal_power_rows((SELECT health_signal_power(activity, churned, '{"signals": {"export": 5}}', '2026-01-01')
--@     FROM (SELECT n % 4 = 0 AS churned, coalesce(health_daily('export', '2025-12-31', n % 2, NULL), '{}') AS activity
--@           FROM generate_series(1, 80) AS n GROUP BY n) AS a));
--@ output:
--@    signal | observations | coverage | churn_rate_with | churn_rate_without
--@   --------+--------------+----------+-----------------+--------------------
--@    export |           40 |      0.5 |               0 |                0.5
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
