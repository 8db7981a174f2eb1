-- Bands are [0, 50) red, [50, 80) yellow, [80, 100] green: the lower cut belongs to the better band.
SELECT score, health_band(score) FROM (VALUES
  (0::float8), (49.999999999999), (50), (79.999999999999), (80), (100), (NULL)) AS v (score);

-- The cuts of a model.
SELECT score, health_band(score, '{"red_below": 40, "green_from": 70}') FROM (VALUES
  (39.9::float8), (40), (69.9), (70), (NULL)) AS v (score);

-- Equal cuts leave no yellow; cuts at the ends leave one band.
SELECT health_band(49.9, '{"red_below": 50, "green_from": 50}'), health_band(50, '{"red_below": 50, "green_from": 50}');
SELECT health_band(0, '{"red_below": 0, "green_from": 0}'), health_band(99.9, '{"red_below": 100, "green_from": 100}');

-- Bands of one's own, from worst to best, with names in two languages: the code is the English one, or the only one.
SELECT score, health_band(score, '{"bands": [[{"en": "critical", "fr": "critique"}, 0], [{"fr": "à surveiller"}, 30],
                                             ["fair", 60], ["good", 80.5], ["perfect", 100]]}') FROM (VALUES
  (-1::float8), (0), (29.999999999999), (30), (59.9), (60), (80), (80.5), (99.999999999999), (100), (NULL)) AS v (score);
-- Two bands and twenty.
SELECT health_band(49.9, two), health_band(50, two), count(DISTINCT health_band(score, twenty)) AS twenty,
       bool_and(health_band(score, twenty) = 'from ' || 5 * floor(score / 5)) AS right
FROM (SELECT '{"bands": [["bad", 0], ["good", 50]]}'::health_model AS two,
             health_make_model(bands => (SELECT jsonb_agg(jsonb_build_array('from ' || cut, cut) ORDER BY cut)
                                         FROM generate_series(0, 95, 5) AS cut)) AS twenty) AS m,
     generate_series(0, 99.5, 0.5) AS score GROUP BY two;
-- The three default bands, written out; a band is a key as any other text.
SELECT bool_and(health_band(score, three) = health_band(score)) AS same,
       count(*) FILTER (WHERE health_band(score, three) IN ('red', 'yellow')) AS at_risk
FROM generate_series(0, 100, 0.25) AS score, health_make_model(bands => '[["red", 0], ["yellow", 50], ["green", 80]]') AS three;
-- Bands of models that differ from row to row, and that override one another.
SELECT health_band(60, model), health_band(60, model || '{"bands": [["low", 0], ["high", 60]]}') AS overridden,
       health_band(60, model || '{"bands": null}') AS removed
FROM unnest(ARRAY['{}', '{"bands": [["a", 0], ["b", 61]]}', '{"bands": [["a", 0], ["b", 1]]}']::health_model[]) AS model;

-- A NULL model gives NULL, not the default cuts.
SELECT health_band(90, NULL) IS NULL AS unknown;

-- Models that differ from row to row.
SELECT score, model, health_band(score, model) FROM (VALUES
  (60, '{}'::health_model), (60, '{"green_from": 60}'), (60, '{"red_below": 61}'), (60, '{}')) AS v (score, model);

-- A score that is no number has no band.
SELECT health_band('NaN');
SELECT health_band('Infinity', '{}');
