-- Medians and ratios as Markdown: -v part=ratios or -v part=times, -v events=N, from the tables times (name, variant,
-- ms) and memory (name, kb).
\set ON_ERROR_STOP 1
SET jit = off; SET work_mem = '1GB';
CREATE TEMP VIEW medians AS
SELECT name, variant, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS ms, min(ms) AS least, max(ms) AS most FROM times GROUP BY 1, 2;
-- The median of the fastest variant (number of workers, kind of column, order of the copy) of any of the names.
CREATE FUNCTION pg_temp.best(names text, only_variant text DEFAULT NULL) RETURNS float8 STABLE
  RETURN (SELECT min(ms) FROM medians WHERE name = ANY (string_to_array(names, ' ')) AND variant = coalesce(only_variant, variant));
SELECT :'part' = 'ratios' AS ratios \gset
\if :ratios
CREATE TEMP TABLE comparison (n int GENERATED ALWAYS AS IDENTITY, what text, ours float8, against text, its float8, unit text,
                              target float8, stretch float8);
INSERT INTO comparison (what, ours, against, its, unit, target, stretch)
SELECT what, pg_temp.best(ours, variant), against, pg_temp.best(other, variant), 'ms', target, stretch
FROM (VALUES
  ('activities, natural road, 2 workers', 'natural_activity', 'count(*) GROUP BY account_id, 2 workers', 'count_rows', '2 workers', 2.8, 2.0),
  ('activities, bulk road, 2 workers', 'bulk_activity', 'count(*) GROUP BY account_id, 2 workers', 'count_rows', '2 workers', 1.2, 0.8),
  ('full report from events, natural road', 'natural_report', 'plain SQL, score and drivers', 'plain_report', NULL, 0.50, 0.33),
  ('full report from events, bulk road', 'bulk_report', 'plain SQL, score and drivers', 'plain_report', NULL, 0.25, 0.15),
  ('full report from events, bulk road', 'bulk_report', 'DuckDB, score and drivers', 'duckdb_report', NULL, 1.3, 0.9),
  ('full report from events, bulk road', 'bulk_report', 'ClickHouse, score and drivers', 'clickhouse_report', NULL, NULL, NULL),
  ('full report from stored activities', 'stored_report population_report', 'plain SQL, score and drivers', 'plain_report', NULL, 0.035, 0.02),
  ('full report from stored activities', 'stored_report population_report', 'DuckDB, score and drivers', 'duckdb_report', NULL, 0.23, 0.1),
  ('full report from stored activities', 'stored_report population_report', 'ClickHouse, score and drivers', 'clickhouse_report', NULL, NULL, NULL),
  ('full report against kept populations', 'kept_report', 'plain SQL, score and drivers', 'plain_report', NULL, 0.022, 0.012),
  ('full report against kept populations', 'kept_report', 'DuckDB, score and drivers', 'duckdb_report', NULL, NULL, NULL),
  ('full report against kept populations', 'kept_report', 'the window over the segment', 'stored_report', NULL, NULL, NULL),
  ('populations and full report in one statement', 'population_report', 'the window over the segment', 'stored_report', NULL, NULL, NULL),
  ('what if: scores with other weights, stored', 'stored_what_if', 'DuckDB, score', 'duckdb_what_if', NULL, 0.35, 0.2),
  ('what if: scores with other weights, stored', 'stored_what_if', 'plain SQL, kept sums by account and event', 'plain_what_if', NULL, 0.35, 0.2),
  ('what if: scores with other weights, stored', 'stored_what_if', 'ClickHouse, score', 'clickhouse_what_if', NULL, NULL, NULL),
  ('what if: populations and scores', 'population_what_if', 'raw scores by workers, then a window', 'stored_what_if', NULL, NULL, NULL),
  ('90 days of raw scores, stored', 'stored_history', 'best of DuckDB, ClickHouse, plain SQL over kept days',
   'duckdb_history clickhouse_history plain_history', NULL, 0.6, 0.3),
  ('90 days of raw scores, stored', 'stored_history', 'DuckDB over kept days', 'duckdb_kept_history', NULL, NULL, NULL),
  ('sliding sum over account days, 90 rows', 'stored_sliding', 'sum(float8), same frame', 'plain_sliding', NULL, 0.25, 0.18),
  ('nightly refresh of one new day', 'nightly_refresh', 'all activities anew, natural road', 'natural_activity', NULL, 0.05, 0.02),
  ('scores, stored', 'stored_score', 'plain SQL, score', 'plain_score', NULL, NULL, NULL),
  ('scores, stored', 'stored_score', 'count(*) OVER, same rows', 'stored_count', NULL, NULL, NULL),
  ('stable band, 90 readings an account', 'stable_band', 'sum(score), same frame', 'sum_of_readings', NULL, NULL, NULL),
  ('alert, 90 readings an account', 'alert', 'sum(score), same frame', 'sum_of_readings', NULL, NULL, NULL),
  ('sliding sum, 90 days, 20,000 rows', 'sliding_90_days_20000_rows', 'sum(int), same frame', 'sum_of_20000_rows', NULL, NULL, NULL),
  ('sliding sum, 90 days, 200,000 rows', 'sliding_90_days_200000_rows', 'the same with 20,000 rows', 'sliding_90_days_20000_rows', NULL, NULL, NULL),
  ('sliding sum, 180 days, 200,000 rows', 'sliding_180_days_200000_rows', 'the same with 90 days', 'sliding_90_days_200000_rows', NULL, NULL, NULL)
) AS c (what, ours, against, other, variant, target, stretch)
WHERE pg_temp.best(ours) IS NOT NULL;

