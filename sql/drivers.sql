-- health_drivers and health_driver_rows: a driver list of any weighted rows, and drivers as rows.

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
SELECT sum(d.points) AS score, sum(d.change) AS change, (r).score, (r).score_change,
       string_agg(concat_ws(' ', d.signal, d.kind), ', ' ORDER BY d.rank) AS drivers
FROM (SELECT health_report(health_activity(signal, date '2025-11-01' + day * 7), '{"max_drivers": 1, "curve": "linear",
                             "baseline": 20, "signals": {"login": 1, "export": 2,
                             "ticket": {"weight": -1, "unit": "raw"}}}', '2026-01-01') OVER () AS r
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

-- NaN and infinity are errors, also as a sum.
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

-- As a window aggregate over a growing frame.
SELECT n, health_drivers(signal, 1) OVER (ORDER BY n) -> 0 ->> 'points' AS so_far FROM term WHERE signal = 'a';

-- The jsonb is to the byte what PostgreSQL makes of its text: whole and short and long numbers, more elements than jsonb
-- counts without an offset, letters of two bytes.
SELECT ours *= theirs AS same, jsonb_array_length(ours.drivers) AS drivers
FROM (SELECT health_drivers('é' || n * sign, sign * points, points / n) AS drivers
      FROM unnest('{0,1,2.5,10,9999,10000,10001,99999999,100000000,0.1,0.01,0.001,0.0001,0.00001,0.000000000001,
                    0.123456789012,12.000000000001,1234.5678,12345.67891,123456789.123456,900000000000000}'::float8[])
             WITH ORDINALITY AS p(points, n), (VALUES (1), (-1)) AS s(sign)) AS ours,
     LATERAL (SELECT ours.drivers::text::jsonb) AS theirs;

--
-- health_driver_rows
--

-- The drivers of a report, in their order.
SELECT d.* FROM (
  SELECT health_report('{"login": {"2025-11-10": 20, "2025-12-10": 8}, "ticket": {"2025-12-30": 1},
                         "nps": {"2025-12-01": [1, 9]}}'::health_activity,
                       '{"window_days": 28, "curve": "linear", "baseline": 50, "signals": {
                           "login": {"weight": 1, "label": "Logins", "dimension": "use"},
                           "ticket": {"weight": -2, "unit": "raw"},
                           "nps": {"weight": 2, "measure": "last", "neutral": 7}}}', '2026-01-01') OVER () AS r
) AS r, health_driver_rows((r).drivers) AS d \x\g\x
-- A percentage of any size is the right one, in the text too.
SELECT d.prior, d.recent, d.pct, d.text FROM (
  SELECT health_report('{"sum": {"2025-11-10": [1, 0.000001], "2025-12-10": [1, 9.2e12]}}'::health_activity,
                       '{"baseline": 50, "signals": {"sum": {"weight": 1, "measure": "sum", "text": "{pct}% to {recent}"}}}',
                       '2026-01-01') OVER () AS r
) AS r, health_driver_rows((r).drivers) AS d;
SELECT count(*) FROM health_driver_rows('[]');
SELECT count(*) FROM health_driver_rows(NULL);
SELECT rank, signal, points, text
FROM health_driver_rows('[{"signal": "a"}, {"points": 1.5, "text": "by hand", "more": [1]}]');
SELECT * FROM health_driver_rows('{"signal": "a"}');
SELECT * FROM health_driver_rows('"a"');
SELECT * FROM health_driver_rows('[1]');
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
