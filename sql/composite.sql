-- health_composite and health_coverage: one score from several measures, and how much of the weight had one.

CREATE FUNCTION pg_temp.plan_has(query text, node text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE plan jsonb;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
  RETURN plan::text LIKE '%' || node || '%';
END $$;

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
