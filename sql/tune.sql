-- health_tune and health_tune_rows: which window and half-life tell best who will churn.

-- 400 accounts with logins every day or every third day for a year, which says nothing. Each fifth one churned, and all
-- but a tenth of these were silent in the last 30 days.
CREATE TEMPORARY TABLE account AS
SELECT n, n % 5 = 0 AS churned,
       (SELECT health_activity('login', day) FROM generate_series(0, 364) AS age CROSS JOIN LATERAL (SELECT date '2025-12-31' - age AS day) AS d
        WHERE (n % 2 = 0 OR age % 3 = 0) AND (n % 5 > 0 OR n % 50 = 0 OR age >= 30)) AS activity
FROM generate_series(1, 400) AS n;
CREATE TEMPORARY TABLE tuned AS
SELECT health_tune(activity, churned, '{"window_days": 180, "signals": {"login": 1}}', '2026-01-01') AS tuned FROM account;
SELECT tuned - 'tried' AS tuned FROM tuned;
SELECT t.* FROM tuned CROSS JOIN health_tune_rows(tuned) AS t LIMIT 3;
SELECT t.* FROM tuned CROSS JOIN health_tune_rows(tuned) AS t WHERE current OR chosen OR window_days = 36500 AND half_life_days IS NULL;
-- The model to take is a document, as models are changed by.
SELECT (tuned -> 'model')::health_model, '{"window_days": 180, "signals": {"login": 1, "export": 2}}'::health_model || (tuned -> 'model') AS merged
FROM tuned;
-- Several dates: what the earlier ones would have chosen is measured at the later ones.
SELECT tuned -> 'observations' AS observations, tuned -> 'dates' AS dates, tuned -> 'folds' AS folds, tuned -> 'forward' AS forward
FROM (SELECT health_tune(activity, churned, '{"window_days": 180, "signals": {"login": 1}}', as_of) AS tuned
      FROM account CROSS JOIN unnest('{2025-12-31,2026-01-01}'::date[]) AS as_of) AS t;
-- Sizes and beginnings as in scores: who had not begun is left out.
SELECT tuned ->> 'observations' AS observations, tuned #> '{model,window_days}' AS window_days
FROM (SELECT health_tune(activity, churned, '{"window_days": 180, "signals": {"login": 1}}', '2026-01-01', 1 + n % 7,
                         CASE WHEN n > 10 THEN date '2025-01-01' ELSE '2026-01-01' END) AS tuned FROM account) AS t;
-- A reading with set_score is the score.
SELECT tuned ->> 'observations' AS observations, tuned -> 'tried' -> 0 -> 'auc' AS best, tuned -> 'tried' -> -1 -> 'auc' AS worst
FROM (SELECT health_tune(activity + reading, churned, '{"signals": {"login": 1, "csm": {"measure": "last", "set_score": true}}}',
                         '2026-01-01') AS tuned
      FROM account CROSS JOIN LATERAL (SELECT health_observation('csm', '2025-12-31', CASE WHEN churned THEN 10 ELSE 90 END) AS reading) AS r) AS t;
-- A few accounts say nothing, and neither does a book that nobody left.
SELECT tuned -> 'folds' AS folds, tuned -> 'gain' AS gain, tuned -> 'tried' -> 0 AS first, tuned -> 'model' AS model
FROM (SELECT health_tune(activity, churned, '{"signals": {"login": 1}}', '2026-01-01') AS tuned FROM account WHERE n <= 20) AS t;
SELECT health_tune(activity, false, '{"signals": {"login": 1}}', '2026-01-01') FROM account;
SELECT health_tune(activity, churned, '{"signals": {"login": 1}}', '2026-01-01') IS NULL AS no_rows FROM account WHERE false;
SELECT health_tune(NULL, true, '{"signals": {"login": 1}}', '2026-01-01') IS NULL AS activity,
       health_tune('{}', NULL, '{"signals": {"login": 1}}', '2026-01-01') IS NULL AS churned;
SELECT health_tune(activity, churned, CASE WHEN n = 1 THEN '{"signals": {"login": 1}}' ELSE '{"signals": {"login": 2}}' END::health_model,
                   '2026-01-01') FROM account;
SELECT health_tune('{}', true, '{}', '2026-01-01');
SELECT health_tune('{}', true, '{"signals": {"login": 1}}', '-infinity');
SELECT health_tune('{}', true, '{"signals": {"login": 1}}', '2026-01-01', 'NaN');

-- The same from parallel workers.
CREATE TABLE parallel_account AS SELECT * FROM account;
ANALYZE parallel_account;
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE FUNCTION pg_temp.plan_has(query text, node text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE plan jsonb;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
  RETURN plan::text LIKE '%' || node || '%';
END $$;
\set query 'SELECT health_tune(activity, churned, ''{"window_days": 180, "signals": {"login": 1}}'', ''2026-01-01'') AS tuned FROM parallel_account'
SELECT pg_temp.plan_has(:'query', '"Partial"') AS parallel;
SELECT p.tuned = t.tuned AS same FROM (:query) AS p, tuned AS t;
DROP TABLE parallel_account;
