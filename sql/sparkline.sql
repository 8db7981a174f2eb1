-- health_sparkline: scores as a line of blocks.

CREATE TEMPORARY TABLE reading (name text, n int, score float8);
INSERT INTO reading SELECT name, n, score FROM (VALUES
  ('oscillates', '{81,79,81,79,82,78,81,79,80,79}'::float8[]), ('falls at once', '{85,84,60,61,62}'),
  ('two readings', '{85,79,78,77,84,83,82}'), ('straight to red', '{85,70,49,48}'), ('gap', '{85,79,NULL,78,NULL}'),
  ('recovers', '{30,54,52,54,55,84,84}')
) AS v (name, scores) CROSS JOIN unnest(scores) WITH ORDINALITY AS s (score, n);
SELECT health_sparkline(score ORDER BY score) FROM generate_series(0, 100, 12.5) AS score;
SELECT health_sparkline(score ORDER BY n) AS with_gaps FROM (VALUES (1, 50), (2, NULL), (3, 100), (4, -3), (5, 900)) AS v (n, score);
SELECT name, health_sparkline(score ORDER BY n) FROM reading GROUP BY name ORDER BY name;
SELECT health_sparkline(score) IS NULL AS no_rows FROM reading WHERE false;
SELECT health_sparkline('NaN');
SELECT length(health_sparkline(50)), pg_column_size(health_sparkline(50)) FROM generate_series(1, 1000);
SELECT health_sparkline(50) FROM generate_series(1, 100001);
