-- Driver lists for any weighted rows, drivers as rows, the sentence, and composite scores.

--
-- health_drivers
--

-- Rows are added up per signal. First what costs a point or more, worst first, then strengths.
SELECT jsonb_pretty(health_drivers(signal, points)) FROM (VALUES
  ('login', 30.5), ('late_payment', -12), ('login', 20), ('ticket', -0.5), ('ticket', -0.25), ('nps', 6)
) AS v (signal, points);

-- With the points before: what fell by a point or more comes first too.
CREATE TEMPORARY TABLE weighted (signal text, points float8, previous float8);
INSERT INTO weighted VALUES
  ('login', 30, 30), ('export', 10, 25), ('late_payment', -12, NULL), ('new', 5, NULL), ('gone', NULL, 8),
  ('ticket', -3, -6), ('ticket', -1, -2), ('nps', 6, 6.5), ('zero', 0, 0), (NULL, 99, 99), ('nothing', NULL, NULL);
SELECT * FROM health_driver_rows((SELECT health_drivers(signal, points, previous) FROM weighted)) \x\g\x
SELECT health_explain(34, 55.5, health_drivers(signal, points, previous)) FROM weighted;
SELECT health_explain(34, 55.5, health_drivers(signal, points, previous), 'fr') FROM weighted;

-- Rows without a signal, such as the rest that a report has folded, add up into a last row, so that sums hold.
SELECT rank, signal, label, kind, points, change, pct FROM health_driver_rows((
  SELECT health_drivers(signal, points, previous)
  FROM (VALUES (NULL, -40, 2), ('login', 5, 4), ('', 0.5, NULL), (NULL, NULL, 1), (NULL, NULL, NULL)) AS v (signal, points, previous)));
SELECT health_explain(-34.5, -50, health_drivers(signal, points))
FROM (VALUES (NULL, -40), ('login', 5), ('', 0.5)) AS v (signal, points);
-- Through health_drivers and back a report keeps its sums.
SELECT sum(d.points) AS score, sum(d.change) AS change, (r).score, (r).change AS score_change,
       string_agg(concat_ws(' ', d.signal, d.kind), ', ' ORDER BY d.rank) AS drivers
FROM (SELECT health_report(health_activity(signal, date '2025-11-01' + day * 7), '{"max_drivers": 1, "curve": "linear",
                             "baseline": 20, "signals": {"login": 1, "export": 2, "ticket": -1}}', '2026-01-01') OVER () AS r
      FROM (VALUES ('login'), ('export'), ('ticket')) AS s (signal), generate_series(0, 7) AS day) AS reports,
     health_driver_rows((SELECT health_drivers(signal, points, points - change) FROM health_driver_rows((r).drivers))) AS d
GROUP BY r;

-- Ties come in bytewise order of the signal, whatever the collation of the database.
SELECT string_agg(signal, ' ' ORDER BY rank) FROM health_driver_rows((
  SELECT health_drivers(signal, 1) FROM unnest(ARRAY['b', 'a', 'Z', 'é', '_', 'ab']) AS signal));

-- No rows give NULL, and so do rows that say nothing.
SELECT health_drivers(signal, points) IS NULL AS no_rows FROM weighted WHERE false;
SELECT health_drivers(signal, points, previous) IS NULL AS no_number FROM weighted WHERE signal = 'nothing';
SELECT health_drivers(signal, points) IS NULL AS no_points,
       health_drivers(signal, points, previous) -> 0 -> 'change' AS lost FROM weighted WHERE signal = 'gone';

-- Numbers that are none.
SELECT health_drivers('a', 'NaN');
SELECT health_drivers('a', '-Infinity');
SELECT health_drivers('a', 1, 'NaN');
SELECT health_drivers('a', points) FROM (VALUES (1e308), (1e308)) AS v (points);

-- Same rows, same bytes, in any order, though floats added up as they come give other sums.
CREATE TEMPORARY TABLE term AS
SELECT * FROM unnest(ARRAY['a', 'b', 'a', 'b', 'a', 'b'], ARRAY[1e12, 0.1, 0.00001, 0.2, -1e12, 0.3]::float8[])
              WITH ORDINALITY AS t (signal, points, n);
SELECT count(DISTINCT drivers::text) AS different, count(DISTINCT naive) > 1 AS naively_more
FROM (SELECT health_drivers(signal, points, -points ORDER BY md5(n || '/' || shuffle)) AS drivers,
             sum(points ORDER BY md5(n || '/' || shuffle)) AS naive
      FROM term, generate_series(1, 50) AS shuffle GROUP BY shuffle) AS s;

-- Over a growing frame.
SELECT n, health_drivers(signal, 1) OVER (ORDER BY n) -> 0 ->> 'points' AS so_far FROM term WHERE signal = 'a';

--
-- health_driver_rows
--

