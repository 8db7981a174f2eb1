-- health_slope: points a week, over all readings and in a moving frame.
SET datestyle = 'ISO, YMD';

SELECT name, health_slope(score, day) AS a_week FROM (VALUES
  ('flat', 50, date '2026-01-01'), ('flat', 50, '2026-01-08'), ('flat', 50, '2026-01-20'),
  ('two', 50, '2026-01-01'), ('two', 57, '2026-01-15'),
  ('one outlier', 10, '2026-01-01'), ('one outlier', 11, '2026-01-02'), ('one outlier', 99, '2026-01-03'),
  ('one outlier', 13, '2026-01-04'), ('one outlier', 14, '2026-01-05'),
  ('gaps', 80, '2026-01-01'), ('gaps', NULL, '2026-01-02'), ('gaps', 79, '2026-01-08'), ('gaps', 70, '2026-03-12'),
  ('one', 50, '2026-01-01'), ('a day', 50, '2026-01-01'), ('a day', 60, '2026-01-01'), ('none', NULL, NULL)
) AS v (name, score, day) GROUP BY name ORDER BY name;
SELECT day, health_slope(score, day) OVER (ORDER BY day ROWS 3 PRECEDING) AS a_week
FROM (SELECT date '2026-01-01' + n AS day, CASE WHEN n % 3 > 0 THEN 60 - n * n END AS score
      FROM generate_series(0, 9) AS n) AS s ORDER BY day;
SELECT health_slope(1, '2026-01-01') IS NULL AS no_rows WHERE false;
SELECT health_slope('NaN', '2026-01-01');
SELECT health_slope(1, 'infinity');
SELECT health_slope(score, day) FROM (VALUES (1e308, date '2026-01-01'), (-1e308, '2026-01-02')) AS v (score, day);
SELECT health_slope(score, day) FROM (VALUES (1e308, date '2026-01-01'), (-1e308, '2026-02-05')) AS v (score, day);
SELECT health_slope(n, date '2000-01-01' + n) FROM generate_series(1, 5000) AS n;
