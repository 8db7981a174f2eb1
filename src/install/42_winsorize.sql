-- Numbers clamped to two percentiles of their partition, so that outliers do not distort what is derived from them.

CREATE FUNCTION health_winsorize(x float8, lower_percentile float8, upper_percentile float8) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_winsorize(float8, float8, float8) IS
  'window function: x clamped to two percentiles (0 to 1) of its partition';