-- The drivers of a report, in their order.
SELECT d.* FROM (
  SELECT health_report('{"login": {"2025-11-10": 20, "2025-12-10": 8}, "ticket": {"2025-12-30": 1},
                         "nps": {"2025-12-01": [1, 9]}}',
                       '{"window_days": 28, "curve": "linear", "baseline": 50, "signals": {
                           "login": {"weight": 1, "label": "Logins", "dimension": "use"}, "ticket": -2,
                           "nps": {"weight": 2, "measure": "last", "neutral": 7}}}', '2026-01-01') OVER () AS r
) AS r, health_driver_rows((r).drivers) AS d \x\g\x
-- A percentage of any size is the right one, in the text too.
SELECT d.prior, d.recent, d.pct, d.text FROM (
  SELECT health_report('{"sum": {"2025-11-10": [1, 0.000001], "2025-12-10": [1, 9.2e12]}}',
                       '{"baseline": 50, "signals": {"sum": {"weight": 1, "measure": "sum", "text": "{pct}% to {recent}"}}}',
                       '2026-01-01') OVER () AS r
) AS r, health_driver_rows((r).drivers) AS d;
SELECT count(*) FROM health_driver_rows('[]');
SELECT count(*) FROM health_driver_rows(NULL);
SELECT rank, signal, points, text
FROM health_driver_rows('[{"signal": "a"}, {"points": 1.5, "text": "by hand", "more": [1]}]');
SELECT * FROM health_driver_rows('{"signal": "a"}');
-- It is part of the query that calls it, so a join or a condition on a column is planned with it.
CREATE FUNCTION pg_temp.plan_has(query text, node text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE plan jsonb;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
  RETURN plan::text LIKE '%' || node || '%';
END $$;
SELECT query, pg_temp.plan_has(query, 'jsonb_to_recordset') AS inlined, pg_temp.plan_has(query, 'health_driver_rows') AS called
FROM (VALUES ('SELECT * FROM health_driver_rows(''[]'') WHERE kind = ''risk'''),
             ('SELECT d.* FROM (VALUES (''[]''::jsonb), (NULL)) AS v (drivers), health_driver_rows(drivers) AS d')) AS v (query);

--
-- health_explain
--

SELECT health_explain(45, NULL, '[]'), health_explain(45.9, 67.1, '[]'), health_explain(45.9, 67.1, '[]', 'fr'),
       health_explain(45, 54.9, '[]', language => 'fr');
SELECT health_explain(45, 67, '[
  {"signal": "admin", "points": 3, "change": -12, "kind": "inactive", "text": "Admin inactive for 14 days"},
  {"signal": "export", "points": 4, "change": -7, "kind": "down", "text": "Export down 60%"},
  {"signal": "login", "points": 38, "change": 0, "kind": "steady", "text": "Login steady"}]');
SELECT health_explain(NULL, 67, '[]') IS NULL AS no_score, health_explain(45, 67, NULL) IS NULL AS no_drivers,
       health_explain(45, 67, '[]', NULL) IS NULL AS no_language;
SELECT health_explain(45, 67, '[]', 'de');
SELECT health_explain('NaN', 67, '[]');
SELECT health_explain(45, 'Infinity', '[]');
SELECT health_explain(45, 67, '{}');
SELECT health_explain(45, 67, '[1]');
SELECT health_explain(45, 67, '[{"points": "1"}]');
-- Numbers that no sentence can tell.
SELECT health_explain(1e15, 999999999999999, '[{"signal": "a", "points": 1e15}]');
SELECT health_explain(1e16, 67, '[]');
SELECT health_explain(45, -1e300, '[]');
SELECT health_explain(45, 67, '[{"signal": "a", "change": -1e30}]');
SELECT health_explain(45, 67, '[{"signal": "a", "points": 1e400}]');

--
-- health_composite and health_coverage
--

-- (20*47 + 15*59 + 22*21) / 57; without the last one (20*47 + 15*59) / 35.
CREATE TEMPORARY TABLE measure (name text, score float8, weight float8);
INSERT INTO measure VALUES ('support', 47, 20), ('adoption', 59, 15), ('outcomes', 21, 22);
SELECT round(health_composite(score, weight)::numeric, 6) AS composite, health_coverage(score, weight) AS coverage
FROM measure;
SELECT round(health_composite(score, weight)::numeric, 6) AS composite,
       round(health_coverage(score, weight)::numeric, 6) AS coverage
FROM (SELECT weight, CASE WHEN name <> 'outcomes' THEN score END AS score FROM measure) AS m;

-- Nothing measured, nothing weighed, no rows.
SELECT health_composite(NULL, weight) IS NULL AS composite, health_coverage(NULL, weight) AS coverage FROM measure;
SELECT health_composite(score, 0) IS NULL AS composite, health_coverage(score, 0) IS NULL AS coverage FROM measure;
SELECT health_composite(score, NULL) IS NULL AS composite, health_coverage(score, NULL) IS NULL AS coverage
FROM measure;
SELECT health_composite(score, weight) IS NULL AS composite, health_coverage(score, weight) IS NULL AS coverage
FROM measure WHERE false;
-- A row of weight 0 or NULL does not count; scores need not be 0 to 100.
SELECT round(health_composite(score, weight)::numeric, 6) AS composite, health_coverage(score, weight) AS coverage
FROM (VALUES (50, 2), (99, 0), (99, NULL), (NULL, NULL), (NULL, 0), (-50, 1)) AS v (score, weight);
-- A composite of equal scores is that score, whatever the weights.
SELECT health_composite(score, 1.0 / n)
FROM (VALUES (72.3), (0), (100), (-1e9)) AS v (score), generate_series(1, 7) AS n GROUP BY score ORDER BY score;

-- Weights count as the numbers they are, whatever their size: 50 each time where they are equal.
SELECT health_composite(score, weight), health_coverage(score, weight)
FROM (VALUES (100, 1.23456e-6), (0, 1e-6), (NULL, 2.23456e-6)) AS v (score, weight);
SELECT weight, health_composite(score, weight), health_coverage(score, weight)
FROM unnest('{100,0}'::float8[]) AS score, unnest('{1e-30,1e-7,1e9,1e30}'::float8[]) AS weight GROUP BY weight ORDER BY weight;
SELECT health_composite(1e9, 1e9) AS most, health_composite(-1e9, 1e30) AS least FROM generate_series(1, 1000);

SELECT health_composite(1, -1);
SELECT health_composite(1, 'NaN');
SELECT health_composite(1, 1.0000000000000002e30);
SELECT health_composite(1, 9.9e-31);
SELECT health_coverage(1, 'Infinity');
SELECT health_composite('NaN', 1);
SELECT health_composite('Infinity', 0);
SELECT health_composite_add(NULL, 1, 1);
SELECT health_composite_final('\x00');
-- The state is checked, whoever made it: its length, and that rows can have such sums.
CREATE AGGREGATE pg_temp.composite_of_state(bytea) (
  SFUNC = health_composite_combine, STYPE = bytea, FINALFUNC = health_composite_final);
CREATE FUNCTION pg_temp.state(weighted text, scored text, weight text) RETURNS bytea LANGUAGE sql
  RETURN decode('01' || rpad(weighted, 128, '0') || rpad(scored, 80, '0') || rpad(weight, 80, '0'), 'hex');
SELECT pg_temp.composite_of_state(state) FROM (VALUES ('\x'::bytea), (NULL)) AS v (state);
SELECT pg_temp.composite_of_state('\x0123456789');
SELECT pg_temp.composite_of_state(pg_temp.state('', '', '')) IS NULL AS empty;
SELECT pg_temp.composite_of_state(pg_temp.state('', '01', '01'));
SELECT pg_temp.composite_of_state(pg_temp.state('', '02', '01'));
SELECT pg_temp.composite_of_state(pg_temp.state('01', '', '01'));
SELECT pg_temp.composite_of_state(pg_temp.state('', '', repeat('ff', 40)));

-- The same bits in any order, and from parallel workers.
CREATE TABLE reading AS
SELECT n, CASE WHEN n % 7 > 0 THEN 100 * (n * 7919 % 10007 / 10007.0)::float8 END AS score, (1 + n % 13) / 3.0 AS weight
FROM generate_series(1, 20000) AS n;
ANALYZE reading;
CREATE TEMPORARY TABLE serial AS
SELECT health_composite(score, weight) AS composite, health_coverage(score, weight) AS coverage FROM reading;
SELECT count(DISTINCT composite) AS different
FROM (SELECT health_composite(score, weight ORDER BY md5(n || '/' || shuffle)) AS composite
      FROM reading, generate_series(1, 3) AS shuffle GROUP BY shuffle) AS s;
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
\set query 'SELECT health_composite(score, weight), health_coverage(score, weight) FROM reading'
SELECT pg_temp.plan_has(:'query', '"Partial"') AS parallel;
SELECT r = s AS same FROM (:query) AS r, serial AS s;
DROP TABLE reading;
-- The jsonb is to the byte what PostgreSQL makes of its text: whole and short and long numbers, more elements than jsonb
-- counts without an offset, letters of two bytes.
SELECT ours *= theirs AS same, jsonb_array_length(ours.drivers) AS drivers
FROM (SELECT health_drivers('é' || n * sign, sign * points, points / n) AS drivers
      FROM unnest('{0,1,2.5,10,9999,10000,10001,99999999,100000000,0.1,0.01,0.001,0.0001,0.00001,0.000000000001,
                    0.123456789012,12.000000000001,1234.5678,12345.67891,123456789.123456,900000000000000}'::float8[])
             WITH ORDINALITY AS p(points, n), (VALUES (1), (-1)) AS s(sign)) AS ours,
     LATERAL (SELECT ours.drivers::text::jsonb) AS theirs;
