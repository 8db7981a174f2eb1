-- health_fit and health_fit_rows: weights from who churned.

-- 400 accounts: those who export stay, those with tickets leave, logins say nothing, and everybody is backed up once.
CREATE TEMPORARY TABLE account AS
SELECT n, (n * 7 % 20) + 2 * (n * 3 % 5) - 3 * (n * 11 % 4) + n % 3 < 6 AS churned,
       health_activity(signal, date '2025-12-01' + place, value) AS activity
FROM generate_series(1, 400) AS n
CROSS JOIN LATERAL (VALUES ('export', n * 7 % 20, NULL), ('login', n * 13 % 9, NULL), ('ticket', n * 11 % 4, NULL), ('backup', 1, NULL),
                           ('nps', CASE WHEN n % 3 > 0 THEN 1 ELSE 0 END, 2 * (n * 3 % 5))) AS v (signal, events, value)
CROSS JOIN LATERAL generate_series(1, events) AS place GROUP BY n;
CREATE TEMPORARY TABLE scoring AS
SELECT '{"signals": {"export": 1, "login": 1, "ticket": -5, "backup": 1, "nps": {"weight": 1, "measure": "last"}}}'::health_model AS model;
CREATE TEMPORARY TABLE fitted AS SELECT health_fit(activity, churned, model, '2026-01-01') AS fit FROM account CROSS JOIN scoring;
SELECT fit - 'signals' - 'candidate' - 'model' AS fit FROM fitted;
SELECT r.* FROM fitted CROSS JOIN health_fit_rows(fit) AS r;
SELECT jsonb_pretty(fit -> 'candidate') AS fitted, fit -> 'model' = fit -> 'candidate' AS taken FROM fitted;
-- It scores: straight from the worst to the best, with as many accounts in each band as before.
SELECT round(health_auc(own, churned)::numeric, 4) AS own, round(health_auc(score, churned)::numeric, 4) AS fitted, min(round(score::numeric, 1)), max(round(score::numeric, 1)),
       count(*) FILTER (WHERE health_band(own, own_model) = 'red') AS red, count(*) FILTER (WHERE health_band(score, model) = 'red') AS red_fitted,
       count(*) FILTER (WHERE health_band(own, own_model) = 'green') AS green, count(*) FILTER (WHERE health_band(score, model) = 'green') AS green_fitted
FROM (SELECT churned, s.model AS own_model, m.model, health_score(activity, s.model, '2026-01-01') OVER () AS own, health_score(activity, m.model, '2026-01-01') OVER () AS score
      FROM account CROSS JOIN scoring AS s CROSS JOIN fitted CROSS JOIN LATERAL (SELECT (fit -> 'model')::health_model AS model) AS m) AS s;
SELECT n, (r).score, (r).band, (r).reason
FROM (SELECT n, health_report(activity, (fit -> 'model')::health_model, '2026-01-01') OVER () AS r FROM account CROSS JOIN fitted) AS s ORDER BY n LIMIT 4;
-- It is no model itself.
SELECT fit::health_model FROM fitted;
-- Several dates: what was fitted to the earlier ones is measured at the later ones.
SELECT fit -> 'observations' AS observations, fit -> 'dates' AS dates, fit -> 'folds' AS folds, fit -> 'forward' AS forward
FROM (SELECT health_fit(activity, churned, model, as_of) AS fit
      FROM account CROSS JOIN scoring CROSS JOIN unnest('{2025-12-31,2026-01-01}'::date[]) AS as_of) AS t;
-- Sizes and beginnings as in scores: who had not begun is left out.
SELECT fit ->> 'observations' AS observations, fit ->> 'better' AS better
FROM (SELECT health_fit(activity, churned, model, '2026-01-01', 1 + n % 7, CASE WHEN n > 10 THEN date '2025-01-01' ELSE '2026-01-01' END) AS fit
      FROM account CROSS JOIN scoring) AS t;
-- A few accounts say nothing, and neither does a book that nobody left: the model stays.
SELECT health_fit(activity, churned, model, '2026-01-01') AS few FROM account CROSS JOIN scoring WHERE n <= 20;
SELECT health_fit(activity, false, model, '2026-01-01') - 'model' AS nobody FROM account CROSS JOIN scoring;
SELECT count(*) AS rows FROM health_fit_rows((SELECT health_fit(activity, false, model, '2026-01-01') FROM account CROSS JOIN scoring));
SELECT health_fit(activity, churned, model, '2026-01-01') IS NULL AS no_rows FROM account CROSS JOIN scoring WHERE false;
SELECT health_fit(NULL, true, '{"signals": {"login": 1}}', '2026-01-01') IS NULL AS activity,
       health_fit('{}', NULL, '{"signals": {"login": 1}}', '2026-01-01') IS NULL AS churned;
SELECT health_fit(activity, churned, CASE WHEN n = 1 THEN '{"signals": {"login": 1}}' ELSE '{"signals": {"login": 2}}' END::health_model,
                  '2026-01-01') FROM account;
SELECT health_fit('{}', true, '{}', '2026-01-01');
SELECT health_fit('{}', true, (SELECT jsonb_build_object('signals', jsonb_object_agg('s' || n, 1))::health_model FROM generate_series(1, 201) AS n), '2026-01-01');
SELECT health_fit('{}', true, '{"signals": {"login": 1}}', '-infinity');
SELECT health_fit('{}', true, '{"signals": {"login": 1}}', '2026-01-01', 'NaN');

-- The same from parallel workers.
CREATE TABLE parallel_account AS SELECT * FROM account CROSS JOIN scoring;
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
\set query 'SELECT health_fit(activity, churned, model, ''2026-01-01'') AS fit FROM parallel_account'
SELECT pg_temp.plan_has(:'query', '"Partial"') AS parallel;
SELECT p.fit = f.fit AS same FROM (:query) AS p, fitted AS f;
DROP TABLE parallel_account;
