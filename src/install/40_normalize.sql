-- From raw scores to 0..100.

--@ theme Scores
--@ function health_normalize
--@ stability: stable
--@ formula: with x = raw / baseline and p = `percentile`: `linear` 100 min(x, 1); `exponential` 100 (1 - (1-p)^min(x, 1)) / p; `open`
--@   100 (1 - (1-p)^x); 0 where raw <= 0. Then adjustment, or praise up to 100 and penalty down to 0.
--@ units: 0 to 100; praise and penalty in points, 0 or more.
--@ null: NULL where raw or the model is NULL; a NULL adjustment, praise or penalty is 0. A NULL baseline gives 0 for raw <= 0, else NULL;
--@   one of 0 or less gives 100 for raw > 0.
--@ errors: 22003 for a number that is NaN or infinite; 22023 for a negative praise or penalty, for a scorecard (`combine` mean), and
--@   where the model differs within the partition.
--@ notes: An untyped model fits several forms: write `'{...}'::health_model`.
--@ example:
--@   SELECT raw, health_normalize(raw, '{"curve": "linear"}'::health_model) OVER () AS within,
--@          health_normalize(raw, 20, '{"curve": "linear"}'::health_model, -10) AS frozen
--@   FROM unnest('{0,5,10}'::float8[]) AS raw;
--@ output:
--@    raw |      within       | frozen
--@   -----+-------------------+--------
--@      0 |                 0 |      0
--@      5 | 52.63157894736842 |     15
--@     10 |               100 |     40
CREATE FUNCTION health_normalize(raw float8, model health_model) RETURNS float8
  AS 'MODULE_PATHNAME', 'health_normalize_over' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, health_model) IS
  'window function: raw scores of a partition on the scale 0 to 100, on the model''s curve up to their baseline';
CREATE FUNCTION health_normalize(raw float8, model health_model, adjustment float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'health_normalize_over' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, health_model, float8) IS
  'window function: raw scores of a partition as 0 to 100, and an adjustment in points, the result kept within 0 and 100';
CREATE FUNCTION health_normalize(raw float8, model health_model, praise float8, penalty float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'health_normalize_over' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, health_model, float8, float8) IS
  'window function: raw scores of a partition as 0 to 100, with points that are added first, up to 100, and points that are taken then, down to 0; as health_score does';
CREATE FUNCTION health_normalize(raw float8, baseline float8, model health_model, adjustment float8 DEFAULT NULL)
  RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, float8, health_model, float8) IS
  'a raw score against a frozen or shared baseline; a NULL baseline gives 0 for raw <= 0, else NULL';
CREATE FUNCTION health_normalize(raw float8, baseline float8, model health_model, praise float8, penalty float8)
  RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, float8, health_model, float8, float8) IS
  'a raw score against a baseline, with points that are added first, up to 100, and points that are taken then, down to 0';
