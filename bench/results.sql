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
SELECT what || ', ' || variant, pg_temp.best(ours, variant), against, pg_temp.best(other, variant), 'ms',
       CASE variant WHEN 'serial' THEN serial ELSE workers END, CASE variant WHEN '2 workers' THEN stretch END
FROM (VALUES
  (1, 'activities', 'natural_activity', 'count(*) GROUP BY account_id', 'count_rows', 0.75, CASE WHEN :events > 1000000 THEN 0.9 ELSE 1.1 END, 0.7),
  (2, 'activities', 'natural_activity', 'the executor''s aggregate', 'executor_activity', NULL, NULL, NULL),
  (3, 'activities of the later half, whole table read', 'natural_activity_half_scan', 'count(*), the same', 'count_half_scan', 0.8, 0.8, NULL),
  (4, 'activities of the later half, by BRIN index', 'natural_activity_half', 'count(*), the same', 'count_half', 0.8, 0.8, NULL),
  (5, 'activities with values', 'natural_activity_values', 'count(*), the same table', 'count_values', 1.3, 1.3, NULL),
  (6, 'activities by text keys', 'natural_activity_text', 'count(*), the same key', 'count_text', NULL, NULL, NULL),
  (7, 'activities by uuid keys', 'natural_activity_uuid', 'count(*), the same key', 'count_uuid', NULL, NULL, NULL),
  (8, 'activities at a work_mem of 4 MB', 'natural_activity_spilled', 'in memory', 'natural_activity', 2.5, 2.5, NULL)
) AS c (n, what, ours, against, other, serial, workers, stretch), (VALUES ('serial'), ('2 workers')) AS v (variant)
WHERE pg_temp.best(ours, variant) IS NOT NULL AND pg_temp.best(other, variant) IS NOT NULL ORDER BY n, variant DESC;

INSERT INTO comparison (what, ours, against, its, unit, target, stretch)
SELECT what, pg_temp.best(ours), against, pg_temp.best(other), 'ms', target, stretch
FROM (VALUES
  ('full report from events', 'natural_report', 'plain SQL, score and drivers', 'plain_report', 0.25, 0.15),
  ('full report from events', 'natural_report', 'DuckDB, score and drivers', 'duckdb_report', 1.6, 1.0),
  ('full report from events', 'natural_report', 'ClickHouse, score and drivers', 'clickhouse_report', NULL, NULL),
  ('full report from stored activities', 'stored_report population_report', 'plain SQL, score and drivers', 'plain_report', 0.035, 0.02),
  ('full report from stored activities', 'stored_report population_report', 'DuckDB, score and drivers', 'duckdb_report', 0.23, 0.1),
  ('full report from stored activities', 'stored_report population_report', 'ClickHouse, score and drivers', 'clickhouse_report', NULL, NULL),
  ('full report against kept populations', 'kept_report', 'plain SQL, score and drivers', 'plain_report', 0.022, 0.012),
  ('full report against kept populations', 'kept_report', 'DuckDB, score and drivers', 'duckdb_report', NULL, NULL),
  ('full report against kept populations', 'kept_report', 'the window over the segment', 'stored_report', NULL, NULL),
  ('populations and full report in one statement', 'population_report', 'the window over the segment', 'stored_report', NULL, NULL),
  ('what if: scores with other weights, stored', 'stored_what_if', 'DuckDB, score', 'duckdb_what_if', 0.35, 0.2),
  ('what if: scores with other weights, stored', 'stored_what_if', 'plain SQL, kept sums by account and event', 'plain_what_if', 0.35, 0.2),
  ('what if: scores with other weights, stored', 'stored_what_if', 'ClickHouse, score', 'clickhouse_what_if', NULL, NULL),
  ('what if: populations and scores', 'population_what_if', 'raw scores by workers, then a window', 'stored_what_if', NULL, NULL),
  ('90 days of raw scores, stored', 'stored_history', 'best of DuckDB, ClickHouse, plain SQL over kept days',
   'duckdb_history clickhouse_history plain_history', 0.6, 0.3),
  ('90 days of raw scores, stored', 'stored_history', 'DuckDB over kept days', 'duckdb_kept_history', NULL, NULL),
  ('sliding sum over account days, 90 rows', 'stored_sliding', 'sum(float8), same frame', 'plain_sliding', 0.25, 0.18),
  ('nightly refresh of one new day', 'nightly_refresh', 'all activities anew, by the executor''s aggregate', 'executor_activity', 0.05, 0.02),
  ('nightly refresh of one new day', 'nightly_refresh', 'all activities anew', 'natural_activity', NULL, NULL),
  ('scores, stored', 'stored_score', 'plain SQL, score', 'plain_score', NULL, NULL),
  ('scores, stored', 'stored_score', 'count(*) OVER, same rows', 'stored_count', NULL, NULL),
  ('stable band, 90 readings an account', 'stable_band', 'sum(score), same frame', 'sum_of_readings', NULL, NULL),
  ('alert, 90 readings an account', 'alert', 'sum(score), same frame', 'sum_of_readings', NULL, NULL),
  ('sliding sum, 90 days, 20,000 rows', 'sliding_90_days_20000_rows', 'sum(int), same frame', 'sum_of_20000_rows', NULL, NULL),
  ('sliding sum, 90 days, 200,000 rows', 'sliding_90_days_200000_rows', 'the same with 20,000 rows', 'sliding_90_days_20000_rows', NULL, NULL),
  ('sliding sum, 180 days, 200,000 rows', 'sliding_180_days_200000_rows', 'the same with 90 days', 'sliding_90_days_200000_rows', NULL, NULL)
) AS c (what, ours, against, other, target, stretch)
WHERE pg_temp.best(ours) IS NOT NULL;

