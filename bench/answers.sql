-- Do the answers agree? -v step=tables makes the tables for all answers and fills in PostgreSQL's; -v step=compare
-- prints
-- how many answers, and how far they are from the extension's, from stored activities.
\set ON_ERROR_STOP 1
SET jit = off; SET work_mem = '1GB';
SELECT :'step' = 'tables' AS tables \gset
\if :tables
CREATE TABLE answer_score (source text, account_id bigint, score float8);
CREATE TABLE answer_what_if (LIKE answer_score);
CREATE TABLE answer_report (LIKE answer_score, drivers jsonb);
CREATE TABLE answer_history (source text, account_id bigint, as_of date, raw float8);

INSERT INTO answer_score SELECT 'plain SQL', account_id, score FROM plain_score;
INSERT INTO answer_score SELECT 'from events', account_id, (report).score FROM natural_report;
INSERT INTO answer_score
SELECT 'sliding sum', account_id,
       health_normalize(s, (SELECT model FROM models WHERE name = 'default')) OVER (PARTITION BY segment)
FROM stored_sliding JOIN accounts USING (account_id)
WHERE day = '2025-12-31' AND (SELECT count(*) <= 20000 FROM accounts);
INSERT INTO answer_what_if SELECT 'plain SQL', account_id, score FROM plain_what_if;
INSERT INTO answer_what_if SELECT 'populations', account_id, score FROM population_what_if;
INSERT INTO answer_report SELECT 'plain SQL', account_id, score, drivers FROM plain_report;
INSERT INTO answer_history SELECT 'plain SQL', account_id, as_of, raw FROM plain_history WHERE account_id % :every = 0;
CREATE TABLE history AS SELECT * FROM stored_history WHERE account_id % :every = 0;
\else
-- duckdb_score_text is DuckDB text.
CREATE FUNCTION pg_temp.named(source text) RETURNS text
  RETURN replace(replace(replace(regexp_replace(source, '_(score|what_if|report|history)', ''),
                                 'duckdb', 'DuckDB'), 'clickhouse', 'ClickHouse'), '_', ' ');
CREATE TEMP TABLE agreement (n int GENERATED ALWAYS AS IDENTITY, what text, tolerance float8, compared bigint,
                             expected bigint, difference float8);

INSERT INTO agreement (what, tolerance, compared, expected, difference)
SELECT 'score: ' || pg_temp.named(source), 1e-9, count(h.score), (SELECT count(*) FROM accounts),
       max(abs(a.score - h.score))
FROM answer_score AS a JOIN stored_score AS h USING (account_id) GROUP BY source ORDER BY source;
INSERT INTO agreement (what, tolerance, compared, expected, difference)
SELECT 'score with other weights: ' || pg_temp.named(source), 1e-9, count(h.score), (SELECT count(*) FROM accounts),
       max(abs(a.score - h.score))
FROM answer_what_if AS a JOIN stored_what_if AS h USING (account_id) GROUP BY source ORDER BY source;
INSERT INTO agreement (what, tolerance, compared, expected, difference)
SELECT 'score of the report: ' || pg_temp.named(source), 1e-9, count(h.score), (SELECT count(*) FROM accounts),
       max(abs(a.score - h.score))
FROM answer_report AS a JOIN stored_score AS h USING (account_id) GROUP BY source ORDER BY source;

-- Every driver that another names has the same points here, and exactly the same counts.
CREATE TEMP TABLE drivers AS SELECT * FROM stored_drivers;
CREATE TEMP TABLE other AS
SELECT source, account_id, d.* FROM answer_report,
     jsonb_to_recordset(drivers) AS d (signal text, points float8, recent float8, prior float8, days_inactive int);
ANALYZE drivers, other;
INSERT INTO agreement (what, tolerance, compared, expected, difference)
SELECT 'points of drivers: ' || pg_temp.named(source), 1e-9, count(d.points), count(*), max(abs(o.points - d.points))
FROM other AS o LEFT JOIN drivers AS d USING (account_id, signal) GROUP BY source ORDER BY source;
INSERT INTO agreement (what, tolerance, compared, expected, difference)
SELECT 'recent, prior and days inactive of drivers: ' || pg_temp.named(source), 0, count(d.points), count(*),
       max(abs(o.recent - d.recent) + abs(o.prior - d.prior) + abs(o.days_inactive - d.days_inactive))
FROM other AS o LEFT JOIN drivers AS d USING (account_id, signal) GROUP BY source ORDER BY source;

