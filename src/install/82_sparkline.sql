-- A series of scores as a line of text.

--@ theme Over time
--@ function health_sparkline
--@ stability: stable
--@ units: eight blocks for 0 to 100, always the same scale; what lies outside has the nearest one.
--@ null: a space for a NULL score; NULL for no rows.
--@ errors: 22003 for NaN or infinity; 54000 beyond 100,000 readings; 0A000 where the database is not in UTF-8.
--@ example:
--@   SELECT health_sparkline(score ORDER BY day) FROM (VALUES (1, 10), (2, 45), (3, NULL), (4, 70), (5, 100)) AS v (day, score);
--@ output:
--@    health_sparkline
--@   ------------------
--@    ▁▄ ▆█
CREATE FUNCTION health_sparkline_add(state internal, score float8) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sparkline_add(internal, float8) IS 'transition of health_sparkline';
CREATE FUNCTION health_sparkline_final(state internal) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sparkline_final(internal) IS 'result of health_sparkline';
CREATE AGGREGATE health_sparkline(score float8) (
  SFUNC = health_sparkline_add, STYPE = internal, SSPACE = 2048,
  FINALFUNC = health_sparkline_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_sparkline(float8) IS
  'scores as a line of blocks on the fixed scale 0 to 100: health_sparkline(score ORDER BY day); a space for NULL';