INSERT INTO comparison (what, ours, against, its, unit, target, stretch)
SELECT 'stored activities', pg_total_relation_size('account_activity') / 1e6, 'heap of the events', pg_relation_size('events') / 1e6, 'MB', 0.05, 0.02;

INSERT INTO comparison (what, ours, against, its, unit, target)
SELECT what, 1000 * pg_temp.best(name) / pages, 'aim', aim, 'µs', 1
FROM (VALUES ('one account against a kept population, execution', 'thousand_pages', 1000, 100),
             ('one account against a kept population, with the way to a client and back', 'client_page', 1, 1000)) AS p (what, name, pages, aim)
WHERE pg_temp.best(name) IS NOT NULL;

-- The library is loaded, and the node planned.
INSERT INTO comparison (what, ours, against, its, unit, target)
SELECT 'first statement of a session: EXPLAIN, more than of count(*)',
       pg_temp.best('first_natural_activity') - pg_temp.best('first_count_rows'), 'aim', 5, 'ms', 1
WHERE pg_temp.best('first_natural_activity') IS NOT NULL;

-- Growth: ten or a hundred times the events of the same accounts should cost no more for each of them.
INSERT INTO comparison (what, ours, against, its, unit, target)
SELECT what, 1e6 * pg_temp.best(name, '2 workers') / :events, 'with 1M events of as many accounts', 1e6 * pg_temp.best(name || '_million', '2 workers') / 1e6, 'ns', target
FROM (VALUES ('time per event, activities, 2 workers', 'natural_activity', 1.15)) AS g (what, name, target)
WHERE pg_temp.best(name || '_million') IS NOT NULL;
INSERT INTO comparison (what, ours, against, its, unit)
SELECT 'time per event, count(*) GROUP BY account_id, 2 workers', 1e6 * pg_temp.best('count_rows', '2 workers') / :events, 'with 1M events of as many accounts',
       1e6 * pg_temp.best('count_million', '2 workers') / 1e6, 'ns'
WHERE pg_temp.best('count_million') IS NOT NULL;
INSERT INTO comparison (what, ours, against, its, unit, target)
SELECT 'memory per cell of the activities, serial',
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
