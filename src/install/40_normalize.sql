-- From raw scores to 0..100.

CREATE FUNCTION health_normalize(raw float8, model health_model) RETURNS float8
  AS 'MODULE_PATHNAME', 'health_normalize_over' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, health_model) IS
  'window function: raw scores of a partition on the scale 0 to 100, on the model''s curve up to their baseline';
CREATE FUNCTION health_normalize(raw float8, model health_model, adjustment float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'health_normalize_over' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, health_model, float8) IS
  'window function: the same with an adjustment in points, the result kept within 0 and 100';
CREATE FUNCTION health_normalize(raw float8, model health_model, praise float8, penalty float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'health_normalize_over' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, health_model, float8, float8) IS
  'window function: the same with points that are added first, up to 100, and points that are taken then, down to 0; as health_score does';
CREATE FUNCTION health_normalize(raw float8, baseline float8, model health_model, adjustment float8 DEFAULT NULL)
  RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, float8, health_model, float8) IS
  'a raw score against a frozen or shared baseline; a NULL baseline gives 0 for raw <= 0, else NULL';
CREATE FUNCTION health_normalize(raw float8, baseline float8, model health_model, praise float8, penalty float8)
  RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, float8, health_model, float8, float8) IS
  'the same with points that are added first, up to 100, and points that are taken then, down to 0';
