-- health_composite and health_coverage of random measures, against exact arithmetic in numeric.
-- Runs in a fresh database. A failure names its seed: repeat it with psql -v seed=0.123456 -f ...
\ir common/start.sql
\ir common/trial.sql

-- A float8 as the number it is: a cast to numeric keeps 15 digits only.
CREATE TABLE half AS
WITH RECURSIVE halves (n, value) AS (SELECT 0, 1.0::numeric UNION ALL SELECT n + 1, value * 0.5 FROM halves WHERE n < 400)
SELECT n, value FROM halves;
CREATE FUNCTION exact(x float8) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN x = 0 THEN 0 ELSE sign(x)::numeric * (bits & 4503599627370495 | 4503599627370496)
              * CASE WHEN exponent >= 0 THEN 2::numeric ^ exponent ELSE (SELECT value FROM half WHERE n = -exponent) END END
  FROM (SELECT bits, (bits >> 52 & 2047)::int - 1075 AS exponent
        FROM (SELECT ('x' || encode(float8send(x), 'hex'))::bit(64)::bigint AS bits) AS b) AS e
$$;
INSERT INTO trial
SELECT 'exact', x, exact(x)::float8, x, NULL
FROM unnest('{0,1,-1,0.1,1e30,-123.456,1e-30,9007199254740993,-7.3e-25}'::float8[]) AS x;

-- Groups of 1 to 40 measures: weights of any size, or near each other, scores of 0 to 100, or of any size; ties, missing
-- scores, weights of 0.
CREATE TABLE measure AS
SELECT row_number() OVER () AS id, part,
       CASE WHEN a > missing THEN
         CASE WHEN part % 3 = 0 THEN (b - 0.3) * 10 ^ (c * 27 - 18)
              WHEN part % 3 = 1 THEN round((100 * b)::numeric, 1) ELSE 100 * b END END::float8 AS score,
       CASE WHEN d < 0.1 THEN 0
            WHEN part % 2 = 0 THEN least(1e30, greatest(1e-30, (1 + e) * 10 ^ (f * 60 - 30))) ELSE ceil(100 * e) / 10 END::float8 AS weight
FROM (SELECT part, CASE WHEN part % 17 = 0 THEN 1 ELSE 0.2 END AS missing,
             random() AS a, random() AS b, random() AS c, random() AS d, random() AS e, random() AS f
      FROM generate_series(1, 400) AS part CROSS JOIN LATERAL generate_series(1, 1 + (part * 37) % 40)) AS dice;

CREATE TABLE expected AS
SELECT part, CASE WHEN scored > 0 THEN (weighted / scored)::float8 END AS mean,
       CASE WHEN total > 0 THEN (scored / total)::float8 END AS coverage, least_score, most_score
FROM (SELECT part, sum(exact(score) * exact(weight)) AS weighted,
             coalesce(sum(exact(weight)) FILTER (WHERE score IS NOT NULL), 0) AS scored, sum(exact(weight)) AS total,
             min(score) FILTER (WHERE weight > 0) AS least_score, max(score) FILTER (WHERE weight > 0) AS most_score
      FROM measure GROUP BY part) AS sums;

-- The results are equal to the last bit.
INSERT INTO trial
SELECT claim, format('part %s', part), mine, theirs, NULL
FROM (SELECT part, health_composite(score, weight) AS mean, health_coverage(score, weight) AS coverage
      FROM measure GROUP BY part) AS m
     JOIN expected AS e USING (part)
     CROSS JOIN LATERAL (VALUES ('health_composite', m.mean, e.mean), ('health_coverage', m.coverage, e.coverage),
       ('no mean outside of its scores', greatest(least_score, least(most_score, m.mean)), m.mean)) AS v (claim, mine, theirs);
INSERT INTO trial
SELECT 'any order', format('part %s', part), health_composite(score, weight ORDER BY md5(id || '/' || shuffle)), mean, NULL
FROM measure JOIN expected USING (part) CROSS JOIN generate_series(1, 3) AS shuffle GROUP BY part, mean, shuffle;
INSERT INTO trial
SELECT 'equal scores', format('part %s', part), health_composite(s, weight), CASE WHEN max(weight) > 0 THEN s END, NULL
FROM measure JOIN (SELECT part, max(score) AS s FROM measure GROUP BY part) AS m USING (part) GROUP BY part, s;

-- Any split gives the bits of one pass: a state for each partition, which two more levels merge.
CREATE TABLE parted (LIKE measure) PARTITION BY HASH (id);
SELECT format('CREATE TABLE parted_%s PARTITION OF parted FOR VALUES WITH (MODULUS 7, REMAINDER %1$s)', n)
FROM generate_series(0, 6) AS n \gexec
INSERT INTO parted SELECT * FROM measure;
ANALYZE parted;
SET enable_partitionwise_aggregate = on;
DO $$
DECLARE plan jsonb;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT json) SELECT health_composite(score, weight) FROM parted' INTO plan;
  IF plan::text NOT LIKE '%"Partial"%' THEN RAISE EXCEPTION 'not in parts: %', plan; END IF;
END $$;
INSERT INTO trial
SELECT 'any split', 'all', mine, theirs, NULL
FROM (SELECT health_composite(score, weight) AS mine FROM parted) AS p,
     (SELECT health_composite(score, weight ORDER BY id) AS theirs FROM measure) AS m;

\set claims 7
\ir common/verdict.sql
