-- Days of an activity: replaced by those of another one, or dropped.

--@ theme Activities
--@ function health_splice
--@ stability: stable
--@ null: a NULL activity or tail counts as `{}`; NULL for a NULL `from_day`.
--@ errors: none of its own. `from_day` may be any date, infinite ones included.
--@ notes: Doing it twice gives the same, so a nightly refresh may be repeated. `health_splice(activity, '{}', day)` drops the days
--@   from `day` on.
--@ example:
--@   SELECT health_splice('{"login": {"2026-01-02": 1, "2026-01-03": 4}}', '{"login": {"2026-01-03": 5, "2026-01-04": 2}}', '2026-01-03');
--@ output:
--@                            health_splice
--@   ----------------------------------------------------------------
--@    {"login": {"2026-01-02": 1, "2026-01-03": 5, "2026-01-04": 2}}
CREATE FUNCTION health_splice(activity health_activity, tail health_activity, from_day date) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_splice(health_activity, health_activity, date) IS
  'days >= from_day replaced by those of the tail; earlier days of the tail are ignored; a NULL activity counts as empty';

--@ function health_trim
--@ stability: stable
--@ null: NULL for NULL.
--@ errors: none of its own.
--@ example:
--@   SELECT health_trim('{"login": {"2026-01-02": 1, "2026-01-03": 4}}', '2026-01-03');
--@ output:
--@            health_trim
--@   ------------------------------
--@    {"login": {"2026-01-03": 4}}
CREATE FUNCTION health_trim(activity health_activity, from_day date) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_trim(health_activity, date) IS 'the activity without the days before from_day: retention';
