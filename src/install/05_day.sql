-- Days are UTC days of 86,400 seconds, whatever the session's time zone.

--@ theme Activities
--@ function health_day
--@ stability: stable
--@ formula: whole days of 86,400 seconds since 1970-01-01 00:00 UTC, whatever the session's `TimeZone`.
--@ null: NULL for NULL.
--@ errors: text that is no ISO 8601 time is 22007. An infinite moment gives an infinite date.
--@ example:
--@   SELECT health_day('2026-01-31 23:30-05') AS with_offset, health_day(timestamp '2026-01-31 23:30') AS plain;
--@ output:
--@    with_offset |   plain
--@   -------------+------------
--@    2026-02-01  | 2026-01-31
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

--@ function health_day_start
--@ stability: stable
--@ null: NULL for NULL.
--@ errors: 22008 for a day that no `timestamptz` reaches.
--@ notes: The lower end of an index scan over events: `occurred_at >= health_day_start(from_day)`.
--@ example:
--@   SELECT health_day_start('2026-01-31') = timestamptz '2026-01-31 00:00+00' AS midnight_utc;
--@ output:
--@    midnight_utc
--@   --------------
--@    t
CREATE FUNCTION health_day_start(day date) RETURNS timestamptz
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_day_start(date) IS 'first moment of a UTC day; error 22008 for a day that no timestamptz reaches';

