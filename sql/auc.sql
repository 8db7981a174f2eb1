-- health_auc and health_auc_interval: how well scores tell who stayed from who churned, and how sure that is.

-- Of the six pairs of a kept and a churned account four are won and one is tied: 4.5 / 6.
CREATE TEMPORARY TABLE scored (score float8, churned boolean);
INSERT INTO scored VALUES (90, false), (60, false), (40, false), (60, true), (20, true);
SELECT health_auc(score, churned) FROM scored;
SELECT health_auc(-score, churned) AS upside_down, health_auc(0, churned) AS of_one_score FROM scored;
-- Five accounts say little.
SELECT round(ends[1]::numeric, 6) AS low, round(ends[2]::numeric, 6) AS high
FROM (SELECT health_auc_interval(score, churned) AS ends FROM scored) AS i;
-- Everybody is told apart, which of ten accounts is no proof either.
SELECT health_auc(n, n <= 3) AS auc, round(ends[1]::numeric, 6) AS low, ends[2] AS high
FROM generate_series(1, 10) AS n CROSS JOIN LATERAL (SELECT 1) AS one,
     LATERAL (SELECT health_auc_interval(m, m <= 3) AS ends FROM generate_series(1, 10) AS m) AS i
GROUP BY ends;
-- There must be both.
SELECT health_auc(score, false) IS NULL AS nobody, health_auc(score, true) IS NULL AS everybody,
       health_auc_interval(score, true) IS NULL AS interval FROM scored;
SELECT health_auc(score, churned) IS NULL AS auc, health_auc_interval(score, churned) IS NULL AS interval
FROM scored WHERE false;
-- Scores of accounts of other types.
SELECT health_auc(n, n > 3) AS of_int, health_auc(n::numeric, n > 3) AS of_numeric FROM generate_series(1, 5) AS n;
SELECT health_auc(true, 50);
SELECT health_auc(50, 1);

-- Without a score, or where nobody knows yet, a row says nothing.
SELECT health_auc(score, churned), health_calibration(score, churned) ->> 'accounts' AS accounts
FROM (VALUES (20, true), (80, false), (NULL, true), (90, NULL), (NULL, NULL)) AS v (score, churned);
SELECT health_auc(NULL, true) IS NULL AS auc, health_calibration(50, NULL) IS NULL AS calibration;
SELECT health_auc('NaN', true);
SELECT health_calibration('Infinity', false);
SELECT health_auc_interval('-Infinity', false);

-- The same in any order, in workers and over a growing frame.
CREATE TABLE many AS
SELECT n, (n * 7919 % 101)::float8 AS score, n * 104729 % 997 < 20 * (6 - n * 7919 % 101 / 20) AS churned
FROM generate_series(1, 20000) AS n;
ANALYZE many;
CREATE TEMPORARY TABLE serial AS
SELECT health_auc(score, churned) AS auc, health_auc_interval(score, churned) AS sure,
       health_calibration(score, churned) AS calibration FROM many;
SELECT round(auc::numeric, 6) AS auc, calibration ->> 'accounts' AS accounts FROM serial;
SELECT count(DISTINCT (auc, calibration)) AS different
FROM (SELECT health_auc(score, churned ORDER BY md5(n || '/' || shuffle)) AS auc,
             health_calibration(score, churned ORDER BY md5(n || '/' || shuffle)) AS calibration
      FROM many, generate_series(1, 3) AS shuffle GROUP BY shuffle) AS s;
SELECT bool_and(running = plain) AS same
FROM (SELECT n, health_auc(score, churned) OVER (ORDER BY n) AS running FROM many WHERE n <= 300) AS r
JOIN LATERAL (SELECT health_auc(score, churned) AS plain FROM many AS s WHERE s.n <= r.n) AS p ON n % 100 = 0;
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
\set query 'SELECT health_auc(score, churned), health_auc_interval(score, churned), health_calibration(score, churned) FROM many'
SELECT pg_temp.plan_has(:'query', '"Partial"') AS parallel;
SELECT r = s AS same FROM (:query) AS r, serial AS s;
DROP TABLE many;
