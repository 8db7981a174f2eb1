-- Drivers of any weighted rows, and drivers as rows.

--@ theme Explanations and scorecards
--@ function health_drivers
--@ stability: stable
--@ keys: those of a report's drivers, the columns of `health_driver_rows`; what such rows cannot know is null.
--@ units: points and changes up to 1e15 in size.
--@ null: rows without points, and without previous points, are skipped; a NULL or empty signal goes into one last driver of kind
--@   `other`; NULL where no row is left.
--@ errors: 22003 for points that are NaN, infinite or too large.
--@ example:
--@   SELECT d.rank, d.signal, d.kind, d.points
--@   FROM health_driver_rows((SELECT health_drivers(signal, points)
--@                            FROM (VALUES ('login', 30), (NULL, 2), ('tickets', -12)) AS v (signal, points))) AS d;
--@ output:
--@    rank | signal  |  kind  | points
--@   ------+---------+--------+--------
--@       1 | tickets | risk   |    -12
--@       2 | login   | steady |     30
--@       3 |         | other  |      2
CREATE FUNCTION health_drivers_add(state internal, signal text, points float8) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_drivers_add(internal, text, float8) IS 'transition of health_drivers(text, float8)';
CREATE FUNCTION health_drivers_add(state internal, signal text, points float8, previous float8) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_drivers_add(internal, text, float8, float8) IS 'transition of health_drivers(text, float8, float8)';
CREATE FUNCTION health_drivers_final(state internal) RETURNS jsonb
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_drivers_final(internal) IS 'result of health_drivers';
CREATE AGGREGATE health_drivers(signal text, points float8) (
  SFUNC = health_drivers_add, STYPE = internal, SSPACE = 4096,
  FINALFUNC = health_drivers_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_drivers(text, float8) IS
  'driver list of any weighted rows, points added up per signal; worst first, then strengths, last what has no signal';
CREATE AGGREGATE health_drivers(signal text, points float8, previous float8) (
  SFUNC = health_drivers_add, STYPE = internal, SSPACE = 4096,
  FINALFUNC = health_drivers_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_drivers(text, float8, float8) IS
  'driver list of weighted rows, with the change against earlier points; NULL counts as 0 where the other number is given';

--@ function health_driver_rows
--@ stability: stable
--@ units: `points` and `change` in points; `pct` in percent; `recent` and `prior` in the signal's own unit; `days_inactive` in full days.
--@ null: no rows for NULL; a column is NULL where the document has null or nothing.
--@ errors: 22023 for a document that is no array of drivers.
--@ see: [what drivers say](drivers.md).
--@ example:
--@   SELECT rank, signal, kind, points, text
--@   FROM health_driver_rows('[{"signal": "login", "kind": "down", "points": 20, "text": "Login down 60%"}]');
--@ output:
--@    rank | signal | kind | points |      text
--@   ------+--------+------+--------+----------------
--@       1 | login  | down |     20 | Login down 60%
CREATE FUNCTION health_driver_rows(drivers jsonb)
  RETURNS TABLE (rank int, signal text, label text, dimension text, kind text, points float8, change float8,
                 vs_peers float8, recent float8, prior float8, pct float8, days_inactive int, text text)
  LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10  -- not STRICT, so that it is inlined
  BEGIN ATOMIC
    SELECT d.rank::int, d.signal, d.label, d.dimension, d.kind, d.points, d.change, d.vs_peers, d.recent, d.prior,
           d.pct, d.days_inactive, d.text
    -- Anything but an array is passed to health_explain for the sake of its error.
    FROM ROWS FROM (pg_catalog.jsonb_to_recordset(
           CASE WHEN pg_catalog.jsonb_typeof(drivers) OPERATOR(pg_catalog.=) 'array' THEN drivers
                ELSE health_explain(0, NULL, drivers)::pg_catalog.jsonb END) AS (
           signal text, label text, dimension text, kind text, points float8, change float8, vs_peers float8,
           recent float8, prior float8, pct float8, days_inactive int, text text)) WITH ORDINALITY
         AS d(signal, label, dimension, kind, points, change, vs_peers, recent, prior, pct, days_inactive, text, rank);
  END;
COMMENT ON FUNCTION health_driver_rows(jsonb) IS 'the drivers as rows, in their order: the form for BI tools';
