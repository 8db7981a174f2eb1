-- The band of a series of scores, with hysteresis: it does not flap where scores move around a cut.

CREATE FUNCTION health_stable_band(score float8, model health_model) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_stable_band(float8, health_model) IS
  'window function, OVER (PARTITION BY account ORDER BY day): band with hysteresis; stable_readings, stable_margin and drop_points of the model; a NULL score keeps the band';
