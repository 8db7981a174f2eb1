-- The band of a score: red, yellow or green, or one of those that the model names.

CREATE FUNCTION health_band(score float8) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_band(float8) IS 'red below 50, yellow below 80, else green';
CREATE FUNCTION health_band(score float8, model health_model) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_band(float8, health_model) IS 'red, yellow or green by the cuts of the model, or its bands; a cut belongs to the better band';
