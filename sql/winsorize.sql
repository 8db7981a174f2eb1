-- health_winsorize: x clamped to two percentiles of its partition.

-- Raw scores of a made-up population, with what a spreadsheet gives for them (PERCENTILE.INC at 90 %, three curves).
CREATE TEMPORARY TABLE accounts (id serial, raw float8, linear float8, exponential float8, open float8);
INSERT INTO accounts (raw, linear, exponential, open) VALUES
  (475, 100, 100, 99.476954), (89, 42.747358, 69.588572, 62.629714), (101, 48.511047, 74.749173, 67.274256),
  (7, 3.362152, 8.27729, 7.449561), (3, 1.440922, 3.62601, 3.263409), (21, 10.086455, 23.027941, 20.725147),
  (2, 0.960615, 2.430682, 2.187614), (149, 71.565802, 89.726593, 80.753934), (223, 100, 100, 91.509867),
  (1, 0.480307, 1.222062, 1.099856), (13, 6.243996, 14.87955, 13.391595), (9, 4.322767, 10.526898, 9.474208),
  (37, 17.771374, 37.313254, 33.581928);

SELECT x, health_winsorize(x, 0.25, 0.75) OVER () AS middle, health_winsorize(x, 0, 0.875) OVER () AS upper,
       health_winsorize(x, 0, 1) OVER () AS nothing,
       health_winsorize(x, 0.5, 0.5) OVER () AS median
FROM (VALUES (1::float8), (2), (3), (4), (1000), (NULL)) AS v (x);
SELECT segment, x, health_winsorize(x, 0, 0.5) OVER (PARTITION BY segment)
FROM (VALUES ('a', 1::float8), ('a', 3), ('b', 10), ('b', 30), ('c', NULL)) AS v (segment, x) ORDER BY segment, x;
SELECT health_winsorize(7, NULL, 0.9) OVER () IS NULL AS no_lower,
       health_winsorize(NULL, 0.1, 0.9) OVER () IS NULL AS no_x;
-- The percentiles are those of percentile_cont.
SELECT count(*) AS wrong FROM (SELECT raw, health_winsorize(raw, 0.13, 0.87) OVER () AS w FROM accounts) AS n,
  (SELECT percentile_cont(ARRAY[0.13, 0.87]) WITHIN GROUP (ORDER BY raw) AS p FROM accounts) AS q
WHERE w <> greatest(least(raw, p[2]), p[1]);
-- Numbers of any size, though the difference of two be none: percentiles lie between them.
SELECT x, health_winsorize(x, 0.25, 0.75) OVER () AS quarters, health_winsorize(x, 0.5, 0.5) OVER () AS median,
       health_winsorize(x, 0.1, 1) OVER () AS lower
FROM (VALUES (-1.7e308::float8), (1.7e308)) AS v (x);

SELECT health_winsorize(1, 5, 95) OVER ();
SELECT health_winsorize(1, 0.9, 0.1) OVER ();
SELECT health_winsorize(1, 'NaN', 0.9) OVER ();
SELECT health_winsorize(x, 0.1, 0.9) OVER () FROM (VALUES (1::float8), ('-Infinity')) AS v (x);
SELECT health_winsorize(x, 0.1, upper) OVER () FROM (VALUES (1::float8, 0.8), (2, 0.9)) AS v (x, upper);