INSERT INTO agreement (what, tolerance, compared, expected, difference)
SELECT 'raw scores of 90 days, relative: ' || pg_temp.named(source), 1e-9, count(h.raw), (SELECT count(*) FROM history),
       max(abs(a.raw - h.raw) / greatest(1, abs(h.raw)))
FROM answer_history AS a JOIN history AS h USING (account_id, as_of) GROUP BY source ORDER BY source;
-- Whole reports, as text, made by workers where the planner gives them some.
SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;
CREATE TEMP TABLE reports AS
SELECT 'populations' AS source, account_id, report::text FROM population_report UNION ALL
SELECT 'kept populations', account_id, report::text FROM kept_report UNION ALL
SELECT 'page by page', account_id, report::text FROM page;
INSERT INTO agreement (what, tolerance, compared, expected, difference)
SELECT 'reports, to the byte: ' || source, 0, count(s.report), (SELECT count(*) FROM accounts),
       count(*) FILTER (WHERE r.report <> s.report::text)
FROM reports AS r JOIN stored_report AS s USING (account_id) GROUP BY source ORDER BY source;
RESET max_parallel_workers_per_gather;
-- Activities that were made in other ways.
CREATE TEMP TABLE small AS SELECT 'nightly refresh' AS source, account_id, activity FROM nightly;
SET work_mem = '4MB';
INSERT INTO small SELECT 'work_mem of 4 MB', * FROM natural_activity;
SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;
CREATE TEMP TABLE smaller AS TABLE natural_activity;
SET work_mem = '1GB';
CREATE TEMP TABLE shared AS TABLE natural_activity;
SET health_score.grouping = off;
CREATE TEMP TABLE plain AS TABLE natural_activity;
RESET health_score.grouping; RESET max_parallel_workers_per_gather;
INSERT INTO small SELECT 'workers', * FROM shared UNION ALL SELECT 'workers with 4 MB', * FROM smaller UNION ALL
SELECT 'executor''s aggregate', * FROM plain;
SELECT to_regclass('keyed') IS NOT NULL AS keyed \gset
\if :keyed
INSERT INTO small SELECT 'text keys', substr(account_id, 9)::bigint, activity FROM natural_activity_text UNION ALL
SELECT 'uuid keys', a.account_id, k.activity FROM natural_activity_uuid AS k JOIN accounts AS a ON k.account_id = md5(a.account_id::text)::uuid;
\endif
INSERT INTO agreement (what, tolerance, compared, expected, difference)
SELECT 'activities, to the byte: ' || source, 0, count(n.activity), (SELECT count(*) FROM account_activity),
       count(*) FILTER (WHERE n.activity <> a.activity)
FROM small AS n JOIN account_activity AS a USING (account_id) GROUP BY source ORDER BY source;
\if :keyed
CREATE TEMP TABLE valued AS TABLE natural_activity_values;
SET health_score.grouping = off;
INSERT INTO agreement (what, tolerance, compared, expected, difference)
SELECT 'activities with values, to the byte: executor''s aggregate', 0, count(v.activity), (SELECT count(*) FROM account_activity),
       count(*) FILTER (WHERE n.activity <> v.activity)
FROM valued AS v JOIN natural_activity_values AS n USING (account_id);
RESET health_score.grouping;
\endif
INSERT INTO agreement (what, tolerance, compared, expected, difference)
SELECT 'rows left alone by refreshes without new data: full report', 0, count(*), 3 * (SELECT count(*) FROM accounts),
       count(*) FILTER (WHERE now.version <> before.version)
FROM natural_versions AS now
     JOIN natural_versions AS before ON now.account_id = before.account_id AND now.refresh = before.refresh + 1;

-- One line for each question; whoever differs gets a line of its own.
SELECT E'Answers compared with those from stored activities:\n';
SELECT format('- %s: %s answers each, %s; %s', split_part(what, ': ', 1),
              to_char(max(expected), 'FM999,999,999,990'), string_agg(split_part(what, ': ', 2), ', ' ORDER BY n),
              CASE WHEN max(tolerance) = 0 THEN 'no difference' 
                   ELSE format('at most%s apart (tolerance %s)', to_char(max(difference), '0.0EEEE'),
                               max(tolerance)) END)
FROM agreement WHERE compared = expected AND difference <= tolerance GROUP BY split_part(what, ': ', 1) ORDER BY min(n);
SELECT format('- **differs**: %s; %s of %s compared, by up to %s', what, compared, expected, difference)
FROM agreement WHERE (compared = expected AND difference <= tolerance) IS NOT TRUE ORDER BY n;
\endif
