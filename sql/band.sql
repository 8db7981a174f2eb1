-- Bands are [0, 50) red, [50, 80) yellow, [80, 100] green: the lower cut belongs to the better band.
SELECT score, health_band(score) FROM (VALUES
  (0::float8), (49.999999999999), (50), (79.999999999999), (80), (100), (NULL)) AS v (score);

-- The cuts of a model.
SELECT score, health_band(score, '{"red_below": 40, "green_from": 70}') FROM (VALUES
  (39.9::float8), (40), (69.9), (70), (NULL)) AS v (score);

-- Equal cuts leave no yellow; cuts at the ends leave one band.
SELECT health_band(49.9, '{"red_below": 50, "green_from": 50}'), health_band(50, '{"red_below": 50, "green_from": 50}');
SELECT health_band(0, '{"red_below": 0, "green_from": 0}'), health_band(99.9, '{"red_below": 100, "green_from": 100}');

-- A NULL model gives NULL, not the default cuts.
SELECT health_band(90, NULL) IS NULL AS unknown;

-- Models that differ from row to row.
SELECT score, model, health_band(score, model) FROM (VALUES
  (60, '{}'::health_model), (60, '{"green_from": 60}'), (60, '{"red_below": 61}'), (60, '{}')) AS v (score, model);

-- A score that is no number has no band.
SELECT health_band('NaN');
SELECT health_band('Infinity', '{}');
