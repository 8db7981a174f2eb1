-- health_stable_band: the band with hysteresis.

CREATE TEMPORARY TABLE reading (name text, n int, score float8);
INSERT INTO reading SELECT name, n, score FROM (VALUES
  ('oscillates', '{81,79,81,79,82,78,81,79,80,79}'::float8[]),    -- around the cut of 80: never leaves
  ('falls at once', '{85,84,60,61,62}'),                          -- 20 points since the band was entered
  ('two readings', '{85,79,78,77,84,83,82}'),                     -- down after two in a row; up after two above 83
  ('straight to red', '{85,70,49,48}'),                           -- a fall of 20 passes, however far
  ('gap', '{85,79,NULL,78,NULL}'),                                -- NULL is no reading
  ('recovers', '{30,54,52,54,55,84,84}')
) AS v (name, scores) CROSS JOIN unnest(scores) WITH ORDINALITY AS s (score, n);
SELECT name, string_agg(coalesce(score::text, '-') || ' ' || band, ', ' ORDER BY n) AS bands
FROM (SELECT *, health_stable_band(score, '{}') OVER (PARTITION BY name ORDER BY n) AS band FROM reading) AS r
GROUP BY name ORDER BY name;
-- Replaying a history gives the same bands: a row says nothing of later ones.
SELECT bool_and(band = replayed) AS same FROM
  (SELECT name, n, health_stable_band(score, '{}') OVER (PARTITION BY name ORDER BY n) AS band FROM reading) AS r
  CROSS JOIN LATERAL (SELECT health_stable_band(score, '{}') OVER (ORDER BY p.n) AS replayed, p.n AS last
                      FROM reading AS p WHERE p.name = r.name AND p.n <= r.n ORDER BY last DESC LIMIT 1) AS p;
-- One reading and no margin: the plain band.
SELECT bool_and(health_band IS NOT DISTINCT FROM band) AS plain FROM
  (SELECT health_band(score), health_stable_band(score, '{"stable_readings": 1, "stable_margin": 0}') OVER (ORDER BY n) AS band
   FROM (SELECT n, 100 * sin(n) ^ 2 AS score FROM generate_series(1, 200) AS n) AS s) AS b;
-- Bands of one's own: a fall of drop_points passes through all of them at once, any other move takes a row of readings a
-- step, which ends no further than the nearest band of that row; and a margin may be wider than a band.
CREATE FUNCTION pg_temp.bands(scores float8[], options jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(coalesce(score::text, '-') || ' ' || band, ', ' ORDER BY n)
  FROM (SELECT n, score, health_stable_band(score, health_make_model(
            bands => '[["lost", 0], ["poor", 50], ["fair", 60], [{"en": "good", "fr": "bien"}, 70], ["top", 80]]')
          || options) OVER (ORDER BY n) AS band
        FROM unnest(scores) WITH ORDINALITY AS s (score, n)) AS b
$$;
SELECT pg_temp.bands('{80,50,50}') AS twenty_points,
       pg_temp.bands('{85,66,NULL,66,66}') AS nineteen_points,
       pg_temp.bands('{85,75,45,45,45}', '{"drop_points": 100}') AS nearest_band_of_the_row,
       pg_temp.bands('{45,82.9,82.9,83,83,100}') AS up,
       pg_temp.bands('{45,74,75,85,94,95,99,100}', '{"stable_margin": 25, "stable_readings": 1}') AS wide_margin \gx
-- One reading and no margin: the plain band, here too.
SELECT bool_and(plain = band) AS plain, count(DISTINCT band) FROM
  (SELECT health_band(score, model) AS plain, health_stable_band(score, model) OVER (ORDER BY n) AS band
   FROM (SELECT n, 100 * sin(n) ^ 2 AS score FROM generate_series(1, 200) AS n) AS s,
        health_make_model(stable_readings => 1, stable_margin => 0, bands => '[["a", 0], ["b", 3], ["c", 4.5], ["d", 90]]') AS model) AS b;
SELECT n, health_stable_band(50, model) OVER (ORDER BY n) AS band
FROM (VALUES (1, '{}'::health_model), (2, NULL), (3, '{}')) AS v (n, model);
SELECT health_stable_band(NULL, '{}') OVER () IS NULL AS never_seen, health_stable_band(50, NULL) OVER () IS NULL AS no_model;
SELECT health_stable_band('NaN', '{}') OVER ();
SELECT health_stable_band(50, model) OVER () FROM unnest('{"{}","{\"red_below\": 3}"}'::health_model[]) AS model;
SELECT health_stable_band(50, '{}');
