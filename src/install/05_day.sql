-- Days are UTC days of 86,400 seconds, whatever the session's time zone.

CREATE FUNCTION health_day(moment timestamptz) RETURNS date
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_day(timestamptz) IS 'UTC day of a moment; write health_day(now()) instead of current_date';
-- timestamp and date would else be cast to timestamptz first, in the session's time zone.
CREATE FUNCTION health_day(moment timestamp) RETURNS date IMMUTABLE STRICT PARALLEL SAFE
  RETURN moment::pg_catalog.date;
COMMENT ON FUNCTION health_day(timestamp) IS 'day of a moment that is UTC already';
CREATE FUNCTION health_day(day date) RETURNS date IMMUTABLE STRICT PARALLEL SAFE
  RETURN day;
COMMENT ON FUNCTION health_day(date) IS 'the day itself';
-- Untyped literals, and string parameters of database drivers, resolve to text.
CREATE FUNCTION health_day(moment text) RETURNS date
  AS 'MODULE_PATHNAME', 'health_day_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_day(text) IS
  'UTC day of a moment as text: 2026-01-31, or with a time and perhaps an offset as 2026-01-31T10:00:00+02:00; without one it is UTC; error 22007 for anything else';

CREATE FUNCTION health_day_start(day date) RETURNS timestamptz
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_day_start(date) IS 'first moment of a UTC day; error 22008 for a day that no timestamptz reaches';