INSERT INTO comparison (what, ours, against, its, unit, target, stretch)
SELECT 'stored activities', pg_total_relation_size('account_activity') / 1e6, 'heap of the events', pg_relation_size('events') / 1e6, 'MB', 0.05, 0.02;

INSERT INTO comparison (what, ours, against, its, unit, target)
SELECT what, 1000 * pg_temp.best(name) / pages, 'aim', aim, 'µs', 1
FROM (VALUES ('one account against a kept population, execution', 'thousand_pages', 1000, 100),
             ('one account against a kept population, with the way to a client and back', 'client_page', 1, 1000)) AS p (what, name, pages, aim)
WHERE pg_temp.best(name) IS NOT NULL;

-- Growth: ten or a hundred times the events of the same accounts should cost no more for each of them.
INSERT INTO comparison (what, ours, against, its, unit, target)
SELECT what, 1e6 * pg_temp.best(name, '2 workers') / :events, 'with 1M events of as many accounts', 1e6 * pg_temp.best(name || '_million', '2 workers') / 1e6, 'ns', target
FROM (VALUES ('time per event, natural road, 2 workers', 'natural_activity', 1.15), ('time per event, bulk road, 2 workers', 'bulk_activity', 1.15)) AS g (what, name, target)
WHERE pg_temp.best(name || '_million') IS NOT NULL;
INSERT INTO comparison (what, ours, against, its, unit)
SELECT 'time per event, count(*) GROUP BY account_id, 2 workers', 1e6 * pg_temp.best('count_rows', '2 workers') / :events, 'with 1M events of as many accounts',
       1e6 * pg_temp.best('count_million', '2 workers') / 1e6, 'ns'
WHERE pg_temp.best('count_million') IS NOT NULL;
INSERT INTO comparison (what, ours, against, its, unit, target)
SELECT format('memory per cell, %s road, serial', split_part(m.name, '_', 1)),
       1000 * m.kb / (SELECT count(*) FROM account_activity, health_cells(activity)), 'with 1M events of as many accounts',
       1000 * s.kb / (SELECT count(*) FROM natural_activity_million, health_cells(activity)), 'B', 1.15
FROM memory AS m LEFT JOIN memory AS s ON s.name = m.name || '_million' WHERE m.name NOT LIKE '%_million';

-- Rows that a concurrent refresh rewrote though no data had changed.
INSERT INTO comparison (what, ours, against, its, unit, target, stretch)
SELECT 'rows changed by a refresh without new data, 2 workers',
       (SELECT 100 * avg((now.version <> before.version)::int) FROM natural_versions AS now
        JOIN natural_versions AS before ON now.account_id = before.account_id AND now.refresh = before.refresh + 1),
       'plain SQL, sum(float8)',
       (SELECT 100 * avg((now.version <> before.version)::int) FROM plain_versions AS now
        JOIN plain_versions AS before ON now.account_id = before.account_id AND now.refresh = before.refresh + 1), '%', 0, 0;

CREATE FUNCTION pg_temp.shown(x float8, unit text) RETURNS text
  RETURN coalesce(to_char(x, CASE WHEN x = 0 THEN 'FM0' WHEN x < 10 THEN 'FM990.00' WHEN x < 100 THEN 'FM990.0' ELSE 'FM999,999,990' END) || ' ' || unit, 'not measured');
SELECT E'| what | ours | against | its | ratio | target | stretch | |\n|---|---:|---|---:|---:|---:|---:|---|';
SELECT format('| %s | %s | %s | %s | %s | %s | %s | %s |', what, pg_temp.shown(ours, unit), against, pg_temp.shown(its, unit),
              coalesce(to_char(ratio, CASE WHEN ratio >= 0.1 THEN 'FM990.00' ELSE 'FM990.000' END), '–'), target, stretch,
              CASE WHEN ratio <= stretch THEN 'stretch met' WHEN ratio <= target THEN 'met' WHEN ratio > target THEN 'missed' END)
FROM (SELECT *, ours / nullif(its, 0) AS ratio FROM comparison) AS c ORDER BY n;
\else
SELECT E'| query | variant | median, ms | from | to |\n|---|---|---:|---:|---:|';
SELECT format('| %s | %s | %s | %s | %s |', name, variant, to_char(ms, 'FM9999990.0'), to_char(least, 'FM9999990.0'), to_char(most, 'FM9999990.0'))
FROM medians ORDER BY split_part(name, '_', 1) IN ('duckdb', 'clickhouse'), split_part(name, '_', 1) = 'clickhouse', name, variant;
\endif
