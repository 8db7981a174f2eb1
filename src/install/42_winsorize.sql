-- Numbers clamped to two percentiles of their partition, so that outliers do not distort what is derived from them.

--@ theme Scores
--@ function health_winsorize
--@ stability: stable
--@ formula: min(max(x, q(lower)), q(upper)), q being `percentile_cont` of the partition.
--@ units: those of x; percentiles from 0 to 1, the lower one first.
--@ null: NULL where x or a percentile is NULL; NULLs are no part of q.
--@ errors: 22003 for an x that is NaN or infinite; 22023 for percentiles that are out of range, in the wrong order, or differ within
--@   the partition.
--@ example:
--@   SELECT x, health_winsorize(x, 0, 0.75) OVER () FROM unnest('{1,2,3,4,1000}'::float8[]) AS x;
--@ output:
--@     x   | health_winsorize
--@   ------+------------------
--@       1 |                1
--@       2 |                2
--@       3 |                3
--@       4 |                4
--@    1000 |                4
CREATE FUNCTION health_winsorize(x float8, lower_percentile float8, upper_percentile float8) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_winsorize(float8, float8, float8) IS
  'window function: x clamped to two percentiles (0 to 1) of its partition';
